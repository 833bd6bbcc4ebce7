//! Lists that would count or sort everything stop at a bound (fault C18).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::expiration::Expiration;
use crate::domain::group::{GroupRole, MemberQuery};
use crate::domain::id::{ObjectId, PackageId};
use crate::domain::package::ACTIVE_COUNTED_MAX;
use crate::domain::page::PageQuery;
use crate::domain::policy::Scope;
use crate::store::{Arg, Tx, batch, members, packages};

use super::plan;
use crate::testing::{TestApp, policy, terms};
use crate::{args, both_databases};

both_databases!(
    a_package_that_many_have_is_counted_to_the_bound,
    a_large_group_is_listed_by_name_as_a_small_one_is,
    what_many_have_is_read_off_an_index_as_far_as_the_bound,
);

const PEOPLE: usize = 1_100;

/// So many people, named by number.
async fn people(tx: &mut Tx, now: DateTime<Utc>) -> Vec<Uuid> {
    let ids: Vec<Uuid> = (0..PEOPLE as u128).map(|n| Uuid::from_u128(0x9000_0000 + n)).collect();
    let values = ids.iter().enumerate().flat_map(|(n, id)| {
        // In the order of names the ids run backwards, so that one order cannot pass for the other.
        let name = format!("person {:04}", PEOPLE - n);
        args![*id, name.clone(), name.clone(), name.clone(), name, true, now, 1_i64]
    });
    let values: Vec<Arg> = values.collect();
    let rows = values.chunks(8).flat_map(|row| {
        let mut row = row.to_vec();
        row.extend(["member", "", "", "", "", "", "", ""].map(Arg::from));
        row
    });
    let head = "users (id, name, name_folded, user_name, user_name_folded, enabled, created_at, version, kind,
        mail, job_title, department, department_folded, company, office, phone)";
    batch::insert(tx, head, 16, rows.collect(), "").await.expect("people");
    ids
}

async fn a_package_that_many_have_is_counted_to_the_bound(bench: TestApp) {
    let app = &bench.app;
    let now = app.clock.now();
    let [catalog, package, other] = std::array::from_fn(|_| app.ids.id(now));
    let mut tx = app.store.write().await.expect("tx");
    for (sql, args) in [
        (
            "INSERT INTO catalogs (id, name, name_folded, description, enabled, external, built_in, created_at, version)
             VALUES ($1, 'C', 'c', '', TRUE, FALSE, FALSE, $2, 1)",
            args![catalog, now],
        ),
        (
            "INSERT INTO packages (id, catalog_id, name, name_folded, description, hidden, prior_membership, created_at, updated_at, version)
             VALUES ($1, $3, 'Many', 'many', '', FALSE, 'keep', $4, $4, 1), ($2, $3, 'Few', 'few', '', FALSE, 'keep', $4, $4, 1)",
            args![package, other, catalog, now],
        ),
    ] {
        tx.exec(sql, args).await.expect("a row");
    }
    let (policy, version) = policy(app, &mut tx, PackageId(package), &terms(Scope::AllUsers, Expiration::Never)).await;
    let people = people(&mut tx, now).await;
    let (mut requests, mut assignments) = (Vec::new(), Vec::new());
    for (n, user) in people.iter().enumerate() {
        let request = app.ids.id(now);
        // All have the first package; of the second, two have it, one no longer and one not yet.
        let mut add = |request: Uuid, package: Uuid, starts: DateTime<Utc>, ends: Option<DateTime<Utc>>| {
            let answers = serde_json::json!([]);
            requests.extend(args![
                request,
                package,
                policy,
                version,
                *user,
                "user_add",
                "delivered",
                "",
                "",
                answers,
                "never",
                now,
                1_i64
            ]);
            assignments.extend(args![
                app.ids.id(now),
                package,
                policy,
                version,
                *user,
                request,
                "delivered",
                starts,
                ends,
                1_i64
            ]);
        };
        add(request, package, now, None);
        let day = chrono::Duration::days(1);
        match n {
            0 | 1 => add(app.ids.id(now), other, now, Some(now + day)),
            2 => add(app.ids.id(now), other, now - day, Some(now)),
            3 => add(app.ids.id(now), other, now + day, None),
            _ => {}
        }
    }
    let head = "requests (id, package_id, policy_id, policy_version_id, target_id, kind, state, status, justification, answers, expiration,
        submitted_at, version)";
    batch::insert(&mut tx, head, 13, requests, "").await.expect("requests");
    let head = "assignments (id, package_id, policy_id, policy_version_id, target_id, request_id, state, starts_at, ends_at, version)";
    batch::insert(&mut tx, head, 10, assignments, "").await.expect("assignments");
    let ids = [PackageId(package), PackageId(other)];
    let bounded = packages::active_bounded(&mut tx, &ids, now).await.expect("counts");
    assert_eq!((bounded[&ids[0]], bounded[&ids[1]]), (ACTIVE_COUNTED_MAX + 1, 2));
    let exact = packages::active(&mut tx, &ids, now).await.expect("counts");
    assert_eq!((exact[&ids[0]], exact[&ids[1]]), (PEOPLE as i64, 2));
}

