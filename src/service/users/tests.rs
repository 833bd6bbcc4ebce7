//! Whole use cases about accounts, on both databases.

use chrono::Duration;

use crate::args;
use crate::both_databases;
use crate::domain::access::Principal;
use crate::domain::audit::Activity;
use crate::domain::id::{ObjectId, UserId};
use crate::domain::page::{Direction, PageQuery};
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserDetail, UserForm, UserKind, UserQuery, UserSort};
use crate::domain::validate::Code;
use crate::service::audit::Entry;
use crate::service::{App, Error, groups, users};
use crate::store::sessions::{self, NewSession};
use crate::testing::{TestApp, actor, unknown};

both_databases!(
    f003_a_new_user_is_listed_and_must_change_the_password,
    f003_bad_input_is_told_at_its_field_and_stores_nothing,
    f003_a_user_name_is_taken_whatever_its_case,
    f004_a_role_is_given_only_up_to_ones_own,
    f008_a_plain_user_is_refused_and_nothing_changes,
    a_profile_is_changed_with_its_trail,
    of_two_administrators_the_second_is_told,
    managers_form_no_circle,
    f092_sponsors_are_said_with_the_profile_and_kept_through_a_deletion,
    two_changes_at_once_form_no_circle_of_managers,
    unknown_ids_are_not_found,
    the_last_global_administrator_stays,
    of_two_demotions_at_once_one_is_refused,
    f151_a_blocked_user_is_out_at_once,
    a_reset_password_is_new_and_must_be_changed,
    f043_a_deleted_user_leaves_the_list_and_can_be_restored,
    f043_after_thirty_days_nothing_but_the_name_is_left,
    a_user_name_taken_meanwhile_stops_a_restore,
    rules_follow_every_change_of_a_user,
    users_are_found_sorted_and_paged,
    people_found_by_words_are_paged_and_counted,
);

const PASSWORD: &str = "first-day-at-the-bank-7";

fn form(name: &str) -> UserForm {
    UserForm {
        name: name.into(),
        user_name: name.to_lowercase().replace(' ', "."),
        password: PASSWORD.into(),
        ..UserForm::default()
    }
}

fn admin() -> Principal {
    actor(DirectoryRole::GlobalAdministrator)
}

async fn make(app: &App, form: &UserForm) -> UserId {
    users::create(app, &admin(), form).await.expect("a user")
}

async fn with_role(app: &App, name: &str, role: DirectoryRole) -> UserId {
    let role = role.as_str().into();
    make(app, &UserForm { role, ..form(name) }).await
}

async fn get(app: &App, id: UserId) -> UserDetail {
    users::get(app, &admin(), id).await.expect("the user")
}

/// The form that the Edit pane would send for a user as it stands.
fn edit(user: &UserDetail) -> UserForm {
    UserForm {
        name: user.item.name.clone(),
        user_name: user.item.user_name.clone(),
        kind: user.item.kind.as_str().into(),
        role: user.item.role.as_str().into(),
        mail: user.mail.clone(),
        job_title: user.item.job_title.clone(),
        department: user.item.department.clone(),
        manager: user.manager.as_ref().map(|manager| manager.id.to_string()).unwrap_or_default(),
        sponsors: Some(user.sponsors.iter().map(|sponsor| sponsor.id).collect()),
        attributes: Vec::new(),
        ..UserForm::default()
    }
}

fn as_actor(user: &UserDetail) -> Principal {
    let item = &user.item;
    Principal::user(item.id, item.name.as_str(), item.user_name.as_str(), item.kind).with_directory_role(item.role)
}

fn codes(error: Error) -> Vec<(String, Code)> {
    match error {
        Error::Invalid(errors) => errors.into_iter().map(|e| (e.path, e.code)).collect(),
        other => panic!("expected faults, got {other}"),
    }
}

fn rule(error: Error) -> String {
    match error {
        Error::Refused(refusal) => refusal.rule,
        other => panic!("expected a refusal, got {other}"),
    }
}

async fn trail(app: &App) -> Vec<(String, String)> {
    let mut tx = app.store.read().await.expect("tx");
    tx.all("SELECT activity, CAST(changes AS TEXT) FROM audit ORDER BY at, id", args![])
        .await
        .expect("the trail")
}

async fn count_users(app: &App) -> i64 {
    let mut tx = app.store.read().await.expect("tx");
    tx.value("SELECT count(*) FROM users", args![]).await.expect("a count")
}

