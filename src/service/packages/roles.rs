//! What a package gives: resource roles added to it and removed from it. Those who have the package are served by jobs, so the change
//! itself is quick however many they are.

use crate::domain::access::{Action, Authorized, ManagePackages, Principal};
use crate::domain::audit::{Activity, Target};
use crate::domain::draft::{DraftRole, check_roles, role_faults};
use crate::domain::id::{Named, ObjectId, PackageId, PackageRoleId, RoleId};
use crate::domain::incompatibility::may_give_member;
use crate::domain::job::JobKind;
use crate::domain::limit::Limit;
use crate::domain::object::ObjectItem;
use crate::domain::text::StringEnum;
use crate::domain::validate::{Checker, Code};
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx, incompatibilities, objects, packages};

use super::super::audit::Entry;
use super::super::{App, Error, access, catalogs, limits};

/// Adds resource roles; everyone who has the package is given them (F061). An object from outside the catalog joins it.
pub async fn add_roles(app: &App, actor: &Principal, id: PackageId, rows: &[DraftRole]) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManagePackages)?;
    let mut tx = app.store.write().await?;
    add_roles_in(app, &mut tx, actor, id, rows).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// The same in a transaction of others.
pub(in crate::service) async fn add_roles_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: PackageId,
    rows: &[DraftRole],
) -> Result<(), Error> {
    let now = app.clock.now();
    let package = packages::lock(tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManagePackages, package.catalog_id)?;
    let present: Vec<RoleId> = packages::roles(tx, &package).await?.iter().map(|role| role.role).collect();
    let mut check = Checker::default();
    let chosen = check_roles(&mut check, rows, &present);
    if rows.is_empty() {
        check.fail("roles", Code::Required);
    }
    let chosen = check.finish(chosen)?;
    limits::check_added(tx, Limit::PackageRoles, present.len() as i64, chosen.len()).await?;
    let ids: Vec<ObjectId> = chosen.iter().map(|(object, _)| *object).collect();
    objects::lock(tx, &ids).await?;
    let found = objects::load(tx, Some(package.catalog_id), &ids).await?;
    let faults = role_faults(rows, &found);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let wanted: Vec<RoleId> = chosen.iter().map(|(_, role)| *role).collect();
    may_give_member(&package.name, &incompatibilities::groups_excluded(tx, id, &wanted).await?)?;
    let added = put(app, tx, &granted, &Named::new(id, package.name.as_str()), &chosen, &found).await?;
    catalogs::add_to_catalog(app, tx, actor, &package.catalog(), &found).await?;
    packages::touch(tx, id, now).await?;
    for place in added {
        let job = NewJob {
            kind: JobKind::AddRole,
            key: format!("add_role:{place}"),
            subject: Some(place.0),
            run_at: now,
        };
        jobs::enqueue(tx, app.ids.id(now), now, job);
    }
    Ok(())
}

/// Keeps checked resource roles of a package, with one audit row each; gives their places in it.
pub(in crate::service) async fn put(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManagePackages>,
    package: &Named<PackageId>,
    roles: &[(ObjectId, RoleId)],
    objects: &[ObjectItem],
) -> Result<Vec<PackageRoleId>, StoreError> {
    let now = app.clock.now();
    let rows: Vec<(PackageRoleId, RoleId)> = roles.iter().map(|(_, role)| (PackageRoleId(app.ids.id(now)), *role)).collect();
    packages::add_roles(tx, package.id, &rows, now).await?;
    for (object, role) in roles {
        let Some(object) = objects.iter().find(|found| found.id == *object) else {
            continue;
        };
        let role = object.roles.iter().find(|offered| offered.id == *role);
        entry(
            granted,
            Activity::AddResourceRole,
            package,
            object,
            role.map_or("", |role| role.name.as_str()),
        )
        .write(app, tx)?;
    }
    Ok(rows.into_iter().map(|(place, _)| place).collect())
}

fn entry<'a>(
    granted: &'a Authorized<ManagePackages>,
    activity: Activity,
    package: &Named<PackageId>,
    object: &ObjectItem,
    role: &str,
) -> Entry<'a> {
    Entry::by_principal(granted, activity, Target::new("package", package.id, package.name.as_str()))
        .and(Target::new(object.kind.as_str(), object.id, object.name.as_str()))
        .detail(role)
}

/// Removes a resource role; everyone who has it only through this package loses it (F040, F062).
pub async fn remove_role(app: &App, actor: &Principal, id: PackageId, place: PackageRoleId) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManagePackages)?;
    let mut tx = app.store.write().await?;
    remove_role_in(app, &mut tx, actor, id, place).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// The same in a transaction of others.
pub(in crate::service) async fn remove_role_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: PackageId,
    place: PackageRoleId,
) -> Result<(), Error> {
    let now = app.clock.now();
    let package = packages::lock(tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManagePackages, package.catalog_id)?;
    let roles = packages::roles(tx, &package).await?;
    let removed = roles.iter().find(|role| role.id == place).ok_or(Error::NotFound)?;
    packages::remove_role(tx, id, place).await?;
    packages::touch(tx, id, now).await?;
    let named = Named::new(id, package.name.as_str());
    entry(&granted, Activity::RemoveResourceRole, &named, &removed.object, &removed.role_name).write(app, tx)?;
    let job = app.ids.id(now);
    let new = NewJob {
        kind: JobKind::RemoveRole,
        key: format!("remove_role:{id}:{}:{job}", removed.role),
        subject: Some(id.0),
        run_at: now,
    };
    jobs::enqueue(tx, job, now, new);
    Ok(())
}
