//! What approvers say. One decision settles a stage however many are made in the same instant: the request's row lets one through, and the
//! other learns who decided and when.

use chrono::{DateTime, Utc};

use crate::domain::access::{Authorized, Principal, Refusal, Scope, UseMyAccess};
use crate::domain::approval::{
    ApproverRole, ApproverState, DECIDED_TOGETHER_MAX, Decision, DecisionFacts, DecisionForm, DecisionOutcome, StageState, Verdict,
    check_reason, may_decide, own_request, verdict,
};
use crate::domain::audit::Activity;
use crate::domain::id::{RequestId, UserId};
use crate::domain::notification::NotificationKind;
use crate::domain::policy::PolicyTerms;
use crate::domain::request::RequestState;
use crate::domain::validate::Code;
use crate::store::approvals::{self, Approver, Stage};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, policies};

use super::super::audit::Entry;
use super::super::notifications::{Notice, tell};
use super::super::{App, Error, incompatibilities};
use super::read::not_approver;
use super::start::{ends_at, go_on};
use super::{concerned, date_text, notice, target};

/// Decides on a request that one is asked about (F087, F089, F095).
pub async fn decide(app: &App, actor: &Principal, id: RequestId, decision: Decision, reason: &str) -> Result<(), Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = (actor.person()?.id, actor.name.as_str());
    let mut tx = app.store.write().await?;
    take(app, &mut tx, (&granted, me), id, (decision, reason)).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// Decides in one stage of a request (F173). Whoever is not asked there is told so, and whoever comes late learns who decided.
pub async fn decide_stage(
    app: &App,
    actor: &Principal,
    (id, stage): (RequestId, i64),
    decision: Decision,
    reason: &str,
) -> Result<(), Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = (actor.person()?.id, actor.name.as_str());
    let mut tx = app.store.write().await?;
    let (request, _) = requests::lock(&mut tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    let reached = approvals::stage(&mut tx, id, stage).await?.ok_or(Error::NotFound)?;
    let people = approvals::approvers(&mut tx, id, stage).await?;
    if !people
        .iter()
        .any(|person| person.user_id == me.0 && person.state != ApproverState::Left)
    {
        return Err(not_approver().into());
    }
    if reached.state != StageState::Waiting || request.stage != Some(stage) {
        return Err(settled(&mut tx, &request, stage).await?);
    }
    take(app, &mut tx, (&granted, me), id, (decision, reason)).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// Decides on several requests alike; one that is refused does not keep the others from being decided.
pub async fn decide_many(app: &App, actor: &Principal, form: &DecisionForm) -> Result<Vec<DecisionOutcome>, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    if form.requests.is_empty() {
        return Err(Error::field("requests", Code::Required));
    }
    if form.requests.len() > DECIDED_TOGETHER_MAX {
        return Err(Error::field("requests", Code::TooMany(DECIDED_TOGETHER_MAX)));
    }
    let mut outcomes = Vec::new();
    for id in &form.requests {
        let refused = match decide(app, actor, *id, form.decision, &form.reason).await {
            Ok(()) => None,
            Err(Error::Refused(refusal)) => Some(refusal.reason),
            Err(Error::Conflict(text)) => Some(text),
            Err(Error::NotFound) => Some("You are not asked about this request, or no longer.".to_owned()),
            // A missing reason is missing for all of them.
            Err(error) => return Err(error),
        };
        outcomes.push(DecisionOutcome { request: *id, refused });
    }
    Ok(outcomes)
}

