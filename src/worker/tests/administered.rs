//! What administrators do by hand: cancel, remove several, try again, give anew.

use super::*;
use crate::domain::access::{HeldRole, Role};
use crate::domain::assignment::Removal;
use crate::domain::bulk::ItemResult;
use crate::domain::notification::NotificationKind;

both_databases!(
    f111_a_request_that_is_not_delivered_is_canceled,
    f111_a_failed_delivery_is_canceled_and_leaves_nothing,
    f112_several_failed_requests_are_tried_again,
    f113_a_failed_role_is_told_with_its_reason,
    f122_what_was_taken_away_by_hand_is_given_anew,
    f122_f112_what_failed_is_given_anew,
    f123_several_are_removed_at_once,
    f038_the_person_is_told_or_not,
    f038_an_extension_that_waits_does_not_stop_a_removal,
    f037_an_assignment_tells_what_it_gives_and_what_made_it,
    f110_f120_lists_are_filtered_by_policy_and_kind,
);

impl Fixture {
    /// How many people were told this.
    async fn told(&self, kind: NotificationKind) -> i64 {
        let mut tx = self.app().store.read().await.expect("tx");
        let sql = "SELECT count(*) FROM notifications WHERE kind = $1";
        tx.value(sql, args![kind.as_str()]).await.expect("a count")
    }

    async fn state_of(&self, id: RequestId) -> RequestState {
        requests::get(self.app(), &self.admin, id).await.expect("a request").item.state
    }

    /// Takes a group out of the directory, or puts it back.
    async fn delete_group(&self, name: &'static str, gone: bool) {
        let at = gone.then(|| self.app().clock.now());
        self.exec("UPDATE objects SET deleted_at = $1 WHERE name = $2", args![at, name])
            .await;
    }
}

fn rules<I>(results: &[ItemResult<I>]) -> Vec<Option<&str>> {
    results
        .iter()
        .map(|result| result.refused.as_ref().map(|refusal| refusal.rule.as_str()))
        .collect()
}

fn refused<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(other) => panic!("expected a refusal, got {other}"),
        Ok(_) => panic!("expected a refusal"),
    }
}

async fn f111_a_request_that_is_not_delivered_is_canceled(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let (app, person) = (world.app(), id_of(&world.requestor));
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    assert!(requests::get(app, &world.admin, id).await.expect("a request").cancel.is_allowed());
    assert_eq!(refused(requests::cancel(app, &world.requestor, id).await), "needs-role");
    requests::cancel(app, &world.admin, id).await.expect("canceled");
    world.work().await;
    let detail = requests::get(app, &world.admin, id).await.expect("a request");
    assert_eq!(
        (detail.item.state, detail.item.status.as_str()),
        (RequestState::Canceled, "Canceled by Admin1")
    );
    assert!(!world.is_member(person).await && world.assignments(AssignmentFilter::All).await.is_empty());
    assert_eq!(world.told(NotificationKind::RequestCanceled).await, 1);
    assert_eq!(refused(requests::cancel(app, &world.admin, id).await), "already-over");
    let titles: Vec<_> = detail.events.into_iter().map(|event| event.title).collect();
    assert_eq!(titles.last().map(String::as_str), Some("Canceled"));

    // What is delivered is removed, not canceled; and the button says so.
    world.bench.clock.advance(Duration::seconds(1));
    let id = world.submit(&world.requestor, world.package).await.expect("submitted again");
    world.work().await;
    let detail = requests::get(app, &world.admin, id).await.expect("a request");
    assert_eq!(detail.cancel.refusal().map(|refusal| refusal.rule.as_str()), Some("delivered"));
    assert_eq!(refused(requests::cancel(app, &world.admin, id).await), "delivered");
    assert!(world.is_member(person).await);
    world.sound().await;
}

async fn f111_a_failed_delivery_is_canceled_and_leaves_nothing(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.delete_group("Marketing resources", true).await;
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    assert_eq!(world.state_of(id).await, RequestState::DeliveryFailed);
    requests::cancel(world.app(), &world.admin, id).await.expect("canceled");
    assert_eq!(world.state_of(id).await, RequestState::Canceled);
    let states: Vec<_> = world.assignments(AssignmentFilter::All).await.iter().map(|row| row.state).collect();
    assert_eq!(states, [AssignmentState::Expired]);
    assert!(requests::retry(world.app(), &world.admin, id).await.is_err(), "it is over");
    world.delete_group("Marketing resources", false).await;
    world.work().await;
    assert!(!world.is_member(id_of(&world.requestor)).await);
    world.sound().await;
}

