//! What every answer carries, and what is answered to requests that no page sends.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{Request, StatusCode};

use super::{Answer, PASSWORD, TestServer};
use crate::both_databases;
use crate::domain::user::{DirectoryRole, UserDetail};
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::packed::{PACKED, unpack};
use crate::testing::{TestApp, unknown};

both_databases!(
    every_answer_carries_the_security_headers,
    a_site_s_page_names_its_files_and_its_nonce,
    what_comes_from_another_site_is_refused,
    what_is_too_large_is_refused,
    there_is_a_page_for_what_is_not_there,
    a_page_of_the_same_build_is_answered_without_names,
    files_are_kept_by_their_names,
    health_is_told,
);

fn assert_secure(what: &str, answer: &Answer) {
    let policy = answer.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ] {
        assert!(policy.contains(rule), "{what}: {rule} in {policy}");
    }
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{what}: {policy}"
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", ""),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    assert_eq!(answer.header("x-request-id").len(), 32, "{what}");
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
}

async fn every_answer_carries_the_security_headers(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("admin1", DirectoryRole::GlobalAdministrator).await;
    house.person("requestor1", DirectoryRole::User).await;
    let mut admin = house.signed_in("admin1").await;
    let mut plain = house.signed_in("requestor1").await;
    for page in [
        "/",
        "/sign-in",
        "/password",
        "/set-up?token=x",
        "/admin",
        "/admin/users",
        "/admin/nowhere",
        "/my-access",
        "/events/requests/7",
        "/api/viewer/get",
        "/api/nowhere",
        "/pkg/admin.0123456789ab.js",
        "/pkg/missing.js",
        "/boot.js",
        "/nowhere",
        "/healthz",
        "/readyz",
        "/sign-out",
    ] {
        assert_secure(page, &admin.get(page).await);
        assert_secure(page, &plain.get(page).await);
        assert_secure(page, &house.browser().get(page).await);
        assert_secure(page, &plain.post(page, &[]).await);
    }
    assert_secure("sign-in", &house.browser().sign_in("requestor1", "wrong").await);
}

