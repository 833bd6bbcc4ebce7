//! What administrators see of a decision, and what is left of it when they cancel the request.

use super::world::{World, stage};
use crate::both_databases;
use crate::domain::approval::{Decision, StageState};
use crate::domain::request::RequestState;
use crate::service::{my_access, requests};
use crate::testing::TestApp;

both_databases!(
    f115_a_request_tells_who_decided_why_and_when,
    f111_a_request_that_waits_for_a_decision_is_canceled_for_good,
);

async fn f115_a_request_tells_who_decided_why_and_when(bench: TestApp) {
    let world = World::new(bench).await;
    let (first, second) = (world.person("First").await, world.person("Second").await);
    world.stages(&[stage(&[&first]), stage(&[&second])]).await;
    let (app, requestor) = (&world.fixture.app, &world.fixture.user);
    let id = world.ask(requestor).await;
    world.approve(&first, id).await;
    world.approve(&second, id).await;
    world.work().await;
    let detail = requests::get(app, &world.fixture.admin, id).await.expect("a request");
    assert_eq!(detail.item.state, RequestState::Delivered);
    let told: Vec<_> = detail
        .stages
        .iter()
        .flat_map(|stage| {
            stage
                .approvers
                .iter()
                .map(|person| (stage.state, person.user.name.as_str(), person))
        })
        .map(|(state, name, person)| (state, name, person.decision, person.reason.as_str(), person.decided_at.is_some()))
        .collect();
    let yes = |name| (StageState::Approved, name, Some(Decision::Approve), "Because", true);
    assert_eq!(told, [yes("First"), yes("Second")]);
    assert!(detail.grants.iter().all(|grant| grant.granted_at.is_some()));
    let approved: Vec<_> = detail.events.iter().filter(|event| event.title == "Approved").collect();
    assert_eq!(approved.len(), 2);
    assert!(approved[0].detail.starts_with("By First") && approved[0].detail.contains("Because"));
    assert_eq!(detail.events.last().map(|event| event.title.as_str()), Some("Delivered"));
    // Whoever asked sees the stages, and names only where the policy lets them.
    let own = my_access::request(app, requestor, id).await.expect("own request");
    assert_eq!((own.stages.len(), own.detail.stages.len()), (2, 0));
    world.check().await;
}

async fn f111_a_request_that_waits_for_a_decision_is_canceled_for_good(bench: TestApp) {
    let world = World::new(bench).await;
    let approver = world.person("Approver").await;
    world.stages(&[stage(&[&approver])]).await;
    let (app, requestor) = (&world.fixture.app, &world.fixture.user);
    let id = world.ask(requestor).await;
    assert_eq!(world.pending(&approver).await, [id]);
    requests::cancel(app, &world.fixture.admin, id).await.expect("canceled");
    assert!(world.pending(&approver).await.is_empty());
    assert!(
        world.decide(&approver, id, Decision::Approve).await.is_err(),
        "nothing is left to decide on"
    );
    let detail = requests::get(app, &world.fixture.admin, id).await.expect("a request");
    assert_eq!(detail.stages[0].state, StageState::Canceled);
    world.after(20).await;
    assert_eq!(world.state(id).await.0, RequestState::Canceled);
    assert_eq!(world.told(requestor).await.get("request_canceled"), Some(&1));
    assert_eq!(world.told(requestor).await.get("request_expired"), None);
    world.check().await;
}
