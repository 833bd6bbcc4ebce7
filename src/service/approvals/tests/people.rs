//! People who come and go while a request waits, and who stands in for whom.

use chrono::Duration;

use super::world::{World, stage};
use crate::args;
use crate::both_databases;
use crate::domain::approval::{APPROVERS_MAX, ApprovalTab, Decision, DecisionMode, DelegationForm, DelegationState, StageTerms};
use crate::domain::group::GroupRole;
use crate::domain::request::RequestState::*;
use crate::domain::subject::SubjectSet;
use crate::service::approvals::{self, NOBODY, Started};
use crate::service::packages::tests::world::rule;
use crate::service::{Error, groups};
use crate::store::approvals::people;
use crate::testing::{TestApp, id_of};

both_databases!(
    f090_the_manager_is_asked_and_a_fallback_where_there_is_none,
    f092_sponsors_are_asked_and_a_fallback_where_there_is_none,
    f093_any_member_of_a_group_decides,
    f093_who_leaves_the_group_is_asked_no_more,
    f094_a_blocked_or_deleted_approver_makes_way,
    f088_who_leaves_is_waited_for_no_more,
    f097_with_nobody_left_the_request_says_so,
    f147_a_delegate_decides_in_the_period_and_sees_the_origin,
    f147_a_delegate_cannot_redelegate_nor_decide_on_their_own,
    f147_a_delegation_is_changed_and_ended,
    f147_one_seat_has_one_vote,
    f147_a_delegate_who_has_voted_is_not_waited_for_again,
    a_set_up_that_could_only_time_out_is_named,
    f093_a_stage_that_names_more_people_than_it_asks_says_so,
);

async fn f090_the_manager_is_asked_and_a_fallback_where_there_is_none(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob, dan) = (w.person("Ada").await, w.person("Bob").await, w.person("Dan").await);
    w.stages(&[StageTerms {
        approvers: vec![SubjectSet::RequestorManager(1)],
        fallbacks: vec![SubjectSet::User(id_of(&bob))],
        ..stage(&[])
    }])
    .await;
    w.set_manager(&w.fixture.user, &ada).await;
    let id = w.ask(&w.fixture.user).await;
    assert_eq!((w.pending(&ada).await, w.pending(&bob).await), (vec![id], vec![]));
    let other = w.ask(&dan).await;
    assert_eq!((w.pending(&ada).await, w.pending(&bob).await), (vec![id], vec![other]));
    w.approve(&bob, other).await;
    // The manager asked for the report, and does not decide on that.
    let (mut request, terms) = w.draft(&w.person("Eve").await).await;
    w.set_manager(&w.person("Unused").await, &ada).await;
    w.fixture
        .exec(
            "UPDATE users SET manager_id = $2 WHERE id = $1",
            crate::args![request.target_id, id_of(&ada)],
        )
        .await;
    request.requestor_id = Some(id_of(&ada));
    w.put(&request, &terms).await.expect("stored");
    assert_eq!(w.pending(&bob).await, [request.id]);
}

async fn f092_sponsors_are_asked_and_a_fallback_where_there_is_none(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.stages(&[StageTerms {
        approvers: vec![SubjectSet::TargetUserSponsors],
        fallbacks: vec![SubjectSet::User(id_of(&bob))],
        ..stage(&[])
    }])
    .await;
    let mut tx = w.fixture.app.store.write().await.expect("tx");
    people::set_sponsors(&mut tx, id_of(&w.fixture.user), &[id_of(&ada)])
        .await
        .expect("kept");
    tx.commit().await.expect("commit");
    let (id, other) = (w.ask(&w.fixture.user).await, w.ask(&w.person("Dan").await).await);
    assert_eq!((w.pending(&ada).await, w.pending(&bob).await), (vec![id], vec![other]));
}

