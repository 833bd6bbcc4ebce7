//! What a client asks for in an assignment request. The same things have several places: the ids of an assignment stand beside it, inside it, or
//! in the things that it names.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::super::body::{BodyFault, Node, Reading};
use super::super::policies::{Asked, asked_schedule};
use crate::domain::id::{AssignmentId, PackageId, PolicyId, UserId};
use crate::domain::request::GivenAnswer;

/// What kind of request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Access for oneself, or for another where the policy lets one.
    UserAdd,
    /// More time.
    UserUpdate,
    /// Access given back.
    UserRemove,
    /// Access given by an administrator.
    AdminAdd,
    /// Another end chosen by an administrator.
    AdminUpdate,
    /// Access ended by an administrator.
    AdminRemove,
}

const KINDS: &[(&str, Kind)] = &[
    ("userAdd", Kind::UserAdd),
    ("onBehalfAdd", Kind::UserAdd),
    ("userUpdate", Kind::UserUpdate),
    ("userExtend", Kind::UserUpdate),
    ("userRemove", Kind::UserRemove),
    ("adminAdd", Kind::AdminAdd),
    ("adminUpdate", Kind::AdminUpdate),
    ("adminRemove", Kind::AdminRemove),
];

/// Whom access is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetBody {
    /// A user of the directory.
    User(UserId),
    /// Whoever has this address.
    Mail(String),
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestBody {
    /// What kind of request.
    pub kind: Kind,
    /// About which access.
    pub assignment: Option<AssignmentId>,
    /// For which package.
    pub package: Option<PackageId>,
    /// Under which policy.
    pub policy: Option<PolicyId>,
    /// For whom.
    pub target: Option<TargetBody>,
    /// From when until when.
    pub asked: Asked,
    /// Why, or empty.
    pub justification: String,
    /// Answers to the policy's questions.
    pub answers: Vec<GivenAnswer>,
}

/// Reads a request.
pub fn read(body: &Map<String, Value>, now: DateTime<Utc>) -> Result<RequestBody, Vec<BodyFault>> {
    let mut read = Reading::default();
    let node = Node::root(body);
    let kind = read.word(&node, "requestType", KINDS);
    if !node.says("requestType") {
        read.fault("requestType", "Send what kind of request it is, such as userAdd or adminAdd.");
    }
    let assignment = read.object(&node, "assignment");
    let inner = assignment.as_ref().unwrap_or(&node);
    let asked = RequestBody {
        kind: kind.unwrap_or(Kind::UserAdd),
        assignment: assignment.as_ref().and_then(|node| named(&mut read, node, "id")),
        package: related(&mut read, inner, "accessPackage").or_else(|| related(&mut read, &node, "accessPackage")),
        policy: related(&mut read, inner, "assignmentPolicy"),
        target: target(&mut read, inner),
        asked: asked_schedule(&mut read, if inner.says("schedule") { inner } else { &node }, now),
        justification: read.text(&node, "justification").unwrap_or_default(),
        answers: answers(&mut read, &node),
    };
    refuse(&mut read, &node);
    read.finish(asked)
}

/// An id; an empty one is none.
fn named<I: From<uuid::Uuid>>(read: &mut Reading, node: &Node<'_>, name: &str) -> Option<I> {
    let empty = node.raw(name).and_then(Value::as_str).is_some_and(|text| text.trim().is_empty());
    if empty { None } else { read.id(node, name) }
}

/// The id of a related thing, beside (`accessPackageId`) or inside (`accessPackage.id`).
fn related<I: From<uuid::Uuid>>(read: &mut Reading, node: &Node<'_>, name: &str) -> Option<I> {
    if let Some(id) = named(read, node, &format!("{name}Id")) {
        return Some(id);
    }
    let inner = read.object(node, name)?;
    named(read, &inner, "id")
}

fn target(read: &mut Reading, node: &Node<'_>) -> Option<TargetBody> {
    if let Some(id) = named(read, node, "targetId") {
        return Some(TargetBody::User(id));
    }
    let target = read.object(node, "target")?;
    if let Some(id) = named(read, &target, "objectId") {
        return Some(TargetBody::User(id));
    }
    let mail = read.text(&target, "email").filter(|mail| !mail.trim().is_empty());
    mail.map(TargetBody::Mail)
}

