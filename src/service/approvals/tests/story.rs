//! Stages, decisions and deadlines.

use chrono::Duration;

use super::world::{World, stage};
use crate::both_databases;
use crate::domain::approval::{
    ApprovalQuery, ApprovalTab, ApproverDetails, Decision, DecisionForm, DecisionMode, ForwardingTerms, StageCondition, StageTerms,
};
use crate::domain::id::{QuestionId, RequestId};
use crate::domain::question::Answer;
use crate::domain::request::RequestState::*;
use crate::domain::subject::SubjectSet;
use crate::domain::validate::Code;
use crate::service::approvals::{self, Started};
use crate::service::packages::tests::world::{faults, rule};
use crate::service::{Error, requests};
use crate::testing::{TestApp, id_of};
use crate::{args, store};

both_databases!(
    f087_the_first_decision_settles_and_the_second_sees_the_outcome,
    f087_two_approvers_click_in_the_same_instant,
    f088_a_second_stage_sees_nothing_until_the_first_is_approved,
    f088_a_stage_takes_all_of_its_approvers_or_some_of_them,
    f088_stages_under_conditions_are_passed_over,
    f089_a_no_in_any_stage_ends_the_request,
    f095_a_reason_is_required_and_seen,
    f097_nobody_decides_on_their_own_request,
    f098_nobody_decides_in_time_and_it_expires_once,
    f098_a_decision_after_the_deadline_or_the_asked_period_is_refused,
    f099_f101_alternates_join_and_primaries_stay,
    f102_f109_f145_what_the_requestor_and_the_approver_see,
    f144_pending_and_history_are_paged_and_searched,
    f144_several_are_decided_at_once,
    f146_who_approved_ends_the_access,
    f110_a_later_start_waits_until_its_day,
    the_requestor_reminds_once_a_day,
);

fn conflict<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Conflict(text)) => text,
        Err(other) => panic!("expected a conflict, got {other}"),
        Ok(_) => panic!("expected a conflict"),
    }
}

async fn f087_the_first_decision_settles_and_the_second_sees_the_outcome(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.stages(&[stage(&[&ada, &bob])]).await;
    let id = w.ask(&w.fixture.user).await;
    assert_eq!((w.pending(&ada).await, w.pending(&bob).await), (vec![id], vec![id]));
    assert_eq!(w.told(&ada).await["approval_requested"], 1);
    w.approve(&ada, id).await;
    let said = conflict(w.decide(&bob, id, Decision::Deny).await);
    assert!(
        said.starts_with("Ada approved this request on 23 November 2026, 10:00 UTC."),
        "{said}"
    );
    let said = conflict(w.decide(&ada, id, Decision::Deny).await);
    assert!(said.starts_with("Ada approved"), "{said}");
    assert_eq!(w.pending(&bob).await, []);
    assert_eq!(w.tab(&bob, ApprovalTab::History).await, [id]);
    assert_eq!(
        (w.told(&bob).await["approval_given"], w.told(&ada).await.get("approval_given")),
        (1, None)
    );
    w.work().await;
    assert_eq!(w.state(id).await.0, Delivered);
    assert!(w.fixture.holds(&w.group, 0).await);
    w.check().await;
}

async fn f087_two_approvers_click_in_the_same_instant(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.stages(&[stage(&[&ada, &bob])]).await;
    let id = w.ask(&w.fixture.user).await;
    let (one, other) = tokio::join!(w.decide(&ada, id, Decision::Approve), w.decide(&bob, id, Decision::Deny));
    let denied = other.is_ok();
    let said = conflict(if denied { one } else { other });
    assert!(said.contains(if denied { "Bob denied" } else { "Ada approved" }), "{said}");
    w.work().await;
    assert_eq!(w.state(id).await.0, if denied { Denied } else { Delivered });
    assert_eq!(w.fixture.holds(&w.group, 0).await, !denied);
}

