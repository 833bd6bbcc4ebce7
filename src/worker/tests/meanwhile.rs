//! What happens at the same time or too late: changes that meet on one row, dates that pass, packages with many holders.

use std::time::Duration as Pause;

use super::*;
use crate::domain::package::PriorMembership;
use crate::domain::text::StringEnum;
use crate::service::jobs as service;
use crate::store;

both_databases!(
    f124_a_membership_given_by_hand_while_a_grant_ends_stays,
    f061_a_role_added_while_the_access_ends_is_taken_back_too,
    f061_a_role_given_again_while_it_is_taken_back_reaches_its_holder,
    f061_f062_many_holders_are_served_some_at_a_time,
    f125_what_was_held_before_is_looked_at_anew_with_each_grant,
    f127_requests_delivered_together_each_come_to_their_own_end,
    f142_a_request_for_what_one_has_is_canceled_and_access_goes_on,
    f075_a_policy_whose_date_has_come_takes_no_requests,
    f075_a_date_that_comes_before_delivery_gives_nothing,
    f137_what_one_had_is_shown_as_it_was_and_asked_for_only_if_offered,
);

/// Long enough for the other side to come to the row that it must wait for.
const MEANWHILE: Pause = Pause::from_millis(200);

async fn f124_a_membership_given_by_hand_while_a_grant_ends_stays(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
    let mut by_hand = world.app().store.write().await.expect("tx");
    memberships::add_direct(&mut by_hand, world.role, id_of(&world.requestor), world.app().clock.now())
        .await
        .expect("given by hand");
    let (app, admin) = (world.app().clone(), world.admin.clone());
    let removal = tokio::spawn(async move { assignments::remove(&app, &admin, row.id, row.version).await });
    tokio::time::sleep(MEANWHILE).await;
    by_hand.commit().await.expect("commit");
    removal.await.expect("joined").expect("removed");
    world.work().await;
    assert!(world.is_member(id_of(&world.requestor)).await);
    world.sound().await;
}

async fn f061_a_role_added_while_the_access_ends_is_taken_back_too(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let second = group(world.app(), "Second group").await;
    let place = world.add_role(second).await;
    let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
    let mut adding = world.app().store.write().await.expect("tx");
    let added = jobs::take(&mut adding, world.app().clock.now(), 1).await.expect("jobs").remove(0);
    assert_eq!(added.subject_id, Some(place.into()));
    service::run(world.app(), &mut adding, &[added], world.app().clock.now())
        .await
        .expect("given");
    let (app, admin) = (world.app().clone(), world.admin.clone());
    let ending = tokio::spawn(async move {
        assignments::remove(&app, &admin, row.id, row.version).await.expect("removed");
        worker::drain(&app).await
    });
    tokio::time::sleep(MEANWHILE).await;
    adding.commit().await.expect("commit");
    ending.await.expect("joined").expect("closed");
    world.work().await;
    let report = worker::check(world.app()).await.expect("check");
    assert_eq!((report.live_grants, report.granted_memberships, report.faults), (0, 0, vec![]));
}

async fn f061_a_role_given_again_while_it_is_taken_back_reaches_its_holder(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    world.drop_roles().await;
    let mut taking = world.app().store.write().await.expect("tx");
    let dropped = jobs::take(&mut taking, world.app().clock.now(), 1).await.expect("jobs").remove(0);
    assert_eq!(dropped.kind, JobKind::RemoveRole);
    service::run(world.app(), &mut taking, &[dropped], world.app().clock.now())
        .await
        .expect("taken back");
    let giving = async {
        world.add_role(world.role).await;
        world.work().await;
    };
    let taking = async {
        tokio::time::sleep(MEANWHILE).await;
        taking.commit().await.expect("commit");
    };
    tokio::join!(giving, taking);
    world.work().await;
    assert!(world.is_member(id_of(&world.requestor)).await, "the package gives it");
    world.sound().await;
}

async fn f061_f062_many_holders_are_served_some_at_a_time(bench: TestApp) {
    const HOLDERS: i64 = 201;
    let world = Fixture::new(bench).await;
    let everyone = package(world.app(), "For everyone", &[world.role], None).await;
    for n in 0..HOLDERS {
        let holder = person(world.app(), &format!("Holder {n}"), UserKind::Member).await;
        world.submit(&holder, everyone).await.expect("submitted");
    }
    world.work().await;
    let second = group(world.app(), "Second group").await;
    let world = Fixture {
        package: everyone,
        ..world
    };
    world.add_role(second).await;
    assert_eq!(worker::drain(world.app()).await.expect("some"), 1);
    assert_eq!(worker::drain(world.app()).await.expect("the rest"), 1);
    assert_eq!(worker::drain(world.app()).await.expect("nothing more"), 0);
    let report = worker::check(world.app()).await.expect("check");
    assert_eq!((report.live_grants, report.faults), (2 * HOLDERS, vec![]));
    world.drop_roles().await;
    world.work().await;
    let report = worker::check(world.app()).await.expect("check");
    assert_eq!((report.live_grants, report.granted_memberships), (0, 0));
    world.sound().await;
}

