//! One's own password: forced at the first sign-in, changed later, and what that does to sessions.

use axum::http::StatusCode;

use super::{PASSWORD, TestServer};
use crate::both_databases;
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::testing::TestApp;

both_databases!(
    an_initial_password_must_be_changed_first,
    a_changed_password_ends_the_other_sessions,
    faults_stand_at_their_fields,
    f003_the_first_password_is_chosen_behind_a_link_once,
);

const NEW: &str = "seven-quiet-otters-swim";

async fn an_initial_password_must_be_changed_first(bench: TestApp) {
    let house = TestServer::new(bench);
    let id = house.person("admin1", DirectoryRole::GlobalAdministrator).await;
    house
        .sql("UPDATE credentials SET must_change_password = TRUE WHERE user_id = $1", id)
        .await;
    let mut browser = house.signed_in("admin1").await;
    for page in [paths::ROOT, paths::ADMIN, paths::USERS, paths::MY_ACCESS] {
        let answer = browser.get(page).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(answer.location().starts_with("/password?return=%2F"), "{}", answer.location());
    }
    let refused = browser.call("users/list", &serde_json::json!({ "query": {} })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        browser
            .get("/password?return=/admin/users")
            .await
            .text
            .contains("Choose your password")
    );
    let fields = [("current", PASSWORD), ("new", NEW), ("again", NEW), ("return", "/admin/users")];
    let answer = browser.post(paths::PASSWORD, &fields).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/admin/users"),
        "{}",
        answer.text
    );
    assert_eq!(browser.get(paths::USERS).await.status, StatusCode::OK);
    assert_eq!(
        house.count("SELECT count(*) FROM audit WHERE activity = 'change_password'").await,
        1
    );
}

async fn f003_the_first_password_is_chosen_behind_a_link_once(bench: TestApp) {
    use crate::service::{sign_in_links, users};
    use crate::testing::{actor, sent_mails};
    let house = TestServer::new(bench);
    let id = house.person("ada", DirectoryRole::User).await;
    house.sql("DELETE FROM credentials WHERE user_id = $1", id).await;
    house.sql("UPDATE users SET mail = 'ada@bank.example' WHERE id = $1", id).await;
    let (app, admin) = (&house.bench.app, actor(DirectoryRole::GlobalAdministrator));
    let version = users::get(app, &admin, id).await.expect("a user").version;
    sign_in_links::send(app, &admin, id, version).await.expect("sent");
    let mails = sent_mails(app).await;
    let token = mails[0].mail.text.split("/sign-in-link/").nth(1).expect("a link");
    let page = paths::sign_in_link(&token.chars().take_while(char::is_ascii_hexdigit).collect::<String>());

    let mut browser = house.browser();
    let shown = browser.get(&page).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert!(shown.text.contains("Choose your password") && shown.text.contains("Your user name is ada."));
    let weak = browser.post(&page, &[("new", "short"), ("again", "other")]).await;
    assert!(weak.text.contains("Use at least 12 characters.") && weak.text.contains("The two passwords are not the same."));
    let chosen = browser.post(&page, &[("new", NEW), ("again", NEW)]).await;
    assert_eq!(
        (chosen.status, chosen.location()),
        (StatusCode::SEE_OTHER, paths::ROOT),
        "{}",
        chosen.text
    );
    assert_eq!(browser.get(paths::MY_ACCESS).await.status, StatusCode::OK, "signed in");
    for answer in [
        browser.get(&page).await,
        house.browser().post(&page, &[("new", NEW), ("again", NEW)]).await,
    ] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text.contains("This link no longer works"), "{}", answer.text);
    }
    assert_eq!(
        house.count("SELECT count(*) FROM audit WHERE activity = 'change_password'").await,
        1
    );
}

async fn a_changed_password_ends_the_other_sessions(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    house.person("other", DirectoryRole::User).await;
    let mut here = house.signed_in("requestor1").await;
    let mut there = house.signed_in("requestor1").await;
    let mut other = house.signed_in("other").await;
    let mut before = here.clone();
    let answer = here
        .post(paths::PASSWORD, &[("current", PASSWORD), ("new", NEW), ("again", NEW)])
        .await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{}", answer.text);
    assert!(here.is_in().await && other.is_in().await);
    assert!(!there.is_in().await && !before.is_in().await);
    assert_ne!(here.session(), before.session());
    assert_eq!(
        house.browser().sign_in("requestor1", PASSWORD).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(house.browser().sign_in("requestor1", NEW).await.status, StatusCode::SEE_OTHER);
}

async fn faults_stand_at_their_fields(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.signed_in("requestor1").await;
    for (current, new, again, said) in [
        ("", NEW, NEW, "Current password is required."),
        ("wrong", NEW, NEW, "That is not your current password."),
        (PASSWORD, "short", "short", "Use at least 12 characters."),
        (PASSWORD, "requestor1-x", "requestor1-x", "This is too easy to guess."),
        (PASSWORD, NEW, "another", "The two passwords are not the same."),
        (PASSWORD, PASSWORD, PASSWORD, "Choose a password that differs from the current one."),
    ] {
        let answer = browser
            .post(paths::PASSWORD, &[("current", current), ("new", new), ("again", again)])
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.text.contains(said), "{said} in {}", answer.text);
        assert!(!answer.text.contains(NEW), "a password came back");
    }
    assert!(browser.is_in().await);
    let mut stranger = house.browser();
    let answer = stranger
        .post(paths::PASSWORD, &[("current", PASSWORD), ("new", NEW), ("again", NEW)])
        .await;
    assert_eq!(answer.location(), "/sign-in?return=%2Fpassword");
}