async fn f088_a_second_stage_sees_nothing_until_the_first_is_approved(bench: TestApp) {
    let w = World::new(bench).await;
    let people = [w.person("Ada").await, w.person("Bob").await, w.person("Cleo").await];
    let stages: Vec<StageTerms> = people.iter().map(|person| stage(&[person])).collect();
    w.stages(&stages).await;
    let id = w.ask(&w.fixture.user).await;
    for (at, person) in people.iter().enumerate() {
        for (other, person) in people.iter().enumerate() {
            let expected = if other == at { vec![id] } else { vec![] };
            assert_eq!(w.pending(person).await, expected);
        }
        if let Some(next) = people.get(at + 1) {
            assert!(matches!(w.decide(next, id, Decision::Approve).await, Err(Error::NotFound)));
            assert!(matches!(approvals::detail(&w.fixture.app, next, id).await, Err(Error::NotFound)));
        }
        assert!(!w.fixture.holds(&w.group, 0).await);
        w.approve(person, id).await;
        w.work().await;
    }
    assert_eq!(w.state(id).await.0, Delivered);
    let detail = requests::get(&w.fixture.app, &w.fixture.admin, id).await.expect("detail");
    let titles: Vec<&str> = detail
        .events
        .iter()
        .map(|event| event.title.as_str())
        .filter(|title| title.contains("pprov"))
        .collect();
    let expected = [
        "Pending approval",
        "Approved",
        "Pending approval",
        "Approved",
        "Pending approval",
        "Approved",
    ];
    assert_eq!(titles, expected);
}

async fn f088_a_stage_takes_all_of_its_approvers_or_some_of_them(bench: TestApp) {
    let w = World::new(bench).await;
    let people = [w.person("Ada").await, w.person("Bob").await, w.person("Cleo").await];
    let all = stage(&people.iter().collect::<Vec<_>>());
    let some = StageTerms {
        mode: DecisionMode::AtLeast(2),
        ..all.clone()
    };
    let all = StageTerms {
        mode: DecisionMode::AllOf,
        ..all
    };
    w.stages(&[all, some]).await;
    let id = w.ask(&w.fixture.user).await;
    for person in &people {
        assert_eq!(w.state(id).await.0, PendingApproval);
        w.approve(person, id).await;
    }
    // Whoever has decided in the first stage is asked again in the second.
    w.approve(&people[0], id).await;
    assert_eq!(w.pending(&people[0]).await, []);
    assert_eq!(w.pending(&people[1]).await, [id]);
    let said = conflict(w.decide(&people[0], id, Decision::Approve).await);
    assert!(said.starts_with("Ada approved"), "nobody has two votes: {said}");
    assert_eq!(w.state(id).await.0, PendingApproval);
    w.approve(&people[1], id).await;
    w.work().await;
    assert_eq!(w.state(id).await.0, Delivered);
}

async fn f088_stages_under_conditions_are_passed_over(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    let question = QuestionId(uuid::Uuid::from_u128(7));
    let only = |conditions: &[StageCondition], who| StageTerms {
        conditions: conditions.to_vec(),
        ..stage(&[who])
    };
    let production = StageCondition::Answered {
        question,
        value: "Production".into(),
    };
    w.stages(&[only(&[StageCondition::Guest], &ada), only(&[production], &bob)]).await;
    let (mut request, terms) = w.draft(&w.fixture.user).await;
    assert_eq!(w.put(&request, &terms).await.expect("stored"), Started::NotNeeded);
    request.id = RequestId(w.fixture.app.ids.id(w.fixture.app.clock.now()));
    request.target_id = id_of(&w.person("Dan").await);
    request.answers.push(Answer {
        question,
        version: 2,
        text: "Where?".into(),
        value: "production".into(),
        writes: None,
    });
    assert_eq!(w.put(&request, &terms).await.expect("stored"), Started::Waiting);
    assert_eq!((w.pending(&ada).await, w.pending(&bob).await), (vec![], vec![request.id]));
}

