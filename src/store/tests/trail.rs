//! Pages of the trail: each filter has an index from which a page is read and nothing is sorted, so that a million rows cost what a thousand
//! cost (F167); and a page is what was asked for, forwards and backwards.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::both_databases;
use crate::domain::access::Visible;
use crate::domain::audit::{Activity, AuditQuery, Outcome, Target};
use crate::domain::id::CatalogId;
use crate::domain::page::PageQuery;
use crate::domain::text::StringEnum;
use crate::store::audit::{self, Narrowed, NewRow};
use crate::store::search::{self, Kind};
use crate::testing::TestApp;

use super::plan;

both_databases!(
    f167_every_filter_of_the_trail_is_read_from_an_index,
    f167_f168_the_trail_is_paged_filtered_and_searched,
);

/// Who and what the rows name.
struct Names {
    ada: Uuid,
    bob: Uuid,
    group: Uuid,
}

/// Rows, one a minute: every third by Ada to the group, every fifth a failure of Bob's, the others the product's own.
async fn rows(bench: &TestApp, count: usize) -> (Names, Vec<Uuid>, DateTime<Utc>) {
    let app = &bench.app;
    let begin = app.clock.now();
    let names = Names {
        ada: app.ids.id(begin),
        bob: app.ids.id(begin),
        group: app.ids.id(begin),
    };
    let mut tx = app.store.write().await.expect("tx");
    search::index(&mut tx, Kind::User, names.ada, &["Ada Lovelace"])
        .await
        .expect("words");
    search::index(&mut tx, Kind::Object, names.group, &["Analytical engine"])
        .await
        .expect("words");
    let mut ids = Vec::new();
    for n in 0..count {
        let at = begin + Duration::minutes(n as i64);
        let id = app.ids.id(at);
        let (by, activity, outcome) = match n {
            n if n % 3 == 0 => (Some((names.ada, "Ada Lovelace")), Activity::AddMember, Outcome::Success),
            n if n % 5 == 0 => (Some((names.bob, "Bob")), Activity::SignInFailed, Outcome::Failure),
            _ => (None, Activity::GrantRole, Outcome::Success),
        };
        let mut targets = vec![Target::new("thing", app.ids.id(at), "Some thing")];
        // Named twice, listed once.
        targets.extend((n % 3 == 0).then(|| Target::new("group", names.group, "Analytical engine")));
        targets.extend((n % 3 == 0).then(|| Target::new("group", names.group, "Analytical engine")));
        let row = NewRow {
            id,
            at,
            actor_kind: if by.is_some() { "user" } else { "system" },
            actor_id: by.map(|(id, _)| id),
            actor_name: by.map_or("Woodgate", |(_, name)| name).to_owned(),
            address: String::new(),
            client: None,
            activity,
            outcome,
            targets,
            changes: Vec::new(),
            detail: format!("row {n}"),
            correlation_id: if n % 3 == 0 { names.group } else { id },
        };
        audit::insert_on_commit(&mut tx, row).expect("a row");
        ids.push(id);
    }
    tx.commit().await.expect("commit");
    (names, ids, begin)
}

fn query() -> AuditQuery {
    AuditQuery::default()
}

async fn f167_every_filter_of_the_trail_is_read_from_an_index(bench: TestApp) {
    let (names, ids, begin) = rows(&bench, 60).await;
    let queries = [
        ("nothing", query()),
        (
            "an activity",
            AuditQuery {
                activity: Some(Activity::AddMember),
                ..query()
            },
        ),
        (
            "failures",
            AuditQuery {
                outcome: Some(Outcome::Failure),
                ..query()
            },
        ),
        (
            "an actor",
            AuditQuery {
                actor: Some(names.ada),
                ..query()
            },
        ),
        (
            "a target",
            AuditQuery {
                target: Some(names.group),
                ..query()
            },
        ),
        (
            "a chain",
            AuditQuery {
                correlation: Some(names.group),
                ..query()
            },
        ),
        (
            "a row",
            AuditQuery {
                row: Some(ids[3]),
                ..query()
            },
        ),
        (
            "a time",
            AuditQuery {
                from: Some(begin),
                until: Some(begin + Duration::hours(1)),
                ..query()
            },
        ),
        (
            "a name",
            AuditQuery {
                search: "ada".into(),
                ..query()
            },
        ),
    ];
    let catalogs = Visible::Catalogs(vec![CatalogId(names.group)]);
    let narrowed = queries.iter().map(|(what, query)| (*what, query, &Visible::All));
    let all: Vec<_> = narrowed.chain([("catalogs", &queries[0].1, &catalogs)]).collect();
    for (what, query, visible) in all {
        let mut tx = bench.app.store.write().await.expect("tx");
        let statements = audit::statements(&mut tx, &Narrowed { query, visible }).await;
        assert!(!statements.is_empty(), "{what}");
        for (sql, values) in statements {
            let plan = plan(&mut tx, sql.clone(), values).await;
            let sorts = ["TEMP B-TREE", "Sort", "Seq Scan"];
            let reads_all = plan.lines().any(|step| step.starts_with("SCAN") && !step.contains("INDEX"));
            assert!(!reads_all && !sorts.iter().any(|word| plan.contains(word)), "{what}: {plan}\n{sql}");
        }
    }
}

