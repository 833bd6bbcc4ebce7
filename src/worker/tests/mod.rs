//! The engine on both databases: from Submit to Delivered to Expired, with everything that may come between.

mod administered;
mod direct;
mod faults;
mod meanwhile;
mod scheduled;
mod scope;
mod told;

use chrono::Duration;

use crate::domain::access::Principal;
use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentQuery, AssignmentState, EndReason};
use crate::domain::expiration::Expiration;
use crate::domain::id::{PackageId, PackageRoleId, RequestId, RoleId, UserId};
use crate::domain::job::JobKind;
use crate::domain::offer::{OfferItem, OfferQuery, OfferTab};
use crate::domain::page::PageQuery;
use crate::domain::policy::{PolicyTerms, Scope};
use crate::domain::request::{RequestFilter, RequestKind, RequestQuery, RequestState, SubmitForm};
use crate::domain::schedule::ScheduleName;
use crate::domain::subject::SubjectSet;
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserKind};
use crate::service::{App, Error, assignments, my_access, requests, schedules};
use crate::store::jobs::{self, NewJob};
use crate::store::memberships;
use crate::testing::{TestApp, actor, id_of, policy, terms, unknown};
use crate::{args, both_databases, worker};

both_databases!(
    f032_f036_a_request_is_delivered_and_counted,
    f038_f039_removal_takes_the_membership_away,
    f126_f179_expiry_is_carried_out_however_late,
    f124_overlapping_grants_are_counted,
    an_end_that_nobody_will_carry_out_is_told,
    f125_a_membership_held_before_is_kept,
    f125_a_membership_held_before_is_removed_where_the_package_says_so,
    f142_only_one_open_request_and_one_assignment,
    f028_f175_what_is_not_for_one_is_not_there,
    f127_a_job_that_runs_twice_changes_nothing,
    f061_f062_roles_added_and_removed_reach_everyone,
    f113_a_deleted_group_fails_its_grant_with_a_reason,
    f046_a_guest_needs_an_external_catalog,
    f072_a_disabled_policy_between_page_and_submit_refuses,
    one_bad_job_does_not_hold_up_the_others,
    sessions_that_are_over_are_thrown_away_every_hour,
    a_user_deleted_before_delivery_is_given_nothing,
    f137_f138_tabs_and_search,
);

/// A small world: a package of one group's Member role for 30 days, and two people of whom the first may request it.
struct Fixture {
    bench: TestApp,
    admin: Principal,
    requestor: Principal,
    stranger: Principal,
    package: PackageId,
    role: RoleId,
}

async fn person(app: &App, name: &str, kind: UserKind) -> Principal {
    let id = app.ids.id(app.clock.now());
    let mut tx = app.store.write().await.expect("tx");
    tx.exec(
        "INSERT INTO users (id, name, name_folded, user_name, user_name_folded, kind, mail, job_title, department, department_folded,
            company, office, phone, enabled, created_at, version)
         VALUES ($1, $2, lower($2), $2, lower($2), $3, '', '', '', '', '', '', '', TRUE, $4, 1)",
        args![id, name, crate::domain::text::StringEnum::as_str(kind), app.clock.now()],
    )
    .await
    .expect("a user");
    crate::store::search::index(&mut tx, crate::store::search::Kind::User, id, &[name])
        .await
        .expect("words");
    tx.commit().await.expect("commit");
    Principal::user(UserId(id), name, name.to_lowercase(), kind)
}

async fn group(app: &App, name: &str) -> RoleId {
    let (object, role) = (app.ids.id(app.clock.now()), app.ids.id(app.clock.now()));
    let mut tx = app.store.write().await.expect("tx");
    tx.exec(
        "INSERT INTO objects (id, kind, name, name_folded, description, group_kind, membership, created_at, version)
         VALUES ($1, 'group', $2, lower($2), '', 'security', 'assigned', $3, 1)",
        args![object, name, app.clock.now()],
    )
    .await
    .expect("a group");
    tx.exec(
        "INSERT INTO roles (id, object_id, name, position) VALUES ($1, $2, 'Member', 0)",
        args![role, object],
    )
    .await
    .expect("a role");
    crate::store::search::index(&mut tx, crate::store::search::Kind::Object, object, &[name])
        .await
        .expect("words");
    tx.commit().await.expect("commit");
    RoleId(role)
}

