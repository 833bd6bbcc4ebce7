//! Roles given to users and groups, and taken back: directory roles, catalog creators, and the roles of a catalog. A role of a catalog is
//! the catalog owner's to give; a directory role is given by whoever stands as high. Must not know what a role gives.

#[cfg(test)]
mod tests;

use crate::domain::access::{
    Action, Authorized, ManageCatalogCreators, ManageCatalogRoles, ManageUsers, Principal, ReadCatalogs, Refusal, Role, Scope,
};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::{CatalogId, ObjectId, RoleAssignmentId};
use crate::domain::object::{MembershipType, Subject};
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserStanding, may_lose_role};
use crate::domain::validate::Code;
use crate::store::roles::RoleAssignment;
use crate::store::{self, Tx, groups, users};

use super::audit::Entry;
use super::{App, Error, access};

/// Proof that someone may give or take a role.
enum Granted {
    Directory(Authorized<ManageUsers>),
    Creators(Authorized<ManageCatalogCreators>),
    Catalog(Authorized<ManageCatalogRoles>),
}

impl Granted {
    fn entry(&self, activity: Activity, target: Target) -> Entry<'_> {
        match self {
            Self::Directory(granted) => Entry::by_principal(granted, activity, target),
            Self::Creators(granted) => Entry::by_principal(granted, activity, target),
            Self::Catalog(granted) => Entry::by_principal(granted, activity, target),
        }
    }
}

/// The roles held in a catalog, for whoever sees it; without one those held in the whole tenant.
pub async fn list(app: &App, actor: &Principal, catalog: Option<CatalogId>) -> Result<Vec<RoleAssignment>, Error> {
    match catalog {
        Some(catalog) => {
            actor.authorize_somewhere(Action::ReadCatalogs)?;
            access::in_catalog(actor, ReadCatalogs, catalog)?;
        }
        None => {
            actor.authorize(ManageCatalogCreators, Scope::Tenant)?;
        }
    }
    let mut tx = app.store.read().await?;
    Ok(store::roles::list(&mut tx, catalog).await?)
}

/// Gives a role to a user or to the members of a group (F163, section 1.1).
pub async fn give(
    app: &App,
    actor: &Principal,
    role: Role,
    catalog: Option<CatalogId>,
    holder: Subject,
) -> Result<RoleAssignmentId, Error> {
    if role.is_of_catalog() != catalog.is_some() {
        return Err(Error::field(
            "catalog",
            if catalog.is_some() { Code::NotOffered } else { Code::Required },
        ));
    }
    let granted = may_give(actor, role, catalog)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let catalog = present_catalog(&mut tx, catalog).await?;
    let target = present_holder(&mut tx, actor, role, holder).await?;
    let (user_id, group_id) = match holder {
        Subject::User(id) => (Some(id), None),
        Subject::Group(id) => (None, Some(id)),
    };
    let given = RoleAssignment {
        id: RoleAssignmentId(app.ids.id(now)),
        role,
        catalog_id: catalog.as_ref().map(|(id, _)| *id),
        user_id,
        group_id,
        created_at: now,
        created_by: actor.user_id(),
    };
    if !store::roles::insert(&mut tx, &given).await? {
        return Err(Error::Conflict(format!("{} is {} already.", target.name, role.label())));
    }
    let mut entry = granted
        .entry(Activity::GiveRole, target)
        .changes([Change::between("Role", "", role.as_str())]);
    if let Some((id, name)) = catalog {
        entry = entry.and(Target::new("catalog", id, name));
    }
    entry.write(app, &mut tx)?;
    tx.commit().await?;
    Ok(given.id)
}

