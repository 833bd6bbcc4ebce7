//! Who is allowed what, where, and what is said to the others.

use uuid::Uuid;

use super::*;
use crate::domain::id::UserId;
use crate::domain::text::StringEnum;
use crate::domain::user::UserKind;

const A: CatalogId = CatalogId(Uuid::from_u128(10));
const B: CatalogId = CatalogId(Uuid::from_u128(11));

fn holder(role: Role, catalog: Option<CatalogId>) -> Principal {
    let mut principal = Principal::user(UserId(Uuid::from_u128(1)), "Sam", "sam", UserKind::Member);
    principal.roles.push(HeldRole { role, catalog });
    principal
}

#[test]
fn f178_a_role_in_one_catalog_gives_nothing_in_another() {
    let owner = holder(Role::CatalogOwner, Some(A));
    assert!(owner.authorize(ManagePackages, Scope::Catalog(A)).is_ok());
    let refusal = owner.authorize(ManagePackages, Scope::Catalog(B)).expect_err("refused");
    assert_eq!(refusal.rule, "needs-role");
    assert!(owner.authorize(ManagePackages, Scope::Tenant).is_err());
    assert_eq!(owner.visible(Action::ReadCatalogs), Ok(Visible::Catalogs(vec![A])));
    assert!(owner.visible(Action::ReadDirectory).is_err());
}

#[test]
fn f177_a_reader_reads() {
    let reader = holder(Role::CatalogReader, Some(A));
    assert!(reader.authorize(ReadCatalogs, Scope::Catalog(A)).is_ok());
    assert!(reader.authorize_somewhere(Action::UseAdminArea).is_ok());
    for action in [
        Action::ManagePackages,
        Action::ReadRequests,
        Action::ReadAssignments,
        Action::FindSubjects,
    ] {
        assert!(reader.authorize_somewhere(action).is_err(), "{action:?}");
    }
}

#[test]
fn a_catalog_role_held_for_the_tenant_gives_nothing() {
    let stray = holder(Role::CatalogOwner, None);
    assert!(stray.authorize_somewhere(Action::ReadCatalogs).is_err());
    let stray = holder(Role::GlobalAdministrator, Some(A));
    assert!(stray.authorize(ManagePackages, Scope::Catalog(A)).is_err());
}

#[test]
fn strict_roles_keep_user_administrators_to_the_directory() {
    let mut admin = holder(Role::UserAdministrator, None);
    assert!(admin.authorize(ManagePackages, Scope::Catalog(A)).is_ok());
    assert_eq!(admin.visible(Action::ReadCatalogs), Ok(Visible::All));
    admin.strict_roles = true;
    let refusal = admin.authorize(ManagePackages, Scope::Catalog(A)).expect_err("refused");
    assert!(!refusal.reason.contains("User administrator"), "{}", refusal.reason);
    assert!(admin.authorize(ManageUsers, Scope::Tenant).is_ok());
    admin.roles.push(HeldRole {
        role: Role::CatalogOwner,
        catalog: Some(B),
    });
    assert_eq!(admin.visible(Action::ReadCatalogs), Ok(Visible::Catalogs(vec![B])));
}

#[test]
fn an_initial_password_opens_nothing() {
    let mut admin = holder(Role::GlobalAdministrator, None);
    admin.must_change_password = true;
    for action in Action::ALL {
        assert_eq!(admin.authorize_somewhere(*action).expect_err("refused").rule, "password-change-due");
    }
}

#[test]
fn nobody_manages_an_account_above_their_own() {
    let admin = holder(Role::UserAdministrator, None);
    assert!(admin.authorize_account(DirectoryRole::UserAdministrator).is_ok());
    for above in [DirectoryRole::IdentityGovernanceAdministrator, DirectoryRole::GlobalAdministrator] {
        assert_eq!(admin.authorize_account(above).expect_err("refused").rule, "above-own-role");
    }
    let governor = holder(Role::IdentityGovernanceAdministrator, None);
    assert_eq!(
        governor.authorize_account(DirectoryRole::User).expect_err("refused").rule,
        "needs-role"
    );
}

