//! An answer on its way out: the envelope of entities and collections, the headers that stand on each, and the shape of errors.

use axum::Json;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::call::{Call, Version};
use super::fault::Fault;
use super::reply::{Collection, Entity, Reply};
use super::route::Verb;
use super::{address, beta, projection};
use crate::rpc::context::TraceId;

const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");
/// The addresses whose errors have codes of their own.
const DIRECTORY: &[&str] = &[
    "users",
    "groups",
    "me",
    "directory",
    "directoryobjects",
    "serviceprincipals",
    "applications",
];

/// By which a call is found again in the log.
#[derive(Clone, Debug)]
pub struct Ids {
    /// Ours.
    pub request: String,
    /// The client's own, or ours.
    pub client: String,
    /// When it came.
    pub date: String,
}

impl Ids {
    /// Those of a request that came just now.
    pub fn of(headers: &HeaderMap, extensions: &Extensions, now: DateTime<Utc>) -> Self {
        let trace = extensions.get::<TraceId>().cloned().unwrap_or_default().0;
        let request = Uuid::parse_str(&trace).map_or(trace, |id| id.to_string());
        let sent = headers.get(&CLIENT_REQUEST_ID).and_then(|value| value.to_str().ok());
        let client = sent
            .filter(|id| id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
            .map_or_else(|| request.clone(), str::to_owned);
        Self {
            request,
            client,
            date: now.format("%Y-%m-%dT%H:%M:%S").to_string(),
        }
    }
}

/// What is sent.
#[derive(Clone, Debug)]
pub enum Content {
    /// Nothing.
    None,
    /// JSON.
    Json(Value),
    /// Text of some other type.
    Text(&'static str, String),
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub content: Content,
}

impl Answer {
    fn new(status: StatusCode, ids: &Ids, content: Content) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in [(REQUEST_ID, &ids.request), (CLIENT_REQUEST_ID, &ids.client)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        headers.insert(ODATA_VERSION, HeaderValue::from_static("4.0"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Self { status, headers, content }
    }

    fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// An error, of a call to this path.
    pub fn of_fault(fault: &Fault, ids: &Ids, path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty()).map(str::to_ascii_lowercase);
        let directory = parts
            .nth(1)
            .is_some_and(|first| DIRECTORY.iter().any(|name| first.split('(').next() == Some(name)));
        let mut answer = Self::new(fault.status, ids, Content::Json(fault.json(directory, ids)));
        if let Some(seconds) = fault.retry_after {
            answer.set(RETRY_AFTER, &seconds.to_string());
        }
        if !fault.allow.is_empty() {
            answer.set(ALLOW, &fault.allow.join(", "));
        }
        if fault.status == StatusCode::UNAUTHORIZED {
            answer.set(WWW_AUTHENTICATE, "Bearer");
        }
        answer
    }

    /// What a handler answered to a call. What was read and is not shown as it was asked for is refused.
    pub fn of_reply(reply: Reply, call: &Call, ids: &Ids) -> Result<Self, Fault> {
        let shown = match &reply {
            _ if call.route.verb != Verb::Get => &[],
            Reply::Entity(entity) => std::slice::from_ref(&entity.value),
            Reply::Collection(collection) => collection.values.as_slice(),
            Reply::Document(..) | Reply::Json(_) | Reply::Status(_) => &[],
        };
        for value in shown {
            projection::check_expanded(call.route.kind, value, &call.options)?;
        }
        Ok(match reply {
            Reply::Entity(entity) => Self::entity(entity, call, ids),
            Reply::Collection(collection) => Self::collection(collection, call, ids),
            Reply::Document(kind, text) => Self::new(StatusCode::OK, ids, Content::Text(kind, text)),
            Reply::Json(value) => Self::new(StatusCode::OK, ids, Content::Json(value)),
            Reply::Status(status) => Self::new(status, ids, Content::None),
        })
    }

    fn entity(entity: Entity, call: &Call, ids: &Ids) -> Self {
        let Entity {
            status,
            mut value,
            version,
        } = entity;
        #[cfg(test)]
        super::schema::check(call.route.kind, &value).expect("an answer as the table of types has it");
        projection::project(call.route.kind, &mut value, &call.options);
        let id = value.get("id").and_then(Value::as_str).map(str::to_owned);
        match call.version {
            Version::V1 => beta::without(&mut value),
            Version::Beta => beta::outgoing(call.route.kind, &mut value),
        }
        let mut envelope = Map::new();
        envelope.insert(
            "@odata.context".into(),
            json!(format!("{}/$metadata#{}/$entity", call.base, call.set)),
        );
        if let Some(version) = version {
            envelope.insert("@odata.etag".into(), json!(format!("W/\"{version}\"")));
        }
        if let Value::Object(properties) = value {
            envelope.extend(properties);
        }
        let mut answer = Self::new(status, ids, Content::Json(Value::Object(envelope)));
        if let Some(version) = version {
            answer.set(ETAG, &format!("W/\"{version}\""));
        }
        if let Some(id) = id.filter(|_| status == StatusCode::CREATED) {
            answer.set(LOCATION, &format!("{}/{}/{id}", call.base, call.path));
        }
        answer
    }

    fn collection(collection: Collection, call: &Call, ids: &Ids) -> Self {
        if call.counts_only {
            let count = collection.count.unwrap_or_default();
            return Self::new(StatusCode::OK, ids, Content::Text("text/plain", count.to_string()));
        }
        let mut envelope = Map::new();
        envelope.insert("@odata.context".into(), json!(format!("{}/$metadata#{}", call.base, call.set)));
        if let Some(count) = collection.count.filter(|_| call.options.list.count) {
            envelope.insert("@odata.count".into(), json!(count));
        }
        if let Some(next) = &collection.next {
            let query = address::next_query(&call.query, next);
            envelope.insert("@odata.nextLink".into(), json!(format!("{}/{}?{query}", call.base, call.path)));
        }
        let mut values = collection.values;
        for value in &mut values {
            #[cfg(test)]
            super::schema::check(call.route.kind, value).expect("an answer as the table of types has it");
            projection::project(call.route.kind, value, &call.options);
            match call.version {
                Version::V1 => beta::without(value),
                Version::Beta => beta::outgoing(call.route.kind, value),
            }
        }
        envelope.insert("value".into(), Value::Array(values));
        Self::new(StatusCode::OK, ids, Content::Json(Value::Object(envelope)))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let Self { status, headers, content } = self;
        let mut response = match content {
            Content::None => status.into_response(),
            Content::Json(value) => (status, [(CONTENT_TYPE, JSON)], Json(value)).into_response(),
            Content::Text(kind, text) => (status, [(CONTENT_TYPE, kind)], text).into_response(),
        };
        if response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json") {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        }
        response.headers_mut().extend(headers);
        response
    }
}
