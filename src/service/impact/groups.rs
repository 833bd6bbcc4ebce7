//! A group that is deleted.

use chrono::{DateTime, Utc};

use crate::domain::access::{ManageGroups, Principal, Scope};
use crate::domain::group::{GroupRole, NamingPolicy, policies_losing};
use crate::domain::id::{CatalogId, ObjectId, PackageId};
use crate::domain::impact::{EffectKind, Impact, MoreNames};
use crate::domain::object::Subject;
use crate::store::impact::{Audience, holding, in_role, roles_of_group, terms_of};
use crate::store::{self, Tx, groups};

use super::super::{App, Error, access};
use super::{Plan, requestable, tell_requestors};

/// Roles of its members, and packages whose policies name it, that are told one by one.
const TOLD: usize = 20;

/// What deleting a group would do (F043).
pub async fn of_group(app: &App, actor: &Principal, id: ObjectId, more: Option<MoreNames>) -> Result<Impact, Error> {
    actor.authorize(ManageGroups, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let group = groups::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let mut plan = Plan::default();
    for (role, word) in [(GroupRole::Member, "Member"), (GroupRole::Owner, "Owner")] {
        if let Some(role) = groups::role(&mut tx, id, role).await? {
            let what = format!("{word} of {}", group.name);
            plan.people(
                format!("loses-{role}"),
                EffectKind::Loses,
                ("loses", "lose"),
                &what,
                in_role(role, now),
            );
        }
    }
    tell_roles(&mut tx, &mut plan, actor, id, now).await?;
    tell_policies(&mut tx, &mut plan, actor, id, now).await?;
    Ok(plan.tell(&mut tx, more).await?)
}

/// Roles that its members hold through it. Those of catalogs that are not seen go unnamed.
async fn tell_roles(tx: &mut Tx, plan: &mut Plan, actor: &Principal, id: ObjectId, now: DateTime<Utc>) -> Result<(), Error> {
    let seen = access::seen(actor);
    let held = roles_of_group(tx, id, TOLD as i64 + 1).await?;
    if held.len() > TOLD {
        plan.note("Its members hold more roles through it than are told here; those end likewise.");
    }
    for (by, catalog) in held.into_iter().take(TOLD) {
        if by.catalog.is_some_and(|catalog| !seen.includes(catalog)) {
            plan.note("Its members hold a role through it in a catalog that you do not see, and lose that too.");
            continue;
        }
        let what = match catalog {
            Some(catalog) => format!("{} in {catalog}", by.role.label()),
            None => by.role.label().to_owned(),
        };
        let key = format!("role-{}", by.id);
        plan.people(
            key,
            EffectKind::Loses,
            ("is no longer", "are no longer"),
            &what,
            holding(by, true, now),
        );
    }
    Ok(())
}

/// Who could request by a policy that names it, and can't without it.
async fn tell_policies(tx: &mut Tx, plan: &mut Plan, actor: &Principal, id: ObjectId, now: DateTime<Utc>) -> Result<(), Error> {
    let seen = access::seen(actor);
    let mut packages: Vec<(PackageId, String, CatalogId)> = Vec::new();
    let all = groups::naming_policies(tx, id).await?;
    let count = all.len();
    let named: Vec<(NamingPolicy, CatalogId)> = all.into_iter().filter(|(_, catalog)| seen.includes(*catalog)).collect();
    for (naming, catalog) in &named {
        if packages.last().is_none_or(|(package, ..)| *package != naming.package.id) {
            packages.push((naming.package.id, naming.package.name.clone(), *catalog));
        }
    }
    let namings: Vec<NamingPolicy> = named.into_iter().map(|(naming, _)| naming).collect();
    for note in policies_losing(&namings, count - namings.len()) {
        plan.note(note);
    }
    if packages.len() > TOLD {
        plan.note(format!("It is named by policies of {} more packages.", packages.len() - TOLD));
    }
    for (package, name, catalog) in packages.into_iter().take(TOLD) {
        let catalog = store::catalogs::find(tx, catalog).await?.ok_or(Error::NotFound)?;
        let all = terms_of(tx, package).await?;
        let before = all.iter().filter_map(|(_, terms)| Audience::of(terms, now)).collect();
        let without = all.iter().map(|(_, terms)| terms.clone().without(Subject::Group(id)));
        let after = without.filter_map(|terms| Audience::of(&terms, now)).collect();
        let (before, after) = (requestable(&catalog, before), requestable(&catalog, after));
        tell_requestors(plan, &format!("-{package}"), &name, &before, &after, now);
    }
    Ok(())
}
