//! Assignment requests: `EM/assignmentRequests`. Everything that changes who has a package is one; what a body asks for goes to the use case
//! of My Access or of the admin area that makes the same request.

mod body;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::assignments as access_shapes;
use super::call::Call;
use super::fault::Fault;
use super::policies::schedule_json;
use super::related::{self, Relations};
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::access::Action::{ManageRequests, ReadRequests};
use crate::domain::assignment::{AssignmentRecord, DirectForm, UpdateForm};
use crate::domain::id::{AssignmentId, PackageId, RequestId, UserId};
use crate::domain::odata::scalar::write_instant;
use crate::domain::question::Answer;
use crate::domain::request::{ExtendForm, RequestKind, RequestRecord, RequestState, SubmitForm};
use crate::domain::text::StringEnum;
use crate::domain::validate::FieldError;
use crate::service::requests::Part;
use crate::service::{Error, assignments, requests};
use crate::store::odata::requests::{KINDS, STATES};
use crate::web::endpoints::Access::{Needs, Own};
use crate::web::endpoints::Found::{Listed, Request};
use body::{Kind, RequestBody, TargetBody};

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/assignmentRequests" "accessPackageAssignmentRequest", Needs(ReadRequests, Listed) => list;
    Post "EM/assignmentRequests" "accessPackageAssignmentRequest", Own => create;
    Get "EM/assignmentRequests/filterByCurrentUser()" "accessPackageAssignmentRequest", Own => own;
    Get "EM/assignmentRequests/{request}" "accessPackageAssignmentRequest", Own => get;
    Delete "EM/assignmentRequests/{request}" "", Needs(ManageRequests, Request) => delete;
    Post "EM/assignmentRequests/{request}/cancel" "", Own => cancel;
    Post "EM/assignmentRequests/{request}/reprocess" "", Needs(ManageRequests, Request) => reprocess;
    Post "EM/assignmentRequests/{request}/resume" "", Needs(ManageRequests, Request) => resume;
];

fn word(known: &[(&'static str, &'static str)], stored: &str) -> &'static str {
    known
        .iter()
        .find(|(_, own)| *own == stored)
        .map_or("unknownFutureValue", |(word, _)| word)
}

/// The API's word for a kind; more time is an update to it.
fn kind_word(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::UserExtend => "userUpdate",
        kind => word(KINDS, kind.as_str()),
    }
}

/// The API's word for a state, and its text for where exactly the request stands.
fn state_words(state: RequestState) -> (&'static str, &'static str) {
    let status = match state {
        RequestState::Submitted => "Accepted",
        RequestState::PendingApproval => "PendingApproval",
        RequestState::Scheduled => "PendingNotBefore",
        RequestState::Delivering => "Fulfilling",
        RequestState::Delivered => "Delivered",
        RequestState::PartiallyDelivered => "PartiallyDelivered",
        RequestState::DeliveryFailed => "DeliveryFailed",
        RequestState::Denied => "Denied",
        RequestState::Expired => "Expired",
        RequestState::Canceled => "Canceled",
    };
    let state = match state {
        RequestState::Expired => "denied",
        state => word(STATES, state.as_str()),
    };
    (state, status)
}

/// A request in the API's shape.
fn shape(request: &RequestRecord) -> Value {
    let (state, status) = state_words(request.state);
    json!({
        "id": request.id,
        "requestType": kind_word(request.kind),
        "state": state,
        "status": status,
        "createdDateTime": write_instant(request.submitted_at),
        "completedDateTime": request.completed_at.map(write_instant),
        "justification": request.justification,
        "schedule": schedule_json(request.starts_at, request.ends_at),
        "answers": request.answers.iter().map(answer).collect::<Vec<_>>(),
        "customExtensionCalloutInstances": [],
        "@beta.isValidationOnly": false,
        "@beta.expirationDateTime": null,
    })
}

fn answer(answer: &Answer) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.accessPackageAnswerString",
        "displayValue": answer.value,
        "value": answer.value,
        "answeredQuestion": {
            "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
            "id": answer.question,
            "text": answer.text,
        },
    })
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    listed(call, Part::Seen).await
}

/// The requests in which the caller has a part (F175).
async fn own(call: &Call) -> Result<Reply, Fault> {
    let part = match call.argument("on").map(str::to_ascii_lowercase).as_deref() {
        Some("target" | "targetorrequestor") => Part::Target,
        Some("createdby") => Part::Requestor,
        Some("approver") => Part::Approver,
        _ => return Err(Fault::at("on", "Send on='target', on='createdBy' or on='approver'.")),
    };
    listed(call, part).await
}

