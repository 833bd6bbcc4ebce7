//! Roles given to users and groups, and taken back: directory roles, catalog creators, and the roles of a catalog. A role of a catalog is
//! the catalog owner's to give; a directory role is given by whoever stands as high. Must not know what a role gives.

mod query;
#[cfg(test)]
mod tests;

pub use query::{query, record, subject};

use crate::domain::access::{
    Action, Authorized, CreateCatalogs, ManageCatalogCreators, ManageCatalogRoles, ManageUsers, Permission, Principal, ReadCatalogs,
    ReadDirectory, Refusal, Role, Scope,
};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::{CatalogId, ObjectId, RoleAssignmentId};
use crate::domain::limit::Limit;
use crate::domain::object::{MembershipType, Subject};
use crate::domain::page::Page;
use crate::domain::role_assignment::{DIRECTORY_ROLES, HOLDERS_MAX, RoleHolder, RoleQuery, RoleSummary};
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserStanding, may_lose_role};
use crate::domain::validate::Code;
use crate::store::roles::RoleAssignment;
use crate::store::{self, Tx, groups, users};

use super::audit::Entry;
use super::{App, Error, access, limits};

/// Proof that someone may give or take a role.
enum Granted {
    Directory(Authorized<ManageUsers>),
    Creators(Authorized<ManageCatalogCreators>),
    Catalog(Authorized<ManageCatalogRoles>),
}

/// What shows that a role may be given.
trait Proof {
    fn principal(&self) -> &Principal;
    fn entry(&self, activity: Activity, target: Target) -> Entry<'_>;
}

impl Proof for Granted {
    fn principal(&self) -> &Principal {
        match self {
            Self::Directory(granted) => granted.principal(),
            Self::Creators(granted) => granted.principal(),
            Self::Catalog(granted) => granted.principal(),
        }
    }

    fn entry(&self, activity: Activity, target: Target) -> Entry<'_> {
        match self {
            Self::Directory(granted) => Entry::by_principal(granted, activity, target),
            Self::Creators(granted) => Entry::by_principal(granted, activity, target),
            Self::Catalog(granted) => Entry::by_principal(granted, activity, target),
        }
    }
}

/// Whoever creates a catalog owns it.
impl Proof for Authorized<CreateCatalogs> {
    fn principal(&self) -> &Principal {
        Authorized::principal(self)
    }

    fn entry(&self, activity: Activity, target: Target) -> Entry<'_> {
        Entry::by_principal(self, activity, target)
    }
}

/// Where the roles stand that one use case is about: each has an address of its own, and asks for an action of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roles {
    /// The roles of one catalog (F052).
    OfCatalog(CatalogId),
    /// The directory's roles, but for catalog creators.
    OfDirectory,
    /// Catalog creators (F163).
    Creators,
}

impl Roles {
    fn catalog(self) -> Option<CatalogId> {
        match self {
            Self::OfCatalog(catalog) => Some(catalog),
            Self::OfDirectory | Self::Creators => None,
        }
    }

    fn include(self, role: Role) -> bool {
        match self {
            Self::OfCatalog(_) => role.is_of_catalog(),
            Self::OfDirectory => !role.is_of_catalog() && role != Role::CatalogCreator,
            Self::Creators => role == Role::CatalogCreator,
        }
    }
}

/// A page of those who hold a role in a catalog, for whoever sees it; without one in the directory, for whoever sees that (F052).
pub async fn holders(app: &App, actor: &Principal, query: &RoleQuery) -> Result<Page<RoleHolder>, Error> {
    match query.catalog {
        Some(catalog) => {
            actor.authorize_somewhere(Action::ReadCatalogs)?;
            access::in_catalog(actor, ReadCatalogs, catalog)?;
        }
        None => {
            actor.authorize(ReadDirectory, Scope::Tenant)?;
        }
    }
    let mut tx = app.store.read().await?;
    if let Some(catalog) = query.catalog {
        store::catalogs::name(&mut tx, catalog).await?.ok_or(Error::NotFound)?;
    }
    let page = store::roles::holders(&mut tx, query).await?;
    Ok(page.map(|holder| RoleHolder {
        take: permission(actor, holder.role, query.catalog),
        ..holder
    }))
}

