//! Assignments: `EM/assignments`. They are read and given anew here; they are made, changed and ended by requests alone (F174).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::fault::Fault;
use super::policies::schedule_json;
use super::related::{self, Relations};
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::access::Action::{ManageAssignments, ReadAssignments};
use crate::domain::assignment::{AssignmentRecord, AssignmentState};
use crate::domain::id::PackageId;
use crate::domain::odata::QueryOptions;
use crate::domain::odata::scalar::write_instant;
use crate::domain::text::StringEnum;
use crate::service::assignments::{self, Part};
use crate::store::odata::assignments::STATES;
use crate::web::endpoints::Access::{Needs, Own};
use crate::web::endpoints::Found::{Assignment, Listed};

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/assignments" "accessPackageAssignment", Needs(ReadAssignments, Listed) => list;
    Get "EM/assignments/filterByCurrentUser()" "accessPackageAssignment", Own => own;
    Get "EM/assignments/additionalAccess()" "accessPackageAssignment", Needs(ReadAssignments, Listed) => additional_access;
    Get "EM/assignments/{assignment}" "accessPackageAssignment", Needs(ReadAssignments, Assignment) => get;
    Post "EM/assignments/{assignment}/reprocess" "", Needs(ManageAssignments, Assignment) => reprocess;
];

/// An assignment in the API's shape.
fn shape(assignment: &AssignmentRecord) -> Value {
    let state = STATES.iter().find(|(_, stored)| *stored == assignment.state.as_str());
    let status = match assignment.state {
        AssignmentState::Delivering => "Delivering",
        AssignmentState::Delivered => "Delivered",
        AssignmentState::PartiallyDelivered => "PartiallyDelivered",
        AssignmentState::DeliveryFailed => "DeliveryFailed",
        AssignmentState::Expired => "Expired",
    };
    let over = assignment.ends_at.filter(|_| assignment.state == AssignmentState::Expired);
    json!({
        "id": assignment.id,
        "state": state.map(|(word, _)| *word),
        "status": status,
        "schedule": schedule_json(Some(assignment.starts_at), assignment.ends_at),
        "expiredDateTime": over.map(write_instant),
        "customExtensionCalloutInstances": [],
        "@beta.catalogId": assignment.catalog_id,
        "@beta.accessPackageId": assignment.package_id,
        "@beta.assignmentPolicyId": assignment.policy_id,
        "@beta.targetId": assignment.target_id,

    })
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    listed(call, Part::Seen).await
}

/// The assignments in which the caller has a part (F175).
async fn own(call: &Call) -> Result<Reply, Fault> {
    let part = match call.argument("on").map(str::to_ascii_lowercase).as_deref() {
        Some("target") => Part::Target,
        Some("createdby") => Part::Requestor,
        _ => return Err(Fault::at("on", "Send on='target' or on='createdBy'.")),
    };
    listed(call, part).await
}

/// Who holds what is incompatible: of one package with another, or of all that the caller sees.
async fn additional_access(call: &Call) -> Result<Reply, Fault> {
    let named = |name: &str| -> Result<Option<PackageId>, Fault> {
        let Some(text) = call.argument(name).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| Fault::at(name, "Send the id of a package."))
    };
    let part = match (named("accessPackageId")?, named("incompatibleAccessPackageId")?) {
        (Some(package), Some(other)) => Part::Both(package, other),
        (None, None) => Part::InConflict,
        _ => return Err(Fault::at("additionalAccess", "Send both packages, or none.")),
    };
    listed(call, part).await
}

async fn listed(call: &Call, part: Part) -> Result<Reply, Fault> {
    let found = assignments::query(&call.app, &call.actor, &call.options.list, part).await?;
    let shown = expanded(call, &call.options, &found.rows).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let assignment = assignments::record(&call.app, &call.actor, call.id(0)?).await?;
    let version = assignment.version;
    let shown = expanded(call, &call.options, &[assignment]).await?.pop().unwrap_or_default();
    Ok(Reply::entity(shown, Some(version)))
}

/// Assignments with what they are related to, where that was asked for: one query for each kind of it.
pub async fn expanded(call: &Call, options: &QueryOptions, found: &[AssignmentRecord]) -> Result<Vec<Value>, Fault> {
    let mut shown: Vec<Value> = found.iter().map(shape).collect();
    let relations = Relations {
        options,
        packages: found.iter().map(|assignment| assignment.package_id).collect(),
        policies: found.iter().map(|assignment| assignment.policy_id).collect(),
        people: ("target", found.iter().map(|assignment| Some(assignment.target_id)).collect()),
    };
    related::add(call, relations, &mut shown).await?;
    Ok(shown)
}

/// Gives anew what an assignment gives (F122).
async fn reprocess(call: &Call) -> Result<Reply, Fault> {
    let results = assignments::reprocess(&call.app, &call.actor, &[call.id(0)?]).await?;
    match results.into_iter().find_map(|result| result.refused) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(Reply::Status(StatusCode::ACCEPTED)),
    }
}