async fn f089_a_no_in_any_stage_ends_the_request(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.stages(&[stage(&[&ada]), stage(&[&bob])]).await;
    let id = w.ask(&w.fixture.user).await;
    w.approve(&ada, id).await;
    approvals::decide(&w.fixture.app, &bob, id, Decision::Deny, "The budget is spent")
        .await
        .expect("denied");
    w.after(40).await;
    assert_eq!(w.state(id).await, (Denied, "The budget is spent".into()));
    assert!(!w.fixture.holds(&w.group, 0).await);
    assert_eq!(w.told(&w.fixture.user).await["request_denied"], 1);
    let again = w.ask(&w.fixture.user).await;
    assert_eq!(w.pending(&ada).await, [again], "a denied request can be made again");
}

async fn f095_a_reason_is_required_and_seen(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    let required = StageTerms {
        justification_required: true,
        ..stage(&[&ada])
    };
    w.stages(&[required, stage(&[&bob])]).await;
    let id = w.ask(&w.fixture.user).await;
    let empty = approvals::decide(&w.fixture.app, &ada, id, Decision::Approve, "  ").await;
    assert_eq!(faults(empty), [("reason".to_owned(), Code::Required)]);
    assert!(approvals::detail(&w.fixture.app, &ada, id).await.expect("detail").reason_required);
    approvals::decide(&w.fixture.app, &ada, id, Decision::Approve, "She leads it")
        .await
        .expect("approved");
    let seen = approvals::detail(&w.fixture.app, &bob, id).await.expect("detail");
    assert_eq!(seen.stages[0].approvers[0].reason, "She leads it");
    assert!(!seen.reason_required);
    approvals::decide(&w.fixture.app, &bob, id, Decision::Approve, "")
        .await
        .expect("no reason is needed");
}

async fn f097_nobody_decides_on_their_own_request(bench: TestApp) {
    let w = World::new(bench).await;
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&w.fixture.user, &ada])]).await;
    let id = w.ask(&w.fixture.user).await;
    assert_eq!(w.pending(&w.fixture.user).await, []);
    assert_eq!(rule(w.decide(&w.fixture.user, id, Decision::Approve).await), "own-request");
    assert!(matches!(
        approvals::detail(&w.fixture.app, &w.fixture.user, id).await,
        Err(Error::NotFound)
    ));
    // Whoever asked for another decides no more than the other.
    w.stages(&[stage(&[&w.fixture.user, &ada])]).await;
    let (mut request, terms) = w.draft(&w.person("Dan").await).await;
    request.requestor_id = Some(id_of(&w.fixture.user));
    w.put(&request, &terms).await.expect("stored");
    assert_eq!(w.pending(&w.fixture.user).await, []);
    assert_eq!(rule(w.decide(&w.fixture.user, request.id, Decision::Approve).await), "own-request");
}

async fn f098_nobody_decides_in_time_and_it_expires_once(bench: TestApp) {
    let w = World::new(bench).await;
    let ada = w.person("Ada").await;
    w.stages(&[StageTerms {
        days_to_decide: 4,
        ..stage(&[&ada])
    }])
    .await;
    let id = w.ask(&w.fixture.user).await;
    w.after(1).await;
    assert!(!w.told(&ada).await.contains_key("approval_reminder"));
    w.after(1).await;
    w.after(1).await;
    assert_eq!(w.told(&ada).await["approval_reminder"], 1, "half way, once");
    // The program was down over the end.
    w.after(30).await;
    w.after(1).await;
    assert_eq!(w.state(id).await, (Expired, "Nobody decided by 27 November 2026, 10:00 UTC".into()));
    assert_eq!(
        (
            w.told(&ada).await["approval_expired"],
            w.told(&w.fixture.user).await["request_expired"]
        ),
        (1, 1)
    );
    assert_eq!((w.pending(&ada).await, w.tab(&ada, ApprovalTab::History).await), (vec![], vec![id]));
    let said = conflict(w.decide(&ada, id, Decision::Approve).await);
    assert!(said.contains("has expired"), "{said}");
    assert_eq!(w.fixture.jobs().await, []);
    let again = w.ask(&w.fixture.user).await;
    assert_eq!(w.pending(&ada).await, [again]);
}

