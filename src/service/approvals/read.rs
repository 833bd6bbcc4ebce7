//! What approvers read: what waits for them, what they were asked before, and everything about one of these (F144, F145).

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, Permission, Principal, ReadMyAccess, ReadRequests, Refusal, Scope};
use crate::domain::approval::{
    ApprovalDetail, ApprovalItem, ApprovalQuery, ApproverDetails, ApproverItem, Decision, DecisionFacts, StageItem, may_decide,
};
use crate::domain::id::RequestId;
use crate::domain::page::Page;
use crate::domain::request::RequestState;
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, approvals, assignments, policies};

use super::super::incompatibilities::{self, Reader};
use super::super::{App, Error, access};
use super::decide::{no_terms, reason_required};
use super::revoke::nothing_left;
use super::start::ends_at;

/// Requests counted for the menu at the most.
const COUNTED_MAX: i64 = 100;

/// A page of what waits for one's decision, or of what one was asked before (F144).
pub async fn list(app: &App, actor: &Principal, query: &ApprovalQuery) -> Result<Page<ApprovalItem>, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let mut tx = app.store.read().await?;
    Ok(approvals::page(&mut tx, me, query).await?)
}

/// How many requests wait for one's decision, counting no further than a hundred.
pub async fn pending(app: &App, actor: &Principal) -> Result<i64, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let mut tx = app.store.read().await?;
    Ok(approvals::pending_count(&mut tx, me, COUNTED_MAX).await?)
}

/// Everything about a request that one is or was asked about; any other is not there (F145, F109).
pub async fn detail(app: &App, actor: &Principal, id: RequestId) -> Result<ApprovalDetail, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let item = approvals::item(&mut tx, me, id).await?.ok_or(Error::NotFound)?;
    let request = requests::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let (_, terms) = policies::version(&mut tx, request.policy_version_id).await?.ok_or_else(no_terms)?;
    let stages = stages(&mut tx, id).await?;
    let from = request.starts_at.map_or(now, |at| at.max(now));
    let asked_until = ends_at(&request, from)?;
    Ok(ApprovalDetail {
        justification: request.justification.clone(),
        answers: request.answers.clone(),
        asked_from: request.starts_at,
        asked_until,
        earlier: approvals::earlier_access(&mut tx, request.target_id, request.package_id).await?,
        reason_required: reason_required(&terms, item.stage),
        decide: decidable(&item, actor, asked_until, now),
        revoke: revocable(&mut tx, &request, &item, &stages, actor, now).await?,
        conflict: incompatibilities::waiting(&mut tx, &request, Reader::Person(me), now).await?,
        assignment: request.assignment_id,
        stages,
        item,
    })
}

