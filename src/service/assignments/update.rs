//! Another end for access that somebody has, chosen by an administrator: a request like every other change of who has what.

use crate::domain::access::{Action, ManageAssignments, Principal};
use crate::domain::assignment::{AssignmentState, UpdateForm, may_update, shown_state};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::RequestId;
use crate::domain::request::{RequestKind, RequestState};
use crate::store::requests::{self, Request};
use crate::store::{assignments, policies};

use super::super::audit::Entry;
use super::super::{App, Error, access, queue};

/// Moves the end of an assignment, within what its policy gives from now on. Gives the request that records it.
pub async fn update(app: &App, actor: &Principal, form: &UpdateForm) -> Result<RequestId, Error> {
    actor.authorize_somewhere(Action::ManageAssignments)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let assignment = assignments::lock(&mut tx, form.assignment).await?.ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ManageAssignments, assignment.package_id).await?;
    let state = match assignment.closed_at {
        Some(_) => AssignmentState::Expired,
        None => shown_state(assignment.state, assignment.ends_at, now),
    };
    may_update(state)?;
    let policy = policies::lock(&mut tx, assignment.policy_id).await?.ok_or(Error::NotFound)?;
    let (justification, ends_at) = form.check(policy.terms.lifecycle.expires, now)?;
    let (expiration, expiration_value) = policy.terms.lifecycle.expires.to_stored();
    let request = Request {
        id: app.ids.id(now).into(),
        package_id: assignment.package_id,
        policy_id: assignment.policy_id,
        policy_version_id: policy.version_id,
        target_id: assignment.target_id,
        requestor_id: actor.user_id(),
        kind: RequestKind::AdminUpdate,
        state: RequestState::Delivering,
        status: String::new(),
        justification,
        answers: Vec::new(),
        starts_at: None,
        ends_at,
        expiration,
        expiration_value,
        assignment_id: Some(assignment.id),
        stage: None,
        due_at: None,
        submitted_at: now,
        completed_at: None,
        version: 1,
    };
    let taken = "Another change of this person's access is under way. Wait a moment, then try again.";
    requests::insert(&mut tx, &request).await.map_err(Error::asked_already(taken))?;
    Entry::by_principal(&granted, Activity::UpdateAssignment, Target::new("assignment", assignment.id, ""))
        .and(Target::new("user", assignment.target_id, ""))
        .correlation(request.id)
        .write(app, &mut tx)?;
    queue::schedule_delivery(app, &mut tx, request.id, now);
    tx.commit().await?;
    app.wake.wake();
    Ok(request.id)
}
