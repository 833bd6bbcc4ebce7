//! Into a stage: whom it asks is found out, they are told, and from then on it waits.

use chrono::{DateTime, Utc};

use crate::domain::approval::{APPROVERS_MAX, ApprovalTerms, StageState, StageTerms, StageTimes, is_deadlocked, votes_needed};
use crate::domain::audit::Activity;
use crate::domain::id::UserId;
use crate::domain::job::JobKind;
use crate::domain::notification::NotificationKind;
use crate::domain::policy::PolicyTerms;
use crate::store::approvals::people::Hold;
use crate::store::approvals::{self, NewApprover, Stage};
use crate::store::jobs::{self, NewJob};
use crate::store::requests::Request;
use crate::store::{StoreError, Tx, users};

use super::super::notifications::{Notice, tell};
use super::super::{App, settle};
use super::resolve::{self, About};
use super::{NOBODY, concerned, date_text, entry, instant, notice};

/// What became of a request that was to wait for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// It waits; its approvers have been told.
    Waiting,
    /// No stage counts for it: it may be carried out.
    NotNeeded,
    /// Nobody could ever decide on it: it has been canceled, and its requestor told.
    Impossible,
}

/// Puts a stored request into its first stage. Whether a decision is needed at all is asked before, by `needed`.
pub async fn start(app: &App, tx: &mut Tx, request: &Request, terms: &PolicyTerms, now: DateTime<Utc>) -> Result<Started, StoreError> {
    enter(app, tx, request, &terms.approval, 0, now).await
}

/// Puts a request into the stage that comes after another.
pub(super) async fn enter(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    terms: &ApprovalTerms,
    after: i64,
    now: DateTime<Utc>,
) -> Result<Started, StoreError> {
    let from = request.starts_at.map_or(now, |at| at.max(now));
    let ends = (from, ends_at(request, from)?);
    let next = resolve::next_stage(tx, terms, after, request.target_id, ends, &request.answers).await?;
    let reached = next.map_or(terms.stages.len() as i64 + 1, |(number, _)| number);
    for skipped in after + 1..reached {
        approvals::insert_stage(tx, &passed_over(request, skipped, now)).await?;
    }
    let Some((number, stage_terms)) = next else {
        return Ok(Started::NotNeeded);
    };
    let asked = resolve::first_asked(tx, stage_terms, &about(request), &[], Hold::Yes, now).await?;
    if is_deadlocked(stage_terms.mode, asked.len()) {
        nobody(app, tx, request, now).await?;
        return Ok(Started::Impossible);
    }
    let all = resolve::with_delegates(tx, &asked, &about(request), request.package_id, now, now).await?;
    let stage = begun(request, number, stage_terms, asked.len(), now);
    approvals::insert_stage(tx, &stage).await?;
    approvals::ask(tx, &stage, &all).await?;
    approvals::wait(tx, request.id, number, stage.due_at).await?;
    look_again(app, tx, &stage, now);
    tell_asked(app, tx, request, &stage, &all, now);
    let names = names(tx, &all).await?;
    let most = if asked.len() >= APPROVERS_MAX {
        ", which is as many as one stage asks"
    } else {
        ""
    };
    entry(request, Activity::StartApproval)
        .detail(format!(
            "Stage {number}: {names} asked to decide by {}{most}",
            date_text(stage.due_at)
        ))
        .write(app, tx)?;
    Ok(Started::Waiting)
}

/// When the access that is asked for ends, if it begins then: when the policy says so, or earlier if that was asked for.
pub(super) fn ends_at(request: &Request, from: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let by_policy = request.expires()?.end(from);
    Ok(match (by_policy, request.ends_at) {
        (Some(end), Some(asked)) => Some(end.min(asked)),
        (end, asked) => end.or(asked),
    })
}

pub(super) fn about(request: &Request) -> About {
    About {
        target: request.target_id,
        requestor: request.requestor_id,
    }
}

fn begun(request: &Request, number: i64, terms: &StageTerms, asked: usize, now: DateTime<Utc>) -> Stage {
    let times = StageTimes::begin(terms, now);
    Stage {
        request_id: request.id,
        stage: number,
        state: StageState::Waiting,
        needed: votes_needed(terms.mode, asked),
        started_at: times.started_at,
        due_at: times.due_at,
        forward_at: times.forward_at,
        forwarded_at: None,
        reminded_at: None,
        nudged_at: None,
        decided_at: None,
    }
}

fn passed_over(request: &Request, number: i64, now: DateTime<Utc>) -> Stage {
    Stage {
        request_id: request.id,
        stage: number,
        state: StageState::Skipped,
        needed: 0,
        started_at: now,
        due_at: now,
        forward_at: None,
        forwarded_at: None,
        reminded_at: None,
        nudged_at: None,
        decided_at: Some(now),
    }
}

/// Makes sure that somebody looks when the next thing of a stage comes due.
pub(super) fn look_again(app: &App, tx: &mut Tx, stage: &Stage, now: DateTime<Utc>) {
    let job = NewJob {
        kind: JobKind::Approval,
        key: format!("approval:{}:{}", stage.request_id, stage.stage),
        subject: Some(stage.request_id.into()),
        run_at: stage.times().next_due(),
    };
    jobs::enqueue(tx, app.ids.id(now), now, job);
}

/// Tells people that they are asked; a delegate learns in whose place.
pub(super) fn tell_asked(app: &App, tx: &mut Tx, request: &Request, stage: &Stage, people: &[NewApprover], now: DateTime<Utc>) {
    let asked = || notice(NotificationKind::ApprovalRequested, request, stage.stage).fact("due_at", instant(stage.due_at));
    let themselves: Vec<UserId> = people.iter().filter(|new| new.via.is_none()).map(|new| new.user).collect();
    tell(app, tx, &asked(), &themselves, now);
    for (user, (via, _)) in people.iter().filter_map(|new| Some((new.user, new.via?))) {
        tell(app, tx, &asked().fact("delegator_id", via.to_string()), &[user], now);
    }
}

/// Nobody could ever decide: the request comes to nothing, and says so.
pub(super) async fn nobody(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    settle::cancel(app, tx, request, NOBODY, now).await?;
    let notice = Notice::about_request(NotificationKind::RequestCanceled, request.package_id, request.id).fact("reason", NOBODY);
    tell(app, tx, &notice, &concerned(request), now);
    Ok(())
}

/// People in a sentence.
pub(super) async fn names(tx: &mut Tx, people: &[NewApprover]) -> Result<String, StoreError> {
    const NAMED: usize = 10;
    let ids: Vec<UserId> = people.iter().take(NAMED).map(|new| new.user).collect();
    let mut names: Vec<String> = users::by_ids(tx, &ids).await?.into_iter().map(|user| user.name).collect();
    names.sort_unstable();
    let more = people.len().saturating_sub(NAMED);
    let named = names.join(", ");
    Ok(if more == 0 { named } else { format!("{named} and {more} more") })
}

/// A stage was approved: the next one begins or, if that was the last, the request is carried out.
pub(super) async fn go_on(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    terms: &ApprovalTerms,
    stage: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match enter(app, tx, request, terms, stage, now).await? {
        Started::NotNeeded => super::approved(app, tx, request, now).await,
        Started::Waiting | Started::Impossible => Ok(()),
    }
}
