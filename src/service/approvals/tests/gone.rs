//! A request that waits while those who were to decide are deleted, and access that is removed while an extension waits: each comes to an
//! end that can be seen.

use super::world::{World, stage};
use crate::both_databases;
use crate::domain::approval::StageTerms;
use crate::domain::group::GroupRole;
use crate::domain::request::RequestState::*;
use crate::domain::request::{ExtendForm, SubmitForm};
use crate::domain::subject::SubjectSet;
use crate::service::approvals::NOBODY;
use crate::service::{assignments, groups, my_access};
use crate::testing::{TestApp, id_of};

both_databases!(
    f090_a_deleted_manager_makes_way_for_the_fallback,
    f093_a_deleted_group_makes_way_for_the_fallback_or_ends_the_request,
    f083_f123_more_time_that_waits_keeps_no_administrator_from_removing_the_access,
);

async fn f090_a_deleted_manager_makes_way_for_the_fallback(bench: TestApp) {
    let w = World::new(bench).await;
    let (boss, ada) = (w.person("Boss").await, w.person("Ada").await);
    w.set_manager(&w.fixture.user, &boss).await;
    w.stages(&[StageTerms {
        approvers: vec![SubjectSet::RequestorManager(1)],
        fallbacks: vec![SubjectSet::User(id_of(&ada))],
        ..stage(&[])
    }])
    .await;
    let id = w.ask(&w.fixture.user).await;
    assert_eq!((w.pending(&boss).await, w.pending(&ada).await), (vec![id], vec![]));
    w.delete(&boss).await;
    w.work().await;
    assert_eq!(w.pending(&ada).await, [id]);
    assert_eq!(w.told(&ada).await["approval_requested"], 1);
    w.approve(&ada, id).await;
    w.work().await;
    assert_eq!(w.state(id).await.0, Delivered);
    w.check().await;
}

async fn f093_a_deleted_group_makes_way_for_the_fallback_or_ends_the_request(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, admin) = (&w.fixture.app, &w.fixture.admin);
    let (ada, bob, dan) = (w.person("Ada").await, w.person("Bob").await, w.person("Dan").await);
    let group = w.fixture.group("Approvers", false).await.id;
    groups::add_members(app, admin, group, GroupRole::Member, &[id_of(&ada)])
        .await
        .expect("added");
    let members = |fallbacks: &[SubjectSet]| StageTerms {
        approvers: vec![SubjectSet::GroupMembers(group)],
        fallbacks: fallbacks.to_vec(),
        ..stage(&[])
    };
    w.stages(&[members(&[SubjectSet::User(id_of(&bob))])]).await;
    let helped = w.ask(&w.fixture.user).await;
    w.stages(&[members(&[])]).await;
    let alone = w.ask(&dan).await;
    let version = groups::get(app, admin, group).await.expect("the group").version;
    groups::delete(app, admin, group, version).await.expect("deleted");
    w.work().await;
    assert_eq!((w.pending(&ada).await, w.pending(&bob).await), (vec![], vec![helped]));
    assert_eq!(w.state(alone).await, (Canceled, NOBODY.to_owned()));
    assert!(w.told(&dan).await.contains_key("request_canceled"), "never a silent wait");
    w.check().await;
}

async fn f083_f123_more_time_that_waits_keeps_no_administrator_from_removing_the_access(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, admin, me) = (&w.fixture.app, &w.fixture.admin, &w.fixture.user);
    let ada = w.person("Ada").await;
    my_access::submit(app, me, &SubmitForm::new(w.package, "For the campaign"))
        .await
        .expect("submitted");
    w.work().await;
    w.stages(&[stage(&[&ada])]).await;
    w.terms(|terms| {
        terms.approval.required_for_update = true;
        terms.lifecycle.extension_approval = true;
    })
    .await;
    // Some of the time that the policy gives has passed, so that there is more to ask for.
    w.after(5).await;
    let (held, version): (uuid::Uuid, i64) = {
        let mut tx = app.store.read().await.expect("tx");
        tx.one("SELECT id, version FROM assignments", Vec::new()).await.expect("access")
    };
    let form = ExtendForm {
        assignment: held.into(),
        justification: "It goes on".into(),
        asked_until: String::new(),
    };
    let waiting = my_access::extend(app, me, &form).await.expect("asked");
    assert_eq!(w.pending(&ada).await, [waiting]);
    assignments::remove(app, admin, held.into(), version).await.expect("removed");
    assert_eq!(w.state(waiting).await, (Canceled, "An administrator removed the access".to_owned()));
    assert_eq!(w.pending(&ada).await, []);
    w.work().await;
    assert!(!w.fixture.holds(&w.group, 0).await);
    w.after(40).await;
    assert_eq!(w.state(waiting).await.0, Canceled);
    w.check().await;
}