async fn sign_in(app: &App, user: UserId, key: &str) {
    let now = app.clock.now();
    let mut tx = app.store.write().await.expect("tx");
    let session = NewSession {
        key: key.into(),
        user,
        data: serde_json::json!({}),
        created_at: now,
        seen_at: now,
        expires_at: now + Duration::hours(12),
    };
    sessions::insert(&mut tx, session).await.expect("a session");
    tx.commit().await.expect("commit");
}

async fn session_count(app: &App, user: UserId) -> i64 {
    let mut tx = app.store.read().await.expect("tx");
    tx.value("SELECT count(*) FROM sessions WHERE user_id = $1", args![user])
        .await
        .expect("a count")
}

async fn f003_a_new_user_is_listed_and_must_change_the_password(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Requestor1")).await;
    let page = users::list(app, &admin(), &UserQuery::default()).await.expect("a page");
    assert_eq!((page.items.len(), page.total), (1, Some(1)));
    assert_eq!((page.items[0].id, page.items[0].name.as_str()), (id, "Requestor1"));
    let user = get(app, id).await;
    assert_eq!(
        (user.item.kind, user.item.role, user.item.enabled),
        (UserKind::Member, DirectoryRole::User, true)
    );
    assert!(user.abilities.edit.is_allowed() && user.abilities.delete.is_allowed());
    assert_eq!(user.version, 1);

    let mut tx = app.store.read().await.expect("tx");
    let (hash, must): (String, bool) = tx
        .one("SELECT password_hash, must_change_password FROM credentials", args![])
        .await
        .expect("the account");
    assert_eq!((hash, must), (format!("plain:{PASSWORD}"), true));
    drop(tx);
    let trail = trail(app).await;
    assert_eq!(trail.len(), 1);
    assert_eq!(trail[0].0, Activity::CreateUser.as_str());
    assert!(
        trail[0].1.contains("requestor1") && !trail[0].1.contains(PASSWORD),
        "{}",
        trail[0].1
    );
}

async fn f003_bad_input_is_told_at_its_field_and_stores_nothing(bench: TestApp) {
    let app = &bench.app;
    let with = |change: fn(&mut UserForm)| {
        let mut form = form("Requestor1");
        change(&mut form);
        form
    };
    for (form, path, code) in [
        (with(|f| f.name = " \u{a0} ".into()), "name", Code::Required),
        (with(|f| f.name = "é".repeat(257)), "name", Code::TooLong(256)),
        (with(|f| f.name = "Req\u{202e}uestor".into()), "name", Code::Unprintable),
        (with(|f| f.name = "Req\u{7}".into()), "name", Code::Unprintable),
        (with(|f| f.department = "d".repeat(257)), "department", Code::TooLong(256)),
        (with(|f| f.user_name = "req uestor".into()), "user_name", Code::NotAUserName),
        (with(|f| f.user_name = "аdmin1".into()), "user_name", Code::NotAUserName),
        (with(|f| f.role = "king".into()), "role", Code::NotOffered),
        (with(|f| f.kind = "robot".into()), "kind", Code::NotOffered),
        (with(|f| f.manager = unknown().to_string()), "manager", Code::Gone),
        (with(|f| f.password = "short".into()), "password", Code::TooShort(12)),
        (with(|f| f.password = "requestor1..".into()), "password", Code::TooCommon),
    ] {
        let error = users::create(app, &admin(), &form).await.expect_err("refused");
        assert_eq!(codes(error), [(path.to_owned(), code)]);
    }
    assert_eq!(count_users(app).await, 0);
    make(app, &with(|f| f.name = "é".repeat(256))).await;
}

async fn f003_a_user_name_is_taken_whatever_its_case(bench: TestApp) {
    let app = &bench.app;
    make(app, &form("Requestor1")).await;
    for user_name in ["REQUESTOR1", "requestor1  "] {
        let again = UserForm {
            user_name: user_name.into(),
            ..form("Somebody else")
        };
        let error = users::create(app, &admin(), &again).await.expect_err("taken");
        assert_eq!(codes(error), [("user_name".to_owned(), Code::Taken)]);
    }
    let other = make(app, &form("Other")).await;
    let other = get(app, other).await;
    let renamed = UserForm {
        user_name: "Requestor1".into(),
        ..edit(&other)
    };
    let error = users::update(app, &admin(), other.item.id, 1, &renamed).await.expect_err("taken");
    assert_eq!(codes(error), [("user_name".to_owned(), Code::Taken)]);
    assert_eq!(count_users(app).await, 2);
}