async fn f125_what_was_held_before_is_looked_at_anew_with_each_grant(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let prior = PriorMembership::Remove.as_str();
    world.exec("UPDATE packages SET prior_membership = $1", args![prior]).await;
    world.by_hand().await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    world.drop_roles().await;
    world.work().await;
    assert!(!world.is_member(id_of(&world.requestor)).await, "the package says so");
    world.add_role(world.role).await;
    world.work().await;
    assert!(world.is_member(id_of(&world.requestor)).await, "by the package alone");
    world.by_hand().await;
    world.bench.clock.advance(Duration::days(31));
    world.work().await;
    assert!(
        world.is_member(id_of(&world.requestor)).await,
        "given by hand after the grant, so it was not held before"
    );
    world.sound().await;
}

async fn f127_requests_delivered_together_each_come_to_their_own_end(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let (app, admin) = (world.app(), &world.admin);
    let gone = group(app, "Gone").await;
    let half = package(app, "Half of it is left", &[world.role, gone], None).await;
    let nothing = package(app, "Nothing of it is left", &[gone], None).await;
    let leaver = person(app, "Leaver", UserKind::Member).await;
    world.submit(&leaver, half).await.expect("submitted");
    world.work().await;
    let sql = "UPDATE objects SET deleted_at = $1 WHERE name = 'Gone'";
    world.exec(sql, args![app.clock.now()]).await;
    world.by_hand().await;

    let ids = [
        world.submit(&world.requestor, world.package).await.expect("submitted"),
        world.submit(&world.requestor, half).await.expect("submitted"),
        world.submit(&world.requestor, nothing).await.expect("submitted"),
        world.submit(&world.stranger, half).await.expect("submitted"),
        {
            let held = world.assignments_of(half, AssignmentFilter::Delivered).await.remove(0);
            assignments::remove(app, admin, held.id, held.version).await.expect("removal")
        },
    ];
    let sql = "UPDATE users SET deleted_at = $2 WHERE id = $1";
    world.exec(sql, args![id_of(&world.stranger), app.clock.now()]).await;
    assert_eq!(worker::drain(app).await.expect("all of them"), ids.len());

    let mut states = Vec::new();
    for id in ids {
        states.push(requests::get(app, admin, id).await.expect("request").item.state);
    }
    use RequestState::*;
    assert_eq!(states, [Delivered, PartiallyDelivered, DeliveryFailed, Canceled, Delivered]);
    assert!(!world.is_member(id_of(&leaver)).await);
    let report = worker::check(app).await.expect("check");
    assert_eq!((report.live_grants, report.granted_memberships, report.faults), (2, 1, vec![]));
    world.bench.clock.advance(Duration::days(31));
    world.work().await;
    assert!(world.is_member(id_of(&world.requestor)).await, "given by hand before both");
}

async fn f142_a_request_for_what_one_has_is_canceled_and_access_goes_on(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let app = world.app();
    let first = world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let had = world.assignments(AssignmentFilter::All).await;
    // As if its Submit had looked for assignments just before the first was delivered, and for open requests just after.
    world.bench.clock.advance(Duration::days(1));
    let now = app.clock.now();
    let mut tx = app.store.write().await.expect("tx");
    let second = store::requests::Request {
        id: app.ids.id(now).into(),
        state: RequestState::Submitted,
        assignment_id: None,
        submitted_at: now,
        completed_at: None,
        ..store::requests::find(&mut tx, first).await.expect("read").expect("the first")
    };
    store::requests::insert(&mut tx, &second).await.expect("the second");
    let job = NewJob {
        kind: JobKind::Deliver,
        key: format!("deliver:{}", second.id),
        subject: Some(second.id.into()),
        run_at: now,
    };
    jobs::enqueue(&mut tx, app.ids.id(now), now, job);
    tx.commit().await.expect("commit");
    let beside = world
        .submit(&world.requestor, package(app, "WithColumn", &[world.role], None).await)
        .await;
    world.work().await;

    let told = requests::get(app, &world.admin, second.id).await.expect("request");
    assert_eq!(told.item.state, RequestState::Canceled);
    assert_eq!(told.events.last().expect("an event").detail, "The person has this package already");
    assert_eq!(world.assignments(AssignmentFilter::All).await, had, "neither ended nor begun anew");
    let beside = requests::get(app, &world.admin, beside.expect("submitted")).await.expect("request");
    assert_eq!(beside.item.state, RequestState::Delivered);
    assert!(world.is_member(id_of(&world.requestor)).await);
    world.sound().await;
}

