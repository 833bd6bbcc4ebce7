//! The server of agents: what a program can do in a person's name through the tools, who is let in, and what tools answer to arguments that
//! are none.

use axum::body::Body;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use super::bank::{Bank, Plan};
use super::{Answer, TestServer};
use crate::both_databases;
use crate::paths;
use crate::service::demo;
use crate::service::tokens::jws;
use crate::testing::{TestApp, unknown};

both_databases!(
    f175_an_agent_finds_asks_and_follows_in_a_person_s_name,
    f175_agents_are_let_in_only_with_a_person_s_token,
    f175_no_page_of_another_site_and_no_other_name_of_the_host_reaches_the_tools,
    f175_arguments_that_are_none_are_told_and_do_nothing,
);

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CALLBACK: &str = "http://localhost/callback";
const OWN_ACCESS: &str = "EntitlementMgmt-SubjectAccess.ReadWrite";
const READ: &str = "EntitlementManagement.Read.All";

/// The bank with the server of agents, and an application that may act for people.
struct Stage {
    bank: Bank,
    client: String,
}

impl Stage {
    async fn open(app: TestApp, settings: &[(&str, &str)]) -> Self {
        demo::fill(&app.app, false).await.expect("the demo directory");
        let settings = [&[("WOODGATE_MCP", "true")][..], settings].concat();
        let bank = Bank {
            server: TestServer::set(app, &settings),
        };
        let mut admin = bank.visit("admin1").await;
        let form = json!({ "name": "Helper", "redirects": CALLBACK, "public_client": true });
        let client = admin.call("clients/create", json!({ "form": form })).await;
        let client = client.as_str().expect("an id").to_owned();
        for permission in [OWN_ACCESS, READ, "User.Read"] {
            let given = json!({ "kind": "delegated", "permission": permission });
            admin.call("clients/give-permission", json!({ "id": client, "given": given })).await;
        }
        Self { bank, client }
    }

    /// The token that the application gets once somebody has let it act for them.
    async fn token(&self, user_name: &str, scope: &str) -> String {
        let mut browser = self.bank.visit(user_name).await.browser;
        let challenge = jws::challenge_of(VERIFIER);
        let fields = [
            ("client_id", self.client.as_str()),
            ("response_type", "code"),
            ("redirect_uri", CALLBACK),
            ("scope", scope),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("decision", "allow"),
        ];
        let back = browser.post(paths::AUTHORIZE, &fields).await;
        let code = back.location().split("code=").nth(1).unwrap_or_default();
        let code = code.split('&').next().unwrap_or_default();
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", self.client.as_str()),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let answer = self.bank.server.browser().post(paths::TOKEN, &fields).await;
        let given: Value = serde_json::from_str(&answer.text).expect("JSON");
        given["access_token"].as_str().unwrap_or_else(|| panic!("{given}")).to_owned()
    }