async fn f004_a_role_is_given_only_up_to_ones_own(bench: TestApp) {
    let app = &bench.app;
    let user_admin = actor(DirectoryRole::UserAdministrator);
    let global = with_role(app, "Global", DirectoryRole::GlobalAdministrator).await;
    with_role(app, "Second", DirectoryRole::GlobalAdministrator).await;
    let wanted = |role: DirectoryRole| UserForm {
        role: role.as_str().into(),
        ..form("Admin2")
    };
    let error = users::create(app, &user_admin, &wanted(DirectoryRole::GlobalAdministrator)).await;
    assert_eq!(rule(error.expect_err("refused")), "above-own-role");
    let made = users::create(app, &user_admin, &wanted(DirectoryRole::UserAdministrator))
        .await
        .expect("made");

    let raised = UserForm {
        role: DirectoryRole::GlobalAdministrator.as_str().into(),
        ..edit(&get(app, made).await)
    };
    let error = users::update(app, &user_admin, made, 1, &raised).await.expect_err("refused");
    assert_eq!(rule(error), "above-own-role");

    let lowered = UserForm {
        role: String::new(),
        ..edit(&get(app, global).await)
    };
    for error in [
        users::update(app, &user_admin, global, 1, &lowered).await.map(|_| ()),
        users::set_enabled(app, &user_admin, global, 1, false).await.map(|_| ()),
        users::reset_password(app, &user_admin, global, 1).await.map(|_| ()),
        users::delete(app, &user_admin, global, 1).await,
    ] {
        assert_eq!(rule(error.expect_err("refused")), "above-own-role");
    }
    let seen = users::get(app, &user_admin, global).await.expect("seen").abilities;
    for ability in [seen.edit, seen.assign_role, seen.block, seen.reset_password, seen.delete] {
        assert_eq!(ability.refusal().expect("refused").rule, "above-own-role");
    }
    assert_eq!(get(app, global).await.version, 1);
}

async fn f008_a_plain_user_is_refused_and_nothing_changes(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Requestor1")).await;
    let plain = actor(DirectoryRole::User);
    let before = trail(app).await.len();
    for error in [
        users::list(app, &plain, &UserQuery::default()).await.map(|_| ()),
        users::get(app, &plain, id).await.map(|_| ()),
        users::create(app, &plain, &UserForm::default()).await.map(|_| ()),
        users::update(app, &plain, id, 1, &UserForm::default()).await.map(|_| ()),
        users::set_enabled(app, &plain, id, 1, false).await.map(|_| ()),
        users::reset_password(app, &plain, id, 1).await.map(|_| ()),
        users::delete(app, &plain, id, 1).await,
        users::restore(app, &plain, id, 1).await,
    ] {
        assert_eq!(rule(error.expect_err("refused")), "needs-role");
    }
    let user = get(app, id).await;
    assert_eq!((user.version, user.item.enabled, trail(app).await.len()), (1, true, before));
    let due = Principal {
        must_change_password: true,
        ..admin()
    };
    let error = users::list(app, &due, &UserQuery::default()).await.expect_err("refused");
    assert_eq!(rule(error), "password-change-due");
}

async fn a_profile_is_changed_with_its_trail(bench: TestApp) {
    let app = &bench.app;
    let boss = make(app, &form("Boss")).await;
    let id = make(app, &form("Requestor1")).await;
    let wanted = UserForm {
        name: "Requestor One".into(),
        department: "Marketing".into(),
        mail: "one@woodgrove.example".into(),
        manager: boss.to_string(),
        ..edit(&get(app, id).await)
    };
    assert_eq!(users::update(app, &admin(), id, 1, &wanted).await.expect("changed"), 2);
    let user = get(app, id).await;
    assert_eq!(
        (user.item.name.as_str(), user.item.department.as_str()),
        ("Requestor One", "Marketing")
    );
    assert_eq!(user.manager.clone().expect("a manager").name, "Boss");
    let (activity, changes) = trail(app).await.pop().expect("a row");
    assert_eq!(activity, Activity::UpdateUser.as_str());
    for part in ["Requestor1", "Requestor One", "Marketing", "Manager", "Boss"] {
        assert!(changes.contains(part), "{changes}");
    }
    let rows = trail(app).await.len();
    assert_eq!(users::update(app, &admin(), id, 2, &edit(&user)).await.expect("unchanged"), 2);
    assert_eq!(trail(app).await.len(), rows);

    users::delete(app, &admin(), boss, 1).await.expect("deleted");
    assert_eq!(get(app, id).await.manager, None);
    let error = users::update(app, &admin(), id, 2, &wanted).await.expect_err("the manager is gone");
    assert_eq!(codes(error), [("manager".to_owned(), Code::Gone)]);

    let moved = UserForm {
        office: "Second floor".into(),
        ..edit(&get(app, id).await)
    };
    users::update(app, &admin(), id, 2, &moved).await.expect("moved");
    users::restore(app, &admin(), boss, 2).await.expect("restored");
    assert_eq!(get(app, id).await.manager.expect("a manager").id, boss, "the manager is back");
    let namesake = UserForm {
        user_name: "boss.two".into(),
        ..form("Boss")
    };
    let namesake = make(app, &namesake).await;
    let wanted = UserForm {
        manager: namesake.to_string(),
        ..edit(&get(app, id).await)
    };
    assert_eq!(users::update(app, &admin(), id, 3, &wanted).await.expect("changed"), 4);
    assert_eq!(get(app, id).await.manager.expect("a manager").id, namesake);
    let (_, changes) = trail(app).await.pop().expect("a row");
    assert!(changes.contains("another person of that name"), "{changes}");
}

