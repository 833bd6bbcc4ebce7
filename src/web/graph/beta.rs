//! The names that the beta gives to what is called otherwise now. Published texts and clients use them under both versions, so what comes in
//! is read by either name; what goes out under `/beta` has the beta's.

use serde_json::{Map, Value};

use super::schema;
use crate::domain::odata::QueryOptions;

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
];

fn present(name: &str) -> Option<&'static str> {
    let found = NAMES.iter().find(|(beta, _)| beta.eq_ignore_ascii_case(name));
    found.map(|(_, name)| *name)
}

/// What was sent, by the names of v1.0.
pub fn incoming(value: &mut Value) {
    match value {
        Value::Object(properties) => {
            let mut renamed = Map::new();
            for (name, mut value) in std::mem::take(properties) {
                incoming(&mut value);
                renamed.insert(present(&name).map_or(name, str::to_owned), value);
            }
            *properties = renamed;
        }
        Value::Array(values) => values.iter_mut().for_each(incoming),
        _ => {}
    }
}

/// The options of an address, by the names of v1.0.
pub fn options(options: &mut QueryOptions) {
    let renamed = |path: &str| -> String {
        let parts: Vec<&str> = path.split('/').map(|part| present(part).unwrap_or(part)).collect();
        parts.join("/")
    };
    if let Some(filter) = &mut options.list.filter {
        filter.rename(&renamed);
    }
    for name in &mut options.select {
        *name = renamed(name);
    }
    for expand in &mut options.expand {
        expand.name = renamed(&expand.name);
        self::options(&mut expand.options);
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
        let beta = NAMES.iter().find(|(_, present)| *present == name && related.is_some());
        renamed.insert(beta.map_or(name, |(beta, _)| (*beta).to_owned()), value);
    }
    *properties = renamed;
}
