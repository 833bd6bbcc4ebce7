//! Who had access on a day, against a replay of what was done; by what a role is held; and reports of one catalog alone.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use super::*;
use crate::args;
use crate::both_databases;
use crate::domain::access::{HeldRole, Role};
use crate::domain::assignment::{AssignmentState, EndReason};
use crate::domain::audit::AuditQuery;
use crate::domain::draft::{DraftRole, PackageDraft};
use crate::domain::group::{GroupForm, GroupRole};
use crate::domain::id::{CatalogId, ObjectId, PackageId, RequestId, UserId};
use crate::domain::object::Subject;
use crate::domain::package::BasicsForm;
use crate::domain::page::PageQuery;
use crate::domain::policy::{Audience, LifecycleForm, RequestsForm, Scope};
use crate::domain::report::{HeldBy, Remains, Span};
use crate::domain::request::{RequestFilter, RequestQuery};
use crate::domain::user::{DirectoryRole, UserForm, UserKind};
use crate::service::{assignments, audit, catalogs, drafts, groups, my_access, requests, users};
use crate::testing::{TestApp, actor};
use crate::worker;

both_databases!(
    who_had_access_on_a_day_is_what_a_replay_of_the_trail_says,
    f170_each_way_to_a_role_is_named_and_what_would_remain,
    f169_what_a_person_has_had_and_can_request,
    f167_f178_reports_and_trail_of_one_catalog_name_nothing_of_another,
    how_packages_were_used_and_how_things_stand,
    f180_a_deleted_and_restored_user_shows_what_they_had_and_why_it_ended,
);

struct Tenant {
    bench: TestApp,
    admin: Principal,
    people: Vec<Principal>,
    group: ObjectId,
    catalog: CatalogId,
}