async fn package(app: &App, name: &str, roles: &[RoleId], subject: Option<UserId>) -> PackageId {
    let now = app.clock.now();
    let (catalog, id) = (app.ids.id(now), app.ids.id(now));
    let mut tx = app.store.write().await.expect("tx");
    tx.exec(
        "INSERT INTO catalogs (id, name, name_folded, description, enabled, external, built_in, created_at, version)
         VALUES ($1, $2, lower($2), '', TRUE, FALSE, FALSE, $3, 1)",
        args![catalog, name, now],
    )
    .await
    .expect("a catalog");
    tx.exec(
        "INSERT INTO packages (id, catalog_id, name, name_folded, description, hidden, prior_membership, created_at, updated_at, version)
         VALUES ($1, $2, $3, lower($3), 'For tests', FALSE, 'keep', $4, $4, 1)",
        args![id, catalog, name, now],
    )
    .await
    .expect("a package");
    crate::store::search::index(&mut tx, crate::store::search::Kind::Package, id, &[name])
        .await
        .expect("words");
    for role in roles {
        tx.exec(
            "INSERT INTO package_roles (id, package_id, role_id, added_at) VALUES ($1, $2, $3, $4)",
            args![app.ids.id(now), id, *role, now],
        )
        .await
        .expect("a role");
    }
    let scope = if subject.is_some() { Scope::Specific } else { Scope::AllUsers };
    let terms = PolicyTerms {
        subjects: subject.map(SubjectSet::User).into_iter().collect(),
        ..terms(scope, Expiration::Days(30))
    };
    policy(app, &mut tx, PackageId(id), &terms).await;
    tx.commit().await.expect("commit");
    PackageId(id)
}

impl Fixture {
    async fn new(bench: TestApp) -> Self {
        let requestor = person(&bench.app, "Requestor1", UserKind::Member).await;
        let stranger = person(&bench.app, "Stranger", UserKind::Member).await;
        let admin = person(&bench.app, "Admin1", UserKind::Member).await;
        let admin = admin.with_directory_role(DirectoryRole::GlobalAdministrator);
        let role = group(&bench.app, "Marketing resources").await;
        let package = package(&bench.app, "Marketing Campaign", &[role], Some(id_of(&requestor))).await;
        Self {
            bench,
            admin,
            requestor,
            stranger,
            package,
            role,
        }
    }

    fn app(&self) -> &App {
        &self.bench.app
    }

    async fn submit(&self, who: &Principal, package: PackageId) -> Result<RequestId, Error> {
        my_access::submit(
            self.app(),
            who,
            &SubmitForm::new(package, "I am working on the new marketing campaign"),
        )
        .await
    }

    /// What someone sees under a tab of My Access.
    async fn offers(&self, who: &Principal, tab: OfferTab, search: &str) -> Vec<OfferItem> {
        let query = OfferQuery {
            tab,
            search: search.into(),
            page: PageQuery::default(),
        };
        my_access::offers(self.app(), who, &query).await.expect("offers").items
    }

    async fn work(&self) {
        while worker::drain(self.app()).await.expect("the queue") > 0 {}
    }

    async fn exec(&self, sql: &'static str, args: Vec<crate::store::Arg>) {
        let mut tx = self.app().store.write().await.expect("tx");
        tx.exec(sql, args).await.expect(sql);
        tx.commit().await.expect("commit");
    }

    async fn is_member(&self, user: UserId) -> bool {
        let mut tx = self.app().store.read().await.expect("tx");
        let count: i64 = tx
            .value(
                "SELECT count(*) FROM memberships WHERE role_id = $1 AND user_id = $2 AND until > $3",
                args![self.role, user, self.app().clock.now()],
            )
            .await
            .expect("count");
        count == 1
    }

    async fn assignments(&self, filter: AssignmentFilter) -> Vec<AssignmentItem> {
        self.assignments_of(self.package, filter).await
    }

    async fn assignments_of(&self, package: PackageId, filter: AssignmentFilter) -> Vec<AssignmentItem> {
        let query = AssignmentQuery {
            policy: None,
            package,
            filter,
            search: String::new(),
            page: PageQuery::default(),
        };
        assignments::list(self.app(), &self.admin, &query).await.expect("assignments").items
    }

