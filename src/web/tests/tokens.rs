//! Tokens of the API over HTTP: every way to one, what each is good for, and what stops it at once.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::Duration;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Browser, PASSWORD, TestServer};
use crate::domain::access::Principal;
use crate::domain::client::{ApiPermission, ClientForm, GivenPermission, GrantKind, KeyForm, SecretForm};
use crate::domain::id::{ClientId, UserId};
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::service::tokens::jws;
use crate::service::{clients, users};
use crate::testing::{TestApp, actor};
use crate::{args, both_databases};

both_databases!(
    f173_a_client_calls_with_a_token_of_its_own,
    f173_what_was_taken_from_a_client_stops_its_token_at_once,
    f173_a_client_signs_who_it_is_and_no_assertion_serves_twice,
    f173_a_person_lets_a_client_act_for_them,
    f173_a_code_and_a_refresh_token_serve_once,
    f173_a_device_is_signed_in_elsewhere,
    f173_a_person_s_token_ends_with_what_they_are,
    f173_tokens_that_were_not_given_here_open_nothing,
    f173_failed_sign_ins_of_clients_are_limited_and_written_down,
    f173_a_caller_beyond_the_limit_waits,
    f173_every_call_of_a_batch_is_counted,
    f173_a_client_finds_out_by_itself_what_there_is,
    f173_keys_are_rotated_while_their_tokens_hold,
);

pub(super) const CALLBACK: &str = "https://app.example/callback?from=woodgate";
pub(super) const CATALOGS: &str = "/v1.0/identityGovernance/entitlementManagement/catalogs";

/// A service with a client that has a secret.
pub(super) struct Stage {
    pub server: TestServer,
    pub admin: Principal,
    pub client: ClientId,
    secret: String,
}

impl Stage {
    /// A client with a secret and these permissions.
    pub async fn set(bench: TestApp, settings: &[(&str, &str)], given: &[(GrantKind, ApiPermission)]) -> Self {
        let server = TestServer::set(bench, settings);
        let app = &server.bench.app;
        let id = server.person("admin1", DirectoryRole::GlobalAdministrator).await;
        let admin = Principal {
            id: id.0,
            ..actor(DirectoryRole::GlobalAdministrator)
        };
        let form = ClientForm {
            name: "Sync".into(),
            redirects: CALLBACK.into(),
            ..ClientForm::default()
        };
        let client = clients::create(app, &admin, &form).await.expect("a client");
        let form = SecretForm {
            name: "CI".into(),
            days: "30".into(),
        };
        let secret = clients::add_secret(app, &admin, client, &form).await.expect("a secret");
        for &(kind, permission) in given {
            let given = GivenPermission { kind, permission };
            clients::give_permission(app, &admin, client, given).await.expect("given");
        }
        Self {
            server,
            admin,
            client,
            secret,
        }
    }

    pub async fn version(&self) -> i64 {
        let detail = clients::get(&self.server.bench.app, &self.admin, self.client).await;
        detail.expect("a client").version
    }

    pub async fn ask(&self, fields: &[(&str, &str)]) -> Answer {
        self.server.browser().post(paths::TOKEN, fields).await
    }

    /// With the client's secret in the form.
    pub async fn with_secret(&self, fields: &[(&str, &str)]) -> Answer {
        let id = self.client.to_string();
        let own = [("client_id", id.as_str()), ("client_secret", self.secret.as_str())];
        self.ask(&[&own, fields].concat()).await
    }

    async fn own_token(&self) -> String {
        let answer = self.with_secret(&OWN).await;
        text(&answer, "access_token")
    }

    pub async fn call(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .expect("a request");
        self.server.browser().send(request).await
    }

    pub async fn status(&self, token: &str) -> StatusCode {
        self.call("GET", CATALOGS, token, None).await.status
    }
}

pub(super) const OWN: [(&str, &str); 2] = [("grant_type", "client_credentials"), ("scope", "http://127.0.0.1:3000/.default")];