async fn f093_any_member_of_a_group_decides(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob, owner) = (w.person("Ada").await, w.person("Bob").await, w.person("Owner").await);
    let approvers = w.fixture.group("Approvers", false).await;
    let (app, admin) = (&w.fixture.app, &w.fixture.admin);
    groups::add_members(app, admin, approvers.id, GroupRole::Member, &[id_of(&ada), id_of(&bob)])
        .await
        .expect("added");
    groups::add_members(app, admin, approvers.id, GroupRole::Owner, &[id_of(&owner)])
        .await
        .expect("added");
    w.stages(&[StageTerms {
        approvers: vec![SubjectSet::GroupMembers(approvers.id)],
        ..stage(&[])
    }])
    .await;
    let id = w.ask(&w.fixture.user).await;
    assert_eq!(w.pending(&bob).await, [id]);
    assert!(matches!(w.decide(&owner, id, Decision::Approve).await, Err(Error::NotFound)));
    w.approve(&ada, id).await;
    assert_eq!(w.tab(&bob, ApprovalTab::History).await, [id]);
}

async fn f093_who_leaves_the_group_is_asked_no_more(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob, cleo) = (w.person("Ada").await, w.person("Bob").await, w.person("Cleo").await);
    let approvers = w.fixture.group("Approvers", false).await;
    let (app, admin) = (&w.fixture.app, &w.fixture.admin);
    groups::add_members(app, admin, approvers.id, GroupRole::Member, &[id_of(&ada), id_of(&bob)])
        .await
        .expect("added");
    w.stages(&[StageTerms {
        approvers: vec![SubjectSet::GroupMembers(approvers.id)],
        fallbacks: vec![SubjectSet::User(id_of(&cleo))],
        ..stage(&[])
    }])
    .await;
    let id = w.ask(&w.fixture.user).await;
    groups::remove_member(app, admin, approvers.id, GroupRole::Member, id_of(&ada))
        .await
        .expect("removed");
    w.work().await;
    assert_eq!(
        (w.pending(&ada).await, w.pending(&bob).await, w.pending(&cleo).await),
        (vec![], vec![id], vec![])
    );
    assert!(matches!(w.decide(&ada, id, Decision::Approve).await, Err(Error::NotFound)));
    assert_eq!(w.tab(&ada, ApprovalTab::History).await, []);
    let version = {
        let mut tx = app.store.read().await.expect("tx");
        crate::store::groups::find(&mut tx, approvers.id)
            .await
            .expect("read")
            .expect("a group")
            .version
    };
    groups::delete(app, admin, approvers.id, version).await.expect("deleted");
    w.work().await;
    assert_eq!((w.pending(&bob).await, w.pending(&cleo).await), (vec![], vec![id]));
    assert_eq!(w.told(&cleo).await["approval_requested"], 1);
}

async fn f094_a_blocked_or_deleted_approver_makes_way(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob, cleo) = (w.person("Ada").await, w.person("Bob").await, w.person("Cleo").await);
    w.set_manager(&w.fixture.user, &ada).await;
    w.stages(&[StageTerms {
        approvers: vec![SubjectSet::RequestorManager(1)],
        fallbacks: vec![SubjectSet::User(id_of(&bob)), SubjectSet::User(id_of(&cleo))],
        ..stage(&[])
    }])
    .await;
    let id = w.ask(&w.fixture.user).await;
    w.set_enabled(&ada, false).await;
    w.work().await;
    assert_eq!(
        (w.pending(&ada).await, w.pending(&bob).await, w.pending(&cleo).await),
        (vec![], vec![id], vec![id])
    );
    w.delete(&bob).await;
    w.work().await;
    assert_eq!((w.pending(&bob).await, w.pending(&cleo).await), (vec![], vec![id]));
    w.approve(&cleo, id).await;
    w.work().await;
    assert_eq!(w.state(id).await.0, Delivered);
}

async fn f088_who_leaves_is_waited_for_no_more(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.stages(&[StageTerms {
        mode: DecisionMode::AllOf,
        ..stage(&[&ada, &bob])
    }])
    .await;
    let id = w.ask(&w.fixture.user).await;
    w.approve(&ada, id).await;
    assert_eq!(w.state(id).await.0, PendingApproval);
    w.delete(&bob).await;
    w.work().await;
    assert_eq!(w.state(id).await.0, Delivered, "all who are left have said yes");
    // A vote stays when the voter goes.
    let cleo = w.person("Cleo").await;
    w.stages(&[StageTerms {
        mode: DecisionMode::AllOf,
        ..stage(&[&ada, &cleo])
    }])
    .await;
    let id = w.ask(&w.person("Dan").await).await;
    w.approve(&ada, id).await;
    w.delete(&ada).await;
    w.work().await;
    assert_eq!(w.state(id).await.0, PendingApproval);
    w.approve(&cleo, id).await;
    w.work().await;
    assert_eq!(w.state(id).await.0, Delivered);
}