    async fn sound(&self) {
        let report = worker::check(self.app()).await.expect("check");
        assert_eq!((report.faults, report.failed_jobs), (vec![], 0));
    }
}

async fn f032_f036_a_request_is_delivered_and_counted(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    let before = my_access::request(world.app(), &world.requestor, id)
        .await
        .expect("own request")
        .detail;
    assert_eq!(before.item.state, RequestState::Submitted);
    assert_eq!(before.justification, "I am working on the new marketing campaign");
    assert!(!world.is_member(id_of(&world.requestor)).await);
    world.work().await;
    let after = requests::get(world.app(), &world.admin, id).await.expect("request");
    assert_eq!((after.item.state, after.item.kind), (RequestState::Delivered, RequestKind::UserAdd));
    assert_eq!(after.ends_at, Some(world.app().clock.now() + Duration::days(30)));
    let titles: Vec<_> = after.events.iter().map(|event| event.title.as_str()).collect();
    assert_eq!(titles, ["Submitted", "Approved", "Delivering", "Delivered"]);
    assert_eq!(after.events[2].detail, "Marketing resources: Member added");
    assert!(world.is_member(id_of(&world.requestor)).await);
    let row = &world.assignments(AssignmentFilter::Delivered).await[0];
    assert_eq!(
        (row.target.name.as_str(), row.policy.name.as_str(), row.state),
        ("Requestor1", "Initial Policy", AssignmentState::Delivered)
    );
    world.sound().await;
}

async fn f038_f039_removal_takes_the_membership_away(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
    assert!(matches!(
        assignments::remove(world.app(), &world.requestor, row.id, row.version).await,
        Err(Error::Refused(_))
    ));
    assert!(matches!(
        assignments::remove(world.app(), &world.admin, row.id, row.version - 1).await,
        Err(Error::Conflict(_))
    ));
    world.bench.clock.advance(Duration::seconds(1));
    let removal = assignments::remove(world.app(), &world.admin, row.id, row.version)
        .await
        .expect("removal");
    assert!(
        !world.is_member(id_of(&world.requestor)).await,
        "access ends with the click, not with the job"
    );
    assert!(
        assignments::remove(world.app(), &world.admin, row.id, row.version + 1)
            .await
            .is_err(),
        "twice"
    );
    world.work().await;
    let row = &world.assignments(AssignmentFilter::Expired).await[0];
    assert_eq!((row.state, row.end_reason), (AssignmentState::Expired, Some(EndReason::Removed)));
    let detail = requests::get(world.app(), &world.admin, removal).await.expect("removal request");
    assert_eq!(
        (detail.item.kind, detail.item.state),
        (RequestKind::AdminRemove, RequestState::Delivered)
    );
    world.sound().await;
    world
        .submit(&world.requestor, world.package)
        .await
        .expect("it can be requested again");
    world.work().await;
    assert!(world.is_member(id_of(&world.requestor)).await);
    world.sound().await;
}

async fn f126_f179_expiry_is_carried_out_however_late(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let then = world.app().clock.now() + Duration::days(30);
    let told = worker::tick(world.app(), then, true).await.expect("dry run");
    assert_eq!(told, ["2026-12-23T10:00:00Z end Marketing Campaign, Requestor1"]);
    assert!(world.is_member(id_of(&world.requestor)).await, "a dry run changes nothing");
    world.bench.clock.advance(Duration::days(30) - Duration::seconds(1));
    assert!(world.is_member(id_of(&world.requestor)).await);
    world.bench.clock.advance(Duration::days(3));
    assert!(
        !world.is_member(id_of(&world.requestor)).await,
        "access is over before the late worker comes"
    );
    assert_eq!(world.assignments(AssignmentFilter::Delivered).await.len(), 0);
    world.work().await;
    let row = &world.assignments(AssignmentFilter::Expired).await[0];
    assert_eq!((row.end_reason, row.ends_at), (Some(EndReason::Expired), Some(then)));
    let query = RequestQuery {
        kind: None,
        policy: None,
        package: world.package,
        filter: RequestFilter::All,
        search: "requ".into(),
        page: PageQuery::default(),
    };
    let found = requests::list(world.app(), &world.admin, &query).await.expect("requests").items;
    assert_eq!(found.len(), 2, "by the beginning of the person's name");
    let query = RequestQuery {
        kind: None,
        policy: None,
        search: String::new(),
        ..query
    };
    let kinds: Vec<_> = requests::list(world.app(), &world.admin, &query)
        .await
        .expect("requests")
        .items
        .iter()
        .map(|r| r.kind)
        .collect();
    assert_eq!(kinds, [RequestKind::SystemRemove, RequestKind::UserAdd]);
    world.sound().await;
}