async fn f112_several_failed_requests_are_tried_again(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let other = package(world.app(), "Other", &[world.role], None).await;
    world.delete_group("Marketing resources", true).await;
    let failed = [
        world.submit(&world.requestor, other).await.expect("submitted"),
        world.submit(&world.stranger, other).await.expect("submitted"),
    ];
    world.work().await;
    world.delete_group("Marketing resources", false).await;
    let again = requests::retry_all(world.app(), &world.admin, &failed).await.expect("tried again");
    assert_eq!(rules(&again), [None, None]);
    world.work().await;
    for id in failed {
        assert_eq!(world.state_of(id).await, RequestState::Delivered);
    }
    let again = requests::retry_all(world.app(), &world.admin, &failed).await.expect("told");
    assert_eq!(rules(&again), [Some("nothing-failed"), Some("nothing-failed")]);
    assert!(matches!(
        requests::retry_all(world.app(), &world.admin, &[]).await,
        Err(Error::Invalid(_))
    ));
    world.sound().await;
}

async fn f113_a_failed_role_is_told_with_its_reason(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let second = group(world.app(), "Second group").await;
    let both = package(world.app(), "Both", &[world.role, second], None).await;
    world.delete_group("Second group", true).await;
    let id = world.submit(&world.requestor, both).await.expect("submitted");
    world.work().await;
    let detail = requests::get(world.app(), &world.admin, id).await.expect("a request");
    assert_eq!(detail.item.state, RequestState::PartiallyDelivered);
    let errors: Vec<_> = detail
        .grants
        .iter()
        .map(|grant| (grant.object.as_str(), grant.error.as_str()))
        .collect();
    assert_eq!(
        errors,
        [
            ("Marketing resources", ""),
            (
                "Second group",
                "Second group is no longer in the directory. Remove it from the package."
            )
        ]
    );
    let query = RequestQuery {
        kind: None,
        policy: None,
        package: both,
        filter: RequestFilter::Failed,
        search: String::new(),
        page: PageQuery::default(),
    };
    let failed = requests::list(world.app(), &world.admin, &query).await.expect("requests").items;
    assert_eq!(
        failed.iter().map(|item| (item.id, item.retry.is_allowed())).collect::<Vec<_>>(),
        [(id, true)]
    );
}

async fn f122_what_was_taken_away_by_hand_is_given_anew(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let person = id_of(&world.requestor);
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    world.exec("DELETE FROM memberships WHERE user_id = $1", args![person]).await;
    assert!(!world.is_member(person).await);
    let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
    assert!(row.reprocess.is_allowed());
    assert_eq!(
        refused(assignments::reprocess(world.app(), &world.requestor, &[row.id]).await),
        "needs-role"
    );
    let given = assignments::reprocess(world.app(), &world.admin, &[row.id])
        .await
        .expect("given anew");
    assert_eq!(rules(&given), [None]);
    assert!(world.is_member(person).await);
    world.sound().await;

    // What is over is not given anew.
    assignments::remove(world.app(), &world.admin, row.id, row.version)
        .await
        .expect("removed");
    world.work().await;
    let given = assignments::reprocess(world.app(), &world.admin, &[row.id]).await.expect("told");
    assert_eq!(rules(&given), [Some("already-over")]);
    assert!(!world.is_member(person).await);
    world.sound().await;
}

async fn f122_f112_what_failed_is_given_anew(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let second = group(world.app(), "Second group").await;
    let both = package(world.app(), "Both", &[world.role, second], None).await;
    world.delete_group("Second group", true).await;
    let id = world.submit(&world.requestor, both).await.expect("submitted");
    world.work().await;
    assert_eq!(world.state_of(id).await, RequestState::PartiallyDelivered);
    world.delete_group("Second group", false).await;
    let row = world.assignments_of(both, AssignmentFilter::Failed).await.remove(0);
    assignments::reprocess(world.app(), &world.admin, &[row.id])
        .await
        .expect("given anew");
    assert_eq!(world.state_of(id).await, RequestState::Delivered);
    let row = world.assignments_of(both, AssignmentFilter::Delivered).await.remove(0);
    assert_eq!(row.state, AssignmentState::Delivered);
    world.sound().await;
}

async fn f123_several_are_removed_at_once(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let other = package(world.app(), "Other", &[world.role], None).await;
    world.submit(&world.requestor, other).await.expect("submitted");
    world.submit(&world.stranger, other).await.expect("submitted");
    world.work().await;
    let rows = world.assignments_of(other, AssignmentFilter::Delivered).await;
    let all: Vec<Removal> = rows
        .iter()
        .map(|row| Removal {
            id: row.id,
            version: row.version,
        })
        .collect();
    let stale = [Removal { version: 999, ..all[0] }, all[1]];
    world.bench.clock.advance(Duration::seconds(1));
    let mut refusals: Vec<_> = Vec::new();
    for items in [&stale[..], &all[..]] {
        let results = assignments::remove_all(world.app(), &world.admin, items, true)
            .await
            .expect("removed");
        refusals.push(rules(&results).into_iter().flatten().map(str::to_owned).collect::<Vec<_>>());
    }
    assert_eq!(
        refusals,
        [["changed"], ["already-over"]],
        "one was changed, then the other was over"
    );
    assert!(!world.is_member(id_of(&world.requestor)).await && !world.is_member(id_of(&world.stranger)).await);
    world.work().await;
    assert_eq!(world.assignments_of(other, AssignmentFilter::Expired).await.len(), 2);
    assert_eq!(world.told(NotificationKind::AccessEnded).await, 2);
    world.sound().await;
}