async fn f098_a_decision_after_the_deadline_or_the_asked_period_is_refused(bench: TestApp) {
    let w = World::new(bench).await;
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&ada])]).await;
    let (mut request, terms) = w.draft(&w.fixture.user).await;
    request.ends_at = Some(w.fixture.app.clock.now() + Duration::days(3));
    w.put(&request, &terms).await.expect("stored");
    w.fixture.bench.clock.advance(Duration::days(3));
    assert_eq!(rule(w.decide(&ada, request.id, Decision::Approve).await), "asked-period-over");
    w.fixture.bench.clock.advance(Duration::days(11));
    // The worker has not come round yet.
    assert_eq!(rule(w.decide(&ada, request.id, Decision::Deny).await), "decision-deadline-over");
    assert!(
        !approvals::detail(&w.fixture.app, &ada, request.id)
            .await
            .expect("detail")
            .decide
            .is_allowed()
    );
    w.work().await;
    assert_eq!(w.state(request.id).await.0, Expired);
}

async fn f099_f101_alternates_join_and_primaries_stay(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob, cleo) = (w.person("Ada").await, w.person("Bob").await, w.person("Cleo").await);
    let manager = |level, fallback| StageTerms {
        approvers: vec![SubjectSet::RequestorManager(1)],
        fallbacks: vec![SubjectSet::User(id_of(&cleo))],
        forwarding: Some(ForwardingTerms {
            after_days: 3,
            alternates: vec![SubjectSet::RequestorManager(level)],
            fallbacks: vec![SubjectSet::User(fallback)],
        }),
        days_to_decide: 10,
        ..stage(&[])
    };
    w.set_manager(&w.fixture.user, &ada).await;
    w.set_manager(&ada, &bob).await;
    w.stages(&[manager(2, id_of(&cleo))]).await;
    let id = w.ask(&w.fixture.user).await;
    w.after(2).await;
    assert_eq!(w.pending(&bob).await, []);
    w.after(1).await;
    assert_eq!(
        (w.pending(&ada).await, w.pending(&bob).await, w.pending(&cleo).await),
        (vec![id], vec![id], vec![])
    );
    assert_eq!(w.told(&bob).await["approval_forwarded"], 1);
    w.approve(&ada, id).await;
    assert_eq!(w.told(&bob).await["approval_given"], 1);
    // Nobody is above the manager's manager: who stands in is asked.
    let dan = w.person("Dan").await;
    w.set_manager(&dan, &bob).await;
    let id = w.ask(&dan).await;
    w.after(3).await;
    assert_eq!((w.pending(&bob).await, w.pending(&cleo).await), (vec![id], vec![id]));
    w.approve(&cleo, id).await;
}