async fn f097_with_nobody_left_the_request_says_so(bench: TestApp) {
    let w = World::new(bench).await;
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&w.fixture.user])]).await;
    let (request, terms) = w.draft(&w.fixture.user).await;
    assert_eq!(w.put(&request, &terms).await.expect("stored"), Started::Impossible);
    assert_eq!(w.state(request.id).await, (Canceled, NOBODY.to_owned()));
    assert_eq!(w.told(&w.fixture.user).await["request_canceled"], 1);
    w.stages(&[stage(&[&ada])]).await;
    let id = w.ask(&w.fixture.user).await;
    w.delete(&ada).await;
    w.work().await;
    assert_eq!(w.state(id).await, (Canceled, NOBODY.to_owned()));
    assert_eq!(w.told(&w.fixture.user).await["request_canceled"], 2);
    w.after(40).await;
    assert_eq!(w.state(id).await.0, Canceled);
    assert!(!w.fixture.holds(&w.group, 0).await);
}

fn to(delegate: &crate::domain::access::Principal) -> DelegationForm {
    DelegationForm {
        delegate: delegate.user_name.clone(),
        package: None,
        starts_at: None,
        ends_at: None,
        waiting: false,
    }
}

async fn f147_a_delegate_decides_in_the_period_and_sees_the_origin(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.stages(&[stage(&[&ada])]).await;
    let app = &w.fixture.app;
    let before = w.ask(&w.person("Before").await).await;
    let now = app.clock.now();
    let form = DelegationForm {
        starts_at: Some(now + Duration::days(1)),
        ends_at: Some(now + Duration::days(3)),
        ..to(&bob)
    };
    approvals::save_delegation(app, &ada, None, &form).await.expect("delegated");
    assert_eq!(w.told(&bob).await["delegate_assigned"], 1);
    let early = w.ask(&w.person("Early").await).await;
    w.after(1).await;
    assert_eq!(w.pending(&bob).await, [], "only what is new is delegated");
    let (inside, too) = (w.ask(&w.fixture.user).await, w.ask(&w.person("Too").await).await);
    assert_eq!(w.pending(&bob).await, [inside, too]);
    assert_eq!(
        w.pending(&ada).await,
        [before, early, inside, too],
        "whoever delegates may still decide"
    );
    let seen = approvals::detail(app, &bob, inside).await.expect("detail");
    assert_eq!(seen.item.origin.map(|origin| origin.name).as_deref(), Some("Ada"));
    w.approve(&bob, inside).await;
    assert_eq!(w.told(&w.fixture.user).await["delegate_decided"], 1);
    w.fixture.bench.clock.advance(Duration::days(2));
    assert_eq!(rule(w.decide(&bob, too, Decision::Approve).await), "delegation-over");
    w.work().await;
    assert_eq!(w.pending(&bob).await, []);
    w.ask(&w.person("After").await).await;
    assert_eq!(w.pending(&bob).await, []);
    assert_eq!(w.state(inside).await.0, Delivered);
}

async fn f147_a_delegate_cannot_redelegate_nor_decide_on_their_own(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob, cleo) = (w.person("Ada").await, w.person("Bob").await, w.person("Cleo").await);
    w.stages(&[stage(&[&ada])]).await;
    let app = &w.fixture.app;
    approvals::save_delegation(app, &ada, None, &to(&bob)).await.expect("delegated");
    approvals::save_delegation(app, &bob, None, &to(&cleo)).await.expect("delegated");
    approvals::save_delegation(app, &ada, None, &to(&w.fixture.user))
        .await
        .expect("delegated");
    let id = w.ask(&w.fixture.user).await;
    assert_eq!((w.pending(&bob).await, w.pending(&cleo).await), (vec![id], vec![]));
    assert_eq!(w.pending(&w.fixture.user).await, [], "not as a delegate either");
    assert_eq!(rule(w.decide(&w.fixture.user, id, Decision::Approve).await), "own-request");
    let own = w.ask(&bob).await;
    assert_eq!(w.pending(&bob).await, [id]);
    assert_eq!(w.pending(&w.fixture.user).await, [own]);
}

