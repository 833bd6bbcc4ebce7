//! Drift: what was given or taken away beside a package since it gives its resource roles. It is only found here; Reprocess of assignments
//! gives back what is missing.

use crate::domain::access::{Action, Principal, ReadAssignments, Scope};
use crate::domain::drift::Drift;
use crate::domain::id::PackageId;
use crate::store::{drift, packages};

use super::{App, Error, access};

/// What differs from what a package has given. Roles given by hand are for those who see the directory.
pub async fn of_package(app: &App, actor: &Principal, id: PackageId) -> Result<Drift, Error> {
    actor.authorize_somewhere(Action::ReadAssignments)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let package = packages::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ReadAssignments, package.catalog_id)?;
    let (missing, more_missing) = drift::missing(&mut tx, id, now).await?;
    let (outside, more_outside) = match actor.permission(Action::ReadDirectory, Scope::Tenant).is_allowed() {
        true => drift::outside(&mut tx, id, now).await?,
        false => (Vec::new(), false),
    };
    Ok(Drift {
        missing,
        more_missing,
        outside,
        more_outside,
        reprocess: actor.permission(Action::ManageAssignments, granted.scope()),
    })
}

#[cfg(test)]
mod tests;
