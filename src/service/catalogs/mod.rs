//! Catalogs: the list, one with what may be done with it, making, changing and deleting. What stands in them is in `resources`; who holds
//! their roles in `service::roles`. General comes with the product.

mod query;
mod resource_query;
mod resources;

#[cfg(test)]
mod tests;

use crate::domain::access::{Action, CreateCatalogs, ManageCatalogs, Permission, Principal, ReadCatalogs, Scope, Visible};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::catalog::{CatalogDetail, CatalogEdit, CatalogForm, CatalogItem, CatalogQuery, GENERAL, may_delete};
use crate::domain::id::CatalogId;
use crate::domain::limit::Limit;
use crate::domain::page::Page;
use crate::domain::refusal::Refusal;
use crate::domain::validate::Name;
use crate::store::catalogs::Catalog;
use crate::store::{self, StoreError, Tx};

use super::audit::{Entry, changed};
use super::{App, Error, access, limits, roles};

pub use query::{query, record, records};
pub use resource_query::{
    confirm_resource, object_of_origin, query_resource_roles, query_resources, resource_record, resource_scopes, resources_of,
    roles_of_resources,
};
pub use resources::{add_resources, remove_resource, resources};
pub(super) use resources::{add_resources_in, add_to_catalog, remove_resource_in};

const GENERAL_DESCRIPTION: &str = "Built-in catalog.";

/// The catalogs that the actor's list shows. Whoever may create one and sees none yet is shown an empty list (F053).
fn listed(actor: &Principal) -> Result<Visible, Refusal> {
    match actor.visible(Action::ReadCatalogs) {
        Err(_) if actor.authorize_somewhere(Action::CreateCatalogs).is_ok() => Ok(Visible::Catalogs(Vec::new())),
        visible => visible,
    }
}

/// Whether the list of catalogs is open to the actor.
pub fn may_list(actor: &Principal) -> Result<(), Refusal> {
    listed(actor).map(|_| ())
}

/// A page of catalogs, by name (F053).
pub async fn list(app: &App, actor: &Principal, query: &CatalogQuery) -> Result<Page<CatalogItem>, Error> {
    let visible = listed(actor)?;
    let mut tx = app.store.read().await?;
    Ok(store::catalogs::page(&mut tx, query, &visible).await?)
}

/// One catalog, with what the actor may do with it.
pub async fn get(app: &App, actor: &Principal, id: CatalogId) -> Result<CatalogDetail, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let granted = access::in_catalog(actor, ReadCatalogs, id)?;
    let mut tx = app.store.read().await?;
    let item = store::catalogs::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let version = store::catalogs::find(&mut tx, id).await?.ok_or(Error::NotFound)?.version;
    let (packages, count) = store::catalogs::packages(&mut tx, id).await?;
    let may = |action| actor.permission(action, granted.scope());
    let edit = may(Action::ManageCatalogs);
    Ok(CatalogDetail {
        delete: edit.clone().and(may_delete(&item.name, item.built_in, &packages, count)),
        edit,
        add_resources: may(Action::AddResources),
        remove_resources: may(Action::RemoveResources),
        manage_roles: may(Action::ManageCatalogRoles),
        create_packages: may(Action::ManagePackages),
        version,
        item,
    })
}

/// Whether the actor may create catalogs, for a page.
pub fn may_create(actor: &Principal) -> Permission {
    actor.permission(Action::CreateCatalogs, Scope::Tenant)
}

