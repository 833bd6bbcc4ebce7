//! Access packages for the API: filtered and sorted as it asks, and only what the caller may see.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::access::{Action, Principal, ReadCatalogs, ReadMyAccess, Scope};
use crate::domain::id::{CatalogId, PackageId};
use crate::domain::object::RoleScopeRecord;
use crate::domain::odata::ListQuery;
use crate::domain::package::PackageRecord;
use crate::domain::setting::ResourceVisibility;
use crate::domain::user::UserKind;
use crate::store::odata::packages::{Relation, Which};
use crate::store::odata::{Found, package_roles, packages};

use crate::store::settings;

use super::super::{App, Error, access};

/// A page of the packages that the actor sees (F173).
pub async fn query(app: &App, actor: &Principal, query: &ListQuery) -> Result<Found<PackageRecord>, Error> {
    let visible = actor.visible(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    Ok(packages::list(&mut tx, query, &Which::Visible(visible)).await?)
}

/// A page of the packages that the actor may ask for themselves and that are not hidden (F173).
pub async fn requestable(app: &App, actor: &Principal, query: &ListQuery) -> Result<Found<PackageRecord>, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let mut tx = app.store.read().await?;
    let which = Which::Requestable(me.id, me.kind, app.clock.now());
    Ok(packages::list(&mut tx, query, &which).await?)
}

/// A page of the packages that this one names as incompatible, or with `others` of those that name it (F129, F131, F173).
pub async fn incompatible(
    app: &App,
    actor: &Principal,
    id: PackageId,
    others: bool,
    query: &ListQuery,
) -> Result<Found<PackageRecord>, Error> {
    record(app, actor, id).await?;
    let visible = access::seen(actor);
    let which = if others {
        Which::IncompatibleWith(id, visible)
    } else {
        Which::IncompatibleOf(id, visible)
    };
    let mut tx = app.store.read().await?;
    Ok(packages::list(&mut tx, query, &which).await?)
}

/// One package (F173).
pub async fn record(app: &App, actor: &Principal, id: PackageId) -> Result<PackageRecord, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let package = packages::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ReadCatalogs, package.catalog_id)?;
    Ok(package)
}

/// These packages, those of them that the actor sees.
pub async fn records(app: &App, actor: &Principal, ids: &[PackageId]) -> Result<Vec<PackageRecord>, Error> {
    let mut tx = app.store.read().await?;
    Ok(packages::visible_by_ids(&mut tx, ids, &access::seen(actor)).await?)
}

/// The packages of these catalogs, where the actor sees the catalog.
pub async fn of_catalogs(app: &App, actor: &Principal, catalogs: &[CatalogId]) -> Result<Vec<PackageRecord>, Error> {
    let visible = access::seen(actor);
    let seen: Vec<CatalogId> = catalogs.iter().copied().filter(|catalog| visible.includes(*catalog)).collect();
    let mut tx = app.store.read().await?;
    Ok(packages::of_catalogs(&mut tx, &seen).await?)
}

/// What packages that were read for this actor give.
pub async fn role_scopes(app: &App, packages: &[PackageId]) -> Result<HashMap<PackageId, Vec<RoleScopeRecord>>, Error> {
    let mut tx = app.store.read().await?;
    let mut found: HashMap<PackageId, Vec<RoleScopeRecord>> = HashMap::new();
    for record in package_roles::of_packages(&mut tx, packages).await? {
        found.entry(record.package_id).or_default().push(record);
    }
    Ok(found)
}

/// What separation of duties relates packages to that were read for this actor.
pub async fn related(app: &App, packages: &[PackageId], relation: Relation) -> Result<Vec<(PackageId, Uuid)>, Error> {
    let mut tx = app.store.read().await?;
    Ok(self::packages::related(&mut tx, packages, relation).await?)
}

/// What these packages give, as someone sees it who may ask for them: nothing where the tenant does not show that before they have it (F150).
pub async fn visible_role_scopes(
    app: &App,
    actor: &Principal,
    packages: &[PackageId],
) -> Result<HashMap<PackageId, Vec<RoleScopeRecord>>, Error> {
    let me = actor.person()?;
    let shown = {
        let mut tx = app.store.read().await?;
        match settings::tenant(&mut tx).await?.resource_visibility {
            ResourceVisibility::Everyone => true,
            ResourceVisibility::Members => me.kind == UserKind::Member,
            ResourceVisibility::Nobody => false,
        }
    };
    if shown {
        role_scopes(app, packages).await
    } else {
        Ok(HashMap::new())
    }
}
