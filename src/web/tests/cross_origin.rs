//! Pages of other sites: which of them may call what programs call, and how a client's answer reaches its page.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use axum::http::{Request, StatusCode};

use super::tokens::{CALLBACK, CATALOGS, READ_FOR, Stage, VERIFIER, text};
use super::{Answer, TestServer};
use crate::both_databases;
use crate::domain::client::ClientForm;
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::service::clients;
use crate::testing::TestApp;

both_databases!(
    f173_pages_of_registered_applications_call_and_no_others,
    f173_every_page_may_read_what_everybody_may,
    f173_a_code_comes_in_the_query_the_fragment_or_a_form,
);

const OWN_PAGE: &str = "https://app.example";
const ALLOWED: &str = "access-control-allow-origin";

async fn send(server: &TestServer, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.browser().send(request.body(Body::empty()).expect("a request")).await
}

/// The browser's question before a call.
async fn question(server: &TestServer, path: &str, origin: &str) -> Answer {
    let asked = [
        (ORIGIN.as_str(), origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    send(server, "OPTIONS", path, &asked).await
}

async fn set_public(stage: &Stage, public_client: bool) {
    let form = ClientForm {
        name: "Sync".into(),
        redirects: format!("{CALLBACK}\nhttp://localhost/cb"),
        public_client,
        ..ClientForm::default()
    };
    let version = stage.version().await;
    let changed = clients::update(&stage.server.bench.app, &stage.admin, stage.client, version, &form).await;
    changed.expect("changed");
}

async fn f173_pages_of_registered_applications_call_and_no_others(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ_FOR]).await;
    let server = &stage.server;
    // A client that keeps a secret has no pages that call.
    assert_eq!(question(server, CATALOGS, OWN_PAGE).await.header(ALLOWED), "");
    set_public(&stage, true).await;
    for path in [CATALOGS, "/beta/me", paths::TOKEN, "/common/oauth2/v2.0/token"] {
        for origin in [OWN_PAGE, "http://localhost:5173", "http://127.0.0.1:3000"] {
            let answer = question(server, path, origin).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
            assert_eq!(answer.header(ALLOWED), origin, "{path}");
            assert_eq!(answer.header("access-control-allow-headers"), "authorization,content-type");
            assert!(answer.header("access-control-allow-methods").contains("PATCH"));
            assert_eq!(answer.header("vary"), "origin");
            assert_eq!(answer.header("access-control-allow-credentials"), "");
        }
        for origin in [
            "https://evil.example",
            "https://app.example.evil.example",
            "http://app.example",
            "https://app.example:8443",
            "https://app.example/",
            "null",
            "*",
        ] {
            let answer = question(server, path, origin).await;
            assert_eq!(
                (answer.status, answer.header(ALLOWED)),
                (StatusCode::NO_CONTENT, ""),
                "{path} {origin}"
            );
        }
    }
    // The calls themselves: a refusal can be read too.
    let refused = send(server, "GET", CATALOGS, &[(ORIGIN.as_str(), OWN_PAGE)]).await;
    assert_eq!((refused.status, refused.header(ALLOWED)), (StatusCode::UNAUTHORIZED, OWN_PAGE));
    server.person("reader", DirectoryRole::IdentityGovernanceAdministrator).await;
    let mut browser = server.signed_in("reader").await;
    let code = stage.allowed(&mut browser, "EntitlementManagement.Read.All").await;
    let id = stage.client.to_string();
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", id.as_str()),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let request = Request::post(paths::TOKEN)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ORIGIN, OWN_PAGE)
        .header("sec-fetch-site", "cross-site")
        .body(Body::from(paths::with_query("", &fields).trim_start_matches('?').to_owned()));
    let answer = server.browser().send(request.expect("a request")).await;
    assert_eq!(
        (answer.status, answer.header(ALLOWED)),
        (StatusCode::OK, OWN_PAGE),
        "{}",
        answer.text
    );
    let bearer = format!("Bearer {}", text(&answer, "access_token"));
    let read = send(
        server,
        "GET",
        CATALOGS,
        &[(ORIGIN.as_str(), OWN_PAGE), (AUTHORIZATION.as_str(), &bearer)],
    )
    .await;
    assert_eq!((read.status, read.header(ALLOWED)), (StatusCode::OK, OWN_PAGE));
    assert!(read.header("access-control-expose-headers").contains("request-id"));
    // Pages of people are nobody else's, and a disabled client has none either.
    for path in [paths::SIGN_IN, "/api/viewer/get", paths::MY_ACCESS] {
        let answer = question(server, path, OWN_PAGE).await;
        assert_eq!(answer.header(ALLOWED), "", "{path}");
    }
    let version = stage.version().await;
    let app = &server.bench.app;
    clients::set_enabled(app, &stage.admin, stage.client, version, false)
        .await
        .expect("disabled");
    assert_eq!(question(server, CATALOGS, OWN_PAGE).await.header(ALLOWED), "");
}