impl Tenant {
    async fn new(bench: TestApp) -> Self {
        let app = &bench.app;
        let admin = actor(DirectoryRole::GlobalAdministrator);
        let mut tx = app.store.write().await.expect("tx");
        let catalog = catalogs::ensure_general(app, &mut tx).await.expect("General");
        tx.exec(
            "INSERT INTO users (id, name, name_folded, user_name, user_name_folded, kind, mail, job_title, department, department_folded,
                company, office, phone, enabled, created_at, version)
             VALUES ($1, 'Admin1', 'admin1', 'admin1', 'admin1', 'member', '', '', '', '', '', '', '', TRUE, $2, 1)",
            args![admin.id, app.clock.now()],
        )
        .await
        .expect("the administrator");
        tx.commit().await.expect("commit");
        let mut people = Vec::new();
        for name in ["ada", "bob", "cyd"] {
            let form = UserForm {
                name: name.into(),
                user_name: name.into(),
                password: "quiet-harbour-lantern-41".into(),
                kind: "member".into(),
                role: "user".into(),
                ..UserForm::default()
            };
            let id = users::create(app, &admin, &form).await.expect("a user");
            people.push(Principal::user(id, name, name, UserKind::Member));
        }
        let form = GroupForm {
            name: "Harbour".into(),
            kind: "security".into(),
            membership: "assigned".into(),
            ..GroupForm::default()
        };
        let group = groups::create(app, &admin, &form).await.expect("a group");
        Self {
            admin,
            people,
            group,
            catalog,
            bench,
        }
    }

    /// A package that gives the role Member of the group for so many days.
    async fn package(&self, name: &str, catalog: CatalogId, days: i64) -> PackageId {
        let app = &self.bench.app;
        let id = drafts::start(app, &self.admin, Some(catalog)).await.expect("a draft");
        let role = self.member_role().await;
        let draft = PackageDraft {
            basics: BasicsForm {
                name: name.into(),
                description: name.into(),
                catalog: Some(catalog),
            },
            roles: vec![DraftRole {
                object: self.group,
                role: Some(role.into()),
            }],
            requests: RequestsForm {
                audience: Some(Audience::InDirectory),
                scope: Some(Scope::Specific),
                subjects: self.people.iter().map(|person| Subject::User(UserId(person.id))).collect(),
                ..RequestsForm::default()
            },
            lifecycle: LifecycleForm {
                days: days.to_string(),
                ..LifecycleForm::default()
            },
            ..PackageDraft::default()
        };
        let view = drafts::save(app, &self.admin, id, 1, draft).await.expect("saved");
        assert_eq!(view.errors, []);
        drafts::create(app, &self.admin, id, view.version).await.expect("a package").id
    }

    async fn member_role(&self) -> Uuid {
        let mut tx = self.bench.app.store.read().await.expect("tx");
        let sql = "SELECT id FROM roles WHERE object_id = $1 AND name = 'Member'";
        tx.value(sql, args![self.group]).await.expect("a role")
    }

    async fn version(&self, assignment: Uuid) -> i64 {
        let mut tx = self.bench.app.store.read().await.expect("tx");
        let sql = "SELECT version FROM assignments WHERE id = $1";
        tx.value(sql, args![assignment]).await.expect("a version")
    }

    async fn request(&self, person: usize, package: PackageId) -> bool {
        let form = serde_json::from_value(serde_json::json!({ "package": package, "justification": "" })).expect("a form");
        let made = my_access::submit(&self.bench.app, &self.people[person], &form).await;
        self.deliver().await;
        made.is_ok()
    }

    async fn remove(&self, person: usize, package: PackageId) {
        let app = &self.bench.app;
        let query = AccessQuery {
            user: Some(UserId(self.people[person].id)),
            package: Some(package),
            ..AccessQuery::default()
        };
        let latest = access(app, &self.admin, &query)
            .await
            .expect("assignments")
            .items
            .into_iter()
            .next();
        if let Some(latest) = latest.filter(|latest| latest.ends_at.is_none_or(|end| end > app.clock.now())) {
            let version = self.version(latest.id.0).await;
            assignments::remove(app, &self.admin, latest.id, version).await.expect("removed");
        }
        self.deliver().await;
    }

    /// F114.
    async fn forget(&self, package: PackageId) {
        let app = &self.bench.app;
        let query = || RequestQuery {
            package,
            filter: RequestFilter::All,
            kind: None,
            policy: None,
            search: String::new(),
            page: PageQuery::default(),
        };
        let page = requests::list(app, &self.admin, &query()).await.expect("requests");
        let ids: Vec<RequestId> = page
            .items
            .iter()
            .filter(|item| item.remove.is_allowed())
            .map(|item| item.id)
            .collect();
        if !ids.is_empty() {
            let results = requests::remove_all(app, &self.admin, &ids).await.expect("removed");
            assert!(results.iter().all(|result| result.refused.is_none()));
            let left = requests::list(app, &self.admin, &query()).await.expect("requests");
            assert!(left.items.iter().all(|item| !ids.contains(&item.id)));
        }
    }

    async fn deliver(&self) {
        while worker::drain(&self.bench.app).await.expect("drained") > 0 {}
    }
}

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    Request(usize, usize),
    Remove(usize, usize),
    /// Takes every request of a package that is over out of the lists.
    Forget(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3_usize, 0..2_usize).prop_map(|(person, package)| Step::Request(person, package)),
        1 => (0..3_usize, 0..2_usize).prop_map(|(person, package)| Step::Remove(person, package)),
        1 => (0..2_usize).prop_map(Step::Forget),
        3 => (1..90_i64).prop_map(Step::Wait),
    ]
}

/// Who held what on a day by the trail alone: from the row that says that a request was fulfilled to the one that ended its assignment, or to
/// the end of its days, which the worker may have seen later.
async fn replayed(tenant: &Tenant, lengths: &[(PackageId, i64)], day: DateTime<Utc>) -> BTreeSet<(Uuid, Uuid)> {
    let mut tx = tenant.bench.app.store.read().await.expect("tx");
    let begun: Vec<(Uuid, Uuid, Uuid, String)> = tx
        .all(
            "SELECT q.target_id, q.package_id, q.id, a.at FROM audit a JOIN requests q ON q.id = a.correlation_id
             WHERE a.activity = 'fulfill_request' AND q.kind = 'user_add'",
            args![],
        )
        .await
        .expect("rows");
    let mut held = BTreeSet::new();
    for (user, package, request, at) in begun {
        let from: DateTime<Utc> = at.parse().expect("an instant");
        let days = lengths.iter().find(|(id, _)| id.0 == package).map_or(0, |(_, days)| *days);
        let removed: Vec<String> = tx
            .column(
                "SELECT e.at FROM assignments s JOIN audit_targets t ON t.target_id = s.id JOIN audit e ON e.id = t.audit_id
                 WHERE s.request_id = $1 AND e.activity IN ('remove_assignment', 'end_assignment')",
                args![request],
            )
            .await
            .expect("rows");
        let ends = removed.iter().map(|at| at.parse::<DateTime<Utc>>().expect("an instant"));
        let until = ends.min().unwrap_or(DateTime::<Utc>::MAX_UTC).min(from + Duration::days(days));
        if from < day + Duration::days(1) && until > day && until > from {
            held.insert((user, package));
        }
    }
    held
}

