//! Who decides, found out anew: when somebody who is asked is deleted, blocked or leaves a group, and when a delegation begins or ends. Work
//! for the queue, one job a request, because one person may be asked about thousands.

use chrono::{DateTime, Utc};

use crate::domain::approval::{ApproverRole, ApproverState, Decision, DecisionMode, StageTerms, is_deadlocked, votes_needed};
use crate::domain::audit::Activity;
use crate::domain::id::{ObjectId, RequestId, UserId};
use crate::domain::job::JobKind;
use crate::store::approvals::people::Hold;
use crate::store::approvals::{self, Approver, NewApprover, Stage};
use crate::store::jobs::{self, NewJob};
use crate::store::requests::Request;
use crate::store::{StoreError, Tx, policies};

use super::super::App;
use super::decide::{Told, approve, no_terms};
use super::due::{open, waiting};
use super::entry;
use super::resolve;
use super::start::{about, names, nobody, tell_asked};

/// Something happened to people that may decide whether they are asked: they were deleted, blocked, let in again, or left a group.
pub async fn people_changed(app: &App, tx: &mut Tx, people: &[UserId], now: DateTime<Utc>) -> Result<(), StoreError> {
    let requests = approvals::requests_asking(tx, people).await?;
    enqueue(app, tx, &requests, now);
    Ok(())
}

/// A group is deleted: its members are asked no more.
pub async fn group_changed(app: &App, tx: &mut Tx, group: ObjectId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let requests = approvals::requests_asking_group(tx, group).await?;
    enqueue(app, tx, &requests, now);
    Ok(())
}

pub(super) fn enqueue(app: &App, tx: &mut Tx, requests: &[RequestId], now: DateTime<Utc>) {
    for id in requests {
        let job = NewJob {
            kind: JobKind::Approvers,
            key: format!("approvers:{id}"),
            subject: Some((*id).into()),
            run_at: now,
        };
        jobs::enqueue(tx, app.ids.id(now), now, job);
    }
}

/// What is to change about whom a stage asks.
struct Difference {
    /// Are asked from now on.
    new: Vec<NewApprover>,
    /// Are no longer.
    gone: Vec<UserId>,
}

impl Difference {
    fn between(people: &[Approver], wanted: &[NewApprover]) -> Self {
        let is_open = |user: UserId| {
            people
                .iter()
                .any(|person| person.user_id == user && person.state == ApproverState::Open)
        };
        let settled = |user: UserId| {
            people
                .iter()
                .any(|person| person.user_id == user && person.state == ApproverState::Settled)
        };
        let stays = |person: &Approver| {
            let via = person.via_id.zip(person.delegation_id);
            wanted.iter().any(|new| new.user == person.user_id && new.via == via)
        };
        let open = people.iter().filter(|person| person.state == ApproverState::Open);
        let gone: Vec<UserId> = open.filter(|person| !stays(person)).map(|person| person.user_id).collect();
        let comes = |new: &&NewApprover| !settled(new.user) && (!is_open(new.user) || gone.contains(&new.user));
        Self {
            new: wanted.iter().filter(comes).copied().collect(),
            gone,
        }
    }
}

/// Finds out anew who decides on a request that waits.
pub(super) async fn run(app: &App, tx: &mut Tx, id: RequestId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some((request, mut stage, people)) = waiting(tx, id).await? else {
        return Ok(());
    };
    if stage.times().is_over(now) {
        return Ok(());
    }
    let (_, terms) = policies::version(tx, request.policy_version_id).await?.ok_or_else(no_terms)?;
    let Some(stage_terms) = terms.approval.stage(stage.stage) else {
        return Ok(());
    };
    let mut asked = wanted(tx, &request, &stage, stage_terms, &people, now).await?;
    // Whoever has voted in another's place has no second vote, so nobody waits for their own.
    asked.retain(|(user, _)| !has_voted_for_another(&people, *user));
    let still_open = |(user, _): &&(UserId, ApproverRole)| !has_voted(&people, *user);
    let seats: Vec<(UserId, ApproverRole)> = asked.iter().filter(still_open).copied().collect();
    let all = resolve::with_delegates(tx, &seats, &about(&request), request.package_id, stage.started_at, now).await?;
    let difference = Difference::between(&people, &all);
    change(app, tx, &request, &stage, &difference, now).await?;
    let first = asked.iter().filter(|(_, role)| *role != ApproverRole::Alternate).count();
    if stage_terms.mode == DecisionMode::AllOf {
        stage.needed = votes_needed(DecisionMode::AllOf, first);
        approvals::update_stage(tx, &stage).await?;
    }
    let yes = people.iter().filter(|person| person.decision == Some(Decision::Approve)).count();
    if yes as i64 >= stage.needed && yes > 0 {
        let told = Told {
            others: open(&people),
            by: "",
            reason: "",
        };
        return approve(app, tx, &request, (&stage, &terms), &told, now).await;
    }
    // Who voted is among those who were asked.
    if is_deadlocked(stage_terms.mode, asked.len()) {
        return nobody(app, tx, &request, now).await;
    }
    Ok(())
}

