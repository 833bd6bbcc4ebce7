//! End all assignments and delete: one action of an administrator, carried out by a job that goes on after any interruption. From the moment
//! it begins nobody can request the package.

use crate::domain::access::{Action, ManageAssignments, ManagePackages, Principal};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::PackageId;
use crate::domain::package::PackageEnding;
use crate::store::package_endings::{self, Ending};
use crate::store::{StoreError, Tx, packages};

use super::super::audit::{Entry, changed};
use super::super::{App, Error, access, engine};

/// Begins to end all assignments of a package, open requests being canceled first; then it is deleted. `told`: the people concerned are told.
/// Where it has begun already and was given up, it goes on.
pub async fn end_and_delete(app: &App, actor: &Principal, id: PackageId, version: i64, told: bool) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManagePackages)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let package = packages::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManagePackages, package.catalog_id)?;
    access::in_catalog(actor, ManageAssignments, package.catalog_id)?;
    let begun = package_endings::find(&mut tx, id, &engine::ending_key(id)).await?.is_some();
    if !begun && package.version != version {
        return Err(changed(&mut tx, id, &package.name).await);
    }
    let ending = Ending {
        started_by: actor.user_id(),
        started_by_name: actor.name.clone(),
        told,
        assignments: package_endings::left(&mut tx, id).await?,
        given_up: false,
    };
    package_endings::insert(&mut tx, id, &ending, now).await?;
    let waiting = packages::open_requests(&mut tx, id).await?;
    let tell = if told { "told" } else { "not told" };
    Entry::by_principal(
        &granted,
        Activity::EndAllAssignments,
        Target::new("package", id, package.name.as_str()),
    )
    .and(Target::new("catalog", package.catalog_id, package.catalog_name.as_str()))
    .detail(format!(
        "{} assignments to end and {waiting} open requests, before the package is deleted; the people are {tell}",
        ending.assignments
    ))
    .write(app, &mut tx)?;
    engine::schedule_ending(app, &mut tx, id, now).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// How far the ending of a package has come, if one has begun.
pub(super) async fn progress(tx: &mut Tx, id: PackageId) -> Result<Option<PackageEnding>, StoreError> {
    let Some(ending) = package_endings::find(tx, id, &engine::ending_key(id)).await? else {
        return Ok(None);
    };
    Ok(Some(PackageEnding {
        started_by: ending.started_by_name,
        assignments: ending.assignments,
        left: package_endings::left(tx, id).await?,
        given_up: ending.given_up,
    }))
}