async fn who_had_access_on_a_day_is_what_a_replay_of_the_trail_says(bench: TestApp) {
    let tenant = Tenant::new(bench).await;
    let app = &tenant.bench.app;
    let mut packages = Vec::new();
    for (name, days) in [("Ferry", 3), ("Market", 11)] {
        packages.push((tenant.package(name, tenant.catalog, days).await, days));
    }
    let begin: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().expect("an instant");
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(Default::default()),
    );
    let mut compared = 0;
    for _ in 0..6 {
        let steps = proptest::collection::vec(step(), 14)
            .new_tree(&mut runner)
            .expect("steps")
            .current();
        for step in steps {
            match step {
                Step::Request(person, package) => {
                    tenant.request(person, packages[package].0).await;
                }
                Step::Remove(person, package) => tenant.remove(person, packages[package].0).await,
                Step::Forget(package) => tenant.forget(packages[package].0).await,
                Step::Wait(hours) => {
                    tenant.bench.clock.advance(Duration::hours(hours));
                    // A day on which nothing is asked: the worker is late, and access has ended all the same.
                    if hours % 2 == 0 {
                        tenant.deliver().await;
                    }
                }
            }
        }
        let days = (app.clock.now() - begin).num_days();
        for day in (0..=days).map(|days| begin + Duration::days(days)) {
            let query = AccessQuery {
                day: Some(day),
                page: PageQuery {
                    size: 200,
                    ..PageQuery::default()
                },
                ..AccessQuery::default()
            };
            let page = access(app, &tenant.admin, &query).await.expect("a report");
            assert_eq!(page.next, None);
            let told: BTreeSet<(Uuid, Uuid)> = page.items.iter().map(|item| (item.user.id.0, item.package.id.0)).collect();
            assert_eq!(told, replayed(&tenant, &packages, day).await, "{day}");
            compared += told.len();
        }
    }
    assert!(compared > 20, "{compared} holdings compared");
}

