//! What tools tell: what the pages of My Access show, as JSON, with instants as RFC 3339 and the address of the page that shows the same.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::domain::approval::{DecisionMode, StageItem};
use crate::domain::expiration::Expiration;
use crate::domain::message;
use crate::domain::offer::{OfferItem, RequestPane};
use crate::domain::page::Page;
use crate::domain::question::AskedQuestion;
use crate::domain::request::{AskTerms, Assessment, OwnRequest, RequestItem, StageForecast};
use crate::domain::text::StringEnum;
use crate::paths;

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn maybe(at: Option<DateTime<Utc>>) -> Value {
    at.map_or(Value::Null, |at| instant(at).into())
}

/// A page of a list under its name; `next` leads to the one after it.
pub fn page<T>(found: &Page<T>, name: &str, row: impl Fn(&T) -> Value) -> Value {
    let rows: Vec<Value> = found.items.iter().map(row).collect();
    json!({ name: rows, "next": found.next })
}

/// A package as its possible requestor sees it.
pub fn offer(item: &OfferItem, origin: &str) -> Value {
    let resources = item
        .resources
        .iter()
        .map(|resource| json!({ "name": resource.name, "kind": resource.kind, "role": resource.role }));
    json!({
        "package": item.id,
        "name": item.name,
        "description": item.description,
        "gives": resources.collect::<Vec<_>>(),
        "gives_hidden": item.resources_hidden,
        "can_request": item.request.is_allowed(),
        "cannot_because": item.request.reason(),
        "open_request": item.open_request,
        "assignment": item.assignment,
        "starts_at": maybe(item.starts_at),
        "ends_at": maybe(item.ends_at),
        "lasts": item.lasts.map(lasts),
        "link": format!("{origin}{}", paths::my_package(item.id)),
    })
}

fn lasts(lasts: Expiration) -> String {
    match lasts {
        Expiration::OnDate(at) => format!("until {}", instant(at)),
        Expiration::Days(days) => format!("{days} days"),
        Expiration::Hours(hours) => format!("{hours} hours"),
        Expiration::Never => "without end".to_owned(),
    }
}

/// A package and what asking for it takes.
pub fn pane(pane: &RequestPane, origin: &str) -> Value {
    let policies = pane
        .policies
        .iter()
        .map(|policy| json!({ "policy": policy.id, "name": policy.name }));
    let reports = pane.reports.iter().map(|person| json!({ "user": person.id, "name": person.name }));
    json!({
        "package": offer(&pane.offer, origin),
        "for": pane.target.as_ref().map(|person| &person.name),
        "can_be_for": reports.collect::<Vec<_>>(),
        "choose_policy": policies.collect::<Vec<_>>(),
        "asks": pane.asks.as_ref().map(asks),
    })
}

fn asks(terms: &AskTerms) -> Value {
    json!({
        "policy": terms.policy.id,
        "policy_name": terms.policy.name,
        "questions": terms.questions.iter().map(question).collect::<Vec<_>>(),
        "justification_required": terms.justification_required,
        "dates_can_be_chosen": terms.custom_schedule,
        "lasts": lasts(terms.expires),
    })
}

fn question(asked: &AskedQuestion) -> Value {
    let choices = asked.choices.iter().map(|(value, label)| json!({ "value": value, "label": label }));
    json!({
        "question": asked.id,
        "text": asked.text,
        "kind": asked.kind.as_str(),
        "required": asked.required,
        "choices": choices.collect::<Vec<_>>(),
        "pattern": asked.pattern,
        "known_answer": asked.attribute.as_ref().map(|attribute| &attribute.known),
    })
}

/// What would become of a request; faults by the names of the arguments.
pub fn assessment(found: &Assessment, names: &[(&str, &str)]) -> Value {
    let faults = found.faults.iter().map(|fault| {
        let name = names.iter().find(|(own, _)| *own == fault.path);
        let name = name.map_or(fault.path.as_str(), |(_, name)| name);
        json!({ "argument": name, "message": message::text(&fault.code, name) })
    });
    let several = found.candidates.len() > 1;
    let policies = found.candidates.iter().filter(|_| several);
    json!({
        "works": found.works(),
        "cannot_because": found.request.reason(),
        "package": found.package.name,
        "for": found.person.name,
        "policy": found.policy.as_ref().map(|policy| &policy.name),
        "choose_policy": policies.map(|policy| json!({ "policy": policy.id, "name": policy.name })).collect::<Vec<_>>(),
        "problems": faults.collect::<Vec<_>>(),
        "approval_stages": found.stages.iter().map(forecast).collect::<Vec<_>>(),
        "starts_at": maybe(found.starts_at),
        "ends_at": maybe(found.ends_at),
    })
}

fn forecast(stage: &StageForecast) -> Value {
    let names = |people: &Vec<_>| {
        people
            .iter()
            .map(|person: &crate::domain::id::Named<_>| person.name.clone())
            .collect::<Vec<_>>()
    };
    json!({
        "stage": stage.number,
        "needed": match stage.mode {
            DecisionMode::AnyOne => json!(1),
            DecisionMode::AtLeast(number) => json!(number),
            DecisionMode::AllOf => json!("all"),
        },
        "approvers": stage.approvers.as_ref().map(names),
        "nobody_could_decide": stage.deadlocked,
        "decided_by": instant(stage.decided_by),
    })
}

/// A row of one's own requests.
pub fn request(item: &RequestItem, origin: &str) -> Value {
    json!({
        "request": item.id,
        "package": item.package.id,
        "package_name": item.package.name,
        "for": item.target.name,
        "kind": item.kind.as_str(),
        "state": item.state.as_str(),
        "open": item.state.is_open(),
        "status": item.status,
        "submitted_at": instant(item.submitted_at),
        "completed_at": maybe(item.completed_at),
        "link": format!("{origin}{}", paths::my_request(item.id)),
    })
}

/// One of one's own requests, with its stages and what happened.
pub fn own_request(own: &OwnRequest, origin: &str) -> Value {
    let detail = &own.detail;
    let events = detail
        .events
        .iter()
        .map(|event| json!({ "at": instant(event.at), "what": event.title, "detail": event.detail }));
    let answers = detail
        .answers
        .iter()
        .map(|answer| json!({ "question": answer.text, "value": answer.value }));
    let mut told = request(&detail.item, origin);
    let more = json!({
        "policy": detail.item.policy.name,
        "justification": detail.justification,
        "answers": answers.collect::<Vec<_>>(),
        "conflict": detail.conflict,
        "access_starts_at": maybe(detail.starts_at),
        "access_ends_at": maybe(detail.ends_at),
        "approval_stages": own.stages.iter().map(stage).collect::<Vec<_>>(),
        "timeline": events.collect::<Vec<_>>(),
    });
    if let (Some(told), Value::Object(more)) = (told.as_object_mut(), more) {
        told.extend(more);
    }
    told
}

fn stage(stage: &StageItem) -> Value {
    let approvers = stage.approvers.iter().map(|approver| {
        json!({
            "name": approver.user.name,
            "decision": approver.decision.map(StringEnum::as_str),
            "decided_at": maybe(approver.decided_at),
        })
    });
    json!({
        "stage": stage.stage,
        "state": stage.state.as_str(),
        "needed": stage.needed,
        "due_at": instant(stage.due_at),
        "decided_at": maybe(stage.decided_at),
        "approvers": approvers.collect::<Vec<_>>(),
    })
}
