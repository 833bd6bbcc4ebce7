//! Roles given and taken, and what that changes for those who hold them.

use super::*;
use crate::args;
use crate::both_databases;
use crate::domain::group::GroupRole;
use crate::domain::id::UserId;
use crate::domain::user::UserForm;
use crate::service::{audit, catalogs, groups, users};
use crate::store::sessions::{self, NewSession};
use crate::testing::{TestApp, actor};

both_databases!(
    f163_a_role_is_held_directly_or_through_a_group_and_ends_with_it,
    f178_an_owner_gives_roles_of_their_own_catalog_alone,
    a_directory_role_is_given_by_whoever_stands_as_high,
    the_last_global_administrator_keeps_the_role,
    members_of_a_group_with_a_role_are_not_changed_from_below,
);

fn global() -> Principal {
    actor(DirectoryRole::GlobalAdministrator)
}

async fn person(app: &App, name: &str) -> UserId {
    let form = UserForm {
        name: name.into(),
        user_name: name.to_lowercase(),
        password: "quiet-harbour-lantern-41".into(),
        ..UserForm::default()
    };
    users::create(app, &global(), &form).await.expect("a user")
}

async fn group(app: &App, name: &str, members: &[UserId]) -> ObjectId {
    let form = crate::domain::group::GroupForm {
        name: name.into(),
        kind: "security".into(),
        membership: "assigned".into(),
        members: members.to_vec(),
        ..Default::default()
    };
    groups::create(app, &global(), &form).await.expect("a group")
}

async fn general(app: &App) -> CatalogId {
    let mut tx = app.store.write().await.expect("tx");
    let id = catalogs::ensure_general(app, &mut tx).await.expect("General");
    tx.commit().await.expect("commit");
    id
}

/// Someone as the next call finds them.
async fn loaded(app: &App, user: UserId) -> Principal {
    let now = app.clock.now();
    let session = NewSession {
        key: user.to_string(),
        user,
        data: serde_json::Value::Null,
        created_at: now,
        seen_at: now,
        expires_at: now + chrono::Duration::hours(1),
    };
    let mut tx = app.store.write().await.expect("tx");
    tx.exec("UPDATE credentials SET must_change_password = FALSE", args![])
        .await
        .expect("done");
    sessions::end(&mut tx, &user.to_string()).await.expect("ended");
    sessions::insert(&mut tx, session).await.expect("begun");
    let live = sessions::live(&mut tx, &user.to_string(), now, now - chrono::Duration::hours(1)).await;
    let principal = live.expect("a session").expect("a session").actor;
    tx.commit().await.expect("commit");
    principal
}

/// Gives a role to one holder, in a catalog or in the directory.
async fn give(app: &App, actor: &Principal, role: Role, catalog: Option<CatalogId>, holder: Subject) -> Result<RoleAssignmentId, Error> {
    let given = super::give(app, actor, place(role, catalog), role, &[holder]).await?;
    Ok(given[0])
}

fn place(role: Role, catalog: Option<CatalogId>) -> Roles {
    match catalog {
        Some(catalog) => Roles::OfCatalog(catalog),
        None if role == Role::CatalogCreator => Roles::Creators,
        None => Roles::OfDirectory,
    }
}

fn rule<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(refusal)) => refusal.rule,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn f163_a_role_is_held_directly_or_through_a_group_and_ends_with_it(bench: TestApp) {
    let app = &bench.app;
    let catalog = general(app).await;
    let (sam, ada) = (person(app, "Sam").await, person(app, "Ada").await);
    let team = group(app, "Owners", &[ada]).await;
    let direct = give(app, &global(), Role::CatalogReader, Some(catalog), Subject::User(sam))
        .await
        .expect("given");
    give(app, &global(), Role::CatalogOwner, Some(catalog), Subject::Group(team))
        .await
        .expect("given");
    give(app, &global(), Role::CatalogCreator, None, Subject::Group(team))
        .await
        .expect("given");
    let again = give(app, &global(), Role::CatalogReader, Some(catalog), Subject::User(sam)).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");

    let holds = async |user| {
        let mut roles: Vec<Role> = loaded(app, user).await.roles.iter().map(|held| held.role).collect();
        roles.sort_unstable();
        roles
    };
    assert_eq!(holds(sam).await, [Role::CatalogReader]);
    assert_eq!(holds(ada).await, [Role::CatalogCreator, Role::CatalogOwner]);
    take(app, &global(), Roles::OfCatalog(catalog), direct).await.expect("taken");
    assert_eq!(holds(sam).await, []);
    groups::remove_member(app, &global(), team, GroupRole::Member, ada)
        .await
        .expect("removed");
    assert_eq!(holds(ada).await, []);
    groups::add_members(app, &global(), team, GroupRole::Member, &[ada])
        .await
        .expect("added");
    groups::delete(app, &global(), team, 1).await.expect("deleted");
    assert_eq!(holds(ada).await, []);

    let mut tx = app.store.read().await.expect("tx");
    let sql = "SELECT count(*) FROM audit WHERE activity IN ('give_role', 'take_role')";
    assert_eq!(tx.value::<i64>(sql, args![]).await.expect("rows"), 4);
    drop(tx);
    while audit::seal(app).await.expect("sealed") > 0 {}
    let verdict = audit::verify(app, None).await.expect("a verdict");
    assert_eq!(verdict.faults, []);
}