async fn of_two_administrators_the_second_is_told(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Requestor1")).await;
    let opened = get(app, id).await;
    let first = UserForm {
        department: "First".into(),
        ..edit(&opened)
    };
    let second = UserForm {
        department: "Second".into(),
        ..edit(&opened)
    };
    users::update(app, &admin(), id, opened.version, &first).await.expect("the first");
    // What came after the change, and is none, is not blamed for it.
    let oneself = Principal::user(id, "Requestor1", "requestor1", UserKind::Member);
    let mut tx = app.store.write().await.expect("tx");
    Entry::by_self(&oneself, Activity::SignIn).write(app, &mut tx).expect("a row");
    tx.commit().await.expect("commit");
    for error in [
        users::update(app, &admin(), id, opened.version, &second).await.map(|_| ()),
        users::set_enabled(app, &admin(), id, opened.version, false).await.map(|_| ()),
        users::reset_password(app, &admin(), id, opened.version).await.map(|_| ()),
        users::delete(app, &admin(), id, opened.version).await,
    ] {
        let Err(Error::Conflict(text)) = error else {
            panic!("expected a conflict, got {error:?}")
        };
        assert!(
            text.contains("Requestor1") && text.contains("changed since you opened it") && text.contains("Admin1"),
            "{text}"
        );
    }
    assert_eq!(get(app, id).await.item.department, "First");
}

async fn managers_form_no_circle(bench: TestApp) {
    let app = &bench.app;
    let top = make(app, &form("Top")).await;
    let middle = UserForm {
        manager: top.to_string(),
        ..form("Middle")
    };
    let middle = make(app, &middle).await;
    let low = UserForm {
        manager: middle.to_string(),
        ..form("Low")
    };
    let low = make(app, &low).await;
    for (manager, expected) in [(top, "own-manager"), (middle, "manager-circle"), (low, "manager-circle")] {
        let wanted = UserForm {
            manager: manager.to_string(),
            ..edit(&get(app, top).await)
        };
        let error = users::update(app, &admin(), top, 1, &wanted).await.expect_err("refused");
        assert_eq!(rule(error), expected);
    }
    let wanted = UserForm {
        manager: top.to_string(),
        ..edit(&get(app, low).await)
    };
    users::update(app, &admin(), low, 1, &wanted).await.expect("moved up");
}

