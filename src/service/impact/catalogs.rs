//! A catalog that is deleted.

use crate::domain::access::{Action, ManageCatalogs, Principal};
use crate::domain::id::CatalogId;
use crate::domain::impact::{EffectKind, Impact, MoreNames};
use crate::store;
use crate::store::impact::{holding_any_in, packages_in, resources_in};

use super::super::{App, Error, access};
use super::Plan;

/// What deleting a catalog would do: what stands in its way, who loses a role in it, and what stays (F049).
pub async fn of_catalog(app: &App, actor: &Principal, id: CatalogId, more: Option<MoreNames>) -> Result<Impact, Error> {
    actor.authorize_somewhere(Action::ManageCatalogs)?;
    access::in_catalog(actor, ManageCatalogs, id)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let catalog = store::catalogs::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let mut plan = Plan::default();
    let in_the_way = (
        "access package is in it, so it can't be deleted yet",
        "access packages are in it, so it can't be deleted yet",
    );
    plan.add("packages", EffectKind::Blocks, in_the_way, packages_in(id));
    let what = format!("the role that they hold in {}", catalog.name);
    plan.people("loses-role", EffectKind::Loses, ("loses", "lose"), &what, holding_any_in(id, now));
    let stay = (
        "resource stays in the directory, and what it asks of requestors here goes",
        "resources stay in the directory, and what they ask of requestors here goes",
    );
    plan.add("resources", EffectKind::Stays, stay, resources_in(id));
    Ok(plan.tell(&mut tx, more).await?)
}
