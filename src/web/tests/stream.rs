//! Streams of events: who may listen, what is heard, and when it ends.

use std::fmt::Display;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures::StreamExt;
use tower::ServiceExt;
use uuid::Uuid;

use super::{Browser, TestServer};
use crate::domain::expiration::Expiration;
use crate::domain::id::{PackageId, UserId};
use crate::domain::policy::Scope;
use crate::domain::user::DirectoryRole;
use crate::testing::{TestApp, policy, terms};
use crate::{args, both_databases};

both_databases!(
    f033_a_request_is_watched_until_it_rests,
    f033_one_stream_tells_of_all_own_requests_and_of_no_other,
    another_s_request_is_not_there,
    streams_are_bounded_and_end_with_the_service,
);

/// An open request of someone for a package.
async fn request(house: &TestServer, target: UserId) -> Uuid {
    let app = &house.bench.app;
    let now = app.clock.now();
    let [catalog, package, id] = std::array::from_fn(|_| app.ids.id(now));
    let mut tx = app.store.write().await.expect("tx");
    for (sql, args) in [
        (
            "INSERT INTO catalogs (id, name, name_folded, description, enabled, external, built_in, created_at, version)
             VALUES ($1, 'General', 'general', '', TRUE, FALSE, FALSE, $2, 1)",
            args![catalog, now],
        ),
        (
            "INSERT INTO packages (id, catalog_id, name, name_folded, description, hidden, prior_membership, created_at, updated_at, version)
             VALUES ($1, $2, 'Marketing Campaign', 'marketing campaign', '', FALSE, 'keep', $3, $3, 1)",
            args![package, catalog, now],
        ),
    ] {
        tx.exec(sql, args).await.expect("a row");
    }
    let (policy, version) = policy(app, &mut tx, PackageId(package), &terms(Scope::AllUsers, Expiration::Never)).await;
    tx.exec(
        "INSERT INTO requests (id, package_id, policy_id, policy_version_id, target_id, kind, state, status, justification, answers, expiration,
            submitted_at, version)
         VALUES ($1, $2, $3, $4, $5, 'user_add', 'submitted', '', '', $6, 'never', $7, 1)",
        args![id, package, policy, version, target, serde_json::json!([]), now],
    )
    .await
    .expect("a request");
    tx.commit().await.expect("commit");
    id
}

async fn advance(house: &TestServer, sql: &'static str) {
    let mut tx = house.bench.app.store.write().await.expect("tx");
    tx.exec(sql, args![]).await.expect("a change");
    tx.commit().await.expect("commit");
    house.done.notify_waiters();
}

async fn listen(browser: &Browser, ids: impl Display, seen: &str) -> axum::response::Response {
    let request = Request::get(format!("/events/requests/{ids}"))
        .header("cookie", format!("woodgate={}", browser.session()))
        .header("last-event-id", seen)
        .body(Body::empty())
        .expect("a request");
    browser.router.clone().oneshot(request).await.expect("an answer")
}

async fn heard(stream: &mut axum::body::BodyDataStream) -> Option<String> {
    let chunk = tokio::time::timeout(Duration::from_secs(5), stream.next())
        .await
        .expect("in time")?;
    Some(String::from_utf8_lossy(&chunk.expect("a chunk")).into_owned())
}