/// F124: what two packages give ends with the second.
async fn f124_overlapping_grants_are_counted(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let second = package(world.app(), "Second", &[world.role], None).await;
    world.submit(&world.requestor, world.package).await.expect("first");
    world.submit(&world.requestor, second).await.expect("second");
    world.work().await;
    let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
    assignments::remove(world.app(), &world.admin, row.id, row.version)
        .await
        .expect("removal");
    world.work().await;
    assert!(world.is_member(id_of(&world.requestor)).await, "the second package still gives it");
    world.sound().await;
    world.bench.clock.advance(Duration::days(31));
    world.work().await;
    assert!(!world.is_member(id_of(&world.requestor)).await);
    world.sound().await;
}

async fn prior(bench: TestApp, keep: bool) {
    let world = Fixture::new(bench).await;
    let mut tx = world.app().store.write().await.expect("tx");
    assert!(
        memberships::add_direct(&mut tx, world.role, id_of(&world.requestor), world.app().clock.now())
            .await
            .expect("direct")
    );
    tx.commit().await.expect("commit");
    if !keep {
        world
            .exec(
                "UPDATE packages SET prior_membership = 'remove' WHERE id = $1",
                args![world.package],
            )
            .await;
    }
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    world.bench.clock.advance(Duration::days(31));
    world.work().await;
    assert_eq!(world.is_member(id_of(&world.requestor)).await, keep);
    let mut tx = world.app().store.read().await.expect("tx");
    let told: String = tx
        .value("SELECT detail FROM audit WHERE activity = 'revoke_role'", args![])
        .await
        .expect("one row of the trail");
    drop(tx);
    let says = if keep {
        "Marketing resources: Member no longer given by the package, still held otherwise"
    } else {
        "Marketing resources: Member removed, also as held before the package"
    };
    assert_eq!(told, says);
    world.sound().await;
}

async fn an_end_that_nobody_will_carry_out_is_told(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    world.sound().await;
    world.exec("DELETE FROM jobs WHERE kind = 'end'", args![]).await;
    let report = worker::check(world.app()).await.expect("check");
    assert_eq!(report.faults, ["1 assignments whose end no job will carry out"]);
}

/// F125: what was held by hand is kept by default.
async fn f125_a_membership_held_before_is_kept(bench: TestApp) {
    prior(bench, true).await;
}

async fn f125_a_membership_held_before_is_removed_where_the_package_says_so(bench: TestApp) {
    prior(bench, false).await;
}

async fn f142_only_one_open_request_and_one_assignment(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let (one, two) = tokio::join!(
        world.submit(&world.requestor, world.package),
        world.submit(&world.requestor, world.package)
    );
    let refused = one.err().or(two.err()).expect("one of the two is refused");
    assert!(
        matches!(&refused, Error::Refused(refusal) if refusal.rule == "already-requested"),
        "{refused}"
    );
    world.work().await;
    let again = world.submit(&world.requestor, world.package).await.expect_err("has it");
    assert!(matches!(again, Error::Refused(refusal) if refusal.rule == "already-assigned"));
    let long = SubmitForm::new(world.package, "é".repeat(2_001));
    assert!(matches!(
        my_access::submit(world.app(), &world.requestor, &long).await,
        Err(Error::Invalid(_))
    ));
}

