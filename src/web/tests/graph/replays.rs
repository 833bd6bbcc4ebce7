//! What two clients of the beta send, call by call, in the order and with the names that they use: the azuread provider of Terraform, and the desired
//! state configuration for PowerShell. They read only what is looked at here.

use serde_json::{Value, json};

use super::{Client, Fixture};
use crate::both_databases;
use crate::domain::user::DirectoryRole;
use crate::testing::TestApp;

both_databases!(
    f173_the_azuread_provider_finds_what_it_asks_for,
    f173_desired_states_of_powershell_are_read_and_set,
);

const BETA: &str = "/beta/identityGovernance/entitlementManagement";
const ROLES: &str = "/beta/roleManagement/entitlementManagement";

async fn group(admin: &Client, name: &str) -> String {
    let body = json!({"displayName": name, "mailEnabled": false, "mailNickname": name, "securityEnabled": true});
    admin.post("/beta/groups", body).await.is(201).at("/id").to_owned()
}

async fn created(admin: &Client, path: &str, body: Value) -> String {
    admin.post(&format!("{BETA}/{path}"), body).await.is(201).at("/id").to_owned()
}

async fn f173_the_azuread_provider_finds_what_it_asks_for(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let (a, origin) = (&f.admin, group(&f.admin, "engineers").await);
    let body = json!({"description": "D", "displayName": "Engineering", "isExternallyVisible": true, "state": "published", "catalogStatus": "Published"});
    let catalog = created(a, "accessPackageCatalogs", body).await;
    let path = format!("{BETA}/accessPackageCatalogs/{catalog}");
    assert_eq!(a.get(&path).await.is(200).at("/catalogStatus"), "Published");
    a.patch(&path, json!({"description": "Changed", "isExternallyVisible": false}))
        .await
        .is(204);
    let found = a
        .get(&format!("{BETA}/accessPackageCatalogs?$filter=displayName eq 'Engineering'"))
        .await
        .is(200);
    assert_eq!(found.each("id"), [catalog.as_str()]);

    // A resource of the catalog, named by what it comes from.
    let resource = json!({"originId": origin, "originSystem": "AadGroup"});
    let added = json!({"catalogId": catalog, "requestType": "AdminAdd", "accessPackageResource": resource});
    let added = a.post(&format!("{BETA}/accessPackageResourceRequests"), added).await.is(201);
    assert_eq!((added.at("/catalogId"), added.at("/requestState")), (catalog.as_str(), "Delivered"));
    assert_eq!(added.at("/requestStatus"), "Fulfilled");
    let resources = format!("{path}/accessPackageResources?$filter=originId eq '{origin}'");
    let resource = a.get(&resources).await.is(200).json["value"][0].clone();
    assert_eq!(resource["originSystem"], "AadGroup");

    // A package and what it gives; the provider asks for the package until that is there.
    let body = json!({"catalogId": catalog, "description": "D", "displayName": "Tools", "isHidden": false});
    let package = created(a, "accessPackages", body).await;
    let path = format!("{BETA}/accessPackages/{package}");
    let body = json!({
        "accessPackageResourceRole": {"displayName": "Member", "originId": format!("Member_{origin}"), "originSystem": resource["originSystem"],
            "accessPackageResource": {"id": resource["id"], "resourceType": resource["resourceType"], "originId": resource["originId"]}},
        "accessPackageResourceScope": {"originSystem": resource["originSystem"], "originId": origin},
    });
    let role = created(a, &format!("accessPackages/{package}/accessPackageResourceRoleScopes"), body).await;
    let expand = "$expand=accessPackageResourceRoleScopes($expand=accessPackageResourceRole($expand=accessPackageResource),accessPackageResourceScope)";
    let read = a.get(&format!("{path}?{expand}")).await.is(200);
    assert_eq!(
        (read.at("/catalogId"), read.at("/accessPackageResourceRoleScopes/0/id")),
        (catalog.as_str(), role.as_str())
    );
    assert_eq!(
        read.at("/accessPackageResourceRoleScopes/0/accessPackageResourceRole/accessPackageResource/originId"),
        origin
    );
    a.patch(&path, json!({"description": "Changed", "isHidden": true, "catalogId": catalog}))
        .await
        .is(204);

    // Whom the catalog's roles are given to.
    let reader = a
        .get(&format!("{ROLES}/roleDefinitions?$filter=displayName eq 'Catalog reader'"))
        .await
        .is(200);
    let person = f.person("Reader1", DirectoryRole::User).await;
    let principal = person.principal.as_ref().expect("a person").id;
    let body = json!({"directoryScopeId": "/", "principalId": principal, "roleDefinitionId": reader.at("/value/0/id"),
        "appScopeId": format!("/AccessPackageCatalog/{catalog}")});
    let given = a.post(&format!("{ROLES}/roleAssignments"), body).await.is(201);
    let given = format!("{ROLES}/roleAssignments/{}", given.at("/id"));
    assert_eq!(
        a.get(&given).await.is(200).at("/appScopeId"),
        format!("/AccessPackageCatalog/{catalog}")
    );
    a.delete(&given).await.is(204);
    a.get(&given).await.is(404);

    // All of it is taken away again.
    a.delete(&format!("{path}/accessPackageResourceRoleScopes/{role}")).await.is(204);
    a.delete(&path).await.is(204);
    a.get(&path).await.is(404);
    let removed = json!({"catalogId": catalog, "requestType": "AdminRemove", "accessPackageResource": resource});
    created(a, "accessPackageResourceRequests", removed).await;
    assert!(a.get(&resources).await.is(200).each("id").is_empty());
    a.delete(&format!("{BETA}/accessPackageCatalogs/{catalog}")).await.is(204);
}

