//! Access packages for the API: filtered and sorted as it asks, and only what the caller may see.

use crate::domain::access::{Action, Principal, ReadCatalogs};
use crate::domain::id::{CatalogId, PackageId};
use crate::domain::odata::ListQuery;
use crate::domain::package::PackageRecord;
use crate::store::odata::{Found, packages};

use super::super::{App, Error, access};

/// A page of the packages that the actor sees (F173).
pub async fn query(app: &App, actor: &Principal, query: &ListQuery) -> Result<Found<PackageRecord>, Error> {
    let visible = actor.visible(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    Ok(packages::list(&mut tx, query, &visible).await?)
}

/// One package (F173).
pub async fn record(app: &App, actor: &Principal, id: PackageId) -> Result<PackageRecord, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let package = packages::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ReadCatalogs, package.catalog_id)?;
    Ok(package)
}

/// The packages of these catalogs, where the actor sees the catalog.
pub async fn of_catalogs(app: &App, actor: &Principal, catalogs: &[CatalogId]) -> Result<Vec<PackageRecord>, Error> {
    let visible = access::seen(actor);
    let seen: Vec<CatalogId> = catalogs.iter().copied().filter(|catalog| visible.includes(*catalog)).collect();
    let mut tx = app.store.read().await?;
    Ok(packages::of_catalogs(&mut tx, &seen).await?)
}