pub(super) fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {} {}", answer.status, answer.text))
}

pub(super) fn text(answer: &Answer, name: &str) -> String {
    let body = json_of(answer);
    body[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}")).to_owned()
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("claims");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("claims")
}

pub(super) const READ: (GrantKind, ApiPermission) = (GrantKind::Application, ApiPermission::EntitlementManagementRead);
const WRITE: (GrantKind, ApiPermission) = (GrantKind::Application, ApiPermission::EntitlementManagementReadWrite);
pub(super) const READ_FOR: (GrantKind, ApiPermission) = (GrantKind::Delegated, ApiPermission::EntitlementManagementRead);
pub(super) const WRITE_FOR: (GrantKind, ApiPermission) = (GrantKind::Delegated, ApiPermission::EntitlementManagementReadWrite);
const ME_FOR: (GrantKind, ApiPermission) = (GrantKind::Delegated, ApiPermission::UserRead);

async fn f173_a_client_calls_with_a_token_of_its_own(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ]).await;
    let answer = stage.with_secret(&OWN).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(
        (answer.header("cache-control"), &json_of(&answer)["expires_in"]),
        ("no-store", &json!(3600))
    );
    let token = text(&answer, "access_token");
    let said = claims(&token);
    assert_eq!(said["roles"], json!(["EntitlementManagement.Read.All"]));
    assert_eq!(said["appid"], json!(stage.client));
    assert_eq!(stage.status(&token).await, StatusCode::OK);
    // It reads; it changes nothing.
    let body = json!({ "displayName": "Loot", "description": "Loot" });
    let refused = stage.call("POST", CATALOGS, &token, Some(body.clone())).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    // In the header, the same.
    let basic = STANDARD.encode(format!("{}:{}", stage.client, stage.secret));
    let request = Request::post("/common/oauth2/v2.0/token")
        .header(AUTHORIZATION, format!("Basic {basic}"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(
            "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default",
        ))
        .expect("a request");
    let answer = stage.server.browser().send(request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    // More is given: a new token may more, the old one not.
    let given = GivenPermission {
        kind: WRITE.0,
        permission: WRITE.1,
    };
    let app = &stage.server.bench.app;
    clients::give_permission(app, &stage.admin, stage.client, given)
        .await
        .expect("given");
    let old = stage.call("POST", CATALOGS, &token, Some(body.clone())).await;
    assert_eq!(old.status, StatusCode::FORBIDDEN);
    let new = stage.own_token().await;
    let made = stage.call("POST", CATALOGS, &new, Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let sql = "SELECT count(*) FROM audit WHERE activity = 'create_catalog' AND actor_kind = 'client' AND actor_name = 'Sync'";
    assert_eq!(stage.server.count(sql).await, 1);
    let sql = "SELECT count(*) FROM audit WHERE activity = 'sign_in' AND actor_kind = 'client'";
    assert_eq!(stage.server.count(sql).await, 3);
    stage.server.uses_are_noted().await;
    assert_eq!(
        stage
            .server
            .count("SELECT count(*) FROM clients WHERE last_used_at IS NOT NULL")
            .await,
        1
    );
    for (fields, error) in [
        (vec![OWN[1]], "invalid_request"),
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![OWN[0], ("scope", "EntitlementManagement.Read.All")], "invalid_scope"),
        (vec![OWN[0], ("scope", "https://other.example/.default")], "invalid_scope"),
    ] {
        let answer = stage.with_secret(&fields).await;
        assert_eq!((answer.status, text(&answer, "error").as_str()), (StatusCode::BAD_REQUEST, error));
    }
    let elsewhere = stage.server.browser().post("/other/oauth2/v2.0/token", &OWN).await;
    assert_eq!(text(&elsewhere, "error"), "invalid_request");
}

async fn f173_what_was_taken_from_a_client_stops_its_token_at_once(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ]).await;
    let app = &stage.server.bench.app;
    let token = stage.own_token().await;
    let given = GivenPermission {
        kind: READ.0,
        permission: READ.1,
    };
    clients::take_permission(app, &stage.admin, stage.client, given)
        .await
        .expect("taken");
    assert_eq!(stage.status(&token).await, StatusCode::FORBIDDEN);
    clients::give_permission(app, &stage.admin, stage.client, given)
        .await
        .expect("given");
    assert_eq!(stage.status(&token).await, StatusCode::OK);
    let version = stage.version().await;
    clients::set_enabled(app, &stage.admin, stage.client, version, false)
        .await
        .expect("disabled");
    assert_eq!(stage.status(&token).await, StatusCode::UNAUTHORIZED);
    assert_eq!(text(&stage.with_secret(&OWN).await, "error"), "invalid_client");
    clients::set_enabled(app, &stage.admin, stage.client, version + 1, true)
        .await
        .expect("enabled");
    assert_eq!(stage.status(&token).await, StatusCode::OK);
    stage.server.bench.clock.advance(Duration::minutes(60));
    assert_eq!(stage.status(&token).await, StatusCode::UNAUTHORIZED);
    let token = stage.own_token().await;
    stage.server.bench.clock.advance(Duration::days(30));
    assert_eq!(text(&stage.with_secret(&OWN).await, "error"), "invalid_client");
    clients::delete(app, &stage.admin, stage.client, version + 2)
        .await
        .expect("deleted");
    assert_eq!(stage.status(&token).await, StatusCode::UNAUTHORIZED);
}