async fn two_changes_at_once_form_no_circle_of_managers(bench: TestApp) {
    let app = &bench.app;
    for round in 0..10 {
        let one = make(app, &form(&format!("One {round}"))).await;
        let two = make(app, &form(&format!("Two {round}"))).await;
        let reports_to = async |user: UserId, manager: UserId| UserForm {
            manager: manager.to_string(),
            ..edit(&get(app, user).await)
        };
        let (first, second) = (reports_to(one, two).await, reports_to(two, one).await);
        let admin = admin();
        let (first, second) = tokio::join!(
            users::update(app, &admin, one, 1, &first),
            users::update(app, &admin, two, 1, &second)
        );
        let refused = match (first, second) {
            (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
            both => panic!("one of the two is kept: {both:?}"),
        };
        assert_eq!(rule(refused), "manager-circle");
    }
}

async fn unknown_ids_are_not_found(bench: TestApp) {
    let app = &bench.app;
    let id = UserId(unknown());
    for error in [
        users::get(app, &admin(), id).await.map(|_| ()),
        users::update(app, &admin(), id, 1, &form("x")).await.map(|_| ()),
        users::set_enabled(app, &admin(), id, 1, false).await.map(|_| ()),
        users::reset_password(app, &admin(), id, 1).await.map(|_| ()),
        users::delete(app, &admin(), id, 1).await,
        users::restore(app, &admin(), id, 1).await,
    ] {
        assert!(matches!(error, Err(Error::NotFound)), "{error:?}");
    }
}

async fn the_last_global_administrator_stays(bench: TestApp) {
    let app = &bench.app;
    let first = with_role(app, "First", DirectoryRole::GlobalAdministrator).await;
    let own = as_actor(&get(app, first).await);
    let demoted = UserForm {
        role: String::new(),
        ..edit(&get(app, first).await)
    };
    for (error, expected) in [
        (
            users::update(app, &admin(), first, 1, &demoted).await.map(|_| ()),
            "last-global-administrator",
        ),
        (
            users::set_enabled(app, &admin(), first, 1, false).await.map(|_| ()),
            "last-global-administrator",
        ),
        (users::delete(app, &admin(), first, 1).await, "last-global-administrator"),
        (users::delete(app, &own, first, 1).await, "never-oneself"),
        (users::set_enabled(app, &own, first, 1, false).await.map(|_| ()), "never-oneself"),
        (users::reset_password(app, &own, first, 1).await.map(|_| ()), "never-oneself"),
    ] {
        assert_eq!(rule(error.expect_err("refused")), expected);
    }
    let abilities = get(app, first).await.abilities;
    assert_eq!(abilities.delete.refusal().expect("refused").rule, "last-global-administrator");
    assert!(abilities.edit.is_allowed());

    let second = with_role(app, "Second", DirectoryRole::GlobalAdministrator).await;
    users::set_enabled(app, &own, second, 1, false).await.expect("blocked");
    let error = users::delete(app, &admin(), first, 1)
        .await
        .expect_err("a blocked one does not count");
    assert_eq!(rule(error), "last-global-administrator");
    users::delete(app, &own, second, 2).await.expect("a blocked one may go");
}

async fn of_two_demotions_at_once_one_is_refused(bench: TestApp) {
    let app = &bench.app;
    for round in 0..5 {
        let one = with_role(app, &format!("One{round}"), DirectoryRole::GlobalAdministrator).await;
        let two = with_role(app, &format!("Two{round}"), DirectoryRole::GlobalAdministrator).await;
        let (one, two) = (get(app, one).await, get(app, two).await);
        let demoted = |user: &UserDetail| UserForm {
            role: String::new(),
            ..edit(user)
        };
        let (form_one, form_two) = (demoted(&one), demoted(&two));
        let (actor_one, actor_two) = (as_actor(&one), as_actor(&two));
        let (a, b) = tokio::join!(
            users::update(app, &actor_one, two.item.id, 1, &form_two),
            users::update(app, &actor_two, one.item.id, 1, &form_one),
        );
        let (done, refused): (Vec<_>, Vec<_>) = [a, b].into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refused.len()), (1, 1));
        for error in refused {
            assert_eq!(rule(error.expect_err("refused")), "last-global-administrator");
        }
        let mut tx = app.store.write().await.expect("tx");
        tx.exec("DELETE FROM role_assignments", args![]).await.expect("cleared");
        tx.commit().await.expect("commit");
    }
}

fn search(text: &str) -> UserQuery {
    UserQuery {
        search: text.into(),
        ..UserQuery::default()
    }
}

/// F151: the block ends the sessions in the same transaction.
async fn f151_a_blocked_user_is_out_at_once(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Requestor1")).await;
    sign_in(app, id, "one").await;
    sign_in(app, id, "two").await;
    let version = users::set_enabled(app, &admin(), id, 1, false).await.expect("blocked");
    assert_eq!((version, session_count(app, id).await), (2, 0));
    assert!(!get(app, id).await.item.enabled);
    assert_eq!(users::set_enabled(app, &admin(), id, 2, false).await.expect("blocked already"), 2);
    assert_eq!(users::set_enabled(app, &admin(), id, 2, true).await.expect("allowed"), 3);
    let activities: Vec<String> = trail(app).await.into_iter().map(|(activity, _)| activity).collect();
    assert_eq!(activities, ["create_user", "block_user", "unblock_user"]);
}

async fn a_reset_password_is_new_and_must_be_changed(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Requestor1")).await;
    let mut tx = app.store.write().await.expect("tx");
    tx.exec("UPDATE credentials SET must_change_password = FALSE", args![])
        .await
        .expect("changed");
    tx.commit().await.expect("commit");
    sign_in(app, id, "one").await;
    let password = users::reset_password(app, &admin(), id, 1).await.expect("reset");
    let other = users::reset_password(app, &admin(), id, 2).await.expect("reset again");
    assert_eq!(password.chars().count(), 20);
    assert_ne!(password, other);
    let mut tx = app.store.read().await.expect("tx");
    let (hash, must): (String, bool) = tx
        .one("SELECT password_hash, must_change_password FROM credentials", args![])
        .await
        .expect("the account");
    assert_eq!((hash, must), (format!("plain:{other}"), true));
    drop(tx);
    assert_eq!(session_count(app, id).await, 0);
    for (activity, changes) in trail(app).await {
        assert!(!changes.contains(&password), "{activity} tells the password");
    }
}