#[test]
fn a_refusal_names_the_roles_that_would_help() {
    let nobody = Principal::user(UserId(Uuid::from_u128(1)), "Sam", "sam", UserKind::Guest);
    let refusal = nobody.authorize(ManagePackages, Scope::Catalog(A)).expect_err("refused");
    assert_eq!(
        refusal.reason,
        "Only a Global administrator, Identity Governance administrator or User administrator, or someone who is Catalog owner or \
         Access package manager of the catalog, can create and change access packages. Ask one of them for access."
    );
    let refusal = nobody.authorize(ManageUsers, Scope::Tenant).expect_err("refused");
    assert_eq!(
        refusal.reason,
        "Only a Global administrator or User administrator can create and change users. Ask one of them for access."
    );
}

#[test]
fn the_product_and_its_operators_are_refused_nothing_but_what_is_a_person_s() {
    for principal in [Principal::system(), Principal::operator("root")] {
        assert!(principal.authorize(ManageUsers, Scope::Tenant).is_ok());
        assert!(principal.person().is_err() && principal.user_id().is_none());
    }
    let client = Principal {
        kind: PrincipalKind::Client,
        ..holder(Role::GlobalAdministrator, None)
    };
    assert!(client.authorize(ManageUsers, Scope::Tenant).is_ok());
    assert!(client.authorize(UseMyAccess, Scope::Tenant).is_err());
}

fn below(role: Role, permissions: &[ApiPermission]) -> Principal {
    holder(role, None).below(Ceiling::new(GrantKind::Delegated, permissions.iter().copied()))
}

fn client(permissions: &[ApiPermission]) -> Principal {
    Principal::client(
        Uuid::from_u128(2),
        "Sync",
        Ceiling::new(GrantKind::Application, permissions.iter().copied()),
    )
}

const CHANGES_NOTHING: &[Action] = &[
    Action::ReadCatalogs,
    Action::ReadRequests,
    Action::ReadAssignments,
    Action::ReadConnectedOrganizations,
    Action::ReadSettings,
    Action::ReadDirectory,
    Action::ReadMyAccess,
    Action::FindSubjects,
];

#[test]
fn f173_a_client_that_may_read_changes_nothing() {
    for permission in ApiPermission::ALL
        .iter()
        .filter(|permission| !permission.as_str().contains("Write"))
    {
        if *permission == ApiPermission::UserDeleteRestore {
            continue;
        }
        for caller in [client(&[*permission]), below(Role::GlobalAdministrator, &[*permission])] {
            for action in Action::ALL.iter().filter(|action| !CHANGES_NOTHING.contains(action)) {
                let refusal = caller.authorize_somewhere(*action).expect_err("refused");
                assert_eq!(refusal.rule, "needs-permission", "{permission:?} {action:?}");
                assert!(
                    !caller.permission(*action, Scope::Catalog(A)).is_allowed(),
                    "{permission:?} {action:?}"
                );
            }
            assert_eq!(caller.directory_role(), DirectoryRole::User);
            assert!(caller.authorize_account(DirectoryRole::User).is_err());
        }
    }
}

#[test]
fn f173_a_client_may_exactly_what_its_permissions_say() {
    for &permission in ApiPermission::ALL {
        let caller = client(&[permission]);
        let given: Vec<Action> = actions_of(permission, GrantKind::Application).collect();
        for &action in Action::ALL {
            let allowed = caller.permission(action, Scope::Tenant).is_allowed();
            let expected = permission.exists_as(GrantKind::Application) && given.contains(&action);
            assert_eq!(allowed, expected, "{permission:?} {action:?}");
        }
    }
    assert!(client(&[]).roles.is_empty());
}

#[test]
fn f173_a_token_gives_a_person_nothing_that_they_lack() {
    let all = ApiPermission::ALL;
    for &role in Role::ALL {
        let catalog = role.is_of_catalog().then_some(A);
        let person = holder(role, catalog);
        let tokened = person.clone().below(Ceiling::new(GrantKind::Delegated, all.iter().copied()));
        for &action in Action::ALL {
            for scope in [Scope::Tenant, Scope::Catalog(A), Scope::Catalog(B)] {
                if tokened.permission(action, scope).is_allowed() {
                    assert!(person.permission(action, scope).is_allowed(), "{role:?} {action:?}");
                }
            }
            if let Ok(visible) = tokened.visible(action) {
                assert_eq!(Ok(visible), person.visible(action));
            }
        }
        assert!(tokened.in_session().is_err());
    }
    let blocked = below(Role::CatalogOwner, all);
    assert!(blocked.authorize_somewhere(Action::ManageClients).is_err());
}

