//! What goes wrong and must harm nobody else: jobs that fail, panic or hang, people who are deleted or blocked, clocks that go back, roles
//! that fail later, rushes of work.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use uuid::Uuid;

use super::*;
use crate::domain::job::ATTEMPTS_MAX;
use crate::domain::request::RequestDetail;
use crate::domain::user::AccountState;
use crate::service::{jobs as service, users};
use crate::store::jobs::Job;
use crate::store::{StoreError, Tx};
use crate::worker::run::Runner;

both_databases!(
    f043_a_deleted_person_s_requests_come_to_nothing_and_stay_so,
    a_blocked_person_s_delivery_waits_and_says_so,
    f112_a_delivery_that_was_given_up_fails_visibly_and_is_tried_again,
    f112_a_partial_delivery_is_completed,
    a_job_that_panics_harms_itself_alone,
    a_job_that_hangs_harms_itself_alone,
    f126_an_end_that_wakes_early_is_carried_out_when_it_comes,
    f113_a_role_that_fails_later_is_seen_and_a_failed_delivery_is_none,
    f062_a_role_taken_from_a_package_shows_in_the_history,
    deliveries_come_before_other_work,
    a_batch_gives_a_bounded_number_of_roles,
    a_removal_that_waits_is_no_fault_and_an_end_given_up_is_one,
);

impl Fixture {
    async fn detail(&self, id: RequestId) -> RequestDetail {
        requests::get(self.app(), &self.admin, id).await.expect("a request")
    }

    async fn titles(&self, id: RequestId) -> Vec<String> {
        self.detail(id).await.events.into_iter().map(|event| event.title).collect()
    }

    /// Work with this runner until nothing is due any more.
    async fn work_with(&self, runner: &dyn Runner) {
        while !worker::batch(self.app(), runner).await.expect("the queue").is_empty() {}
    }
}

/// A4.
async fn f043_a_deleted_person_s_requests_come_to_nothing_and_stay_so(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let (app, admin, person) = (world.app(), &world.admin, id_of(&world.requestor));
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    users::delete(app, admin, person, 1).await.expect("deleted");
    let detail = world.detail(id).await;
    assert_eq!(
        (detail.item.state, detail.item.status.as_str(), detail.item.target_state),
        (
            RequestState::Canceled,
            "The user was deleted before delivery",
            AccountState::Deleted
        )
    );
    assert_eq!(world.titles(id).await.last().map(String::as_str), Some("Canceled"));
    users::restore(app, admin, person, 2).await.expect("restored");
    world.work().await;
    assert_eq!(world.detail(id).await.item.state, RequestState::Canceled);
    assert!(!world.is_member(person).await);
    world.sound().await;
}

/// A5.
async fn a_blocked_person_s_delivery_waits_and_says_so(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let (app, admin, person) = (world.app(), &world.admin, id_of(&world.requestor));
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    users::set_enabled(app, admin, person, 1, false).await.expect("blocked");
    world.work().await;
    let detail = world.detail(id).await;
    assert_eq!(
        (detail.item.state, detail.item.target_state),
        (RequestState::Submitted, AccountState::Blocked)
    );
    assert!(detail.item.status.contains("waits"), "{}", detail.item.status);
    assert!(!world.is_member(person).await);
    world.sound().await;
    users::set_enabled(app, admin, person, 2, true).await.expect("unblocked");
    world.work().await;
    let detail = world.detail(id).await;
    assert_eq!((detail.item.state, detail.item.status.as_str()), (RequestState::Delivered, ""));
    assert!(world.is_member(person).await);
    assert_eq!(
        world.titles(id).await,
        ["Submitted", "Approved", "Waiting", "Resumed", "Delivering", "Delivered"]
    );
    users::set_enabled(app, admin, person, 3, false).await.expect("blocked again");
    let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
    assert_eq!(row.target_state, AccountState::Blocked);
    world.sound().await;
}

/// How a job goes wrong.
#[derive(Clone, Copy, PartialEq)]
enum How {
    Fails,
    Panics,
    Hangs,
}

/// The engine, but for one job.
struct Faulty {
    bad: Uuid,
    how: How,
    hangs: Arc<Notify>,
}