/// A key, and its public half in PEM form.
fn key() -> (Vec<u8>, String) {
    let (private, point) = jws::new_key().expect("a key");
    let head = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
        0x07, 0x03, 0x42, 0x00,
    ];
    let der = STANDARD.encode([&head[..], &point].concat());
    (private, format!("-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----"))
}

async fn f173_a_client_signs_who_it_is_and_no_assertion_serves_twice(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ]).await;
    let app = &stage.server.bench.app;
    let (private, pem) = key();
    let form = KeyForm {
        name: "Signer".into(),
        key: pem,
    };
    clients::add_key(app, &stage.admin, stage.client, &form).await.expect("a key");
    let now = app.clock.now().timestamp();
    let own = stage.client.to_string();
    let good = json!({
        "iss": own, "sub": own, "aud": "http://127.0.0.1:3000/common/oauth2/v2.0/token", "exp": now + 300, "jti": "one",
    });
    let ask = async |claims: &Value, private: &[u8]| {
        let assertion = jws::sign(private, "any", claims).expect("signed");
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let fields = [("client_assertion_type", kind), ("client_assertion", assertion.as_str())];
        stage.ask(&[&OWN[..], &fields].concat()).await
    };
    let answer = ask(&good, &private).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let again = ask(&good, &private).await;
    assert_eq!(
        (again.status, text(&again, "error").as_str()),
        (StatusCode::UNAUTHORIZED, "invalid_client")
    );
    for (name, value) in [
        ("jti", json!("")),
        ("aud", json!("https://other.example/oauth2/v2.0/token")),
        ("exp", json!(now - 600)),
        ("exp", json!(now + 7_200)),
        ("iss", json!(Uuid::nil())),
        ("nbf", json!(now + 3_600)),
    ] {
        let mut bad = good.clone();
        bad["jti"] = json!(format!("bad {name}"));
        bad[name] = value;
        let answer = ask(&bad, &private).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name} {}", answer.text);
    }
    let mut other = good.clone();
    other["jti"] = json!("two");
    assert_eq!(ask(&other, &key().0).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&other, &private).await.status, StatusCode::OK);
}

pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

