//! A role of a catalog or of the directory that is taken back, or given.

use crate::domain::access::{Action, ManageCatalogCreators, ManageCatalogRoles, ManageUsers, Principal, Role, Scope};
use crate::domain::id::{CatalogId, RoleAssignmentId};
use crate::domain::impact::{Effect, EffectKind, Impact, MoreNames, RoleChange};
use crate::domain::limit::Limit;
use crate::domain::object::Subject;
use crate::domain::role_assignment::{HOLDERS_MAX, purpose};
use crate::domain::user::DirectoryRole;
use crate::store::impact::{HeldBy, gaining_role, holding};
use crate::store::{self, StoreError, Tx, roles};

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
    let mut tx = app.store.read().await?;
    let name = store::catalogs::name(&mut tx, catalog).await?.ok_or(Error::NotFound)?;
    let mut plan = Plan::default();
    tell_taking(app, &mut tx, &mut plan, (id, Some(catalog)), |role| {
        Ok(format!("{} in {name}", role.label()))
    })
    .await?;
    Ok(plan.tell(&mut tx, more).await?)
}

/// What a change of who holds the directory's roles, but for that of catalog creators, would do.
pub async fn of_directory_role(app: &App, actor: &Principal, change: &RoleChange, more: Option<MoreNames>) -> Result<Impact, Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let may = |role: Role| match DirectoryRole::of(role) {
        Some(held) if role != Role::CatalogCreator => Ok(actor.authorize_account(held).map(|_| ())?),
        _ => Err(Error::NotFound),
    };
    of_tenant(app, change, more, may).await
}

/// The same for catalog creators (F163).
pub async fn of_catalog_creators(app: &App, actor: &Principal, change: &RoleChange, more: Option<MoreNames>) -> Result<Impact, Error> {
    actor.authorize(ManageCatalogCreators, Scope::Tenant)?;
    let may = |role: Role| match role {
        Role::CatalogCreator => Ok(()),
        _ => Err(Error::NotFound),
    };
    of_tenant(app, change, more, may).await
}

async fn of_tenant(
    app: &App,
    change: &RoleChange,
    more: Option<MoreNames>,
    may: impl Fn(Role) -> Result<(), Error>,
) -> Result<Impact, Error> {
    let mut tx = app.store.read().await?;
    let mut plan = Plan::default();
    match change {
        RoleChange::Take(id) => {
            let role = tell_taking(app, &mut tx, &mut plan, (*id, None), |role| {
                may(role)?;
                Ok(role.label().to_owned())
            })
            .await?;
            plan.note(format!("What the role is for: {}", purpose(role)));
        }
        RoleChange::Give(role, holders) => {
            may(*role)?;
            if holders.len() > HOLDERS_MAX {
                return Err(Limit::HoldersAtOnce.exceeded(HOLDERS_MAX).into());
            }
            tell_giving(app, &mut plan, *role, None, holders);
            plan.note(format!("What the role is for: {}", purpose(*role)));
        }
    }
    Ok(plan.tell(&mut tx, more).await?)
}

/// Who gains by a role that is given by a plan, where the catalog may not be there yet. Whoever asks has been allowed all that plans do.
pub(in crate::service) async fn of_gift(app: &App, role: Role, catalog: Option<CatalogId>, holder: Subject) -> Result<Vec<Effect>, Error> {
    let mut tx = app.store.read().await?;
    let mut plan = Plan::default();
    tell_giving(app, &mut plan, role, catalog, &[holder]);
    Ok(plan.tell(&mut tx, None).await?.effects)
}

/// Who newly holds a role once it is given, and who holds it already.
fn tell_giving(app: &App, plan: &mut Plan, role: Role, catalog: Option<CatalogId>, holders: &[Subject]) {
    let now = app.clock.now();
    let what = role.label();
    let gained = gaining_role(role, catalog, holders, true, now);
    plan.people("gains", EffectKind::Gains, ("becomes", "become"), what, gained);
    let kept = format!("{what} already");
    let before = gaining_role(role, catalog, holders, false, now);
    plan.people("keeps", EffectKind::Stays, ("is", "are"), &kept, before);
}

/// Tells who loses a role that is held in this place, and who holds it otherwise too; `named` says what the role is called there, or why it
/// may not be asked about. Gives the role.
async fn tell_taking(
    app: &App,
    tx: &mut Tx,
    plan: &mut Plan,
    (id, catalog): (RoleAssignmentId, Option<CatalogId>),
    named: impl Fn(Role) -> Result<String, Error>,
) -> Result<Role, Error> {
    let held = held(tx, id, catalog).await?.ok_or(Error::NotFound)?;
    let what = named(held.role)?;
    let now = app.clock.now();
    let loses = ("is no longer", "are no longer");
    plan.people("loses", EffectKind::Loses, loses, &what, holding(held, true, now));
    let kept = format!("{what}, because they hold it otherwise too");
    plan.people("keeps", EffectKind::Stays, ("stays", "stay"), &kept, holding(held, false, now));
    Ok(held.role)
}

async fn held(tx: &mut Tx, id: RoleAssignmentId, catalog: Option<CatalogId>) -> Result<Option<HeldBy>, StoreError> {
    let found = roles::find(tx, id).await?.filter(|held| held.catalog_id == catalog);
    Ok(found.and_then(|held| {
        let holder = match (held.user_id, held.group_id) {
            (Some(user), _) => Subject::User(user),
            (None, Some(group)) => Subject::Group(group),
            (None, None) => return None,
        };
        Some(HeldBy {
            id,
            role: held.role,
            catalog,
            holder,
        })
    }))
}
