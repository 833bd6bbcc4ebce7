//! Who holds which role, as lists show it: the roles of one catalog (F052), and those of the whole directory. What a role gives is in
//! `access`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::access::Role;
use super::id::{CatalogId, RoleAssignmentId};
use super::limit::Limit;
use super::object::Subject;
use super::page::PageQuery;
use super::refusal::Permission;

/// Users and groups that one call can give a role to at the most.
pub const HOLDERS_MAX: usize = Limit::HoldersAtOnce.bound();

/// The roles of a catalog, in the order in which its page offers them.
pub const CATALOG_ROLES: &[Role] = &[
    Role::CatalogOwner,
    Role::CatalogReader,
    Role::PackageManager,
    Role::AssignmentManager,
];

/// The roles of the directory, the highest first.
pub const DIRECTORY_ROLES: &[Role] = &[
    Role::GlobalAdministrator,
    Role::IdentityGovernanceAdministrator,
    Role::UserAdministrator,
    Role::CatalogCreator,
];

/// A user or group that holds a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleHolder {
    /// Which assignment of the role.
    pub id: RoleAssignmentId,
    /// The role.
    pub role: Role,
    /// Who holds it: a user, or everyone who is a member of a group.
    pub holder: Subject,
    /// The name of the user or group.
    pub name: String,
    /// User name, or kind of group.
    pub detail: String,
    /// The user or group has been deleted, so the role gives nothing now.
    pub deleted: bool,
    /// Since when.
    #[serde(with = "super::when::instant")]
    pub since: DateTime<Utc>,
    /// May the viewer take it back?
    pub take: Permission,
}

/// A role that was given, as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleAssignmentRecord {
    /// Which one.
    pub id: RoleAssignmentId,
    /// The role.
    pub role: Role,
    /// The catalog that it is held in; none for the whole tenant.
    pub catalog_id: Option<CatalogId>,
    /// Who holds it: a user, or everyone who is a member of a group.
    pub holder: Subject,
}

/// Which holders to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoleQuery {
    /// Of the roles of this catalog; none for those of the directory.
    #[serde(default)]
    pub catalog: Option<CatalogId>,
    /// Only of this role.
    #[serde(default)]
    pub role: Option<Role>,
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// A role of the directory: how many hold it, and whether the viewer may give it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSummary {
    /// The role.
    pub role: Role,
    /// Users and groups to whom it was given.
    pub holders: i64,
    /// May the viewer give it?
    pub give: Permission,
}

/// What a role is for, in a sentence.
pub fn purpose(role: Role) -> &'static str {
    match role {
        Role::GlobalAdministrator => "Everything in the product.",
        Role::IdentityGovernanceAdministrator => "All catalogs, access packages and policies; neither users nor groups.",
        Role::UserAdministrator => "Users and groups and, unless the tenant has strict roles, all of governance.",
        Role::CatalogCreator => "Creates catalogs and owns those; sees nobody else's.",
        Role::CatalogOwner => "Everything in this catalog: its resources, packages, roles and the catalog itself.",
        Role::CatalogReader => "Sees this catalog and its packages, and changes nothing.",
        Role::PackageManager => "Makes and changes the packages of this catalog from its resources.",
        Role::AssignmentManager => "Gives and ends access to the packages of this catalog.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::StringEnum;

    #[test]
    fn f052_every_role_stands_in_one_of_the_two_lists() {
        for role in Role::ALL {
            assert_eq!(CATALOG_ROLES.contains(role), role.is_of_catalog());
            assert_ne!(CATALOG_ROLES.contains(role), DIRECTORY_ROLES.contains(role));
        }
    }
}