    async fn send(&self, token: Option<&str>, headers: &[(&str, &str)], message: &Value) -> Answer {
        let mut request = Request::post(paths::MCP)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json, text/event-stream")
            .header(HOST, "127.0.0.1:3000")
            .body(Body::from(message.to_string()))
            .expect("a request");
        if let Some(token) = token {
            let value = format!("Bearer {token}").parse().expect("a header");
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        for (name, value) in headers {
            let name: axum::http::HeaderName = name.parse().expect("a name");
            request.headers_mut().insert(name, value.parse().expect("a value"));
        }
        self.bank.server.browser().send(request).await
    }

    async fn ask(&self, token: &str, method: &str, params: Value) -> Value {
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer = self.send(Some(token), &[], &message).await;
        assert_eq!(answer.status, StatusCode::OK, "{method}: {}", answer.text);
        serde_json::from_str(&answer.text).expect("JSON")
    }

    /// What a tool tells.
    async fn tool(&self, token: &str, name: &str, arguments: Value) -> Value {
        let answer = self.ask(token, "tools/call", json!({ "name": name, "arguments": arguments })).await;
        let result = &answer["result"];
        assert_eq!(result["isError"], json!(false), "{name}: {answer}");
        let told: Value = serde_json::from_str(result["content"][0]["text"].as_str().expect("text")).expect("JSON");
        assert_eq!(told, result["structuredContent"]);
        told
    }

    /// Why a tool did nothing.
    async fn refused(&self, token: &str, name: &str, arguments: Value) -> String {
        let answer = self.ask(token, "tools/call", json!({ "name": name, "arguments": arguments })).await;
        let result = &answer["result"];
        assert_eq!(result["isError"], json!(true), "{name}: {answer}");
        result["content"][0]["text"].as_str().expect("text").to_owned()
    }

    async fn package(&self, name: &str) -> String {
        let plan = Plan { name, ..Plan::default() };
        self.bank.visit("admin1").await.package(plan).await
    }
}

async fn f175_an_agent_finds_asks_and_follows_in_a_person_s_name(app: TestApp) {
    let stage = Stage::open(app, &[]).await;
    let package = stage.package("Reading room key").await;
    let token = stage.token("alex.wilber", OWN_ACCESS).await;
    let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } });
    let hello = stage.ask(&token, "initialize", hello).await;
    assert_eq!(hello["result"]["serverInfo"]["name"], "woodgate", "{hello}");
    assert!(hello["result"]["capabilities"]["tools"].is_object(), "{hello}");
    let listed = stage.ask(&token, "tools/list", json!({})).await;
    let tools = listed["result"]["tools"].as_array().expect("tools");
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    let all = [
        "find_packages",
        "package_details",
        "my_access",
        "my_requests",
        "would_this_work",
        "request_package",
        "follow_request",
    ];
    assert_eq!(names, all);
    for tool in tools {
        assert_eq!(tool["inputSchema"]["additionalProperties"], json!(false), "{tool}");
        let reads = tool["annotations"]["readOnlyHint"] == json!(true);
        assert_eq!(reads, tool["name"] != "request_package", "{tool}");
    }

    let found = stage.tool(&token, "find_packages", json!({ "search": "reading" })).await;
    assert_eq!(found["packages"][0]["package"], json!(package), "{found}");
    assert_eq!(found["packages"][0]["gives"][0]["name"], "Reading room key");
    let details = stage.tool(&token, "package_details", json!({ "package": package })).await;
    assert_eq!(details["asks"]["justification_required"], json!(false), "{details}");
    let asked = json!({ "package": package, "justification": "I read on Thursdays" });
    let outlook = stage.tool(&token, "would_this_work", asked.clone()).await;
    assert_eq!(
        (&outlook["works"], &outlook["for"]),
        (&json!(true), &json!("Alex Wilber")),
        "{outlook}"
    );
    let sql = "SELECT count(*) FROM requests";
    assert_eq!(stage.bank.server.count(sql).await, 0, "nothing was made");
    let filed = stage.tool(&token, "request_package", asked.clone()).await;
    assert_eq!(filed["justification"], "I read on Thursdays", "{filed}");
    let again = stage.refused(&token, "request_package", asked).await;
    assert!(again.contains("You have already requested this package."), "{again}");

    stage.bank.deliver().await;
    let request = &filed["request"];
    let told = stage.tool(&token, "follow_request", json!({ "request": request })).await;
    assert_eq!((&told["state"], &told["open"]), (&json!("delivered"), &json!(false)), "{told}");
    let what: Vec<&str> = told["timeline"]
        .as_array()
        .expect("events")
        .iter()
        .filter_map(|event| event["what"].as_str())
        .collect();
    assert!(what.contains(&"Submitted") && what.contains(&"Delivered"), "{what:?}");
    let mine = stage.tool(&token, "my_requests", json!({})).await;
    assert_eq!(&mine["requests"][0]["request"], request, "{mine}");
    let held = stage.tool(&token, "my_access", json!({})).await;
    assert_eq!(held["packages"][0]["name"], "Reading room key", "{held}");
    assert!(
        held["packages"][0]["ends_at"].as_str().is_some_and(|end| end.ends_with('Z')),
        "{held}"
    );
    // Another's request is not there, and the trail says whose this one is.
    let other = stage.token("hanna.virtanen", OWN_ACCESS).await;
    let hidden = stage.refused(&other, "follow_request", json!({ "request": request })).await;
    assert!(hidden.contains("There is no such thing"), "{hidden}");
    let sql = "SELECT count(*) FROM audit WHERE activity = 'request_assignment' AND actor_kind = 'user' AND actor_name = 'Alex Wilber'";
    assert_eq!(stage.bank.server.count(sql).await, 1);
}

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;

