//! The end of an assignment: everything that it gave is taken back.

use chrono::{DateTime, Utc};

use crate::domain::assignment::{EndReason, GrantState};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{AssignmentId, RequestId};
use crate::domain::package::PriorMembership;
use crate::domain::request::{RequestKind, RequestState};
use crate::store::assignments::{self, Assignment};
use crate::store::grants::{self, LiveGrant};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, memberships};

use super::super::audit::Entry;
use super::super::queue::schedule_end;
use super::super::{App, approvals, settle};
use super::told;

/// The end date of an assignment has come: a request of the product's own records that, and everything it gave is taken back. Gives how many grants it took back.
pub async fn due(app: &App, tx: &mut Tx, id: AssignmentId, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let Some(mut assignment) = assignments::lock(tx, id).await? else {
        return Ok(0);
    };
    let by_request = matches!(assignment.end_reason, Some(EndReason::Removed | EndReason::GivenBack));
    let Some(end) = assignment.ends_at.filter(|_| !by_request && assignment.closed_at.is_none()) else {
        return Ok(0);
    };
    if end > now {
        // Woken early, by a clock that was set back since or an end that was moved: it waits again (B12).
        schedule_end(app, tx, id, end, now);
        return Ok(0);
    }
    let made_by = requests::find(tx, assignment.request_id)
        .await?
        .ok_or_else(|| StoreError::Inconsistent(format!("assignment {id} has no request")))?;
    assignment.end_reason = assignment.end_reason.or(Some(EndReason::Expired));
    let record = Request {
        id: app.ids.id(now).into(),
        requestor_id: None,
        kind: RequestKind::SystemRemove,
        state: RequestState::Delivered,
        status: String::new(),
        justification: String::new(),
        answers: Vec::new(),
        stage: None,
        due_at: None,
        assignment_id: Some(id),
        submitted_at: now,
        completed_at: Some(now),
        version: 1,
        ..made_by
    };
    requests::insert(tx, &record).await?;
    let gave = assignment.state.gives();
    let taken = close(app, tx, &mut assignment, record.id, now).await?;
    if gave {
        told::end(app, tx, &assignment, now);
    }
    Ok(taken)
}

/// Takes back everything that an assignment gave and marks it Expired; nothing happens to one that is over already. Gives how many grants it took
/// back.
pub(super) async fn close(
    app: &App,
    tx: &mut Tx,
    assignment: &mut Assignment,
    request: RequestId,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    if assignment.closed_at.is_some() {
        return Ok(0);
    }
    let prior = grants::prior_membership(tx, assignment.package_id).await?;
    memberships::lock_of_assignment(tx, assignment.id).await?;
    let live = grants::live_grants(tx, assignment.id).await?;
    for grant in &live {
        revoke(app, tx, grant, prior, request, now).await?;
    }
    assignment.closed_at = Some(now);
    assignment.ends_at = Some(assignment.ends_at.map_or(now, |end| end.min(now)));
    assignment.end_reason = assignment.end_reason.or(Some(EndReason::Expired));
    if !assignments::update(tx, assignment).await? {
        return Err(StoreError::Inconsistent(format!(
            "assignment {} was changed while it ended",
            assignment.id
        )));
    }
    assignments::refresh_state(tx, &[assignment.id]).await?;
    settle::access_ended(app, tx, assignment.id, now).await?;
    let target = Target::new("assignment", assignment.id, "");
    let user = Target::new("user", assignment.target_id, "");
    Entry::by_system(Activity::EndAssignment, target)
        .and(user)
        .correlation(request)
        .write(app, tx)?;
    Ok(live.len())
}

/// Takes a grant back, and the membership with it unless something else gives that. One that had failed is only no longer counted.
pub(super) async fn revoke(
    app: &App,
    tx: &mut Tx,
    grant: &LiveGrant,
    prior: PriorMembership,
    request: RequestId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if !grants::revoke_grant(tx, grant, now).await? || grant.state == GrantState::Failed {
        return Ok(());
    }
    let takes_prior = grant.was_direct && prior == PriorMembership::Remove;
    let prior_went = takes_prior && memberships::remove_direct(tx, grant.role_id, grant.user_id).await?;
    let stays = memberships::recount(tx, grant.role_id, grant.user_id).await?;
    if !stays {
        approvals::people_changed(app, tx, &[grant.user_id], now).await?;
    }
    let object = Target::new("object", grant.object_id, grant.object_name.as_str());
    let user = Target::new("user", grant.user_id, "");
    let what = match (stays, prior_went) {
        (true, _) => "no longer given by the package, still held otherwise",
        (false, true) => "removed, also as held before the package",
        (false, false) => "removed",
    };
    let detail = format!("{}: {} {what}", grant.object_name, grant.role_name);
    Entry::by_system(Activity::RevokeRole, object)
        .and(user)
        .detail(detail)
        .correlation(request)
        .write(app, tx)
}