#[test]
fn f173_the_ceiling_holds_in_a_catalog_too() {
    let owner = holder(Role::CatalogOwner, Some(A)).below(Ceiling::new(GrantKind::Delegated, [ApiPermission::EntitlementManagementRead]));
    assert_eq!(owner.visible(Action::ReadCatalogs), Ok(Visible::Catalogs(vec![A])));
    let refusal = owner.authorize(ManagePackages, Scope::Catalog(A)).expect_err("refused");
    assert_eq!(
        refusal.reason,
        "The token holds no permission to create and change access packages: it takes EntitlementManagement.ReadWrite.All. Give it to the \
         client, and get a new token."
    );
    assert_eq!(owner.visible(Action::ManagePackages).expect_err("refused").rule, "needs-permission");
    let refusal = owner.authorize_somewhere(Action::ManageClients).expect_err("refused");
    assert_eq!(
        refusal.reason,
        "No permission of the API lets a client manage API clients. Do it in the pages."
    );
}

#[test]
fn f173_accounts_of_administrators_are_not_changed_by_whoever_may_change_users() {
    for caller in [
        client(&[ApiPermission::UserReadWrite]),
        below(Role::GlobalAdministrator, &[ApiPermission::UserReadWrite]),
    ] {
        assert!(caller.authorize_account(DirectoryRole::User).is_ok());
        let refusal = caller.authorize_account(DirectoryRole::UserAdministrator).expect_err("refused");
        assert_eq!(refusal.rule, "needs-permission");
    }
    let both = [ApiPermission::UserReadWrite, ApiPermission::RoleManagementReadWrite];
    assert!(
        below(Role::GlobalAdministrator, &both)
            .authorize_account(DirectoryRole::GlobalAdministrator)
            .is_ok()
    );
    let refusal = client(&both)
        .authorize_account(DirectoryRole::GlobalAdministrator)
        .expect_err("refused");
    assert_eq!(refusal.rule, "above-own-role");
}

#[test]
fn f173_an_endpoint_asks_for_the_permission_or_one_that_includes_it() {
    let caller = client(&[ApiPermission::EntitlementManagementReadWrite]);
    assert!(caller.require_permission(&[ApiPermission::EntitlementManagementRead]).is_ok());
    assert!(caller.require_permission(&[ApiPermission::SubjectAccess]).is_err());
    let refusal = caller
        .require_permission(&[ApiPermission::UserReadAll, ApiPermission::UserReadWrite])
        .expect_err("refused");
    assert!(refusal.reason.contains("User.Read.All or User.ReadWrite.All"), "{}", refusal.reason);
    assert!(
        holder(Role::CatalogReader, Some(A))
            .require_permission(&[ApiPermission::UserReadAll])
            .is_ok()
    );
}

#[test]
fn nobody_gives_a_client_what_they_may_not_do_themselves() {
    let global = holder(Role::GlobalAdministrator, None);
    let governor = holder(Role::IdentityGovernanceAdministrator, None);
    for &permission in ApiPermission::ALL {
        for &kind in GrantKind::ALL {
            assert!(global.may_give_permission(permission, kind).is_ok(), "{permission:?}");
        }
    }
    assert!(
        governor
            .may_give_permission(ApiPermission::EntitlementManagementRead, GrantKind::Application)
            .is_ok()
    );
    for permission in [ApiPermission::UserReadWrite, ApiPermission::RoleManagementReadWrite] {
        assert!(governor.may_give_permission(permission, GrantKind::Application).is_err());
    }
    let read_only = below(Role::GlobalAdministrator, &[ApiPermission::EntitlementManagementRead]);
    assert!(
        read_only
            .may_give_permission(ApiPermission::EntitlementManagementReadWrite, GrantKind::Application)
            .is_err()
    );
}
