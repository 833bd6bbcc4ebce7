//! Who may open which page and call which function. Hidden links keep nobody out: each door is tried by those it is not for.

use axum::http::StatusCode;
use serde_json::json;

use super::{TestServer, calls};
use crate::both_databases;
use crate::domain::access::{Ceiling, Principal, Refusal};
use crate::domain::client::GrantKind;
use crate::domain::user::{DirectoryRole, UserKind};
use crate::paths;
use crate::service::audit;
use crate::store::refusals::ADDRESSES_MAX;
use crate::testing::{TestApp, unknown};

both_databases!(
    f008_the_admin_area_is_closed_to_plain_users,
    f176_admin_functions_refuse_plain_users_and_change_nothing,
    f176_every_function_refuses_who_is_signed_out,
    f167_whoever_is_refused_again_and_again_adds_a_number_and_no_rows,
    f167_the_number_of_a_client_s_refusals_is_told_of_a_client,
    f032_a_form_without_scripting_comes_back_with_what_was_typed,
);

async fn f008_the_admin_area_is_closed_to_plain_users(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    house.person("useradmin1", DirectoryRole::UserAdministrator).await;
    let mut plain = house.signed_in("requestor1").await;
    let id = unknown();
    let deep = [
        format!("/admin/users/{id}"),
        format!("/admin/groups/{id}/members"),
        format!("/admin/packages/{id}/requests/{id}"),
    ];
    let pages = [
        paths::ADMIN,
        paths::USERS,
        paths::USER_NEW,
        paths::USERS_DELETED,
        paths::GROUPS,
        paths::GROUP_NEW,
        paths::GOVERNANCE,
        paths::PACKAGES,
        paths::PACKAGE_NEW,
        paths::CATALOGS,
        "/admin/nowhere",
    ];
    for page in pages.into_iter().chain(deep.iter().map(String::as_str)) {
        let answer = plain.get(page).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page}");
        for said in [
            "Access denied",
            "requestor1 the Person",
            "Identity Governance administrator or User administrator",
            "/my-access",
            "/sign-out",
        ] {
            assert!(answer.text.contains(said), "{page}: {said} in {}", answer.text);
        }
        assert!(!answer.text.contains("useradmin1"), "{page} shows data");
        let answer = house.browser().get(page).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, paths::sign_in(page).as_str())
        );
    }
    let mut admin = house.signed_in("useradmin1").await;
    assert_eq!(admin.get(paths::ADMIN).await.status, StatusCode::OK);
}

async fn f176_admin_functions_refuse_plain_users_and_change_nothing(bench: TestApp) {
    let house = TestServer::new(bench);
    let victim = house.person("victim", DirectoryRole::User).await;
    house.person("requestor1", DirectoryRole::User).await;
    let mut plain = house.signed_in("requestor1").await;
    let changes = "SELECT count(*) FROM audit WHERE activity <> 'refuse'";
    let audit = house.count(changes).await;
    let mut refused = 0;
    for (door, input) in calls::of_the_admin_area(victim) {
        let answer = plain.call(door, &input).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{door}: {}", answer.text);
        assert!(answer.text.contains("needs-role"), "{door}: {}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store", "{door}");
        refused += 1;
    }
    assert_eq!(house.count(changes).await, audit);
    // What was tried is in the trail, each with its address and its reason.
    let noted = "SELECT count(*) FROM audit WHERE activity = 'refuse' AND result = 'failure' AND actor_name = 'requestor1 the Person'
        AND detail LIKE '/api/%: Only a %'";
    assert_eq!(house.count(noted).await, refused);
    assert_eq!(
        house
            .count("SELECT count(*) FROM users WHERE enabled = TRUE AND deleted_at IS NULL AND version = 1")
            .await,
        2
    );
    assert_eq!(house.count("SELECT count(*) FROM objects").await, 0);
    assert_eq!(house.count("SELECT count(*) FROM drafts").await, 0);
}

