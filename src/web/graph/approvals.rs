//! Approvals of assignment requests and their stages: `EM/accessPackageAssignmentApprovals`. An approval has the id of its request.

use serde_json::{Value, json};
use uuid::Uuid;

use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::access::Principal;
use crate::domain::approval::{ApproverState, Decision, StageItem, StageState};
use crate::domain::id::RequestId;
use crate::domain::odata::scalar::write_instant;
use crate::service::requests::Part;
use crate::service::{approvals, requests};
use crate::web::endpoints::Access::Own;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/accessPackageAssignmentApprovals/filterByCurrentUser()" "approval", Own => own;
    Get "EM/accessPackageAssignmentApprovals/{request}" "approval", Own => get;
    Get "EM/accessPackageAssignmentApprovals/{request}/stages" "approvalStage", Own => stages;
    Get "EM/accessPackageAssignmentApprovals/{request}/stages/{stage}" "approvalStage", Own => stage;
    Patch "EM/accessPackageAssignmentApprovals/{request}/stages/{stage}" "", Own => decide;
];

/// Stages of one request at the most, so that a stage's number has room within an id.
const NUMBER_MAX: u128 = 0xff;

/// A stage has no id of its own: its request's, told apart by its number.
fn stage_id(request: RequestId, number: i64) -> Uuid {
    let number = u128::try_from(number).unwrap_or_default() & NUMBER_MAX;
    Uuid::from_u128(request.0.as_u128() ^ number)
}

/// The number of a stage by its id.
fn stage_number(request: RequestId, id: Uuid) -> Option<i64> {
    let number = request.0.as_u128() ^ id.as_u128();
    i64::try_from(number).ok().filter(|_| (1..=NUMBER_MAX).contains(&number))
}

/// A stage in the API's shape, as this caller sees it.
fn shape(request: RequestId, stage: &StageItem, actor: &Principal) -> Value {
    let status = match stage.state {
        StageState::Waiting => "InProgress",
        StageState::Expired => "Expired",
        StageState::Approved | StageState::Denied | StageState::Skipped | StageState::Canceled => "Completed",
    };
    let result = match stage.state {
        StageState::Approved => "Approved",
        StageState::Denied => "Denied",
        _ => "NotReviewed",
    };
    let asked = |state| {
        stage
            .approvers
            .iter()
            .any(|person| actor.is(person.user.id) && person.state == state)
    };
    let decided = stage.approvers.iter().filter(|person| person.decision.is_some());
    let last = decided.max_by_key(|person| person.decided_at);
    json!({
        "id": stage_id(request, stage.stage),
        "displayName": format!("Stage {}", stage.stage),
        "status": status,
        "assignedToMe": asked(ApproverState::Open),
        "reviewResult": result,
        "reviewedBy": last.map(|person| json!({"id": person.user.id, "displayName": person.user.name})),
        "reviewedDateTime": last.and_then(|person| person.decided_at).map(write_instant),
        "justification": last.map(|person| person.reason.as_str()).unwrap_or_default(),
    })
}

fn approval(request: RequestId) -> Value {
    json!({"@odata.type": "#microsoft.graph.approval", "id": request})
}

async fn shown(call: &Call, request: RequestId) -> Result<Vec<Value>, Fault> {
    let stages = approvals::stages_seen(&call.app, &call.actor, request).await?;
    Ok(stages.iter().map(|stage| shape(request, stage, &call.actor)).collect())
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let id: RequestId = call.id(0)?;
    let stages = shown(call, id).await?;
    let mut value = approval(id);
    if call.expanded("stages").is_some() {
        value["stages"] = Value::Array(stages);
    }
    Ok(Reply::entity(value, None))
}

async fn stages(call: &Call) -> Result<Reply, Fault> {
    Ok(Reply::all(shown(call, call.id(0)?).await?))
}

async fn stage(call: &Call) -> Result<Reply, Fault> {
    let asked = call.key(1).to_ascii_lowercase();
    let found = shown(call, call.id(0)?)
        .await?
        .into_iter()
        .find(|stage| stage["id"] == json!(asked));
    found.map(|stage| Reply::entity(stage, None)).ok_or_else(Fault::not_found)
}

/// The approvals in which the caller is or was asked (F175).
async fn own(call: &Call) -> Result<Reply, Fault> {
    if !call.argument("on").is_some_and(|on| on.eq_ignore_ascii_case("approver")) {
        return Err(Fault::at("on", "Send on='approver'."));
    }
    let found = requests::query(&call.app, &call.actor, &call.options.list, Part::Approver).await?;
    let mut values: Vec<Value> = found.rows.iter().map(|request| approval(request.id)).collect();
    if call.expanded("stages").is_some() {
        let ids: Vec<RequestId> = found.rows.iter().map(|request| request.id).collect();
        let all = approvals::stages_of_asked(&call.app, &call.actor, &ids).await?;
        for (value, id) in values.iter_mut().zip(ids) {
            let own = all.iter().filter(|(request, _)| *request == id);
            value["stages"] = own.map(|(_, stage)| shape(id, stage, &call.actor)).collect();
        }
    }
    Ok(Reply::page(found.with(values), |value| value))
}

/// Decides in a stage (F087, F095). Clients write the verb or what comes of it.
async fn decide(call: &Call) -> Result<Reply, Fault> {
    let words = [
        ("Approve", Decision::Approve),
        ("Deny", Decision::Deny),
        ("Approved", Decision::Approve),
        ("Denied", Decision::Deny),
    ];
    let id: RequestId = call.id(0)?;
    let stage = stage_number(id, call.id(1)?).ok_or_else(Fault::not_found)?;
    let decision = call.body.choice("reviewResult", &words)?;
    let decision = decision.ok_or_else(|| Fault::at("reviewResult", "Send Approve or Deny as reviewResult."))?;
    let reason = call.body.text("justification")?.unwrap_or_default();
    approvals::decide_stage(&call.app, &call.actor, (id, stage), decision, &reason)
        .await
        .map_err(|error| Fault::renamed(error, &[("reason", "justification")]))?;
    Ok(Reply::done())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f173_a_stage_is_found_by_its_id() {
        let request = RequestId(Uuid::from_u128(0x0192_0000_0000_7000_8000_1234_5678_9abc));
        for number in [1, 2, 10, 200] {
            let id = stage_id(request, number);
            assert_ne!(id, request.0);
            assert_eq!(stage_number(request, id), Some(number));
        }
        assert_eq!(stage_number(request, request.0), None);
        assert_eq!(stage_number(request, Uuid::from_u128(7)), None);
    }
}
