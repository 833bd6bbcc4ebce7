//! Access packages: `EM/accessPackages`, and what the caller may ask for. What a package gives is in `package_roles`, what it excludes in
//! `incompatibilities`.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::body::Body;
use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use super::{catalogs, groups, package_roles, policies};
use crate::domain::access::Action::{ManagePackages, ReadCatalogs};
use crate::domain::access::Visible;
use crate::domain::id::{CatalogId, ObjectId, PackageId};
use crate::domain::object::RoleScopeRecord;
use crate::domain::odata::QueryOptions;
use crate::domain::odata::scalar::write_instant;
use crate::domain::package::{PackageForm, PackageRecord, PriorMembership};
use crate::service::{Error, packages};
use crate::store::odata::Found;
use crate::store::odata::packages::Relation;
use crate::web::endpoints::Access::{Needs, Own};
use crate::web::endpoints::Found::{Catalog, Listed, Package};

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/accessPackages" "accessPackage", Needs(ReadCatalogs, Listed) => list;
    Post "EM/accessPackages" "accessPackage", Needs(ManagePackages, Catalog) => create;
    Get "EM/accessPackages/filterByCurrentUser()" "accessPackage", Own => of_caller;
    Get "EM/accessPackages/{package}" "accessPackage", Needs(ReadCatalogs, Package) => get;
    Patch "EM/accessPackages/{package}" "", Needs(ManagePackages, Package) => update;
    Delete "EM/accessPackages/{package}" "", Needs(ManagePackages, Package) => delete;
    Post "EM/accessPackages/{package}/moveToCatalog" "", Needs(ManagePackages, Package) => move_to_catalog;
    Get "EM/catalogs/{catalog}/accessPackages" "accessPackage", Needs(ReadCatalogs, Catalog) => of_catalog;
    Get "EM/availableAccessPackages" "availableAccessPackage", Own => available;
    Get "EM/availableAccessPackages/{package}" "availableAccessPackage", Own => available_one;
    Get "EM/availableAccessPackages/{package}/resourceRoleScopes" "accessPackageResourceRoleScope", Own => available_roles;
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

/// Packages with what is asked of them, of each kind by one query for all.
pub async fn with_related(call: &Call, found: &[PackageRecord], options: &QueryOptions) -> Result<Vec<Value>, Fault> {
    let (app, actor) = (&call.app, &call.actor);
    let ids: Vec<PackageId> = found.iter().map(|package| package.id).collect();
    let mut shown: Vec<Value> = found.iter().map(shape).collect();
    // Who has a part in a request for a package is told of the package, and nothing of its catalog.
    let visible = actor.visible(ReadCatalogs).unwrap_or(Visible::Catalogs(Vec::new()));
    let seen = found.iter().filter(|package| visible.includes(package.catalog_id));
    let seen: Vec<PackageId> = seen.map(|package| package.id).collect();
    if let Some(inner) = options.expanded("catalog") {
        let of: Vec<CatalogId> = found.iter().map(|package| package.catalog_id).collect();
        let all = catalogs::by_ids(call, &of, inner).await?;
        for (value, id) in shown.iter_mut().zip(&of) {
            value["catalog"] = all.get(id).cloned().unwrap_or_default();
        }
    }
    if let Some(inner) = options.expanded("resourceRoleScopes") {
        let all = packages::role_scopes(app, &seen).await?;
        add_role_scopes(call, &mut shown, &ids, all, inner);
    }
    if let Some(inner) = options.expanded("assignmentPolicies") {
        let (all, subjects) = crate::service::policies::of_packages(app, actor, &seen).await?;
        let values = Box::pin(policies::with_related(call, &all, &subjects, inner)).await?;
        for (value, id) in shown.iter_mut().zip(&ids) {
            let own = all.iter().zip(&values).filter(|(policy, _)| policy.package_id == *id);
            value["assignmentPolicies"] = own.map(|(_, value)| value.clone()).collect();
        }
    }
    for (name, relation) in [
        ("incompatibleAccessPackages", Relation::Packages),
        ("accessPackagesIncompatibleWith", Relation::With),
        ("incompatibleGroups", Relation::Groups),
    ] {
        if let Some(inner) = options.expanded(name) {
            let pairs = packages::related(app, &seen, relation).await?;
            let others = others(call, &pairs, relation, inner).await?;
            for (value, id) in shown.iter_mut().zip(&ids) {
                let own = pairs.iter().filter(|(package, _)| package == id);
                value[name] = own.filter_map(|(_, other)| others.get(other).cloned()).collect();
            }
        }
    }
    Ok(shown)
}