/// Whether a vote was cast by a person, or by another in their place.
fn has_voted(people: &[Approver], user: UserId) -> bool {
    let voted = people.iter().filter(|person| person.decision.is_some());
    voted
        .into_iter()
        .any(|person| person.user_id == user || person.via_id == Some(user))
}

/// Whether a person has cast the vote of somebody else.
fn has_voted_for_another(people: &[Approver], user: UserId) -> bool {
    let mut voted = people.iter().filter(|person| person.decision.is_some());
    voted.any(|person| person.user_id == user && person.via_id.is_some())
}

/// Whose seats there are by now: those of who voted stay, whatever has become of them.
async fn wanted(
    tx: &mut Tx,
    request: &Request,
    stage: &Stage,
    terms: &StageTerms,
    people: &[Approver],
    now: DateTime<Utc>,
) -> Result<Vec<(UserId, ApproverRole)>, StoreError> {
    let about = about(request);
    let voters = people.iter().filter(|person| person.decision.is_some());
    let seats: Vec<(UserId, ApproverRole)> = voters
        .map(|person| (person.via_id.unwrap_or(person.user_id), person.role))
        .collect();
    let of_alternates = |user: &UserId| {
        people
            .iter()
            .any(|other| other.user_id == *user && other.role == ApproverRole::Alternate)
    };
    let first: Vec<UserId> = seats.iter().map(|(user, _)| *user).filter(|user| !of_alternates(user)).collect();
    let mut asked = resolve::first_asked(tx, terms, &about, &first, Hold::Yes, now).await?;
    let Some(forwarding) = terms.forwarding.as_ref().filter(|_| stage.forwarded_at.is_some()) else {
        return Ok(asked);
    };
    let mut more = resolve::alternates(tx, forwarding, &about, Hold::Yes, now).await?;
    more.extend(seats.iter().map(|(user, _)| *user).filter(|user| of_alternates(user)));
    for user in more {
        if asked.iter().all(|(other, _)| *other != user) {
            asked.push((user, ApproverRole::Alternate));
        }
    }
    Ok(asked)
}

async fn change(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    stage: &Stage,
    difference: &Difference,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if difference.new.is_empty() && difference.gone.is_empty() {
        return Ok(());
    }
    approvals::leave(tx, request.id, stage.stage, &difference.gone).await?;
    approvals::ask(tx, stage, &difference.new).await?;
    approvals::wait(tx, request.id, stage.stage, stage.due_at).await?;
    tell_asked(app, tx, request, stage, &difference.new, now);
    let gone: Vec<NewApprover> = difference.gone.iter().map(|user| alone(*user)).collect();
    let mut parts = Vec::new();
    for (people, what) in [(&difference.new, "asked"), (&gone, "no longer asked")] {
        if !people.is_empty() {
            parts.push(format!("{} {what}", names(tx, people).await?));
        }
    }
    entry(request, Activity::ChangeApprovers)
        .detail(format!("Stage {}: {}", stage.stage, parts.join("; ")))
        .write(app, tx)
}

fn alone(user: UserId) -> NewApprover {
    NewApprover {
        user,
        role: ApproverRole::Primary,
        via: None,
    }
}