impl Stage {
    pub fn link(&self, scope: &str, more: &[(&str, &str)]) -> String {
        let id = self.client.to_string();
        let challenge = jws::challenge_of(VERIFIER);
        let fields = [
            ("client_id", id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", CALLBACK),
            ("scope", scope),
            ("state", "a b&c"),
            ("nonce", "n1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        paths::with_query(paths::AUTHORIZE, &[&fields[..], more].concat())
    }

    /// The person says yes, and the browser is sent back with a code.
    pub async fn allowed(&self, browser: &mut Browser, scope: &str) -> String {
        let link = self.link(scope, &[]);
        let page = browser.get(&link).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("Sync asks to act for you"), "{}", page.text);
        assert!(
            page.header("content-security-policy")
                .contains("form-action 'self' https://app.example;"),
            "{}",
            page.header("content-security-policy")
        );
        let fields = format!("{}&decision=allow", link.split_once('?').expect("a query").1);
        let request = Request::post(paths::AUTHORIZE)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(fields))
            .expect("a request");
        code(&browser.send(request).await)
    }

    pub async fn exchange(&self, code: &str, verifier: &str) -> Answer {
        self.with_secret(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
        ])
        .await
    }
}

fn code(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let address = answer.location();
    assert!(address.starts_with(&format!("{CALLBACK}&code=")), "{address}");
    assert!(address.contains("&state=a%20b%26c&iss="), "{address}");
    let after = address.split("code=").nth(1).expect("a code");
    after.split('&').next().expect("a code").to_owned()
}

async fn f173_a_person_lets_a_client_act_for_them(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ_FOR, ME_FOR]).await;
    stage.server.person("reader", DirectoryRole::IdentityGovernanceAdministrator).await;
    stage.server.person("nobody", DirectoryRole::User).await;
    let scope = "openid offline_access EntitlementManagement.Read.All";
    // Who is not signed in signs in first, and comes back to the link.
    let mut browser = stage.server.browser();
    let away = browser.get(&stage.link(scope, &[])).await;
    assert!(away.location().starts_with("/sign-in?return="), "{}", away.location());
    browser.sign_in("reader", PASSWORD).await;
    let code_of = stage.allowed(&mut browser, scope).await;
    let answer = stage.exchange(&code_of, VERIFIER).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let (token, about) = (text(&answer, "access_token"), claims(&text(&answer, "id_token")));
    assert_eq!((&about["nonce"], &about["preferred_username"]), (&json!("n1"), &json!("reader")));
    assert_eq!(claims(&token)["scp"], json!("EntitlementManagement.Read.All"));
    assert_eq!(stage.status(&token).await, StatusCode::OK);
    // The id token is none for the API.
    assert_eq!(stage.status(&text(&answer, "id_token")).await, StatusCode::UNAUTHORIZED);
    // Asked once: the next time the browser goes straight back, unless it is asked for more.
    code(&browser.get(&stage.link(scope, &[])).await);
    assert_eq!(
        browser.get(&stage.link(scope, &[("prompt", "consent")])).await.status,
        StatusCode::OK
    );
    assert_eq!(browser.get(&stage.link("User.Read", &[])).await.status, StatusCode::OK);
    let none = browser.get(&stage.link("User.Read", &[("prompt", "none")])).await;
    assert!(none.location().contains("error=consent_required"), "{}", none.location());
    // Whoever may not see catalogs may not through a client either.
    let mut other = stage.server.signed_in("nobody").await;
    let code_of = stage.allowed(&mut other, scope).await;
    let token = text(&stage.exchange(&code_of, VERIFIER).await, "access_token");
    assert_eq!(stage.status(&token).await, StatusCode::FORBIDDEN);
    // What the client was not given, it can't ask anybody for; and nobody is sent to an address that is not registered.
    let more = other.get(&stage.link("EntitlementManagement.ReadWrite.All", &[])).await;
    assert!(more.location().contains("error=invalid_scope"), "{}", more.location());
    let plain = other.get(&stage.link(scope, &[]).replace("S256", "plain")).await;
    assert!(plain.location().contains("error=invalid_request"), "{}", plain.location());
    for bad in ["https%3A%2F%2Fevil.example%2F", "https%3A%2F%2Fapp.example%2Fother"] {
        let link = stage
            .link(scope, &[])
            .replace("https%3A%2F%2Fapp.example%2Fcallback%3Ffrom%3Dwoodgate", bad);
        let answer = other.get(&link).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""), "{link}");
    }
    let fields = stage.link(scope, &[]);
    let fields: Vec<(String, String)> = fields.split_once('?').expect("a query").1.split('&').filter_map(pair).collect();
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("decision", "deny"));
    let denied = other.post(paths::AUTHORIZE, &fields).await;
    assert!(denied.location().contains("error=access_denied"), "{}", denied.location());
    let sql = "SELECT count(*) FROM audit WHERE activity = 'consent_to_client'";
    assert_eq!(stage.server.count(sql).await, 2);
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    Some((
        name.to_owned(),
        percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned(),
    ))
}

