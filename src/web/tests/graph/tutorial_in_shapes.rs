//! The API's own tutorial, all fourteen steps: an administrator makes a person, a group, a package and a policy; the person requests; the
//! access is seen, ended and everything put away. Once in the shape of v1.0, and once as published texts and the beta have it.

use serde_json::{Value, json};

use super::{Client, Fixture};
use crate::both_databases;
use crate::domain::access::Principal;
use crate::domain::id::UserId;
use crate::domain::user::UserKind;
use crate::testing::TestApp;
use crate::worker;

both_databases!(
    f173_f174_the_tutorial_in_the_shape_of_v1,
    f173_f174_the_tutorial_in_the_shape_of_the_beta,
    f173_f174_the_tutorial_as_its_page_prints_it,
);

const V1: &str = "/v1.0/identityGovernance/entitlementManagement";
const BETA: &str = "/beta/identityGovernance/entitlementManagement";

/// A shape of the API: its base, and what it calls things.
struct Shape {
    base: &'static str,
    /// The names of the beta in addresses and bodies.
    beta: bool,
    /// Answers have the beta's names too.
    told: bool,
}

impl Shape {
    fn at(&self, v1: &str, beta: &str) -> String {
        format!("{}/{}", self.base, if self.beta { beta } else { v1 })
    }

    fn state<'a>(&self, value: &'a Value) -> &'a str {
        let found = ["requestState", "assignmentState", "state"]
            .iter()
            .find_map(|name| value[name].as_str());
        found.unwrap_or_default()
    }

    /// A word of an answer, which the beta begins with a capital.
    fn word(&self, v1: &str) -> String {
        match self.told {
            true => format!("{}{}", v1[..1].to_ascii_uppercase(), &v1[1..]),
            false => v1.to_owned(),
        }
    }
}

async fn f173_f174_the_tutorial_in_the_shape_of_v1(bench: TestApp) {
    let shape = Shape {
        base: V1,
        beta: false,
        told: false,
    };
    tutorial(bench, &shape).await;
}

async fn f173_f174_the_tutorial_in_the_shape_of_the_beta(bench: TestApp) {
    let shape = Shape {
        base: BETA,
        beta: true,
        told: true,
    };
    tutorial(bench, &shape).await;
}

/// The page mixes both: bodies and addresses of the beta under v1.0.
async fn f173_f174_the_tutorial_as_its_page_prints_it(bench: TestApp) {
    let shape = Shape {
        base: V1,
        beta: true,
        told: false,
    };
    tutorial(bench, &shape).await;
}

async fn tutorial(bench: TestApp, shape: &Shape) {
    let at = Fixture::new(bench).await;
    let (requestor, user) = make_person(&at).await;
    let group = make_group(&at).await;
    let (catalog, resource, role) = add_resource(&at, shape, &group).await;
    let package = make_package(&at, shape, &catalog, (&group, &resource, &role)).await;
    let policy = make_policy(&at, shape, &package, &user).await;
    let assignment = request(&at, shape, &requestor, (&user, &package, &policy)).await;
    let members = at.admin.get(&format!("/v1.0/groups/{group}/members")).await.is(200);
    assert_eq!(members.each("displayName"), ["Requestor1"]);
    assert_eq!(members.each("@odata.type"), ["#microsoft.graph.user"]);
    end(&at, shape, &assignment, &policy).await;
    let members = at.admin.get(&format!("/v1.0/groups/{group}/members")).await.is(200);
    assert!(members.each("id").is_empty(), "step 13: the group is empty again");
    for path in [
        shape.at(
            &format!("assignmentPolicies/{policy}"),
            &format!("accessPackageAssignmentPolicies/{policy}"),
        ),
        shape.at(&format!("accessPackages/{package}"), &format!("accessPackages/{package}")),
        format!("/v1.0/users/{user}"),
        format!("/v1.0/groups/{group}"),
    ] {
        at.admin.delete(&path).await.is(204);
    }
}

async fn deliver(at: &Fixture) {
    while worker::drain(&at.server.bench.app).await.expect("the queue") > 0 {}
}

/// Step 1.
async fn make_person(at: &Fixture) -> (Client, String) {
    let body = json!({"accountEnabled": true, "displayName": "Requestor1", "mailNickname": "Requestor1",
        "userPrincipalName": "requestor1@woodgrove.example",
        "passwordProfile": {"forceChangePasswordNextSignIn": true, "password": "quiet-harbour-lantern-41"}});
    let made = at.admin.post("/v1.0/users", body).await.is(201);
    let id: UserId = made.at("/id").parse().expect("an id");
    let client = Client {
        router: at.server.router.clone(),
        principal: Some(Principal::user(id, "Requestor1", "requestor1@woodgrove.example", UserKind::Member)),
    };
    (client, id.to_string())
}