/// Whether one may still decide. A yes that came too late is told of when it is tried: a no is still taken then.
fn decidable(item: &ApprovalItem, actor: &Principal, ends_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Permission {
    if item.settled_at.is_some() || item.state != RequestState::PendingApproval {
        return Permission::Denied(Refusal::new("decided-already", "This request has been settled."));
    }
    let facts = DecisionFacts {
        own: actor.is(item.target.id) || actor.is(item.requestor.id),
        due_at: item.due_at,
        ends_at,
    };
    may_decide(&facts, Decision::Deny, now).into()
}

/// Whether one may take back what one approved.
async fn revocable(
    tx: &mut Tx,
    request: &Request,
    item: &ApprovalItem,
    stages: &[StageItem],
    actor: &Principal,
    now: DateTime<Utc>,
) -> Result<Permission, StoreError> {
    let mut people = stages.iter().flat_map(|stage| &stage.approvers);
    if !people.any(|person| actor.is(person.user.id) && person.decision == Some(Decision::Approve)) {
        return Ok(Permission::Denied(Refusal::new(
            "not-approved-by-you",
            "Only who approved a request can end the access that came of it.",
        )));
    }
    let waits = matches!(item.state, RequestState::PendingApproval | RequestState::Scheduled);
    let live = match request.assignment_id {
        Some(id) => assignments::find(tx, id).await?,
        None => None,
    };
    let live = live.is_some_and(|found| found.closed_at.is_none() && found.ends_at.is_none_or(|end| end > now));
    Ok(if waits || live {
        Permission::Allowed
    } else {
        Permission::Denied(nothing_left())
    })
}

/// The stages that a request has reached, each with who is or was asked.
pub async fn stages(tx: &mut Tx, id: RequestId) -> Result<Vec<StageItem>, StoreError> {
    let mut people = approvals::approvers_named(tx, id).await?;
    let stages = approvals::stages(tx, id).await?;
    Ok(stages
        .into_iter()
        .map(|stage| {
            let (of_stage, others): (Vec<_>, Vec<_>) = std::mem::take(&mut people).into_iter().partition(|(at, _)| *at == stage.stage);
            people = others;
            stage_item(stage, of_stage.into_iter().map(|(_, person)| person).collect())
        })
        .collect())
}

fn stage_item(stage: approvals::Stage, approvers: Vec<ApproverItem>) -> StageItem {
    StageItem {
        stage: stage.stage,
        state: stage.state,
        needed: stage.needed,
        started_at: stage.started_at,
        due_at: stage.due_at,
        forwarded_at: stage.forwarded_at,
        decided_at: stage.decided_at,
        approvers,
    }
}

/// The stages that a request has reached, as its requestor sees them: with the names of who is asked where its policy says so (F102), and
/// with the decisions and their reasons in any case (F095). `tenant_shows` is what holds where the policy leaves it to the tenant.
pub async fn stages_of(tx: &mut Tx, request: &Request, tenant_shows: bool) -> Result<Vec<StageItem>, StoreError> {
    let (_, terms) = policies::version(tx, request.policy_version_id).await?.ok_or_else(no_terms)?;
    let shown = match terms.approval.approver_details {
        ApproverDetails::Shown => true,
        ApproverDetails::Hidden => false,
        ApproverDetails::Tenant => tenant_shows,
    };
    let mut stages = stages(tx, request.id).await?;
    if !shown {
        for stage in &mut stages {
            stage.approvers.retain(|person| person.decision.is_some());
            stage.approvers.iter_mut().for_each(hide);
        }
    }
    Ok(stages)
}

/// Who decided, without saying who that was.
fn hide(person: &mut ApproverItem) {
    person.user.id.0 = uuid::Uuid::nil();
    person.user.name = "An approver".to_owned();
    person.mail.clear();
    person.origin = None;
}

/// The stages of a request for whoever is or was asked about it, or may see requests; where neither, what keeps them out (F173, F175).
pub async fn stages_seen(app: &App, actor: &Principal, id: RequestId) -> Result<Vec<StageItem>, Error> {
    let mut tx = app.store.read().await?;
    let asked = match actor.person() {
        Ok(me) if actor.authorize(ReadMyAccess, Scope::Tenant).is_ok() => approvals::item(&mut tx, me.id, id).await?.is_some(),
        _ => false,
    };
    if !asked {
        let request = requests::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
        if actor.authorize_somewhere(Action::ReadRequests).is_err() {
            return Err(not_approver().into());
        }
        access::on_package(&mut tx, actor, ReadRequests, request.package_id).await?;
    }
    Ok(stages(&mut tx, id).await?)
}

/// The stages of those of these requests that one is or was asked about, each with its request: two statements for all.
pub async fn stages_of_asked(app: &App, actor: &Principal, ids: &[RequestId]) -> Result<Vec<(RequestId, StageItem)>, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let mut tx = app.store.read().await?;
    let stages = approvals::stages_of_asked(&mut tx, me, ids).await?;
    let mut people = approvals::approvers_of(&mut tx, ids).await?;
    let item = |stage: approvals::Stage| {
        let key = (stage.request_id, stage.stage);
        let (own, others): (Vec<_>, Vec<_>) = std::mem::take(&mut people).into_iter().partition(|(at, _)| *at == key);
        people = others;
        (
            stage.request_id,
            stage_item(stage, own.into_iter().map(|(_, person)| person).collect()),
        )
    };
    Ok(stages.into_iter().map(item).collect())
}

/// Somebody who is not asked about a request has nothing to decide there.
pub(super) fn not_approver() -> Refusal {
    Refusal::new(
        "not-approver",
        "You are not asked to decide on this request, or no longer. Its approvers decide.",
    )
}