/// Creates a catalog, whose owner is whoever creates it (F044, F053).
pub async fn create(app: &App, actor: &Principal, form: &CatalogForm) -> Result<CatalogId, Error> {
    actor.authorize_somewhere(Action::CreateCatalogs)?;
    let mut tx = app.store.write().await?;
    let id = CatalogId(app.ids.id(app.clock.now()));
    let done = create_in(app, &mut tx, actor, id, form).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same in a transaction of others, under an id that is given.
pub(in crate::service) async fn create_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: CatalogId,
    form: &CatalogForm,
) -> Result<CatalogId, Error> {
    let granted = actor.authorize(CreateCatalogs, Scope::Tenant)?;
    let catalog = form.check()?;
    let now = app.clock.now();
    let there = store::limits::catalogs(tx).await?;
    limits::check_added(tx, Limit::Catalogs, there, 1).await?;
    store::catalogs::insert(tx, id, &catalog, now)
        .await
        .map_err(Error::taken_in("catalogs", "name"))?;
    Entry::by_principal(
        &granted,
        Activity::CreateCatalog,
        Target::new("catalog", id, catalog.name.text.as_str()),
    )
    .changes(differences(&nothing(id), &catalog))
    .write(app, tx)?;
    roles::own(app, tx, &granted, (id, catalog.name.text.clone())).await?;
    Ok(id)
}

/// Changes name, description and switches; gives the new version (F048).
pub async fn update(app: &App, actor: &Principal, id: CatalogId, version: i64, form: &CatalogForm) -> Result<i64, Error> {
    actor.authorize_somewhere(Action::ManageCatalogs)?;
    let mut tx = app.store.write().await?;
    let done = update_in(app, &mut tx, actor, id, version, form).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same in a transaction of others.
pub(in crate::service) async fn update_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: CatalogId,
    version: i64,
    form: &CatalogForm,
) -> Result<i64, Error> {
    let granted = access::in_catalog(actor, ManageCatalogs, id)?;
    let wanted = form.check()?;
    let before = store::catalogs::lock(tx, id).await?.ok_or(Error::NotFound)?;
    let stored = store::catalogs::update(tx, id, version, &wanted)
        .await
        .map_err(Error::taken_in("catalogs", "name"))?;
    if !stored {
        return Err(changed(tx, id, &before.name).await);
    }
    Entry::by_principal(
        &granted,
        Activity::UpdateCatalog,
        Target::new("catalog", id, wanted.name.text.as_str()),
    )
    .changes(differences(&before, &wanted))
    .write(app, tx)?;
    Ok(version + 1)
}

/// Deletes a catalog without packages; the roles held in it end with it (F006, F049).
pub async fn delete(app: &App, actor: &Principal, id: CatalogId, version: i64) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManageCatalogs)?;
    let mut tx = app.store.write().await?;
    delete_in(app, &mut tx, actor, id, version).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn delete_in(app: &App, tx: &mut Tx, actor: &Principal, id: CatalogId, version: i64) -> Result<(), Error> {
    let granted = access::in_catalog(actor, ManageCatalogs, id)?;
    let now = app.clock.now();
    let catalog = store::catalogs::lock(tx, id).await?.ok_or(Error::NotFound)?;
    let (packages, count) = store::catalogs::packages(tx, id).await?;
    may_delete(&catalog.name, catalog.built_in, &packages, count)?;
    let holders = store::roles::names_in_catalog(tx, id).await?;
    if !store::catalogs::delete(tx, id, version, now).await? {
        return Err(changed(tx, id, &catalog.name).await);
    }
    store::roles::delete_of_catalog(tx, id).await?;
    Entry::by_principal(&granted, Activity::DeleteCatalog, Target::new("catalog", id, catalog.name))
        .changes([Change::between("Roles held in it", holders.join(", "), "")])
        .write(app, tx)?;
    Ok(())
}

/// What a catalog was before it was made.
fn nothing(id: CatalogId) -> Catalog {
    Catalog {
        id,
        name: String::new(),
        description: String::new(),
        enabled: false,
        external: false,
        built_in: false,
        version: 0,
    }
}

fn differences(before: &Catalog, now: &CatalogEdit) -> [Option<Change>; 4] {
    let yes_no = |yes: bool| if yes { "Yes" } else { "No" };
    [
        Change::between("name", before.name.as_str(), now.name.text.as_str()),
        Change::between("description", before.description.as_str(), now.description.as_str()),
        Change::between("enabled", yes_no(before.enabled), yes_no(now.enabled)),
        Change::between("enabled_for_external_users", yes_no(before.external), yes_no(now.external)),
    ]
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
