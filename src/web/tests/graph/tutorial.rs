//! Resources, packages and what they exclude, as the published tutorial and its readers use them.

use serde_json::{Value, json};

use super::{Client, Fixture};
use crate::both_databases;
use crate::domain::user::DirectoryRole;
use crate::testing::TestApp;

both_databases!(
    f173_a_group_becomes_a_resource_and_a_package_gives_its_role,
    f173_the_beta_names_of_bodies_and_segments_are_taken_everywhere,
    f173_a_package_is_changed_moved_and_deleted,
    f173_packages_exclude_packages_and_groups_by_reference,
    f173_whoever_may_not_is_refused_and_sees_no_other_catalog,
);

async fn id_of(reply: super::Reply) -> String {
    reply.is(201).at("/id").to_owned()
}

async fn group(admin: &Client, name: &str) -> String {
    let body = json!({
        "displayName": name, "mailEnabled": false, "mailNickname": "x", "securityEnabled": true, "groupTypes": [],
    });
    id_of(admin.post("groups", body).await).await
}

async fn catalog(admin: &Client, name: &str) -> String {
    id_of(
        admin
            .post("EM/catalogs", json!({ "displayName": name, "state": "published" }))
            .await,
    )
    .await
}

async fn package(admin: &Client, catalog: &str, name: &str) -> String {
    let body = json!({ "displayName": name, "description": "Access to resources", "catalog": { "id": catalog } });
    id_of(admin.post("EM/accessPackages", body).await).await
}

fn add(catalog: &str, group: &str) -> Value {
    json!({
        "requestType": "adminAdd",
        "resource": { "originId": group, "originSystem": "AadGroup" },
        "catalog": { "id": catalog },
    })
}

fn member_of(group: &str) -> Value {
    json!({
        "role": { "displayName": "Member", "originSystem": "AadGroup", "originId": format!("Member_{group}"),
            "resource": { "originId": group, "originSystem": "AadGroup" } },
        "scope": { "originId": group, "originSystem": "AadGroup" },
    })
}