async fn f102_f109_f145_what_the_requestor_and_the_approver_see(bench: TestApp) {
    let w = World::new(bench).await;
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&ada])]).await;
    w.fixture
        .assign(w.package, id_of(&w.fixture.user), "expired", Some(w.fixture.app.clock.now()))
        .await;
    w.fixture
        .exec(
            "INSERT INTO grants (assignment_id, role_id, user_id, state, was_direct, error, granted_at)
             SELECT a.id, $1, a.target_id, 'revoked', FALSE, '', a.starts_at FROM assignments a",
            args![w.group.roles[0]],
        )
        .await;
    let (mut request, terms) = w.draft(&w.fixture.user).await;
    request.answers.push(Answer {
        question: QuestionId(uuid::Uuid::from_u128(7)),
        version: 2,
        text: "Which branch?".into(),
        value: "North".into(),
        writes: None,
    });
    w.put(&request, &terms).await.expect("stored");
    let app = &w.fixture.app;
    let seen = approvals::detail(app, &ada, request.id).await.expect("detail");
    assert_eq!(
        (seen.justification.as_str(), seen.answers[0].text.as_str()),
        ("For the campaign", "Which branch?")
    );
    assert_eq!(
        (seen.item.requestor.name.as_str(), seen.item.target.name.as_str()),
        ("Requestor1", "Requestor1")
    );
    assert_eq!(seen.item.due_at, request.submitted_at + Duration::days(14));
    assert_eq!(seen.asked_until, Some(app.clock.now() + Duration::days(30)));
    assert_eq!(
        (seen.earlier[0].object.as_str(), seen.earlier[0].package.as_str()),
        ("Marketing resources", "Marketing Campaign")
    );
    assert!(seen.decide.is_allowed() && !seen.revoke.is_allowed());

    for (name, said, tenant, shown) in [
        ("Dan", ApproverDetails::Shown, false, true),
        ("Eve", ApproverDetails::Hidden, true, false),
        ("Fay", ApproverDetails::Tenant, true, true),
        ("Gus", ApproverDetails::Tenant, false, false),
    ] {
        w.terms(|terms| terms.approval.approver_details = said).await;
        let dan = w.person(name).await;
        let (request, terms) = w.draft(&dan).await;
        w.put(&request, &terms).await.expect("stored");
        let mut tx = app.store.read().await.expect("tx");
        let request = store::requests::find(&mut tx, request.id).await.expect("read").expect("a request");
        let stages = approvals::stages_of(&mut tx, &request, tenant).await.expect("stages");
        let names: Vec<&str> = stages[0].approvers.iter().map(|person| person.user.name.as_str()).collect();
        assert_eq!(names, if shown { vec!["Ada"] } else { vec![] });
        drop(tx);
        w.approve(&ada, request.id).await;
        let mut tx = app.store.read().await.expect("tx");
        let stages = approvals::stages_of(&mut tx, &request, tenant).await.expect("stages");
        assert_eq!(stages[0].approvers[0].user.name, if shown { "Ada" } else { "An approver" });
        assert_eq!(stages[0].approvers[0].reason, "Because");
        drop(tx);
    }
}

async fn f144_pending_and_history_are_paged_and_searched(bench: TestApp) {
    let w = World::new(bench).await;
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&ada])]).await;
    let mut ids = Vec::new();
    for name in ["Uma Thorn", "Vera Oak", "Wim Beech"] {
        ids.push(w.ask(&w.person(name).await).await);
        w.fixture.bench.clock.advance(Duration::hours(1));
    }
    assert_eq!(w.pending(&ada).await, ids, "the nearest deadline first");
    let app = &w.fixture.app;
    let mut query = ApprovalQuery {
        tab: ApprovalTab::Pending,
        search: String::new(),
        page: crate::domain::page::PageQuery {
            size: 2,
            ..Default::default()
        },
    };
    let first = approvals::list(app, &ada, &query).await.expect("a page");
    query.page.after = first.next.clone();
    let second = approvals::list(app, &ada, &query).await.expect("a page");
    assert_eq!((first.items.len(), second.items.len(), second.items[0].request), (2, 1, ids[2]));
    query.page.after = None;
    for (search, count) in [("vera", 1), ("campaign", 3), ("thorn market", 0), ("nobody", 0)] {
        query.search = search.into();
        query.page.size = 10;
        let expected = if search == "thorn market" { 1 } else { count };
        assert_eq!(
            approvals::list(app, &ada, &query).await.expect("a page").items.len(),
            expected,
            "{search}"
        );
    }
    assert_eq!(approvals::pending(app, &ada).await.expect("a count"), 3);
    w.approve(&ada, ids[1]).await;
    w.fixture.bench.clock.advance(Duration::hours(1));
    w.decide(&ada, ids[0], Decision::Deny).await.expect("denied");
    assert_eq!(w.tab(&ada, ApprovalTab::History).await, [ids[0], ids[1]], "the latest first");
    assert_eq!(w.pending(&ada).await, [ids[2]]);
}