async fn listed(call: &Call, part: Part) -> Result<Reply, Fault> {
    let found = requests::query(&call.app, &call.actor, &call.options.list, part).await?;
    let shown = expanded(call, &found.rows).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let request = requests::record(&call.app, &call.actor, call.id(0)?).await?;
    let version = request.version;
    let shown = expanded(call, &[request]).await?.pop().unwrap_or_default();
    Ok(Reply::entity(shown, Some(version)))
}

/// Requests with what they are related to, where that was asked for: one query for each kind of it.
async fn expanded(call: &Call, found: &[RequestRecord]) -> Result<Vec<Value>, Fault> {
    let mut shown: Vec<Value> = found.iter().map(shape).collect();
    let relations = Relations {
        options: &call.options,
        packages: found.iter().map(|request| request.package_id).collect(),
        policies: found.iter().map(|request| request.policy_id).collect(),
        people: ("requestor", found.iter().map(requestor).collect()),
    };
    related::add(call, relations, &mut shown).await?;
    if let Some(options) = call.expanded("assignment") {
        let ids = related::once(found.iter().filter_map(|request| request.assignment_id));
        let all: Vec<AssignmentRecord> = assignments::records(&call.app, &call.actor, &ids).await?;
        let inner = access_shapes::expanded(call, options, &all).await?;
        for (value, request) in shown.iter_mut().zip(found) {
            let at = all.iter().position(|assignment| Some(assignment.id) == request.assignment_id);
            value["assignment"] = at.and_then(|at| inner.get(at).cloned()).unwrap_or_default();
        }
    }
    Ok(shown)
}

/// Who asked or, where an administrator or the product did, who was to have the access.
fn requestor(request: &RequestRecord) -> Option<UserId> {
    match request.kind {
        RequestKind::OnBehalfAdd => request.requestor_id,
        _ => Some(request.target_id),
    }
}

/// Makes a request (F174). The answer tells it as it was taken; how far it has come is told when it is read.
async fn create(call: &Call) -> Result<Reply, Fault> {
    let asked = body::read(call.body.properties(), call.app.clock.now())?;
    let id = make(call, asked).await?;
    let mut request = requests::record(&call.app, &call.actor, id).await?;
    let version = request.version;
    (request.state, request.completed_at) = (RequestState::Submitted, None);
    let shown = expanded(call, &[request]).await?.pop().unwrap_or_default();
    Ok(Reply::created(shown, Some(version)))
}

async fn make(call: &Call, asked: RequestBody) -> Result<RequestId, Fault> {
    let (app, actor) = (&call.app, &call.actor);
    let made = match asked.kind {
        Kind::UserAdd => {
            let target = target(call, &asked).await?;
            let form = SubmitForm {
                policy: asked.policy,
                target: target.filter(|target| !actor.is(*target)),
                answers: asked.answers,
                asked_from: asked.asked.from,
                asked_until: asked.asked.until,
                language: call.language.clone(),
                ..SubmitForm::new(package(asked.package)?, asked.justification)
            };
            requests::submit(app, actor, &form).await
        }
        Kind::UserUpdate => {
            no_answers(&asked)?;
            let form = ExtendForm {
                assignment: own_access(call, &asked).await?,
                justification: asked.justification,
                asked_until: asked.asked.until,
            };
            requests::extend(app, actor, &form).await
        }
        Kind::UserRemove => requests::give_back(app, actor, own_access(call, &asked).await?).await,
        Kind::AdminAdd => {
            let target = target(call, &asked).await?;
            let form = DirectForm {
                package: package(asked.package)?,
                policy: asked.policy,
                users: target.into_iter().collect(),
                asked_from: asked.asked.from,
                asked_until: asked.asked.until,
                justification: asked.justification,
                answers: asked.answers,
                language: call.language.clone(),
            };
            assignments::assign_one(app, actor, &form).await
        }
        Kind::AdminUpdate => {
            no_answers(&asked)?;
            let form = UpdateForm {
                assignment: access(asked.assignment)?,
                justification: asked.justification,
                asked_until: asked.asked.until,
            };
            assignments::update(app, actor, &form).await
        }
        Kind::AdminRemove => {
            let assignment = assignments::record(app, actor, access(asked.assignment)?).await?;
            assignments::remove(app, actor, assignment.id, assignment.version).await
        }
    };
    made.map_err(told)
}

