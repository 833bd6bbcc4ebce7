//! Catalogs and their resources. General comes with the product; making others comes later.

#[cfg(test)]
mod tests;

use crate::domain::access::{Action, AddResources, Principal, ReadCatalogs, may_add_resource};
use crate::domain::audit::{Activity, Target};
use crate::domain::catalog::{CatalogItem, CatalogQuery, GENERAL, ResourceItem, ResourceQuery};
use crate::domain::id::{CatalogId, Named, ObjectId};
use crate::domain::object::ObjectItem;
use crate::domain::page::Page;
use crate::domain::text::StringEnum;
use crate::domain::validate::Name;
use crate::store::{self, StoreError, Tx};

use super::audit::Entry;
use super::{App, Error, access, roles};

const GENERAL_DESCRIPTION: &str = "Built-in catalog.";

/// A page of catalogs, by name.
pub async fn list(app: &App, actor: &Principal, query: &CatalogQuery) -> Result<Page<CatalogItem>, Error> {
    let visible = actor.visible(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    Ok(store::catalogs::page(&mut tx, query, &visible).await?)
}

/// One catalog.
pub async fn get(app: &App, actor: &Principal, id: CatalogId) -> Result<CatalogItem, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    access::in_catalog(actor, ReadCatalogs, id)?;
    let mut tx = app.store.read().await?;
    store::catalogs::get(&mut tx, id).await?.ok_or(Error::NotFound)
}

/// A page of a catalog's resources, by name (F014, F043).
pub async fn resources(app: &App, actor: &Principal, query: &ResourceQuery) -> Result<Page<ResourceItem>, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    access::in_catalog(actor, ReadCatalogs, query.catalog)?;
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

/// Places in the catalog those of the objects that are not in it yet, with one audit row each, if the actor may.
pub(super) async fn add_to_catalog(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    catalog: &Named<CatalogId>,
    objects: &[ObjectItem],
) -> Result<(), Error> {
    let missing: Vec<&ObjectItem> = objects.iter().filter(|object| !object.in_catalog).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let granted = access::in_catalog(actor, AddResources, catalog.id)?;
    let now = app.clock.now();
    let ids: Vec<ObjectId> = missing.iter().map(|object| object.id).collect();
    let owned = match actor.user_id() {
        Some(user) => store::objects::owned_by(tx, user, &ids, now).await?,
        None => Vec::new(),
    };
    for object in &missing {
        may_add_resource(actor, object.kind, &object.name, owned.contains(&object.id))?;
    }
    roles::may_change_members(tx, actor, &ids).await?;
    let added = store::catalogs::add_resources(tx, catalog.id, &ids, now).await?;
    for object in missing.into_iter().filter(|object| added.contains(&object.id)) {
        let target = Target::new("catalog", catalog.id, catalog.name.as_str());
        Entry::by_principal(&granted, Activity::AddResource, target)
            .and(Target::new(object.kind.as_str(), object.id, object.name.as_str()))
            .write(app, tx)?;
    }
    Ok(())
}