/// Puts into packages what each of them gives.
fn add_role_scopes(
    call: &Call,
    shown: &mut [Value],
    ids: &[PackageId],
    mut all: HashMap<PackageId, Vec<RoleScopeRecord>>,
    options: &QueryOptions,
) {
    for (value, id) in shown.iter_mut().zip(ids) {
        let own = all.remove(id).unwrap_or_default();
        let own = own.iter().map(|record| package_roles::with_related(call, record, options));
        value["resourceRoleScopes"] = own.collect();
    }
}

/// The other halves of a relation by their ids, those of them that the caller sees.
async fn others(
    call: &Call,
    pairs: &[(PackageId, Uuid)],
    relation: Relation,
    options: &QueryOptions,
) -> Result<HashMap<Uuid, Value>, Fault> {
    if relation == Relation::Groups {
        let ids: Vec<ObjectId> = pairs.iter().map(|(_, id)| ObjectId(*id)).collect();
        return groups::named_by_packages(call, &ids).await;
    }
    let ids: Vec<PackageId> = pairs.iter().map(|(_, id)| PackageId(*id)).collect();
    let found = packages::records(&call.app, &call.actor, &ids).await?;
    let shown = Box::pin(with_related(call, &found, options)).await?;
    Ok(found.iter().map(|package| package.id.0).zip(shown).collect())
}

/// A page of packages with what is asked of them.
pub async fn page(call: &Call, found: Found<PackageRecord>) -> Result<Reply, Fault> {
    let shown = with_related(call, &found.rows, &call.options).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    let found = packages::query(&call.app, &call.actor, &call.options.list).await?;
    page(call, found).await
}

async fn of_catalog(call: &Call) -> Result<Reply, Fault> {
    let catalog = crate::service::catalogs::record(&call.app, &call.actor, call.id(0)?).await?;
    let mut query = call.options.list.clone();
    let own = super::resources::equal("catalog/id", &catalog.id.to_string());
    query.filter = Some(match query.filter.take() {
        None => own,
        Some(filter) => crate::domain::odata::Filter::And(Box::new(own), Box::new(filter)),
    });
    let found = packages::query(&call.app, &call.actor, &query).await?;
    page(call, found).await
}

/// Only what the caller may ask for is found by who is the current user.
async fn of_caller(call: &Call) -> Result<Reply, Fault> {
    let on = call.argument("on").unwrap_or_default();
    if !on.eq_ignore_ascii_case("allowedRequestor") {
        return Err(Fault::at("on", "Access packages are filtered on 'allowedRequestor'."));
    }
    let found = packages::requestable(&call.app, &call.actor, &call.options.list).await?;
    page(call, found).await
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    one(call, call.id(0)?, Reply::entity).await
}

async fn one(call: &Call, id: PackageId, reply: fn(Value, Option<i64>) -> Reply) -> Result<Reply, Fault> {
    let package = packages::record(&call.app, &call.actor, id).await?;
    let version = package.version;
    let shown = with_related(call, &[package], &call.options).await?.pop();
    Ok(reply(shown.unwrap_or_default(), Some(version)))
}

/// What a body changes of a form; what it does not name stays.
fn change(body: &Body, form: &mut PackageForm) -> Result<(), Fault> {
    if let Some(name) = body.text("displayName")? {
        form.name = name;
    }
    if let Some(description) = body.text("description")? {
        form.description = description;
    }
    if let Some(hidden) = body.flag("isHidden")? {
        form.hidden = hidden;
    }
    Ok(())
}