fn list() -> Value {
    serde_json::from_str(LIST).expect("JSON")
}

async fn f175_agents_are_let_in_only_with_a_person_s_token(app: TestApp) {
    let stage = Stage::open(app, &[("WOODGATE_API_CALLS_PER_MINUTE", "40")]).await;
    let package = stage.package("Reading room key").await;
    // Who has no token is told where they are given.
    let nobody = stage.send(None, &[], &list()).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    let challenge = nobody.header("www-authenticate").to_owned();
    let metadata = "resource_metadata=\"http://127.0.0.1:3000/.well-known/oauth-protected-resource/mcp\"";
    assert!(challenge.contains(metadata) && challenge.contains(OWN_ACCESS), "{challenge}");
    let wrong = stage.send(Some("not a token"), &[], &list()).await;
    assert!(
        wrong.header("www-authenticate").contains("error=\"invalid_token\""),
        "{}",
        wrong.text
    );
    let mut browser = stage.bank.server.browser();
    let told: Value = serde_json::from_str(&browser.get(paths::PROTECTED_MCP).await.text).expect("JSON");
    assert_eq!(told["resource"], "http://127.0.0.1:3000/mcp");
    let issuer = told["authorization_servers"][0].as_str().expect("an issuer");
    let path = issuer.strip_prefix("http://127.0.0.1:3000").expect("our own");
    let server = browser.get(&format!("{}{path}", paths::OAUTH_CONFIGURATION)).await;
    let server: Value = serde_json::from_str(&server.text).expect("JSON");
    assert_eq!(server["issuer"], json!(issuer));
    let other = browser.get(&format!("{}/contoso/v2.0", paths::OAUTH_CONFIGURATION)).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    let api: Value = serde_json::from_str(&browser.get(paths::PROTECTED_RESOURCE).await.text).expect("JSON");
    assert_eq!(api["resource"], "http://127.0.0.1:3000");

    // A session opens nothing here, and a client's own token neither.
    let mut signed_in = stage.bank.visit("alex.wilber").await.browser;
    assert_eq!(signed_in.post(paths::MCP, &[]).await.status, StatusCode::UNAUTHORIZED);
    let mut admin = stage.bank.visit("admin1").await;
    let given = json!({ "kind": "application", "permission": READ });
    admin
        .call("clients/give-permission", json!({ "id": stage.client, "given": given }))
        .await;
    let secret = admin
        .call(
            "clients/add-secret",
            json!({ "id": stage.client, "form": { "name": "CI", "days": "30" } }),
        )
        .await;
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", stage.client.as_str()),
        ("client_secret", secret.as_str().expect("a secret")),
        ("scope", "http://127.0.0.1:3000/.default"),
    ];
    let own: Value = serde_json::from_str(&browser.post(paths::TOKEN, &fields).await.text).expect("JSON");
    let refused = stage.send(own["access_token"].as_str(), &[], &list()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("this token is a client's own"), "{}", refused.text);
    // A person's token without a permission for it; one that only reads.
    let little = stage.token("alex.wilber", "User.Read").await;
    let refused = stage.send(Some(&little), &[], &list()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.header("www-authenticate").contains("insufficient_scope"),
        "{}",
        refused.text
    );
    let reads = stage.token("alex.wilber", READ).await;
    stage.tool(&reads, "find_packages", json!({})).await;
    let refused = stage.refused(&reads, "request_package", json!({ "package": package })).await;
    assert!(refused.contains(OWN_ACCESS), "{refused}");
    let sql = "SELECT count(*) FROM audit WHERE activity = 'refuse' AND actor_name = 'Alex Wilber'";
    assert!(stage.bank.server.count(sql).await > 0);

    // The same bound as for the API; and what is revoked ends at once.
    let token = stage.token("hanna.virtanen", OWN_ACCESS).await;
    let mut last = StatusCode::OK;
    for _ in 0..41 {
        last = stage.send(Some(&token), &[], &list()).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let version = admin.call("clients/get", json!({ "id": stage.client })).await["version"].clone();
    let off = json!({ "id": stage.client, "version": version, "enabled": false });
    admin.call("clients/set-enabled", off).await;
    assert_eq!(stage.send(Some(&reads), &[], &list()).await.status, StatusCode::UNAUTHORIZED);
}

