//! What becomes of a request while it waits: taken back, timed out and made again, and a world that changes.

use super::*;
use crate::both_databases;
use crate::domain::request::PaneQuery;
use crate::domain::subject::SubjectSet;
use crate::service::approvals::tests::world::stage;
use crate::service::packages::tests::world::rule;
use crate::testing::TestApp;

both_databases!(
    f139_a_request_is_taken_back_and_never_delivered,
    f098_f140_what_timed_out_is_made_again_with_its_answers,
    f072_f081_a_request_goes_on_under_the_terms_it_was_made_under,
    f143_whose_requestor_or_target_is_deleted_has_an_end_that_is_told,
    f080_a_person_blocked_on_the_day_waits_and_is_given_afterwards,
);

async fn f139_a_request_is_taken_back_and_never_delivered(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&ada])]).await;
    let id = w.submit(me, &w.form()).await.expect("submitted");
    assert!(matches!(my_access::withdraw(app, &ada, id).await, Err(Error::NotFound)));
    assert!(my_access::request(app, me, id).await.expect("own").cancel.is_allowed());
    my_access::withdraw(app, me, id).await.expect("taken back");
    assert_eq!(w.state(id).await, (RequestState::Canceled, "Canceled by the requestor".to_owned()));
    assert_eq!(w.pending(&ada).await, []);
    assert!(w.decide(&ada, id, crate::domain::approval::Decision::Approve).await.is_err());
    assert_eq!(rule(my_access::withdraw(app, me, id).await), "already-over");
    w.after(15).await;
    assert!(!w.holds(me).await);
    let told = my_access::request(app, me, id).await.expect("own").detail.events;
    assert_eq!(told.last().map(|event| event.title.as_str()), Some("Canceled"));
    w.check().await;
}

async fn f098_f140_what_timed_out_is_made_again_with_its_answers(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let (ada, other) = (w.person("Ada").await, w.person("Other").await);
    w.stages(&[stage(&[&ada])]).await;
    w.terms(|terms| terms.questions = vec![questions().remove(1)]).await;
    let mut form = w.form();
    form.answers = vec![crate::domain::request::GivenAnswer {
        question: questions()[1].id,
        value: "South".into(),
    }];
    let id = w.submit(me, &form).await.expect("submitted");
    w.after(14).await;
    assert_eq!(w.stands(id).await, RequestState::Expired);
    assert!(my_access::request(app, me, id).await.expect("own").resubmit.is_allowed());
    let again = PaneQuery {
        again: Some(id),
        ..PaneQuery::new(w.package)
    };
    let former = my_access::request_pane(app, me, &again, "").await.expect("a pane").former;
    let former = former.expect("what was said");
    assert_eq!(
        (former.justification.as_str(), &former.answers),
        ("For the campaign", &form.answers)
    );
    w.fixture.exec("UPDATE policies SET scope = 'all_users'", args![]).await;
    let theirs = my_access::request_pane(app, &other, &again, "").await.expect("a pane").former;
    assert_eq!(theirs, None, "another's words are not shown");
    let second = w.submit(me, &form).await.expect("made again");
    w.approve(&ada, second).await;
    w.work().await;
    assert!(w.holds(me).await);
}

/// Requests made before keep their terms, whatever becomes of the policy, the listing or the scope meanwhile.
async fn f072_f081_a_request_goes_on_under_the_terms_it_was_made_under(bench: TestApp) {
    let w = World::new(bench).await;
    let me = &w.fixture.user;
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&ada])]).await;
    let id = w.submit(me, &w.form()).await.expect("submitted");
    w.terms(|terms| {
        terms.requestor.enabled = false;
        terms.approval.stages = vec![stage(&[]), stage(&[])];
        terms.lifecycle.expires = crate::domain::expiration::Expiration::Days(1);
    })
    .await;
    w.fixture.exec("UPDATE packages SET hidden = TRUE", args![]).await;
    w.fixture
        .exec("DELETE FROM policy_subjects WHERE purpose = 'requestor'", args![])
        .await;
    assert_eq!(w.pending(&ada).await, [id]);
    w.approve(&ada, id).await;
    w.work().await;
    assert_eq!(w.assignment(me).await.expect("given").2, Some(w.now() + Duration::days(30)));
    w.check().await;
}

async fn f143_whose_requestor_or_target_is_deleted_has_an_end_that_is_told(bench: TestApp) {
    let w = World::new(bench).await;
    let (first, boss, ada) = (w.person("First").await, w.person("Boss").await, w.person("Ada").await);
    let second = w.person("Second").await;
    w.stages(&[stage(&[&ada])]).await;
    w.fixture.exec("UPDATE policies SET scope = 'all_members'", args![]).await;
    w.terms(|terms| {
        terms.scope = crate::domain::policy::Scope::AllMembers;
        terms.requestor.on_behalf_add = true;
        terms.requestor.on_behalf = vec![SubjectSet::RequestorManager(1)];
    })
    .await;
    let mut ids = Vec::new();
    for report in [&first, &second] {
        w.set_manager(report, &boss).await;
        let form = SubmitForm {
            target: Some(id_of(report)),
            ..w.form()
        };
        ids.push(w.submit(&boss, &form).await.expect("submitted"));
    }
    w.delete(&first).await;
    assert_eq!(
        w.state(ids[0]).await,
        (RequestState::Canceled, "The user was deleted before delivery".to_owned())
    );
    assert_eq!(w.pending(&ada).await, [ids[1]]);
    // It is about the access of somebody who is there, so it goes on without the one who asked.
    w.delete(&boss).await;
    assert_eq!(w.stands(ids[1]).await, RequestState::PendingApproval);
    w.approve(&ada, ids[1]).await;
    w.work().await;
    assert!(w.holds(&second).await);
    w.check().await;
}

async fn f080_a_person_blocked_on_the_day_waits_and_is_given_afterwards(bench: TestApp) {
    let w = World::new(bench).await;
    let me = &w.fixture.user;
    let mut form = w.form();
    form.asked_from = typed(w.now() + Duration::days(2));
    let id = w.submit(me, &form).await.expect("submitted");
    w.set_enabled(me, false).await;
    w.after(1).await;
    w.set_enabled(me, true).await;
    assert_eq!(w.stands(id).await, RequestState::Scheduled, "not before its day");
    w.set_enabled(me, false).await;
    w.after(2).await;
    let (state, why) = w.state(id).await;
    assert!(state.is_open() && why.contains("blocked"), "{why}");
    w.set_enabled(me, true).await;
    w.work().await;
    assert_eq!((w.stands(id).await, w.holds(me).await), (RequestState::Delivered, true));
    w.check().await;
}
