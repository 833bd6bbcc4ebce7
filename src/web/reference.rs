//! What the API can do, for people and for programs: both from the tables that answer it.

use std::sync::{Arc, LazyLock};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;

use super::graph;
use super::state::AppState;
use crate::auth_pages::{Operation, ReferencePage};

/// The description as it is sent; it is the same as long as the process runs.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| graph::openapi().to_string());

/// The OpenAPI document.
pub async fn openapi() -> Response {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The page that lists the operations.
pub async fn page(State(state): State<Arc<AppState>>, headers: HeaderMap) -> Response {
    Html(ReferencePage { nouns: nouns() }.html(&state.gate(&headers))).into_response()
}

/// The operations by their nouns, in the order of their addresses.
fn nouns() -> Vec<(String, Vec<Operation>)> {
    let document = graph::openapi();
    let mut nouns: Vec<(String, Vec<Operation>)> = Vec::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (address, operations) in paths {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let noun = operation["tags"][0].as_str().unwrap_or_default();
            let row = Operation {
                method: method.to_ascii_uppercase(),
                address: address.clone(),
                kind: kind(operation),
            };
            match nouns.iter_mut().find(|(known, _)| known == noun) {
                Some((_, rows)) => rows.push(row),
                None => nouns.push((noun.to_owned(), vec![row])),
            }
        }
    }
    nouns
}

/// The type that an operation answers with.
fn kind(operation: &Value) -> String {
    let name = |schema: &Value| schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()).map(str::to_owned);
    let answers = operation["responses"].as_object().into_iter().flatten();
    let mut schemas = answers.map(|(_, answer)| &answer["content"]["application/json"]["schema"]);
    let found = schemas.find_map(|schema| {
        let one = name(schema);
        one.or_else(|| name(&schema["properties"]["value"]["items"]).map(|of| format!("{of} (many)")))
    });
    found.unwrap_or_default()
}
