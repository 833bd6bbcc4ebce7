//! The roles that give rights, and where each is held: in the whole tenant or in one catalog (feature map, section 1.1).

use uuid::{Uuid, uuid};

use crate::domain::id::CatalogId;
use crate::domain::text::string_enum;
use crate::domain::user::DirectoryRole;

string_enum! {
    /// A role that gives rights in the product.
    Role {
        /// Everything.
        GlobalAdministrator = "global_administrator",
        /// All of governance, but neither users nor groups.
        IdentityGovernanceAdministrator = "identity_governance_administrator",
        /// Users and groups and, unless roles are strict, all of governance.
        UserAdministrator = "user_administrator",
        /// Makes catalogs, and owns those.
        CatalogCreator = "catalog_creator",
        /// Everything in a catalog.
        CatalogOwner = "catalog_owner",
        /// Sees a catalog and its packages.
        CatalogReader = "catalog_reader",
        /// Makes and changes the packages of a catalog.
        PackageManager = "access_package_manager",
        /// Gives and ends access to the packages of a catalog.
        AssignmentManager = "access_package_assignment_manager",
    }
}

impl Role {
    /// As people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::GlobalAdministrator => "Global administrator",
            Self::IdentityGovernanceAdministrator => "Identity Governance administrator",
            Self::UserAdministrator => "User administrator",
            Self::CatalogCreator => "Catalog creator",
            Self::CatalogOwner => "Catalog owner",
            Self::CatalogReader => "Catalog reader",
            Self::PackageManager => "Access package manager",
            Self::AssignmentManager => "Access package assignment manager",
        }
    }

    /// Whether it is held in one catalog rather than in the whole tenant.
    pub fn is_of_catalog(self) -> bool {
        matches!(
            self,
            Self::CatalogOwner | Self::CatalogReader | Self::PackageManager | Self::AssignmentManager
        )
    }

    /// The id under which the API knows it, the same in every installation. The directory's own roles have none there.
    pub fn definition_id(self) -> Option<Uuid> {
        match self {
            Self::CatalogCreator => Some(uuid!("ba92d953-d8e0-4e39-a797-0cbedb0a89e8")),
            Self::CatalogOwner => Some(uuid!("ae79f266-94d4-4dab-b730-feca7e132178")),
            Self::CatalogReader => Some(uuid!("44272f93-9762-48e8-af59-1b5351b1d6b3")),
            Self::PackageManager => Some(uuid!("7f480852-ebdc-47d4-87de-0d8498384a83")),
            Self::AssignmentManager => Some(uuid!("e2182095-804a-4656-ae11-64734e9b7ae5")),
            Self::GlobalAdministrator | Self::IdentityGovernanceAdministrator | Self::UserAdministrator => None,
        }
    }
}

impl DirectoryRole {
    /// The role that gives the rights; a plain user has none.
    pub fn role(self) -> Option<Role> {
        match self {
            Self::User => None,
            Self::CatalogCreator => Some(Role::CatalogCreator),
            Self::UserAdministrator => Some(Role::UserAdministrator),
            Self::IdentityGovernanceAdministrator => Some(Role::IdentityGovernanceAdministrator),
            Self::GlobalAdministrator => Some(Role::GlobalAdministrator),
        }
    }

    /// The directory role that gives these rights; a role of catalogs is none.
    pub fn of(role: Role) -> Option<Self> {
        match role {
            Role::CatalogCreator => Some(Self::CatalogCreator),
            Role::UserAdministrator => Some(Self::UserAdministrator),
            Role::IdentityGovernanceAdministrator => Some(Self::IdentityGovernanceAdministrator),
            Role::GlobalAdministrator => Some(Self::GlobalAdministrator),
            Role::CatalogOwner | Role::CatalogReader | Role::PackageManager | Role::AssignmentManager => None,
        }
    }
}

/// A role as someone holds it, directly or through a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// The role.
    pub role: Role,
    /// The catalog that it is held in; none for the whole tenant.
    pub catalog: Option<CatalogId>,
}

/// Where something is asked for: in the tenant, or in one catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The tenant as a whole.
    Tenant,
    /// What belongs to one catalog.
    Catalog(CatalogId),
}

/// Which catalogs someone sees, and with them their packages, requests and assignments: what every list takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visible {
    /// All there are.
    All,
    /// These alone.
    Catalogs(Vec<CatalogId>),
}

impl Visible {
    /// Whether this catalog is among them.
    pub fn includes(&self, catalog: CatalogId) -> bool {
        match self {
            Self::All => true,
            Self::Catalogs(ids) => ids.contains(&catalog),
        }
    }
}
