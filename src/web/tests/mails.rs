//! Mails at the edge: the link in one, its HTML in a frame, and the stream that the bell follows.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures::StreamExt;
use tower::ServiceExt;

use super::{Browser, TestServer};
use crate::both_databases;
use crate::domain::id::{RequestId, UserId};
use crate::domain::notification::NotificationKind;
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::service::notifications::{Notice, tell};
use crate::testing::{TestApp, give_addresses, sent_mails};

both_databases!(
    f164_a_link_in_a_mail_asks_for_sign_in_and_leads_its_reader_alone,
    f164_the_html_of_a_mail_may_do_nothing_and_carries_no_signature,
    the_bell_s_stream_tells_of_what_is_told_and_of_what_is_read,
);

/// Tells somebody something, with no package and no request.
async fn told(house: &TestServer, user: UserId, occasion: &str) {
    let app = &house.bench.app;
    let now = app.clock.now();
    let mut tx = app.store.write().await.expect("tx");
    let notice = Notice {
        kind: NotificationKind::AccessDelivered,
        package: None,
        request: None,
        assignment: None,
        occasion: occasion.to_owned(),
        facts: serde_json::json!({}),
    };
    tell(app, &mut tx, &notice, &[user], now);
    tx.commit().await.expect("commit");
}

/// The link that a mail about this request would carry for somebody.
async fn link(house: &TestServer, request: RequestId, user: UserId) -> String {
    let app = &house.bench.app;
    let mut tx = app.store.write().await.expect("tx");
    let link = crate::service::links::for_reader(app, &mut tx, request, user)
        .await
        .expect("a link");
    tx.commit().await.expect("commit");
    link
}

async fn f164_a_link_in_a_mail_asks_for_sign_in_and_leads_its_reader_alone(bench: TestApp) {
    let house = TestServer::new(bench);
    let me = house.person("approver1", DirectoryRole::User).await;
    house.person("stranger", DirectoryRole::User).await;
    let request = RequestId(uuid::Uuid::from_u128(7));
    let link = link(&house, request, me).await;
    let out = house.browser().get(&link).await;
    assert_eq!(
        (out.status, out.location()),
        (StatusCode::SEE_OTHER, paths::sign_in(&link).as_str())
    );
    for (name, path, to) in [
        ("approver1", link.clone(), paths::my_approval(request)),
        ("stranger", link.clone(), paths::MY_APPROVALS.to_owned()),
        ("approver1", format!("{link}0"), paths::MY_APPROVALS.to_owned()),
    ] {
        let answer = house.signed_in(name).await.get(&path).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, to.as_str()),
            "{name} at {path}"
        );
    }
}

async fn f164_the_html_of_a_mail_may_do_nothing_and_carries_no_signature(bench: TestApp) {
    let house = TestServer::new(bench);
    let admin = house.person("admin1", DirectoryRole::GlobalAdministrator).await;
    give_addresses(&house.bench.app).await;
    told(&house, admin, "once").await;
    let mut browser = house.signed_in("admin1").await;
    let list = browser
        .call("mails/list", &serde_json::json!({ "query": { "filter": "all", "page": {} } }))
        .await;
    let list: serde_json::Value = serde_json::from_str(&list.text).expect("mails");
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    for path in [paths::mail_content(&id), paths::mail_template_content("2")] {
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("sandbox; default-src 'none'") && policy.contains("frame-ancestors 'self'"),
            "{policy}"
        );
        assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(browser.get("/admin").await.header("x-frame-options"), "DENY");
    assert_eq!(browser.get(&paths::mail_content("nonsense")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(sent_mails(&house.bench.app).await.len(), 1);
}

async fn stream(browser: &Browser) -> axum::body::BodyDataStream {
    let request = Request::get(paths::NOTIFICATION_EVENTS)
        .header("cookie", format!("woodgate={}", browser.session()))
        .body(Body::empty())
        .expect("a request");
    let answer = browser.router.clone().oneshot(request).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    answer.into_body().into_data_stream()
}

async fn heard(stream: &mut axum::body::BodyDataStream) -> String {
    let chunk = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.expect("in time");
    String::from_utf8_lossy(&chunk.expect("an event").expect("a chunk")).into_owned()
}

async fn the_bell_s_stream_tells_of_what_is_told_and_of_what_is_read(bench: TestApp) {
    let house = TestServer::new(bench);
    let me = house.person("requestor1", DirectoryRole::User).await;
    let other = house.person("stranger", DirectoryRole::User).await;
    let mut browser = house.signed_in("requestor1").await;
    let mut stream = stream(&browser).await;
    let first = heard(&mut stream).await;
    assert!(first.contains(r#"{"done":false}"#), "{first}");
    told(&house, other, "not mine").await;
    told(&house, me, "mine").await;
    let event = heard(&mut stream).await;
    assert!(event.contains("id: 1-") && event.contains(r#"{"done":false}"#), "{event}");
    browser.call("notifications/read-all", &serde_json::json!({})).await;
    let event = heard(&mut stream).await;
    assert!(!event.contains("id: 1-"), "{event}");
}