/// The roles of the directory: how many hold each, and whether the actor may give it.
pub async fn summary(app: &App, actor: &Principal) -> Result<Vec<RoleSummary>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    let counts = store::roles::counts(&mut tx).await?;
    let summary = DIRECTORY_ROLES.iter().map(|&role| RoleSummary {
        role,
        holders: counts.iter().find(|(counted, _)| *counted == role).map_or(0, |(_, count)| *count),
        give: permission(actor, role, None),
    });
    Ok(summary.collect())
}

/// Whether the actor may give or take a role, for a page.
pub fn permission(actor: &Principal, role: Role, catalog: Option<CatalogId>) -> Permission {
    match (catalog, DirectoryRole::of(role)) {
        (Some(catalog), _) => actor.permission(Action::ManageCatalogRoles, Scope::Catalog(catalog)),
        (None, None | Some(DirectoryRole::CatalogCreator)) => actor.permission(Action::ManageCatalogCreators, Scope::Tenant),
        (None, Some(role)) => actor.authorize_account(role).map(|_| ()).into(),
    }
}

/// Gives a role to users and to the members of groups (F052, F163, section 1.1). Who holds it in just this way keeps it; it is a conflict
/// when that is everyone named. Gives the new assignments.
pub async fn give(app: &App, actor: &Principal, roles: Roles, role: Role, holders: &[Subject]) -> Result<Vec<RoleAssignmentId>, Error> {
    may_give_here(actor, roles)?;
    let mut tx = app.store.write().await?;
    let given = give_in(app, &mut tx, actor, roles, role, holders).await?;
    tx.commit().await?;
    Ok(given)
}

/// The same in a transaction of others.
pub(in crate::service) async fn give_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    roles: Roles,
    role: Role,
    holders: &[Subject],
) -> Result<Vec<RoleAssignmentId>, Error> {
    let granted = may_give_here(actor, roles)?;
    if !roles.include(role) {
        return Err(Error::field("role", Code::NotOffered));
    }
    may_give(actor, role, roles.catalog())?;
    match holders.len() {
        0 => return Err(Error::field("holders", Code::Required)),
        count if count > HOLDERS_MAX => return Err(Limit::HoldersAtOnce.exceeded(HOLDERS_MAX).into()),
        _ => {}
    }
    limits::check(tx, Limit::HoldersAtOnce, holders.len()).await?;
    let catalog = present_catalog(tx, roles.catalog()).await?;
    let mut given = Vec::new();
    let mut before = Vec::new();
    for holder in holders {
        let target = present_holder(tx, actor, role, *holder).await?;
        let name = target.name.clone();
        match give_one(app, tx, &granted, role, catalog.as_ref(), (*holder, target)).await? {
            Some(id) => given.push(id),
            None => before.push(name),
        }
    }
    if given.is_empty() {
        let are = if before.len() == 1 { "is" } else { "are" };
        return Err(Error::Conflict(format!("{} {are} {} already.", before.join(", "), role.label())));
    }
    Ok(given)
}

/// Makes the one who has just created a catalog its owner (F053).
pub(super) async fn own(app: &App, tx: &mut Tx, granted: &Authorized<CreateCatalogs>, catalog: (CatalogId, String)) -> Result<(), Error> {
    let actor = granted.principal();
    let Some(user) = actor.user_id() else { return Ok(()) };
    let target = Target::new("user", user, actor.name.as_str());
    give_one(app, tx, granted, Role::CatalogOwner, Some(&catalog), (Subject::User(user), target)).await?;
    Ok(())
}