async fn a_site_s_page_names_its_files_and_its_nonce(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("admin1", DirectoryRole::GlobalAdministrator).await;
    let mut browser = house.signed_in("admin1").await;
    browser.cookies.insert("zone".into(), "Europe%2FBerlin".into());
    for (page, name) in [("/admin", "admin"), ("/my-access", "my-access")] {
        let answer = browser.get(page).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("cache-control"), "no-store");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("'wasm-unsafe-eval'"), "{policy}");
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .expect("a nonce");
        let inline: Vec<&str> = answer.text.match_indices("<script").map(|(at, _)| &answer.text[at..]).collect();
        assert!(!inline.is_empty());
        for script in inline {
            let tag = script.split('>').next().expect("a tag");
            assert!(tag.contains("src=") || tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
        }
        assert!(
            answer.text.contains(&format!(r#"href="/pkg/{name}.0123456789ab.css""#)),
            "{}",
            answer.text
        );
        assert!(
            answer.text.contains(&format!(r#"from "/pkg/{name}.0123456789ab.js""#)),
            "{}",
            answer.text
        );
        assert!(answer.text.contains(r#"lang="en""#) && answer.text.contains(r#"data-zone="Europe/Berlin""#));
        assert!(!answer.text.contains(" style="), "an inline style");
        let again = browser.get(page).await;
        assert!(!again.header("content-security-policy").contains(nonce), "a nonce came twice");
    }
}

async fn what_comes_from_another_site_is_refused(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.signed_in("requestor1").await;
    for (name, value) in [
        (ORIGIN.as_str(), "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        for path in [
            "/sign-out",
            "/sign-in",
            "/password",
            "/api/my-access/request",
            "/my-access/packages/7/request",
        ] {
            let request = Request::post(path)
                .header(HOST, "127.0.0.1:3000")
                .header(name, value)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::empty())
                .expect("a request");
            let answer = browser.send(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} with {name}: {value}");
            assert_secure(path, &answer);
            assert!(answer.text.contains("came from another site"), "{}", answer.text);
        }
    }
    assert!(browser.is_in().await);
    let own = Request::post("/sign-out")
        .header(HOST, "inside:3000")
        .header(ORIGIN, "http://127.0.0.1:3000")
        .body(Body::empty());
    assert_eq!(browser.send(own.expect("a request")).await.status, StatusCode::SEE_OTHER);
}

async fn what_is_too_large_is_refused(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.signed_in("requestor1").await;
    let long = "x".repeat(super::super::BODY_MAX + 1);
    let pages = [
        paths::SIGN_IN,
        paths::PASSWORD,
        "/my-access/packages/00000000-0000-0000-0000-000000000007/request",
    ];
    for page in pages {
        let answer = browser.post(page, &[("justification", &long)]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{page}");
        assert!(answer.text.contains("This is too large"), "{}", answer.text);
    }
    let answer = browser.call("my-access/request", &serde_json::json!({ "form": long })).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let answer = browser.call("my-access/request", &serde_json::json!({ "form": 7 })).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
    let broken = Request::post("/sign-in").header(CONTENT_TYPE, "text/plain").body(Body::from("a=b"));
    let answer = browser.send(broken.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

async fn there_is_a_page_for_what_is_not_there(bench: TestApp) {
    let house = TestServer::new(bench);
    for path in [
        "/nowhere",
        "/manifest",
        "/pkg/nothing.js",
        "/..%2f..%2fetc%2fpasswd",
        "/favicon.ico",
    ] {
        let answer = house.browser().get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            answer.text.contains("<h1") && answer.text.contains("Page not found"),
            "{}",
            answer.text
        );
        assert_eq!(answer.header("cache-control"), "");
    }
    assert_eq!(house.browser().post("/nowhere", &[]).await.status, StatusCode::NOT_FOUND);
    let answer = house.browser().call("nowhere", &serde_json::json!({})).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NOT_FOUND, r#""not_found""#));
}

async fn a_page_of_the_same_build_is_answered_without_names(bench: TestApp) {
    let house = TestServer::new(bench);
    let admin = house.person("admin", DirectoryRole::GlobalAdministrator).await;
    let mut browser = house.signed_in("admin").await;
    let found = browser.call_packed("users/get", &serde_json::json!({ "id": admin })).await;
    assert_eq!((found.status, found.header("content-type")), (StatusCode::OK, PACKED));
    let user: UserDetail = unpack(&found.bytes).expect("a user");
    assert_eq!(user.item.id, admin);

    let missing = browser.call_packed("users/get", &serde_json::json!({ "id": unknown() })).await;
    assert_eq!((missing.status, missing.header("content-type")), (StatusCode::NOT_FOUND, PACKED));
    assert_eq!(unpack::<UserDetail>(&missing.bytes), Err(AppError::NotFound));
    let spoiled = browser.call_packed("users/get", &serde_json::json!({ "id": 7 })).await;
    assert_eq!(spoiled.status, StatusCode::CONFLICT);
    assert_eq!(unpack::<UserDetail>(&spoiled.bytes), Err(AppError::not_understood()));

    let person = serde_json::json!({ "id": house.person("leaver", DirectoryRole::User).await, "version": 1 });
    let gone = "SELECT count(*) FROM users WHERE deleted_at IS NOT NULL";
    let other = browser.call_for("application/x-woodgate-0", "users/delete", &person).await;
    assert_eq!((other.status, house.count(gone).await), (StatusCode::CONFLICT, 0));
    let same = browser.call_packed("users/delete", &person).await;
    assert_eq!((same.status, house.count(gone).await), (StatusCode::OK, 1));

    let named = browser.call("users/get", &serde_json::json!({ "id": admin })).await;
    assert_eq!(named.header("content-type"), "application/json");
}

async fn files_are_kept_by_their_names(bench: TestApp) {
    let house = TestServer::new(bench);
    let answer = house.browser().get("/pkg/admin.0123456789ab.js").await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "export {}"));
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(answer.header("content-type").contains("javascript"));
    let squeezed = Request::get("/pkg/admin.0123456789ab.js")
        .header(ACCEPT_ENCODING, "gzip, br")
        .body(Body::empty());
    let answer = house.browser().send(squeezed.expect("a request")).await;
    assert_eq!(
        (answer.header("content-encoding"), answer.text.as_str()),
        ("br", "not really brotli")
    );
    assert_eq!(
        house.browser().get("/boot.js").await.header("cache-control"),
        "public, max-age=3600"
    );

    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.browser();
    browser.sign_in("requestor1", PASSWORD).await;
    let page = Request::get("/sign-in?return=/nowhere")
        .header(ACCEPT_ENCODING, "gzip")
        .body(Body::empty());
    let answer = house.browser().send(page.expect("a request")).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
}

async fn health_is_told(bench: TestApp) {
    let house = TestServer::new(bench);
    assert_eq!(house.browser().get("/healthz").await.status, StatusCode::OK);
    assert_eq!(house.browser().get("/readyz").await.status, StatusCode::OK);
    house.stop.cancel();
    assert_eq!(house.browser().get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    house.bench.app.store.close().await;
    assert_eq!(house.browser().get("/healthz").await.status, StatusCode::OK);
    let mut browser = house.browser();
    browser.cookies.insert("woodgate".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    let answer = browser.get("/my-access").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text.contains("Something went wrong") && answer.text.contains(answer.header("x-request-id")));
}
