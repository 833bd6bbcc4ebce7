//! One request with all that is told of it: what was asked, how its delivery stands, and its history, which is the audit trail in words.

use crate::domain::audit::Activity;
use crate::domain::id::{Named, RequestId};
use crate::domain::request::{RequestDetail, RequestEvent, may_cancel, may_retry};
use crate::store::audit::{self, TrailRow};
use crate::store::{Tx, assignments, grants, requests};

use super::super::{App, Error};

/// Everything about one request; whoever calls has asked whether it may be seen.
pub async fn detail(app: &App, tx: &mut Tx, id: RequestId) -> Result<Option<RequestDetail>, Error> {
    let (Some(mut item), Some(request)) = (requests::item(tx, id).await?, requests::find(tx, id).await?) else {
        return Ok(None);
    };
    item.retry = may_retry(request.state, request.completed_at, app.clock.now()).into();
    let assignment = match request.assignment_id {
        Some(id) => assignments::find(tx, id).await?,
        None => None,
    };
    let grants = match request.assignment_id {
        Some(id) => grants::of_assignment(tx, id).await?,
        None => Vec::new(),
    };
    let trail = audit::trail(tx, id).await?;
    let by_hand = trail.iter().find(|row| {
        matches!(
            row.activity,
            Activity::RequestAssignment
                | Activity::AssignDirectly
                | Activity::RequestExtension
                | Activity::UpdateAssignment
                | Activity::RemoveAssignment
        )
    });
    let requestor = match request.requestor_id {
        Some(id) => Named::new(id, by_hand.map_or(item.target.name.as_str(), |row| row.actor_name.as_str())),
        None => Named::new(item.target.id, "Woodgate"),
    };
    Ok(Some(RequestDetail {
        requestor,
        justification: request.justification,
        answers: request.answers,
        asked_from: request.starts_at,
        asked_until: request.ends_at,
        cancel: may_cancel(request.state, request.kind).into(),
        assignment: request.assignment_id,
        starts_at: assignment.as_ref().map(|a| a.starts_at),
        ends_at: assignment.as_ref().and_then(|a| a.ends_at),
        grants,
        stages: Vec::new(),
        conflict: None,
        events: events(trail),
        item,
    }))
}

/// The trail in words.
fn events(trail: Vec<TrailRow>) -> Vec<RequestEvent> {
    let mut done = false;
    let told = |row: TrailRow| {
        let before = done;
        done |= row.activity == Activity::FulfillRequest;
        event(row, before)
    };
    trail.into_iter().map(told).collect()
}

/// A line of the trail in words; `done`: the request was fulfilled before it.
fn event(row: TrailRow, done: bool) -> RequestEvent {
    let (title, detail) = match row.activity {
        Activity::RequestAssignment => ("Submitted", format!("By {}", row.actor_name)),
        Activity::RequestExtension => ("Extension requested", format!("By {}", row.actor_name)),
        Activity::ExtendAssignment => ("Access extended", row.detail),
        Activity::AssignDirectly => ("Assigned", format!("By {}", row.actor_name)),
        Activity::AutoApprove => ("Approved", "No approval is required by the policy".to_owned()),
        Activity::UpdateAssignment => ("Change requested", format!("By {}", row.actor_name)),
        Activity::RemoveAssignment => ("Removal requested", format!("By {}", row.actor_name)),
        Activity::GrantRole if done => ("Role added", row.detail),
        Activity::GrantRole => ("Delivering", row.detail),
        Activity::GrantFailed => ("Delivery problem", row.detail),
        Activity::RevokeRole if done => ("Role removed", row.detail),
        Activity::RevokeRole => ("Removing", row.detail),
        Activity::FulfillRequest => {
            return RequestEvent {
                at: row.at,
                title: row.detail,
                detail: String::new(),
            };
        }
        Activity::StartApproval => ("Pending approval", row.detail),
        Activity::ChangeApprovers => ("Approvers changed", row.detail),
        Activity::ForwardRequest => ("Forwarded", row.detail),
        Activity::RemindApprovers => ("Approvers reminded", format!("By {}", row.actor_name)),
        Activity::ApproveRequest => ("Approved", by(&row)),
        Activity::DenyRequest => ("Denied", by(&row)),
        Activity::ExpireRequest => ("Expired", row.detail),
        Activity::RevokeApproval => ("Approval revoked", by(&row)),
        Activity::CancelRequest => ("Canceled", row.detail),
        Activity::HoldRequest => ("Waiting", row.detail),
        Activity::ReleaseRequest => ("Resumed", row.detail),
        Activity::GiveUpJob => ("Delivery failed", row.detail),
        Activity::RetryRequest => ("Tried again", format!("By {}", row.actor_name)),
        Activity::ReprocessAssignment => ("Given anew", format!("By {}", row.actor_name)),
        Activity::EndAssignment => ("Access ended", String::new()),
        _ => ("Changed", row.detail),
    };
    RequestEvent {
        at: row.at,
        title: title.to_owned(),
        detail,
    }
}

/// Who decided, and what they said.
fn by(row: &TrailRow) -> String {
    format!("By {}. {}", row.actor_name, row.detail)
}