async fn f167_whoever_is_refused_again_and_again_adds_a_number_and_no_rows(bench: TestApp) {
    let house = TestServer::new(bench);
    let user = house.person("requestor1", DirectoryRole::User).await;
    let mut plain = house.signed_in("requestor1").await;
    for _ in 0..5 {
        plain.get(paths::USERS).await;
    }
    let noted = "SELECT count(*) FROM audit WHERE activity = 'refuse'";
    assert_eq!(house.count(noted).await, 1);
    // Addresses that the caller makes up do not help: one more row for all that are too many to be told apart.
    let caller = Principal::user(user, "requestor1 the Person", "requestor1", UserKind::Member);
    let refusal = Refusal::new("needs-role", "Only an administrator can do this.");
    for number in 0..ADDRESSES_MAX + 20 {
        let address = format!("/admin/nowhere/{number}");
        audit::note_refusal(&house.bench.app, &caller, &address, &refusal)
            .await
            .expect("noted");
    }
    assert_eq!(house.count(noted).await, ADDRESSES_MAX + 1);
    house.bench.clock.advance(chrono::Duration::hours(1));
    crate::service::schedules::run_due(&house.bench.app, unknown())
        .await
        .expect("schedules");
    assert_eq!(house.count(noted).await, ADDRESSES_MAX + 3);
    let again = "SELECT count(*) FROM audit WHERE activity = 'refuse' AND actor_name = 'requestor1 the Person' AND result = 'failure'
        AND (detail LIKE '/admin/users: refused 4 more times%' OR detail LIKE 'Other addresses: refused 20 more times%')";
    assert_eq!(house.count(again).await, 2);
    assert_eq!(house.count("SELECT count(*) FROM refusals").await, 0);
    house.signed_in("requestor1").await.get(paths::USERS).await;
    assert_eq!(house.count(noted).await, ADDRESSES_MAX + 4, "a new hour begins anew");
}

async fn f167_the_number_of_a_client_s_refusals_is_told_of_a_client(bench: TestApp) {
    let house = TestServer::new(bench);
    let app = &house.bench.app;
    let caller = Principal::client(unknown(), "Nightly report", Ceiling::new(GrantKind::Application, []));
    let refusal = Refusal::new("needs-permission", "The client has no permission for this.");
    for _ in 0..3 {
        audit::note_refusal(app, &caller, "/v1.0/users", &refusal).await.expect("noted");
    }
    house.bench.clock.advance(chrono::Duration::hours(1));
    audit::sum_up_refusals(app).await.expect("summed up");
    let of_client = "SELECT count(*) FROM audit WHERE activity = 'refuse' AND actor_kind = 'client' AND actor_name = 'Nightly report'";
    assert_eq!(house.count(of_client).await, 2, "the first, and the number of the others");
}

async fn f176_every_function_refuses_who_is_signed_out(bench: TestApp) {
    let house = TestServer::new(bench);
    let victim = house.person("victim", DirectoryRole::User).await;
    let own = calls::OWN.map(|door| (door, json!({})));
    for (door, input) in calls::of_the_admin_area(victim).into_iter().chain(own) {
        let answer = house.browser().call(door, &input).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{door}: {}", answer.text);
        assert_eq!(answer.text, r#""signed_out""#, "{door}");
    }
}

async fn f032_a_form_without_scripting_comes_back_with_what_was_typed(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.signed_in("requestor1").await;
    for package in [unknown().to_string(), "7".to_owned()] {
        let path = format!("/my-access/packages/{package}/request");
        let answer = browser.post(&path, &[("justification", "I am working on it")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
        assert!(answer.text.contains("<html") && answer.header("content-security-policy").contains("nonce-"));
        let answer = house.browser().post(&path, &[("justification", "x")]).await;
        assert_eq!(answer.location(), paths::sign_in(&path));
    }
    assert_eq!(house.count("SELECT count(*) FROM requests").await, 0);
}
