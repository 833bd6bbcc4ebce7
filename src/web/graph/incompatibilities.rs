//! Separation of duties: what a package excludes, by reference to a package or a group.

use serde_json::json;

use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use super::{groups, packages};
use crate::domain::access::Action::{ManageIncompatibilities, ReadCatalogs};
use crate::domain::id::{ObjectId, PackageId};
use crate::domain::incompatibility::Counterpart;
use crate::domain::odata::scalar;
use crate::service::{incompatibilities, packages as service};
use crate::web::endpoints::Access::Needs;
use crate::web::endpoints::Found::Package;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/accessPackages/{package}/incompatibleAccessPackages" "accessPackage", Needs(ReadCatalogs, Package) => of_package;
    Get "EM/accessPackages/{package}/accessPackagesIncompatibleWith" "accessPackage", Needs(ReadCatalogs, Package) => with_package;
    Get "EM/accessPackages/{package}/incompatibleGroups" "group", Needs(ReadCatalogs, Package) => groups_of_package;
    Get "EM/accessPackages/{package}/incompatibleAccessPackages/$ref" "", Needs(ReadCatalogs, Package) => package_references;
    Get "EM/accessPackages/{package}/incompatibleGroups/$ref" "", Needs(ReadCatalogs, Package) => group_references;
    Post "EM/accessPackages/{package}/incompatibleAccessPackages/$ref" "", Needs(ManageIncompatibilities, Package) => add_package;
    Post "EM/accessPackages/{package}/incompatibleGroups/$ref" "", Needs(ManageIncompatibilities, Package) => add_group;
    Delete "EM/accessPackages/{package}/incompatibleAccessPackages/{other}/$ref" "", Needs(ManageIncompatibilities, Package) => remove_package;
    Delete "EM/accessPackages/{package}/incompatibleAccessPackages/$ref" "", Needs(ManageIncompatibilities, Package) => remove_package;
    Delete "EM/accessPackages/{package}/incompatibleGroups/{other}/$ref" "", Needs(ManageIncompatibilities, Package) => remove_group;
    Delete "EM/accessPackages/{package}/incompatibleGroups/$ref" "", Needs(ManageIncompatibilities, Package) => remove_group;
];

async fn of_package(call: &Call) -> Result<Reply, Fault> {
    let found = service::incompatible(&call.app, &call.actor, call.id(0)?, false, &call.options.list).await?;
    packages::page(call, found).await
}

async fn with_package(call: &Call) -> Result<Reply, Fault> {
    let found = service::incompatible(&call.app, &call.actor, call.id(0)?, true, &call.options.list).await?;
    packages::page(call, found).await
}

async fn groups_of_package(call: &Call) -> Result<Reply, Fault> {
    let package = service::record(&call.app, &call.actor, call.id(0)?).await?;
    groups::page_of_package(call, package.id).await
}

async fn package_references(call: &Call) -> Result<Reply, Fault> {
    let found = service::incompatible(&call.app, &call.actor, call.id(0)?, false, &call.options.list).await?;
    let address = format!("{}/identityGovernance/entitlementManagement/accessPackages", call.base);
    Ok(Reply::page(
        found,
        |package| json!({ "@odata.id": format!("{address}/{}", package.id) }),
    ))
}

async fn group_references(call: &Call) -> Result<Reply, Fault> {
    let package = service::record(&call.app, &call.actor, call.id(0)?).await?;
    let found = crate::service::groups::incompatible(&call.app, &call.actor, package.id, &call.options.list).await?;
    Ok(Reply::page(
        found,
        |group| json!({ "@odata.id": format!("{}/groups/{}", call.base, group.id) }),
    ))
}

async fn add_package(call: &Call) -> Result<Reply, Fault> {
    let other: PackageId = referenced(&call.body.reference()?)?;
    add(call, Counterpart::Package(other)).await
}

async fn add_group(call: &Call) -> Result<Reply, Fault> {
    let other: ObjectId = referenced(&call.body.reference()?)?;
    add(call, Counterpart::Group(other)).await
}

async fn add(call: &Call, counterpart: Counterpart) -> Result<Reply, Fault> {
    let added = incompatibilities::add(&call.app, &call.actor, call.id(0)?, counterpart).await;
    added.map_err(|error| Fault::renamed(error, &[("counterpart", "@odata.id")]))?;
    Ok(Reply::done())
}

/// The id of a reference. What is no id names nothing.
fn referenced<I: std::str::FromStr>(id: &str) -> Result<I, Fault> {
    id.parse()
        .map_err(|_| Fault::at("@odata.id", "The address has to end with the id of what is meant."))
}

/// What is removed: the second key of the path, or `?@id=` with its address.
fn removed<I: std::str::FromStr>(call: &Call) -> Result<I, Fault> {
    let key = call.key(1);
    if !key.is_empty() {
        return key.parse().map_err(|_| Fault::not_found());
    }
    let address = call.parameter("@id").unwrap_or_default();
    referenced(scalar::reference(address).unwrap_or_default())
}

async fn remove_package(call: &Call) -> Result<Reply, Fault> {
    remove(call, Counterpart::Package(removed(call)?)).await
}

async fn remove_group(call: &Call) -> Result<Reply, Fault> {
    remove(call, Counterpart::Group(removed(call)?)).await
}

async fn remove(call: &Call, counterpart: Counterpart) -> Result<Reply, Fault> {
    incompatibilities::remove_counterpart(&call.app, &call.actor, call.id(0)?, counterpart).await?;
    Ok(Reply::done())
}