async fn f173_a_code_and_a_refresh_token_serve_once(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ_FOR]).await;
    stage.server.person("reader", DirectoryRole::IdentityGovernanceAdministrator).await;
    let mut browser = stage.server.signed_in("reader").await;
    let scope = "offline_access EntitlementManagement.Read.All";
    let first = stage.allowed(&mut browser, scope).await;
    assert_eq!(text(&stage.exchange(&first, "another-verifier").await, "error"), "invalid_grant");
    // It was shown with something wrong beside it, and is over.
    assert_eq!(text(&stage.exchange(&first, VERIFIER).await, "error"), "invalid_grant");
    let late = code(&browser.get(&stage.link(scope, &[])).await);
    stage.server.bench.clock.advance(Duration::minutes(5));
    assert_eq!(text(&stage.exchange(&late, VERIFIER).await, "error"), "invalid_grant");
    let second = code(&browser.get(&stage.link(scope, &[])).await);
    let answer = stage.exchange(&second, VERIFIER).await;
    let token = text(&answer, "access_token");
    assert_eq!(stage.status(&token).await, StatusCode::OK);
    // The second use of a code ends what came of the first.
    assert_eq!(text(&stage.exchange(&second, VERIFIER).await, "error"), "invalid_grant");
    assert_eq!(stage.status(&token).await, StatusCode::UNAUTHORIZED);
    let third = code(&browser.get(&stage.link(scope, &[])).await);
    let answer = stage.exchange(&third, VERIFIER).await;
    let refresh = async |token: &str| {
        stage
            .with_secret(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    };
    let (one, two) = (text(&answer, "refresh_token"), refresh(&text(&answer, "refresh_token")).await);
    assert_eq!(two.status, StatusCode::OK, "{}", two.text);
    let token = text(&two, "access_token");
    assert_eq!(stage.status(&token).await, StatusCode::OK);
    // The second use of a refresh token ends the whole sign-in.
    assert_eq!(text(&refresh(&one).await, "error"), "invalid_grant");
    assert_eq!(stage.status(&token).await, StatusCode::UNAUTHORIZED);
    assert_eq!(text(&refresh(&text(&two, "refresh_token")).await, "error"), "invalid_grant");
    let sql = "SELECT count(*) FROM audit WHERE activity = 'end_client_sign_in'";
    assert_eq!(stage.server.count(sql).await, 2);
    // Nothing secret is kept as it is.
    let mut tx = stage.server.bench.app.store.read().await.expect("tx");
    let kept: Vec<String> = tx
        .column(
            "SELECT hash FROM refresh_tokens UNION SELECT hash FROM authorization_codes",
            args![],
        )
        .await
        .expect("rows");
    assert!(kept.iter().all(|hash| *hash != one && *hash != third && hash.len() == 64));
}

