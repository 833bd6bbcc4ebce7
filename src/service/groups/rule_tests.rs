//! What a rule does, before and after it is saved, and names and searches that are written in several ways (A6, A7, A15).

use crate::domain::access::Principal;
use crate::domain::group::GroupForm;
use crate::domain::id::UserId;
use crate::domain::rule::RuleFault;
use crate::domain::user::{DirectoryRole, UserForm, UserQuery};
use crate::domain::validate::Code;
use crate::service::{App, Error, groups, users};
use crate::testing::{TestApp, actor, unknown};
use crate::{args, both_databases};

both_databases!(
    f136_a_preview_says_who_would_join_and_leave_and_changes_nothing,
    f136_whoever_joins_and_leaves_by_a_changed_rule_is_named_in_the_trail,
    f138_people_are_found_without_accents_and_apostrophes_and_by_their_address,
    one_name_in_two_spellings_is_taken,
);

fn admin() -> Principal {
    actor(DirectoryRole::UserAdministrator)
}

fn dynamic(name: &str, rule: &str) -> GroupForm {
    GroupForm {
        name: name.into(),
        kind: "security".into(),
        membership: "dynamic".into(),
        rule: rule.into(),
        ..GroupForm::default()
    }
}

async fn person(app: &App, name: &str, user_name: &str, department: &str) -> UserId {
    let form = UserForm {
        name: name.into(),
        user_name: user_name.into(),
        department: department.into(),
        mail: format!("{user_name}@contoso.example"),
        password: "first-day-at-the-bank-7".into(),
        ..UserForm::default()
    };
    users::create(app, &admin(), &form).await.expect("a user")
}

async fn count(app: &App, sql: &'static str) -> i64 {
    let mut tx = app.store.read().await.expect("tx");
    tx.value(sql, args![]).await.expect("a count")
}

async fn f136_a_preview_says_who_would_join_and_leave_and_changes_nothing(bench: TestApp) {
    let app = &bench.app;
    person(app, "Ada", "ada", "Sales").await;
    person(app, "Bo", "bo", "Legal").await;
    person(app, "Cid", "cid", "Sales").await;
    let sales = "user.department -eq \"Sales\"";
    let new = groups::preview_rule(app, &admin(), None, sales).await.expect("a preview");
    assert_eq!((new.members, new.joining, new.leaving), (2, 2, 0));
    assert_eq!(new.first_joining, ["Ada (ada)", "Cid (cid)"]);

    let id = groups::create(app, &admin(), &dynamic("Sales", sales)).await.expect("a group");
    let rows = count(app, "SELECT count(*) FROM audit").await;
    let changed = "user.displayName -startsWith \"a\" -or user.department -eq \"Legal\"";
    let preview = groups::preview_rule(app, &admin(), Some(id), changed).await.expect("a preview");
    assert_eq!((preview.members, preview.joining, preview.leaving), (2, 1, 1));
    assert_eq!(
        (preview.first_joining, preview.first_leaving),
        (vec!["Bo (bo)".into()], vec!["Cid (cid)".into()])
    );
    assert_eq!(count(app, "SELECT count(*) FROM audit").await, rows);
    assert_eq!(count(app, "SELECT count(*) FROM memberships WHERE by_rule").await, 2);

    let error = groups::preview_rule(app, &admin(), None, "user.department -contains \"\"").await;
    let Err(Error::Invalid(faults)) = error else {
        panic!("expected a fault")
    };
    assert_eq!(faults[0].code, Code::Rule(RuleFault::EmptyText, 27));
    let error = groups::preview_rule(app, &admin(), Some(unknown().into()), sales).await;
    assert!(matches!(error, Err(Error::NotFound)));
    let error = groups::preview_rule(app, &actor(DirectoryRole::User), None, sales).await;
    assert!(matches!(error, Err(Error::Refused(_))));
}

async fn f136_whoever_joins_and_leaves_by_a_changed_rule_is_named_in_the_trail(bench: TestApp) {
    let app = &bench.app;
    let mut first = None;
    for number in 0..201 {
        let id = person(app, &format!("Person {number}"), &format!("person{number}"), "Sales").await;
        first.get_or_insert(id);
    }
    let first = first.expect("a person").0.to_string();
    let id = groups::create(app, &admin(), &dynamic("Sales", "user.department -eq \"Sales\""))
        .await
        .expect("a group");
    let rows = async |activity: &'static str| -> Vec<String> {
        let mut tx = app.store.read().await.expect("tx");
        let ids: Vec<uuid::Uuid> = tx
            .column(
                "SELECT id FROM audit WHERE activity = $1 AND detail = 'By the group''s rule.' ORDER BY at, id",
                args![activity],
            )
            .await
            .expect("the trail");
        let mut rows = Vec::new();
        for id in ids {
            let targets: Vec<(uuid::Uuid, String)> = tx
                .all(
                    "SELECT target_id, name FROM audit_targets WHERE audit_id = $1 ORDER BY position",
                    args![id],
                )
                .await
                .expect("targets");
            rows.push(
                targets
                    .iter()
                    .map(|(id, name)| format!("{id} {name}"))
                    .collect::<Vec<_>>()
                    .join("; "),
            );
        }
        rows
    };
    let joined = rows("add_member").await;
    assert_eq!(joined.len(), 2, "200 people in a row");
    assert!(joined.concat().contains(&first) && joined.concat().contains("Person 200"));
    let legal = dynamic("Sales", "user.department -eq \"Legal\"");
    groups::update(app, &admin(), id, 1, &legal).await.expect("changed");
    let left = rows("remove_member").await;
    assert_eq!(left.len(), 2);
    assert!(left.concat().contains(&first));
    assert_eq!(count(app, "SELECT count(*) FROM memberships WHERE by_rule").await, 0);
}

async fn f138_people_are_found_without_accents_and_apostrophes_and_by_their_address(bench: TestApp) {
    let app = &bench.app;
    person(app, "Pablo Nu\u{301}n\u{303}ez", "pablo", "Café & Bar").await;
    person(app, "Shane O'Neil", "shane", "Sales").await;
    for (search, found) in [
        ("nunez", "Pablo Núñez"),
        ("NÚÑ", "Pablo Núñez"),
        ("cafe", "Pablo Núñez"),
        ("pablo@contoso", "Pablo Núñez"),
        ("oneil", "Shane O'Neil"),
        ("o'neil", "Shane O'Neil"),
        ("neil", "Shane O'Neil"),
    ] {
        let query = UserQuery {
            search: search.into(),
            ..UserQuery::default()
        };
        let page = users::list(app, &admin(), &query).await.expect("a page");
        let names: Vec<&str> = page.items.iter().map(|user| user.name.as_str()).collect();
        assert_eq!(names, [found], "{search}");
    }
    // A14.
    for search in ["%", "_", "'"] {
        let query = UserQuery {
            search: search.into(),
            ..UserQuery::default()
        };
        let page = users::list(app, &admin(), &query).await.expect("a page");
        assert!(page.items.is_empty(), "{search}");
    }
}

async fn one_name_in_two_spellings_is_taken(bench: TestApp) {
    let app = &bench.app;
    let form = |name: &str| GroupForm {
        membership: "assigned".into(),
        rule: String::new(),
        ..dynamic(name, "")
    };
    groups::create(app, &admin(), &form("Café")).await.expect("a group");
    let error = groups::create(app, &admin(), &form("Cafe\u{301}")).await;
    let Err(Error::Invalid(faults)) = error else {
        panic!("expected a fault")
    };
    assert_eq!(faults[0].code, Code::Taken);
    groups::create(app, &admin(), &form("Cafe")).await.expect("another name");
}
