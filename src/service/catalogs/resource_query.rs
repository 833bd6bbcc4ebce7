//! Resources of catalogs for the API, with their roles: filtered and sorted as it asks, and only of catalogs that the caller sees.

use crate::domain::access::{Action, AddResources, Principal, ReadCatalogs, Visible};
use crate::domain::id::{CatalogId, ObjectId, ResourceId};
use crate::domain::object::{ObjectKind, ResourceRecord, ResourceRoleRecord};
use crate::domain::odata::ListQuery;
use crate::store;
use crate::store::odata::{Found, resources};

use super::super::{App, Error, access};

/// The catalogs that are visible; one that is named has to be there and among them.
async fn seen(app: &App, actor: &Principal, catalog: Option<CatalogId>) -> Result<Visible, Error> {
    let visible = actor.visible(Action::ReadCatalogs)?;
    if let Some(catalog) = catalog {
        access::in_catalog(actor, ReadCatalogs, catalog)?;
        let mut tx = app.store.read().await?;
        store::catalogs::name(&mut tx, catalog).await?.ok_or(Error::NotFound)?;
    }
    Ok(visible)
}

/// A page of the resources of a catalog, or of all catalogs that the actor sees (F173).
pub async fn query_resources(
    app: &App,
    actor: &Principal,
    catalog: Option<CatalogId>,
    query: &ListQuery,
) -> Result<Found<ResourceRecord>, Error> {
    let visible = seen(app, actor, catalog).await?;
    let mut tx = app.store.read().await?;
    Ok(resources::list(&mut tx, query, catalog, &visible).await?)
}

/// A page of the roles of a catalog's resources (F173).
pub async fn query_resource_roles(
    app: &App,
    actor: &Principal,
    catalog: Option<CatalogId>,
    query: &ListQuery,
) -> Result<Found<ResourceRoleRecord>, Error> {
    let visible = seen(app, actor, catalog).await?;
    let mut tx = app.store.read().await?;
    Ok(resources::roles(&mut tx, query, catalog, &visible).await?)
}

/// A page of the resources of a catalog, of each of which there is one scope (F173).
pub async fn resource_scopes(app: &App, actor: &Principal, catalog: CatalogId, query: &ListQuery) -> Result<Found<ResourceRecord>, Error> {
    seen(app, actor, Some(catalog)).await?;
    let mut tx = app.store.read().await?;
    Ok(resources::scopes(&mut tx, query, catalog).await?)
}

/// One resource (F173).
pub async fn resource_record(app: &App, actor: &Principal, id: ResourceId) -> Result<ResourceRecord, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let resource = resources::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ReadCatalogs, resource.catalog_id)?;
    Ok(resource)
}

/// The resources of these catalogs, where the actor sees the catalog.
pub async fn resources_of(app: &App, actor: &Principal, catalogs: &[CatalogId]) -> Result<Vec<ResourceRecord>, Error> {
    let visible = access::seen(actor);
    let seen: Vec<CatalogId> = catalogs.iter().copied().filter(|catalog| visible.includes(*catalog)).collect();
    let mut tx = app.store.read().await?;
    Ok(resources::of_catalogs(&mut tx, &seen).await?)
}

/// The roles of resources that were read for this actor.
pub async fn roles_of_resources(app: &App, ids: &[ResourceId]) -> Result<Vec<ResourceRoleRecord>, Error> {
    let mut tx = app.store.read().await?;
    Ok(resources::roles_of(&mut tx, ids).await?)
}

/// Whether a resource shows what its origin has now; it always does, since the directory is the origin.
pub async fn confirm_resource(app: &App, actor: &Principal, id: ResourceId) -> Result<(), Error> {
    let resource = resource_record(app, actor, id).await?;
    access::in_catalog(actor, AddResources, resource.catalog_id)?;
    Ok(())
}

/// The object that a client names by where it comes from, if there is one.
pub async fn object_of_origin(app: &App, actor: &Principal, kind: ObjectKind, origin: &str) -> Result<Option<ObjectId>, Error> {
    actor.authorize_somewhere(Action::AddResources)?;
    let mut tx = app.store.read().await?;
    Ok(resources::object_of(&mut tx, kind, origin).await?)
}