async fn f167_f168_the_trail_is_paged_filtered_and_searched(bench: TestApp) {
    let (names, ids, begin) = rows(&bench, 61).await;
    let app = &bench.app;
    let found = async |query: AuditQuery| {
        let mut tx = app.store.read().await.expect("tx");
        let narrowed = Narrowed {
            query: &query,
            visible: &Visible::All,
        };
        audit::page(&mut tx, &narrowed).await.expect("a page")
    };
    let places = |page: &crate::domain::page::Page<crate::domain::audit::AuditItem>| -> Vec<usize> {
        page.items
            .iter()
            .filter_map(|item| ids.iter().position(|id| *id == item.id))
            .collect()
    };
    let paged = |after: Option<String>, before: Option<String>| AuditQuery {
        page: PageQuery { after, before, size: 25 },
        ..query()
    };
    let first = found(paged(None, None)).await;
    assert_eq!(places(&first), (36..61).rev().collect::<Vec<_>>());
    assert_eq!(first.previous, None);
    let second = found(paged(first.next.clone(), None)).await;
    assert_eq!(places(&second), (11..36).rev().collect::<Vec<_>>());
    let last = found(paged(second.next.clone(), None)).await;
    assert_eq!((places(&last), last.next.clone()), ((0..11).rev().collect(), None));
    assert_eq!(places(&found(paged(None, last.previous.clone())).await), places(&second));
    let gone = found(paged(Some(Uuid::nil().to_string()), None)).await;
    assert!(gone.restarted && places(&gone) == places(&first));
    assert_eq!(places(&found(paged(Some("nonsense".into()), None)).await), places(&first));

    let threes: Vec<usize> = (0..61).rev().filter(|n| n % 3 == 0).collect();
    let failures: Vec<usize> = (0..61).rev().filter(|n| n % 3 != 0 && n % 5 == 0).collect();
    for (query, expected) in [
        (
            AuditQuery {
                activity: Some(Activity::AddMember),
                ..query()
            },
            &threes,
        ),
        (
            AuditQuery {
                actor: Some(names.ada),
                ..query()
            },
            &threes,
        ),
        (
            AuditQuery {
                target: Some(names.group),
                ..query()
            },
            &threes,
        ),
        (
            AuditQuery {
                correlation: Some(names.group),
                ..query()
            },
            &threes,
        ),
        (
            AuditQuery {
                search: "lovel".into(),
                ..query()
            },
            &threes,
        ),
        (
            AuditQuery {
                search: "engine".into(),
                ..query()
            },
            &threes,
        ),
        (
            AuditQuery {
                search: names.group.to_string(),
                ..query()
            },
            &threes,
        ),
        (
            AuditQuery {
                search: "nobody".into(),
                ..query()
            },
            &Vec::new(),
        ),
        (
            AuditQuery {
                target: Some(names.group),
                actor: Some(names.ada),
                ..query()
            },
            &threes,
        ),
        (
            AuditQuery {
                target: Some(names.group),
                actor: Some(names.bob),
                ..query()
            },
            &Vec::new(),
        ),
        (
            AuditQuery {
                search: "engine".into(),
                outcome: Some(Outcome::Failure),
                ..query()
            },
            &Vec::new(),
        ),
        (
            AuditQuery {
                outcome: Some(Outcome::Failure),
                ..query()
            },
            &failures,
        ),
        (
            AuditQuery {
                actor: Some(names.bob),
                outcome: Some(Outcome::Failure),
                ..query()
            },
            &failures,
        ),
        (
            AuditQuery {
                row: Some(ids[7]),
                ..query()
            },
            &vec![7],
        ),
        (
            AuditQuery {
                from: Some(begin + Duration::minutes(4)),
                until: Some(begin + Duration::minutes(7)),
                ..query()
            },
            &vec![6, 5, 4],
        ),
    ] {
        assert_eq!(&places(&found(query.clone()).await), expected, "{query:?}");
    }
    let item = found(AuditQuery {
        row: Some(ids[3]),
        ..query()
    })
    .await
    .items
    .remove(0);
    assert_eq!(
        (item.actor_name.as_str(), item.activity.label().as_str()),
        ("Ada Lovelace", "Add member")
    );
    assert_eq!(item.target_names(), "Some thing, Analytical engine");
    assert_eq!(
        Activity::ALL.len(),
        Activity::ALL
            .iter()
            .map(|a| a.label())
            .collect::<std::collections::BTreeSet<_>>()
            .len()
    );
}