async fn f170_each_way_to_a_role_is_named_and_what_would_remain(bench: TestApp) {
    let tenant = Tenant::new(bench).await;
    let app = &tenant.bench.app;
    let ada = UserId(tenant.people[0].id);
    let one = tenant.package("Ferry", tenant.catalog, 3).await;
    tenant.package("Market", tenant.catalog, 11).await;
    let query = HeldQuery { user: ada, object: None };
    let ways = async || {
        let items = held(app, &tenant.admin, &query).await.expect("a report").items;
        items
            .into_iter()
            .map(|item| {
                (
                    item.by,
                    item.package.map(|package| package.name),
                    item.until.is_some(),
                    item.others,
                    item.remains,
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(ways().await, []);
    assert!(tenant.request(0, one).await);
    let ferry = |others, remains| (HeldBy::Package, Some("Ferry".to_owned()), true, others, remains);
    assert_eq!(ways().await, [ferry(0, Remains::Ends)]);
    groups::add_members(app, &tenant.admin, tenant.group, GroupRole::Member, &[ada])
        .await
        .expect("a member");
    let direct = (HeldBy::Direct, None, false, 1, Remains::Stays);
    assert_eq!(ways().await, [direct, ferry(1, Remains::Stays)]);
    tenant.bench.clock.advance(Duration::days(3));
    // The worker has not come by; access has ended all the same.
    assert_eq!(ways().await, [(HeldBy::Direct, None, false, 0, Remains::Ends)]);
    let elsewhere = HeldQuery {
        object: Some(ObjectId(Uuid::from_u128(7))),
        ..query
    };
    assert_eq!(held(app, &tenant.admin, &elsewhere).await.expect("a report").items, []);
}

async fn f169_what_a_person_has_had_and_can_request(bench: TestApp) {
    let tenant = Tenant::new(bench).await;
    let app = &tenant.bench.app;
    let user = UserId(tenant.people[0].id);
    let one = tenant.package("Ferry", tenant.catalog, 3).await;
    let two = tenant.package("Market", tenant.catalog, 11).await;
    let can = async || {
        let query = RequestableQuery {
            user,
            search: String::new(),
            page: PageQuery::default(),
        };
        let page = requestable(app, &tenant.admin, &query).await.expect("a report");
        page.items.into_iter().map(|item| item.package.id).collect::<Vec<_>>()
    };
    let has = async || {
        let query = AccessQuery {
            user: Some(user),
            ..AccessQuery::default()
        };
        let page = access(app, &tenant.admin, &query).await.expect("a report");
        page.items
            .into_iter()
            .map(|item| (item.package.id, item.state.gives()))
            .collect::<Vec<_>>()
    };
    assert_eq!((can().await, has().await), (vec![one, two], vec![]));
    tenant.request(0, one).await;
    assert_eq!((can().await, has().await), (vec![two], vec![(one, true)]));
    tenant.bench.clock.advance(Duration::days(4));
    tenant.request(0, two).await;
    assert_eq!((can().await, has().await), (vec![one], vec![(two, true), (one, false)]));
}

async fn f167_f178_reports_and_trail_of_one_catalog_name_nothing_of_another(bench: TestApp) {
    let tenant = Tenant::new(bench).await;
    let app = &tenant.bench.app;
    let other = CatalogId(app.ids.id(app.clock.now()));
    let mut tx = app.store.write().await.expect("tx");
    let name = crate::domain::validate::Name::of("Unseen".into());
    crate::store::catalogs::insert_built_in(&mut tx, other, &name, "", app.clock.now())
        .await
        .expect("a catalog");
    tx.commit().await.expect("commit");
    let own = tenant.package("Ferry", tenant.catalog, 3).await;
    let unseen = tenant.package("Unseen", other, 3).await;
    for package in [own, unseen] {
        assert!(tenant.request(0, package).await);
    }
    while audit::seal(app).await.expect("sealed") > 0 {}
    let manager = Principal {
        roles: vec![HeldRole {
            role: Role::AssignmentManager,
            catalog: Some(tenant.catalog),
        }],
        ..actor(DirectoryRole::User)
    };
    let user = UserId(tenant.people[0].id);
    let mut said = Vec::new();
    let trail = audit::list(app, &manager, &AuditQuery::default()).await.expect("rows");
    assert!(!trail.items.is_empty(), "rows of their own catalog");
    said.push(format!("{trail:?}"));
    for target in [unseen.0, user.0] {
        let query = AuditQuery {
            target: Some(target),
            ..AuditQuery::default()
        };
        said.push(format!("{:?}", audit::list(app, &manager, &query).await.expect("rows")));
    }
    let named = AuditQuery {
        search: "unseen".into(),
        ..AuditQuery::default()
    };
    assert_eq!(audit::list(app, &manager, &named).await.expect("rows").items, []);
    assert!(!audit::list(app, &tenant.admin, &named).await.expect("rows").items.is_empty());
    let items = access(app, &manager, &AccessQuery::default()).await.expect("a report").items;
    assert_eq!(items.iter().map(|item| item.package.id).collect::<Vec<_>>(), [own]);
    said.push(format!("{items:?}"));
    let items = held(app, &manager, &HeldQuery { user, object: None })
        .await
        .expect("a report")
        .items;
    assert_eq!(
        items.iter().map(|item| (item.others, item.remains)).collect::<Vec<_>>(),
        [(0, Remains::Unknown)]
    );
    said.push(format!("{items:?}"));
    let usage_query = UsageQuery {
        span: Span::Week,
        unused: false,
        search: String::new(),
        page: PageQuery::default(),
    };
    said.push(format!("{:?}", usage(app, &manager, &usage_query).await.expect("a report")));
    let standing = dashboard(app, &manager).await.expect("an answer").expect("figures");
    assert_eq!(
        (standing.ending, standing.trend.active.last(), standing.given_up),
        (1, Some(&1), None)
    );
    said.push(format!("{standing:?}"));
    for said in said {
        assert!(!said.contains("Unseen"), "{said}");
    }
    let creator = actor(DirectoryRole::CatalogCreator);
    assert_eq!(dashboard(app, &creator).await.expect("an answer"), None);
    let plain = actor(DirectoryRole::User);
    assert!(dashboard(app, &plain).await.is_err() && audit::list(app, &plain, &AuditQuery::default()).await.is_err());
}

async fn how_packages_were_used_and_how_things_stand(bench: TestApp) {
    let tenant = Tenant::new(bench).await;
    let app = &tenant.bench.app;
    let used = tenant.package("Ferry", tenant.catalog, 30).await;
    let idle = tenant.package("Idle", tenant.catalog, 30).await;
    tenant.request(0, used).await;
    tenant.bench.clock.advance(Duration::days(8));
    tenant.request(1, used).await;
    tenant.remove(1, used).await;
    let query = |unused, span| UsageQuery {
        span,
        unused,
        search: String::new(),
        page: PageQuery::default(),
    };
    let page = usage(app, &tenant.admin, &query(false, Span::Week)).await.expect("a report");
    let figures: Vec<_> = page
        .items
        .iter()
        .map(|item| (item.package.id, item.requests, item.delivered, item.ended, item.active))
        .collect();
    assert_eq!(figures, [(used, 1, 1, 1, 1), (idle, 0, 0, 0, 0)]);
    let unused = |span| {
        let query = query(true, span);
        let tenant = &tenant;
        async move {
            let page = usage(app, &tenant.admin, &query).await.expect("a report");
            page.items.into_iter().map(|item| item.package.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(unused(Span::Week).await, [idle]);
    assert_eq!(unused(Span::Month).await, [], "it is newer than that");
    let standing = dashboard(app, &tenant.admin).await.expect("an answer").expect("figures");
    assert_eq!(
        (standing.waiting, standing.failed, standing.given_up, standing.unsent),
        (0, 0, Some(0), Some(0))
    );
    assert_eq!(standing.trend.requests[10..], [1, 1]);
    assert_eq!(standing.trend.active[10..], [1, 1]);
    assert_eq!(standing.ending, 0);
    tenant.bench.clock.advance(Duration::days(10));
    let standing = dashboard(app, &tenant.admin).await.expect("an answer").expect("figures");
    assert_eq!((standing.ending, standing.first_ending.len()), (1, 1));
}

async fn f180_a_deleted_and_restored_user_shows_what_they_had_and_why_it_ended(bench: TestApp) {
    let tenant = Tenant::new(bench).await;
    let app = &tenant.bench.app;
    let package = tenant.package("Ferry", tenant.catalog, 30).await;
    assert!(tenant.request(0, package).await);
    let user = UserId(tenant.people[0].id);
    let query = AccessQuery {
        user: Some(user),
        ..AccessQuery::default()
    };
    let version = async || users::get(app, &tenant.admin, user).await.expect("a user").version;
    users::delete(app, &tenant.admin, user, version().await).await.expect("deleted");
    tenant.deliver().await;
    let told = async || {
        let page = access(app, &tenant.admin, &query).await.expect("a report");
        let one = &page.items[0];
        assert_eq!((page.items.len(), one.package.id), (1, package));
        (one.state, one.end_reason)
    };
    let ended = (AssignmentState::Expired, Some(EndReason::UserDeleted));
    assert_eq!(told().await, ended);
    assert_eq!(super::user(app, &tenant.admin, user).await.expect("a subject").user_name, "ada");
    users::restore(app, &tenant.admin, user, version().await).await.expect("restored");
    tenant.deliver().await;
    // What ended stays ended, and the person can ask again.
    assert_eq!(told().await, ended);
    assert!(tenant.request(0, package).await);
}