async fn f173_a_group_becomes_a_resource_and_a_package_gives_its_role(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let a = &f.admin;
    let (group, catalog) = (group(a, "Marketing resources").await, catalog(a, "Marketing").await);
    let made = a.post("EM/resourceRequests", add(&catalog, &group)).await.is(201);
    assert_eq!((made.at("/state"), made.at("/requestType")), ("delivered", "adminAdd"));
    let found = a
        .get(&format!(
            "EM/catalogs/{catalog}/resources?$filter=originId eq '{group}'&$expand=roles,scopes,environment"
        ))
        .await
        .is(200);
    assert_eq!(found.each("originId"), [group.as_str()]);
    let resource = found.at("/value/0/id").to_owned();
    assert_ne!(resource, group);
    let mut roles: Vec<&str> = found.json["value"][0]["roles"]
        .as_array()
        .expect("roles")
        .iter()
        .filter_map(|role| role["displayName"].as_str())
        .collect();
    roles.sort_unstable();
    assert_eq!(roles, ["Member", "Owner"]);
    assert_eq!(found.at("/value/0/scopes/0/displayName"), "Root");
    assert!(found.json["value"][0]["environment"].is_null());
    let roles = a
        .get(&format!(
            "EM/catalogs/{catalog}/resourceRoles?$filter=(originSystem eq 'AadGroup' and displayName eq 'Member' and resource/id eq '{resource}')&$expand=resource"
        ))
        .await
        .is(200);
    assert_eq!(roles.each("originId"), [format!("Member_{group}")]);
    assert_eq!(roles.at("/value/0/resource/id"), resource);
    let scopes = a
        .get(&format!("EM/catalogs/{catalog}/resourceScopes?$filter=originId eq '{group}'"))
        .await
        .is(200);
    assert_eq!(scopes.each("displayName"), ["Root"]);
    for path in [
        format!("EM/resources/{resource}"),
        format!("EM/catalogs/{catalog}/resources/{resource}"),
    ] {
        assert_eq!(a.get(&path).await.is(200).at("/originSystem"), "AadGroup");
    }
    assert_eq!(a.get(&format!("EM/resources/{resource}/roles")).await.is(200).each("id").len(), 2);
    assert_eq!(
        a.get(&format!("EM/resources/{resource}/scopes")).await.is(200).each("originId"),
        [group.as_str()]
    );
    a.post(
        &format!("EM/accessPackageCatalogs/{catalog}/accessPackageResources/{resource}/refresh"),
        json!({}),
    )
    .await
    .is(200);
    let requests = a
        .get(&format!(
            "EM/resourceRequests?$filter=catalog/id eq '{catalog}'&$expand=catalog,resource"
        ))
        .await
        .is(200);
    assert_eq!(
        (requests.at("/value/0/catalog/id"), requests.at("/value/0/resource/originId")),
        (catalog.as_str(), group.as_str())
    );
    assert_eq!(
        a.get(&format!("EM/resourceRequests/{}", made.at("/id"))).await.is(200).at("/state"),
        "delivered"
    );
    a.get("EM/resourceEnvironments").await.is(400);
    a.get("EM/resourceEnvironments?$filter=originSystem eq 'SharePointOnline'")
        .await
        .is(200);

    let package = package(a, &catalog, "Marketing Campaign").await;
    let path = format!("EM/accessPackages/{package}");
    let given = a.post(&format!("{path}/resourceRoleScopes"), member_of(&group)).await.is(201);
    let role_scope = given.at("/id").to_owned();
    assert!(role_scope.contains('_'), "{role_scope}");
    let again = a.post(&format!("{path}/resourceRoleScopes"), member_of(&group)).await.is(400);
    assert_eq!(again.at("/error/target"), "role");
    let whole = a
        .get(&format!(
            "{path}?$expand=catalog,resourceRoleScopes($expand=role($expand=resource),scope)"
        ))
        .await
        .is(200);
    assert_eq!(whole.at("/catalog/displayName"), "Marketing");
    assert_eq!(whole.at("/resourceRoleScopes/0/id"), role_scope);
    assert_eq!(whole.at("/resourceRoleScopes/0/role/originId"), format!("Member_{group}"));
    assert_eq!(whole.at("/resourceRoleScopes/0/role/resource/id"), resource);
    assert_eq!(whole.at("/resourceRoleScopes/0/scope/originId"), group);
    assert_eq!(
        a.get(&format!("{path}/resourceRoleScopes?$expand=role")).await.is(200).each("id"),
        [role_scope.as_str()]
    );
    // What a package gives stays in the catalog; once it gives it no more, it can go.
    let remove = json!({ "requestType": "AdminRemove", "resource": { "id": resource }, "catalog": { "id": catalog } });
    assert!(
        a.post("EM/resourceRequests", remove.clone())
            .await
            .is(400)
            .at("/error/message")
            .contains("Marketing Campaign")
    );
    a.delete(&format!("{path}/resourceRoleScopes/{role_scope}")).await.is(204);
    a.delete(&format!("{path}/resourceRoleScopes/{role_scope}")).await.is(404);
    a.post("EM/resourceRequests", remove).await.is(201);
    a.get(&format!("EM/resources/{resource}")).await.is(404);
    // The same object in the same catalog has the same id again.
    a.post("EM/resourceRequests", add(&catalog, &group)).await.is(201);
    a.get(&format!("EM/resources/{resource}")).await.is(200);
    let unknown = a.post("EM/resourceRequests", add(&catalog, &catalog)).await.is(400);
    assert_eq!(unknown.at("/error/target"), "resource/originId");
}

/// Graph's tutorial prints the beta's bodies under `/v1.0`; the azuread provider sends them under `/beta`.
async fn f173_the_beta_names_of_bodies_and_segments_are_taken_everywhere(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let a = &f.admin;
    let (group, catalog) = (group(a, "Marketing resources").await, catalog(a, "Marketing").await);
    let body = json!({
        "catalogId": catalog, "requestType": "AdminAdd", "justification": "",
        "accessPackageResource": { "resourceType": "AadGroup", "originId": group, "originSystem": "AadGroup" },
    });
    a.post("EM/accessPackageResourceRequests", body).await.is(201);
    let body = json!({ "catalogId": catalog, "displayName": "Marketing Campaign", "description": "x" });
    let package = id_of(a.post("EM/accessPackages", body).await).await;
    let body = json!({
        "accessPackageResourceRole": { "originId": format!("Member_{group}"), "displayName": "Member", "originSystem": "AadGroup",
            "accessPackageResource": { "originId": group, "originSystem": "AadGroup" } },
        "accessPackageResourceScope": { "originId": group, "originSystem": "AadGroup" },
    });
    let beta = super::EM.replace("/v1.0", "/beta");
    a.post(&format!("{beta}/accessPackages/{package}/accessPackageResourceRoleScopes"), body)
        .await
        .is(201);
    let read = a
        .get(&format!(
            "{beta}/accessPackages/{package}?$expand=accessPackageResourceRoleScopes($expand=accessPackageResourceRole,accessPackageResourceScope)"
        ))
        .await
        .is(200);
    assert_eq!(
        read.at("/accessPackageResourceRoleScopes/0/accessPackageResourceRole/originId"),
        format!("Member_{group}")
    );
    let filtered = a
        .get(&format!(
            "{beta}/accessPackageCatalogs/{catalog}/accessPackageResourceRoles?$filter=accessPackageResource/originId eq '{group}' and originSystem eq 'AadGroup' and displayname eq 'Member'"
        ))
        .await
        .is(200);
    assert_eq!(filtered.each("displayName"), ["Member"]);
}

