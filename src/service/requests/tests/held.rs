//! More time for access that one has, and giving it back.

use super::*;
use crate::both_databases;
use crate::domain::expiration::Expiration;
use crate::domain::offer::{OfferQuery, OfferTab};
use crate::domain::page::PageQuery;
use crate::domain::request::ExtendForm;
use crate::domain::validate::Code;
use crate::service::approvals::tests::world::stage;
use crate::service::packages::tests::world::{faults, rule};
use crate::testing::TestApp;

both_databases!(
    f082_more_time_moves_the_end_and_the_history_tells,
    f083_more_time_waits_for_a_decision_where_the_policy_says_so,
    f084_more_time_ends_at_the_policy_s_date_and_with_the_scope,
    f083_f141_more_time_that_waits_keeps_nobody_from_ending_the_access,
    f141_access_is_given_back_where_the_policy_lets_one,
);

fn form(assignment: AssignmentId) -> ExtendForm {
    ExtendForm {
        assignment,
        justification: "The campaign goes on".into(),
        asked_until: String::new(),
    }
}

async fn f082_more_time_moves_the_end_and_the_history_tells(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let stranger = w.person("Stranger").await;
    let held = w.given(me).await;
    let end = w.now() + Duration::days(30);
    w.after(25).await;
    assert!(matches!(my_access::extend(app, &stranger, &form(held)).await, Err(Error::NotFound)));
    let active = OfferQuery {
        tab: OfferTab::Active,
        search: String::new(),
        page: PageQuery::default(),
    };
    let row = my_access::offers(app, me, &active)
        .await
        .expect("a list")
        .items
        .remove(0)
        .held
        .expect("access");
    assert!(row.extend.is_allowed() && row.give_back.is_allowed());
    let pane = my_access::extend_pane(app, me, held)
        .await
        .expect("a pane")
        .terms
        .expect("more time");
    assert_eq!((pane.ends_at, pane.extension.end()), (end, Some(w.now() + Duration::days(30))));
    let mut too_far = form(held);
    too_far.asked_until = typed(w.now() + Duration::days(31));
    assert_eq!(
        faults(my_access::extend(app, me, &too_far).await),
        [("asked_until".to_owned(), Code::PastPolicy)]
    );
    let id = my_access::extend(app, me, &form(held)).await.expect("asked");
    assert_eq!(rule(my_access::extend(app, me, &form(held)).await), "already-requested");
    w.work().await;
    assert_eq!(w.stands(id).await, RequestState::Delivered);
    let moved = w.now() + Duration::days(30);
    assert_eq!(w.assignment(me).await.expect("access").2, Some(moved));
    let told = my_access::request(app, me, id).await.expect("own request").detail.events;
    let titles: Vec<_> = told.iter().map(|event| event.title.as_str()).collect();
    assert_eq!(titles, ["Extension requested", "Approved", "Access extended", "Delivered"]);
    // The first end comes, and nothing ends.
    w.after(6).await;
    assert!(w.holds(me).await);
    w.check().await;
    w.after(24).await;
    assert!(!w.holds(me).await);
    w.check().await;
}

async fn f083_more_time_waits_for_a_decision_where_the_policy_says_so(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let ada = w.person("Ada").await;
    let held = w.given(me).await;
    w.stages(&[stage(&[&ada])]).await;
    w.terms(|terms| {
        terms.approval.required_for_update = true;
        terms.lifecycle.extension_approval = true;
    })
    .await;
    w.after(20).await;
    let id = my_access::extend(app, me, &form(held)).await.expect("asked");
    w.work().await;
    assert_eq!(w.stands(id).await, RequestState::PendingApproval);
    assert_eq!(w.pending(&ada).await, [id]);
    w.after(2).await;
    w.approve(&ada, id).await;
    w.work().await;
    assert_eq!(w.assignment(me).await.expect("access").2, Some(w.now() + Duration::days(30)));
    // One that nobody decides on leaves the end where it is.
    w.after(20).await;
    let late = my_access::extend(app, me, &form(held)).await.expect("asked");
    w.after(15).await;
    assert!(!w.stands(late).await.is_open());
    assert!(!w.holds(me).await, "the end was not moved");
    w.check().await;
}

async fn f084_more_time_ends_at_the_policy_s_date_and_with_the_scope(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let held = w.given(me).await;
    let date = w.now() + Duration::days(40);
    w.terms(|terms| terms.lifecycle.expires = Expiration::OnDate(date)).await;
    my_access::extend(app, me, &form(held)).await.expect("asked");
    w.work().await;
    assert_eq!(w.assignment(me).await.expect("access").2, Some(date));
    assert_eq!(rule(my_access::extend(app, me, &form(held)).await), "at-the-limit");
    w.fixture.exec("DELETE FROM policy_subjects", args![]).await;
    assert_eq!(rule(my_access::extend(app, me, &form(held)).await), "not-in-scope");
    assert!(w.holds(me).await, "what was given stays");
}

async fn f083_f141_more_time_that_waits_keeps_nobody_from_ending_the_access(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let ada = w.person("Ada").await;
    let held = w.given(me).await;
    w.stages(&[stage(&[&ada])]).await;
    w.terms(|terms| {
        terms.approval.required_for_update = true;
        terms.lifecycle.extension_approval = true;
    })
    .await;
    w.after(1).await;
    let waiting = my_access::extend(app, me, &form(held)).await.expect("asked");
    my_access::give_back(app, me, held).await.expect("given back");
    assert!(!w.holds(me).await, "at once");
    let (state, why) = w.state(waiting).await;
    assert_eq!(
        (state, why.as_str()),
        (RequestState::Canceled, "The access ended before it could be extended")
    );
    assert_eq!(w.pending(&ada).await, []);
    w.work().await;
    w.check().await;
}

async fn f141_access_is_given_back_where_the_policy_lets_one(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let stranger = w.person("Stranger").await;
    let held = w.given(me).await;
    w.terms(|terms| terms.requestor.self_remove = false).await;
    assert_eq!(rule(my_access::give_back(app, me, held).await), "no-self-removal");
    w.terms(|terms| terms.requestor.self_remove = true).await;
    assert!(matches!(my_access::give_back(app, &stranger, held).await, Err(Error::NotFound)));
    let id = my_access::give_back(app, me, held).await.expect("given back");
    assert!(!w.holds(me).await);
    assert_eq!(rule(my_access::give_back(app, me, held).await), "already-over");
    w.work().await;
    assert_eq!(w.stands(id).await, RequestState::Delivered);
    w.submit(me, &w.form()).await.expect("it can be asked for again");
    w.work().await;
    assert!(w.holds(me).await);
    w.check().await;
}