async fn f043_a_deleted_user_leaves_the_list_and_can_be_restored(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Requestor1")).await;
    sign_in(app, id, "one").await;
    users::delete(app, &admin(), id, 1).await.expect("deleted");
    let deleted = UserQuery {
        deleted: true,
        ..UserQuery::default()
    };
    let ids = |page: crate::domain::page::Page<crate::domain::user::UserItem>| page.items.into_iter().map(|i| i.id).collect::<Vec<_>>();
    assert!(ids(users::list(app, &admin(), &UserQuery::default()).await.expect("a page")).is_empty());
    assert_eq!(ids(users::list(app, &admin(), &deleted).await.expect("a page")), [id]);
    assert_eq!(session_count(app, id).await, 0);
    let user = get(app, id).await;
    assert_eq!(user.restorable_until, Some(app.clock.now() + Duration::days(30)));
    assert_eq!(user.abilities.edit.refusal().expect("refused").rule, "user-deleted");
    assert!(user.abilities.restore.is_allowed());
    let error = users::update(app, &admin(), id, 2, &form("x")).await.expect_err("gone");
    assert!(matches!(error, Error::NotFound));
    assert!(matches!(users::delete(app, &admin(), id, 2).await, Err(Error::NotFound)));

    bench.clock.advance(Duration::days(30) - Duration::seconds(1));
    users::restore(app, &admin(), id, 2).await.expect("restored");
    assert!(matches!(users::restore(app, &admin(), id, 3).await, Err(Error::Conflict(_))));
    let user = get(app, id).await;
    assert_eq!((user.item.deleted_at, user.version), (None, 3));
    users::delete(app, &admin(), id, 3).await.expect("deleted again");
    bench.clock.advance(Duration::days(30));
    let error = users::restore(app, &admin(), id, 4).await.expect_err("too late");
    assert_eq!(rule(error), "restore-window-over");
    assert_eq!(
        get(app, id).await.abilities.restore.refusal().expect("refused").rule,
        "restore-window-over"
    );
}

async fn f043_after_thirty_days_nothing_but_the_name_is_left(bench: TestApp) {
    let app = &bench.app;
    let of_sales = UserForm {
        department: "Sales".into(),
        mail: "requestor1@woodgrove.example".into(),
        ..form("Requestor1")
    };
    let id = make(app, &of_sales).await;
    let later = make(app, &form("Requestor2")).await;
    users::delete(app, &admin(), id, 1).await.expect("deleted");
    bench.clock.advance(Duration::days(1));
    users::delete(app, &admin(), later, 1).await.expect("deleted");
    assert_eq!(users::erase_deleted(app).await.expect("nothing yet"), 0);
    bench.clock.advance(Duration::days(29));
    assert_eq!(users::erase_deleted(app).await.expect("erased"), 1);
    assert_eq!(users::erase_deleted(app).await.expect("once"), 0);
    let user = get(app, id).await;
    assert_eq!(
        (user.item.name.as_str(), user.item.department.as_str(), user.mail.as_str()),
        ("Requestor1", "", "")
    );
    let mut tx = app.store.read().await.expect("tx");
    let hashes: i64 = tx.value("SELECT count(*) FROM credentials", args![]).await.expect("count");
    assert_eq!(hashes, 1, "of the one who can still be restored");
    let deleted = UserQuery {
        deleted: true,
        ..UserQuery::default()
    };
    let listed = users::list(app, &admin(), &deleted).await.expect("a page").items;
    assert_eq!(listed.iter().map(|item| item.id).collect::<Vec<_>>(), [later]);
    assert_eq!(trail(app).await.iter().filter(|(activity, _)| activity == "erase_user").count(), 1);
}