/// Takes a role back. Who holds it in another way too keeps it.
pub async fn take(app: &App, actor: &Principal, id: RoleAssignmentId) -> Result<(), Error> {
    may_give_somewhere(actor)?;
    let mut tx = app.store.write().await?;
    // The count of administrators is held before the role's own row, as everywhere.
    let administrators = users::lock_global_administrators(&mut tx).await?;
    let held = store::roles::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = may_give(actor, held.role, held.catalog_id)?;
    let target = match (held.user_id, held.group_id) {
        (Some(user), _) => {
            let account = users::find(&mut tx, user).await?.ok_or(Error::NotFound)?;
            if held.role == Role::GlobalAdministrator {
                let standing = UserStanding {
                    role: DirectoryRole::GlobalAdministrator,
                    enabled: account.enabled && account.deleted_at.is_none(),
                    global_administrators: administrators,
                };
                may_lose_role(&standing)?;
            }
            Target::new("user", user, account.name)
        }
        (None, Some(group)) => {
            let name = groups::find(&mut tx, group).await?.map(|group| group.name).unwrap_or_default();
            Target::new("group", group, name)
        }
        (None, None) => return Err(Error::NotFound),
    };
    store::roles::delete(&mut tx, id).await?;
    let mut entry = granted
        .entry(Activity::TakeRole, target)
        .changes([Change::between("Role", held.role.as_str(), "")]);
    if let Some(catalog) = held.catalog_id {
        let name = store::catalogs::name(&mut tx, catalog).await?.unwrap_or_default();
        entry = entry.and(Target::new("catalog", catalog, name));
    }
    entry.write(app, &mut tx)?;
    tx.commit().await?;
    Ok(())
}

/// Refused to whoever may give no role anywhere; what they ask about need not be looked up.
fn may_give_somewhere(actor: &Principal) -> Result<(), Refusal> {
    let catalogs = actor.authorize_somewhere(Action::ManageCatalogRoles);
    if actor.authorize_somewhere(Action::ManageCatalogCreators).is_ok() || actor.authorize_somewhere(Action::ManageUsers).is_ok() {
        return Ok(());
    }
    catalogs
}

/// A role of a catalog is its owner's to give; catalog creators are governance's; a directory role goes to those who stand as high.
fn may_give(actor: &Principal, role: Role, catalog: Option<CatalogId>) -> Result<Granted, Error> {
    match (catalog, DirectoryRole::of(role)) {
        (Some(catalog), _) => {
            actor.authorize_somewhere(Action::ManageCatalogRoles)?;
            Ok(Granted::Catalog(access::in_catalog(actor, ManageCatalogRoles, catalog)?))
        }
        (None, None | Some(DirectoryRole::CatalogCreator)) => Ok(Granted::Creators(actor.authorize(ManageCatalogCreators, Scope::Tenant)?)),
        (None, Some(role)) => Ok(Granted::Directory(actor.authorize_account(role)?)),
    }
}

async fn present_catalog(tx: &mut Tx, catalog: Option<CatalogId>) -> Result<Option<(CatalogId, String)>, Error> {
    let Some(id) = catalog else { return Ok(None) };
    let name = store::catalogs::name(tx, id).await?.ok_or(Error::NotFound)?;
    Ok(Some((id, name)))
}

/// The user or group that is to hold a role, if it may. A directory role goes to a group only by a Global administrator, and only where
/// people, not a rule, decide who belongs to it.
async fn present_holder(tx: &mut Tx, actor: &Principal, role: Role, holder: Subject) -> Result<Target, Error> {
    match holder {
        Subject::User(id) => {
            let account = users::find(tx, id).await?.filter(|account| account.deleted_at.is_none());
            let account = account.ok_or_else(|| Error::field("holder", Code::Gone))?;
            Ok(Target::new("user", id, account.name))
        }
        Subject::Group(id) => {
            let group = groups::find(tx, id).await?.ok_or_else(|| Error::field("holder", Code::Gone))?;
            if DirectoryRole::of(role) > Some(DirectoryRole::CatalogCreator) {
                actor.authorize_account(DirectoryRole::GlobalAdministrator)?;
                if group.membership == MembershipType::Dynamic {
                    let reason = format!(
                        "A rule decides who is a member of {}, so it can't hold the role {}. Choose a group whose members are assigned.",
                        group.name,
                        role.label()
                    );
                    return Err(Refusal::new("role-by-rule", reason).into());
                }
            }
            Ok(Target::new("group", id, group.name))
        }
    }
}

/// Refused where the members of these groups hold a directory role above the actor's own: whoever decides on members gives the role.
pub(super) async fn may_change_members(tx: &mut Tx, actor: &Principal, groups: &[ObjectId]) -> Result<(), Error> {
    let highest = store::roles::highest_of_groups(tx, groups).await?;
    if highest <= actor.directory_role() {
        return Ok(());
    }
    let reason = "The members of this group hold a directory role above your own. Ask a Global administrator to do this.";
    Err(Refusal::new("above-own-role", reason).into())
}
