//! Ending what one approved (F146): whoever said yes takes it back, with a reason, and the access ends at once.

use chrono::{DateTime, Utc};

use crate::domain::access::{Principal, Refusal, Scope, UseMyAccess};
use crate::domain::approval::{Decision, check_reason};
use crate::domain::assignment::EndReason;
use crate::domain::audit::{Activity, Target};
use crate::domain::expiration::ExpirationKind;
use crate::domain::id::{RequestId, UserId};
use crate::domain::notification::NotificationKind;
use crate::domain::request::{RequestKind, RequestState};
use crate::store::assignments::Assignment;
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, approvals, assignments, grants, memberships};

use super::super::audit::Entry;
use super::super::notifications::{Notice, tell};
use super::super::{App, Error, queue, settle};
use super::concerned;

/// Ends the access that came of a request which one approved, or takes the request back before access has begun.
pub async fn revoke(app: &App, actor: &Principal, id: RequestId, reason: &str) -> Result<(), Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let reason = check_reason(reason, true)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let (request, _) = requests::lock(&mut tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    approved_by(&mut tx, id, me).await?;
    let ended = may_revoke(&mut tx, &request, now).await?;
    match ended {
        Some(mut assignment) => {
            let removal = end(app, &mut tx, &request, &mut assignment, (me, &reason), now).await?;
            Entry::by_principal(&granted, Activity::RemoveAssignment, Target::new("assignment", assignment.id, ""))
                .and(Target::new("user", request.target_id, ""))
                .detail(reason.as_str())
                .correlation(removal)
                .write(app, &mut tx)?;
        }
        None => take_back(app, &mut tx, &request, &reason, now).await?,
    }
    Entry::by_principal(&granted, Activity::RevokeApproval, Target::new("request", id, request.kind.label()))
        .and(Target::new("user", request.target_id, ""))
        .detail(reason)
        .write(app, &mut tx)?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// Access has not begun: the request comes to nothing.
async fn take_back(app: &App, tx: &mut Tx, request: &Request, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    settle::cancel(app, tx, request, reason, now).await?;
    let notice = Notice::about_request(NotificationKind::RequestCanceled, request.package_id, request.id).fact("reason", reason);
    tell(app, tx, &notice, &concerned(request), now);
    Ok(())
}

/// Only who approved a request takes it back; for others it is not there.
async fn approved_by(tx: &mut Tx, id: RequestId, me: UserId) -> Result<(), Error> {
    let people = approvals::approvers_named(tx, id).await?;
    let approved = people
        .iter()
        .any(|(_, person)| person.user.id == me && person.decision == Some(Decision::Approve));
    if approved { Ok(()) } else { Err(Error::NotFound) }
}

/// The live assignment that came of a request, held; nothing where access has not begun and the request can be taken back.
async fn may_revoke(tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<Option<Assignment>, Error> {
    match request.state {
        RequestState::PendingApproval | RequestState::Scheduled => return Ok(None),
        RequestState::Delivering => {
            return Err(Refusal::new("being-delivered", "This access is being delivered. Wait a moment, then try again.").into());
        }
        _ => {}
    }
    let assignment = match request.assignment_id {
        Some(id) => assignments::lock(tx, id).await?,
        None => None,
    };
    let live = assignment.filter(|found| found.closed_at.is_none() && found.ends_at.is_none_or(|end| end > now));
    live.map(Some).ok_or_else(|| nothing_left().into())
}

/// There is nothing to end.
pub(super) fn nothing_left() -> Refusal {
    Refusal::new("nothing-to-end", "No access came of this request, or it has ended already.")
}

/// From this moment access no longer holds, and the engine takes back what it gave. Gives the request that says so.
async fn end(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    assignment: &mut Assignment,
    (me, reason): (UserId, &str),
    now: DateTime<Utc>,
) -> Result<RequestId, Error> {
    assignment.ends_at = Some(now);
    assignment.end_reason = Some(EndReason::Removed);
    if !assignments::update(tx, assignment).await? {
        return Err(StoreError::Inconsistent("an assignment was changed while it was held".into()).into());
    }
    for grant in grants::live_grants(tx, assignment.id).await? {
        memberships::recount(tx, grant.role_id, grant.user_id).await?;
    }
    let removal = Request {
        id: app.ids.id(now).into(),
        requestor_id: Some(me),
        kind: RequestKind::AdminRemove,
        state: RequestState::Delivering,
        status: String::new(),
        justification: reason.to_owned(),
        answers: Vec::new(),
        starts_at: None,
        ends_at: None,
        expiration: ExpirationKind::Never,
        expiration_value: None,
        assignment_id: Some(assignment.id),
        stage: None,
        due_at: None,
        submitted_at: now,
        completed_at: None,
        version: 1,
        ..request.clone()
    };
    requests::insert(tx, &removal).await.map_err(Error::asked_already(
        "This access is being ended already. Reload to see how far that is.",
    ))?;
    queue::schedule_delivery(app, tx, removal.id, now);
    let notice = Notice::about_assignment(NotificationKind::AccessEnded, request.package_id, assignment.id).fact("reason", reason);
    tell(app, tx, &notice, &[request.target_id], now);
    Ok(removal.id)
}