async fn f173_a_device_is_signed_in_elsewhere(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[WRITE_FOR]).await;
    stage.server.person("reader", DirectoryRole::IdentityGovernanceAdministrator).await;
    let id = stage.client.to_string();
    let begin = async || {
        let fields = [
            ("client_id", id.as_str()),
            ("client_secret", stage.secret.as_str()),
            ("scope", "EntitlementManagement.ReadWrite.All"),
        ];
        stage.server.browser().post(paths::DEVICE_CODE, &fields).await
    };
    let device = begin().await;
    assert_eq!(device.status, StatusCode::OK, "{}", device.text);
    let (device_code, user_code) = (text(&device, "device_code"), text(&device, "user_code"));
    let poll = async |code: &str| stage.with_secret(&[("grant_type", DEVICE), ("device_code", code)]).await;
    assert_eq!(text(&poll(&device_code).await, "error"), "authorization_pending");
    assert_eq!(text(&poll(&device_code).await, "error"), "slow_down");
    let mut browser = stage.server.signed_in("reader").await;
    assert_eq!(browser.get("/device").await.status, StatusCode::OK);
    let wrong = browser.post(paths::DEVICE, &[("user_code", "BBBB-BBBB")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let asked = browser.post(paths::DEVICE, &[("user_code", &user_code.to_lowercase())]).await;
    assert!(asked.text.contains("Sync asks to act for you"), "{}", asked.text);
    let done = browser
        .post(paths::DEVICE, &[("user_code", &user_code), ("decision", "allow")])
        .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let answer = poll(&device_code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(stage.status(&text(&answer, "access_token")).await, StatusCode::OK);
    assert_eq!(text(&poll(&device_code).await, "error"), "invalid_grant");
    let device = begin().await;
    let (device_code, user_code) = (text(&device, "device_code"), text(&device, "user_code"));
    browser
        .post(paths::DEVICE, &[("user_code", &user_code), ("decision", "deny")])
        .await;
    assert_eq!(text(&poll(&device_code).await, "error"), "access_denied");
    let device = begin().await;
    stage.server.bench.clock.advance(Duration::minutes(15));
    assert_eq!(text(&poll(&text(&device, "device_code")).await, "error"), "expired_token");
}

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn f173_a_person_s_token_ends_with_what_they_are(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[WRITE_FOR]).await;
    let app = &stage.server.bench.app;
    let user = stage.server.person("reader", DirectoryRole::IdentityGovernanceAdministrator).await;
    let scope = "EntitlementManagement.ReadWrite.All";
    let mut browser = stage.server.signed_in("reader").await;
    let code_of = stage.allowed(&mut browser, scope).await;
    let token = text(&stage.exchange(&code_of, VERIFIER).await, "access_token");
    let body = json!({ "displayName": "Of the reader", "description": "x" });
    let made = stage.call("POST", CATALOGS, &token, Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let sql = "SELECT count(*) FROM audit WHERE activity = 'create_catalog' AND actor_kind = 'user' AND actor_name = 'reader the Person'";
    assert_eq!(stage.server.count(sql).await, 1);
    // A token is no session.
    let request = Request::get(paths::ADMIN)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty());
    let page = stage.server.browser().send(request.expect("a request")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    // An administrator ends all sign-ins through the client.
    assert_eq!(clients::revoke_sign_ins(app, &stage.admin, stage.client).await.expect("ended"), 1);
    assert_eq!(stage.status(&token).await, StatusCode::UNAUTHORIZED);
    let code_of = stage.allowed(&mut browser, scope).await;
    let token = text(&stage.exchange(&code_of, VERIFIER).await, "access_token");
    assert_eq!(stage.status(&token).await, StatusCode::OK);
    block(&stage, user, false).await;
    assert_eq!(stage.status(&token).await, StatusCode::UNAUTHORIZED);
    block(&stage, user, true).await;
    assert_eq!(stage.status(&token).await, StatusCode::UNAUTHORIZED);
}

async fn block(stage: &Stage, user: UserId, enabled: bool) {
    let app = &stage.server.bench.app;
    let version = users::get(app, &stage.admin, user).await.expect("a user").version;
    users::set_enabled(app, &stage.admin, user, version, enabled)
        .await
        .expect("changed");
}

async fn f173_tokens_that_were_not_given_here_open_nothing(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ]).await;
    let token = stage.own_token().await;
    let refused = stage.call("GET", CATALOGS, "nonsense", None).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(
        refused.header("www-authenticate").starts_with("Bearer"),
        "{}",
        refused.header("www-authenticate")
    );
    assert_eq!(json_of(&refused)["error"]["code"], json!("InvalidAuthenticationToken"));
    let without = stage.server.browser().get(CATALOGS).await;
    assert_eq!(without.status, StatusCode::UNAUTHORIZED);
    // A session is none: other sites could use it.
    let mut browser = stage.server.signed_in("admin1").await;
    assert_eq!(browser.get(CATALOGS).await.status, StatusCode::UNAUTHORIZED);
    let said = claims(&token);
    let (private, _) = jws::new_key().expect("a key");
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().expect("a head")).expect("base64")).expect("a head");
    let kid = header["kid"].as_str().expect("a key");
    assert_eq!(
        stage.status(&jws::sign(&private, kid, &said).expect("signed")).await,
        StatusCode::UNAUTHORIZED
    );
    let (_, rest) = token.split_once('.').expect("parts");
    let none = URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "kid": kid }).to_string());
    assert_eq!(stage.status(&format!("{none}.{rest}")).await, StatusCode::UNAUTHORIZED);
}

