//! Who may do what. Asking gives a value, not a yes or no: `Authorized<A>` can only be made here, and what changes something takes one,
//! so code that has not asked cannot call it. A `Refusal` says which rule refused and what would help; pages show the same words
//! beside a disabled control. Lists take what their reader may see (`Visible`).

mod action;
mod ceiling;
mod principal;
mod role;

pub use action::*;
pub use ceiling::{Ceiling, actions_of};
pub use principal::{Person, Principal, PrincipalKind, SYSTEM_NAME};
pub use role::{HeldRole, Role, Scope, Visible};

pub use super::refusal::{Permission, Refusal};

use super::client::{ApiPermission, GrantKind};
use super::id::CatalogId;
use super::object::ObjectKind;
use super::user::{DirectoryRole, may_manage_role};

/// Proof that a principal was allowed an action in a scope. Only `Principal::authorize` makes one.
#[derive(Debug)]
pub struct Authorized<A> {
    principal: Principal,
    scope: Scope,
    _action: A,
}

impl<A> Authorized<A> {
    /// Who was allowed.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Where.
    pub fn scope(&self) -> Scope {
        self.scope
    }
}

/// Whether someone who may add resources to a catalog may add this one: any, as Global administrator or, unless roles are strict, User
/// administrator; an application, as Identity Governance administrator; else what they own themselves (`owns`).
pub fn may_add_resource(principal: &Principal, kind: ObjectKind, name: &str, owns: bool) -> Result<(), Refusal> {
    let any = principal.permission(Action::AddAnyResource, Scope::Tenant).is_allowed();
    let application = kind == ObjectKind::Application && principal.permission(Action::AddResources, Scope::Tenant).is_allowed();
    if any || application || owns {
        return Ok(());
    }
    Err(Refusal::new(
        "needs-control",
        format!("You can add {name} to a catalog only if you own it. Ask its owner or a Global administrator to add it."),
    ))
}

impl Principal {
    /// Asks; every use case begins so. What belongs to a catalog is asked for in that catalog.
    pub fn authorize<A: ActionType>(&self, action: A, scope: Scope) -> Result<Authorized<A>, Refusal> {
        self.check(A::ACTION, scope)?;
        Ok(Authorized {
            principal: self.clone(),
            scope,
            _action: action,
        })
    }

    /// The same question for a page: whether, and why not.
    pub fn permission(&self, action: Action, scope: Scope) -> Permission {
        self.check(action, scope).into()
    }

    /// Asks to create or change an account that holds, or will hold, this directory role.
    pub fn authorize_account(&self, role: DirectoryRole) -> Result<Authorized<ManageUsers>, Refusal> {
        let granted = self.authorize(ManageUsers, Scope::Tenant)?;
        if role > DirectoryRole::User {
            self.require_permission(&[ApiPermission::RoleManagementReadWrite])?;
        }
        may_manage_role(self.directory_role(), role)?;
        Ok(granted)
    }

    /// Refused where no role that is held gives the action anywhere; what is asked about need not even be looked up then.
    pub fn authorize_somewhere(&self, action: Action) -> Result<(), Refusal> {
        self.visible(action).map(|_| ())
    }

    /// The catalogs in which the action is allowed; refused if there is none.
    pub fn visible(&self, action: Action) -> Result<Visible, Refusal> {
        if self.check(action, Scope::Tenant).is_ok() {
            return Ok(Visible::All);
        }
        self.below_ceiling(action)?;
        self.password_is_own()?;
        let row = action.row();
        let held = self.roles.iter().filter(|held| row.in_catalog.contains(&held.role));
        let mut catalogs: Vec<CatalogId> = held.filter_map(|held| held.catalog).collect();
        catalogs.sort_unstable();
        catalogs.dedup();
        if catalogs.is_empty() {
            return Err(self.needs_role(row));
        }
        Ok(Visible::Catalogs(catalogs))
    }

    /// Refused where the call came with a token that holds none of these permissions. A session is asked for none.
    pub fn require_permission(&self, one_of: &[ApiPermission]) -> Result<(), Refusal> {
        self.ceiling.as_ref().map_or(Ok(()), |ceiling| ceiling.require(one_of))
    }

    /// Asks to give a permission to a client: refused where the actor may not do themselves, everywhere, what it lets a client do.
    pub fn may_give_permission(&self, permission: ApiPermission, kind: GrantKind) -> Result<(), Refusal> {
        let own = |action: &Action| !action.row().everyone;
        actions_of(permission, kind)
            .filter(own)
            .try_for_each(|action| self.check(action, Scope::Tenant))?;
        if permission == ApiPermission::RoleManagementReadWrite {
            may_manage_role(self.directory_role(), DirectoryRole::GlobalAdministrator)?;
        }
        Ok(())
    }

    fn below_ceiling(&self, action: Action) -> Result<(), Refusal> {
        self.ceiling.as_ref().map_or(Ok(()), |ceiling| ceiling.check(action))
    }

    fn check(&self, action: Action, scope: Scope) -> Result<(), Refusal> {
        self.below_ceiling(action)?;
        if matches!(self.kind, PrincipalKind::System | PrincipalKind::Operator) {
            return Ok(());
        }
        self.password_is_own()?;
        let row = action.row();
        if row.everyone && self.kind == PrincipalKind::User {
            return Ok(());
        }
        if row
            .everywhere(self.strict_roles)
            .any(|role| self.tenant_roles().any(|held| held == role))
        {
            return Ok(());
        }
        let in_catalog = |held: &HeldRole| match (held.catalog, scope) {
            (Some(own), Scope::Catalog(asked)) => own == asked && row.in_catalog.contains(&held.role),
            _ => false,
        };
        if self.roles.iter().any(in_catalog) {
            return Ok(());
        }
        Err(self.needs_role(row))
    }

    fn password_is_own(&self) -> Result<(), Refusal> {
        if self.must_change_password {
            return Err(Refusal::new("password-change-due", "Choose your own password first."));
        }
        Ok(())
    }

    /// Names the roles that would do, and nobody and nothing else.
    fn needs_role(&self, row: &Row) -> Refusal {
        let mut roles: Vec<&str> = row.everywhere(self.strict_roles).map(Role::label).collect();
        let own: Vec<&str> = row.in_catalog.iter().map(|role| role.label()).collect();
        let last = roles.pop();
        let mut who = match last {
            Some(last) if roles.is_empty() => format!("a {last}"),
            Some(last) => format!("a {} or {last}", roles.join(", ")),
            None => "a signed-in user".to_owned(),
        };
        if !own.is_empty() {
            who = format!("{who}, or someone who is {} of the catalog,", own.join(" or "));
        }
        Refusal::new(
            "needs-role",
            format!("Only {who} can {}. Ask one of them for access.", row.action.what()),
        )
    }
}

#[cfg(test)]
mod tests;