async fn f175_no_page_of_another_site_and_no_other_name_of_the_host_reaches_the_tools(app: TestApp) {
    let stage = Stage::open(app, &[]).await;
    let token = stage.token("alex.wilber", OWN_ACCESS).await;
    for (name, value, status) in [
        (ORIGIN.as_str(), "https://evil.example", StatusCode::FORBIDDEN),
        (ORIGIN.as_str(), "null", StatusCode::FORBIDDEN),
        (HOST.as_str(), "evil.example", StatusCode::FORBIDDEN),
        (ORIGIN.as_str(), "http://127.0.0.1:3000", StatusCode::OK),
        (ORIGIN.as_str(), "http://localhost:6274", StatusCode::OK),
    ] {
        let answer = stage.send(Some(&token), &[(name, value)], &list()).await;
        assert_eq!(answer.status, status, "{name} {value}: {}", answer.text);
    }
    // There is no session to be opened or ended.
    for method in ["GET", "DELETE"] {
        let request = Request::builder().method(method).uri(paths::MCP).header(HOST, "127.0.0.1:3000");
        let request = request.header(AUTHORIZATION, format!("Bearer {token}")).body(Body::empty());
        let answer = stage.bank.server.browser().send(request.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

async fn f175_arguments_that_are_none_are_told_and_do_nothing(app: TestApp) {
    let stage = Stage::open(app, &[]).await;
    let package = stage.package("Reading room key").await;
    let token = stage.token("alex.wilber", OWN_ACCESS).await;
    let long = "x".repeat(5_000);
    for (tool, arguments, says) in [
        ("find_packages", json!({ "search": 1 }), "invalid type"),
        ("find_packages", json!({ "search": long }), "at most 500 characters"),
        ("find_packages", json!({ "search": "a\u{0}b" }), "control character"),
        ("find_packages", json!({ "serach": "x" }), "unknown field"),
        ("my_access", json!({ "state": "all" }), "unknown variant"),
        ("package_details", json!({}), "missing field"),
        ("package_details", json!({ "package": "' OR 1=1 --" }), "UUID"),
        ("package_details", json!({ "package": unknown() }), "There is no such thing"),
        ("follow_request", json!({ "request": unknown() }), "There is no such thing"),
        (
            "request_package",
            json!({ "package": package, "justification": "a\u{202e}b" }),
            "justification",
        ),
        ("request_package", json!({ "package": package, "from": "tomorrow" }), "from"),
        (
            "request_package",
            json!({ "package": package, "for_user": unknown() }),
            "There is no such thing",
        ),
        (
            "request_package",
            json!({ "package": package, "state": "delivered" }),
            "unknown field",
        ),
    ] {
        let told = stage.refused(&token, tool, arguments.clone()).await;
        assert!(told.contains(says), "{tool} {arguments}: {told}");
    }
    let outlook = stage
        .tool(&token, "would_this_work", json!({ "package": package, "until": "never" }))
        .await;
    assert_eq!(
        (&outlook["works"], &outlook["problems"][0]["argument"]),
        (&json!(false), &json!("until")),
        "{outlook}"
    );
    for name in ["approve_request", "find_packages ", ""] {
        let answer = stage.ask(&token, "tools/call", json!({ "name": name, "arguments": {} })).await;
        assert_eq!(answer["error"]["code"], json!(-32602), "{answer}");
    }
    let garbage = json!([{ "jsonrpc": "2.0" }]);
    let answer = stage.send(Some(&token), &[], &garbage).await;
    assert!(answer.status.is_client_error(), "{} {}", answer.status, answer.text);
    let large =
        json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "x", "arguments": { "x": "y".repeat(300_000) } } });
    let answer = stage.send(Some(&token), &[], &large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text);
    assert_eq!(stage.bank.server.count("SELECT count(*) FROM requests").await, 0);
}

#[tokio::test]
async fn f175_the_server_of_agents_is_off_unless_it_is_switched_on() {
    let server = TestServer::new(TestApp::sqlite().await);
    let mut browser = server.browser();
    for answer in [
        browser.get(paths::MCP).await,
        browser.post(paths::MCP, &[]).await,
        browser.get(paths::PROTECTED_MCP).await,
    ] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
    }
    assert_eq!(browser.get(paths::PROTECTED_RESOURCE).await.status, StatusCode::OK);
}
