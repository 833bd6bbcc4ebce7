//! Access packages: `EM/accessPackages`.

use serde_json::{Value, json};

use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::access::Action::ReadCatalogs;
use crate::domain::odata::scalar::write_instant;
use crate::domain::package::PackageRecord;
use crate::service::packages;
use crate::web::endpoints::Access::Needs;
use crate::web::endpoints::Found::{Listed, Package};

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/accessPackages" "accessPackage", Needs(ReadCatalogs, Listed) => list;
    Get "EM/accessPackages/{package}" "accessPackage", Needs(ReadCatalogs, Package) => get;
];

/// A package in the API's shape.
pub fn shape(package: &PackageRecord) -> Value {
    json!({
        "id": package.id,
        "displayName": package.name,
        "description": package.description,
        "isHidden": package.hidden,
        "createdDateTime": write_instant(package.created_at),
        "modifiedDateTime": write_instant(package.updated_at),
        "@beta.catalogId": package.catalog_id,
    })
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    let found = packages::query(&call.app, &call.actor, &call.options.list).await?;
    Ok(Reply::page(found, |package| shape(&package)))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let package = packages::record(&call.app, &call.actor, call.id(0)?).await?;
    Ok(Reply::entity(shape(&package), Some(package.version)))
}