async fn f028_f175_what_is_not_for_one_is_not_there(bench: TestApp) {
    let world = Fixture::new(bench).await;
    assert!(matches!(
        my_access::offer(world.app(), &world.stranger, world.package).await,
        Err(Error::NotFound)
    ));
    let refused = world.submit(&world.stranger, world.package).await.expect_err("out of scope");
    assert!(matches!(refused, Error::Refused(refusal) if refusal.rule == "not-in-scope"));
    assert!(matches!(
        world.submit(&world.requestor, PackageId(unknown())).await,
        Err(Error::NotFound)
    ));
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    assert!(matches!(
        my_access::request(world.app(), &world.stranger, id).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        requests::get(world.app(), &world.requestor, id).await,
        Err(Error::Refused(_))
    ));
    assert_eq!(
        my_access::requests(world.app(), &world.stranger, &PageQuery::default())
            .await
            .expect("none")
            .items
            .len(),
        0
    );
    let admin_list = AssignmentQuery {
        policy: None,
        package: world.package,
        filter: AssignmentFilter::All,
        search: String::new(),
        page: PageQuery::default(),
    };
    assert!(matches!(
        assignments::list(world.app(), &world.requestor, &admin_list).await,
        Err(Error::Refused(_))
    ));
    assert!(
        actor(DirectoryRole::User)
            .authorize_somewhere(crate::domain::access::Action::ManagePackages)
            .is_err()
    );
}

async fn f127_a_job_that_runs_twice_changes_nothing(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let mut tx = world.app().store.write().await.expect("tx");
    let now = world.app().clock.now();
    let job = NewJob {
        kind: JobKind::Deliver,
        key: "again".into(),
        subject: Some(id.into()),
        run_at: now,
    };
    jobs::enqueue(&mut tx, unknown(), now, job);
    tx.commit().await.expect("commit");
    world.work().await;
    assert_eq!(world.assignments(AssignmentFilter::All).await.len(), 1);
    world.sound().await;
}

async fn f061_f062_roles_added_and_removed_reach_everyone(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let second = group(world.app(), "Second group").await;
    let now = world.app().clock.now();
    let place = PackageRoleId(unknown());
    world
        .exec(
            "INSERT INTO package_roles (id, package_id, role_id, added_at) VALUES ($1, $2, $3, $4)",
            args![place, world.package, second, now],
        )
        .await;
    let mut tx = world.app().store.write().await.expect("tx");
    jobs::enqueue(
        &mut tx,
        unknown(),
        now,
        NewJob {
            kind: JobKind::AddRole,
            key: "a".into(),
            subject: Some(place.into()),
            run_at: now,
        },
    );
    tx.commit().await.expect("commit");
    world.work().await;
    world.sound().await;
    let mut tx = world.app().store.write().await.expect("tx");
    tx.exec("DELETE FROM package_roles WHERE package_id = $1", args![world.package])
        .await
        .expect("delete");
    jobs::enqueue(
        &mut tx,
        unknown(),
        now,
        NewJob {
            kind: JobKind::RemoveRole,
            key: "r".into(),
            subject: Some(world.package.into()),
            run_at: now,
        },
    );
    tx.commit().await.expect("commit");
    world.work().await;
    assert!(!world.is_member(id_of(&world.requestor)).await);
    let report = worker::check(world.app()).await.expect("check");
    assert_eq!((report.granted_memberships, report.live_assignments, report.faults), (0, 1, vec![]));
}

async fn f113_a_deleted_group_fails_its_grant_with_a_reason(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world
        .exec("UPDATE objects SET deleted_at = $1", args![world.app().clock.now()])
        .await;
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let detail = requests::get(world.app(), &world.admin, id).await.expect("request");
    assert_eq!(detail.item.state, RequestState::DeliveryFailed);
    assert_eq!(
        detail.grants[0].error,
        "Marketing resources is no longer in the directory. Remove it from the package."
    );
}

/// F046: without an external catalog a guest neither sees nor requests.
async fn f046_a_guest_needs_an_external_catalog(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let open = package(world.app(), "For everyone", &[world.role], None).await;
    let guest = person(world.app(), "Guest", UserKind::Guest).await;
    assert!(matches!(my_access::offer(world.app(), &guest, open).await, Err(Error::NotFound)));
    assert!(world.submit(&guest, open).await.is_err());
    world.exec("UPDATE catalogs SET external = TRUE", args![]).await;
    world.submit(&guest, open).await.expect("submitted");
}

