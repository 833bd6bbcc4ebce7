//! The permissions of the API, in the names that Microsoft Graph gives them.

use crate::domain::text::string_enum;

string_enum! {
    /// Something that a client may be allowed to do through the API.
    ApiPermission {
        /// See catalogs, packages, policies, requests and assignments.
        EntitlementManagementRead = "EntitlementManagement.Read.All",
        /// Change them too; for a person also what they ask for and decide themselves.
        EntitlementManagementReadWrite = "EntitlementManagement.ReadWrite.All",
        /// What a person does in My Access.
        SubjectAccess = "EntitlementMgmt-SubjectAccess.ReadWrite",
        /// See one's own account.
        UserRead = "User.Read",
        /// See the names of users.
        UserReadBasic = "User.ReadBasic.All",
        /// See users.
        UserReadAll = "User.Read.All",
        /// Create, change, delete and restore users.
        UserReadWrite = "User.ReadWrite.All",
        /// Delete and restore users.
        UserDeleteRestore = "User.DeleteRestore.All",
        /// See the names of groups.
        GroupReadBasic = "Group.ReadBasic.All",
        /// See groups and who is in them.
        GroupRead = "Group.Read.All",
        /// Create, change and delete groups, and who is in them.
        GroupReadWrite = "Group.ReadWrite.All",
        /// See the names of who is in groups.
        GroupMemberReadBasic = "GroupMember.ReadBasic.All",
        /// See who is in groups.
        GroupMemberRead = "GroupMember.Read.All",
        /// Change who is in groups.
        GroupMemberReadWrite = "GroupMember.ReadWrite.All",
        /// See applications.
        ApplicationRead = "Application.Read.All",
        /// See who holds roles.
        RoleManagementRead = "RoleManagement.Read.Directory",
        /// Give and take roles, and manage the accounts of those who hold one of the directory.
        RoleManagementReadWrite = "RoleManagement.ReadWrite.Directory",
    }
}

string_enum! {
    /// In whose name a permission is used.
    GrantKind {
        /// In the client's own.
        Application = "application",
        /// In the name of a signed-in person, who can do no more through it than by themselves.
        Delegated = "delegated",
    }
}

impl GrantKind {
    /// As people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Application => "Application",
            Self::Delegated => "Delegated",
        }
    }
}

impl ApiPermission {
    /// Whether it can be given in this way: what is a person's own needs a person.
    pub fn exists_as(self, kind: GrantKind) -> bool {
        kind == GrantKind::Delegated || !matches!(self, Self::SubjectAccess | Self::UserRead)
    }

    /// What it lets a client do, as it stands behind "can" in a sentence.
    pub fn what(self) -> &'static str {
        match self {
            Self::EntitlementManagementRead => "see catalogs, access packages, policies, requests and assignments",
            Self::EntitlementManagementReadWrite => "see and change catalogs, access packages, policies, requests and assignments",
            Self::SubjectAccess => "ask for access, and see and end the person's own; approve what the person is asked to",
            Self::UserRead => "see the person's own account",
            Self::UserReadBasic => "see the names of users",
            Self::UserReadAll => "see users",
            Self::UserReadWrite => "create, change, delete and restore users",
            Self::UserDeleteRestore => "delete and restore users",
            Self::GroupReadBasic => "see the names of groups",
            Self::GroupRead => "see groups and their members",
            Self::GroupReadWrite => "create, change and delete groups, and change their members",
            Self::GroupMemberReadBasic => "see the names of members of groups",
            Self::GroupMemberRead => "see the members of groups",
            Self::GroupMemberReadWrite => "change the members of groups",
            Self::ApplicationRead => "see applications",
            Self::RoleManagementRead => "see who holds roles",
            Self::RoleManagementReadWrite => "give and take roles, and manage the accounts of administrators",
        }
    }

    /// The permissions that it includes.
    fn included(self) -> &'static [Self] {
        match self {
            Self::EntitlementManagementReadWrite => &[Self::EntitlementManagementRead, Self::SubjectAccess],
            Self::UserReadAll => &[Self::UserReadBasic, Self::UserRead],
            Self::UserReadWrite => &[Self::UserReadAll, Self::UserReadBasic, Self::UserRead, Self::UserDeleteRestore],
            Self::GroupRead => &[Self::GroupReadBasic, Self::GroupMemberRead, Self::GroupMemberReadBasic],
            Self::GroupReadWrite => &[
                Self::GroupRead,
                Self::GroupReadBasic,
                Self::GroupMemberRead,
                Self::GroupMemberReadBasic,
                Self::GroupMemberReadWrite,
            ],
            Self::GroupMemberRead => &[Self::GroupReadBasic, Self::GroupMemberReadBasic],
            Self::GroupMemberReadWrite => &[Self::GroupReadBasic, Self::GroupMemberRead, Self::GroupMemberReadBasic],
            Self::RoleManagementReadWrite => &[Self::RoleManagementRead],
            _ => &[],
        }
    }

    /// Whether holding it is as good as holding the other, in this way of giving.
    pub fn includes(self, other: Self, kind: GrantKind) -> bool {
        other.exists_as(kind) && (self == other || self.included().contains(&other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::StringEnum;

    #[test]
    fn what_a_permission_includes_includes_nothing_more() {
        for &outer in ApiPermission::ALL {
            for &inner in outer.included() {
                for innermost in inner.included() {
                    assert!(outer.included().contains(innermost), "{outer:?} {inner:?} {innermost:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_a_person_s_own_is_given_to_no_client() {
        for own in [ApiPermission::SubjectAccess, ApiPermission::UserRead] {
            assert!(own.exists_as(GrantKind::Delegated) && !own.exists_as(GrantKind::Application));
            let all = ApiPermission::ALL.iter();
            assert_eq!(all.filter(|outer| outer.includes(own, GrantKind::Application)).count(), 0);
        }
        assert!(ApiPermission::EntitlementManagementReadWrite.includes(ApiPermission::SubjectAccess, GrantKind::Delegated));
    }
}
