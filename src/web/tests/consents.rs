//! What a person lets clients do: seen and ended by themselves, and named in the trail with whatever a client changes for them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::tokens::{CATALOGS, READ_FOR, Stage, VERIFIER, WRITE_FOR, text};
use crate::both_databases;
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::service::audit;
use crate::testing::TestApp;

both_databases!(
    f175_a_person_sees_and_ends_what_clients_may_do_for_them,
    f167_what_a_client_changes_for_a_person_names_both,
);

const SCOPE: &str = "offline_access EntitlementManagement.Read.All";

async fn f175_a_person_sees_and_ends_what_clients_may_do_for_them(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ_FOR]).await;
    for name in ["reader", "other"] {
        stage.server.person(name, DirectoryRole::IdentityGovernanceAdministrator).await;
    }
    let mut own = stage.server.signed_in("reader").await;
    assert!(own.get(paths::MY_APPS).await.text.contains("No app may act for you."));
    let code = stage.allowed(&mut own, SCOPE).await;
    let given = stage.exchange(&code, VERIFIER).await;
    let token = text(&given, "access_token");
    let listed = async |browser: &mut super::Browser| -> Value {
        serde_json::from_str(&browser.call("consents/list", &json!({})).await.text).expect("JSON")
    };
    let before = listed(&mut own).await;
    assert_eq!(
        (&before[0]["client"]["name"], &before[0]["last_used_at"]),
        (&json!("Sync"), &Value::Null),
        "{before}"
    );
    assert_eq!(stage.status(&token).await, StatusCode::OK);
    stage.server.uses_are_noted().await;
    assert!(!listed(&mut own).await[0]["last_used_at"].is_null());
    let page = own.get(paths::MY_APPS).await;
    assert_eq!(page.status, StatusCode::OK);
    for says in [
        "Apps with access",
        "Sync",
        "see catalogs, access packages",
        "Signed in for you, until you end that",
    ] {
        assert!(page.text.contains(says), "{says}: {}", page.text);
    }
    // Nobody else sees it or ends it.
    let mut other = stage.server.signed_in("other").await;
    assert_eq!(listed(&mut other).await, json!([]));
    let id = stage.client.to_string();
    let foreign = other.call("consents/withdraw", &json!({ "id": id })).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(stage.status(&token).await, StatusCode::OK);
    // A plain form ends it: the token, the refresh token, and a code that was on its way.
    let late = own.get(&stage.link(SCOPE, &[])).await.location().to_owned();
    let late = late
        .split("code=")
        .nth(1)
        .and_then(|rest| rest.split('&').next())
        .expect("a code")
        .to_owned();
    let ended = own.post(paths::MY_APPS, &[("client", &id)]).await;
    assert_eq!(
        (ended.status, ended.location()),
        (StatusCode::SEE_OTHER, paths::MY_APPS),
        "{}",
        ended.text
    );
    assert_eq!(stage.status(&token).await, StatusCode::UNAUTHORIZED);
    let refresh = text(&given, "refresh_token");
    let refreshed = stage
        .with_secret(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)])
        .await;
    assert_eq!(text(&refreshed, "error"), "invalid_grant");
    assert_eq!(text(&stage.exchange(&late, VERIFIER).await, "error"), "invalid_grant");
    assert_eq!(own.get(&stage.link(SCOPE, &[])).await.status, StatusCode::OK, "it asks again");
    let again = own.post(paths::MY_APPS, &[("client", &id)]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    for bad in ["", "7", "' OR 1=1 --"] {
        assert_eq!(
            own.post(paths::MY_APPS, &[("client", bad)]).await.status,
            StatusCode::NOT_FOUND,
            "{bad}"
        );
    }
    let sql =
        "SELECT count(*) FROM audit WHERE activity = 'revoke_client_consent' AND actor_name = 'reader the Person' AND client_id IS NULL";
    assert_eq!(stage.server.count(sql).await, 1);
}

async fn f167_what_a_client_changes_for_a_person_names_both(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[WRITE_FOR]).await;
    stage
        .server
        .person("governor", DirectoryRole::IdentityGovernanceAdministrator)
        .await;
    let mut browser = stage.server.signed_in("governor").await;
    let code = stage.allowed(&mut browser, "EntitlementManagement.ReadWrite.All").await;
    let token = text(&stage.exchange(&code, VERIFIER).await, "access_token");
    let body = json!({ "displayName": "Loot", "description": "Loot" });
    let made = stage.call("POST", CATALOGS, &token, Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let form = json!({ "name": "By hand", "description": "By hand", "enabled": true, "external": false });
    let by_hand = browser.call("catalogs/create", &json!({ "form": form })).await;
    assert_eq!(by_hand.status, StatusCode::OK, "{}", by_hand.text);
    let sql = "SELECT count(*) FROM audit WHERE activity = 'create_catalog' AND actor_kind = 'user' AND actor_name = 'governor the Person'
        AND client_name = 'Sync'";
    assert_eq!(stage.server.count(sql).await, 1);
    // The list names it, its details lead to it, and so does every file of the trail.
    let query = json!({ "query": { "activity": "create_catalog", "search": "", "outcome": null, "actor": null, "target": null,
        "correlation": null, "row": null, "from": null, "until": null, "page": {} } });
    let found: Value = serde_json::from_str(&browser.call("audit/list", &query).await.text).expect("JSON");
    let clients: Vec<&Value> = found["items"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["client"]["name"])
        .collect();
    assert_eq!(clients, [&Value::Null, &json!("Sync")], "{found}");
    let row = found["items"][1]["id"].as_str().expect("an id").to_owned();
    let page = browser.get(&format!("/admin/audit/{row}")).await;
    assert!(page.text.contains("Through the client"), "{}", page.text);
    let file = browser.get("/admin/export/audit?activity=create_catalog").await;
    assert!(
        file.text.lines().next().is_some_and(|head| head.contains("Through")),
        "{}",
        file.text
    );
    assert_eq!(file.text.lines().filter(|line| line.contains("Sync")).count(), 1, "{}", file.text);
    let app = &stage.server.bench.app;
    while audit::seal(app).await.expect("sealed") > 0 {}
    let mut export = audit::Export::new(None, None);
    let mut lines = Vec::new();
    loop {
        let next = export.next(app).await.expect("lines");
        if next.is_empty() {
            break;
        }
        lines.extend(next);
    }
    let named = lines.iter().filter(|line| line.contains("\"client\":{\"id\":")).count();
    assert_eq!(named, 2, "the catalog and the role in it: {lines:?}");
    // Whoever takes the client out of the row breaks the chain.
    assert_eq!(audit::verify(app, None).await.expect("a verdict").faults, []);
    let mut tx = app.store.write().await.expect("tx");
    tx.exec(
        "UPDATE audit SET client_id = NULL, client_name = NULL WHERE activity = 'create_catalog'",
        vec![],
    )
    .await
    .expect("changed");
    tx.commit().await.expect("commit");
    assert_eq!(audit::verify(app, None).await.expect("a verdict").faults.len(), 1);
}