async fn f144_several_are_decided_at_once(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.stages(&[stage(&[&ada, &bob])]).await;
    let mut ids = Vec::new();
    for name in ["Uma", "Vera", "Wim"] {
        ids.push(w.ask(&w.person(name).await).await);
    }
    w.approve(&bob, ids[1]).await;
    let form = DecisionForm {
        requests: ids.clone(),
        decision: Decision::Deny,
        reason: "Not this year".into(),
    };
    let outcomes = approvals::decide_many(&w.fixture.app, &ada, &form).await.expect("decided");
    let refused: Vec<bool> = outcomes.iter().map(|outcome| outcome.refused.is_some()).collect();
    assert_eq!(refused, [false, true, false]);
    w.work().await;
    assert_eq!(
        [w.state(ids[0]).await.0, w.state(ids[1]).await.0, w.state(ids[2]).await.0],
        [Denied, Delivered, Denied]
    );
}

async fn f146_who_approved_ends_the_access(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.stages(&[stage(&[&ada, &bob])]).await;
    let id = w.ask(&w.fixture.user).await;
    w.approve(&ada, id).await;
    let app = &w.fixture.app;
    assert_eq!(rule(approvals::revoke(app, &ada, id, "Too soon").await), "being-delivered");
    w.work().await;
    assert!(w.fixture.holds(&w.group, 0).await);
    assert!(matches!(approvals::revoke(app, &bob, id, "I did not").await, Err(Error::NotFound)));
    assert_eq!(
        faults(approvals::revoke(app, &ada, id, "").await),
        [("reason".to_owned(), Code::Required)]
    );
    assert!(approvals::detail(app, &ada, id).await.expect("detail").revoke.is_allowed());
    approvals::revoke(app, &ada, id, "The campaign is over").await.expect("revoked");
    w.work().await;
    assert!(!w.fixture.holds(&w.group, 0).await);
    assert_eq!(w.told(&w.fixture.user).await["access_ended"], 1);
    assert_eq!(rule(approvals::revoke(app, &ada, id, "Again").await), "nothing-to-end");
    assert!(!approvals::detail(app, &ada, id).await.expect("detail").revoke.is_allowed());
    w.check().await;
}

async fn f110_a_later_start_waits_until_its_day(bench: TestApp) {
    let w = World::new(bench).await;
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&ada])]).await;
    let (mut request, terms) = w.draft(&w.fixture.user).await;
    request.starts_at = Some(w.fixture.app.clock.now() + Duration::days(5));
    w.put(&request, &terms).await.expect("stored");
    w.approve(&ada, request.id).await;
    w.after(4).await;
    assert_eq!(w.state(request.id).await.0, Scheduled);
    assert!(!w.fixture.holds(&w.group, 0).await);
    w.after(1).await;
    assert_eq!(w.state(request.id).await.0, Delivered);
    assert!(w.fixture.holds(&w.group, 0).await);
}

async fn the_requestor_reminds_once_a_day(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.stages(&[stage(&[&ada])]).await;
    let id = w.ask(&w.fixture.user).await;
    let app = &w.fixture.app;
    assert!(matches!(approvals::remind(app, &bob, id).await, Err(Error::NotFound)));
    approvals::remind(app, &w.fixture.user, id).await.expect("reminded");
    assert_eq!(rule(approvals::remind(app, &w.fixture.user, id).await), "reminded-already");
    w.fixture.bench.clock.advance(Duration::hours(24));
    approvals::remind(app, &w.fixture.user, id).await.expect("reminded");
    assert_eq!(w.told(&ada).await["approval_reminder"], 2);
    w.approve(&ada, id).await;
    w.fixture.bench.clock.advance(Duration::hours(24));
    assert_eq!(rule(approvals::remind(app, &w.fixture.user, id).await), "nothing-waits");
}
