//! What is asked of every caller before an address answers: a role that gives the action of its row in the table somewhere at all, and of a token
//! a permission for it. Users, groups, applications and roles are told apart by permissions here, which the actions of the directory do not.
//! Where exactly something may be done is each use case's to say.

use super::route::{Route, Verb};
use crate::domain::access::{Permission, Principal, Refusal, Scope};
use crate::domain::client::ApiPermission;
use crate::web::endpoints::{Access, Found};

use ApiPermission::{
    ApplicationRead, EntitlementManagementRead, EntitlementManagementReadWrite, GroupMemberRead, GroupMemberReadBasic,
    GroupMemberReadWrite, GroupRead, GroupReadBasic, GroupReadWrite, RoleManagementRead, RoleManagementReadWrite, UserDeleteRestore,
    UserRead, UserReadAll, UserReadBasic, UserReadWrite,
};

const OWN: &[ApiPermission] = &[UserRead, UserReadBasic, UserReadAll, UserReadWrite];
const SEE_USERS: &[ApiPermission] = &[UserReadBasic, UserReadAll, UserReadWrite, UserDeleteRestore];
const CHANGE_USERS: &[ApiPermission] = &[UserReadWrite];
const DELETE_USERS: &[ApiPermission] = &[UserReadWrite, UserDeleteRestore];
const SEE_GROUPS: &[ApiPermission] = &[
    GroupReadBasic,
    GroupRead,
    GroupReadWrite,
    GroupMemberReadBasic,
    GroupMemberRead,
    GroupMemberReadWrite,
];
const CHANGE_GROUPS: &[ApiPermission] = &[GroupReadWrite];
const CHANGE_MEMBERS: &[ApiPermission] = &[GroupMemberReadWrite, GroupReadWrite];
const SEE_APPLICATIONS: &[ApiPermission] = &[ApplicationRead];
const SEE_ROLES: &[ApiPermission] = &[
    RoleManagementRead,
    RoleManagementReadWrite,
    EntitlementManagementRead,
    EntitlementManagementReadWrite,
];
const GIVE_ROLES: &[ApiPermission] = &[RoleManagementReadWrite, EntitlementManagementReadWrite];

/// Refuses who could do nothing at this address, whatever they named.
pub fn check(actor: &Principal, route: &Route) -> Result<(), Refusal> {
    if let Some(one_of) = one_of(route) {
        actor.require_permission(one_of)?;
    }
    match route.access {
        Access::Public | Access::SignedIn | Access::Own => Ok(()),
        Access::Needs(action, Found::Tenant) => match actor.permission(action, Scope::Tenant) {
            Permission::Allowed => Ok(()),
            Permission::Denied(refusal) => Err(refusal),
        },
        Access::Needs(action, _) => actor.authorize_somewhere(action),
        Access::NeedsOne(actions) => {
            let mut answers = actions.iter().map(|action| actor.authorize_somewhere(*action));
            let first = answers.next().unwrap_or(Ok(()));
            first.or_else(|refusal| {
                if answers.any(|answer| answer.is_ok()) {
                    Ok(())
                } else {
                    Err(refusal)
                }
            })
        }
    }
}

/// The permissions of which a token needs one; none where the actions say it all.
fn one_of(route: &Route) -> Option<&'static [ApiPermission]> {
    let parts = route.parts();
    let reads = route.verb == Verb::Get;
    let first = parts.first().copied().unwrap_or_default();
    match first.trim_end_matches("()") {
        "me" => Some(OWN),
        "users" | "directory" if reads => Some(SEE_USERS),
        "directory" => Some(DELETE_USERS),
        "users" if route.verb == Verb::Delete && parts.len() == 2 => Some(DELETE_USERS),
        "users" => Some(CHANGE_USERS),
        "groups" if reads => Some(SEE_GROUPS),
        "groups" if parts.contains(&"$ref") => Some(CHANGE_MEMBERS),
        "groups" => Some(CHANGE_GROUPS),
        "servicePrincipals" => Some(SEE_APPLICATIONS),
        "roleManagement" if reads => Some(SEE_ROLES),
        "roleManagement" => Some(GIVE_ROLES),
        _ => None,
    }
}
