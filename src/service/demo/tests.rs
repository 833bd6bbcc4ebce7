//! The demo directory, on both databases: complete, consistent, and only ever in an empty one.

use super::people::{GUESTS, MEMBERS};
use super::things::{APPLICATIONS, EXCEPTION, GROUPS, PACKAGES, RESOURCES, RULES, SITES};
use super::*;
use crate::both_databases;
use crate::domain::group::GroupQuery;
use crate::domain::user::{UserForm, UserQuery};
use crate::service::{groups, users};
use crate::testing::{TestApp, actor};
use crate::{args, worker};

both_databases!(
    f001_the_demo_fills_an_empty_database_once,
    the_demo_leaves_a_database_in_use_alone,
    the_demo_can_be_scaled_up
);

#[test]
fn the_password_of_the_demo_meets_the_rules() {
    for sign_in in SIGN_INS {
        let form = UserForm {
            name: sign_in.name.into(),
            user_name: sign_in.user_name.into(),
            password: PASSWORD.into(),
            ..UserForm::default()
        };
        form.new_user().expect("valid");
    }
}

#[test]
fn tables_name_only_what_is_in_them() {
    let people: Vec<&str> = SIGN_INS
        .iter()
        .map(|s| s.name)
        .chain(MEMBERS.iter().map(|p| p.0))
        .chain(GUESTS.iter().map(|g| g.0))
        .collect();
    let named = GROUPS.iter().flat_map(|group| group.members.iter().chain(group.owners));
    let holders = APPLICATIONS.iter().chain(SITES).flat_map(|place| place.holders);
    for person in named.chain(holders.clone().map(|(person, _)| person)) {
        assert!(people.contains(person), "{person}");
    }
    for (place, person) in MEMBERS.iter().enumerate() {
        assert!(
            person.4.is_none_or(|manager| manager < place),
            "{} comes before their manager",
            person.0
        );
        assert!(user_name(person.0).is_ascii(), "{}", person.0);
    }
    assert!(GUESTS.iter().all(|guest| guest.4 < MEMBERS.len() && user_name(guest.0).is_ascii()));
    let (of, excepted, ..) = EXCEPTION;
    let concerned = GROUPS.iter().find(|group| group.name == of).map_or(&[][..], |group| group.members);
    assert!(
        concerned.contains(&excepted) && RULES.iter().any(|(_, group)| *group == of),
        "{excepted}"
    );
    for (package, group) in RULES {
        assert!(
            PACKAGES.iter().any(|one| one.name == *package) && GROUPS.iter().any(|one| one.name == *group),
            "{group}"
        );
    }
    let objects: Vec<&str> = GROUPS
        .iter()
        .map(|group| group.name)
        .chain(APPLICATIONS.iter().chain(SITES).map(|place| place.name))
        .collect();
    for object in RESOURCES
        .iter()
        .chain(PACKAGES.iter().flat_map(|p| p.roles.iter().map(|(object, _)| object)))
    {
        assert!(objects.contains(object), "{object}");
    }
}

async fn f001_the_demo_fills_an_empty_database_once(bench: TestApp) {
    let app = &bench.app;
    let report = fill(app, false).await.expect("filled");
    assert!(report.filled);
    assert_eq!(report.sign_ins, SIGN_INS);
    let admin = actor(DirectoryRole::GlobalAdministrator);
    let found = users::list(app, &admin, &UserQuery::default()).await.expect("a page");
    let people = i64::try_from(SIGN_INS.len() - 1 + MEMBERS.len() + GUESTS.len()).expect("small");
    assert_eq!(found.total, Some(people));
    let searched = UserQuery {
        search: "alex wil".into(),
        ..UserQuery::default()
    };
    let alex = &users::list(app, &admin, &searched).await.expect("a page").items[0];
    let alex = users::get(app, &admin, alex.id).await.expect("the user");
    assert_eq!((alex.item.role, alex.item.user_name.as_str()), (DirectoryRole::User, "alex.wilber"));
    assert_eq!(alex.manager.expect("a manager").name, "Lucía Fernández");

    let listed = groups::list(app, &admin, &GroupQuery::default()).await.expect("a page");
    assert_eq!(listed.total, Some(GROUPS.len() as i64));
    for (name, members) in [
        ("Everyone at Woodgrove", people - GUESTS.len() as i64),
        ("External guests", GUESTS.len() as i64),
        ("Leadership", 5),
    ] {
        let id = listed.items.iter().find(|group| group.name == name).expect(name).id;
        let group = groups::get(app, &admin, id).await.expect("the group");
        assert_eq!((group.members, group.owners), (members, 1), "{name}");
    }
    assert_eq!(rows(app, "incompatibilities").await, RULES.len() as i64);
    assert_eq!(rows(app, "incompatibility_exceptions").await, 1);
    for absent in ["Requestor1", "Marketing resources", "Marketing Campaign"] {
        for table in ["users", "objects", "packages"] {
            assert_eq!(count(app, table, absent).await, 0, "{absent} is the tutorial's to make");
        }
    }
    for unplaced in ["memberships m LEFT JOIN users u ON u.id = m.user_id WHERE u.id IS NULL"] {
        assert_eq!(rows(app, unplaced).await, 0);
    }
    assert_eq!(rows(app, "credentials WHERE must_change_password").await, 0);
    assert!(worker::check(app).await.expect("checked").faults.is_empty());

    let again = fill(app, false).await.expect("left alone");
    assert!(!again.filled);
    assert_eq!(again.sign_ins, SIGN_INS);
    assert_eq!(rows(app, "users").await, people);
}

async fn the_demo_leaves_a_database_in_use_alone(bench: TestApp) {
    let app = &bench.app;
    let form = UserForm {
        name: "Admin1".into(),
        user_name: "admin1".into(),
        password: "second-key-to-the-vault-9".into(),
        ..UserForm::default()
    };
    users::create(app, &actor(DirectoryRole::GlobalAdministrator), &form)
        .await
        .expect("a user");
    let report = fill(app, true).await.expect("left alone");
    assert!(!report.filled && report.sign_ins.is_empty());
    assert_eq!(rows(app, "users").await, 1);
}

async fn the_demo_can_be_scaled_up(bench: TestApp) {
    let app = &bench.app;
    fill(app, true).await.expect("filled");
    for (table, least) in [
        ("users", 10_000),
        ("objects", 1_000),
        ("memberships", 50_000),
        ("requests", 5_000),
        ("assignments", 5_000),
    ] {
        let found = rows(app, table).await;
        assert!(found >= least, "{found} {table}");
    }
    let report = worker::check(app).await.expect("checked");
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!(report.live_assignments, 5_000);
}

async fn rows(app: &App, table: &str) -> i64 {
    let mut tx = app.store.read().await.expect("tx");
    let sql = format!("SELECT count(*) FROM {table}").leak() as &'static str;
    tx.value(sql, args![]).await.expect("a count")
}

async fn count(app: &App, table: &str, name: &str) -> i64 {
    let mut tx = app.store.read().await.expect("tx");
    let sql = format!("SELECT count(*) FROM {table} WHERE name = $1").leak() as &'static str;
    tx.value(sql, args![name]).await.expect("a count")
}