async fn f038_the_person_is_told_or_not(bench: TestApp) {
    let world = Fixture::new(bench).await;
    for (told, count) in [(false, 0), (true, 1)] {
        world.submit(&world.requestor, world.package).await.expect("submitted");
        world.work().await;
        let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
        let item = Removal {
            id: row.id,
            version: row.version,
        };
        world.bench.clock.advance(Duration::seconds(1));
        assignments::remove_all(world.app(), &world.admin, &[item], told)
            .await
            .expect("removed");
        world.work().await;
        assert_eq!(world.told(NotificationKind::AccessEnded).await, count);
    }
    world.sound().await;
}

async fn f038_an_extension_that_waits_does_not_stop_a_removal(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
    let (id, now) = (world.app().ids.id(world.app().clock.now()), world.app().clock.now());
    world
        .exec(
            "INSERT INTO requests (id, package_id, policy_id, policy_version_id, target_id, requestor_id, kind, state, status, justification,
                answers, expiration, assignment_id, submitted_at, version)
             SELECT $1, a.package_id, a.policy_id, a.policy_version_id, a.target_id, a.target_id, 'user_extend', 'pending_approval', '', '', $2,
                'never', a.id, $3, 1 FROM assignments a WHERE a.id = $4",
            args![id, serde_json::json!([]), now, row.id],
        )
        .await;
    world.bench.clock.advance(Duration::seconds(1));
    assignments::remove(world.app(), &world.admin, row.id, row.version)
        .await
        .expect("removed");
    world.work().await;
    assert_eq!(world.state_of(id.into()).await, RequestState::Canceled);
    assert!(!world.is_member(id_of(&world.requestor)).await);
    world.sound().await;
}

async fn f037_an_assignment_tells_what_it_gives_and_what_made_it(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let row = world.assignments(AssignmentFilter::Delivered).await.remove(0);
    world.bench.clock.advance(Duration::seconds(1));
    let removal = assignments::remove(world.app(), &world.admin, row.id, row.version)
        .await
        .expect("removed");
    world.work().await;
    let detail = assignments::get(world.app(), &world.admin, row.id).await.expect("an assignment");
    assert_eq!((detail.policy_version, detail.policy_changed), (1, false));
    assert_eq!(detail.item.end_reason, Some(EndReason::Removed));
    let grants: Vec<_> = detail
        .grants
        .iter()
        .map(|grant| (grant.object.as_str(), grant.role.as_str()))
        .collect();
    assert_eq!(grants, [("Marketing resources", "Member")]);
    assert_eq!(detail.requests.iter().map(|request| request.id).collect::<Vec<_>>(), [id, removal]);
    // A reader of the catalog sees no assignment (F177).
    let mut reader = world.stranger.clone();
    let mut tx = world.app().store.read().await.expect("tx");
    let sql = "SELECT catalog_id FROM packages WHERE id = $1";
    let catalog: uuid::Uuid = tx.value(sql, args![world.package]).await.expect("a catalog");
    drop(tx);
    reader.roles.push(HeldRole {
        role: Role::CatalogReader,
        catalog: Some(catalog.into()),
    });
    assert_eq!(refused(assignments::get(world.app(), &reader, row.id).await), "needs-role");
}

async fn f110_f120_lists_are_filtered_by_policy_and_kind(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    let row = world.assignments(AssignmentFilter::All).await.remove(0);
    let counted = async |kind, policy| {
        let query = RequestQuery {
            package: world.package,
            filter: RequestFilter::All,
            kind,
            policy,
            search: String::new(),
            page: PageQuery::default(),
        };
        requests::list(world.app(), &world.admin, &query)
            .await
            .expect("requests")
            .items
            .len()
    };
    assert_eq!(counted(Some(RequestKind::UserAdd), Some(row.policy.id)).await, 1);
    assert_eq!(counted(Some(RequestKind::AdminRemove), None).await, 0);
    assert_eq!(counted(None, Some(unknown().into())).await, 0);
    let query = AssignmentQuery {
        package: world.package,
        filter: AssignmentFilter::All,
        policy: Some(unknown().into()),
        search: String::new(),
        page: PageQuery::default(),
    };
    let found = assignments::list(world.app(), &world.admin, &query)
        .await
        .expect("assignments")
        .items;
    assert_eq!(found, []);
}
