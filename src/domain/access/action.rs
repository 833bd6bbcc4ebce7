//! What can be asked for, and the one table that says which role gives it where (feature map, section 4, as data).

use super::role::Role;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)+) => {
        /// Something that a principal may ask to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)+
        }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// What it is, as it stands behind "can" in a sentence.
            pub fn what(self) -> &'static str {
                match self {
                    $(Self::$name => $what,)+
                }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl ActionType for $name {
                const ACTION: Action = Action::$name;
            }
        )+
    };
}

/// An action as a type, so that the proof of being allowed one cannot stand for another.
pub trait ActionType: Copy {
    /// Its row in the table.
    const ACTION: Action;
}

actions! {
    /// Open the admin area at all.
    UseAdminArea = "use the admin area";
    /// See the lists of users and groups.
    ReadDirectory = "see users and groups";
    /// Find users and groups by name, to name them in a policy or give them access.
    FindSubjects = "choose users and groups";
    /// Create, change, block, delete and restore users.
    ManageUsers = "create and change users";
    /// Create, change and delete groups, and who is in them.
    ManageGroups = "create and change groups";
    /// Register clients of the API, and say what they may do there.
    ManageClients = "manage API clients";
    /// See what holds for the whole tenant.
    ReadSettings = "see the settings";
    /// Change what holds for the whole tenant.
    ManageSettings = "change the settings";
    /// Say who may create catalogs.
    ManageCatalogCreators = "choose catalog creators";
    /// See connected organizations, to name them in a policy.
    ReadConnectedOrganizations = "see connected organizations";
    /// Add, change and delete connected organizations.
    ManageConnectedOrganizations = "change connected organizations";
    /// Create a catalog, and own it.
    CreateCatalogs = "create catalogs";
    /// See a catalog, its resources and its packages.
    ReadCatalogs = "see catalogs and access packages";
    /// Change or delete a catalog.
    ManageCatalogs = "change catalogs";
    /// Place something of the directory in a catalog.
    AddResources = "add resources to a catalog";
    /// Place something in a catalog that one does not own.
    AddAnyResource = "add any resource to a catalog";
    /// Take a resource out of a catalog.
    RemoveResources = "remove resources from a catalog";
    /// Give and take the roles of a catalog.
    ManageCatalogRoles = "give and take the roles of a catalog";
    /// Create, change, hide and delete packages, and what they give.
    ManagePackages = "create and change access packages";
    /// Create, change and delete policies.
    ManagePolicies = "create and change policies";
    /// Create the policy that assigns by a rule.
    ManageAutoAssignment = "create automatic assignment policies";
    /// Say which packages and groups exclude each other.
    ManageIncompatibilities = "change what is incompatible";
    /// See requests and what went wrong with their delivery.
    ReadRequests = "see requests";
    /// Cancel, reprocess and remove requests.
    ManageRequests = "cancel and reprocess requests";
    /// See who has a package.
    ReadAssignments = "see assignments";
    /// Give and end access directly.
    ManageAssignments = "give and end access";
    /// Give access directly where the policy requires approval.
    AssignWithoutApproval = "give access without approval";
    /// Bring a guest under the product's own life cycle.
    GovernGuests = "mark guests as governed";
    /// Create and change custom extensions.
    ManageExtensions = "change custom extensions";
    /// Name a custom extension in a policy.
    UseExtensions = "use custom extensions";
    /// See reports and the audit trail.
    ReadReports = "see reports and the audit trail";
    /// See one's own access and requests, and what one may ask for or is asked to decide.
    ReadMyAccess = "see My Access";
    /// Ask for packages, and end one's own access; approve and review what one is asked to.
    UseMyAccess = "use My Access";
}

/// How far the role User administrator goes with an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserAdministrators {
    /// Always allowed.
    Always,
    /// As in the tutorial: allowed, unless the tenant has chosen strict roles.
    UnlessStrict,
    /// Never allowed.
    Never,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is asked for.
    pub action: Action,
    /// Roles that give it everywhere.
    pub everywhere: &'static [Role],
    /// Whether User administrator gives it, everywhere too.
    pub user_administrators: UserAdministrators,
    /// Roles that give it in the catalog that they are held in.
    pub in_catalog: &'static [Role],
    /// Every user may, for themselves.
    pub everyone: bool,
}

