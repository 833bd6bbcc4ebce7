//! The description of the API as OpenAPI 3.0, made from the tables of routes and types that answer it, so that it cannot say anything else.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::route::{Route, Verb};
use super::schema::{self, Edm, Type};
use super::serve::TABLES;
use crate::paths;

/// The arguments of functions.
const FUNCTIONS: &[(&str, &[&str])] = &[
    ("filterByCurrentUser", &["on"]),
    ("additionalAccess", &["accessPackageId", "incompatibleAccessPackageId"]),
    ("servicePrincipals", &["appId"]),
    ("subjects", &["objectId"]),
];

/// Addresses without a key at their end that lead to one thing.
const SINGLE: &[&str] = &[
    "me",
    "settings",
    "manager",
    "environment",
    "servicePrincipals()",
    "subjects()",
    "connectedOrganization",
];

/// Actions that answer with many things.
const LISTING: &[&str] = &["getApplicablePolicyRequirements"];

/// The query options of a collection, and what each is.
const OPTIONS: &[(&str, &str)] = &[
    ("$filter", "string"),
    ("$select", "string"),
    ("$expand", "string"),
    ("$orderby", "string"),
    ("$search", "string"),
    ("$top", "integer"),
    ("$skip", "integer"),
    ("$count", "boolean"),
];

/// The document.
pub fn document() -> Value {
    let mut routes: Vec<&Route> = TABLES.iter().copied().flatten().collect();
    routes.sort_by_key(|route| (route.path, route.verb.as_str()));
    let mut addresses: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for route in routes {
        let (address, parameters) = address(route);
        let operation = operation(route, &address, parameters);
        addresses
            .entry(address)
            .or_default()
            .insert(route.verb.as_str().to_ascii_lowercase(), operation);
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Woodgate",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Entitlement management in the shape of Microsoft Graph. Under /beta the same with the names of the beta.",
        },
        "servers": [{ "url": "/v1.0" }],
        "security": [{ "token": [] }],
        "paths": addresses,
        "components": {
            "securitySchemes": { "token": {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": { "tokenUrl": paths::TOKEN, "scopes": {} },
                    "authorizationCode": { "authorizationUrl": paths::AUTHORIZE, "tokenUrl": paths::TOKEN, "scopes": {} },
                },
            } },
            "schemas": schemas(),
            "responses": { "error": {
                "description": "It was refused, or failed.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/error" } } },
            } },
        },
    })
}

/// The address of a route, and the parameters in it.
fn address(route: &Route) -> (String, Vec<Value>) {
    let mut names: Vec<String> = Vec::new();
    let mut text = String::new();
    for part in route.parts() {
        text.push('/');
        if let Some(function) = part.strip_suffix("()") {
            let known = FUNCTIONS.iter().find(|(name, _)| *name == function);
            let arguments = known.map(|(_, arguments)| *arguments).unwrap_or_default();
            let said: Vec<String> = arguments.iter().map(|name| format!("{name}='{{{name}}}'")).collect();
            text.push_str(&format!("{function}({})", said.join(",")));
            names.extend(arguments.iter().map(|name| (*name).to_owned()));
        } else if let Some(name) = part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            let name = if names.iter().any(|other| other == name) {
                format!("{name}{}", names.len())
            } else {
                name.to_owned()
            };
            text.push_str(&format!("{{{name}}}"));
            names.push(name);
        } else {
            text.push_str(part);
        }
    }
    if text.is_empty() {
        text.push('/');
    }
    let parameter = |name: String| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    (text, names.into_iter().map(parameter).collect())
}

/// Whether a route answers with many things.
fn is_collection(route: &Route) -> bool {
    let last = route.parts().last().copied().unwrap_or_default();
    let many = route.verb == Verb::Get && !last.starts_with('{') && !SINGLE.contains(&last);
    many || LISTING.contains(&last)
}

fn operation(route: &Route, address: &str, mut parameters: Vec<Value>) -> Value {
    if route.verb == Verb::Get {
        let listed = is_collection(route);
        let options = OPTIONS.iter().filter(|(name, _)| listed || ["$select", "$expand"].contains(name));
        parameters.extend(options.map(|(name, kind)| json!({ "name": name, "in": "query", "schema": { "type": kind } })));
    }
    let mut operation = json!({
        "operationId": operation_id(route, address),
        "tags": [tag(route)],
        "parameters": parameters,
        "responses": { success(route): answer(route), "default": { "$ref": "#/components/responses/error" } },
    });
    if let Some(body) = body(route) {
        operation["requestBody"] = json!({ "content": { "application/json": { "schema": body } } });
    }
    operation
}

fn operation_id(route: &Route, address: &str) -> String {
    let words = address.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.filter(|word| !["identityGovernance", "entitlementManagement"].contains(word));
    let mut id = route.verb.as_str().to_ascii_lowercase();
    for word in words {
        let (first, rest) = word.split_at(1);
        id.push_str(&first.to_ascii_uppercase());
        id.push_str(rest);
    }
    id
}

/// The noun that a route belongs to.
fn tag(route: &Route) -> &'static str {
    let parts = route.parts();
    let skipped = match parts.first() {
        Some(&"identityGovernance") => 2,
        Some(&"roleManagement" | &"directory") => 1,
        _ => 0,
    };
    match parts.get(skipped).map(|part| part.trim_end_matches("()")) {
        Some(noun) if !noun.is_empty() && !noun.starts_with('$') => noun,
        // The list of sets, what describes them, and several calls in one.
        _ => "service",
    }
}