async fn take(
    app: &App,
    tx: &mut Tx,
    (granted, (me, name)): (&Authorized<UseMyAccess>, (UserId, &str)),
    id: RequestId,
    (decision, reason): (Decision, &str),
) -> Result<(), Error> {
    let now = app.clock.now();
    let (request, _) = requests::lock(tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    let own = request.target_id == me || request.requestor_id == Some(me);
    let (stage, mine, people) = seat(tx, &request, me, own).await?;
    let facts = DecisionFacts {
        own,
        due_at: stage.due_at,
        ends_at: asked_end(&request, now)?,
    };
    may_decide(&facts, decision, now)?;
    if decision == Decision::Approve && request.kind.is_add() {
        incompatibilities::of_request(tx, &request, me, now).await??;
    }
    if let Some(delegation) = mine.delegation_id
        && !approvals::delegations::holds(tx, delegation, now).await?
    {
        return Err(Refusal::new("delegation-over", "The delegation by which you were asked is over.").into());
    }
    let (_, terms) = policies::version(tx, request.policy_version_id).await?.ok_or_else(no_terms)?;
    let reason = check_reason(reason, reason_required(&terms, stage.stage))?;
    approvals::vote(tx, id, stage.stage, me, (decision, &reason), now).await?;
    approvals::close_seat(tx, id, stage.stage, mine.via_id.unwrap_or(me), now).await?;
    write(app, tx, granted, &request, (stage.stage, decision, &reason))?;
    if mine.role == ApproverRole::Delegate {
        tell_delegate(app, tx, &request, &stage, &mine, decision, now);
    }
    let told = Told {
        others: asked_but(&people, me),
        by: name,
        reason: &reason,
    };
    let votes = people.iter().filter_map(|other| other.decision).chain([decision]);
    match verdict(stage.needed, votes) {
        Verdict::Waiting => approvals::wait(tx, id, stage.stage, stage.due_at).await?,
        Verdict::Approved => approve(app, tx, &request, (&stage, &terms), &told, now).await?,
        Verdict::Denied => deny(app, tx, &request, &stage, &told, now).await?,
    }
    Ok(())
}

/// The stage in which somebody is asked, what they are there, and everyone who is or was asked with them.
async fn seat(tx: &mut Tx, request: &Request, me: UserId, own: bool) -> Result<(Stage, Approver, Vec<Approver>), Error> {
    let asked = approvals::of_user(tx, request.id, me).await?;
    let number = match asked {
        Some((number, ApproverState::Open)) => number,
        Some((number, ApproverState::Settled)) => return Err(settled(tx, request, number).await?),
        Some((_, ApproverState::Left)) | None if own => return Err(own_request().into()),
        Some((_, ApproverState::Left)) | None => return Err(Error::NotFound),
    };
    let stage = approvals::stage(tx, request.id, number).await?.ok_or(Error::NotFound)?;
    let people = approvals::approvers(tx, request.id, number).await?;
    let mine = people.iter().find(|other| other.user_id == me).cloned().ok_or(Error::NotFound)?;
    if request.state == RequestState::PendingApproval && stage.state == StageState::Waiting {
        Ok((stage, mine, people))
    } else {
        Err(settled(tx, request, number).await?)
    }
}

/// The stage was settled before: who decided, and when; or why there is nothing to decide (F087).
async fn settled(tx: &mut Tx, request: &Request, number: i64) -> Result<Error, StoreError> {
    let people = approvals::approvers_named(tx, request.id).await?;
    let of_stage = people.into_iter().filter(|(stage, _)| *stage == number);
    let last = of_stage
        .map(|(_, person)| person)
        .filter(|person| person.decision.is_some())
        .max_by_key(|person| person.decided_at);
    let said = |decision| match decision {
        Some(Decision::Deny) => "denied",
        _ => "approved",
    };
    Ok(Error::Conflict(match (last, request.state) {
        (Some(person), _) => format!(
            "{} {} this request on {}. There is nothing left to decide here.",
            person.user.name,
            said(person.decision),
            person.decided_at.map(date_text).unwrap_or_default()
        ),
        (None, RequestState::Expired) => "Nobody decided on this request in time, so it has expired.".to_owned(),
        (None, _) => "This request was taken back or came to nothing. There is nothing left to decide.".to_owned(),
    }))
}

/// When the access that is asked for would end if it began now, or as soon as it was asked for.
fn asked_end(request: &Request, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    ends_at(request, request.starts_at.map_or(now, |at| at.max(now)))
}

pub(super) fn reason_required(terms: &PolicyTerms, stage: i64) -> bool {
    terms.approval.stage(stage).is_some_and(|stage| stage.justification_required)
}

pub(super) fn no_terms() -> StoreError {
    StoreError::Inconsistent("a request names a version of a policy that is not there".into())
}

/// What a settled stage's approvers learn (feature map 5.7, mails 7, 8 and 16).
pub(super) struct Told<'a> {
    /// Everyone who was asked, but for whoever decided.
    pub others: Vec<UserId>,
    /// The name of whoever decided; empty where nobody did at this moment.
    pub by: &'a str,
    /// Why.
    pub reason: &'a str,
}

impl Told<'_> {
    fn tell(&self, app: &App, tx: &mut Tx, kind: NotificationKind, request: &Request, stage: &Stage, now: DateTime<Utc>) {
        let notice = notice(kind, request, stage.stage).fact("by", self.by).fact("reason", self.reason);
        tell(app, tx, &notice, &self.others, now);
    }
}

/// Everyone who is asked, or who was and has voted, but for one.
pub(super) fn asked_but(people: &[Approver], me: UserId) -> Vec<UserId> {
    let asked = people
        .iter()
        .filter(|other| other.user_id != me && (other.state != ApproverState::Left || other.decision.is_some()));
    asked.map(|other| other.user_id).collect()
}

/// A stage has enough votes: all who were asked are told, and the request goes on.
pub(super) async fn approve(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    (stage, terms): (&Stage, &PolicyTerms),
    told: &Told<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    approvals::settle(tx, request.id, stage.stage, StageState::Approved, now).await?;
    told.tell(app, tx, NotificationKind::ApprovalGiven, request, stage, now);
    go_on(app, tx, request, &terms.approval, stage.stage, now).await
}

async fn deny(app: &App, tx: &mut Tx, request: &Request, stage: &Stage, told: &Told<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let reason = told.reason;
    approvals::settle(tx, request.id, stage.stage, StageState::Denied, now).await?;
    requests::advance(tx, &[request], &[RequestState::Denied], reason, now).await?;
    told.tell(app, tx, NotificationKind::ApprovalDenied, request, stage, now);
    let notice = Notice::about_request(NotificationKind::RequestDenied, request.package_id, request.id).fact("reason", reason);
    tell(app, tx, &notice, &concerned(request), now);
    Ok(())
}

/// The requestor learns that somebody else decided than was asked at first.
fn tell_delegate(app: &App, tx: &mut Tx, request: &Request, stage: &Stage, mine: &Approver, decision: Decision, now: DateTime<Utc>) {
    use crate::domain::text::StringEnum;
    let notice = notice(NotificationKind::DelegateDecided, request, stage.stage)
        .fact("delegate_id", mine.user_id.to_string())
        .fact("delegator_id", mine.via_id.map(|via| via.to_string()))
        .fact("decision", decision.as_str());
    tell(app, tx, &notice, &concerned(request), now);
}

fn write(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<UseMyAccess>,
    request: &Request,
    (stage, decision, reason): (i64, Decision, &str),
) -> Result<(), StoreError> {
    let activity = match decision {
        Decision::Approve => Activity::ApproveRequest,
        Decision::Deny => Activity::DenyRequest,
    };
    let detail = if reason.is_empty() {
        format!("Stage {stage}")
    } else {
        format!("Stage {stage}: {reason}")
    };
    Entry::by_principal(granted, activity, target(request))
        .detail(detail)
        .correlation(request.id)
        .write(app, tx)
}
