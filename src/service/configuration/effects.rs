//! Who gains and who loses by a step, as the dialog of the single change would say.

use crate::domain::access::Principal;
use crate::domain::id::PackageId;
use crate::domain::impact::{Effect, EffectKind, PackageChange, PolicyChange, RoleChange};
use crate::store::packages;

use super::super::roles::Roles;
use super::super::{App, Error, impact};
use super::step::Change;

/// The effects of one step.
pub async fn of(app: &App, actor: &Principal, change: &Change) -> Result<Vec<Effect>, Error> {
    let told = match change {
        Change::RemoveResourceRole(package, place) => {
            impact::of_package(app, actor, *package, PackageChange::RemoveRole(*place), None).await?
        }
        Change::DeletePackage(package, _) => impact::of_package(app, actor, *package, PackageChange::Delete, None).await?,
        Change::MovePackage(package, _, catalog) => impact::of_package(app, actor, *package, PackageChange::Move(*catalog), None).await?,
        Change::UpdatePolicy(policy, _, made) => {
            let edit = PolicyChange::Edit(Box::new(made.0.clone()));
            impact::of_policy(app, actor, *policy, &edit, None).await?
        }
        Change::DeletePolicy(policy, _) => impact::of_policy(app, actor, *policy, &PolicyChange::Delete, None).await?,
        Change::TakeRole(Roles::OfCatalog(catalog), id) => impact::of_catalog_role(app, actor, *catalog, *id, None).await?,
        Change::TakeRole(_, id) => impact::of_catalog_creators(app, actor, &RoleChange::Take(*id), None).await?,
        Change::GiveRole(roles, role, holder) => {
            let catalog = match roles {
                Roles::OfCatalog(catalog) => Some(*catalog),
                Roles::OfDirectory | Roles::Creators => None,
            };
            return impact::of_gift(app, *role, catalog, *holder).await;
        }
        Change::DeleteCatalog(catalog, _) => impact::of_catalog(app, actor, *catalog, None).await?,
        Change::AddResourceRole(package, _) => return gaining(app, *package).await,
        _ => return Ok(Vec::new()),
    };
    Ok(told.effects)
}

/// Everyone who has a package gets what is added to it.
async fn gaining(app: &App, package: PackageId) -> Result<Vec<Effect>, Error> {
    let mut tx = app.store.read().await?;
    let active = packages::active_bounded(&mut tx, &[package], app.clock.now()).await?;
    let count = active.get(&package).copied().unwrap_or_default();
    let effect = Effect {
        key: "gain".into(),
        kind: EffectKind::Gains,
        one: "person gets it, who has the package now".into(),
        many: "people get it, who have the package now".into(),
        count,
        names: Vec::new(),
        next: None,
    };
    Ok((count > 0).then_some(effect).into_iter().collect())
}