async fn a_large_group_is_listed_by_name_as_a_small_one_is(bench: TestApp) {
    let app = &bench.app;
    let now = app.clock.now();
    let [large, small, large_role, small_role] = std::array::from_fn(|_| app.ids.id(now));
    let mut tx = app.store.write().await.expect("tx");
    for (group, role, name) in [(large, large_role, "large"), (small, small_role, "small")] {
        tx.exec(
            "INSERT INTO objects (id, kind, name, name_folded, description, group_kind, membership, created_at, version)
             VALUES ($1, 'group', $2, $2, '', 'security', 'assigned', $3, 1)",
            args![group, name, now],
        )
        .await
        .expect("a group");
        tx.exec(
            "INSERT INTO roles (id, object_id, name, position) VALUES ($1, $2, 'Member', 0)",
            args![role, group],
        )
        .await
        .expect("a role");
    }
    let people = people(&mut tx, now).await;
    let until: DateTime<Utc> = "9999-12-31T00:00:00Z".parse().expect("an instant");
    let row = |role: Uuid, user: Uuid| args![role, user, true, false, 0_i64, now, until];
    let mut values: Vec<Arg> = people.iter().flat_map(|user| row(large_role, *user)).collect();
    values.extend(people.iter().take(120).flat_map(|user| row(small_role, *user)));
    let head = "memberships (role_id, user_id, direct, by_rule, grants, since, until)";
    batch::insert(&mut tx, head, 7, values, "").await.expect("memberships");
    for (group, count, total) in [(large, PEOPLE, None), (small, 120, Some(120))] {
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let query = MemberQuery {
                group: ObjectId(group),
                role: GroupRole::Member,
                search: String::new(),
                page: PageQuery {
                    after: after.clone(),
                    ..PageQuery::default()
                },
            };
            let page = members::list(&mut tx, &query, now).await.expect("a page");
            assert_eq!(page.total, total);
            names.extend(page.items.into_iter().map(|item| item.user.name));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(names.len(), count);
        assert!(names.is_sorted() && names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

async fn what_many_have_is_read_off_an_index_as_far_as_the_bound(bench: TestApp) {
    let app = &bench.app;
    let now = app.clock.now();
    let group = MemberQuery {
        group: ObjectId(app.ids.id(now)),
        role: GroupRole::Member,
        search: String::new(),
        page: PageQuery::default(),
    };
    let packages: Vec<PackageId> = (0..50).map(|_| PackageId(app.ids.id(now))).collect();
    let (counting, counted) = packages::counting_bounded(&packages, now);
    assert!(counting.contains("LIMIT"), "{counting}");
    for (sql, values) in [(counting, counted), members::paging_many(&group, now)] {
        let mut tx = app.store.write().await.expect("tx");
        let plan = plan(&mut tx, sql.clone(), values).await;
        let reads_all = plan
            .lines()
            .any(|step| step.starts_with("SCAN") && step != "SCAN counted" && !step.contains("INDEX"));
        let all = ["TEMP B-TREE", "Sort", "Seq Scan"];
        assert!(!reads_all && !all.iter().any(|word| plan.contains(word)), "{plan}\n{sql}");
    }
}