fn answers(read: &mut Reading, node: &Node<'_>) -> Vec<GivenAnswer> {
    let nodes = read.list(node, "answers").unwrap_or_default();
    let mut given = Vec::with_capacity(nodes.len());
    for node in &nodes {
        let question = match read.object(node, "answeredQuestion") {
            Some(question) => read.id(&question, "id"),
            None => None,
        };
        let value = read.text(node, "value").or_else(|| read.text(node, "displayValue"));
        match question {
            Some(question) => given.push(GivenAnswer {
                question,
                value: value.unwrap_or_default(),
            }),
            None => read.fault(node.path("answeredQuestion.id"), "Send the id of the question that this answers."),
        }
    }
    given
}

/// What has no meaning here and would be missed.
fn refuse(read: &mut Reading, node: &Node<'_>) {
    if let Some(parameters) = read.object(node, "parameters")
        && read.flag(&parameters, "bypassApproval") == Some(false)
    {
        read.fault(
            parameters.path("bypassApproval"),
            "What an administrator assigns is not sent to approvers. Send true, or let the person request the package.",
        );
    }
    if read.flag(node, "isValidationOnly") == Some(true) {
        read.fault(
            node.path("isValidationOnly"),
            "A request can't be tried out here. Send false, or leave it out.",
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn read_json(value: Value) -> Result<RequestBody, Vec<BodyFault>> {
        let now = "2026-01-01T00:00:00Z".parse().expect("an instant");
        match value {
            Value::Object(map) => read(&map, now),
            _ => Err(Vec::new()),
        }
    }

    fn id(number: u128) -> String {
        Uuid::from_u128(number).to_string()
    }

    #[test]
    fn f174_ids_are_found_beside_and_inside() {
        let beside = read_json(
            json!({"requestType": "UserAdd", "assignment": {"targetId": id(1), "assignmentPolicyId": id(2),
            "accessPackageId": id(3)}, "justification": "I am working on the new marketing campaign"}),
        );
        let inside = read_json(
            json!({"requestType": "userAdd", "assignment": {"target": {"objectId": id(1)}, "assignmentPolicy": {"id": id(2)},
            "accessPackage": {"id": id(3)}}, "justification": "I am working on the new marketing campaign"}),
        );
        assert_eq!(beside, inside);
        let read = inside.expect("a request");
        assert_eq!(read.target, Some(TargetBody::User(UserId(Uuid::from_u128(1)))));
        assert_eq!(read.policy, Some(PolicyId(Uuid::from_u128(2))));
        assert_eq!(read.package, Some(PackageId(Uuid::from_u128(3))));
        let mail = read_json(json!({"requestType": "adminAdd", "assignment": {"target": {"email": "a@example.com"}}})).expect("a request");
        assert_eq!(mail.target, Some(TargetBody::Mail("a@example.com".into())));
    }

    #[test]
    fn f174_dates_and_answers_are_read_as_the_sdk_writes_them() {
        let read = read_json(json!({"requestType": "userAdd", "answers": [{"answeredQuestion": {"id": id(5)}, "displayValue": "dv", "value": "v"},
            {"answeredQuestion": {"id": id(6)}, "displayValue": "dv"}], "schedule": {"expiration": {"endDateTime": "2026-02-01T00:00:00+00:00",
            "type": "afterDateTime"}, "startDateTime": "2026-01-02T00:00:00+00:00"}}))
        .expect("a request");
        assert_eq!(
            (read.asked.from.as_str(), read.asked.until.as_str()),
            ("2026-01-02T00:00:00Z", "2026-02-01T00:00:00Z")
        );
        let values: Vec<&str> = read.answers.iter().map(|answer| answer.value.as_str()).collect();
        assert_eq!(values, ["v", "dv"]);
        let lasting = read_json(
            json!({"requestType": "adminAdd", "schedule": {"startDateTime": "2025-01-01T00:00:00Z",
            "expiration": {"type": "afterDuration", "duration": "P7D"}}}),
        )
        .expect("a request");
        assert_eq!(
            (lasting.asked.from.as_str(), lasting.asked.until.as_str()),
            ("", "2026-01-08T00:00:00Z")
        );
    }

    #[test]
    fn f174_what_is_no_request_is_told_where_it_stands() {
        let faults = read_json(
            json!({"requestType": "grant", "answers": [{"value": "v"}], "parameters": {"bypassApproval": false},
            "schedule": {"recurrence": {"pattern": {}}}, "assignment": {"id": "x"}}),
        )
        .expect_err("faults");
        let targets: Vec<&str> = faults.iter().map(|fault| fault.target.as_str()).collect();
        assert_eq!(
            targets,
            [
                "requestType",
                "assignment.id",
                "schedule.recurrence",
                "answers[0].answeredQuestion.id",
                "parameters.bypassApproval"
            ]
        );
        assert_eq!(read_json(json!({})).expect_err("faults")[0].target, "requestType");
    }
}
