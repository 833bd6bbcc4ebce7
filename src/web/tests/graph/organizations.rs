//! Connected organizations through the API: their life, their sponsors, and policies that name them.

use serde_json::json;

use super::story::Story;
use crate::both_databases;
use crate::testing::TestApp;

both_databases!(
    f158_organizations_are_made_listed_changed_and_deleted,
    f158_sponsors_are_references_to_users_and_groups,
    f158_policies_name_organizations,
);

fn partner() -> serde_json::Value {
    json!({
        "displayName": "Partner",
        "description": "Builds the bridge",
        "identitySources": [{
            "@odata.type": "#microsoft.graph.domainIdentitySource",
            "domainName": "Partner.Example",
            "displayName": "Partner.Example",
        }],
        "state": "proposed",
    })
}

async fn f158_organizations_are_made_listed_changed_and_deleted(bench: TestApp) {
    let s = Story::new(bench).await;
    let a = &s.admin;
    let made = a.post("EM/connectedOrganizations", partner()).await.is(201);
    let id = made.at("/id").to_owned();
    assert_eq!(made.at("/state"), "proposed");
    assert_eq!(made.at("/identitySources/0/domainName"), "partner.example");
    assert_eq!(made.at("/identitySources/0/@odata.type"), "#microsoft.graph.domainIdentitySource");
    a.post("EM/connectedOrganizations", partner()).await.is(400);
    a.post("EM/connectedOrganizations", json!({ "displayName": "None" })).await.is(400);
    let tenant = json!({
        "displayName": "Tenant",
        "identitySources": [{ "@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "tenantId": id }],
    });
    let refused = a.post("EM/connectedOrganizations", tenant).await.is(400);
    assert!(refused.text.contains("domainIdentitySource"), "{}", refused.text);
    let path = format!("EM/connectedOrganizations/{id}");
    a.patch(&path, json!({ "displayName": "Partners", "state": "configured" }))
        .await
        .is(204);
    let read = a.get(&path).await.is(200);
    assert_eq!((read.at("/displayName"), read.at("/state")), ("Partners", "configured"));
    assert_eq!(
        (read.at("/description"), read.at("/identitySources/0/domainName")),
        ("Builds the bridge", "partner.example")
    );
    for (filter, found) in [
        ("displayName eq 'partners'", 1),
        ("state eq 'configured'", 1),
        ("state eq 'proposed'", 0),
        ("displayName eq 'x' or startswith(displayName,'Part')", 1),
    ] {
        let list = a
            .get(&format!("EM/connectedOrganizations?$filter={filter}&$count=true"))
            .await
            .is(200);
        assert_eq!(list.each("id").len(), found, "{filter}");
    }
    a.delete(&path).await.is(204);
    a.get(&path).await.is(404);
    // A catalog owner sees them, to name them in policies; a requestor does not, and neither changes them.
    s.manager.get("EM/connectedOrganizations").await.is(200);
    s.user.get("EM/connectedOrganizations").await.is(403);
    s.manager.post("EM/connectedOrganizations", partner()).await.is(403);
}

async fn f158_sponsors_are_references_to_users_and_groups(bench: TestApp) {
    let s = Story::new(bench).await;
    let a = &s.admin;
    let id = a.post("EM/connectedOrganizations", partner()).await.is(201).at("/id").to_owned();
    let path = format!("EM/connectedOrganizations/{id}");
    let user = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{}", s.user_id) });
    let group = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/groups/{}", s.group) });
    a.post(&format!("{path}/internalSponsors/$ref"), user.clone()).await.is(204);
    a.post(&format!("{path}/internalSponsors/$ref"), group.clone()).await.is(204);
    a.post(&format!("{path}/externalSponsors/$ref"), group).await.is(204);
    a.post(&format!("{path}/internalSponsors/$ref"), user.clone()).await.is(400);
    let refused = a.post(&format!("{path}/externalSponsors/$ref"), user).await.is(400);
    assert!(refused.text.contains("External sponsors are guests"), "{}", refused.text);
    let unknown = json!({ "@odata.id": format!("https://x/{}", crate::testing::unknown()) });
    a.post(&format!("{path}/internalSponsors/$ref"), unknown).await.is(400);
    let internal = a.get(&format!("{path}/internalSponsors")).await.is(200);
    assert_eq!(internal.each("displayName"), ["Marketing resources", "Requestor1"]);
    assert_eq!(internal.at("/value/1/@odata.type"), "#microsoft.graph.user");
    let whole = a
        .get(&format!("EM/connectedOrganizations/{id}?$expand=internalSponsors,externalSponsors"))
        .await
        .is(200);
    assert_eq!(whole.at("/externalSponsors/0/id"), s.group);
    assert_eq!(whole.at("/internalSponsors/1/id"), s.user_id);
    a.delete(&format!("{path}/internalSponsors/{}/$ref", s.user_id)).await.is(204);
    a.delete(&format!("{path}/internalSponsors/$ref?@id=https://x/groups/{}", s.group))
        .await
        .is(204);
    a.delete(&format!("{path}/internalSponsors/{}/$ref", s.user_id)).await.is(404);
    assert_eq!(a.get(&format!("{path}/internalSponsors")).await.is(200).each("id").len(), 0);
    assert_eq!(a.get(&format!("{path}/externalSponsors")).await.is(200).each("id").len(), 1);
}

async fn f158_policies_name_organizations(bench: TestApp) {
    let s = Story::new(bench).await;
    let a = &s.admin;
    let id = a.post("EM/connectedOrganizations", partner()).await.is(201).at("/id").to_owned();
    let policy = |scope: &str, targets: serde_json::Value| {
        json!({
            "displayName": scope,
            "allowedTargetScope": scope,
            "specificAllowedTargets": targets,
            "expiration": { "type": "afterDuration", "duration": "P30D" },
            "requestorSettings": { "enableTargetsToSelfAddAccess": true },
            "requestApprovalSettings": {
                "isApprovalRequiredForAdd": true,
                "stages": [{
                    "durationBeforeAutomaticDenial": "P14D",
                    "primaryApprovers": [{ "@odata.type": "#microsoft.graph.internalSponsors" }],
                    "fallbackPrimaryApprovers": [{ "@odata.type": "#microsoft.graph.singleUser", "userId": s.approver_id }],
                }],
            },
            "accessPackage": { "id": s.package },
        })
    };
    let members = json!([{ "@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": id }]);
    let made = a
        .post(
            "EM/assignmentPolicies",
            policy("specificConnectedOrganizationUsers", members.clone()),
        )
        .await
        .is(201);
    assert_eq!(made.at("/specificAllowedTargets/0/connectedOrganizationId"), id);
    assert_eq!(made.at("/specificAllowedTargets/0/description"), "Partner");
    for scope in ["allConfiguredConnectedOrganizationUsers", "allExternalUsers"] {
        let made = a.post("EM/assignmentPolicies", policy(scope, json!([]))).await.is(201);
        assert_eq!(made.at("/allowedTargetScope"), scope);
    }
    for (scope, targets) in [
        ("specificDirectoryUsers", members),
        ("specificConnectedOrganizationUsers", json!([])),
        (
            "specificConnectedOrganizationUsers",
            json!([{ "@odata.type": "#microsoft.graph.singleUser", "userId": s.user_id }]),
        ),
        (
            "specificConnectedOrganizationUsers",
            json!([{ "@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": s.user_id }]),
        ),
    ] {
        let mut body = policy(scope, targets);
        body["displayName"] = json!("Refused");
        let refused = a.post("EM/assignmentPolicies", body).await.is(400);
        assert!(refused.text.contains("specificAllowedTargets"), "{}", refused.text);
    }
    let refused = a.delete(&format!("EM/connectedOrganizations/{id}")).await;
    assert!(
        refused.status.is_client_error() && refused.text.contains("Marketing Campaign"),
        "{}",
        refused.text
    );
}
