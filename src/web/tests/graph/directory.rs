//! Users, groups, applications and the roles of catalogs.

use serde_json::json;

use super::{Client, Fixture};
use crate::both_databases;
use crate::domain::access::{Ceiling, Principal};
use crate::domain::client::{ApiPermission, GrantKind};
use crate::domain::user::DirectoryRole;
use crate::testing::TestApp;

both_databases!(
    f173_users_are_made_read_changed_deleted_and_restored,
    f173_users_are_sorted_by_two_properties_page_by_page,
    f173_groups_have_members_and_owners,
    f173_roles_of_catalogs_are_listed_given_and_taken,
    f173_a_token_reaches_only_what_its_permissions_name,
);

const ROLES: &str = "roleManagement/entitlementManagement/roleAssignments";

async fn f173_users_are_made_read_changed_deleted_and_restored(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let a = &f.admin;
    let body = json!({
        "@odata.type": "#microsoft.graph.user", "accountEnabled": true, "displayName": "Requestor1", "mailNickname": "Requestor1",
        "userPrincipalName": "Requestor1@woodgrove.example", "department": "Sales",
        "passwordProfile": { "password": "quiet-harbour-lantern-41", "forceChangePasswordNextSignIn": true },
    });
    let made = a.post("users", body.clone()).await.is(201);
    assert!(!made.text.contains("quiet-harbour"));
    let id = made.at("/id").to_owned();
    let by_name = a.get("users/requestor1@WOODGROVE.example").await.is(200);
    assert_eq!(by_name.at("/id"), id);
    assert!(by_name.json.get("department").is_none(), "only what is asked for: {}", by_name.text);
    let taken = a.post("users", body).await.is(400);
    assert_eq!(
        (taken.at("/error/code"), taken.at("/error/target")),
        ("Request_BadRequest", "userPrincipalName")
    );
    let path = format!("users/{id}");
    a.patch(&path, json!({ "jobTitle": "Écrivain" })).await.is(204);
    for job in ["jobTitle eq 'Écrivain'", "startswith(jobTitle,'Écr')", "jobTitle ne null"] {
        assert_eq!(
            a.get(&format!("users?$filter={job}")).await.is(200).each("id"),
            [id.as_str()],
            "{job}"
        );
    }
    a.patch(&path, json!({ "jobTitle": "Seller" })).await.is(204);
    a.patch(&path, json!({ "accountEnabled": false })).await.is(204);
    let read = a
        .get(&format!("{path}?$select=displayName,department,jobTitle,accountEnabled"))
        .await
        .is(200);
    assert_eq!((read.at("/department"), read.at("/jobTitle")), ("Sales", "Seller"));
    assert_eq!(read.json["accountEnabled"], false);
    let found = a
        .get("users?$filter=department eq 'sales' and accountEnabled eq false&$count=true")
        .await
        .is(200);
    assert_eq!((found.each("id"), &found.json["@odata.count"]), (vec![id.as_str()], &json!(1)));
    assert_eq!(
        a.get("users?$search=\"displayName:requ\"").await.is(200).each("displayName"),
        ["Requestor1"]
    );
    let me = a.get("me").await.is(200);
    let manager = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{}", me.at("/id")) });
    a.get(&format!("{path}/manager")).await.is(404);
    a.put(&format!("{path}/manager/$ref"), manager).await.is(204);
    assert_eq!(
        a.get(&format!("{path}/manager")).await.is(200).at("/@odata.type"),
        "#microsoft.graph.user"
    );
    let with = a
        .get(&format!("users?$filter=id eq '{id}'&$expand=manager($select=displayName)"))
        .await
        .is(200);
    assert_eq!(with.at("/value/0/manager/id"), me.at("/id"));
    a.delete(&path).await.is(204);
    assert_eq!(a.get(&path).await.is(404).at("/error/code"), "Request_ResourceNotFound");
    let deleted = a.get("directory/deletedItems/microsoft.graph.user").await.is(200);
    assert_eq!(deleted.each("id"), [id.as_str()]);
    assert_eq!(
        a.post(&format!("directory/deletedItems/{id}/restore"), json!({}))
            .await
            .is(200)
            .at("/id"),
        id
    );
    a.get(&path).await.is(200);
    a.delete(&format!("{path}/manager/$ref")).await.is(204);
    a.get(&format!("{path}/manager")).await.is(404);
    // The role that somebody holds is no property here, and stays.
    let admin = f.person("second", DirectoryRole::UserAdministrator).await;
    let admin_id = admin.principal.as_ref().map(|principal| principal.id).expect("a user");
    a.patch(&format!("users/{admin_id}"), json!({ "officeLocation": "4" }))
        .await
        .is(204);
    let roles = "SELECT count(*) FROM role_assignments WHERE role = 'user_administrator'";
    assert_eq!(f.server.count(roles).await, 1);
}

