//! Settings of external users and people as subjects of access through the API.

use serde_json::json;

use super::story::Story;
use crate::args;
use crate::both_databases;
use crate::testing::TestApp;

both_databases!(f161_settings_are_read_and_changed, f162_subjects_are_listed_and_governed);

async fn f161_settings_are_read_and_changed(bench: TestApp) {
    let s = Story::new(bench).await;
    let a = &s.admin;
    let read = a.get("EM/settings").await.is(200);
    assert_eq!(read.at("/externalUserLifecycleAction"), "blockSignInAndDelete");
    assert_eq!(read.at("/durationUntilExternalUserDeletedAfterBlocked"), "P30D");
    let change = json!({ "externalUserLifecycleAction": "None", "durationUntilExternalUserDeletedAfterBlocked": "P7D" });
    a.patch("EM/settings", change).await.is(204);
    let read = a.get("EM/settings").await.is(200);
    assert_eq!(read.at("/externalUserLifecycleAction"), "none");
    assert_eq!(read.at("/durationUntilExternalUserDeletedAfterBlocked"), "P7D");
    let beta = "/beta/identityGovernance/entitlementManagement/settings";
    a.patch(beta, json!({ "daysUntilExternalUserDeletedAfterBlocked": 3 }))
        .await
        .is(204);
    assert_eq!(a.get(beta).await.is(200).json["daysUntilExternalUserDeletedAfterBlocked"], 3);
    for bad in ["PT5H", "-P1D", "soon", "P9999D"] {
        let refused = a
            .patch("EM/settings", json!({ "durationUntilExternalUserDeletedAfterBlocked": bad }))
            .await
            .is(400);
        assert!(
            refused.text.contains("durationUntilExternalUserDeletedAfterBlocked"),
            "{}",
            refused.text
        );
    }
    s.manager.get("EM/settings").await.is(403);
    s.manager
        .patch("EM/settings", json!({ "externalUserLifecycleAction": "none" }))
        .await
        .is(403);
}

async fn f162_subjects_are_listed_and_governed(bench: TestApp) {
    let s = Story::new(bench).await;
    let a = &s.admin;
    let source = json!([{ "@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "partner.example" }]);
    let partner = json!({ "displayName": "Partner", "identitySources": source });
    let organization = a.post("EM/connectedOrganizations", partner).await.is(201).at("/id").to_owned();
    let guest = s.stranger_id.parse::<uuid::Uuid>().expect("an id");
    let mut tx = s.server.bench.app.store.write().await.expect("tx");
    tx.exec(
        "UPDATE users SET kind = 'guest', mail = 'pia@partner.example' WHERE id = $1",
        args![guest],
    )
    .await
    .expect("a guest");
    tx.commit().await.expect("commit");
    let by_id = format!("EM/subjects?$filter=objectId eq '{guest}'&$expand=connectedOrganization");
    let found = a.get(&by_id).await.is(200);
    assert_eq!(found.at("/value/0/subjectLifecycle"), "notGoverned");
    assert_eq!(found.at("/value/0/connectedOrganization/displayName"), "Partner");
    a.patch(&format!("EM/subjects/{guest}"), json!({ "subjectLifecycle": "governed" }))
        .await
        .is(204);
    let by_function = format!("EM/subjects(objectId='{guest}')");
    assert_eq!(a.get(&by_function).await.is(200).at("/subjectLifecycle"), "governed");
    let governed = a.get("EM/subjects?$filter=subjectLifecycle eq 'governed'").await.is(200);
    assert_eq!(governed.each("objectId"), [guest.to_string()]);
    let same = json!({ "subjectLifecycle": "notGoverned", "connectedOrganizationId": organization });
    a.patch(&by_function, same).await.is(204);
    assert_eq!(a.get(&by_function).await.is(200).at("/subjectLifecycle"), "notGoverned");
    let other = json!({ "connectedOrganizationId": crate::testing::unknown() });
    a.patch(&by_function, other).await.is(400);
    let member = format!("EM/subjects/{}", s.user_id);
    let refused = a.patch(&member, json!({ "subjectLifecycle": "governed" })).await;
    assert!(
        refused.status.is_client_error() && refused.text.contains("Only guests"),
        "{}",
        refused.text
    );
    assert_eq!(a.get(&member).await.is(200).at("/subjectLifecycle"), "notDefined");
    // Whoever manages one catalog sees those alone who have or had something of it.
    s.manager.get(&by_function).await.is(404);
    s.manager
        .patch(&by_function, json!({ "subjectLifecycle": "governed" }))
        .await
        .is(404);
    s.user.get("EM/subjects").await.is(403);
}