impl Faulty {
    fn new(bad: RequestId, how: How) -> Self {
        let hangs = Arc::new(Notify::new());
        Self { bad: bad.0, how, hangs }
    }

    fn is_among(&self, jobs: &[Job]) -> bool {
        jobs.iter().any(|job| job.subject_id == Some(self.bad))
    }
}

#[async_trait]
impl Runner for Faulty {
    async fn run(&self, app: &App, tx: &mut Tx, jobs: &[Job], now: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
        if self.is_among(jobs) {
            match self.how {
                How::Fails => return Err(StoreError::Inconsistent("a secret of the store".into())),
                How::Panics => panic!("on purpose"),
                How::Hangs => {
                    self.hangs.notify_one();
                    std::future::pending::<()>().await;
                }
            }
        }
        service::run(app, tx, jobs, now).await
    }

    async fn time_is_up(&self, jobs: &[Job]) {
        if self.how == How::Hangs && self.is_among(jobs) {
            self.hangs.notified().await;
        } else {
            std::future::pending::<()>().await;
        }
    }
}

/// B2.
async fn f112_a_delivery_that_was_given_up_fails_visibly_and_is_tried_again(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let (app, person) = (world.app(), id_of(&world.requestor));
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    let refused = requests::retry(app, &world.admin, id).await.expect_err("nothing failed yet");
    assert!(matches!(refused, Error::Refused(refusal) if refusal.rule == "nothing-failed"));
    let faulty = Faulty::new(id, How::Fails);
    for _ in 0..ATTEMPTS_MAX {
        world.work_with(&faulty).await;
        world.bench.clock.advance(Duration::hours(1));
    }
    let detail = world.detail(id).await;
    assert_eq!(detail.item.state, RequestState::DeliveryFailed);
    assert!(detail.item.retry.is_allowed());
    assert_eq!(
        detail.item.status,
        "Delivery failed 10 times. What is stored about it does not fit together."
    );
    assert_eq!(world.titles(id).await, ["Submitted", "Approved", "Delivery failed"]);
    let own = my_access::request(app, &world.requestor, id).await.expect("own request").detail;
    assert!(own.events.iter().all(|event| !event.detail.contains("secret")));
    let offer = world.offers(&world.requestor, OfferTab::Available, "").await.remove(0);
    assert!(
        offer.request.is_allowed() && offer.open_request.is_none(),
        "it can be asked for again"
    );

    let refused = requests::retry(app, &world.requestor, id).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    requests::retry(app, &world.admin, id).await.expect("tried again");
    world.work().await;
    assert_eq!(world.detail(id).await.item.state, RequestState::Delivered);
    assert_eq!(
        world.titles(id).await,
        ["Submitted", "Approved", "Delivery failed", "Tried again", "Delivering", "Delivered"]
    );
    assert!(world.is_member(person).await);
    world.sound().await;
}

async fn f112_a_partial_delivery_is_completed(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let second = group(world.app(), "Second group").await;
    let both = package(world.app(), "Both", &[world.role, second], None).await;
    let gone = "UPDATE objects SET deleted_at = $1 WHERE name = 'Second group'";
    world.exec(gone, args![world.app().clock.now()]).await;
    let id = world.submit(&world.requestor, both).await.expect("submitted");
    world.work().await;
    assert_eq!(world.detail(id).await.item.state, RequestState::PartiallyDelivered);
    let back = "UPDATE objects SET deleted_at = NULL WHERE name = 'Second group'";
    world.exec(back, args![]).await;
    requests::retry(world.app(), &world.admin, id).await.expect("tried again");
    world.work().await;
    assert_eq!(world.detail(id).await.item.state, RequestState::Delivered);
    let rows = world.assignments_of(both, AssignmentFilter::All).await;
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [AssignmentState::Delivered]);
    world.sound().await;
}

