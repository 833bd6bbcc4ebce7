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
use crate::paths;
use crate::store::{Change, Store, sessions};
use crate::testing::{TestApp, policy, terms};
use crate::{args, both_databases};

both_databases!(
    f033_a_request_is_followed_until_it_is_settled,
    f033_one_stream_tells_of_all_own_requests_and_of_no_other,
    another_s_request_is_not_there,
    streams_are_bounded_and_end_with_the_service,
    a_stream_ends_with_its_session_and_says_so,
    five_hundred_open_streams_send_no_statement_at_rest,
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

/// Requests move, by this copy or another.
async fn advance(store: &Store, sql: &'static str) {
    let mut tx = store.write().await.expect("tx");
    tx.exec(sql, args![]).await.expect("a change");
    tx.announce(Change::Requests);
    tx.commit().await.expect("commit");
}

/// The stream of one request.
async fn listen(browser: &Browser, id: impl Display, seen: &str) -> axum::response::Response {
    open(browser, &format!("/events/requests/{id}"), seen).await
}

/// The stream of all own requests.
async fn listen_to_own(browser: &Browser, seen: &str) -> axum::response::Response {
    open(browser, paths::OWN_REQUEST_EVENTS, seen).await
}

async fn open(browser: &Browser, path: &str, seen: &str) -> axum::response::Response {
    let request = Request::get(path)
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

/// What a stream's event is called, to be sent with the next call.
fn tag(event: &str) -> String {
    let line = event.lines().find_map(|line| line.strip_prefix("id: "));
    line.expect("an id").to_owned()
}

async fn f033_a_request_is_followed_until_it_is_settled(bench: TestApp) {
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
    let store = &house.bench.app.store;
    advance(store, "UPDATE requests SET state = 'delivering', version = 2").await;
    let second = heard(&mut stream).await.expect("an event");
    assert!(second.contains(r#"data: {"done":false}"#) && second.contains("id: 2"), "{second}");
    // Another copy, or a command of an operator.
    let other = Store::connect(&house.bench.url).await.expect("a second connection");
    advance(&other, "UPDATE requests SET state = 'delivered', version = 3").await;
    let last = heard(&mut stream).await.expect("an event");
    assert!(last.contains(r#"data: {"done":true}"#) && last.contains("id: 3"), "{last}");
    assert_eq!(heard(&mut stream).await, None);
    assert_eq!(listen(&browser, id, "3").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(listen(&browser, id, "2").await.status(), StatusCode::OK);
    other.close().await;
}

/// The same request for another package, or of another person.
async fn like(house: &TestServer, other: Uuid, target: UserId, name: &str) -> Uuid {
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

/// More than twenty, too (fault B7).
async fn f033_one_stream_tells_of_all_own_requests_and_of_no_other(bench: TestApp) {
    let house = TestServer::new(bench);
    let me = house.person("requestor1", DirectoryRole::User).await;
    let stranger = house.person("stranger", DirectoryRole::User).await;
    let first = request(&house, me).await;
    for number in 2..=25 {
        like(&house, first, me, &format!("package {number}")).await;
    }
    like(&house, first, stranger, "theirs").await;
    let browser = house.signed_in("requestor1").await;
    let mut stream = listen_to_own(&browser, "").await.into_body().into_data_stream();
    let begun = heard(&mut stream).await.expect("an event");
    assert!(begun.contains(r#"{"done":false}"#) && tag(&begun).starts_with("25-"), "{begun}");
    let store = &house.bench.app.store;
    let mine =
        "UPDATE requests SET state = 'delivered', version = 3 WHERE package_id = (SELECT id FROM packages WHERE name = 'package 25')";
    let theirs = "UPDATE requests SET version = 2 WHERE package_id = (SELECT id FROM packages WHERE name = 'theirs')";
    advance(store, theirs).await;
    advance(store, mine).await;
    let moved = heard(&mut stream).await.expect("an event");
    assert!(moved.contains(r#"{"done":false}"#) && tag(&moved).starts_with("24-"), "{moved}");
    advance(store, "UPDATE requests SET state = 'delivered', version = 3").await;
    let last = heard(&mut stream).await.expect("an event");
    assert!(last.contains(r#"{"done":true}"#) && tag(&last).starts_with("0-"), "{last}");
    assert_eq!(heard(&mut stream).await, None);
    assert_eq!(listen_to_own(&browser, &tag(&last)).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(listen(&browser, "nonsense", "").await.status(), StatusCode::NOT_FOUND);
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
    house.stop.cancel();
    assert_eq!(heard(&mut stream).await, None);
}

/// Fault B7: the page can say that the session is over, instead of that the connection is lost.
async fn a_stream_ends_with_its_session_and_says_so(bench: TestApp) {
    let house = TestServer::new(bench);
    let me = house.person("requestor1", DirectoryRole::User).await;
    let id = request(&house, me).await;
    let app = &house.bench.app;
    let over = r#"data: {"done":true,"session":"over"}"#;

    let mut leaving = house.signed_in("requestor1").await;
    let staying = house.signed_in("requestor1").await;
    let mut left = listen(&leaving, id, "").await.into_body().into_data_stream();
    let mut stays = listen_to_own(&staying, "").await.into_body().into_data_stream();
    for stream in [&mut left, &mut stays] {
        heard(stream).await.expect("an event");
    }
    leaving.post(paths::SIGN_OUT, &[]).await;
    assert!(heard(&mut left).await.is_some_and(|event| event.contains(over)), "signed out");
    assert_eq!(heard(&mut left).await, None);
    advance(&app.store, "UPDATE requests SET version = 2").await;
    assert!(
        heard(&mut stays).await.is_some_and(|event| event.contains(r#"{"done":false}"#)),
        "the other session"
    );

    // As blocking, deleting and resetting the password do.
    let mut tx = app.store.write().await.expect("tx");
    sessions::end_all(&mut tx, me, None).await.expect("sessions");
    tx.commit().await.expect("commit");
    assert!(
        heard(&mut stays).await.is_some_and(|event| event.contains(over)),
        "all sessions ended"
    );

    let idle = house.signed_in("requestor1").await;
    let mut stream = listen_to_own(&idle, "").await.into_body().into_data_stream();
    heard(&mut stream).await.expect("an event");
    house.bench.clock.advance(chrono::Duration::hours(2));
    advance(&app.store, "UPDATE requests SET version = 3").await;
    assert!(
        heard(&mut stream).await.is_some_and(|event| event.contains(over)),
        "idle for too long"
    );
}

/// Fault B7: as many streams as there are open pages, and the database is left alone while nothing moves.
async fn five_hundred_open_streams_send_no_statement_at_rest(bench: TestApp) {
    let house = TestServer::new(bench);
    let me = house.person("person0", DirectoryRole::User).await;
    let first = request(&house, me).await;
    let mut streams = Vec::new();
    for number in 0..50 {
        if number > 0 {
            let other = house.person(&format!("person{number}"), DirectoryRole::User).await;
            like(&house, first, other, &format!("package {number}")).await;
        }
        let browser = house.signed_in(&format!("person{number}")).await;
        for _ in 0..10 {
            streams.push(listen_to_own(&browser, "").await.into_body().into_data_stream());
        }
    }
    for stream in &mut streams {
        heard(stream).await.expect("where things stand");
    }
    // What was written just before may still be looked at once; then there is rest.
    let mut sent = u64::MAX;
    for _ in 0..5 {
        let before = house.bench.app.store.statements();
        tokio::time::sleep(Duration::from_millis(2_200)).await;
        sent = house.bench.app.store.statements() - before;
        if sent == 0 {
            break;
        }
    }
    assert_eq!(sent, 0, "statements of 500 streams at rest");

    let before = house.bench.app.store.statements();
    advance(&house.bench.app.store, "UPDATE requests SET version = version + 1").await;
    for stream in &mut streams {
        heard(stream).await.expect("a move");
    }
    let sent = house.bench.app.store.statements() - before;
    assert!(sent < 50, "{sent} statements to tell 500 streams of a move");
}