async fn f173_users_are_sorted_by_two_properties_page_by_page(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let a = &f.admin;
    for (name, department) in [
        ("Cora", "Sales"),
        ("Ada", "Sales"),
        ("Bert", "Legal"),
        ("Dora", "Legal"),
        ("Emil", "Sales"),
    ] {
        let body = json!({
            "accountEnabled": true, "displayName": name, "mailNickname": name, "department": department,
            "userPrincipalName": format!("{name}@woodgrove.example"),
            "passwordProfile": { "password": "quiet-harbour-lantern-41", "forceChangePasswordNextSignIn": true },
        });
        a.post("users", body).await.is(201);
    }
    let own = "$filter=department ne ''&$top=2";
    let sorted = async |order: &str| a.pages(&format!("users?{own}&$orderby={order}"), "displayName").await.concat();
    assert_eq!(sorted("department,displayName").await, ["Bert", "Dora", "Ada", "Cora", "Emil"]);
    assert_eq!(
        sorted("Department desc, DisplayName desc, id desc").await,
        ["Emil", "Cora", "Ada", "Dora", "Bert"]
    );
    assert_eq!(sorted("displayName,id").await, ["Ada", "Bert", "Cora", "Dora", "Emil"]);
    for (order, said) in [
        ("displayName,department", "department with displayName"),
        ("department,displayName,userPrincipalName", "Behind that only id can stand"),
        ("department,displayName desc", "all up or all down"),
        ("displayName,", "on both sides of a comma"),
        ("displayName,displayName desc", "twice"),
        ("displayName,colour", "colour cannot be used here"),
    ] {
        let refused = a.get(&format!("users?$orderby={order}")).await.is(400);
        assert!(refused.at("/error/message").contains(said), "{order}: {}", refused.text);
    }
}

async fn f173_groups_have_members_and_owners(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let a = &f.admin;
    let me = a.get("me").await.is(200).at("/id").to_owned();
    let body = json!({
        "displayName": "Marketing resources", "description": "For the campaign", "mailEnabled": false, "mailNickname": "mr",
        "securityEnabled": true, "groupTypes": [], "owners@odata.bind": [format!("https://graph.microsoft.com/v1.0/users/{me}")],
    });
    let made = a.post("groups", body).await.is(201);
    let id = made.at("/id").to_owned();
    let path = format!("groups/{id}");
    assert_eq!(
        a.get(&format!("{path}/owners")).await.is(200).at("/value/0/@odata.type"),
        "#microsoft.graph.user"
    );
    let person = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{me}") });
    a.post(&format!("{path}/members/$ref"), person.clone()).await.is(204);
    let again = a.post(&format!("{path}/members/$ref"), person).await.is(400);
    assert!(again.at("/error/message").contains("already exist"));
    let unknown = json!({ "@odata.id": format!("https://x/v1.0/users/{id}") });
    a.post(&format!("{path}/members/$ref"), unknown).await.is(404);
    for cast in ["members", "members/microsoft.graph.user", "members/graph.user", "transitiveMembers"] {
        let members = a.get(&format!("{path}/{cast}?$select=id,displayName")).await.is(200);
        assert_eq!(
            (members.each("id"), members.at("/value/0/@odata.type")),
            (vec![me.as_str()], "#microsoft.graph.user")
        );
    }
    assert_eq!(
        a.get(&format!("users/{me}/memberOf")).await.is(200).at("/value/0/@odata.type"),
        "#microsoft.graph.group"
    );
    assert_eq!(
        a.get(&format!("{path}?$expand=members($select=id)"))
            .await
            .is(200)
            .at("/members/0/id"),
        me
    );
    a.delete(&format!("{path}/members/{me}/$ref")).await.is(204);
    assert!(a.get(&format!("{path}/members")).await.is(200).each("id").is_empty());
    a.patch(
        &path,
        json!({ "description": "Other", "members@odata.bind": [format!("https://x/v1.0/directoryObjects/{me}")] }),
    )
    .await
    .is(204);
    let read = a.get(&path).await.is(200);
    assert_eq!((read.at("/displayName"), read.at("/description")), ("Marketing resources", "Other"));
    assert_eq!(a.get(&format!("{path}/members/$count")).await.is(200).text, "1");
    let unified =
        json!({ "displayName": "Team", "mailEnabled": true, "mailNickname": "team", "securityEnabled": false, "groupTypes": ["Unified"] });
    a.post("groups", unified).await.is(201);
    for (filter, names) in [
        ("groupTypes/any(c:c eq 'Unified')", vec!["Team"]),
        (
            "securityEnabled eq true and startswith(displayName,'market')",
            vec!["Marketing resources"],
        ),
        ("not(mailEnabled eq true)", vec!["Marketing resources"]),
        ("displayName eq 'team'", vec!["Team"]),
    ] {
        assert_eq!(
            a.get(&format!("groups?$filter={filter}")).await.is(200).each("displayName"),
            names,
            "{filter}"
        );
    }
    a.delete(&path).await.is(204);
    assert_eq!(a.get(&path).await.is(404).at("/error/code"), "Request_ResourceNotFound");
    assert!(a.get("servicePrincipals").await.is(200).each("id").is_empty());
}

