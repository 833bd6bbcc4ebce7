//! `$select` and `$expand`: refused where they name what a type has not, and carried out on what is sent.

use serde_json::Value;

use super::schema;
use crate::domain::odata::{QueryFault, QueryOptions};

/// The type of those who are related to users and groups.
const PEOPLE: &str = "directoryObject";

/// Refuses names that the type does not have.
pub fn check(kind: &'static str, options: &QueryOptions) -> Result<(), QueryFault> {
    check_within(&[kind], options)
}

/// The same of the last of these types, which stands within the others. What can be many stands in nothing of its own kind but at the root: an
/// answer would hold all of it many times.
fn check_within(kinds: &[&'static str], options: &QueryOptions) -> Result<(), QueryFault> {
    let kind = kinds.last().copied().unwrap_or_default();
    if kind.is_empty() {
        return Ok(());
    }
    for name in &options.select {
        let first = name.split('/').next().unwrap_or_default();
        if schema::property(kind, first).is_none() && schema::related(kind, first).is_none() {
            let message = format!("The type {kind} has no property {name}.");
            return Err(QueryFault::new("$select", message));
        }
    }
    for expand in &options.expand {
        let Some(related) = schema::related(kind, &expand.name) else {
            let message = format!("The type {kind} is related to nothing by the name {}.", expand.name);
            return Err(QueryFault::new("$expand", message));
        };
        if expand.options.list.filter.is_some() {
            let message = format!("{} takes $select and $expand here, and no $filter.", expand.name);
            return Err(QueryFault::new("$expand", message));
        }
        let sorts = !expand.options.list.order.is_empty() || expand.options.list.search.is_some() || expand.options.list.skip > 0;
        if sorts && related.kind != PEOPLE {
            let message = format!("{} takes $select, $expand and $top here, and no other option.", expand.name);
            return Err(QueryFault::new("$expand", message));
        }
        if related.kind == PEOPLE && kinds.len() > 1 {
            let message = format!(
                "{} is expanded of users and groups alone, not of what stands within others.",
                expand.name
            );
            return Err(QueryFault::new("$expand", message));
        }
        if related.name == "roles" && kinds.len() > 1 && kinds.contains(&"accessPackageResourceScope") {
            return Err(QueryFault::new(
                "$expand",
                "roles cannot be expanded within a scope; ask for the resource's own roles.",
            ));
        }
        if related.many && kinds.len() > 1 && kinds.contains(&related.kind) {
            let message = format!("{} cannot be expanded within another {}.", expand.name, related.kind);
            return Err(QueryFault::new("$expand", message));
        }
        check_within(&[kinds, &[related.kind]].concat(), &expand.options)?;
    }
    Ok(())
}

/// Refuses what was to be expanded and is not there: it cannot be shown at this address.
pub fn check_expanded(kind: &str, value: &Value, options: &QueryOptions) -> Result<(), QueryFault> {
    for expand in &options.expand {
        let Some(related) = schema::related(kind, &expand.name) else {
            continue;
        };
        let within = match value.get(related.name) {
            None => {
                let message = format!("{} cannot be expanded at this address.", related.name);
                return Err(QueryFault::new("$expand", message));
            }
            Some(Value::Array(values)) => values.as_slice(),
            Some(Value::Null) => &[],
            Some(one) => std::slice::from_ref(one),
        };
        for value in within {
            check_expanded(related.kind, value, &expand.options)?;
        }
    }
    Ok(())
}

/// Leaves of an entity what was selected, and of what is related to it what was selected there.
pub fn project(kind: &str, value: &mut Value, options: &QueryOptions) {
    let Value::Object(properties) = value else { return };
    if !options.select.is_empty() {
        let selected = |name: &str| {
            let mut names = options.select.iter().map(|name| name.split('/').next().unwrap_or_default());
            names.any(|known| known.eq_ignore_ascii_case(name)) || options.expanded(name).is_some()
        };
        properties.retain(|name, _| name.starts_with('@') || name == "id" || selected(name));
    }
    for expand in &options.expand {
        let Some(related) = schema::related(kind, &expand.name) else {
            continue;
        };
        match properties.get_mut(related.name) {
            Some(Value::Array(values)) => {
                if let Some(top) = expand.options.list.top {
                    values.truncate(usize::try_from(top).unwrap_or(usize::MAX));
                }
                for value in values {
                    project(related.kind, value, &expand.options);
                }
            }
            Some(value) => project(related.kind, value, &expand.options),
            None => {}
        }
    }
}
