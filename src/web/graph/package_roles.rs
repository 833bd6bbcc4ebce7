//! What a package gives: `resourceRoleScopes`. The id of one is the role's and the scope's, with an underscore between them.

use serde_json::{Value, json};

use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::resources::{NamedResource, all_of, equal, origin_system, role_with_related, scope_with_related};
use super::route::{Route, graph_routes};
use crate::domain::access::Action::{ManagePackages, ReadCatalogs};
use crate::domain::draft::DraftRole;
use crate::domain::id::PackageId;
use crate::domain::object::{ResourceRoleRecord, RoleScopeRecord};
use crate::domain::odata::QueryOptions;
use crate::domain::odata::scalar::write_instant;
use crate::domain::package::PackageRecord;
use crate::service::{Error, catalogs, packages};
use crate::web::endpoints::Access::Needs;
use crate::web::endpoints::Found::Package;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/accessPackages/{package}/resourceRoleScopes" "accessPackageResourceRoleScope", Needs(ReadCatalogs, Package) => list;
    Get "EM/accessPackages/{package}/resourceRoleScopes/{role}" "accessPackageResourceRoleScope", Needs(ReadCatalogs, Package) => get;
    Post "EM/accessPackages/{package}/resourceRoleScopes" "accessPackageResourceRoleScope", Needs(ManagePackages, Package) => create;
    Delete "EM/accessPackages/{package}/resourceRoleScopes/{role}" "", Needs(ManagePackages, Package) => delete;
];

fn id_of(role: &ResourceRoleRecord) -> String {
    format!("{}_{}", role.id, role.resource.object_id)
}

/// A resource role of a package in the API's shape, with its role and its scope where those are asked for.
pub fn with_related(call: &Call, record: &RoleScopeRecord, options: &QueryOptions) -> Value {
    let mut value = json!({
        "id": id_of(&record.role),
        "createdDateTime": write_instant(record.placed_at),
    });
    if let Some(inner) = options.expanded("role") {
        value["role"] = role_with_related(call, &record.role, inner);
    }
    if let Some(inner) = options.expanded("scope") {
        value["scope"] = scope_with_related(call, &record.role.resource, inner);
    }
    value
}

async fn of_package(call: &Call, id: PackageId) -> Result<Vec<RoleScopeRecord>, Fault> {
    let package = packages::record(&call.app, &call.actor, id).await?;
    let mut all = packages::role_scopes(&call.app, &[package.id]).await?;
    Ok(all.remove(&package.id).unwrap_or_default())
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    let own = of_package(call, call.id(0)?).await?;
    Ok(Reply::all(
        own.iter().map(|record| with_related(call, record, &call.options)).collect(),
    ))
}

/// The one that the path names.
async fn named(call: &Call) -> Result<RoleScopeRecord, Fault> {
    let own = of_package(call, call.id(0)?).await?;
    let found = own.into_iter().find(|record| id_of(&record.role).eq_ignore_ascii_case(call.key(1)));
    found.ok_or_else(Fault::not_found)
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let record = named(call).await?;
    Ok(Reply::entity(with_related(call, &record, &call.options), None))
}

async fn create(call: &Call) -> Result<Reply, Fault> {
    let package = packages::record(&call.app, &call.actor, call.id(0)?).await?;
    let role = role_meant(call, &package).await?;
    let row = DraftRole {
        object: role.resource.object_id,
        role: Some(role.id),
    };
    packages::add_roles(&call.app, &call.actor, package.id, &[row])
        .await
        .map_err(renamed)?;
    let all = of_package(call, package.id).await?;
    let made = all.iter().find(|record| record.role.id == role.id).ok_or_else(Fault::not_found)?;
    Ok(Reply::created(with_related(call, made, &call.options), None))
}

/// The role that a body names by its id, or by where it comes from; the resource may be named inside the role, or by the scope alone.
async fn role_meant(call: &Call, package: &PackageRecord) -> Result<ResourceRoleRecord, Fault> {
    let body = call.body.object("role")?;
    let body = body.ok_or_else(|| Fault::at("role", "role has to name the resource role by originId and originSystem, or by id."))?;
    let role = NamedResource::of(&body)?;
    let resource = body.object("resource")?.map(|resource| NamedResource::of(&resource)).transpose()?;
    let scope = call.body.object("scope")?.unwrap_or_default();
    let scope = NamedResource::of(&scope)?;
    let name = body.text("displayName")?.filter(|name| !name.is_empty());
    if role.origin_id.is_none() && role.id.is_none() && name.is_none() {
        return Err(Fault::at("role", "role has to name originId and originSystem, or id."));
    }
    let by_origin = role.origin_id.is_some();
    let within = resource
        .as_ref()
        .and_then(|resource| resource.origin_id.clone())
        .or(scope.origin_id);
    let own_id = resource.and_then(|resource| resource.id).filter(|_| within.is_none());
    let query = all_of([
        role.origin_id.map(|origin| equal("originId", &origin)),
        role.id.filter(|_| !by_origin).map(|id| equal("id", &id)),
        role.kind.map(|kind| equal("originSystem", origin_system(kind))),
        name.filter(|_| !by_origin).map(|name| equal("displayName", &name)),
        within.map(|origin| equal("resource/originId", &origin)),
        own_id.map(|id| equal("resource/id", &id)),
    ]);
    let found = catalogs::query_resource_roles(&call.app, &call.actor, Some(package.catalog_id), &query).await?;
    match <[ResourceRoleRecord; 1]>::try_from(found.rows) {
        Ok([role]) => Ok(role),
        Err(rows) if rows.is_empty() => Err(Fault::at(
            "role",
            "The package's catalog has no such resource role. Add the resource to the catalog with resourceRequests first.",
        )),
        Err(_) => Err(Fault::at(
            "role",
            "Several resource roles are meant by this. Name the resource by scope/originId too.",
        )),
    }
}

/// Faults by the names that the client used.
fn renamed(error: Error) -> Fault {
    Fault::renamed(error, &[("roles.0.role", "role"), ("roles.0.object", "role/resource")])
}

async fn delete(call: &Call) -> Result<Reply, Fault> {
    let record = named(call).await?;
    packages::remove_role(&call.app, &call.actor, record.package_id, record.place).await?;
    Ok(Reply::done())
}