async fn f173_a_package_is_changed_moved_and_deleted(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let a = &f.admin;
    let (one, other) = (catalog(a, "One").await, catalog(a, "Other").await);
    let (package_id, second) = (package(a, &one, "Campaign").await, package(a, &one, "Team tools").await);
    let path = format!("EM/accessPackages/{package_id}");
    a.patch(&path, json!({ "isHidden": true })).await.is(204);
    let read = a.get(&path).await.is(200);
    assert_eq!(
        (read.at("/displayName"), read.at("/description")),
        ("Campaign", "Access to resources")
    );
    assert_eq!(read.json["isHidden"], true);
    let names = a
        .get("EM/accessPackages?$filter=contains(tolower(displayName),'team')&$expand=catalog")
        .await
        .is(200);
    assert_eq!(
        (names.each("displayName"), names.at("/value/0/catalog/displayName")),
        (vec!["Team tools"], "One")
    );
    let of_catalog = a
        .get(&format!("EM/catalogs/{one}/accessPackages?$filter=isHidden eq false"))
        .await
        .is(200);
    assert_eq!(of_catalog.each("id"), [second.as_str()]);
    let taken = a.patch(&path, json!({ "displayName": "team TOOLS" })).await.is(400);
    assert_eq!(taken.at("/error/details/0/target"), "displayName");
    let moved = super::EM.replace("/v1.0", "/beta");
    a.post(
        &format!("{moved}/accessPackages/{package_id}/moveToCatalog"),
        json!({ "catalogId": other }),
    )
    .await
    .is(204);
    let catalogs = a
        .get("EM/catalogs?$filter=displayName in ('One','Other')&$expand=accessPackages($select=displayName)")
        .await
        .is(200);
    assert_eq!(catalogs.at("/value/1/accessPackages/0/displayName"), "Campaign");
    assert_eq!(catalogs.json["value"][0]["accessPackages"].as_array().map(Vec::len), Some(1));
    assert!(
        a.delete(&format!("EM/catalogs/{other}"))
            .await
            .is(400)
            .at("/error/message")
            .contains("Campaign")
    );
    a.delete(&path).await.is(204);
    a.get(&path).await.is(404);
    a.post("EM/accessPackages", json!({ "displayName": "x", "description": "y" }))
        .await
        .is(400);
    // What would hold everything many times is refused.
    let nested = a
        .get("EM/catalogs?$expand=accessPackages($expand=catalog($expand=accessPackages))")
        .await
        .is(400);
    assert!(nested.at("/error/message").contains("cannot be expanded within another"));
    // Nobody can ask for a package without a policy.
    let nobody = a.get("EM/accessPackages/filterByCurrentUser(on='allowedRequestor')").await.is(200);
    assert!(nobody.each("id").is_empty());
    a.get("EM/accessPackages/filterByCurrentUser(on='other')").await.is(400);
    assert!(a.get("EM/availableAccessPackages").await.is(200).each("id").is_empty());
    a.get(&format!("EM/availableAccessPackages/{second}/resourceRoleScopes"))
        .await
        .is(404);
}

