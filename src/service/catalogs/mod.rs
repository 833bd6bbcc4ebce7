//! Catalogs and their resources. General comes with the product; making others comes later.

#[cfg(test)]
mod tests;

use crate::domain::access::{Actor, Authorized, ManagePackages, ReadGovernance};
use crate::domain::audit::{Activity, Target};
use crate::domain::catalog::{CatalogItem, CatalogQuery, GENERAL, ResourceItem, ResourceQuery};
use crate::domain::id::{CatalogId, Named, ObjectId};
use crate::domain::object::ObjectItem;
use crate::domain::page::Page;
use crate::domain::text::StringEnum;
use crate::domain::validate::Name;
use crate::store::{self, StoreError, Tx};

use super::audit::Entry;
use super::{App, Error};

const GENERAL_DESCRIPTION: &str = "Built-in catalog.";

/// A page of catalogs, by name.
pub async fn list(app: &App, actor: &Actor, query: &CatalogQuery) -> Result<Page<CatalogItem>, Error> {
    actor.may(ReadGovernance)?;
    let mut tx = app.store.read().await?;
    Ok(store::catalogs::page(&mut tx, query).await?)
}

/// One catalog.
pub async fn get(app: &App, actor: &Actor, id: CatalogId) -> Result<CatalogItem, Error> {
    actor.may(ReadGovernance)?;
    let mut tx = app.store.read().await?;
    store::catalogs::get(&mut tx, id).await?.ok_or(Error::NotFound)
}

/// A page of a catalog's resources, by name (F014, F043).
pub async fn resources(app: &App, actor: &Actor, query: &ResourceQuery) -> Result<Page<ResourceItem>, Error> {
    actor.may(ReadGovernance)?;
    let mut tx = app.store.read().await?;
    store::catalogs::name(&mut tx, query.catalog).await?.ok_or(Error::NotFound)?;
    Ok(store::catalogs::resources(&mut tx, query).await?)
}

/// The General catalog, made if it is not there: called at every start and by whoever fills a new database (F006).
pub async fn ensure_general(app: &App, tx: &mut Tx) -> Result<CatalogId, StoreError> {
    if let Some(id) = store::catalogs::built_in(tx).await? {
        return Ok(id);
    }
    let now = app.clock.now();
    let id = CatalogId(app.ids.id(now));
    if store::catalogs::insert_built_in(tx, id, &Name::of(GENERAL.into()), GENERAL_DESCRIPTION, now).await? {
        return Ok(id);
    }
    // Another copy that started at the same time has made it.
    store::catalogs::built_in(tx)
        .await?
        .ok_or_else(|| StoreError::Inconsistent(format!("a catalog called {GENERAL} that is not the built-in one")))
}

/// Places in the catalog those of the objects that are not in it yet, with one audit row each.
pub(super) async fn add_to_catalog(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManagePackages>,
    catalog: &Named<CatalogId>,
    objects: &[ObjectItem],
) -> Result<(), StoreError> {
    let ids: Vec<ObjectId> = objects.iter().filter(|object| !object.in_catalog).map(|object| object.id).collect();
    let added = store::catalogs::add_resources(tx, catalog.id, &ids, app.clock.now()).await?;
    for object in objects.iter().filter(|object| added.contains(&object.id)) {
        let target = Target::new("catalog", catalog.id, catalog.name.as_str());
        Entry::by_principal(granted, Activity::AddResource, target)
            .and(Target::new(object.kind.as_str(), object.id, object.name.as_str()))
            .write(app, tx)?;
    }
    Ok(())
}
