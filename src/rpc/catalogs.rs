//! Catalogs: server functions of the Identity Governance section.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::catalog::{CatalogItem, CatalogQuery, ResourceItem, ResourceQuery};
use crate::domain::id::CatalogId;
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::catalogs};

/// A page of catalogs.
#[server(endpoint = "catalogs/list", protocol = Call)]
pub async fn list_catalogs(query: CatalogQuery) -> Result<Page<CatalogItem>, AppError> {
    serve(async |app, actor| catalogs::list(app, actor, &query).await).await
}

/// One catalog.
#[server(endpoint = "catalogs/get", protocol = Call)]
pub async fn get_catalog(id: CatalogId) -> Result<CatalogItem, AppError> {
    serve(async |app, actor| catalogs::get(app, actor, id).await).await
}

/// A page of a catalog's resources (F014).
#[server(endpoint = "catalogs/resources", protocol = Call)]
pub async fn list_resources(query: ResourceQuery) -> Result<Page<ResourceItem>, AppError> {
    serve(async |app, actor| catalogs::resources(app, actor, &query).await).await
}