async fn people_found_by_words_are_paged_and_counted(bench: TestApp) {
    let app = &bench.app;
    let mut ids = Vec::new();
    for n in 0..7 {
        let twice = UserForm {
            department: "Marketing".into(),
            ..form(&format!("Marko {n}"))
        };
        ids.push(make(app, &twice).await);
    }
    make(app, &form("Other")).await;
    let look = async |text, page, direction| {
        let query = UserQuery {
            page,
            direction,
            ..search(text)
        };
        let found = users::list(app, &admin(), &query).await.expect("a page");
        let names: Vec<String> = found.items.iter().map(|item| item.name.clone()).collect();
        (names, found.total, found.previous, found.next)
    };
    // The first letters stand in an index of their own, longer beginnings do not: both find the same.
    let page = async |page: PageQuery, direction| {
        let found = look("mar", page.clone(), direction).await;
        for longer in ["mark", "marko mar m"] {
            assert_eq!(look(longer, page.clone(), direction).await, found, "{longer}");
        }
        found
    };
    let three = |after: Option<String>, before: Option<String>| PageQuery { size: 3, after, before };
    let (names, total, previous, next) = page(three(None, None), Direction::Up).await;
    assert_eq!(
        (names, total, previous),
        (vec!["Marko 0".into(), "Marko 1".into(), "Marko 2".into()], Some(7), None)
    );
    let (names, total, previous, _) = page(three(next, None), Direction::Up).await;
    assert_eq!(
        (names, total),
        (vec!["Marko 3".into(), "Marko 4".into(), "Marko 5".into()], Some(7))
    );
    let (names, _, _, _) = page(three(None, previous), Direction::Up).await;
    assert_eq!(names, ["Marko 0", "Marko 1", "Marko 2"]);
    let (names, _, _, _) = page(three(None, None), Direction::Down).await;
    assert_eq!(names, ["Marko 6", "Marko 5", "Marko 4"]);

    users::delete(app, &admin(), ids[0], 1).await.expect("deleted");
    let renamed = UserForm {
        name: "Marko Z".into(),
        ..edit(&get(app, ids[1]).await)
    };
    users::update(app, &admin(), ids[1], 1, &renamed).await.expect("renamed");
    let (names, total, _, _) = page(three(None, None), Direction::Down).await;
    assert_eq!(
        (names, total),
        (vec!["Marko Z".into(), "Marko 6".into(), "Marko 5".into()], Some(6))
    );
    // A page whose people have all gone is the list from its beginning.
    let (names, total, previous, _) = page(three(Some(format!("{}zzz", ids[0])), None), Direction::Up).await;
    assert_eq!((names.len(), total, previous), (3, Some(6), None));
    users::restore(app, &admin(), ids[0], 2).await.expect("restored");
    let (names, total, _, _) = page(three(None, None), Direction::Up).await;
    assert_eq!(
        (names, total),
        (vec!["Marko 0".into(), "Marko 2".into(), "Marko 3".into()], Some(7))
    );
}

async fn a_user_name_taken_meanwhile_stops_a_restore(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Requestor1")).await;
    users::delete(app, &admin(), id, 1).await.expect("deleted");
    make(app, &form("Requestor1")).await;
    let Err(Error::Conflict(text)) = users::restore(app, &admin(), id, 2).await else {
        panic!("the user name is taken")
    };
    assert!(text.contains("another user is called requestor1"), "{text}");
    assert!(get(app, id).await.item.deleted_at.is_some());
}

async fn rules_follow_every_change_of_a_user(bench: TestApp) {
    let app = &bench.app;
    let sales = crate::domain::group::GroupForm {
        name: "Sales".into(),
        kind: "security".into(),
        membership: "dynamic".into(),
        rule: r#"user.department -eq "Sales" -and user.accountEnabled -eq true"#.into(),
        ..Default::default()
    };
    let group = groups::create(app, &admin(), &sales).await.expect("a group");
    let in_sales = UserForm {
        department: "sales".into(),
        ..form("Requestor1")
    };
    let id = make(app, &in_sales).await;
    assert_eq!(members_of(app, group).await, 1);
    let elsewhere = UserForm {
        department: "Legal".into(),
        ..edit(&get(app, id).await)
    };
    users::update(app, &admin(), id, 1, &elsewhere).await.expect("moved");
    assert_eq!(members_of(app, group).await, 0);
    users::update(app, &admin(), id, 2, &in_sales).await.expect("moved back");
    assert_eq!(members_of(app, group).await, 1);
    users::set_enabled(app, &admin(), id, 3, false).await.expect("blocked");
    assert_eq!(members_of(app, group).await, 0);
    users::set_enabled(app, &admin(), id, 4, true).await.expect("allowed");
    assert_eq!(members_of(app, group).await, 1);
    users::delete(app, &admin(), id, 5).await.expect("deleted");
    let mut tx = app.store.read().await.expect("tx");
    let rows: i64 = tx.value("SELECT count(*) FROM memberships", args![]).await.expect("a count");
    assert_eq!(rows, 0);
    drop(tx);
    users::restore(app, &admin(), id, 6).await.expect("restored");
    assert_eq!(members_of(app, group).await, 1);
}

