//! What stands in a catalog: groups, applications and sites, added by hand or with the first package that gives a role of them, and
//! removed while no package does.

use crate::domain::access::{Action, AddResources, Principal, ReadCatalogs, RemoveResources, may_add_resource};
use crate::domain::audit::{Activity, Target};
use crate::domain::catalog::{ResourceItem, ResourceQuery, may_remove_resource};
use crate::domain::id::{CatalogId, Named, ObjectId};
use crate::domain::limit::Limit;
use crate::domain::object::{ObjectItem, may_be_resource};
use crate::domain::page::Page;
use crate::domain::text::StringEnum;
use crate::domain::validate::Code;
use crate::store::{self, Tx};

use super::super::audit::Entry;
use super::super::{App, Error, access, limits, roles};

/// Objects that one call can add at the most.
const ADDED_MAX: usize = Limit::AddedAtOnce.bound();

/// A page of a catalog's resources, by name (F014, F043).
pub async fn resources(app: &App, actor: &Principal, query: &ResourceQuery) -> Result<Page<ResourceItem>, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    access::in_catalog(actor, ReadCatalogs, query.catalog)?;
    let mut tx = app.store.read().await?;
    store::catalogs::name(&mut tx, query.catalog).await?.ok_or(Error::NotFound)?;
    Ok(store::catalogs::resources(&mut tx, query).await?)
}

/// Adds groups, applications and sites by hand; what is in the catalog already is left alone. Gives how many were added (F050, F055).
pub async fn add_resources(app: &App, actor: &Principal, id: CatalogId, objects: &[ObjectId]) -> Result<i64, Error> {
    actor.authorize_somewhere(Action::AddResources)?;
    let mut tx = app.store.write().await?;
    let done = add_resources_in(app, &mut tx, actor, id, objects).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same in a transaction of others.
pub(in crate::service) async fn add_resources_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: CatalogId,
    objects: &[ObjectId],
) -> Result<i64, Error> {
    access::in_catalog(actor, AddResources, id)?;
    match objects.len() {
        0 => return Err(Error::field("resources", Code::Required)),
        count if count > ADDED_MAX => return Err(Limit::AddedAtOnce.exceeded(ADDED_MAX).into()),
        _ => {}
    }
    limits::check(tx, Limit::AddedAtOnce, objects.len()).await?;
    let catalog = store::catalogs::share(tx, id).await?.ok_or(Error::NotFound)?;
    store::objects::lock(tx, objects).await?;
    let found = store::objects::load(tx, Some(id), objects).await?;
    if objects.iter().any(|wanted| found.iter().all(|object| object.id != *wanted)) {
        return Err(Error::field("resources", Code::Gone));
    }
    let added = found.iter().filter(|object| !object.in_catalog).count();
    add_to_catalog(app, tx, actor, &Named::new(id, catalog.name), &found).await?;
    Ok(added as i64)
}

/// Removes a resource that no package of the catalog gives a role of; one that is gone from the directory too (F051).
pub async fn remove_resource(app: &App, actor: &Principal, id: CatalogId, object: ObjectId) -> Result<(), Error> {
    actor.authorize_somewhere(Action::RemoveResources)?;
    let mut tx = app.store.write().await?;
    remove_resource_in(app, &mut tx, actor, id, object).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn remove_resource_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: CatalogId,
    object: ObjectId,
) -> Result<(), Error> {
    let granted = access::in_catalog(actor, RemoveResources, id)?;
    let catalog = store::catalogs::share(tx, id).await?.ok_or(Error::NotFound)?;
    store::objects::lock_alone(tx, object).await?;
    let found = store::objects::load(tx, Some(id), &[object]).await?;
    let resource = found.into_iter().find(|found| found.in_catalog).ok_or(Error::NotFound)?;
    let packages = store::catalogs::packages_of(tx, id, &[object]).await?.remove(&object);
    may_remove_resource(&resource.name, &packages.unwrap_or_default())?;
    store::attributes::delete(tx, id, object).await?;
    store::catalogs::remove_resource(tx, id, object).await?;
    Entry::by_principal(&granted, Activity::RemoveResource, Target::new("catalog", id, catalog.name))
        .and(Target::new(resource.kind.as_str(), object, resource.name))
        .write(app, tx)?;
    Ok(())
}

/// Places in the catalog those of the objects that are not in it yet, with one audit row each, if the actor may.
pub(in crate::service) async fn add_to_catalog(
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
    // Not deleted meanwhile.
    store::catalogs::share(tx, catalog.id).await?.ok_or(Error::NotFound)?;
    let there = store::limits::resources_of(tx, catalog.id).await?;
    limits::check_added(tx, Limit::CatalogResources, there, missing.len()).await?;
    let now = app.clock.now();
    let ids: Vec<ObjectId> = missing.iter().map(|object| object.id).collect();
    let owned = match actor.user_id() {
        Some(user) => store::objects::owned_by(tx, user, &ids, now).await?,
        None => Vec::new(),
    };
    for object in &missing {
        may_be_resource(object)?;
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
