//! Catalogs: `EM/catalogs`.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::body::Body;
use super::call::Call;
use super::fault::Fault;
use super::related::once;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use super::{packages, resources};
use crate::domain::access::Action::{CreateCatalogs, ManageCatalogs, ReadCatalogs};
use crate::domain::catalog::{CatalogForm, CatalogRecord};
use crate::domain::id::CatalogId;
use crate::domain::odata::QueryOptions;
use crate::domain::odata::scalar::write_instant;
use crate::service::catalogs;
use crate::web::endpoints::Access::{Needs, NeedsOne};
use crate::web::endpoints::Found::{Catalog, Tenant};

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/catalogs" "accessPackageCatalog", NeedsOne(&[ReadCatalogs, CreateCatalogs]) => list;
    Post "EM/catalogs" "accessPackageCatalog", Needs(CreateCatalogs, Tenant) => create;
    Get "EM/catalogs/{catalog}" "accessPackageCatalog", Needs(ReadCatalogs, Catalog) => get;
    Patch "EM/catalogs/{catalog}" "", Needs(ManageCatalogs, Catalog) => update;
    Delete "EM/catalogs/{catalog}" "", Needs(ManageCatalogs, Catalog) => delete;
];

/// The words for whether packages of a catalog can be requested.
const STATES: &[(&str, bool)] = &[("published", true), ("unpublished", false)];

/// A catalog in the API's shape.
pub fn shape(catalog: &CatalogRecord) -> Value {
    json!({
        "id": catalog.id,
        "displayName": catalog.name,
        "description": catalog.description,
        "catalogType": catalog_type(catalog),
        "state": if catalog.enabled { "published" } else { "unpublished" },
        "isExternallyVisible": catalog.external,
        "createdDateTime": write_instant(catalog.created_at),
    })
}

fn catalog_type(catalog: &CatalogRecord) -> &'static str {
    if catalog.built_in { "serviceDefault" } else { "userManaged" }
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    let found = catalogs::query(&call.app, &call.actor, &call.options.list).await?;
    let shown = with_related(call, &found.rows, &call.options).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    one(call, call.id(0)?, Reply::entity).await
}

async fn one(call: &Call, id: CatalogId, reply: fn(Value, Option<i64>) -> Reply) -> Result<Reply, Fault> {
    let catalog = catalogs::record(&call.app, &call.actor, id).await?;
    let version = catalog.version;
    let shown = with_related(call, &[catalog], &call.options).await?.pop().unwrap_or_default();
    Ok(reply(shown, Some(version)))
}

/// These catalogs by their ids, those of them that the caller sees, with what is asked of them.
pub async fn by_ids(call: &Call, ids: &[CatalogId], options: &QueryOptions) -> Result<HashMap<CatalogId, Value>, Fault> {
    let found = catalogs::records(&call.app, &call.actor, &once(ids.iter().copied())).await?;
    let values = Box::pin(with_related(call, &found, options)).await?;
    Ok(found.iter().map(|catalog| catalog.id).zip(values).collect())
}

/// Catalogs with what is asked of them, of each kind by one query for all.
pub async fn with_related(call: &Call, found: &[CatalogRecord], options: &QueryOptions) -> Result<Vec<Value>, Fault> {
    let mut shown: Vec<Value> = found.iter().map(shape).collect();
    let ids: Vec<CatalogId> = found.iter().map(|catalog| catalog.id).collect();
    if let Some(inner) = options.expanded("accessPackages") {
        let all = crate::service::packages::of_catalogs(&call.app, &call.actor, &ids).await?;
        let values = Box::pin(packages::with_related(call, &all, inner)).await?;
        for (value, id) in shown.iter_mut().zip(&ids) {
            let own = all.iter().zip(&values).filter(|(package, _)| package.catalog_id == *id);
            value["accessPackages"] = own.map(|(_, value)| value.clone()).collect();
        }
    }
    if let Some(inner) = options.expanded("resources") {
        let all = catalogs::resources_of(&call.app, &call.actor, &ids).await?;
        let values = resources::with_related(call, &all, inner).await?;
        for (value, id) in shown.iter_mut().zip(&ids) {
            let own = all.iter().zip(&values).filter(|(resource, _)| resource.catalog_id == *id);
            value["resources"] = own.map(|(_, value)| value.clone()).collect();
        }
    }
    Ok(shown)
}

/// What a body changes of a form; what it does not name stays.
fn change(body: &Body, form: &mut CatalogForm) -> Result<(), Fault> {
    if let Some(name) = body.text("displayName")? {
        form.name = name;
    }
    if let Some(description) = body.text("description")? {
        form.description = description;
    }
    if let Some(enabled) = body.choice("state", STATES)? {
        form.enabled = enabled;
    }
    if let Some(external) = body.flag("isExternallyVisible")? {
        form.external = external;
    }
    Ok(())
}

async fn create(call: &Call) -> Result<Reply, Fault> {
    let mut form = CatalogForm::default();
    change(&call.body, &mut form)?;
    let id = catalogs::create(&call.app, &call.actor, &form).await.map_err(named)?;
    one(call, id, Reply::created).await
}

async fn update(call: &Call) -> Result<Reply, Fault> {
    let before = catalogs::record(&call.app, &call.actor, call.id(0)?).await?;
    let asked = call.body.text("catalogType")?.filter(|asked| !asked.is_empty());
    if asked.is_some_and(|asked| !asked.eq_ignore_ascii_case(catalog_type(&before))) {
        return Err(Fault::at("catalogType", "The type of a catalog cannot be changed."));
    }
    let mut form = before.form();
    change(&call.body, &mut form)?;
    let version = call.version_of(before.version)?;
    catalogs::update(&call.app, &call.actor, before.id, version, &form)
        .await
        .map_err(named)?;
    Ok(Reply::done())
}

async fn delete(call: &Call) -> Result<Reply, Fault> {
    let before = catalogs::record(&call.app, &call.actor, call.id(0)?).await?;
    let version = call.version_of(before.version)?;
    catalogs::delete(&call.app, &call.actor, before.id, version).await?;
    Ok(Reply::done())
}

/// Faults by the names that the client used.
fn named(error: crate::service::Error) -> Fault {
    Fault::renamed(
        error,
        &[("name", "displayName"), ("enabled", "state"), ("external", "isExternallyVisible")],
    )
}