async fn f173_failed_sign_ins_of_clients_are_limited_and_written_down(bench: TestApp) {
    let tries = [("WOODGATE_SIGN_IN_TRIES_PER_ACCOUNT", "3")];
    let stage = Stage::set(bench, &tries, &[READ]).await;
    let id = stage.client.to_string();
    let wrong = [("client_id", id.as_str()), ("client_secret", "guess"), OWN[0], OWN[1]];
    for _ in 0..3 {
        let answer = stage.ask(&wrong).await;
        assert_eq!(
            (answer.status, text(&answer, "error").as_str()),
            (StatusCode::UNAUTHORIZED, "invalid_client")
        );
    }
    let limited = stage.with_secret(&OWN).await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!limited.header("retry-after").is_empty());
    stage.server.bench.clock.advance(Duration::minutes(5));
    assert_eq!(stage.with_secret(&OWN).await.status, StatusCode::OK);
    let sql = "SELECT count(*) FROM audit WHERE activity = 'sign_in_failed' AND actor_kind = 'client'";
    assert_eq!(stage.server.count(sql).await, 3);
    // Without a secret a client gets nothing, unless it can keep none; and then no token of its own.
    assert_eq!(
        text(&stage.ask(&[("client_id", &id), OWN[0], OWN[1]]).await, "error"),
        "invalid_client"
    );
    let app = &stage.server.bench.app;
    let form = ClientForm {
        name: "Sync".into(),
        public_client: true,
        ..ClientForm::default()
    };
    let version = stage.version().await;
    clients::update(app, &stage.admin, stage.client, version, &form)
        .await
        .expect("changed");
    let answer = stage.ask(&[("client_id", &id), OWN[0], OWN[1]]).await;
    assert_eq!(text(&answer, "error"), "unauthorized_client");
}

async fn f173_a_caller_beyond_the_limit_waits(bench: TestApp) {
    let stage = Stage::set(bench, &[("WOODGATE_API_CALLS_PER_MINUTE", "3")], &[WRITE]).await;
    let token = stage.own_token().await;
    for _ in 0..3 {
        assert_eq!(stage.status(&token).await, StatusCode::OK);
    }
    let body = json!({ "displayName": "Too many", "description": "x" });
    let limited = stage.call("POST", CATALOGS, &token, Some(body)).await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(json_of(&limited)["error"]["code"], json!("TooManyRequests"));
    assert!(limited.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds <= 61));
    assert_eq!(
        stage
            .server
            .count("SELECT count(*) FROM audit WHERE activity = 'create_catalog'")
            .await,
        0
    );
    stage.server.bench.clock.advance(Duration::minutes(1));
    assert_eq!(stage.status(&token).await, StatusCode::OK);
}

