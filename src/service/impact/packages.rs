//! A package that gives a resource role no longer, moves, or goes.

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, ManagePackages, Principal};
use crate::domain::id::{CatalogId, PackageId};
use crate::domain::impact::{EffectKind, Impact, MoreNames, PackageChange};
use crate::domain::package::PackageRoleItem;
use crate::store::impact::{Requestable, RoleOfPackage, able_to_request, having, holding_only_in, keeping_role, losing_role, waiting_for};
use crate::store::packages::{self, Package};
use crate::store::{self, Tx};

use super::super::packages::move_effects;
use super::super::{App, Error, access};
use super::{Plan, audiences, requestable, tell_requestors};

/// Resource roles whose people are told one by one.
const ROLES_TOLD: usize = 20;

/// What a change of a package would do (F040, F041, F062, F178).
pub async fn of_package(
    app: &App,
    actor: &Principal,
    id: PackageId,
    change: PackageChange,
    more: Option<MoreNames>,
) -> Result<Impact, Error> {
    actor.authorize_somewhere(Action::ManagePackages)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let package = packages::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ManagePackages, package.catalog_id)?;
    let mut plan = Plan::default();
    match change {
        PackageChange::RemoveRole(place) => {
            let roles = packages::roles(&mut tx, &package).await?;
            let role = roles.iter().find(|role| role.id == place).ok_or(Error::NotFound)?;
            tell_role(&mut plan, &package, role, now);
        }
        PackageChange::Delete => {
            plan.people(
                "has",
                EffectKind::Blocks,
                ("has", "have"),
                "it, so it can't be deleted yet",
                having(id, now),
            );
            plan.people(
                "waits",
                EffectKind::Blocks,
                ("waits", "wait"),
                "for it, so it can't be deleted yet",
                waiting_for(id),
            );
            tell_end_of_requests(&mut tx, &mut plan, &package, now).await?;
        }
        PackageChange::EndAndDelete => {
            plan.people("has", EffectKind::Loses, ("loses", "lose"), &package.name, having(id, now));
            let roles = packages::roles(&mut tx, &package).await?;
            for role in roles.iter().take(ROLES_TOLD) {
                tell_role(&mut plan, &package, role, now);
            }
            if roles.len() > ROLES_TOLD {
                let rest = roles.len() - ROLES_TOLD;
                plan.note(format!("The package gives {rest} more resource roles, which end likewise."));
            }
            let canceled = ("has", "have");
            plan.people("waits", EffectKind::Loses, canceled, "a request that is canceled", waiting_for(id));
            tell_end_of_requests(&mut tx, &mut plan, &package, now).await?;
        }
        PackageChange::Move(target) => tell_move(&mut tx, &mut plan, actor, &package, target, now).await?,
    }
    Ok(plan.tell(&mut tx, more).await?)
}

/// Who loses a resource role that the package no longer gives, and who keeps it otherwise.
fn tell_role(plan: &mut Plan, package: &Package, role: &PackageRoleItem, now: DateTime<Utc>) {
    let of = RoleOfPackage {
        package: package.id,
        role: role.role,
        prior: package.prior_membership,
    };
    let what = format!("{} of {}", role.role_name, role.object.name);
    plan.people(
        format!("loses-{}", role.role),
        EffectKind::Loses,
        ("loses", "lose"),
        &what,
        losing_role(of, now),
    );
    let kept = format!("{what}, because something else gives it");
    plan.people(
        format!("keeps-{}", role.role),
        EffectKind::Stays,
        ("keeps", "keep"),
        &kept,
        keeping_role(of, now),
    );
}

/// Who can request it now, and can't when it is gone.
async fn tell_end_of_requests(tx: &mut Tx, plan: &mut Plan, package: &Package, now: DateTime<Utc>) -> Result<(), Error> {
    let catalog = store::catalogs::find(tx, package.catalog_id).await?.ok_or(Error::NotFound)?;
    let before = requestable(&catalog, audiences(tx, package.id, now).await?);
    let lost = able_to_request(&before, &Requestable::default(), now);
    let verb = "can no longer request";
    plan.people("cannot-request", EffectKind::Loses, (verb, verb), &package.name, lost);
    Ok(())
}

async fn tell_move(
    tx: &mut Tx,
    plan: &mut Plan,
    actor: &Principal,
    package: &Package,
    target: CatalogId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    access::in_catalog(actor, ManagePackages, target)?;
    let from = store::catalogs::find(tx, package.catalog_id).await?.ok_or(Error::NotFound)?;
    let to = store::catalogs::find(tx, target).await?.ok_or(Error::NotFound)?;
    let audiences = audiences(tx, package.id, now).await?;
    let (before, after) = (requestable(&from, audiences.clone()), requestable(&to, audiences));
    tell_requestors(plan, "", &package.name, &before, &after, now);
    let over = |catalog: &str| format!("the role over it that they hold in {catalog}");
    let (lost, gained) = (holding_only_in(from.id, to.id, now), holding_only_in(to.id, from.id, now));
    plan.people("loses-role", EffectKind::Loses, ("loses", "lose"), &over(&from.name), lost);
    plan.people("gains-role", EffectKind::Gains, ("gains", "gain"), &over(&to.name), gained);
    plan.people(
        "has",
        EffectKind::Stays,
        ("has", "have"),
        "it, and keeps it".trim(),
        having(package.id, now),
    );
    for note in move_effects(tx, package, to).await? {
        plan.note(note);
    }
    Ok(())
}
