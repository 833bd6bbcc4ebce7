//! The first administrator: by the link that works once, or by the command line.

use axum::http::StatusCode;

use super::{PASSWORD, TestServer};
use crate::both_databases;
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::service::set_up::{self, SetUpForm};
use crate::testing::TestApp;

both_databases!(
    f001_f006_the_link_works_once,
    c20_every_copy_s_link_works_until_one_was_used,
    where_there_are_accounts_there_is_no_link,
    the_command_line_makes_one_too,
);

fn fields(token: &str) -> [(&str, &str); 5] {
    [
        ("token", token),
        ("name", "Admin1"),
        ("user_name", "admin1"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ]
}

async fn f001_f006_the_link_works_once(bench: TestApp) {
    let house = TestServer::new(bench);
    let token = set_up::prepare(&house.bench.app).await.expect("prepared").expect("a token");
    let mut browser = house.browser();
    assert_eq!(browser.get("/set-up?token=wrong").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(paths::SET_UP).await.status, StatusCode::NOT_FOUND);
    let page = browser.get(&format!("/set-up?token={token}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let stored = house.count("SELECT count(*) FROM settings WHERE key LIKE 'set_up_token.%'").await;
    assert_eq!(stored, 1);

    let mut bad = fields(&token);
    (bad[1].1, bad[4].1) = (" ", "another");
    let answer = browser.post(paths::SET_UP, &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Name is required.") && answer.text.contains("The two passwords are not the same."));
    assert!(answer.text.contains(r#"value="admin1""#));

    let answer = browser.post(paths::SET_UP, &fields(&token)).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, paths::ADMIN),
        "{}",
        answer.text
    );
    assert_eq!(browser.get(paths::ADMIN).await.status, StatusCode::OK);
    assert_eq!(
        house.browser().post(paths::SET_UP, &fields(&token)).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        house.browser().get(&format!("/set-up?token={token}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(house.count("SELECT count(*) FROM users").await, 1);
    let general = "SELECT count(*) FROM catalogs WHERE name = 'General' AND built_in = TRUE AND enabled = TRUE";
    assert_eq!(house.count(general).await, 1);
    assert!(set_up::prepare(&house.bench.app).await.expect("prepared").is_none());
}

async fn c20_every_copy_s_link_works_until_one_was_used(bench: TestApp) {
    let house = TestServer::new(bench);
    let first = set_up::prepare(&house.bench.app).await.expect("prepared").expect("a token");
    let second = set_up::prepare(&house.bench.app).await.expect("prepared").expect("a token");
    for token in [&first, &second] {
        assert!(set_up::is_open(&house.bench.app, token).await.expect("an answer"));
    }
    let (mut one, mut other) = (house.browser(), house.browser());
    let (one_fields, other_fields) = (fields(&first), fields(&second));
    let (one, other) = tokio::join!(one.post(paths::SET_UP, &one_fields), other.post(paths::SET_UP, &other_fields));
    let mut answers = [one.status, other.status];
    answers.sort();
    assert_eq!(
        answers,
        [StatusCode::SEE_OTHER, StatusCode::NOT_FOUND],
        "pressed at once, one is taken"
    );
    assert_eq!(house.count("SELECT count(*) FROM users").await, 1);
    assert_eq!(house.count("SELECT count(*) FROM catalogs").await, 1);
}

async fn where_there_are_accounts_there_is_no_link(bench: TestApp) {
    let house = TestServer::new(bench);
    let token = set_up::prepare(&house.bench.app).await.expect("prepared").expect("a token");
    house.person("someone", DirectoryRole::User).await;
    assert!(set_up::prepare(&house.bench.app).await.expect("prepared").is_none());
    assert_eq!(
        house.browser().post(paths::SET_UP, &fields(&token)).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(house.count("SELECT count(*) FROM users").await, 1);
}

async fn the_command_line_makes_one_too(bench: TestApp) {
    let house = TestServer::new(bench);
    let token = set_up::prepare(&house.bench.app).await.expect("prepared").expect("a token");
    let form = SetUpForm {
        name: "Admin1".into(),
        user_name: "admin1".into(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
    };
    set_up::by_command(&house.bench.app, &form).await.expect("an administrator");
    assert!(set_up::by_command(&house.bench.app, &form).await.is_err(), "the user name is taken");
    assert_eq!(house.signed_in("admin1").await.get(paths::ADMIN).await.status, StatusCode::OK);
    assert!(!set_up::is_open(&house.bench.app, &token).await.expect("an answer"));
}