async fn f075_a_policy_whose_date_has_come_takes_no_requests(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let listed = async || world.offers(&world.requestor, OfferTab::Available, "").await.len();
    let date = world.app().clock.now() + Duration::hours(1);
    world.ends_on(date).await;
    assert_eq!(listed().await, 1);
    world.bench.clock.advance(Duration::hours(1));
    assert_eq!(listed().await, 0);
    let refused = world.submit(&world.requestor, world.package).await.expect_err("over");
    assert!(matches!(refused, Error::Refused(refusal) if refusal.rule == "policy-over"));
    let offer = my_access::offer(world.app(), &world.requestor, world.package)
        .await
        .expect("by link");
    assert_eq!(offer.request.refusal().expect("refused").rule, "policy-over");
}

async fn f075_a_date_that_comes_before_delivery_gives_nothing(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let prior = PriorMembership::Remove.as_str();
    world.exec("UPDATE packages SET prior_membership = $1", args![prior]).await;
    world.by_hand().await;
    world.ends_on(world.app().clock.now() + Duration::hours(1)).await;
    let id = world.submit(&world.requestor, world.package).await.expect("submitted in time");
    world.bench.clock.advance(Duration::hours(1));
    world.work().await;
    let detail = requests::get(world.app(), &world.admin, id).await.expect("request");
    assert_eq!(detail.item.state, RequestState::Canceled);
    let last = detail.events.last().expect("events");
    assert_eq!(last.detail, "The date on which access ends came before delivery");
    assert_eq!(world.assignments(AssignmentFilter::All).await.len(), 0);
    assert!(
        world.is_member(id_of(&world.requestor)).await,
        "what was held by hand is left alone"
    );
    world.sound().await;
}

async fn f137_what_one_had_is_shown_as_it_was_and_asked_for_only_if_offered(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let expired = async || world.offers(&world.requestor, OfferTab::Expired, "").await.remove(0);
    let names = |offer: OfferItem| offer.resources.into_iter().map(|given| given.name).collect::<Vec<_>>();
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    world.bench.clock.advance(Duration::days(31));
    world.work().await;
    let second = group(world.app(), "Secret plans").await;
    world.add_role(second).await;
    world.work().await;
    assert!(expired().await.request.is_allowed(), "the policy still names them");
    assert_eq!(names(expired().await), ["Marketing resources"]);
    world.exec("DELETE FROM policy_subjects", args![]).await;
    assert_eq!(expired().await.request.refusal().expect("refused").rule, "package-gone");
    let by_link = my_access::offer(world.app(), &world.requestor, world.package)
        .await
        .expect("had it");
    assert!(!by_link.request.is_allowed() && by_link.lasts.is_none());
    assert_eq!(names(by_link), ["Marketing resources"]);
    let refused = my_access::offer(world.app(), &world.stranger, world.package).await;
    assert!(matches!(refused, Err(Error::NotFound)));
}

impl Fixture {
    /// The package gives a role more, as an administrator's page adds it.
    pub(super) async fn add_role(&self, role: RoleId) -> PackageRoleId {
        let (place, now) = (PackageRoleId(unknown()), self.app().clock.now());
        let mut tx = self.app().store.write().await.expect("tx");
        tx.exec(
            "INSERT INTO package_roles (id, package_id, role_id, added_at) VALUES ($1, $2, $3, $4)",
            args![place, self.package, role, now],
        )
        .await
        .expect("a place");
        self.enqueue(&mut tx, JobKind::AddRole, place.into());
        tx.commit().await.expect("commit");
        place
    }

    /// The package gives nothing any more.
    pub(super) async fn drop_roles(&self) {
        let mut tx = self.app().store.write().await.expect("tx");
        tx.exec("DELETE FROM package_roles WHERE package_id = $1", args![self.package])
            .await
            .expect("dropped");
        self.enqueue(&mut tx, JobKind::RemoveRole, self.package.into());
        tx.commit().await.expect("commit");
    }

    pub(super) fn enqueue(&self, tx: &mut crate::store::Tx, kind: JobKind, subject: uuid::Uuid) {
        let now = self.app().clock.now() - Duration::seconds(1);
        let key = format!("{}:{}", kind.as_str(), unknown());
        let subject = Some(subject);
        let job = NewJob {
            kind,
            key,
            subject,
            run_at: now,
        };
        jobs::enqueue(tx, unknown(), now, job);
    }

    async fn by_hand(&self) {
        let mut tx = self.app().store.write().await.expect("tx");
        let (role, user, now) = (self.role, id_of(&self.requestor), self.app().clock.now());
        assert!(memberships::add_direct(&mut tx, role, user, now).await.expect("by hand"));
        tx.commit().await.expect("commit");
    }

    async fn ends_on(&self, date: chrono::DateTime<chrono::Utc>) {
        let (kind, value) = crate::domain::expiration::Expiration::OnDate(date).to_stored();
        let sql = "UPDATE policies SET expiration = $1, expiration_value = $2";
        self.exec(sql, args![kind.as_str(), value]).await;
    }
}
