//! Catalogs: server functions of the Identity Governance section.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::attribute::{AttributesForm, ResourceAttributes};
use crate::domain::catalog::{CatalogDetail, CatalogForm, CatalogItem, CatalogQuery, ResourceItem, ResourceQuery};
use crate::domain::id::{CatalogId, ObjectId};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {
    super::context::serve,
    crate::service::{attributes, catalogs},
};

/// A page of catalogs.
#[server(endpoint = "catalogs/list", protocol = Call)]
pub async fn list_catalogs(query: CatalogQuery) -> Result<Page<CatalogItem>, AppError> {
    serve(async |app, actor| catalogs::list(app, actor, &query).await).await
}

/// One catalog.
#[server(endpoint = "catalogs/get", protocol = Call)]
pub async fn get_catalog(id: CatalogId) -> Result<CatalogDetail, AppError> {
    serve(async |app, actor| catalogs::get(app, actor, id).await).await
}

/// A page of a catalog's resources (F014).
#[server(endpoint = "catalogs/resources", protocol = Call)]
pub async fn list_resources(query: ResourceQuery) -> Result<Page<ResourceItem>, AppError> {
    serve(async |app, actor| catalogs::resources(app, actor, &query).await).await
}

/// Creates a catalog, whose owner is whoever creates it (F044, F053).
#[server(endpoint = "catalogs/create", protocol = Call)]
pub async fn create_catalog(form: CatalogForm) -> Result<CatalogId, AppError> {
    serve(async |app, actor| catalogs::create(app, actor, &form).await).await
}

/// Changes name, description and switches; gives the new version (F048).
#[server(endpoint = "catalogs/update", protocol = Call)]
pub async fn update_catalog(id: CatalogId, version: i64, form: CatalogForm) -> Result<i64, AppError> {
    serve(async |app, actor| catalogs::update(app, actor, id, version, &form).await).await
}

/// Deletes a catalog without packages (F049).
#[server(endpoint = "catalogs/delete", protocol = Call)]
pub async fn delete_catalog(id: CatalogId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| catalogs::delete(app, actor, id, version).await).await
}

/// Adds groups, applications and sites by hand; gives how many were added (F050).
#[server(endpoint = "catalogs/add-resources", protocol = Call)]
pub async fn add_resources(id: CatalogId, resources: Vec<ObjectId>) -> Result<i64, AppError> {
    serve(async |app, actor| catalogs::add_resources(app, actor, id, &resources).await).await
}

/// Removes a resource that no package of the catalog gives a role of (F051).
#[server(endpoint = "catalogs/remove-resource", protocol = Call)]
pub async fn remove_resource(id: CatalogId, resource: ObjectId) -> Result<(), AppError> {
    serve(async |app, actor| catalogs::remove_resource(app, actor, id, resource).await).await
}

/// What a resource of a catalog asks of its requestors (F054).
#[server(endpoint = "catalogs/attributes", protocol = Call)]
pub async fn get_attributes(id: CatalogId, resource: ObjectId) -> Result<ResourceAttributes, AppError> {
    serve(async |app, actor| attributes::get(app, actor, id, resource).await).await
}

/// Says what a resource asks of its requestors.
#[server(endpoint = "catalogs/set-attributes", protocol = Call)]
pub async fn set_attributes(id: CatalogId, resource: ObjectId, form: AttributesForm) -> Result<(), AppError> {
    serve(async |app, actor| attributes::update(app, actor, id, resource, &form).await).await
}
