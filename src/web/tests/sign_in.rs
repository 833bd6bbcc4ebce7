//! Signing in and out: who gets in, what the others are told, how sessions begin and end.

use axum::http::StatusCode;
use chrono::Duration;

use super::{PASSWORD, TestServer};
use crate::both_databases;
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::service::accounts::{self, Caller, SignInForm, SignInLimits};
use crate::store::sessions::NewSession;
use crate::testing::TestApp;

both_databases!(
    f149_my_access_opens_with_the_overview_where_the_tenant_has_chosen_that,
    f001_the_right_password_opens_the_right_door,
    a_return_leads_back_but_never_away,
    unknown_wrong_and_blocked_are_told_the_same,
    failures_are_limited_and_successes_are_not,
    sign_in_always_gives_a_new_session,
    a_sign_in_does_not_outlive_its_password,
    sign_out_ends_the_session_on_the_server,
    a_session_ends_unused_and_ends_in_any_case,
    who_is_blocked_or_deleted_is_out_at_once,
    behind_tls_the_cookie_is_secure,
    b1_nobody_is_locked_out_by_others,
    b4_a_busy_database_keeps_nobody_from_reading,
    c19_failed_sign_ins_are_in_the_trail_with_their_address,
);

async fn f001_the_right_password_opens_the_right_door(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("admin1", DirectoryRole::GlobalAdministrator).await;
    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.browser();
    let answer = browser.get(paths::ROOT).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in?return=%2F"));

    let answer = browser.sign_in("  ADMIN1 ", PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"));
    let cookie = answer.cookie("woodgate");
    assert!(
        cookie.starts_with("woodgate=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert!(!cookie.contains("Secure") && !cookie.contains("Max-Age"), "{cookie}");
    assert_eq!(browser.get(paths::ROOT).await.location(), paths::ADMIN);
    assert_eq!(
        house.signed_in("requestor1").await.get(paths::ROOT).await.location(),
        paths::MY_ACCESS
    );
    assert_eq!(browser.get("/sign-in?return=/my-access").await.location(), "/my-access");
    assert_eq!(house.count("SELECT count(*) FROM audit WHERE activity = 'sign_in'").await, 2);
    assert_eq!(
        house
            .count("SELECT count(*) FROM sessions WHERE length(id) = 64 AND user_id IS NOT NULL")
            .await,
        2
    );
}

async fn a_return_leads_back_but_never_away(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.browser();
    let answer = browser.get("/my-access/packages/7?directory=woodgrove-bank").await;
    assert_eq!(
        answer.location(),
        "/sign-in?return=%2Fmy-access%2Fpackages%2F7%3Fdirectory%3Dwoodgrove-bank"
    );
    let page = browser.get(answer.location()).await;
    assert!(
        page.text
            .contains(r#"name="return" value="/my-access/packages/7?directory=woodgrove-bank""#),
        "{}",
        page.text
    );
    for (asked, given) in [
        ("/my-access/packages/7", "/my-access/packages/7"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
    ] {
        let fields = [("user_name", "requestor1"), ("password", PASSWORD), ("return", asked)];
        assert_eq!(house.browser().post(paths::SIGN_IN, &fields).await.location(), given);
    }
}

async fn unknown_wrong_and_blocked_are_told_the_same(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("known", DirectoryRole::User).await;
    let blocked = house.person("blocked", DirectoryRole::User).await;
    let deleted = house.person("deleted", DirectoryRole::User).await;
    house.sql("UPDATE users SET enabled = FALSE WHERE id = $1", blocked).await;
    house.sql("UPDATE users SET deleted_at = created_at WHERE id = $1", deleted).await;
    let mut said = Vec::new();
    for (user_name, password) in [
        ("known", "wrong"),
        ("unknown", PASSWORD),
        ("blocked", PASSWORD),
        ("deleted", PASSWORD),
        ("known", ""),
        ("", ""),
        ("\"><script>alert(1)</script>", "x"),
    ] {
        let mut browser = house.browser();
        house.bench.passwords.compared();
        let answer = browser.sign_in(user_name, password).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{user_name}");
        assert_eq!(house.bench.passwords.compared(), 1, "{user_name} takes the time of one password");
        assert!(answer.text.contains("The user name or password is not right."), "{}", answer.text);
        assert!(!answer.text.contains("<script>alert"), "{}", answer.text);
        assert!(browser.session().is_empty() && !browser.is_in().await);
        said.push(answer.text.replace(&format!(r#"value="{user_name}""#), ""));
    }
    assert!(said[..4].windows(2).all(|pair| pair[0] == pair[1]));
    let kept = house.browser().sign_in("known", "wrong").await;
    assert!(
        kept.text.contains(r#"value="known""#) && !kept.text.contains(r#"value="wrong""#),
        "{}",
        kept.text
    );
}

async fn failures_are_limited_and_successes_are_not(bench: TestApp) {
    let house = TestServer::set(
        bench,
        &[
            ("WOODGATE_SIGN_IN_TRIES_PER_ACCOUNT", "3"),
            ("WOODGATE_SIGN_IN_TRIES_PER_ADDRESS", "5"),
        ],
    );
    house.person("often", DirectoryRole::User).await;
    house.person("other", DirectoryRole::User).await;
    for _ in 0..12 {
        house.signed_in("often").await;
    }
    for _ in 0..3 {
        assert_eq!(house.browser().sign_in("often", "wrong").await.status, StatusCode::UNAUTHORIZED);
    }
    let answer = house.browser().sign_in("often", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "101");
    assert!(
        answer.text.contains("Too many tries. Wait 101 seconds, then try again."),
        "{}",
        answer.text
    );
    house.signed_in("other").await;
    for _ in 0..2 {
        house.browser().sign_in("nobody", "wrong").await;
    }
    assert_eq!(
        house.browser().sign_in("other", PASSWORD).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    house.bench.clock.advance(Duration::minutes(5));
    house.signed_in("often").await;
}

async fn sign_in_always_gives_a_new_session(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    house.person("admin1", DirectoryRole::GlobalAdministrator).await;
    let mut victim = house.browser();
    victim.cookies.insert("woodgate".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    victim.sign_in("requestor1", PASSWORD).await;
    assert_ne!(victim.session(), "AAAAAAAAAAAAAAAAAAAAAA");
    let mut before = victim.clone();
    victim.sign_in("admin1", PASSWORD).await;
    assert_ne!(victim.session(), before.session());
    assert!(victim.is_in().await && !before.is_in().await);
    assert_eq!(house.count("SELECT count(*) FROM sessions").await, 1);
}

async fn a_sign_in_does_not_outlive_its_password(bench: TestApp) {
    let house = TestServer::new(bench);
    let id = house.person("requestor1", DirectoryRole::User).await;
    let app = &house.bench.app;
    let limits = SignInLimits::new(10, 10);
    let form = SignInForm {
        user_name: "requestor1".into(),
        password: PASSWORD.into(),
    };
    let session = |key: &str| NewSession {
        key: key.into(),
        user: id,
        data: serde_json::Value::Null,
        created_at: app.clock.now(),
        seen_at: app.clock.now(),
        expires_at: app.clock.now() + Duration::hours(12),
    };
    for (meanwhile, change, begins) in [
        ("another department", "UPDATE users SET department = 'Sales' WHERE id = $1", true),
        ("sign-in blocked", "UPDATE users SET enabled = FALSE WHERE id = $1", false),
        (
            "another password",
            "UPDATE credentials SET password_hash = 'plain:another' WHERE user_id = $1",
            false,
        ),
    ] {
        house.sql("UPDATE users SET enabled = TRUE WHERE id = $1", id).await;
        let caller = Caller {
            network: [127, 0, 0, 1].into(),
            address: "127.0.0.1".into(),
            browser: None,
        };
        let proven = accounts::sign_in(app, &limits, &form, &caller).await;
        let proven = proven.expect("the password is right");
        house.sql(change, id).await;
        let begun = accounts::begin(app, session(meanwhile), &proven.hash, Some("127.0.0.1")).await;
        assert_eq!(begun.expect("an answer"), begins, "{meanwhile}");
    }
    house.sql("UPDATE users SET enabled = TRUE WHERE id = $1", id).await;
    let live = accounts::still_there(app, "another department", Duration::hours(1)).await;
    assert!(live.expect("an answer").is_some());
    assert_eq!(house.count("SELECT count(*) FROM audit WHERE activity = 'sign_in'").await, 1);
    assert_eq!(house.count("SELECT count(*) FROM sessions").await, 1);
}

async fn sign_out_ends_the_session_on_the_server(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.signed_in("requestor1").await;
    let mut thief = browser.clone();
    assert_eq!(browser.get("/my-access").await.header("cache-control"), "no-store");
    let answer = browser.post(paths::SIGN_OUT, &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in?signed-out=1"));
    assert_eq!(answer.header("clear-site-data"), "\"cache\"");
    assert!(browser.session().is_empty());
    assert!(browser.get(answer.location()).await.text.contains("You are signed out."));
    assert!(!thief.is_in().await);
    assert_eq!(house.count("SELECT count(*) FROM audit WHERE activity = 'sign_out'").await, 1);
    assert_eq!(house.browser().post(paths::SIGN_OUT, &[]).await.status, StatusCode::SEE_OTHER);
}

async fn a_session_ends_unused_and_ends_in_any_case(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    let mut idle = house.signed_in("requestor1").await;
    house.bench.clock.advance(Duration::minutes(59));
    assert!(idle.is_in().await);
    house.uses_are_noted().await;
    house.bench.clock.advance(Duration::minutes(59));
    assert!(idle.is_in().await, "the use before was noted");
    house.uses_are_noted().await;
    house.bench.clock.advance(Duration::minutes(60));
    assert!(!idle.is_in().await);

    let mut busy = house.signed_in("requestor1").await;
    for _ in 0..23 {
        house.bench.clock.advance(Duration::minutes(30));
        assert!(busy.is_in().await);
        house.uses_are_noted().await;
    }
    house.bench.clock.advance(Duration::minutes(30));
    assert!(!busy.is_in().await);
}

async fn who_is_blocked_or_deleted_is_out_at_once(bench: TestApp) {
    let house = TestServer::new(bench);
    for change in [
        "UPDATE users SET enabled = FALSE WHERE id = $1",
        "UPDATE users SET deleted_at = created_at WHERE id = $1",
        "DELETE FROM sessions WHERE user_id = $1",
    ] {
        let id = house.person("requestor1", DirectoryRole::User).await;
        let mut browser = house.signed_in("requestor1").await;
        assert!(browser.is_in().await);
        house.sql(change, id).await;
        assert!(!browser.is_in().await, "{change}");
        house.sql("UPDATE users SET deleted_at = created_at WHERE id = $1", id).await;
    }
}

async fn behind_tls_the_cookie_is_secure(bench: TestApp) {
    let tls = [
        ("WOODGATE_BEHIND_TLS", "true"),
        ("WOODGATE_PUBLIC_URL", "https://access.example"),
        ("WOODGATE_TRUSTED_PROXY", "127.0.0.1"),
    ];
    let house = TestServer::set(bench, &tls);
    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.browser();
    let answer = browser.sign_in("requestor1", PASSWORD).await;
    let known = answer.cookie("__Host-woodgate-browser");
    assert!(known.contains("; Secure") && known.contains("HttpOnly"), "{known}");
    let cookie = answer.cookie("__Host-woodgate");
    assert!(
        cookie.starts_with("__Host-woodgate=") && cookie.contains("Secure") && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    let answer = browser.post(paths::SIGN_OUT, &[]).await;
    let removal = answer.cookie("__Host-woodgate");
    assert!(
        ["__Host-woodgate=;", "Max-Age=0", "Path=/", "Secure"]
            .iter()
            .all(|part| removal.contains(part)),
        "a removal that browsers carry out: {removal}"
    );
}

async fn b1_nobody_is_locked_out_by_others(bench: TestApp) {
    let house = TestServer::set(
        bench,
        &[
            ("WOODGATE_SIGN_IN_TRIES_PER_ACCOUNT", "3"),
            ("WOODGATE_SIGN_IN_TRIES_PER_ADDRESS", "100"),
            ("WOODGATE_TRUSTED_PROXY", "0.0.0.0"),
        ],
    );
    house.person("admin1", DirectoryRole::GlobalAdministrator).await;
    let mut own = house.signed_in("admin1").await;
    own.post(paths::SIGN_OUT, &[]).await;
    // Somebody else fails from another network, as often as they like.
    let tries = async |network: &str, password: &str| {
        let mut browser = house.browser();
        browser.forwarded = Some(network.to_owned());
        browser.sign_in("admin1", password).await.status
    };
    for _ in 0..3 {
        assert_eq!(tries("198.51.100.7", "wrong").await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(tries("198.51.100.7", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        tries("203.0.113.9", PASSWORD).await,
        StatusCode::SEE_OTHER,
        "another network is not meant"
    );
    for network in 0..20 {
        for _ in 0..3 {
            tries(&format!("192.0.2.{network}"), "wrong").await;
        }
    }
    assert_eq!(
        tries("203.0.113.9", PASSWORD).await,
        StatusCode::TOO_MANY_REQUESTS,
        "the account from everywhere"
    );
    let answer = own.sign_in("admin1", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "the browser that is known: {}", answer.text);
    for _ in 0..3 {
        assert_eq!(own.sign_in("admin1", "wrong").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        own.sign_in("admin1", PASSWORD).await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "its own failures count"
    );
}

async fn b4_a_busy_database_keeps_nobody_from_reading(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    let mut browser = house.signed_in("requestor1").await;
    house.bench.clock.advance(Duration::minutes(5));
    let mut busy = house.bench.app.store.write().await.expect("tx");
    busy.exec("UPDATE sessions SET seen_at = seen_at", Vec::new()).await.expect("held");
    assert!(browser.is_in().await, "read while every session's row is held");
    drop(busy);
    house.uses_are_noted().await;
    assert!(browser.is_in().await);
}

async fn c19_failed_sign_ins_are_in_the_trail_with_their_address(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    house.browser().sign_in("requestor1", "wrong").await;
    house.browser().sign_in("my secret typed at the wrong place", "wrong").await;
    let failed = "SELECT count(*) FROM audit WHERE activity = 'sign_in_failed' AND result = 'failure' AND address <> ''";
    assert_eq!(house.count(failed).await, 2);
    assert_eq!(
        house
            .count("SELECT count(*) FROM audit_targets t JOIN audit a ON a.id = t.audit_id WHERE a.activity = 'sign_in_failed'")
            .await,
        1
    );
    assert_eq!(house.count("SELECT count(*) FROM audit WHERE detail LIKE '%secret%'").await, 0);
}

async fn f149_my_access_opens_with_the_overview_where_the_tenant_has_chosen_that(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("admin1", DirectoryRole::GlobalAdministrator).await;
    house.person("requestor1", DirectoryRole::User).await;
    let mut own = house.signed_in("requestor1").await;
    assert_eq!(own.get(paths::ROOT).await.location(), paths::MY_ACCESS);
    assert_eq!(own.get(paths::MY_ACCESS).await.status, StatusCode::OK);
    let mut admin = house.signed_in("admin1").await;
    let mut settings: serde_json::Value =
        serde_json::from_str(&admin.call("settings/get", &serde_json::json!({})).await.text).expect("settings");
    settings["overview_first"] = true.into();
    let saved = admin.call("settings/update", &serde_json::json!({ "form": settings })).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    assert_eq!(own.get(paths::ROOT).await.location(), paths::MY_OVERVIEW);
    assert_eq!(own.get(paths::MY_ACCESS).await.location(), paths::MY_OVERVIEW);
    assert_eq!(
        own.get("/my-access?tab=active").await.status,
        StatusCode::OK,
        "a list that is asked for is shown"
    );
    assert_eq!(own.get(paths::MY_OVERVIEW).await.status, StatusCode::OK);
    let mut again = house.browser();
    let form = [("user_name", "requestor1"), ("password", PASSWORD), ("return", paths::MY_ACCESS)];
    assert_eq!(again.post(paths::SIGN_IN, &form).await.location(), paths::MY_OVERVIEW);
}
