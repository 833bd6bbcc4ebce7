//! What a caller with a token may do at the most, whatever its roles would give: the actions of the permissions that the token holds.

use super::action::Action;
use super::role::Role;
use crate::domain::client::{ApiPermission, GrantKind};
use crate::domain::refusal::Refusal;
use crate::domain::text::StringEnum;

/// The permissions of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceiling {
    kind: GrantKind,
    permissions: Vec<ApiPermission>,
}

/// To see what governance is about.
const READ: &[Action] = &[
    Action::ReadCatalogs,
    Action::ReadRequests,
    Action::ReadAssignments,
    Action::ReadSettings,
    Action::ReadConnectedOrganizations,
    Action::FindSubjects,
];

/// To change it.
const WRITE: &[Action] = &[
    Action::ManageSettings,
    Action::ManageCatalogCreators,
    Action::ManageConnectedOrganizations,
    Action::CreateCatalogs,
    Action::ManageCatalogs,
    Action::AddResources,
    Action::RemoveResources,
    Action::ManageCatalogRoles,
    Action::ManagePackages,
    Action::ManagePolicies,
    Action::ManageAutoAssignment,
    Action::ManageIncompatibilities,
    Action::ManageRequests,
    Action::ManageAssignments,
    Action::AssignWithoutApproval,
    Action::GovernGuests,
    Action::ManageExtensions,
    Action::UseExtensions,
];

/// To see users, groups and applications.
const DIRECTORY: &[Action] = &[Action::ReadDirectory, Action::FindSubjects];

/// Whether a permission gives an action by itself.
fn gives(permission: ApiPermission, kind: GrantKind, action: Action) -> bool {
    use ApiPermission as P;
    let delegated = kind == GrantKind::Delegated;
    match permission {
        P::EntitlementManagementRead => READ.contains(&action) || (delegated && action == Action::ReadMyAccess),
        // A client adds the groups that it administers; a person adds what their roles let them.
        P::EntitlementManagementReadWrite => {
            READ.contains(&action)
                || WRITE.contains(&action)
                || (delegated && matches!(action, Action::ReadMyAccess | Action::UseMyAccess | Action::AddAnyResource))
        }
        P::SubjectAccess => matches!(action, Action::ReadMyAccess | Action::UseMyAccess),
        P::UserRead => false,
        P::UserReadBasic
        | P::UserReadAll
        | P::GroupReadBasic
        | P::GroupRead
        | P::GroupMemberReadBasic
        | P::GroupMemberRead
        | P::ApplicationRead
        | P::RoleManagementRead => DIRECTORY.contains(&action),
        P::UserReadWrite | P::UserDeleteRestore => DIRECTORY.contains(&action) || action == Action::ManageUsers,
        P::GroupReadWrite => DIRECTORY.contains(&action) || matches!(action, Action::ManageGroups | Action::AddAnyResource),
        P::GroupMemberReadWrite => DIRECTORY.contains(&action) || action == Action::ManageGroups,
        P::RoleManagementReadWrite => {
            DIRECTORY.contains(&action) || matches!(action, Action::ManageCatalogRoles | Action::ManageCatalogCreators)
        }
    }
}

/// The actions of a permission.
pub fn actions_of(permission: ApiPermission, kind: GrantKind) -> impl Iterator<Item = Action> {
    Action::ALL.iter().copied().filter(move |action| gives(permission, kind, *action))
}

impl Ceiling {
    /// The ceiling of these permissions; what does not exist in this way of giving is left out.
    pub fn new(kind: GrantKind, permissions: impl IntoIterator<Item = ApiPermission>) -> Self {
        let mut permissions: Vec<_> = permissions.into_iter().filter(|permission| permission.exists_as(kind)).collect();
        permissions.sort_unstable();
        permissions.dedup();
        Self { kind, permissions }
    }

    /// Its permissions.
    pub fn permissions(&self) -> &[ApiPermission] {
        &self.permissions
    }

    /// Whether they are a client's own, or used in the name of a person.
    pub fn kind(&self) -> GrantKind {
        self.kind
    }

    /// Whether this permission is held, or one that includes it.
    pub fn holds(&self, permission: ApiPermission) -> bool {
        self.permissions.iter().any(|held| held.includes(permission, self.kind))
    }

    /// Whether an action is below it; if not, what would help.
    pub fn check(&self, action: Action) -> Result<(), Refusal> {
        if self.permissions.iter().any(|permission| gives(*permission, self.kind, action)) {
            return Ok(());
        }
        let would_do = ApiPermission::ALL.iter().copied();
        let would_do = would_do.filter(|permission| permission.exists_as(self.kind) && gives(*permission, self.kind, action));
        Err(needs_permission(action.what(), would_do))
    }

    /// Whether one of these permissions is held.
    pub fn require(&self, one_of: &[ApiPermission]) -> Result<(), Refusal> {
        if one_of.iter().any(|permission| self.holds(*permission)) {
            return Ok(());
        }
        let would_do = one_of.iter().copied().filter(|permission| permission.exists_as(self.kind));
        Err(needs_permission("do this", would_do))
    }

    /// The roles that a client holds in the tenant by permissions of its own. They give more than the permissions; the ceiling holds
    /// them down.
    pub fn client_roles(&self) -> Vec<Role> {
        use ApiPermission as P;
        let mut roles = Vec::new();
        if !self.permissions.is_empty() {
            roles.push(Role::IdentityGovernanceAdministrator);
        }
        if [P::UserDeleteRestore, P::GroupMemberReadWrite]
            .iter()
            .any(|permission| self.holds(*permission))
        {
            roles.push(Role::UserAdministrator);
        }
        roles
    }
}

fn needs_permission(what: &str, would_do: impl Iterator<Item = ApiPermission>) -> Refusal {
    let names: Vec<&str> = would_do.map(StringEnum::as_str).collect();
    let reason = match names.as_slice() {
        [] => format!("No permission of the API lets a client {what}. Do it in the pages."),
        [one] => format!("The token holds no permission to {what}: it takes {one}. Give it to the client, and get a new token."),
        [more @ .., last] => format!(
            "The token holds no permission to {what}: it takes {} or {last}. Give one of them to the client, and get a new token.",
            more.join(", ")
        ),
    };
    Refusal::new("needs-permission", reason)
}