const fn row(action: Action, everywhere: &'static [Role], user_administrators: UserAdministrators, in_catalog: &'static [Role]) -> Row {
    Row {
        action,
        everywhere,
        user_administrators,
        in_catalog,
        everyone: false,
    }
}

use Role::{
    AssignmentManager, CatalogCreator, CatalogOwner, CatalogReader, GlobalAdministrator, IdentityGovernanceAdministrator, PackageManager,
};
use UserAdministrators::{Always, Never, UnlessStrict};

const GLOBAL: &[Role] = &[GlobalAdministrator];
const GOVERNANCE: &[Role] = &[GlobalAdministrator, IdentityGovernanceAdministrator];
const CREATORS: &[Role] = &[GlobalAdministrator, IdentityGovernanceAdministrator, CatalogCreator];
const NOBODY: &[Role] = &[];
const OWNERS: &[Role] = &[CatalogOwner];
const EDITORS: &[Role] = &[CatalogOwner, PackageManager];
const MANAGERS: &[Role] = &[CatalogOwner, PackageManager, AssignmentManager];
const READERS: &[Role] = &[CatalogOwner, CatalogReader, PackageManager, AssignmentManager];

/// Who may do what.
pub const TABLE: &[Row] = &[
    row(Action::UseAdminArea, CREATORS, Always, READERS),
    row(Action::ReadDirectory, GOVERNANCE, Always, NOBODY),
    row(Action::FindSubjects, GOVERNANCE, Always, MANAGERS),
    row(Action::ManageUsers, GLOBAL, Always, NOBODY),
    row(Action::ManageGroups, GLOBAL, Always, NOBODY),
    row(Action::ManageClients, GLOBAL, Never, NOBODY),
    row(Action::ReadSettings, GOVERNANCE, UnlessStrict, NOBODY),
    row(Action::ManageSettings, GOVERNANCE, UnlessStrict, NOBODY),
    row(Action::ManageCatalogCreators, GOVERNANCE, UnlessStrict, NOBODY),
    row(Action::ReadConnectedOrganizations, GOVERNANCE, UnlessStrict, MANAGERS),
    row(Action::ManageConnectedOrganizations, GOVERNANCE, UnlessStrict, NOBODY),
    row(Action::CreateCatalogs, CREATORS, UnlessStrict, NOBODY),
    row(Action::ReadCatalogs, GOVERNANCE, UnlessStrict, READERS),
    row(Action::ManageCatalogs, GOVERNANCE, UnlessStrict, OWNERS),
    row(Action::AddResources, GOVERNANCE, UnlessStrict, OWNERS),
    row(Action::AddAnyResource, GLOBAL, UnlessStrict, NOBODY),
    row(Action::RemoveResources, GOVERNANCE, UnlessStrict, OWNERS),
    row(Action::ManageCatalogRoles, GOVERNANCE, UnlessStrict, OWNERS),
    row(Action::ManagePackages, GOVERNANCE, UnlessStrict, EDITORS),
    row(Action::ManagePolicies, GOVERNANCE, UnlessStrict, EDITORS),
    row(Action::ManageAutoAssignment, GOVERNANCE, Never, NOBODY),
    row(Action::ManageIncompatibilities, GOVERNANCE, UnlessStrict, EDITORS),
    row(Action::ReadRequests, GOVERNANCE, UnlessStrict, MANAGERS),
    row(Action::ManageRequests, GOVERNANCE, UnlessStrict, MANAGERS),
    row(Action::ReadAssignments, GOVERNANCE, UnlessStrict, MANAGERS),
    row(Action::ManageAssignments, GOVERNANCE, UnlessStrict, MANAGERS),
    row(Action::AssignWithoutApproval, GOVERNANCE, UnlessStrict, EDITORS),
    row(Action::GovernGuests, GOVERNANCE, UnlessStrict, MANAGERS),
    row(Action::ManageExtensions, GOVERNANCE, Never, OWNERS),
    row(Action::UseExtensions, GOVERNANCE, Never, EDITORS),
    row(Action::ReadReports, GOVERNANCE, UnlessStrict, MANAGERS),
    Row {
        everyone: true,
        ..row(Action::ReadMyAccess, NOBODY, Never, NOBODY)
    },
    Row {
        everyone: true,
        ..row(Action::UseMyAccess, NOBODY, Never, NOBODY)
    },
];