/// Step 2.
async fn make_group(at: &Fixture) -> String {
    let body = json!({"description": "Marketing group", "displayName": "Marketing resources", "mailEnabled": false, "mailNickname": "markres",
        "securityEnabled": true});
    let made = at.admin.post("/v1.0/groups", body).await.is(201);
    let id = made.at("/id").to_owned();
    let members = at.admin.get(&format!("/v1.0/groups/{id}/members")).await.is(200);
    assert!(members.each("id").is_empty());
    id
}

/// Steps 3 to 6: the catalog, the resource and its Member role.
async fn add_resource(at: &Fixture, shape: &Shape, group: &str) -> (String, String, String) {
    let found = at
        .admin
        .get(&format!(
            "{}?$filter=(displayName eq 'General')",
            shape.at("catalogs", "accessPackageCatalogs")
        ))
        .await
        .is(200);
    let catalog = found.at("/value/0/id").to_owned();
    let resource = json!({"originId": group, "originSystem": "AadGroup"});
    let body = match shape.beta {
        false => json!({"requestType": "adminAdd", "resource": resource, "catalog": {"id": catalog}}),
        true => json!({"catalogId": catalog, "requestType": "AdminAdd", "justification": "",
            "accessPackageResource": {"resourceType": "AadGroup", "originId": group, "originSystem": "AadGroup"}}),
    };
    let added = at
        .admin
        .post(&shape.at("resourceRequests", "accessPackageResourceRequests"), body)
        .await
        .is(201);
    assert_eq!(shape.state(&added.json), shape.word("delivered"));

    let (resources, expand) = match shape.beta {
        false => ("resources", "roles,scopes"),
        true => ("accessPackageResources", "accessPackageResourceRoles,accessPackageResourceScopes"),
    };
    let catalogs = shape.at(&format!("catalogs/{catalog}"), &format!("accessPackageCatalogs/{catalog}"));
    let found = at
        .admin
        .get(&format!("{catalogs}/{resources}?$filter=originId eq '{group}'&$expand={expand}"))
        .await
        .is(200);
    let resource = found.at("/value/0/id").to_owned();
    let roles = if shape.told { "accessPackageResourceRoles" } else { "roles" };
    let names: Vec<&str> = found.json["value"][0][roles]
        .as_array()
        .expect("roles")
        .iter()
        .filter_map(|role| role["displayName"].as_str())
        .collect();
    assert_eq!(names, ["Member", "Owner"]);
    let (segment, related) = match shape.beta {
        false => ("resourceRoles", "resource"),
        true => ("accessPackageResourceRoles", "accessPackageResource"),
    };
    let filter = format!("(originSystem eq 'AadGroup' and displayName eq 'Member' and {related}/id eq '{resource}')");
    let found = at
        .admin
        .get(&format!("{catalogs}/{segment}?$filter={filter}&$expand={related}"))
        .await
        .is(200);
    assert_eq!(found.each("originId"), [format!("Member_{group}")]);
    let role = found.at("/value/0/id").to_owned();
    (catalog, resource, role)
}

/// Step 7.
async fn make_package(at: &Fixture, shape: &Shape, catalog: &str, (group, resource, role): (&str, &str, &str)) -> String {
    let mut body = json!({"displayName": "Marketing Campaign", "description": "Access to resources for the campaign"});
    match shape.beta {
        false => body["catalog"] = json!({"id": catalog}),
        true => body["catalogId"] = json!(catalog),
    }
    let made = at.admin.post(&shape.at("accessPackages", "accessPackages"), body).await.is(201);
    let package = made.at("/id").to_owned();
    let given = json!({"id": role, "displayName": "Member", "originSystem": "AadGroup", "originId": format!("Member_{group}"),
        "resource": {"id": resource, "originId": group, "originSystem": "AadGroup"}});
    let scope = json!({"originId": group, "originSystem": "AadGroup"});
    let body = match shape.told {
        false => json!({"role": given, "scope": scope}),
        true => {
            json!({"accessPackageResourceRole": {"originId": format!("Member_{group}"), "displayName": "Member", "originSystem": "AadGroup",
            "accessPackageResource": {"id": resource, "originId": group, "originSystem": "AadGroup"}}, "accessPackageResourceScope": scope})
        }
    };
    let path = shape.at(
        &format!("accessPackages/{package}/resourceRoleScopes"),
        &format!("accessPackages/{package}/accessPackageResourceRoleScopes"),
    );
    let added = at.admin.post(&path, body).await.is(201);
    assert!(added.at("/id").contains('_'), "step 7: <role>_<scope>");
    package
}