fn success(route: &Route) -> &'static str {
    match (route.verb, route.kind.is_empty()) {
        (Verb::Post, false) => "2XX",
        (_, false) => "200",
        (_, true) => "2XX",
    }
}

fn answer(route: &Route) -> Value {
    if route.kind.is_empty() {
        return json!({ "description": "It is done." });
    }
    let one = json!({ "$ref": format!("#/components/schemas/{}", route.kind) });
    let schema = if is_collection(route) {
        json!({
            "type": "object",
            "properties": {
                "value": { "type": "array", "items": one },
                "@odata.nextLink": { "type": "string" },
                "@odata.count": { "type": "integer" },
            },
            "required": ["value"],
        })
    } else {
        one
    };
    json!({ "description": "It is done.", "content": { "application/json": { "schema": schema } } })
}

/// What is sent: a thing where one is made or replaced, a reference, or whatever an action takes.
fn body(route: &Route) -> Option<Value> {
    let reference = || json!({ "type": "object", "properties": { "@odata.id": { "type": "string" } }, "required": ["@odata.id"] });
    match route.verb {
        Verb::Get | Verb::Delete => None,
        _ if route.path.ends_with("$ref") => Some(reference()),
        Verb::Post | Verb::Put if !route.kind.is_empty() && schema::find(route.kind).is_some_and(|kind| kind.entity) => {
            Some(json!({ "$ref": format!("#/components/schemas/{}", route.kind) }))
        }
        _ => Some(json!({ "type": "object" })),
    }
}

fn schemas() -> Map<String, Value> {
    let types = schema::types().map(|kind| (kind.name.to_owned(), of_type(kind)));
    let words = schema::words().map(|(name, words)| ((*name).to_owned(), json!({ "type": "string", "enum": words })));
    let error = json!({
        "type": "object",
        "properties": { "error": {
            "type": "object",
            "properties": {
                "code": { "type": "string" },
                "message": { "type": "string" },
                "target": { "type": "string" },
                "details": { "type": "array", "items": { "type": "object" } },
                "innerError": { "type": "object" },
            },
            "required": ["code", "message"],
        } },
        "required": ["error"],
    });
    let mut all: Map<String, Value> = types.chain(words).collect();
    all.insert("error".into(), error);
    all
}

fn of_type(kind: &Type) -> Value {
    let mut properties: Map<String, Value> = Map::new();
    for (name, edm) in kind.properties {
        properties.insert((*name).to_owned(), of_property(*edm));
    }
    for related in kind.related {
        let value = if related.many {
            json!({ "type": "array", "items": reference(related.kind) })
        } else {
            json!({ "nullable": true, "allOf": [reference(related.kind)] })
        };
        properties.insert(related.name.to_owned(), value);
    }
    let own = json!({ "type": "object", "properties": properties });
    match kind.base {
        Some(base) => json!({ "allOf": [{ "$ref": format!("#/components/schemas/{base}") }, own] }),
        None => own,
    }
}

fn of_property(edm: Edm) -> Value {
    let nullable = |value: Value| {
        let mut value = value;
        value["nullable"] = json!(true);
        value
    };
    match edm {
        Edm::Text => nullable(json!({ "type": "string" })),
        Edm::Flag => nullable(json!({ "type": "boolean" })),
        Edm::Number => nullable(json!({ "type": "integer" })),
        Edm::Time => nullable(json!({ "type": "string", "format": "date-time" })),
        Edm::Day => nullable(json!({ "type": "string", "format": "date" })),
        Edm::Duration => nullable(json!({ "type": "string", "format": "duration" })),
        Edm::Word(name) | Edm::One(name) => json!({ "nullable": true, "allOf": [reference(name)] }),
        Edm::Many(name) => json!({ "type": "array", "items": reference(name) }),
        Edm::Texts => json!({ "type": "array", "items": { "type": "string" } }),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Where the description of the API is kept, so that every change of it is seen.
    const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");

    #[test]
    fn f173_the_kept_description_of_the_api_is_that_of_the_tables() {
        let text = serde_json::to_string_pretty(&document()).expect("text") + "\n";
        if std::env::var_os("WOODGATE_KEEP").is_some() {
            std::fs::write(KEPT, &text).expect("kept");
        }
        let kept = std::fs::read_to_string(KEPT).unwrap_or_default();
        assert!(
            kept == text,
            "the API has changed: look at the difference, and keep it by WOODGATE_KEEP=1 cargo test --lib openapi"
        );
    }

    /// Every reference in a document.
    fn references(value: &Value, found: &mut HashSet<String>) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(to)) = fields.get("$ref") {
                    found.insert(to.clone());
                }
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_operation_has_its_own_name() {
        let document = document();
        let mut found = HashSet::new();
        references(&document, &mut found);
        assert!(found.len() > 30, "{found:?}");
        for to in found {
            let pointer = to.trim_start_matches('#').to_owned();
            assert!(document.pointer(&pointer).is_some(), "{to} leads nowhere");
        }
        let mut ids = HashSet::new();
        for (address, operations) in document["paths"].as_object().expect("paths") {
            assert!(
                !address.contains("()"),
                "{address}: name the arguments of the function in FUNCTIONS"
            );
            for operation in operations.as_object().expect("operations").values() {
                let id = operation["operationId"].as_str().expect("an id");
                assert!(ids.insert(id.to_owned()), "{id} is there twice");
            }
        }
        let rows: usize = TABLES.iter().map(|table| table.len()).sum();
        assert_eq!(ids.len(), rows, "each route is described");
    }
}