async fn f173_roles_of_catalogs_are_listed_given_and_taken(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let a = &f.admin;
    let definitions = a.get("roleManagement/entitlementManagement/roleDefinitions").await.is(200);
    assert_eq!(definitions.each("id").len(), 5);
    let owner = "ae79f266-94d4-4dab-b730-feca7e132178";
    let found = a
        .get(&format!(
            "roleManagement/entitlementManagement/roleDefinitions?$filter=id in ('{owner}') and isBuiltIn eq true"
        ))
        .await
        .is(200);
    assert_eq!(found.each("displayName"), ["Catalog owner"]);
    let catalog = a
        .post("EM/catalogs", json!({ "displayName": "Sales" }))
        .await
        .is(201)
        .at("/id")
        .to_owned();
    let scope = format!("/AccessPackageCatalog/{catalog}");
    let person = f.person("person1", DirectoryRole::User).await;
    let id = person.principal.as_ref().map(|principal| principal.id.to_string()).expect("a user");
    let given = json!({ "principalId": id, "roleDefinitionId": owner, "appScopeId": scope });
    let made = a.post(ROLES, given.clone()).await.is(201);
    assert_eq!((made.at("/appScopeId"), made.at("/principalId")), (scope.as_str(), id.as_str()));
    a.post(ROLES, given).await.is(409);
    let listed = a
        .get(&format!(
            "{ROLES}?$filter=appScopeId eq '{scope}' and principalId eq '{id}'&$expand=principal,roleDefinition"
        ))
        .await
        .is(200);
    assert_eq!(
        (
            listed.each("id"),
            listed.at("/value/0/principal/@odata.type"),
            listed.at("/value/0/roleDefinition/displayName")
        ),
        (vec![made.at("/id")], "#microsoft.graph.user", "Catalog owner")
    );
    assert_eq!(
        a.get(&format!("{ROLES}?$filter=roleDefinitionId eq '{owner}'"))
            .await
            .is(200)
            .each("id")
            .len(),
        2
    );
    a.post(ROLES, json!({ "principalId": id, "roleDefinitionId": owner, "appScopeId": "/" }))
        .await
        .is(400);
    let creator = json!({ "principalId": id, "roleDefinitionId": "ba92d953-d8e0-4e39-a797-0cbedb0a89e8", "appScopeId": "/" });
    let creator = a.post(ROLES, creator).await.is(201).at("/id").to_owned();
    assert_eq!(
        a.get(&format!("{ROLES}?$filter=appScopeId eq '/'")).await.is(200).each("id"),
        [creator.as_str()]
    );
    for id in [creator.as_str(), made.at("/id")] {
        a.delete(&format!("{ROLES}/{id}")).await.is(204);
        a.get(&format!("{ROLES}/{id}")).await.is(404);
    }
    person.get(ROLES).await.is(403);
}

async fn f173_a_token_reaches_only_what_its_permissions_name(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let client = |permission: ApiPermission| {
        let ceiling = Ceiling::new(GrantKind::Application, [permission]);
        Client {
            principal: Some(Principal::client(crate::testing::unknown(), "Tool", ceiling)),
            ..f.admin.clone()
        }
    };
    let addresses = ["users", "groups", "servicePrincipals", "EM/catalogs"];
    for (permission, reached) in [
        (ApiPermission::UserReadAll, [200, 403, 403, 403]),
        (ApiPermission::GroupMemberRead, [403, 200, 403, 403]),
        (ApiPermission::ApplicationRead, [403, 403, 200, 403]),
        (ApiPermission::EntitlementManagementRead, [403, 403, 403, 200]),
    ] {
        let tool = client(permission);
        for (address, status) in addresses.into_iter().zip(reached) {
            let reply = tool.get(address).await.is(status);
            if status == 403 {
                assert!(
                    reply.at("/error/message").contains(".All"),
                    "{permission:?} at {address}: {}",
                    reply.text
                );
            }
        }
        tool.post("EM/catalogs", json!({ "displayName": "x" })).await.is(403);
        tool.get("me")
            .await
            .is(if permission == ApiPermission::UserReadAll { 401 } else { 403 });
    }
    // A person under a token can do what the token lets them, and no more than they can by themselves.
    let person = f.person("person1", DirectoryRole::User).await;
    let below = Ceiling::new(GrantKind::Delegated, [ApiPermission::UserRead]);
    let person = Client {
        principal: person.principal.map(|principal| principal.below(below)),
        ..f.admin.clone()
    };
    person.get("me").await.is(200);
    person.get("users").await.is(403);
    person.get("EM/availableAccessPackages").await.is(403);
}