async fn f173_every_page_may_read_what_everybody_may(bench: TestApp) {
    let server = TestServer::new(bench);
    for path in [
        paths::OPENID_CONFIGURATION,
        "/common/v2.0/.well-known/openid-configuration",
        paths::OAUTH_CONFIGURATION,
        paths::PROTECTED_RESOURCE,
        paths::TOKEN_KEYS,
        paths::OPENAPI,
    ] {
        let answer = send(&server, "GET", path, &[(ORIGIN.as_str(), "https://any.example")]).await;
        assert_eq!((answer.status, answer.header(ALLOWED)), (StatusCode::OK, "*"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
        let asked = question(&server, path, "https://any.example").await;
        assert_eq!((asked.status, asked.header(ALLOWED)), (StatusCode::NO_CONTENT, "*"), "{path}");
        assert_eq!(send(&server, "GET", path, &[]).await.header(ALLOWED), "", "{path}");
    }
}

/// The value of a hidden field.
fn field(page: &str, name: &str) -> String {
    let from = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    from.split('"').next().unwrap_or_default().to_owned()
}

async fn f173_a_code_comes_in_the_query_the_fragment_or_a_form(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ_FOR]).await;
    stage.server.person("reader", DirectoryRole::IdentityGovernanceAdministrator).await;
    let mut browser = stage.server.signed_in("reader").await;
    let scope = "EntitlementManagement.Read.All";
    stage.allowed(&mut browser, scope).await;
    let back = browser.get(&stage.link(scope, &[("response_mode", "fragment")])).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert!(back.location().starts_with(&format!("{CALLBACK}#code=")), "{}", back.location());
    assert!(back.location().contains("&state=a%20b%26c&iss="), "{}", back.location());

    let page = browser.get(&stage.link(scope, &[("response_mode", "form_post")])).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
    assert!(page.text.contains(&format!("action=\"{CALLBACK}\"")), "{}", page.text);
    assert_eq!(field(&page.text, "state"), "a b&amp;c");
    assert!(field(&page.text, "iss").ends_with("/v2.0"));
    assert!(!page.text.contains("<script>"), "{}", page.text);
    let code = field(&page.text, "code");
    let answer = stage.exchange(&code, VERIFIER).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    // What the client sent comes back as text.
    let hostile = "\"><script>alert(1)</script>";
    let link = stage
        .link(scope, &[("response_mode", "form_post")])
        .replace("a%20b%26c", "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    let page = browser.get(&link).await;
    assert!(page.status == StatusCode::OK && !page.text.contains(hostile), "{}", page.text);
    assert_eq!(field(&page.text, "state"), "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    // A refusal comes in the same way; a way that is not served is told in the query.
    let denied = browser.get(&stage.link("User.Read", &[("response_mode", "form_post")])).await;
    assert_eq!(field(&denied.text, "error"), "invalid_scope", "{}", denied.text);
    let other = browser.get(&stage.link(scope, &[("response_mode", "web_message")])).await;
    assert!(other.location().contains("error=invalid_request"), "{}", other.location());
}