fn package(package: Option<PackageId>) -> Result<PackageId, Fault> {
    package.ok_or_else(|| {
        Fault::at(
            "assignment.accessPackageId",
            "Send the id of the package, as assignment.accessPackageId.",
        )
    })
}

fn access(assignment: Option<AssignmentId>) -> Result<AssignmentId, Fault> {
    assignment.ok_or_else(|| Fault::at("assignment.id", "Send the id of the assignment, as assignment.id."))
}

fn no_answers(asked: &RequestBody) -> Result<(), Fault> {
    if asked.answers.is_empty() {
        return Ok(());
    }
    let message = "Answers are kept as they were given when the package was requested. Leave them out.";
    Err(Fault::at("answers", message))
}

/// Whom the access is for.
async fn target(call: &Call, asked: &RequestBody) -> Result<Option<UserId>, Fault> {
    let mail = match &asked.target {
        None => return Ok(None),
        Some(TargetBody::User(id)) => return Ok(Some(*id)),
        Some(TargetBody::Mail(mail)) => mail,
    };
    let found = requests::person_of_mail(&call.app, &call.actor, mail).await?;
    let message = "No one user of the directory has this address. Create the user first, then assign by targetId.";
    found.map(Some).ok_or_else(|| Fault::at("assignment.target.email", message))
}

/// The caller's own access that a request is about: by its id, or by its package.
async fn own_access(call: &Call, asked: &RequestBody) -> Result<AssignmentId, Fault> {
    let target = target(call, asked).await?;
    if target.is_some_and(|target| !call.actor.is(target)) {
        let message = "People change and end their own access. Use adminUpdate or adminRemove for another's.";
        return Err(Fault::at("assignment.targetId", message));
    }
    match (asked.assignment, asked.package) {
        (Some(id), _) => Ok(id),
        (None, Some(package)) => Ok(assignments::record_of_own(&call.app, &call.actor, package).await?.id),
        (None, None) => access(None),
    }
}

/// Takes a request that is over out of the lists (F114).
async fn delete(call: &Call) -> Result<Reply, Fault> {
    let id: RequestId = call.id(0)?;
    let results = requests::remove_all(&call.app, &call.actor, &[id]).await?;
    match results.into_iter().find_map(|result| result.refused) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(Reply::done()),
    }
}

/// Takes back a request of one's own or, for who may, calls off another's.
async fn cancel(call: &Call) -> Result<Reply, Fault> {
    let id: RequestId = call.id(0)?;
    let own = match call.actor.person() {
        Ok(_) => requests::withdraw(&call.app, &call.actor, id).await,
        Err(_) => Err(Error::NotFound),
    };
    match own {
        Err(Error::NotFound) if call.actor.authorize_somewhere(ManageRequests).is_ok() => {
            requests::cancel(&call.app, &call.actor, id).await?;
        }
        own => own?,
    }
    Ok(Reply::done())
}

/// Tries a failed delivery again (F112).
async fn reprocess(call: &Call) -> Result<Reply, Fault> {
    requests::retry(&call.app, &call.actor, call.id(0)?).await?;
    Ok(Reply::Status(StatusCode::ACCEPTED))
}

/// No request waits for a custom extension here, so none can be resumed.
async fn resume(call: &Call) -> Result<Reply, Fault> {
    call.actor.authorize_somewhere(ManageRequests)?;
    requests::record(&call.app, &call.actor, call.id(0)?).await?;
    Err(Fault::bad(
        "This request does not wait for a callback of a custom extension, so there is nothing to resume.",
    ))
}

/// Faults at the properties that the client sent.
fn told(error: Error) -> Fault {
    let name = |path: &str| match path {
        "policy" => "assignment.assignmentPolicyId".to_owned(),
        "users" | "target" => "assignment.targetId".to_owned(),
        "asked_from" => "schedule.startDateTime".to_owned(),
        "asked_until" => "schedule.expiration".to_owned(),
        path => match path.strip_prefix("answers.") {
            Some(at) => format!("answers[{at}]"),
            None => path.to_owned(),
        },
    };
    match error {
        Error::Invalid(faults) => {
            let named = faults.into_iter().map(|fault| FieldError::new(name(&fault.path), fault.code));
            Error::Invalid(named.collect()).into()
        }
        error => error.into(),
    }
}