/// Gives a role to one holder, with the row of the trail; nothing where it is held in just this way already.
async fn give_one(
    app: &App,
    tx: &mut Tx,
    granted: &impl Proof,
    role: Role,
    catalog: Option<&(CatalogId, String)>,
    (holder, target): (Subject, Target),
) -> Result<Option<RoleAssignmentId>, Error> {
    let now = app.clock.now();
    let (user_id, group_id) = match holder {
        Subject::User(id) => (Some(id), None),
        Subject::Group(id) => (None, Some(id)),
        // Nobody is given a role by the organization that they are of; `present_holder` refuses it.
        Subject::Organization(_) => return Ok(None),
    };
    let given = RoleAssignment {
        id: RoleAssignmentId(app.ids.id(now)),
        role,
        catalog_id: catalog.map(|(id, _)| *id),
        user_id,
        group_id,
        created_at: now,
        created_by: granted.principal().user_id(),
    };
    if !store::roles::insert(tx, &given).await? {
        return Ok(None);
    }
    let mut entry = granted
        .entry(Activity::GiveRole, target)
        .changes([Change::between("Role", "", role.as_str())]);
    if let Some((id, name)) = catalog {
        entry = entry.and(Target::new("catalog", *id, name.as_str()));
    }
    entry.write(app, tx)?;
    Ok(Some(given.id))
}

/// Takes one of these roles back. Who holds it in another way too keeps it.
pub async fn take(app: &App, actor: &Principal, roles: Roles, id: RoleAssignmentId) -> Result<(), Error> {
    may_give_here(actor, roles)?;
    let mut tx = app.store.write().await?;
    take_in(app, &mut tx, actor, roles, id).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn take_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    roles: Roles,
    id: RoleAssignmentId,
) -> Result<(), Error> {
    // The count of administrators is held before the role's own row, as everywhere.
    let administrators = users::lock_global_administrators(tx).await?;
    let held = store::roles::lock(tx, id)
        .await?
        .filter(|held| held.catalog_id == roles.catalog() && roles.include(held.role))
        .ok_or(Error::NotFound)?;
    let granted = may_give(actor, held.role, held.catalog_id)?;
    let target = match (held.user_id, held.group_id) {
        (Some(user), _) => {
            let account = users::find(tx, user).await?.ok_or(Error::NotFound)?;
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
            let name = groups::find(tx, group).await?.map(|group| group.name).unwrap_or_default();
            Target::new("group", group, name)
        }
        (None, None) => return Err(Error::NotFound),
    };
    store::roles::delete(tx, id).await?;
    let mut entry = granted
        .entry(Activity::TakeRole, target)
        .changes([Change::between("Role", held.role.as_str(), "")]);
    if let Some(catalog) = held.catalog_id {
        let name = store::catalogs::name(tx, catalog).await?.unwrap_or_default();
        entry = entry.and(Target::new("catalog", catalog, name));
    }
    entry.write(app, tx)?;
    Ok(())
}

/// Refused to whoever may give none of these roles; what they ask about need not be looked up.
fn may_give_here(actor: &Principal, roles: Roles) -> Result<Granted, Error> {
    match roles {
        Roles::OfCatalog(catalog) => {
            actor.authorize_somewhere(Action::ManageCatalogRoles)?;
            Ok(Granted::Catalog(access::in_catalog(actor, ManageCatalogRoles, catalog)?))
        }
        Roles::OfDirectory => Ok(Granted::Directory(actor.authorize(ManageUsers, Scope::Tenant)?)),
        Roles::Creators => Ok(Granted::Creators(actor.authorize(ManageCatalogCreators, Scope::Tenant)?)),
    }
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
        Subject::Organization(_) => Err(Error::field("holder", Code::NotOffered)),
    }
}

/// Refused where the members of these groups hold a directory role above the actor's own: whoever decides on members gives the role.
pub(super) async fn may_change_members(tx: &mut Tx, actor: &Principal, groups: &[ObjectId]) -> Result<(), Error> {
    let highest = store::roles::highest_of_groups(tx, groups).await?;
    if highest <= actor.directory_role() {
        return Ok(());
    }
    Err(above_own_role().into())
}

/// Why members of a group are not the actor's to decide on.
pub(super) fn above_own_role() -> Refusal {
    let reason = "The members of this group hold a directory role above your own. Ask a Global administrator to do this.";
    Refusal::new("above-own-role", reason)
}