fn catalog_of(call: &Call) -> Result<CatalogId, Fault> {
    let fault = || Fault::at("catalog", "catalog has to name the catalog by its id.");
    let id = call.body.related("catalog")?.ok_or_else(fault)?;
    id.parse().map_err(|_| fault())
}

async fn create(call: &Call) -> Result<Reply, Fault> {
    let mut form = PackageForm {
        name: String::new(),
        description: String::new(),
        hidden: false,
        prior_membership: PriorMembership::Keep,
    };
    change(&call.body, &mut form)?;
    let id = packages::create(&call.app, &call.actor, catalog_of(call)?, &form)
        .await
        .map_err(named)?;
    one(call, id, Reply::created).await
}

async fn update(call: &Call) -> Result<Reply, Fault> {
    let before = packages::record(&call.app, &call.actor, call.id(0)?).await?;
    let mut form = before.form();
    change(&call.body, &mut form)?;
    let version = call.version_of(before.version)?;
    packages::update(&call.app, &call.actor, before.id, version, &form)
        .await
        .map_err(named)?;
    Ok(Reply::done())
}

async fn delete(call: &Call) -> Result<Reply, Fault> {
    let before = packages::record(&call.app, &call.actor, call.id(0)?).await?;
    let version = call.version_of(before.version)?;
    packages::delete(&call.app, &call.actor, before.id, version).await?;
    Ok(Reply::done())
}

/// Moves a package to a catalog that has all its resources.
async fn move_to_catalog(call: &Call) -> Result<Reply, Fault> {
    let before = packages::record(&call.app, &call.actor, call.id(0)?).await?;
    let version = call.version_of(before.version)?;
    packages::move_to(&call.app, &call.actor, before.id, version, catalog_of(call)?, false).await?;
    Ok(Reply::done())
}

/// Faults by the names that the client used.
fn named(error: Error) -> Fault {
    Fault::renamed(error, &[("name", "displayName"), ("hidden", "isHidden")])
}

/// A package as whoever may ask for it sees it.
fn available_shape(package: &PackageRecord) -> Value {
    json!({
        "id": package.id,
        "displayName": package.name,
        "description": package.description,
    })
}

async fn available(call: &Call) -> Result<Reply, Fault> {
    let found = packages::requestable(&call.app, &call.actor, &call.options.list).await?;
    let mut shown: Vec<Value> = found.rows.iter().map(available_shape).collect();
    if let Some(inner) = call.expanded("resourceRoleScopes") {
        let ids: Vec<PackageId> = found.rows.iter().map(|package| package.id).collect();
        let all = packages::visible_role_scopes(&call.app, &call.actor, &ids).await?;
        add_role_scopes(call, &mut shown, &ids, all, inner);
    }
    Ok(Reply::page(found.with(shown), |value| value))
}

/// The one package of the path, if the caller may ask for it: what rights they have otherwise does not matter.
async fn requestable_one(call: &Call) -> Result<PackageRecord, Fault> {
    let id: PackageId = call.id(0)?;
    let query = super::resources::all_of([Some(super::resources::equal("id", &id.to_string()))]);
    let found = packages::requestable(&call.app, &call.actor, &query).await?;
    found.rows.into_iter().next().ok_or_else(Fault::not_found)
}

async fn available_one(call: &Call) -> Result<Reply, Fault> {
    let package = requestable_one(call).await?;
    let mut value = available_shape(&package);
    if let Some(inner) = call.expanded("resourceRoleScopes") {
        let all = packages::visible_role_scopes(&call.app, &call.actor, &[package.id]).await?;
        add_role_scopes(call, std::slice::from_mut(&mut value), &[package.id], all, inner);
    }
    Ok(Reply::entity(value, None))
}

async fn available_roles(call: &Call) -> Result<Reply, Fault> {
    let package = requestable_one(call).await?;
    let own = packages::visible_role_scopes(&call.app, &call.actor, &[package.id])
        .await?
        .remove(&package.id);
    let own = own.unwrap_or_default();
    Ok(Reply::all(
        own.iter()
            .map(|record| package_roles::with_related(call, record, &call.options))
            .collect(),
    ))
}