impl Action {
    /// Its row.
    pub fn row(self) -> &'static Row {
        // The table has a row for each action, in their order; a test holds it to that.
        &TABLE[self as usize]
    }
}

impl Row {
    /// The roles that give the action everywhere.
    pub fn everywhere(&self, strict: bool) -> impl Iterator<Item = Role> {
        let user_administrators = match self.user_administrators {
            Always => true,
            UnlessStrict => !strict,
            Never => false,
        };
        let more = user_administrators.then_some(Role::UserAdministrator);
        self.everywhere.iter().copied().chain(more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section 4 of the feature map, without its rows for approvers and requestors, whom the object decides. Columns: GA IGA UA CC CO CR APM
    /// AM; `y` everywhere, `s` everywhere unless roles are strict, `o` in the own catalog, `-` not.
    const SECTION_4: &str = "
        ManageUsers                  y - y - - - - -
        ManageGroups                 y - y - - - - -
        ManageSettings               y y s - - - - -
        ManageCatalogCreators        y y s - - - - -
        ManageConnectedOrganizations y y s - - - - -
        CreateCatalogs               y y s y - - - -
        ManageCatalogs               y y s - o - - -
        AddResources                 y y s - o - - -
        AddAnyResource               y - s - - - - -
        RemoveResources              y y s - o - - -
        ManageCatalogRoles           y y s - o - - -
        ReadCatalogs                 y y s - o o o o
        ManagePackages               y y s - o - o -
        ManagePolicies               y y s - o - o -
        ManageAutoAssignment         y y - - - - - -
        ManageIncompatibilities      y y s - o - o -
        ReadRequests                 y y s - o - o o
        ManageRequests               y y s - o - o o
        ReadAssignments              y y s - o - o o
        ManageAssignments            y y s - o - o o
        AssignWithoutApproval        y y s - o - o -
        GovernGuests                 y y s - o - o o
        ManageExtensions             y y - - o - - -
        UseExtensions                y y - - o - o -
        ReadReports                  y y s - o - o o";

    const COLUMNS: [Role; 8] = [
        Role::GlobalAdministrator,
        Role::IdentityGovernanceAdministrator,
        Role::UserAdministrator,
        Role::CatalogCreator,
        Role::CatalogOwner,
        Role::CatalogReader,
        Role::PackageManager,
        Role::AssignmentManager,
    ];

    fn cell(row: &Row, role: Role) -> &'static str {
        if row.everywhere(true).any(|held| held == role) {
            "y"
        } else if row.everywhere(false).any(|held| held == role) {
            "s"
        } else if row.in_catalog.contains(&role) {
            "o"
        } else {
            "-"
        }
    }

    #[test]
    fn f176_the_table_is_section_4_of_the_feature_map() {
        let lines: Vec<Vec<&str>> = SECTION_4
            .lines()
            .map(|line| line.split_whitespace().collect())
            .filter(|line: &Vec<&str>| !line.is_empty())
            .collect();
        for line in &lines {
            let action = Action::ALL
                .iter()
                .find(|action| format!("{action:?}") == line[0])
                .expect("an action");
            let cells: Vec<&str> = COLUMNS.iter().map(|role| cell(action.row(), *role)).collect();
            assert_eq!(cells, line[1..], "{action:?}");
        }
        // The others are ours: the way in, the directory's lists, its pickers, API clients, seeing the settings and connected organizations,
        // and what everyone may.
        assert_eq!(lines.len() + 8, Action::ALL.len());
    }

    #[test]
    fn every_action_finds_its_own_row() {
        for action in Action::ALL {
            assert_eq!(action.row().action, *action);
        }
        assert_eq!(TABLE.len(), Action::ALL.len());
    }
}
