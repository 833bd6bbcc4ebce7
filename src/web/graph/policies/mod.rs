//! Assignment policies: `EM/assignmentPolicies`. What a body says of one is read and told in `terms`.

mod approval;
mod lifecycle;
mod paths;
mod questions;
mod review;
mod subjects;
mod terms;

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use super::{catalogs, related};
use crate::domain::access::Action::{ManagePolicies, ReadCatalogs};
use crate::domain::id::{CatalogId, PackageId, PolicyId};
use crate::domain::object::SubjectItem;
use crate::domain::odata::{Compare, Filter, ListQuery, Literal, QueryOptions};
use crate::domain::policy::{PolicyRecord, PolicyTerms};
use crate::domain::validate::FieldError;
use crate::service::{Error, policies};
use crate::web::endpoints::Access::Needs;
use crate::web::endpoints::Found::{Listed, Package, Policy};
use terms::{How, PolicyView};

pub use lifecycle::{Asked, asked_schedule, schedule_json};
pub use questions::asked_json;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/assignmentPolicies" "accessPackageAssignmentPolicy", Needs(ReadCatalogs, Listed) => list;
    Post "EM/assignmentPolicies" "accessPackageAssignmentPolicy", Needs(ManagePolicies, Package) => create;
    Get "EM/assignmentPolicies/{policy}" "accessPackageAssignmentPolicy", Needs(ReadCatalogs, Policy) => get;
    Put "EM/assignmentPolicies/{policy}" "accessPackageAssignmentPolicy", Needs(ManagePolicies, Policy) => replace;
    Patch "EM/assignmentPolicies/{policy}" "accessPackageAssignmentPolicy", Needs(ManagePolicies, Policy) => update;
    Delete "EM/assignmentPolicies/{policy}" "", Needs(ManagePolicies, Policy) => delete;
    Get "EM/accessPackages/{package}/assignmentPolicies" "accessPackageAssignmentPolicy", Needs(ReadCatalogs, Package) => of_package;
];

/// A policy in the API's shape.
pub fn shape(policy: &PolicyRecord, subjects: &[SubjectItem]) -> Value {
    let view = PolicyView {
        id: policy.id,
        name: &policy.name,
        terms: &policy.terms,
        subjects,
        created_at: policy.created_at,
        updated_at: policy.updated_at,
    };
    let mut shown = terms::write(&view);
    shown.insert("@beta.accessPackageId".into(), json!(policy.package_id));
    Value::Object(shown)
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    listed(call, &call.options.list).await
}

/// The policies of one package.
async fn of_package(call: &Call) -> Result<Reply, Fault> {
    let id: PackageId = call.id(0)?;
    // Whoever may not see the package is told so, rather than shown an empty list.
    crate::service::packages::record(&call.app, &call.actor, id).await?;
    let only = Filter::Compare {
        path: "accessPackage/id".into(),
        compare: Compare::Equal,
        value: Literal::Text(id.to_string()),
    };
    let mut query = call.options.list.clone();
    query.filter = Some(match query.filter.take() {
        Some(filter) => Filter::And(Box::new(only), Box::new(filter)),
        None => only,
    });
    listed(call, &query).await
}

async fn listed(call: &Call, query: &ListQuery) -> Result<Reply, Fault> {
    let (found, subjects) = policies::query(&call.app, &call.actor, query).await?;
    let shown = with_related(call, &found.rows, &subjects, &call.options).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    one(call, call.id(0)?, Reply::entity).await
}

async fn one(call: &Call, id: PolicyId, reply: fn(Value, Option<i64>) -> Reply) -> Result<Reply, Fault> {
    let (policy, subjects) = policies::record(&call.app, &call.actor, id).await?;
    let version = policy.version;
    let shown = with_related(call, &[policy], &subjects, &call.options).await?.pop();
    Ok(reply(shown.unwrap_or_default(), Some(version)))
}

/// Policies with what they are related to, where that was asked for: of each kind by one query for all.
pub async fn with_related(
    call: &Call,
    found: &[PolicyRecord],
    subjects: &[SubjectItem],
    options: &QueryOptions,
) -> Result<Vec<Value>, Fault> {
    let mut shown: Vec<Value> = found.iter().map(|policy| shape(policy, subjects)).collect();
    if let Some(inner) = options.expanded("accessPackage") {
        let ids: Vec<PackageId> = found.iter().map(|policy| policy.package_id).collect();
        let all = related::packages(call, &ids, inner).await?;
        for (value, id) in shown.iter_mut().zip(&ids) {
            value["accessPackage"] = all.get(id).cloned().unwrap_or_default();
        }
    }
    if let Some(inner) = options.expanded("catalog") {
        let ids: Vec<CatalogId> = found.iter().map(|policy| policy.catalog_id).collect();
        let all = catalogs::by_ids(call, &ids, inner).await?;
        for (value, id) in shown.iter_mut().zip(&ids) {
            value["catalog"] = all.get(id).cloned().unwrap_or_default();
        }
    }
    if options.expanded("customExtensionStageSettings").is_some() {
        shown.iter_mut().for_each(|value| value["customExtensionStageSettings"] = json!([]));
    }
    Ok(shown)
}

async fn create(call: &Call) -> Result<Reply, Fault> {
    let read = terms::read(call.body.properties(), &PolicyTerms::default(), How::Whole)?;
    let package = read.package.ok_or_else(|| {
        Fault::at(
            "accessPackage.id",
            "Send the id of the package that the policy is for, as accessPackage.id.",
        )
    })?;
    let name = read.name.unwrap_or_default();
    let id = policies::create_whole(&call.app, &call.actor, package, &name, &read.terms)
        .await
        .map_err(told)?;
    one(call, id, Reply::created).await
}

async fn replace(call: &Call) -> Result<Reply, Fault> {
    change(call, How::Whole).await
}

async fn update(call: &Call) -> Result<Reply, Fault> {
    change(call, How::Part).await
}

async fn change(call: &Call, how: How) -> Result<Reply, Fault> {
    let (before, _) = policies::record(&call.app, &call.actor, call.id(0)?).await?;
    let read = terms::read(call.body.properties(), &before.terms, how)?;
    if read.package.is_some_and(|package| package != before.package_id) {
        let message = "A policy stays with its package. Create one for the other package instead.";
        return Err(Fault::at("accessPackage.id", message));
    }
    let name = match (read.name, how) {
        (Some(name), _) => name,
        (None, How::Part) => before.name.clone(),
        (None, How::Whole) => String::new(),
    };
    let version = call.version_of(before.version)?;
    policies::replace_whole(&call.app, &call.actor, before.id, version, &name, &read.terms)
        .await
        .map_err(told)?;
    one(call, before.id, Reply::entity).await
}

async fn delete(call: &Call) -> Result<Reply, Fault> {
    let (before, _) = policies::record(&call.app, &call.actor, call.id(0)?).await?;
    let version = call.version_of(before.version)?;
    policies::delete(&call.app, &call.actor, before.id, version).await?;
    Ok(Reply::done())
}

/// Faults at the properties that the client sent.
fn told(error: Error) -> Fault {
    match error {
        Error::Invalid(faults) => {
            let named = faults
                .into_iter()
                .map(|fault| FieldError::new(paths::property(&fault.path), fault.code));
            Error::Invalid(named.collect()).into()
        }
        error => error.into(),
    }
}