/// Step 8.
async fn make_policy(at: &Fixture, shape: &Shape, package: &str, user: &str) -> String {
    let body = match shape.beta {
        false => json!({
            "displayName": "Specific users", "description": "Only specific users", "allowedTargetScope": "specificDirectoryUsers",
            "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.singleUser", "userId": user}],
            "expiration": {"type": "afterDuration", "duration": "P30D"},
            "requestorSettings": {"enableTargetsToSelfAddAccess": true, "enableTargetsToSelfUpdateAccess": false,
                "enableTargetsToSelfRemoveAccess": true},
            "requestApprovalSettings": {"isApprovalRequiredForAdd": false, "isApprovalRequiredForUpdate": false, "stages": []},
            "accessPackage": {"id": package}
        }),
        true => json!({
            "accessPackageId": package, "displayName": "Specific users", "description": "Only specific users", "accessReviewSettings": null,
            "canExtend": false, "durationInDays": 30,
            "requestorSettings": {"acceptRequests": true, "scopeType": "SpecificDirectorySubjects", "allowedRequestors": [
                {"@odata.type": "#microsoft.graph.singleUser", "isBackup": false, "id": user, "description": "Requestor1"}]},
            "requestApprovalSettings": {"isApprovalRequired": false, "isApprovalRequiredForExtension": false,
                "isRequestorJustificationRequired": false, "approvalMode": "NoApproval", "approvalStages": []}
        }),
    };
    let made = at
        .admin
        .post(&shape.at("assignmentPolicies", "accessPackageAssignmentPolicies"), body)
        .await
        .is(201);
    made.at("/id").to_owned()
}

/// Steps 9 to 11; the assignment's id.
async fn request(at: &Fixture, shape: &Shape, requestor: &Client, (user, package, policy): (&str, &str, &str)) -> String {
    let wanted = json!({"targetId": user, "assignmentPolicyId": policy, "accessPackageId": package});
    let body = match shape.beta {
        false => json!({"requestType": "userAdd", "assignment": wanted}),
        true => json!({"requestType": "UserAdd", "accessPackageAssignment": wanted}),
    };
    let path = shape.at("assignmentRequests", "accessPackageAssignmentRequests");
    let made = requestor.post(&path, body).await.is(201);
    assert_eq!(shape.state(&made.json), shape.word("submitted"));
    deliver(at).await;
    let read = requestor.get(&format!("{path}/{}", made.at("/id"))).await.is(200);
    assert_eq!(shape.state(&read.json), shape.word("delivered"));
    let filter = match shape.beta {
        false => format!("assignmentPolicy/id eq '{policy}'"),
        true => format!("assignmentPolicyId eq '{policy}' and assignmentState eq 'Delivered'"),
    };
    let path = shape.at("assignments", "accessPackageAssignments");
    let held = at
        .admin
        .get(&format!("{path}?$filter={filter}&$expand=target,accessPackage"))
        .await
        .is(200);
    assert_eq!(held.json["value"].as_array().map(Vec::len), Some(1));
    assert_eq!(shape.state(&held.json["value"][0]), shape.word("delivered"));
    assert_eq!(held.at("/value/0/target/objectId"), user);
    held.at("/value/0/id").to_owned()
}

/// Step 13.
async fn end(at: &Fixture, shape: &Shape, assignment: &str, policy: &str) {
    let body = match shape.beta {
        false => json!({"requestType": "adminRemove", "assignment": {"id": assignment}}),
        true => json!({"requestType": "AdminRemove", "accessPackageAssignment": {"id": assignment}}),
    };
    at.admin
        .post(&shape.at("assignmentRequests", "accessPackageAssignmentRequests"), body)
        .await
        .is(201);
    deliver(at).await;
    let path = shape.at("assignments", "accessPackageAssignments");
    let over = at
        .admin
        .get(&format!("{path}?$filter=assignmentPolicy/id eq '{policy}'"))
        .await
        .is(200);
    assert_eq!(shape.state(&over.json["value"][0]), shape.word("expired"));
}