async fn f147_a_delegation_is_changed_and_ended(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob, cleo) = (w.person("Ada").await, w.person("Bob").await, w.person("Cleo").await);
    w.stages(&[stage(&[&ada])]).await;
    let app = &w.fixture.app;
    let id = w.ask(&w.fixture.user).await;
    let form = DelegationForm {
        package: Some(w.package),
        waiting: true,
        ..to(&bob)
    };
    let delegation = approvals::save_delegation(app, &ada, None, &form).await.expect("delegated");
    w.work().await;
    assert_eq!(w.pending(&bob).await, [id], "what waits already too");
    assert!(matches!(
        approvals::save_delegation(app, &bob, Some((delegation, 1)), &form).await,
        Err(Error::NotFound)
    ));
    let form = DelegationForm {
        delegate: "Cleo".into(),
        ..form
    };
    approvals::save_delegation(app, &ada, Some((delegation, 1)), &form)
        .await
        .expect("changed");
    w.work().await;
    assert_eq!((w.pending(&bob).await, w.pending(&cleo).await), (vec![], vec![id]));
    assert!(matches!(
        approvals::end_delegation(app, &ada, delegation, 1).await,
        Err(Error::Conflict(_))
    ));
    approvals::end_delegation(app, &ada, delegation, 2).await.expect("ended");
    w.work().await;
    assert_eq!((w.pending(&cleo).await, w.pending(&ada).await), (vec![], vec![id]));
    assert_eq!(rule(approvals::end_delegation(app, &ada, delegation, 3).await), "delegation-over");
    let listed = approvals::delegations(app, &ada).await.expect("a list").items;
    assert_eq!(
        (listed.len(), listed[0].state, listed[0].delegate.name.as_str()),
        (1, DelegationState::Ended, "Cleo")
    );
    // Another package is not what was delegated.
    let other = w.fixture.package("Other", &[]).await;
    let form = DelegationForm {
        package: Some(other),
        ..to(&bob)
    };
    approvals::save_delegation(app, &ada, None, &form).await.expect("delegated");
    w.ask(&w.person("Dan").await).await;
    assert_eq!(w.pending(&bob).await, []);
}

async fn f147_one_seat_has_one_vote(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob, cleo) = (w.person("Ada").await, w.person("Bob").await, w.person("Cleo").await);
    w.stages(&[StageTerms {
        mode: DecisionMode::AllOf,
        ..stage(&[&ada, &bob])
    }])
    .await;
    let app = &w.fixture.app;
    approvals::save_delegation(app, &ada, None, &to(&cleo)).await.expect("delegated");
    approvals::save_delegation(app, &bob, None, &to(&cleo)).await.expect("delegated");
    let id = w.ask(&w.fixture.user).await;
    w.approve(&cleo, id).await;
    assert_eq!(w.state(id).await.0, PendingApproval, "one person has one vote, whoever delegates");
    assert_eq!(
        (w.pending(&ada).await, w.pending(&bob).await, w.pending(&cleo).await),
        (vec![], vec![id], vec![])
    );
    w.approve(&bob, id).await;
    w.work().await;
    assert_eq!(w.state(id).await.0, Delivered);
}