async fn members_of(app: &App, group: ObjectId) -> i64 {
    groups::get(app, &admin(), group).await.expect("the group").members
}

async fn users_are_found_sorted_and_paged(bench: TestApp) {
    let app = &bench.app;
    for (name, user_name, department) in [
        ("Ada Berg", "ada", "Sales"),
        ("Åsa Cole", "asa", "Legal"),
        ("bo Berger", "bo", "Sales"),
        ("Cid Ames", "cid", "Audit"),
    ] {
        let form = UserForm {
            user_name: user_name.into(),
            department: department.into(),
            ..form(name)
        };
        make(app, &form).await;
    }
    let names = async |query: &UserQuery| -> Vec<String> {
        let page = users::list(app, &admin(), query).await.expect("a page");
        page.items.into_iter().map(|item| item.name).collect()
    };
    assert_eq!(names(&search("berg")).await, ["Ada Berg", "bo Berger"]);
    assert_eq!(names(&search("BERG sal ada")).await, ["Ada Berg"]);
    assert_eq!(names(&search("' OR 1=1 --")).await, Vec::<String>::new());
    let by_department = UserQuery {
        sort: UserSort::Department,
        direction: Direction::Down,
        page: PageQuery {
            size: 3,
            ..PageQuery::default()
        },
        ..UserQuery::default()
    };
    let first = users::list(app, &admin(), &by_department).await.expect("a page");
    let departments: Vec<&str> = first.items.iter().map(|item| item.department.as_str()).collect();
    assert_eq!(
        (departments, first.total, first.previous),
        (vec!["Sales", "Sales", "Legal"], Some(4), None)
    );
    let rest = UserQuery {
        page: PageQuery {
            after: first.next,
            ..PageQuery::default()
        },
        ..by_department
    };
    assert_eq!(names(&rest).await, ["Cid Ames"]);
    let broken = UserQuery {
        page: PageQuery {
            after: Some("nonsense".into()),
            ..PageQuery::default()
        },
        ..UserQuery::default()
    };
    assert_eq!(names(&broken).await.len(), 4);
}

async fn f092_sponsors_are_said_with_the_profile_and_kept_through_a_deletion(bench: TestApp) {
    let app = &bench.app;
    let (ada, bob) = (make(app, &form("Ada")).await, make(app, &form("Bob")).await);
    let mut wanted = form("Guest");
    wanted.sponsors = Some(vec![bob, ada, bob]);
    let guest = make(app, &wanted).await;
    let names = async || {
        let sponsors = get(app, guest).await.sponsors;
        sponsors.into_iter().map(|sponsor| sponsor.name).collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["Ada", "Bob"]);
    let told = async || {
        let mut tx = app.store.read().await.expect("tx");
        let sql = "SELECT changes FROM audit WHERE correlation_id = $1 ORDER BY id DESC LIMIT 1";
        tx.value::<String>(sql, args![guest]).await.expect("a row")
    };
    assert!(told().await.contains("Ada, Bob"), "{}", told().await);

    // One who is deleted is not shown, stays when the profile is saved, and is there again when restored.
    let user = get(app, ada).await;
    users::delete(app, &admin(), ada, user.version).await.expect("deleted");
    assert_eq!(names().await, ["Bob"]);
    let user = get(app, guest).await;
    let mut without = edit(&user);
    without.sponsors = Some(Vec::new());
    users::update(app, &admin(), guest, user.version, &without).await.expect("changed");
    assert!(names().await.is_empty());
    let deleted = get(app, ada).await;
    users::restore(app, &admin(), ada, deleted.version).await.expect("restored");
    assert_eq!(names().await, ["Ada"]);

    let user = get(app, guest).await;
    let same = edit(&user);
    let version = users::update(app, &admin(), guest, user.version, &same).await.expect("as it was");
    assert_eq!(version, user.version, "nothing was changed");
    let refused = async |sponsors: Vec<UserId>| {
        let wanted = UserForm {
            sponsors: Some(sponsors),
            ..edit(&user)
        };
        users::update(app, &admin(), guest, user.version, &wanted)
            .await
            .expect_err("refused")
    };
    assert!(matches!(refused(vec![guest]).await, Error::Refused(refusal) if refusal.rule == "own-sponsor"));
    assert!(matches!(refused(vec![UserId(unknown())]).await, Error::Invalid(faults) if faults[0].path == "sponsors"));
    let many: Vec<UserId> = (0..21).map(|_| UserId(unknown())).collect();
    assert!(matches!(refused(many).await, Error::Invalid(faults) if faults[0].code == Code::TooMany(20)));
}
