//! Assignments as administrators see and end them. Ending one is a request like every other change of who has what.

use crate::domain::access::{Action, ManageAssignments, Permission, Principal, ReadAssignments, Refusal};
use crate::domain::assignment::{AssignmentItem, AssignmentQuery, AssignmentState, EndReason};
use crate::domain::audit::{Activity, Target};
use crate::domain::expiration::ExpirationKind;
use crate::domain::id::{AssignmentId, RequestId};
use crate::domain::page::Page;
use crate::domain::request::{RequestKind, RequestState};
use crate::store::assignments;
use crate::store::requests::{self, Request};
use crate::store::{StoreError, grants, memberships};

use super::audit::Entry;
use super::{App, Error, access, engine};

/// A page of a package's assignments (F037, F120).
pub async fn list(app: &App, actor: &Principal, query: &AssignmentQuery) -> Result<Page<AssignmentItem>, Error> {
    actor.authorize_somewhere(Action::ReadAssignments)?;
    let mut tx = app.store.read().await?;
    let granted = access::on_package(&mut tx, actor, ReadAssignments, query.package).await?;
    let page = assignments::list_of_package(&mut tx, query.package, query.filter, &query.search, &query.page, app.clock.now()).await?;
    let manage = actor.permission(Action::ManageAssignments, granted.scope());
    Ok(page.map(|mut item| {
        item.remove = if item.state == AssignmentState::Expired {
            Permission::Denied(over())
        } else {
            manage.clone()
        };
        item
    }))
}

fn over() -> Refusal {
    Refusal::new("already-over", "This assignment is over already.")
}

/// Ends an assignment: from this moment access no longer holds, and the engine takes back what it gave (F038, F039).
pub async fn remove(app: &App, actor: &Principal, id: AssignmentId, version: i64) -> Result<RequestId, Error> {
    actor.authorize_somewhere(Action::ManageAssignments)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let mut assignment = assignments::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ManageAssignments, assignment.package_id).await?;
    if assignment.version != version {
        return Err(Error::changed("This assignment"));
    }
    if assignment.ends_at.is_some_and(|end| end <= now) || assignment.closed_at.is_some() {
        return Err(over().into());
    }
    assignment.ends_at = Some(now);
    assignment.end_reason = Some(EndReason::Removed);
    if !assignments::update(&mut tx, &mut assignment).await? {
        return Err(Error::changed("This assignment"));
    }
    for grant in grants::live_grants(&mut tx, id).await? {
        memberships::recount(&mut tx, grant.role_id, grant.user_id).await?;
    }
    let request = Request {
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
        assignment_id: Some(id),
        stage: None,
        due_at: None,
        submitted_at: now,
        completed_at: None,
        version: 1,
    };
    requests::insert(&mut tx, &request).await.map_err(|error| {
        busy(
            error,
            "Another change of this person's access is under way. Wait a moment, then reload.",
        )
    })?;
    let target = Target::new("assignment", id, "");
    let user = Target::new("user", assignment.target_id, "");
    Entry::by_principal(&granted, Activity::RemoveAssignment, target)
        .and(user)
        .correlation(request.id)
        .write(app, &mut tx)?;
    engine::schedule_delivery(app, &mut tx, request.id, now);
    tx.commit().await?;
    app.wake.wake();
    Ok(request.id)
}

/// A refused second open request, in words.
pub(super) fn busy(error: StoreError, text: &str) -> Error {
    if error.is_conflict_on("requests") {
        Error::Conflict(text.to_owned())
    } else {
        error.into()
    }
}
