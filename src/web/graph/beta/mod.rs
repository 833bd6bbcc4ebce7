//! The names that the beta gives to what is called otherwise now. Published texts and clients use them under both versions, so what comes in
//! is read by either name; what goes out under `/beta` has the beta's. Where the beta has another shape, and not only another name, the things
//! have files of their own.

mod policy;

use serde_json::{Map, Value};

use super::schema;
use crate::domain::odata::{QueryOptions, scalar};

/// A beta name, and the name that stands for it.
const NAMES: &[(&str, &str)] = &[
    ("accessPackageCatalog", "catalog"),
    ("accessPackageResource", "resource"),
    ("accessPackageResources", "resources"),
    ("accessPackageResourceRole", "role"),
    ("accessPackageResourceRoles", "roles"),
    ("accessPackageResourceScope", "scope"),
    ("accessPackageResourceScopes", "scopes"),
    ("accessPackageResourceRoleScopes", "resourceRoleScopes"),
    ("accessPackageResourceEnvironment", "environment"),
    ("accessPackageAssignmentPolicies", "assignmentPolicies"),
    ("accessPackageAssignmentPolicy", "assignmentPolicy"),
    ("accessPackageAssignment", "assignment"),
    ("steps", "stages"),
];

/// Beta names of properties that are called otherwise now: by the type, so that they are told so again.
const PROPERTIES: &[(&str, &str, &str)] = &[
    ("accessPackageCatalog", "catalogStatus", "state"),
    ("accessPackageAssignmentRequest", "requestState", "state"),
    ("accessPackageAssignmentRequest", "requestStatus", "status"),
    ("accessPackageAssignmentRequest", "completedDate", "completedDateTime"),
    ("accessPackageResourceRequest", "requestState", "state"),
    ("accessPackageAssignment", "assignmentState", "state"),
    ("accessPackageAssignment", "assignmentStatus", "status"),
    ("accessPackageSubject", "type", "subjectType"),
    ("accessPackageResource", "addedOn", "createdDateTime"),
];

/// Words that the beta writes with a capital.
const CAPITALS: &[&str] = &["catalogType", "state", "requestType", "subjectType"];

/// What things carry for the beta alone, told there without this.
const ONLY_BETA: &str = "@beta.";
/// The ids among them, which a `$select` may name.
const ONLY_BETA_IDS: &[&str] = &["catalogId", "accessPackageId", "assignmentPolicyId", "targetId"];

fn present(name: &str) -> Option<&'static str> {
    let found = NAMES.iter().find(|(beta, _)| beta.eq_ignore_ascii_case(name));
    found.map(|(_, name)| *name)
}

/// What was sent to a route that answers with this type, in the shape of v1.0.
pub fn incoming(kind: &str, value: &mut Value) {
    named(value);
    let Value::Object(properties) = value else { return };
    if kind == "accessPackageAssignmentPolicy" {
        policy::incoming(properties);
    }
    if let Some(state) = properties.remove("catalogStatus") {
        properties.entry("state").or_insert(state);
    }
}

/// What was sent, by the names of v1.0.
fn named(value: &mut Value) {
    match value {
        Value::Object(properties) => {
            let mut renamed = Map::new();
            for (name, mut value) in std::mem::take(properties) {
                named(&mut value);
                renamed.insert(present(&name).map_or(name, str::to_owned), value);
            }
            *properties = renamed;
        }
        Value::Array(values) => values.iter_mut().for_each(named),
        _ => {}
    }
}

/// The options of an address of this type, by the names of v1.0.
pub fn options(kind: &str, options: &mut QueryOptions) {
    let renamed = |path: &str| -> String {
        let parts: Vec<&str> = path.split('/').map(|part| present(part).unwrap_or(part)).collect();
        let own = PROPERTIES.iter().find(|(of, beta, _)| *of == kind && parts == [*beta]);
        own.map_or_else(|| parts.join("/"), |(_, _, name)| (*name).to_owned())
    };
    if let Some(filter) = &mut options.list.filter {
        filter.rename(&renamed);
    }
    for name in &mut options.select {
        *name = renamed(name);
    }
    // What only the beta has is there in any case.
    options
        .select
        .retain(|name| !ONLY_BETA_IDS.iter().any(|id| id.eq_ignore_ascii_case(name)));
    for order in &mut options.list.order {
        order.path = renamed(&order.path);
    }
    for expand in &mut options.expand {
        expand.name = renamed(&expand.name);
        let related = schema::related(kind, &expand.name).map_or("", |related| related.kind);
        self::options(related, &mut expand.options);
    }
}

/// Leaves out what things carry for the beta alone.
pub fn without(value: &mut Value) {
    match value {
        Value::Object(properties) => {
            properties.retain(|name, _| !name.starts_with(ONLY_BETA));
            properties.values_mut().for_each(without);
        }
        Value::Array(values) => values.iter_mut().for_each(without),
        _ => {}
    }
}

fn capital(value: &mut Value) {
    if let Value::String(text) = value
        && let Some(first) = text.get_mut(..1)
    {
        first.make_ascii_uppercase();
    }
}

/// An entity of this type, by the names of the beta.
pub fn outgoing(kind: &str, value: &mut Value) {
    let Value::Object(properties) = value else { return };
    let mut renamed = Map::new();
    for (name, mut value) in std::mem::take(properties) {
        let related = schema::related(kind, &name);
        if let Some(related) = related {
            match &mut value {
                Value::Array(values) => values.iter_mut().for_each(|value| outgoing(related.kind, value)),
                value => outgoing(related.kind, value),
            }
        }
        if CAPITALS.contains(&name.as_str()) {
            capital(&mut value);
        }
        let beta = NAMES.iter().find(|(_, present)| *present == name && related.is_some());
        let own = PROPERTIES.iter().find(|(of, _, present)| *of == kind && *present == name);
        let only = name.strip_prefix(ONLY_BETA);
        let beta = only.or(beta.map(|(beta, _)| *beta)).or(own.map(|(_, beta, _)| *beta));
        renamed.insert(beta.map_or_else(|| name.clone(), str::to_owned), value);
    }
    if kind == "accessPackageAssignmentPolicy" {
        policy::outgoing(&mut renamed);
    }
    if kind == "entitlementManagementSettings"
        && let Some(Value::String(duration)) = renamed.remove("durationUntilExternalUserDeletedAfterBlocked")
    {
        let days = scalar::duration(&duration).map(|duration| duration.num_days());
        renamed.insert("daysUntilExternalUserDeletedAfterBlocked".into(), days.into());
    }
    *properties = renamed;
}
