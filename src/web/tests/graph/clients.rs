//! An API client with a token of its own, for the tests that let the clients of others call.

use super::Fixture;
use crate::domain::client::{ApiPermission, ClientForm, GivenPermission, GrantKind, SecretForm};
use crate::paths;
use crate::service::clients;

/// The access token of an API client that may do what an administrator does.
pub async fn client_token(at: &Fixture) -> String {
    let app = &at.server.bench.app;
    let admin = at.admin.principal.as_ref().expect("an administrator");
    let form = ClientForm {
        name: "Replay".into(),
        ..ClientForm::default()
    };
    let client = clients::create(app, admin, &form).await.expect("a client");
    let form = SecretForm {
        name: "Replay".into(),
        days: "30".into(),
    };
    let secret = clients::add_secret(app, admin, client, &form).await.expect("a secret");
    for permission in [
        ApiPermission::EntitlementManagementReadWrite,
        ApiPermission::UserReadWrite,
        ApiPermission::GroupReadWrite,
    ] {
        let given = GivenPermission {
            kind: GrantKind::Application,
            permission,
        };
        clients::give_permission(app, admin, client, given).await.expect("given");
    }
    let fields = [
        ("grant_type", "client_credentials"),
        ("scope", "http://127.0.0.1:3000/.default"),
        ("client_id", &client.to_string()),
        ("client_secret", &secret),
    ];
    let answer = at.server.browser().post(paths::TOKEN, &fields).await;
    let answer: serde_json::Value = serde_json::from_str(&answer.text).expect("JSON");
    answer["access_token"].as_str().expect("a token").to_owned()
}
