//! Access packages: the list, the blade, editing and deleting. What a package gives is in `roles`; making one is in `drafts`.

mod ending;
mod moving;
mod query;
mod roles;

#[cfg(test)]
pub(crate) mod tests;

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, ManagePackages, Permission, Principal, ReadCatalogs, Refusal};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::{CatalogId, PackageId};
use crate::domain::limit::Limit;
use crate::domain::package::{
    PackageDetail, PackageEdit, PackageForm, PackageItem, PackageQuery, may_delete, no_open_requests, not_ending,
};
use crate::domain::page::Page;
use crate::domain::text::StringEnum;
use crate::paths;
use crate::store::packages::{self, Package};
use crate::store::{self, StoreError, Tx, policies};

use super::audit::{Entry, changed};
use super::{App, Error, access, incompatibilities, limits};

pub use ending::end_and_delete;
pub use moving::{check_move, move_to};
pub(super) use moving::{move_effects, move_to_in};
pub use query::{incompatible, of_catalogs, query, record, records, related, requestable, role_scopes, visible_role_scopes};
pub use roles::{add_roles, remove_role};
pub(super) use roles::{add_roles_in, put, remove_role_in};

/// A page of packages with how many people have each (F007).
pub async fn list(app: &App, actor: &Principal, query: &PackageQuery) -> Result<Page<PackageItem>, Error> {
    let visible = actor.visible(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let page = packages::page(&mut tx, query, &visible).await?;
    let ids: Vec<PackageId> = page.items.iter().map(|package| package.id).collect();
    let active = packages::active_bounded(&mut tx, &ids, app.clock.now()).await?;
    Ok(page.map(|package| {
        let count = active.get(&package.id).copied().unwrap_or(0);
        package.item(count)
    }))
}

/// One package with what it gives, its policies, its link, and what the viewer may do with it (F024, F025).
pub async fn get(app: &App, actor: &Principal, id: PackageId) -> Result<PackageDetail, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let package = packages::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ReadCatalogs, package.catalog_id)?;
    let active = packages::active(&mut tx, &[id], now).await?.remove(&id).unwrap_or(0);
    let ending = ending::progress(&mut tx, id).await?;
    let edit = actor
        .permission(Action::ManagePackages, granted.scope())
        .and(not_ending(&package.name, ending.is_some()));
    let delete = match &edit {
        Permission::Denied(_) => edit.clone(),
        Permission::Allowed => stands_in_the_way(&mut tx, &package, now).await?.into(),
    };
    Ok(PackageDetail {
        prior_membership: package.prior_membership,
        link: paths::portal_link(&app.site.public_url, &app.site.tenant, id),
        roles: packages::roles(&mut tx, &package).await?,
        policies: policies::of_package(&mut tx, id, now).await?,
        open_requests: packages::open_requests(&mut tx, id).await?,
        incompatibilities: store::incompatibilities::counts(&mut tx, id).await?,
        updated_at: package.updated_at,
        item: package.item(active),
        assign: actor.permission(Action::ManageAssignments, granted.scope()),
        edit,
        delete,
        ending,
    })
}

/// Creates a package that gives nothing and has no policy yet (F010, F173).
pub async fn create(app: &App, actor: &Principal, catalog: CatalogId, form: &PackageForm) -> Result<PackageId, Error> {
    actor.authorize_somewhere(Action::ManagePackages)?;
    let mut tx = app.store.write().await?;
    let id = PackageId(app.ids.id(app.clock.now()));
    create_in(app, &mut tx, actor, id, catalog, form).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same in a transaction of others, under an id that is given.
pub(in crate::service) async fn create_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: PackageId,
    catalog: CatalogId,
    form: &PackageForm,
) -> Result<(), Error> {
    let granted = access::in_catalog(actor, ManagePackages, catalog)?;
    let edit = form.check()?;
    // Not deleted while a package comes into it.
    let of = store::catalogs::share(tx, catalog).await?.ok_or(Error::NotFound)?;
    let there = store::limits::packages_of(tx, catalog).await?;
    limits::check_added(tx, Limit::CatalogPackages, there, 1).await?;
    packages::insert(tx, id, catalog, &edit, app.clock.now())
        .await
        .map_err(Error::taken_in("packages", "name"))?;
    Entry::by_principal(
        &granted,
        Activity::CreatePackage,
        Target::new("package", id, edit.name.text.as_str()),
    )
    .and(Target::new("catalog", catalog, of.name))
    .write(app, tx)?;
    Ok(())
}

/// Changes name, description, Hidden and what becomes of prior memberships; gives the new version (F059).
pub async fn update(app: &App, actor: &Principal, id: PackageId, version: i64, form: &PackageForm) -> Result<i64, Error> {
    actor.authorize_somewhere(Action::ManagePackages)?;
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
    id: PackageId,
    version: i64,
    form: &PackageForm,
) -> Result<i64, Error> {
    let before = packages::get(tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManagePackages, before.catalog_id)?;
    let edit = form.check()?;
    let stored = packages::update(tx, id, version, &edit, app.clock.now())
        .await
        .map_err(Error::taken_in("packages", "name"))?;
    if !stored {
        return Err(changed(tx, id, &before.name).await);
    }
    Entry::by_principal(
        &granted,
        Activity::UpdatePackage,
        Target::new("package", id, edit.name.text.as_str()),
    )
    .changes(differences(&before, &edit))
    .write(app, tx)?;
    Ok(version + 1)
}

fn differences(before: &Package, edit: &PackageEdit) -> [Option<Change>; 4] {
    let yes_no = |yes: bool| if yes { "Yes" } else { "No" };
    [
        Change::between("name", before.name.as_str(), edit.name.text.as_str()),
        Change::between("description", before.description.as_str(), edit.description.as_str()),
        Change::between("hidden", yes_no(before.hidden), yes_no(edit.hidden)),
        Change::between("prior_membership", before.prior_membership.as_str(), edit.prior_membership.as_str()),
    ]
}

/// Deletes a package that nobody has and nobody waits for (F041, F042).
pub async fn delete(app: &App, actor: &Principal, id: PackageId, version: i64) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManagePackages)?;
    let mut tx = app.store.write().await?;
    delete_in(app, &mut tx, actor, id, version).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn delete_in(app: &App, tx: &mut Tx, actor: &Principal, id: PackageId, version: i64) -> Result<(), Error> {
    let now = app.clock.now();
    let package = packages::lock(tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManagePackages, package.catalog_id)?;
    stands_in_the_way(tx, &package, now).await??;
    if !packages::delete(tx, id, version, now).await? {
        return Err(changed(tx, id, &package.name).await);
    }
    let rules = incompatibilities::removed_with(tx, id).await?;
    Entry::by_principal(&granted, Activity::DeletePackage, Target::new("package", id, package.name.as_str()))
        .and(Target::new("catalog", package.catalog_id, package.catalog_name.as_str()))
        .detail(rules)
        .write(app, tx)?;
    Ok(())
}

/// Loads what deleting a package depends on, and decides.
async fn stands_in_the_way(tx: &mut Tx, package: &Package, now: DateTime<Utc>) -> Result<Result<(), Refusal>, StoreError> {
    let (holders, count) = packages::holders(tx, package.id, now).await?;
    let open = packages::open_requests(tx, package.id).await?;
    Ok(may_delete(&package.name, &holders, count).and_then(|()| no_open_requests(&package.name, open)))
}
