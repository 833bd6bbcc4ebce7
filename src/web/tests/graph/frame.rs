//! What every call of the API has in common: the envelope, the errors and the ways in which addresses are written.

use axum::body::Body;
use axum::http::Request;

use super::{Client, EM, Fixture};
use crate::both_databases;
use crate::testing::TestApp;

both_databases!(
    f173_every_failure_is_told_in_the_api_s_shape,
    f173_addresses_are_read_as_clients_write_them,
    f173_addresses_in_answers_are_those_that_the_client_used,
    f173_what_holds_a_nul_is_refused_on_both_databases,
);

async fn f173_every_failure_is_told_in_the_api_s_shape(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let nobody = Client {
        principal: None,
        ..f.admin.clone()
    };
    let send = |method: &str, path: &str, kind: &str, body: &str| {
        let request = Request::builder().method(method).uri(path).header("content-type", kind);
        let request = request.header("client-request-id", "11111111-2222-3333-4444-555555555555");
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let admin = f.admin.clone();
        async move { admin.send(request).await }
    };
    let catalogs = format!("{EM}/catalogs");
    let large = "x".repeat(300 * 1024);
    let cases = [
        (
            404,
            "ResourceNotFound",
            send("GET", "/v1.0/nothing/here", "application/json", "").await,
        ),
        (404, "ResourceNotFound", send("GET", "/beta/nothing", "application/json", "").await),
        (405, "MethodNotAllowed", send("PUT", &catalogs, "application/json", "{}").await),
        (405, "MethodNotAllowed", send("TRACE", &catalogs, "application/json", "").await),
        (400, "BadRequest", send("POST", &catalogs, "application/json", "{").await),
        (400, "BadRequest", send("POST", &catalogs, "application/json", "[]").await),
        (415, "UnsupportedMediaType", send("POST", &catalogs, "text/html", "<p>").await),
        (
            413,
            "RequestEntityTooLarge",
            send("POST", &catalogs, "application/json", &large).await,
        ),
        (
            404,
            "ResourceNotFound",
            send("GET", &format!("{catalogs}/7"), "application/json", "").await,
        ),
    ];
    for (status, code, reply) in cases {
        let reply = reply.is(status);
        assert_eq!(reply.at("/error/code"), code);
        assert!(!reply.at("/error/message").is_empty());
        assert_eq!(
            reply.at("/error/innerError/client-request-id"),
            "11111111-2222-3333-4444-555555555555"
        );
        assert_eq!(reply.at("/error/innerError/request-id"), reply.header("request-id"));
        assert_eq!(reply.at("/error/innerError/date"), "2026-11-23T10:00:00");
        assert_eq!(reply.header("odata-version"), "4.0");
        assert!(reply.header("content-type").starts_with("application/json;odata.metadata=minimal"));
    }
    let refused = nobody.get("EM/catalogs").await.is(401);
    assert_eq!(refused.at("/error/code"), "InvalidAuthenticationToken");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    assert_eq!(send("PUT", &catalogs, "application/json", "{}").await.header("allow"), "GET, POST");
}

async fn f173_addresses_are_read_as_clients_write_them(bench: TestApp) {
    let f = Fixture::new(bench).await;
    for path in [
        "/v1.0//identityGovernance/entitlementManagement/catalogs",
        "/v1.0/IdentityGovernance/EntitlementManagement/Catalogs/",
        "/v1.0/identityGovernance/entitlementManagement/accessPackageCatalogs?%24FILTER=displayname+eq+'general'",
        "/beta/identityGovernance/entitlementManagement/accessPackageCatalogs",
    ] {
        let reply = f.admin.get(path).await.is(200);
        assert_eq!(reply.each("displayName"), ["General"], "{path}");
        let id = reply.each("id").first().map(|id| (*id).to_owned()).expect("an id");
        let one = format!("{EM}/catalogs('{id}')?$select=id");
        assert_eq!(f.admin.get(&one).await.is(200).at("/id"), id);
    }
}

async fn f173_addresses_in_answers_are_those_that_the_client_used(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let asked = |host: &str| {
        let request = Request::get(format!("{EM}/catalogs"))
            .header("x-forwarded-host", host)
            .body(Body::empty());
        let admin = f.admin.clone();
        async move {
            admin
                .send(request.expect("a request"))
                .await
                .is(200)
                .at("/@odata.context")
                .to_owned()
        }
    };
    // Nobody but a trusted proxy says which host was asked.
    assert!(asked("evil.example").await.starts_with("http://access.example/v1.0/$metadata#"));
}

async fn f173_what_holds_a_nul_is_refused_on_both_databases(bench: TestApp) {
    let f = Fixture::new(bench).await;
    for (path, status) in [
        ("users?$filter=displayName eq 'a%00b'", 400),
        ("users?$search=\"displayName:%00\"", 400),
        ("users/a%00b", 404),
        ("EM/assignments/filterByCurrentUser(on='%00')", 400),
    ] {
        f.admin.get(path).await.is(status);
    }
    let origin = serde_json::json!({"originId": "a\0", "originSystem": "SharePointOnline"});
    let body = serde_json::json!({"requestType": "adminAdd", "catalogId": "x", "resource": origin});
    let refused = f.admin.post("EM/resourceRequests", body).await.is(400);
    assert!(refused.at("/error/message").contains("NUL"));
}