async fn f173_packages_exclude_packages_and_groups_by_reference(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let a = &f.admin;
    let catalog = catalog(a, "One").await;
    let (one, other) = (package(a, &catalog, "Buying").await, package(a, &catalog, "Paying").await);
    let group = group(a, "Auditors").await;
    let path = format!("EM/accessPackages/{one}");
    let foreign = |tail: &str| json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/{tail}") });
    let package_ref = foreign(&format!("identityGovernance/entitlementManagement/accessPackages/{other}"));
    a.post(&format!("{path}/incompatibleAccessPackages/$ref"), package_ref.clone())
        .await
        .is(204);
    assert!(
        a.post(&format!("{path}/incompatibleAccessPackages/$ref"), package_ref)
            .await
            .status
            .is_client_error()
    );
    a.post(&format!("{path}/incompatibleGroups/$ref"), foreign(&format!("groups/{group}")))
        .await
        .is(204);
    assert_eq!(
        a.get(&format!("{path}/incompatibleAccessPackages")).await.is(200).each("id"),
        [other.as_str()]
    );
    assert_eq!(
        a.get(&format!("{path}/incompatibleGroups")).await.is(200).each("displayName"),
        ["Auditors"]
    );
    let with = a
        .get(&format!("EM/accessPackages/{other}/accessPackagesIncompatibleWith"))
        .await
        .is(200);
    assert_eq!(with.each("id"), [one.as_str()]);
    let whole = a
        .get(&format!(
            "{path}?$expand=incompatibleAccessPackages,incompatibleGroups,accessPackagesIncompatibleWith"
        ))
        .await
        .is(200);
    assert_eq!(
        (whole.at("/incompatibleAccessPackages/0/id"), whole.at("/incompatibleGroups/0/id")),
        (other.as_str(), group.as_str())
    );
    assert_eq!(whole.json["accessPackagesIncompatibleWith"], json!([]));
    let references = a.get(&format!("{path}/incompatibleAccessPackages/$ref")).await.is(200);
    assert!(references.at("/value/0/@odata.id").ends_with(&format!("/accessPackages/{other}")));
    let references = a.get(&format!("{path}/incompatibleGroups/$ref")).await.is(200);
    assert!(references.at("/value/0/@odata.id").ends_with(&format!("/groups/{group}")));
    a.delete(&format!("{path}/incompatibleAccessPackages/{other}/$ref")).await.is(204);
    a.delete(&format!("{path}/incompatibleAccessPackages/{other}/$ref")).await.is(404);
    a.delete(&format!("{path}/incompatibleGroups/$ref?@id=https://x/v1.0/groups/{group}"))
        .await
        .is(204);
    assert!(a.get(&format!("{path}/incompatibleGroups")).await.is(200).each("id").is_empty());
    a.post(&format!("{path}/incompatibleGroups/$ref"), json!({ "@odata.id": "7" }))
        .await
        .is(400);
}

async fn f173_whoever_may_not_is_refused_and_sees_no_other_catalog(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let a = &f.admin;
    let (own, other) = (catalog(a, "Own").await, catalog(a, "Unseen").await);
    let (mine, unseen) = (package(a, &own, "Mine").await, package(a, &other, "Unseen too").await);
    let owner = f.person("owner1", DirectoryRole::User).await;
    let id = owner.principal.as_ref().map(|principal| principal.id).expect("a user");
    let body = json!({
        "principalId": id, "roleDefinitionId": "ae79f266-94d4-4dab-b730-feca7e132178", "appScopeId": format!("/AccessPackageCatalog/{own}"),
    });
    a.post("roleManagement/entitlementManagement/roleAssignments", body).await.is(201);
    let owner = owner.holding(crate::domain::access::Role::CatalogOwner, &own);
    assert_eq!(owner.get("EM/catalogs").await.is(200).each("displayName"), ["Own"]);
    assert_eq!(owner.get("EM/accessPackages").await.is(200).each("displayName"), ["Mine"]);
    owner.get(&format!("EM/accessPackages/{unseen}")).await.is(404);
    owner.get(&format!("EM/catalogs/{other}/resources")).await.is(404);
    owner
        .patch(&format!("EM/accessPackages/{mine}"), json!({ "isHidden": true }))
        .await
        .is(204);
    // A group that is not theirs cannot be brought in.
    let group = group(a, "Not theirs").await;
    let refused = owner.post("EM/resourceRequests", add(&own, &group)).await.is(403);
    assert_eq!(refused.at("/error/code"), "Forbidden");
    let plain = f.person("requestor1", DirectoryRole::User).await;
    for path in [
        "EM/accessPackages",
        "EM/resources",
        "EM/resourceRequests",
        "users",
        "groups",
        "servicePrincipals",
    ] {
        let refused = plain.get(path).await.is(403);
        let code = if path.starts_with("EM") {
            "Forbidden"
        } else {
            "Authorization_RequestDenied"
        };
        assert_eq!(refused.at("/error/code"), code, "{path}");
    }
    plain
        .post(
            "EM/accessPackages",
            json!({ "displayName": "x", "description": "y", "catalog": { "id": own } }),
        )
        .await
        .is(403);
}
