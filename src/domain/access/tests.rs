//! Who is allowed what, where, and what is said to the others.

use uuid::Uuid;

use super::*;
use crate::domain::id::UserId;
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
