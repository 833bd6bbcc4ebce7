//! Catalogs for the API: filtered and sorted as it asks, and only what the caller may see.

use crate::domain::access::{Action, Principal, ReadCatalogs};
use crate::domain::catalog::CatalogRecord;
use crate::domain::id::CatalogId;
use crate::domain::odata::ListQuery;
use crate::store::odata::{Found, catalogs};

use super::super::{App, Error, access};
use super::listed;

/// A page of the catalogs that the actor sees (F173).
pub async fn query(app: &App, actor: &Principal, query: &ListQuery) -> Result<Found<CatalogRecord>, Error> {
    let visible = listed(actor)?;
    let mut tx = app.store.read().await?;
    Ok(catalogs::list(&mut tx, query, &visible).await?)
}

/// One catalog (F173).
pub async fn record(app: &App, actor: &Principal, id: CatalogId) -> Result<CatalogRecord, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    access::in_catalog(actor, ReadCatalogs, id)?;
    let mut tx = app.store.read().await?;
    catalogs::get(&mut tx, id).await?.ok_or(Error::NotFound)
}

/// These catalogs, those of them that the actor sees.
pub async fn records(app: &App, actor: &Principal, ids: &[CatalogId]) -> Result<Vec<CatalogRecord>, Error> {
    let visible = access::seen(actor);
    let mut tx = app.store.read().await?;
    Ok(catalogs::by_ids(&mut tx, ids, &visible).await?)
}