async fn f173_desired_states_of_powershell_are_read_and_set(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let (a, origin, excluded) = (&f.admin, group(&f.admin, "sellers").await, group(&f.admin, "auditors").await);
    let catalog = a
        .get(&format!("{BETA}/accessPackageCatalogs?$filter=(displayName eq 'General')"))
        .await
        .is(200);
    let catalog = catalog.at("/value/0/id").to_owned();
    let added = json!({"CatalogId": catalog, "RequestType": "AdminAdd", "Justification": "x",
        "AccessPackageResource": {"OriginId": origin, "OriginSystem": "AadGroup"}});
    created(a, "accessPackageResourceRequests", added).await;
    let other = created(
        a,
        "accessPackages",
        json!({"CatalogId": catalog, "DisplayName": "Audit", "Description": "D"}),
    )
    .await;
    let body = json!({"CatalogId": catalog, "DisplayName": "Sales", "Description": "D", "IsHidden": false, "IsRoleScopesVisible": true});
    let package = created(a, "accessPackages", body).await;
    let path = format!("{BETA}/accessPackages/{package}");
    for (relation, address) in [
        (
            "incompatibleAccessPackages",
            format!("identityGovernance/entitlementManagement/accessPackages/{other}"),
        ),
        ("incompatibleGroups", format!("groups/{excluded}")),
    ] {
        let body = json!({"@odata.id": format!("https://graph.microsoft.com/beta/{address}")});
        a.post(&format!("{path}/{relation}/$ref"), body).await.is(204);
        assert_eq!(a.get(&format!("{path}/{relation}")).await.is(200).each("id").len(), 1);
    }
    let with = a
        .get(&format!("{BETA}/accessPackages/{other}/accessPackagesIncompatibleWith"))
        .await
        .is(200);
    assert_eq!(with.each("id"), [package.as_str()]);

    let catalogs = format!("{BETA}/accessPackageCatalogs/{catalog}");
    let resource = a
        .get(&format!(
            "{catalogs}/accessPackageResources?$filter=originId eq '{origin}'&$expand=accessPackageResourceScopes"
        ))
        .await
        .is(200);
    let resource = resource.json["value"][0].clone();
    let filter = format!(
        "(accessPackageResource/Id eq '{}' and displayname eq 'Member' and originSystem eq 'AadGroup')",
        resource["id"].as_str().expect("an id")
    );
    let role = a
        .get(&format!(
            "{catalogs}/accessPackageResourceRoles?$filter={filter}&$expand=accessPackageResource"
        ))
        .await
        .is(200);
    assert_eq!(role.at("/value/0/accessPackageResource/originId"), origin);
    let body = json!({
        "AccessPackageResourceRole": {"OriginId": role.at("/value/0/originId"), "DisplayName": "Member", "OriginSystem": "AadGroup",
            "AccessPackageResource": {"Id": resource["id"], "ResourceType": null, "OriginId": resource["originId"], "OriginSystem": "AadGroup"}},
        "AccessPackageResourceScope": {"OriginId": resource["originId"], "OriginSystem": "AadGroup",
            "IsRootScope": resource["accessPackageResourceScopes"][0]["isRootScope"]},
    });
    a.post(&format!("{path}/accessPackageResourceRoleScopes"), body).await.is(201);
    let expand = "$expand=accessPackageResourceRoleScopes($expand=accessPackageResourceRole,accessPackageResourceScope)";
    for read in [
        format!("{path}?{expand}"),
        format!("{BETA}/accessPackages?$filter=displayName eq 'Sales'&{expand}"),
    ] {
        let read = a.get(&read).await.is(200);
        let one = read.json["value"].as_array().map_or(&read.json, |rows| &rows[0]);
        let scope = &one["accessPackageResourceRoleScopes"][0];
        assert_eq!(
            (
                &scope["accessPackageResourceRole"]["displayName"],
                &scope["accessPackageResourceScope"]["originId"]
            ),
            (&json!("Member"), &json!(origin))
        );
    }
    // The policy as the configuration writes it, and what a PUT of what was read leaves.
    let body = json!({
        "AccessPackageId": package, "DisplayName": "Everybody", "Description": "D", "CanExtend": false, "DurationInDays": 180,
        "RequestorSettings": {"ScopeType": "AllExistingDirectoryMemberUsers", "AcceptRequests": true, "AllowedRequestors": []},
        "RequestApprovalSettings": {"ApprovalMode": "NoApproval", "IsApprovalRequired": false, "IsApprovalRequiredForExtension": false,
            "IsRequestorJustificationRequired": false, "ApprovalStages": []},
        "AccessReviewSettings": {"IsEnabled": true, "RecurrenceType": "quarterly", "ReviewerType": "Self", "DurationInDays": 25,
            "StartDateTime": "2026-12-01T00:00:00Z", "Reviewers": [], "AccessReviewTimeoutBehavior": "keepAccess",
            "IsAccessRecommendationEnabled": true, "IsApprovalJustificationRequired": true},
    });
    let policy = created(a, "accessPackageAssignmentPolicies", body).await;
    let policy = format!("{BETA}/accessPackageAssignmentPolicies/{policy}");
    let read = a.get(&policy).await.is(200);
    assert_eq!(read.at("/requestorSettings/scopeType"), "AllExistingDirectoryMemberUsers");
    assert_eq!(
        (
            read.at("/accessReviewSettings/recurrenceType"),
            read.at("/accessReviewSettings/reviewerType")
        ),
        ("quarterly", "Self")
    );
    assert_eq!(read.json["accessReviewSettings"]["durationInDays"], 25);
    let same = a.put(&policy, read.json.clone()).await.is(200);
    assert_eq!(same.json["accessReviewSettings"], read.json["accessReviewSettings"]);
    let of_package = a.get(&format!("{path}?$expand=accessPackageAssignmentPolicies")).await.is(200);
    assert_eq!(of_package.at("/accessPackageAssignmentPolicies/0/displayName"), "Everybody");
    a.delete(&policy).await.is(204);
    a.delete(&path).await.is(204);
}