async fn f033_a_request_is_watched_until_it_rests(bench: TestApp) {
    let house = TestServer::new(bench);
    let me = house.person("requestor1", DirectoryRole::User).await;
    let id = request(&house, me).await;
    let browser = house.signed_in("requestor1").await;
    let answer = listen(&browser, id, "").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut stream = answer.into_body().into_data_stream();
    let first = heard(&mut stream).await.expect("an event");
    assert!(first.contains(r#"data: {"done":false}"#) && first.contains("id: 1"), "{first}");
    advance(&house, "UPDATE requests SET state = 'delivering', version = 2").await;
    let second = heard(&mut stream).await.expect("an event");
    assert!(second.contains(r#"data: {"done":false}"#) && second.contains("id: 2"), "{second}");
    // Done by another copy: no hint, and seen all the same.
    let mut tx = house.bench.app.store.write().await.expect("tx");
    tx.exec("UPDATE requests SET state = 'delivered', version = 3", args![])
        .await
        .expect("a change");
    tx.commit().await.expect("commit");
    let last = heard(&mut stream).await.expect("an event");
    assert!(last.contains(r#"data: {"done":true}"#) && last.contains("id: 3"), "{last}");
    assert_eq!(heard(&mut stream).await, None);
    assert_eq!(listen(&browser, id, "3").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(listen(&browser, id, "2").await.status(), StatusCode::OK);
}

/// The same request for another package, or of another person.
async fn like(house: &TestServer, other: Uuid, target: UserId, name: &'static str) -> Uuid {
    let app = &house.bench.app;
    let [package, id] = std::array::from_fn(|_| app.ids.id(app.clock.now()));
    let mut tx = app.store.write().await.expect("tx");
    for (sql, args) in [
        (
            "INSERT INTO packages (id, catalog_id, name, name_folded, description, hidden, prior_membership, created_at, updated_at, version)
             SELECT $1, p.catalog_id, $2, $2, '', FALSE, 'keep', p.created_at, p.updated_at, 1
             FROM packages p JOIN requests r ON r.package_id = p.id WHERE r.id = $3",
            args![package, name, other],
        ),
        (
            "INSERT INTO requests (id, package_id, policy_id, policy_version_id, target_id, kind, state, status, justification, answers,
                expiration, submitted_at, version)
             SELECT $1, $2, policy_id, policy_version_id, $3, kind, 'submitted', '', '', answers, expiration, submitted_at, 1
             FROM requests WHERE id = $4",
            args![id, package, target, other],
        ),
    ] {
        tx.exec(sql, args).await.expect("a row");
    }
    tx.commit().await.expect("commit");
    id
}

async fn f033_one_stream_tells_of_all_own_requests_and_of_no_other(bench: TestApp) {
    let house = TestServer::new(bench);
    let me = house.person("requestor1", DirectoryRole::User).await;
    let stranger = house.person("stranger", DirectoryRole::User).await;
    let first = request(&house, me).await;
    let second = like(&house, first, me, "second").await;
    let theirs = like(&house, first, stranger, "theirs").await;
    let browser = house.signed_in("requestor1").await;
    let ids = format!("{theirs},{second},{first}");
    let mut stream = listen(&browser, &ids, "").await.into_body().into_data_stream();
    assert!(
        heard(&mut stream).await.expect("an event").contains("id: 1-1\n"),
        "two of the three"
    );
    advance(
        &house,
        "UPDATE requests SET version = 2 WHERE package_id = (SELECT id FROM packages WHERE name = 'theirs')",
    )
    .await;
    let deliver = "UPDATE requests SET state = 'delivered', version = 3 WHERE package_id = (SELECT id FROM packages WHERE name = 'second')";
    advance(&house, deliver).await;
    let moved = heard(&mut stream).await.expect("an event");
    assert!(moved.contains("id: 1-3\n") && moved.contains(r#"{"done":false}"#), "{moved}");
    advance(&house, "UPDATE requests SET state = 'delivered', version = 3").await;
    let last = heard(&mut stream).await.expect("an event");
    assert!(last.contains("id: 3-3\n") && last.contains(r#"{"done":true}"#), "{last}");
    assert_eq!(heard(&mut stream).await, None);
    assert_eq!(listen(&browser, &ids, "3-3").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        listen(&browser, format!("{first},nonsense"), "").await.status(),
        StatusCode::NOT_FOUND
    );
}

async fn another_s_request_is_not_there(bench: TestApp) {
    let house = TestServer::new(bench);
    let me = house.person("requestor1", DirectoryRole::User).await;
    house.person("stranger", DirectoryRole::User).await;
    house.person("admin1", DirectoryRole::GlobalAdministrator).await;
    let id = request(&house, me).await;
    assert_eq!(listen(&house.browser(), id, "").await.status(), StatusCode::UNAUTHORIZED);
    let stranger = house.signed_in("stranger").await;
    assert_eq!(listen(&stranger, id, "").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(listen(&stranger, Uuid::nil(), "").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(listen(&house.signed_in("admin1").await, id, "").await.status(), StatusCode::OK);
}

async fn streams_are_bounded_and_end_with_the_service(bench: TestApp) {
    let house = TestServer::new(bench);
    let me = house.person("requestor1", DirectoryRole::User).await;
    let id = request(&house, me).await;
    let browser = house.signed_in("requestor1").await;
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(listen(&browser, id, "").await);
    }
    assert_eq!(listen(&browser, id, "").await.status(), StatusCode::TOO_MANY_REQUESTS);
    open.pop();
    let mut stream = listen(&browser, id, "").await.into_body().into_data_stream();
    heard(&mut stream).await.expect("an event");
    house.sql("UPDATE users SET enabled = FALSE WHERE id = $1", me).await;
    house.done.notify_waiters();
    assert_eq!(heard(&mut stream).await, None, "a blocked account hears nothing more");
    house.sql("UPDATE users SET enabled = TRUE WHERE id = $1", me).await;
    let mut stream = listen(&browser, id, "").await.into_body().into_data_stream();
    heard(&mut stream).await.expect("an event");
    house.stop.cancel();
    assert_eq!(heard(&mut stream).await, None);
}
