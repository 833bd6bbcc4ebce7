//! A role of a catalog that is taken back.

use crate::domain::access::{Action, ManageCatalogRoles, Principal};
use crate::domain::id::{CatalogId, RoleAssignmentId};
use crate::domain::impact::{EffectKind, Impact, MoreNames};
use crate::domain::object::Subject;
use crate::store::impact::{HeldBy, holding};
use crate::store::{self, roles};

use super::super::{App, Error, access};
use super::Plan;

/// Who no longer holds a role of a catalog once it is taken back, and who still does (F052).
pub async fn of_catalog_role(
    app: &App,
    actor: &Principal,
    catalog: CatalogId,
    id: RoleAssignmentId,
    more: Option<MoreNames>,
) -> Result<Impact, Error> {
    actor.authorize_somewhere(Action::ManageCatalogRoles)?;
    access::in_catalog(actor, ManageCatalogRoles, catalog)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let held = roles::find(&mut tx, id)
        .await?
        .filter(|held| held.catalog_id == Some(catalog))
        .ok_or(Error::NotFound)?;
    let name = store::catalogs::name(&mut tx, catalog).await?.ok_or(Error::NotFound)?;
    let holder = match (held.user_id, held.group_id) {
        (Some(user), _) => Subject::User(user),
        (None, Some(group)) => Subject::Group(group),
        (None, None) => return Err(Error::NotFound),
    };
    let by = HeldBy {
        id,
        role: held.role,
        catalog: Some(catalog),
        holder,
    };
    let mut plan = Plan::default();
    let what = format!("{} in {name}", held.role.label());
    plan.people(
        "loses",
        EffectKind::Loses,
        ("is no longer", "are no longer"),
        &what,
        holding(by, true, now),
    );
    let kept = format!("{what}, because they hold it otherwise too");
    plan.people("keeps", EffectKind::Stays, ("stays", "stay"), &kept, holding(by, false, now));
    Ok(plan.tell(&mut tx, more).await?)
}