/// B3: another's job in the same batch is done, and the bad one is written down as failed.
async fn harms_itself_alone(bench: TestApp, how: How, said: &str) {
    let world = Fixture::new(bench).await;
    let everyone = package(world.app(), "For everyone", &[world.role], None).await;
    let bad = world.submit(&world.requestor, world.package).await.expect("submitted");
    let good = world.submit(&world.stranger, everyone).await.expect("submitted");
    let faulty = Faulty::new(bad, how);
    assert_eq!(worker::batch(world.app(), &faulty).await.expect("the queue").len(), 2);
    assert_eq!(world.detail(good).await.item.state, RequestState::Delivered);
    assert_eq!(world.detail(bad).await.item.state, RequestState::Submitted);
    let mut tx = world.app().store.read().await.expect("tx");
    let (attempts, error): (i64, String) = tx
        .one("SELECT attempts, last_error FROM jobs WHERE kind = 'deliver'", args![])
        .await
        .expect("the job");
    drop(tx);
    assert_eq!((attempts, error.as_str()), (1, said));
    world.bench.clock.advance(Duration::hours(1));
    world.work().await;
    assert_eq!(world.detail(bad).await.item.state, RequestState::Delivered);
    world.sound().await;
}

async fn a_job_that_panics_harms_itself_alone(bench: TestApp) {
    harms_itself_alone(bench, How::Panics, "panicked: on purpose").await;
}

async fn a_job_that_hangs_harms_itself_alone(bench: TestApp) {
    harms_itself_alone(bench, How::Hangs, "took too long").await;
}

/// B12.
async fn f126_an_end_that_wakes_early_is_carried_out_when_it_comes(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    // As if the clock had been set back since the job fell due.
    let now = world.app().clock.now();
    world.exec("UPDATE jobs SET run_at = $1 WHERE kind = 'end'", args![now]).await;
    world.work().await;
    assert_eq!(world.assignments(AssignmentFilter::Delivered).await.len(), 1);
    world.sound().await;
    world.bench.clock.advance(Duration::days(30));
    world.work().await;
    let row = world.assignments(AssignmentFilter::Expired).await.remove(0);
    assert_eq!(row.end_reason, Some(EndReason::Expired));
    assert_eq!(world.titles(row.request).await.last().map(String::as_str), Some("Delivered"));
    world.sound().await;
}

/// C14.
async fn f113_a_role_that_fails_later_is_seen_and_a_failed_delivery_is_none(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let first = world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let second = group(world.app(), "Second group").await;
    let gone = "UPDATE objects SET deleted_at = $1 WHERE name = $2";
    let now = world.app().clock.now();
    world.exec(gone, args![now, "Second group"]).await;
    world.add_role(second).await;
    world.work().await;
    let failed = world.assignments(AssignmentFilter::Failed).await;
    assert_eq!(
        failed.iter().map(|row| row.state).collect::<Vec<_>>(),
        [AssignmentState::PartiallyDelivered]
    );
    world.exec("DELETE FROM package_roles WHERE role_id = $1", args![second]).await;
    let mut tx = world.app().store.write().await.expect("tx");
    world.enqueue(&mut tx, JobKind::RemoveRole, world.package.into());
    tx.commit().await.expect("commit");
    world.work().await;
    assert_eq!(world.assignments(AssignmentFilter::Delivered).await.len(), 1);
    assert_eq!(world.detail(first).await.item.state, RequestState::Delivered);
    world.sound().await;

    // Nothing of the other package can be given: the person does not have it, and asks again.
    let other = package(world.app(), "Other", &[second], None).await;
    let failed = world.submit(&world.requestor, other).await.expect("submitted");
    world.work().await;
    assert_eq!(world.detail(failed).await.item.state, RequestState::DeliveryFailed);
    let listed = async |tab| {
        let offers = world.offers(&world.requestor, tab, "").await;
        offers.iter().any(|offer| offer.id == other)
    };
    assert_eq!((listed(OfferTab::Available).await, listed(OfferTab::Active).await), (true, false));
    let back = "UPDATE objects SET deleted_at = NULL WHERE name = 'Second group'";
    world.exec(back, args![]).await;
    world.bench.clock.advance(Duration::seconds(1));
    let again = world.submit(&world.requestor, other).await.expect("asked again");
    world.work().await;
    assert_eq!(world.detail(again).await.item.state, RequestState::Delivered);
    let rows = world.assignments_of(other, AssignmentFilter::All).await;
    let told: Vec<_> = rows.iter().map(|row| (row.state, row.end_reason)).collect();
    assert_eq!(
        told,
        [
            (AssignmentState::Delivered, None),
            (AssignmentState::Expired, Some(EndReason::Superseded))
        ]
    );
    assert_eq!((listed(OfferTab::Available).await, listed(OfferTab::Active).await), (false, true));
    world.sound().await;
}

