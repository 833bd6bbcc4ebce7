//! Remove access: from the moment of the removal access no longer holds, and the engine takes back what it gave. One or several in one
//! transaction; what cannot be removed is told with its reason and does not stop the others.

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, Authorized, ManageAssignments, Principal, Refusal};
use crate::domain::assignment::{AssignmentState, EndReason, Removal, may_remove, shown_state};
use crate::domain::audit::{Activity, Target};
use crate::domain::bulk::{ItemResult, check_bulk};
use crate::domain::expiration::ExpirationKind;
use crate::domain::id::{AssignmentId, RequestId};
use crate::domain::notification::NotificationKind;
use crate::domain::request::{RequestKind, RequestState};
use crate::store::assignments::{self, Assignment};
use crate::store::requests::{self, Request};
use crate::store::{Tx, grants, memberships};

use super::super::audit::Entry;
use super::super::notifications::{Notice, tell};
use super::super::{App, Error, access, queue, settle};

/// Ends an assignment (F038, F039), telling its person. Gives the request that records it.
pub async fn remove(app: &App, actor: &Principal, id: AssignmentId, version: i64) -> Result<RequestId, Error> {
    actor.authorize_somewhere(Action::ManageAssignments)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let removed = one(app, &mut tx, actor, Removal { id, version }, true, now).await??;
    tx.commit().await?;
    app.wake.wake();
    Ok(removed)
}

/// Ends several assignments (F123); with `told` their people are told.
pub async fn remove_all(app: &App, actor: &Principal, items: &[Removal], told: bool) -> Result<Vec<ItemResult<AssignmentId>>, Error> {
    actor.authorize_somewhere(Action::ManageAssignments)?;
    check_bulk("items", items.len())?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let mut results = Vec::with_capacity(items.len());
    let mut ordered = items.to_vec();
    // In one order, so that two calls never wait for each other.
    ordered.sort_unstable_by_key(|item| item.id);
    for item in ordered {
        let removed = match one(app, &mut tx, actor, item, told, now).await {
            Ok(removed) => removed.map(drop),
            Err(Error::Conflict(text)) => Err(Refusal::new("changed", text)),
            Err(error) => return Err(error),
        };
        results.push(ItemResult::new(item.id, removed));
    }
    tx.commit().await?;
    app.wake.wake();
    Ok(results)
}

async fn one(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    item: Removal,
    told: bool,
    now: DateTime<Utc>,
) -> Result<Result<RequestId, Refusal>, Error> {
    let mut assignment = assignments::lock(tx, item.id).await?.ok_or(Error::NotFound)?;
    let granted = access::on_package(tx, actor, ManageAssignments, assignment.package_id).await?;
    let state = if assignment.closed_at.is_some() {
        AssignmentState::Expired
    } else {
        shown_state(assignment.state, assignment.ends_at, now)
    };
    if let Err(refusal) = may_remove(state) {
        return Ok(Err(refusal));
    }
    if assignment.version != item.version {
        return Err(Error::changed("This assignment"));
    }
    let request = record(app, actor, &assignment, now);
    if requests::insert_new(tx, std::slice::from_ref(&request)).await?.is_empty() {
        return Ok(Err(Refusal::new(
            "being-ended",
            "This access is being ended already. Wait a moment, then reload.",
        )));
    }
    end(app, tx, &mut assignment, now).await?;
    tell_trail(app, tx, &granted, &assignment, request.id)?;
    if told {
        let notice = Notice::about_assignment(NotificationKind::AccessEnded, assignment.package_id, assignment.id)
            .fact("reason", "removed")
            .fact("by", actor.name.as_str());
        tell(app, tx, &notice, &[assignment.target_id], now);
    }
    queue::schedule_delivery(app, tx, request.id, now);
    Ok(Ok(request.id))
}

/// Access no longer holds, and nothing that waits can lengthen it.
async fn end(app: &App, tx: &mut Tx, assignment: &mut Assignment, now: DateTime<Utc>) -> Result<(), Error> {
    assignment.ends_at = Some(now);
    assignment.end_reason = Some(EndReason::Removed);
    if !assignments::update(tx, assignment).await? {
        return Err(Error::changed("This assignment"));
    }
    for grant in grants::live_grants(tx, assignment.id).await? {
        memberships::recount(tx, grant.role_id, grant.user_id).await?;
    }
    for request in requests::lock_open_of_target(tx, assignment.target_id).await? {
        if request.package_id == assignment.package_id && request.kind.is_gain() {
            settle::cancel(app, tx, &request, "An administrator removed the access", now).await?;
        }
    }
    Ok(())
}

fn record(app: &App, actor: &Principal, assignment: &Assignment, now: DateTime<Utc>) -> Request {
    Request {
        id: app.ids.id(now).into(),
        package_id: assignment.package_id,
        policy_id: assignment.policy_id,
        policy_version_id: assignment.policy_version_id,
        target_id: assignment.target_id,
        requestor_id: actor.user_id(),
        kind: RequestKind::AdminRemove,
        state: RequestState::Delivering,
        status: String::new(),
        justification: String::new(),
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
    }
}

fn tell_trail(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManageAssignments>,
    assignment: &Assignment,
    request: RequestId,
) -> Result<(), Error> {
    let target = Target::new("assignment", assignment.id, "");
    let user = Target::new("user", assignment.target_id, "");
    Entry::by_principal(granted, Activity::RemoveAssignment, target)
        .and(user)
        .correlation(request)
        .write(app, tx)?;
    Ok(())
}
