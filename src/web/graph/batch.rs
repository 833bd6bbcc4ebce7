//! Several calls in one: `POST $batch`. They run one after another, each as it would run by itself, counted like any other call; one that waits
//! for another which failed is not run.

use std::collections::HashMap;

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::answer::{Answer, Content, Ids};
use super::body::Body;
use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, Verb, graph_routes};
use super::serve::{Asked, if_match, perform};
use crate::web::endpoints::Access::SignedIn;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Post "$batch" "", SignedIn => batch;
];

/// Calls in one, at the most.
const CALLS_MAX: usize = 20;

/// One of the calls.
struct Part {
    id: String,
    verb: Option<Verb>,
    path: String,
    query: String,
    body: Body,
    if_match: Option<String>,
    after: Vec<String>,
}

fn part(body: &Body) -> Result<Part, Fault> {
    let required = |name: &str| {
        let text = body.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| Fault::at(name, format!("Each of the requests has to have {name}.")))
    };
    let url = required("url")?;
    let url = url.trim_start_matches('/');
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let headers = body.object("headers")?.unwrap_or_default();
    let method = required("method")?.to_ascii_uppercase();
    Ok(Part {
        id: required("id")?,
        verb: Method::from_bytes(method.as_bytes()).ok().and_then(|method| Verb::of(&method)),
        path: path.to_owned(),
        query: query.to_owned(),
        body: body.object("body")?.unwrap_or_default(),
        if_match: headers.text("if-match")?,
        after: body.texts("dependsOn")?.unwrap_or_default(),
    })
}

async fn batch(call: &Call) -> Result<Reply, Fault> {
    let requests = call.body.objects("requests")?;
    let requests = requests.ok_or_else(|| Fault::at("requests", "requests has to be a list of calls."))?;
    if requests.len() > CALLS_MAX {
        return Err(Fault::at("requests", format!("A batch has at most {CALLS_MAX} requests.")));
    }
    let parts: Vec<Part> = requests.iter().map(part).collect::<Result<_, _>>()?;
    let mut statuses: HashMap<String, StatusCode> = HashMap::new();
    let mut responses = Vec::new();
    for part in parts {
        let id = part.id.clone();
        if statuses.contains_key(&id) {
            return Err(Fault::at("requests", format!("Two of the requests have the id {id}.")));
        }
        let fault = match waits_for(&part, &statuses)? {
            Some(fault) => Some(fault),
            None => call.meter.as_ref().and_then(|meter| meter.count().err()).map(Fault::too_often),
        };
        let ids = Ids {
            request: call.app.ids.id(call.app.clock.now()).to_string(),
            client: Uuid::nil().to_string(),
            date: call.app.clock.now().format("%Y-%m-%dT%H:%M:%S").to_string(),
        };
        let answer = match fault {
            Some(fault) => Answer::of_fault(&fault, &ids, &part.path),
            None => perform(&call.app, asked(call, part), &ids).await,
        };
        statuses.insert(id.clone(), answer.status);
        responses.push(response(&id, answer));
    }
    Ok(Reply::Json(json!({ "responses": responses })))
}

/// Why a call is not run: one that it waits for has failed. One that does not stand before it is refused.
fn waits_for(part: &Part, statuses: &HashMap<String, StatusCode>) -> Result<Option<Fault>, Fault> {
    for before in &part.after {
        let status = statuses.get(before).ok_or_else(|| {
            let message = format!("{} waits for {before}, which is no request that stands before it.", part.id);
            Fault::at("dependsOn", message)
        })?;
        if !status.is_success() {
            let message = format!("This was not done, since the request {before} failed.");
            return Ok(Some(Fault::new(StatusCode::FAILED_DEPENDENCY, "FailedDependency", message)));
        }
    }
    if part.path.trim_matches('/').eq_ignore_ascii_case("$batch") {
        return Ok(Some(Fault::bad("A batch cannot stand within another.")));
    }
    Ok(None)
}

fn asked(call: &Call, part: Part) -> Asked {
    let origin = call.base.rsplit_once('/').map_or("", |(origin, _)| origin);
    Asked {
        actor: call.actor.clone(),
        verb: part.verb,
        version: call.version,
        origin: origin.to_owned(),
        path: part.path,
        query: part.query,
        body: part.body,
        if_match: if_match(part.if_match.as_deref()),
        language: call.language.clone(),
        meter: call.meter.clone(),
    }
}

fn response(id: &str, answer: Answer) -> Value {
    let mut headers = Map::new();
    for (name, value) in &answer.headers {
        if let Ok(value) = value.to_str() {
            headers.insert(name.as_str().to_owned(), json!(value));
        }
    }
    let body = match answer.content {
        Content::None => Value::Null,
        Content::Json(value) => {
            headers.insert("Content-Type".to_owned(), json!("application/json"));
            value
        }
        Content::Text(kind, text) => {
            headers.insert("Content-Type".to_owned(), json!(kind));
            json!(text)
        }
    };
    json!({ "id": id, "status": answer.status.as_u16(), "headers": headers, "body": body })
}