async fn f178_an_owner_gives_roles_of_their_own_catalog_alone(bench: TestApp) {
    let app = &bench.app;
    let catalog = general(app).await;
    let (owner, sam) = (person(app, "Owner").await, person(app, "Sam").await);
    give(app, &global(), Role::CatalogOwner, Some(catalog), Subject::User(owner))
        .await
        .expect("given");
    let owner = loaded(app, owner).await;
    let given = give(app, &owner, Role::PackageManager, Some(catalog), Subject::User(sam))
        .await
        .expect("given");
    let elsewhere = give(
        app,
        &owner,
        Role::CatalogReader,
        Some(crate::testing::unknown().into()),
        Subject::User(sam),
    )
    .await;
    assert!(matches!(elsewhere, Err(Error::NotFound)), "{elsewhere:?}");
    assert_eq!(
        rule(give(app, &owner, Role::CatalogCreator, None, Subject::User(sam)).await),
        "needs-role"
    );
    assert_eq!(
        rule(give(app, &owner, Role::GlobalAdministrator, None, Subject::User(sam)).await),
        "needs-role"
    );
    let manager = loaded(app, sam).await;
    assert_eq!(rule(take(app, &manager, Roles::OfCatalog(catalog), given).await), "needs-role");
    let query = RoleQuery {
        catalog: Some(catalog),
        ..RoleQuery::default()
    };
    assert_eq!(holders(app, &manager, &query).await.expect("listed").items.len(), 2);
    take(app, &owner, Roles::OfCatalog(catalog), given).await.expect("taken");
}

async fn a_directory_role_is_given_by_whoever_stands_as_high(bench: TestApp) {
    let app = &bench.app;
    let sam = person(app, "Sam").await;
    let team = group(app, "Team", &[sam]).await;
    let user_admin = actor(DirectoryRole::UserAdministrator);
    give(app, &user_admin, Role::UserAdministrator, None, Subject::User(sam))
        .await
        .expect("as high");
    let above = give(app, &user_admin, Role::IdentityGovernanceAdministrator, None, Subject::User(sam)).await;
    assert_eq!(rule(above), "above-own-role");
    let by_group = give(app, &user_admin, Role::UserAdministrator, None, Subject::Group(team)).await;
    assert_eq!(rule(by_group), "above-own-role");
    give(app, &global(), Role::UserAdministrator, None, Subject::Group(team))
        .await
        .expect("given");
}

async fn the_last_global_administrator_keeps_the_role(bench: TestApp) {
    let app = &bench.app;
    let (one, two) = (person(app, "One").await, person(app, "Two").await);
    let first = give(app, &global(), Role::GlobalAdministrator, None, Subject::User(one))
        .await
        .expect("given");
    assert_eq!(
        rule(take(app, &global(), Roles::OfDirectory, first).await),
        "last-global-administrator"
    );
    give(app, &global(), Role::GlobalAdministrator, None, Subject::User(two))
        .await
        .expect("given");
    take(app, &global(), Roles::OfDirectory, first).await.expect("taken");
}

async fn members_of_a_group_with_a_role_are_not_changed_from_below(bench: TestApp) {
    let app = &bench.app;
    let (sam, ada) = (person(app, "Sam").await, person(app, "Ada").await);
    let team = group(app, "Administrators", &[ada]).await;
    give(app, &global(), Role::GlobalAdministrator, None, Subject::Group(team))
        .await
        .expect("given");
    let user_admin = actor(DirectoryRole::UserAdministrator);
    for refused in [
        groups::add_members(app, &user_admin, team, GroupRole::Member, &[sam])
            .await
            .map(|_| ()),
        groups::remove_member(app, &user_admin, team, GroupRole::Member, ada).await,
        groups::delete(app, &user_admin, team, 1).await,
        users::reset_password(app, &user_admin, ada, 1).await.map(|_| ()),
    ] {
        assert_eq!(rule(refused), "above-own-role");
    }
}