async fn f072_a_disabled_policy_between_page_and_submit_refuses(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let offer = my_access::offer(world.app(), &world.requestor, world.package).await;
    assert!(offer.expect("offer").request.is_allowed());
    world.exec("UPDATE policies SET enabled = FALSE", args![]).await;
    let refused = world.submit(&world.requestor, world.package).await.expect_err("disabled");
    assert!(matches!(refused, Error::Refused(refusal) if refusal.rule == "requests-disabled"));
}

async fn a_user_deleted_before_delivery_is_given_nothing(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    world
        .exec(
            "UPDATE users SET deleted_at = $2 WHERE id = $1",
            args![id_of(&world.requestor), world.app().clock.now()],
        )
        .await;
    world.work().await;
    let detail = requests::get(world.app(), &world.admin, id).await.expect("request");
    assert_eq!(detail.item.state, RequestState::Canceled);
    assert_eq!(world.assignments(AssignmentFilter::All).await.len(), 0);
    world.sound().await;
}

async fn sessions_that_are_over_are_thrown_away_every_hour(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let now = world.app().clock.now();
    let insert = "INSERT INTO sessions (id, data, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)";
    let empty = || serde_json::json!({});
    world
        .exec(insert, args!["over", empty(), now - Duration::days(2), now - Duration::days(1)])
        .await;
    world.exec(insert, args!["holds", empty(), now, now + Duration::minutes(30)]).await;
    let run = async || schedules::run_due(world.app(), unknown()).await.expect("schedules");
    let left = async || {
        let mut tx = world.app().store.read().await.expect("tx");
        tx.value::<i64>("SELECT count(*) FROM sessions", args![]).await.expect("count")
    };
    assert_eq!(run().await, ScheduleName::ALL);
    assert_eq!(left().await, 1);
    world.bench.clock.advance(Duration::minutes(40));
    assert_eq!(run().await, []);
    assert_eq!(left().await, 1);
    world.bench.clock.advance(Duration::minutes(20));
    assert_eq!(run().await, ScheduleName::ALL);
    assert_eq!(left().await, 0);
}

async fn one_bad_job_does_not_hold_up_the_others(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let now = world.app().clock.now() - Duration::seconds(1);
    let mut tx = world.app().store.write().await.expect("tx");
    jobs::enqueue(
        &mut tx,
        unknown(),
        now,
        NewJob {
            kind: JobKind::Deliver,
            key: "bad".into(),
            subject: None,
            run_at: now,
        },
    );
    tx.commit().await.expect("commit");
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    assert!(world.is_member(id_of(&world.requestor)).await);
    for _ in 0..12 {
        world.bench.clock.advance(Duration::hours(1));
        world.work().await;
    }
    let report = worker::check(world.app()).await.expect("check");
    assert_eq!(report.failed_jobs, 1);
    assert!(
        matches!(report.faults.as_slice(), [fault] if fault.starts_with("job bad was given up: ")),
        "{:?}",
        report.faults
    );
    assert_eq!(worker::retry(world.app()).await.expect("retry"), 1);
    assert_eq!(worker::check(world.app()).await.expect("check").failed_jobs, 0);
}

async fn f137_f138_tabs_and_search(bench: TestApp) {
    let world = Fixture::new(bench).await;
    package(world.app(), "Other", &[], None).await;
    let names = async |tab, search: &str| {
        let offers = world.offers(&world.requestor, tab, search).await;
        offers.into_iter().map(|offer| offer.name).collect::<Vec<_>>()
    };
    assert_eq!(names(OfferTab::Available, "").await, ["Marketing Campaign", "Other"]);
    assert_eq!(names(OfferTab::Available, "camp mark").await, ["Marketing Campaign"]);
    assert_eq!(
        names(OfferTab::Available, "resour").await,
        ["Marketing Campaign"],
        "by the name of what it gives"
    );
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    assert_eq!(names(OfferTab::Available, "").await, ["Other"]);
    assert_eq!(names(OfferTab::Active, "").await, ["Marketing Campaign"]);
    world.bench.clock.advance(Duration::days(31));
    assert_eq!(names(OfferTab::Active, "").await, Vec::<String>::new());
    assert_eq!(names(OfferTab::Expired, "").await, ["Marketing Campaign"]);
    assert_eq!(names(OfferTab::Available, "").await, ["Marketing Campaign", "Other"]);
}