/// C15.
async fn f062_a_role_taken_from_a_package_shows_in_the_history(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    world.drop_roles().await;
    world.work().await;
    let last = world.detail(id).await.events.pop().expect("events");
    assert_eq!(
        (last.title.as_str(), last.detail.as_str()),
        ("Role removed", "Marketing resources: Member removed")
    );
    world.sound().await;
}

/// C16: more other work than a batch holds was there first.
async fn deliveries_come_before_other_work(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let mut tx = world.app().store.write().await.expect("tx");
    for _ in 0..100 {
        world.enqueue(&mut tx, JobKind::RemoveRole, world.package.into());
    }
    tx.commit().await.expect("commit");
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    worker::drain(world.app()).await.expect("one batch");
    assert_eq!(world.detail(id).await.item.state, RequestState::Delivered);
    world.work().await;
    world.sound().await;
}

/// C16: forty roles for each of thirty people are more than one batch.
async fn a_batch_gives_a_bounded_number_of_roles(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let mut roles = Vec::new();
    for n in 0..40 {
        roles.push(group(world.app(), &format!("Group {n}")).await);
    }
    let large = package(world.app(), "Large", &roles, None).await;
    for n in 0..30 {
        let holder = person(world.app(), &format!("Holder {n}"), UserKind::Member).await;
        world.submit(&holder, large).await.expect("submitted");
    }
    let live = async || worker::check(world.app()).await.expect("check").live_grants;
    assert_eq!(worker::drain(world.app()).await.expect("what fits"), 25);
    assert_eq!(live().await, 1_000);
    assert_eq!(worker::drain(world.app()).await.expect("the rest"), 5);
    assert_eq!(live().await, 1_200);
    world.sound().await;
    world.bench.clock.advance(Duration::days(30));
    assert_eq!(worker::drain(world.app()).await.expect("what fits"), 25);
    assert_eq!(live().await, 200);
    world.work().await;
    assert_eq!(live().await, 0);
    world.sound().await;
}

/// C13.
async fn a_removal_that_waits_is_no_fault_and_an_end_given_up_is_one(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
    let second = package(world.app(), "Second", &[world.role], None).await;
    world.submit(&world.stranger, second).await.expect("submitted");
    world.work().await;
    let given_up = "UPDATE jobs SET failed_at = $1 WHERE kind = 'end' AND subject_id <> $2";
    world.exec(given_up, args![world.app().clock.now(), row.id]).await;
    world
        .exec("DELETE FROM jobs WHERE kind = 'end' AND subject_id = $1", args![row.id])
        .await;
    world.bench.clock.advance(Duration::seconds(1));
    assignments::remove(world.app(), &world.admin, row.id, row.version)
        .await
        .expect("removal");
    let faults = worker::check(world.app()).await.expect("check").faults;
    assert_eq!(
        faults.first().map(String::as_str),
        Some("1 assignments whose end no job will carry out")
    );
    assert!(faults.len() == 2 && faults[1].ends_with("was given up: "), "{faults:?}");
}

/// C13: each statement goes through one table and finds the rest by an index, or by one that SQLite makes for it.
#[tokio::test]
async fn the_check_never_goes_through_one_table_for_each_row_of_another() {
    let bench = TestApp::sqlite().await;
    let mut tx = bench.app.store.read().await.expect("tx");
    for fault in &worker::check::FAULTS {
        let explain: &'static str = format!("EXPLAIN QUERY PLAN {}", fault.sql).leak();
        let given = if fault.sql.contains("$1") {
            args![bench.app.clock.now()]
        } else {
            args![]
        };
        let steps: Vec<(i64, i64, i64, String)> = tx.all(explain, given).await.expect("a plan");
        for (at, (_, parent, _, step)) in steps.iter().enumerate() {
            let outer = steps[..at]
                .iter()
                .any(|(_, other, _, before)| other == parent && (before.starts_with("SCAN") || before.starts_with("SEARCH")));
            let repeated = steps.iter().any(|(id, _, _, step)| id == parent && step.contains("CORRELATED"));
            assert!(!step.starts_with("SCAN") || !(outer || repeated), "{}: {steps:#?}", fault.sql);
        }
    }
}
