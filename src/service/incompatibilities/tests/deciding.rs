//! While a request waits for a decision.

use super::*;
use crate::both_databases;
use crate::domain::approval::Decision;
use crate::service::approvals;
use crate::service::approvals::tests::world::{World as Approvals, stage};
use crate::service::requests as administered;

both_databases!(f128_what_arose_while_a_request_waited_keeps_it_from_being_approved);

async fn f128_what_arose_while_a_request_waited_keeps_it_from_being_approved(bench: TestApp) {
    let approvals = Approvals::new(bench).await;
    let approver = approvals.person("Ada").await;
    approvals.stages(&[stage(&[&approver])]).await;
    let subject = [Subject::User(id_of(&approvals.fixture.user))];
    let audit = approvals.fixture.package_for("Audit", &subject).await;
    let world = World {
        payments: approvals.package,
        fixture: approvals.fixture,
        audit,
    };
    let (app, user, admin) = (&world.fixture.app, &world.fixture.user, &world.fixture.admin);
    let rule = world.rule().await;
    let request = world.submit(user, world.payments).await.expect("a request");
    let asked = approvals::detail(app, &approver, request).await.expect("a detail");
    assert_eq!(asked.conflict, None);

    // The requestor gets Audit meanwhile; the approver cannot see that package.
    world.get(user, world.audit).await;
    let asked = approvals::detail(app, &approver, request).await.expect("a detail");
    let notice = asked.conflict.expect("a notice");
    assert!(
        notice.blocks && notice.text.starts_with("Requestor1 has other access, which"),
        "{}",
        notice.text
    );
    let (rule_name, text) = refusal(approvals::decide(app, &approver, request, Decision::Approve, "").await);
    assert_eq!((rule_name.as_str(), text), ("incompatible", notice.text));
    assert_eq!(world.state(request).await.0, RequestState::PendingApproval);

    // Whoever reads of the request is told, as far as they may.
    let own = my_access::request(app, user, request).await.expect("own request");
    assert!(own.detail.conflict.expect("a conflict").starts_with("You have Audit, which"));
    let read = administered::get(app, admin, request).await.expect("a request");
    assert!(read.conflict.expect("a conflict").starts_with("Requestor1 has Audit, which"));

    // An exception opens the way, and so would the end of Audit.
    world.except(admin, rule, id_of(user), 3).await.expect("granted");
    approvals::decide(app, &approver, request, Decision::Approve, "")
        .await
        .expect("approved");
    world.work().await;
    assert_eq!(world.state(request).await.0, RequestState::Delivered);

    // More time for what one has is not held up.
    let held = world.assignments(world.payments).await;
    world.fixture.bench.clock.advance(chrono::Duration::days(20));
    let form = crate::domain::request::ExtendForm {
        assignment: held[0].id,
        justification: "Not done".into(),
        asked_until: String::new(),
    };
    let more = my_access::extend(app, user, &form).await.expect("an extension");
    world.work().await;
    assert_eq!(world.state(more).await.0, RequestState::Delivered);
}
