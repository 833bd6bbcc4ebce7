//! At the moment of delivery, also when several come at once.

use uuid::Uuid;

use super::*;
use crate::both_databases;
use crate::domain::job::JobKind;
use crate::service::{jobs as service, queue};
use crate::store::StoreError;
use crate::store::jobs::Job;

both_databases!(
    f128_what_arose_before_delivery_is_a_visible_end_of_the_request,
    f128_of_two_that_exclude_each_other_only_one_is_delivered,
    f128_two_workers_deliver_only_one_of_two_that_exclude_each_other,
    f128_a_failed_delivery_is_not_tried_again_against_a_rule,
);

async fn f128_what_arose_before_delivery_is_a_visible_end_of_the_request(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, user) = (&world.fixture.app, &world.fixture.user);
    world.get(user, world.audit).await;
    let request = world.submit(user, world.payments).await.expect("a request");
    world.rule().await;
    world.work().await;
    // Everyone who sees the request reads that it came to nothing; only its person reads of what.
    let (state, status) = world.state(request).await;
    assert_eq!(state, RequestState::Canceled);
    assert_eq!(status, "The person has access that can't be combined with this package");
    assert_eq!(world.assignments(world.payments).await.len(), 0);
    let own = my_access::request(app, user, request).await.expect("own request").detail;
    let text = own.conflict.expect("a conflict");
    assert!(text.starts_with("You have Audit, which can't be combined with Payments."), "{text}");
    let read = crate::service::requests::get(app, &world.fixture.admin, request)
        .await
        .expect("a request");
    assert_eq!((read.conflict, read.item.status), (None, status));
    // Nothing is left of it: it can be asked for again once Audit has gone.
    world.take(world.audit).await;
    world.get(user, world.payments).await;
}

/// Two requests that were made before either package named the other.
async fn mutual(world: &World) -> [RequestId; 2] {
    let user = &world.fixture.user;
    let requests = [
        world.submit(user, world.audit).await.expect("a request"),
        world.submit(user, world.payments).await.expect("a request"),
    ];
    world.rule().await;
    world.add(world.audit, Counterpart::Package(world.payments)).await;
    requests
}

async fn outcome(world: &World, requests: [RequestId; 2]) {
    let states = [world.state(requests[0]).await.0, world.state(requests[1]).await.0];
    assert!(
        states.contains(&RequestState::Delivered) && states.contains(&RequestState::Canceled),
        "{states:?}"
    );
    let held = world.assignments(world.audit).await.len() + world.assignments(world.payments).await.len();
    assert_eq!(held, 1);
}

async fn f128_of_two_that_exclude_each_other_only_one_is_delivered(bench: TestApp) {
    let world = World::new(bench).await;
    let requests = mutual(&world).await;
    world.work().await;
    outcome(&world, requests).await;
}

fn job(request: RequestId, world: &World) -> Job {
    Job {
        id: Uuid::nil(),
        kind: JobKind::Deliver,
        key: queue::delivery_key(request),
        subject_id: Some(request.0),
        run_at: world.fixture.app.clock.now(),
        attempts: 0,
    }
}

async fn f128_two_workers_deliver_only_one_of_two_that_exclude_each_other(bench: TestApp) {
    let world = World::new(bench).await;
    let requests = mutual(&world).await;
    let app = &world.fixture.app;
    let now = app.clock.now();
    let deliver = async |request: RequestId| -> Result<(), StoreError> {
        let mut tx = app.store.write().await?;
        let left = service::run(app, &mut tx, &[job(request, &world)], now).await?;
        assert!(left.is_empty());
        tx.commit().await
    };
    let (one, two) = tokio::join!(deliver(requests[0]), deliver(requests[1]));
    one.expect("delivered or canceled");
    two.expect("delivered or canceled");
    outcome(&world, requests).await;
}

async fn f128_a_failed_delivery_is_not_tried_again_against_a_rule(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, admin, user) = (&world.fixture.app, &world.fixture.admin, &world.fixture.user);
    let gone = world.fixture.group("Cashiers", false).await;
    let package = world.fixture.package("Cash desk", &[gone.row(0)]).await;
    world.fixture.delete("objects", gone.id).await;
    let request = world.submit(user, package).await.expect("a request");
    world.work().await;
    assert_eq!(world.state(request).await.0, RequestState::DeliveryFailed);
    world.add(package, Counterpart::Package(world.audit)).await;
    world.get(user, world.audit).await;
    let sql = "UPDATE objects SET deleted_at = NULL WHERE id = $1";
    world.fixture.exec(sql, args![gone.id]).await;

    // Reprocessing the assignment is refused, and so is delivering the request once more.
    let mut tx = app.store.read().await.expect("tx");
    let sql = "SELECT id FROM assignments WHERE package_id = $1 AND state = 'delivery_failed'";
    let failed: Uuid = tx.value(sql, args![package]).await.expect("an assignment");
    drop(tx);
    let results = assignments::reprocess(app, admin, &[failed.into()]).await.expect("an answer");
    assert_eq!(results[0].refused.as_ref().expect("refused").rule, "incompatible");
    crate::service::requests::retry(app, admin, request).await.expect("tried again");
    world.work().await;
    assert_eq!(world.state(request).await.0, RequestState::Canceled);
    assert!(!world.fixture.holds(&gone, 0).await);
}