async fn f173_every_call_of_a_batch_is_counted(bench: TestApp) {
    let stage = Stage::set(bench, &[("WOODGATE_API_CALLS_PER_MINUTE", "4")], &[WRITE]).await;
    let token = stage.own_token().await;
    let calls: Vec<Value> = (1..=5)
        .map(|id| json!({ "id": id.to_string(), "method": "GET", "url": "/identityGovernance/entitlementManagement/catalogs" }))
        .collect();
    let answer = stage.call("POST", "/v1.0/$batch", &token, Some(json!({ "requests": calls }))).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = json_of(&answer);
    let responses = answer["responses"].as_array().expect("responses");
    let statuses: Vec<i64> = responses.iter().filter_map(|response| response["status"].as_i64()).collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    let headers = &responses[4]["headers"];
    assert!(
        headers["retry-after"]
            .as_str()
            .is_some_and(|seconds| seconds.parse::<u64>().is_ok()),
        "{headers}"
    );
    assert_eq!(stage.status(&token).await, StatusCode::TOO_MANY_REQUESTS);
}

async fn f173_a_client_finds_out_by_itself_what_there_is(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ]).await;
    let mut browser = stage.server.browser();
    let told = browser.get("/common/v2.0/.well-known/openid-configuration").await;
    assert_eq!(told.text, browser.get(paths::OPENID_CONFIGURATION).await.text);
    let told = json_of(&told);
    let local = |name: &str| {
        told[name]
            .as_str()
            .expect("an address")
            .trim_start_matches("http://127.0.0.1:3000")
            .to_owned()
    };
    let token = browser.post(&local("token_endpoint"), &[]).await;
    assert_eq!(text(&token, "error"), "invalid_request");
    let token = stage.own_token().await;
    assert_eq!(claims(&token)["iss"], told["issuer"]);
    let keys = json_of(&browser.get(&local("jwks_uri")).await);
    let key = &keys["keys"][0];
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().expect("a number")).expect("base64");
    let point = [vec![4], bytes("x"), bytes("y")].concat();
    let read = jws::Unverified::read(&token).expect("a token");
    assert!(read.verified::<Value>(&jws::PublicKey::P256(point)).is_some());
    assert_eq!(read.header.kid.as_deref(), key["kid"].as_str());
    assert!(!keys.to_string().contains("\"d\""));
}

async fn f173_keys_are_rotated_while_their_tokens_hold(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ]).await;
    let app = &stage.server.bench.app;
    stage.own_token().await;
    let published = async || {
        json_of(&stage.server.browser().get(paths::TOKEN_KEYS).await)["keys"]
            .as_array()
            .expect("keys")
            .len()
    };
    assert_eq!(published().await, 1);
    stage.server.bench.clock.advance(Duration::days(28));
    crate::service::tokens::rotate(app).await.expect("rotated");
    assert_eq!(published().await, 1);
    stage.server.bench.clock.advance(Duration::days(1));
    let old = stage.own_token().await;
    for _ in 0..2 {
        crate::service::tokens::rotate(app).await.expect("rotated");
        assert_eq!(published().await, 2);
    }
    assert_eq!(stage.status(&old).await, StatusCode::OK);
    let new = stage.own_token().await;
    assert_eq!(stage.status(&new).await, StatusCode::OK);
    assert_ne!(old.split('.').next(), new.split('.').next());
    stage.server.bench.clock.advance(Duration::days(2));
    assert_eq!(published().await, 1);
}