async fn f147_a_delegate_who_has_voted_is_not_waited_for_again(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob, cleo) = (w.person("Ada").await, w.person("Bob").await, w.person("Cleo").await);
    let approvers = w.fixture.group("Approvers", false).await;
    let (app, admin) = (&w.fixture.app, &w.fixture.admin);
    let members = [id_of(&ada), id_of(&bob)];
    groups::add_members(app, admin, approvers.id, GroupRole::Member, &members)
        .await
        .expect("added");
    w.stages(&[StageTerms {
        approvers: vec![SubjectSet::GroupMembers(approvers.id)],
        mode: DecisionMode::AllOf,
        ..stage(&[])
    }])
    .await;
    approvals::save_delegation(app, &ada, None, &to(&cleo)).await.expect("delegated");
    let id = w.ask(&w.fixture.user).await;
    w.approve(&cleo, id).await;
    // The delegate becomes a member, and somebody else leaves: who decides is found out anew.
    groups::add_members(app, admin, approvers.id, GroupRole::Member, &[id_of(&cleo)])
        .await
        .expect("added");
    w.set_enabled(&bob, false).await;
    w.work().await;
    assert_eq!(w.state(id).await.0, Delivered, "Ada's vote was the last that was waited for");
}

async fn a_set_up_that_could_only_time_out_is_named(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    let empty = w.fixture.group("Empty", false).await;
    let members = |group| StageTerms {
        approvers: vec![SubjectSet::GroupMembers(group)],
        ..stage(&[])
    };
    let two = StageTerms {
        mode: DecisionMode::AtLeast(2),
        ..stage(&[&ada, &bob])
    };
    w.stages(&[stage(&[&ada]), members(empty.id), two]).await;
    let (request, terms) = w.draft(&w.fixture.user).await;
    let app = &w.fixture.app;
    let mut tx = app.store.read().await.expect("tx");
    let now = app.clock.now();
    let faulty = approvals::faulty(&mut tx, &terms.approval, now).await.expect("stages");
    assert_eq!((faulty.deadlocked, faulty.crowded), (vec![2], vec![]));
    let prospect = |target| approvals::Prospect {
        about: approvals::About {
            target,
            requestor: Some(target),
        },
        from: now,
        until: None,
        answers: &[],
    };
    let seen = approvals::preview(&mut tx, &terms.approval, &prospect(request.target_id), now)
        .await
        .expect("stages");
    assert_eq!(seen.iter().map(|stage| stage.deadlocked).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(
        seen[2].approvers.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(),
        ["Ada", "Bob"]
    );
    let own = approvals::preview(&mut tx, &terms.approval, &prospect(id_of(&ada)), now)
        .await
        .expect("stages");
    assert_eq!(own.iter().map(|stage| stage.deadlocked).collect::<Vec<_>>(), [true, true, true]);
}

async fn f093_a_stage_that_names_more_people_than_it_asks_says_so(bench: TestApp) {
    let w = World::new(bench).await;
    let (ada, all) = (w.person("Ada").await, w.fixture.group("Everyone", false).await);
    let app = &w.fixture.app;
    let now = app.clock.now();
    let members = |group| StageTerms {
        approvers: vec![SubjectSet::GroupMembers(group)],
        ..stage(&[])
    };
    w.stages(&[stage(&[&ada]), members(all.id)]).await;
    let (_, terms) = w.draft(&w.fixture.user).await;
    let crowded = async || {
        let mut tx = app.store.read().await.expect("tx");
        approvals::faulty(&mut tx, &terms.approval, now).await.expect("stages").crowded
    };
    let mut people = Vec::new();
    for number in 0..=APPROVERS_MAX {
        people.push(id_of(&w.person(&format!("Approver {number}")).await));
    }
    for some in people[..APPROVERS_MAX].chunks(100) {
        crate::service::groups::add_members(app, &w.fixture.admin, all.id, GroupRole::Member, some)
            .await
            .expect("added");
    }
    assert_eq!(crowded().await, [0_i64; 0]);
    crate::service::groups::add_members(app, &w.fixture.admin, all.id, GroupRole::Member, &people[APPROVERS_MAX..])
        .await
        .expect("added");
    assert_eq!(crowded().await, [2]);
    let policy: uuid::Uuid = {
        let mut tx = app.store.read().await.expect("tx");
        tx.value("SELECT id FROM policies WHERE package_id = $1", args![w.package])
            .await
            .expect("a policy")
    };
    let shown = crate::service::policies::get(app, &w.fixture.admin, policy.into())
        .await
        .expect("a policy");
    assert!(
        shown.warnings.iter().any(|text| text.contains("more than 1000 people")),
        "{:?}",
        shown.warnings
    );
}
