//! What administrators do and read.

use chrono::Duration;

use super::*;
use crate::both_databases;
use crate::domain::access::{HeldRole, Role};
use crate::domain::catalog::CatalogForm;
use crate::domain::id::CatalogId;
use crate::domain::incompatibility::{
    ConflictFilter, ConflictQuery, CounterpartKind, ExceptionQuery, ExceptionState, IncompatibilityQuery, IncompatibleWithQuery,
    PeopleQuery, UNSEEN_PACKAGE,
};
use crate::domain::user::DirectoryRole;
use crate::service::packages::tests::world::{faults, rule};
use crate::service::{catalogs, groups, packages};

both_databases!(
    f128_f129_rules_are_added_once_and_removed_with_their_exceptions,
    f128_an_exception_is_for_one_person_and_ends_by_itself,
    f131_a_package_shows_what_names_it_and_counts_what_is_not_seen,
    f132_who_has_both_is_counted_and_listed_and_reported,
    f128_what_is_deleted_or_moved_takes_its_rules_along,
    f129_a_package_does_not_give_membership_of_a_group_that_it_excludes,
);

fn query(world: &World, kind: CounterpartKind) -> IncompatibilityQuery {
    IncompatibilityQuery {
        package: world.payments,
        kind,
        page: PageQuery::default(),
    }
}

/// Somebody who holds this role in a catalog.
fn holder(person: &Principal, role: Role, catalog: CatalogId) -> Principal {
    let mut person = person.clone();
    person.roles.push(HeldRole {
        role,
        catalog: Some(catalog),
    });
    person
}

/// A package of another catalog, with that catalog.
async fn elsewhere(world: &World) -> (PackageId, CatalogId) {
    let (app, admin) = (&world.fixture.app, &world.fixture.admin);
    let form = CatalogForm {
        name: "Vault".into(),
        ..CatalogForm::default()
    };
    let catalog = catalogs::create(app, admin, &form).await.expect("a catalog");
    let package = world
        .fixture
        .package_for("Vault keys", &[Subject::User(id_of(&world.fixture.user))])
        .await;
    let moved = packages::move_to(app, admin, package, 1, catalog, false).await;
    moved.expect("moved");
    (package, catalog)
}

async fn f128_f129_rules_are_added_once_and_removed_with_their_exceptions(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, admin, user) = (&world.fixture.app, &world.fixture.admin, &world.fixture.user);
    let audit = Counterpart::Package(world.audit);
    let auditors = world.fixture.group("Auditors", false).await;
    assert_eq!(rule(incompatibilities::add(app, user, world.payments, audit).await), "needs-role");
    let first = world.rule().await;
    world.add(world.payments, group(auditors.id)).await;
    let again = incompatibilities::add(app, admin, world.payments, audit).await;
    assert!(matches!(again, Err(Error::Conflict(text)) if text == "Audit is in the list already."));
    let itself = Counterpart::Package(world.payments);
    assert_eq!(rule(incompatibilities::add(app, admin, world.payments, itself).await), "itself");
    let nothing = Counterpart::Package(PackageId(crate::testing::unknown()));
    let gone = incompatibilities::add(app, admin, world.payments, nothing).await;
    assert_eq!(faults(gone)[0].0, "counterpart");

    for (kind, name) in [(CounterpartKind::Package, "Audit"), (CounterpartKind::Group, "Auditors")] {
        let page = incompatibilities::list(app, admin, &query(&world, kind)).await.expect("a page");
        let names: Vec<_> = page.items.iter().map(|item| (item.name.as_str(), item.added_by.as_str())).collect();
        assert_eq!(names, [(name, "Admin1")]);
    }
    world.except(admin, first, id_of(user), 3).await.expect("granted");
    incompatibilities::remove(app, admin, world.payments, first).await.expect("removed");
    let twice = incompatibilities::remove(app, admin, world.payments, first).await;
    assert!(matches!(twice, Err(Error::NotFound)));
    assert_eq!(world.fixture.count("SELECT count(*) FROM incompatibility_exceptions").await, 0);
    let trail = world.fixture.trail().await;
    let of = |word: &str| trail.iter().filter(|activity| *activity == word).count();
    assert_eq!(
        (of("add_incompatibility"), of("remove_incompatibility"), of("grant_exception")),
        (2, 1, 1)
    );
}

async fn f128_an_exception_is_for_one_person_and_ends_by_itself(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, admin, user) = (&world.fixture.app, &world.fixture.admin, &world.fixture.user);
    let first = world.rule().await;
    let other = world.other("Bob").await;
    for person in [user, &other] {
        world.get(person, world.audit).await;
    }
    // Never for oneself, never without a role, once at a time.
    assert_eq!(rule(world.except(admin, first, id_of(admin), 3).await), "own-exception");
    assert_eq!(rule(world.except(user, first, id_of(&other), 3).await), "needs-role");
    world.except(admin, first, id_of(user), 3).await.expect("granted");
    assert_eq!(rule(world.except(admin, first, id_of(user), 9).await), "excepted-already");
    assert_eq!(refusal(world.submit(&other, world.payments).await).0, "incompatible");
    assert!(
        my_access::offer(app, user, world.payments)
            .await
            .expect("an offer")
            .request
            .is_allowed()
    );

    // It ends by itself, and can be granted anew.
    world.fixture.bench.clock.advance(Duration::days(3));
    assert_eq!(refusal(world.submit(user, world.payments).await).0, "incompatible");
    world.except(admin, first, id_of(user), 3).await.expect("granted anew");
    world.get(user, world.payments).await;
    let query = ExceptionQuery {
        package: world.payments,
        page: PageQuery::default(),
    };
    let listed = async || incompatibilities::exceptions(app, admin, &query).await.expect("a page").items;
    let states: Vec<_> = listed().await.iter().map(|item| item.state).collect();
    assert_eq!(states, [ExceptionState::Active, ExceptionState::Expired]);

    // Ended early: whoever has the package keeps it.
    let active = listed().await[0].id;
    incompatibilities::end_exception(app, admin, world.payments, active)
        .await
        .expect("ended");
    assert_eq!(
        rule(incompatibilities::end_exception(app, admin, world.payments, active).await),
        "already-over"
    );
    assert_eq!(listed().await[0].state, ExceptionState::Ended);
    world.work().await;
    assert_eq!(world.assignments(world.payments).await.len(), 1);
}

async fn f131_a_package_shows_what_names_it_and_counts_what_is_not_seen(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, admin) = (&world.fixture.app, &world.fixture.admin);
    world.rule().await;
    let (keys, vault) = elsewhere(&world).await;
    world.add(keys, Counterpart::Package(world.audit)).await;
    let query = IncompatibleWithQuery {
        package: world.audit,
        page: PageQuery::default(),
    };
    let names = async |who: &Principal| {
        let page = incompatibilities::with(app, who, &query).await.expect("a page");
        page.items.into_iter().map(|item| item.package.name).collect::<Vec<_>>()
    };
    assert_eq!(names(admin).await, ["Payments", "Vault keys"]);
    let person = world.fixture.person("Olga", DirectoryRole::User).await;
    let owner = holder(&person, Role::CatalogOwner, world.fixture.general);
    assert_eq!(names(&owner).await, ["Payments"]);
    assert_eq!(
        incompatibilities::summary(app, &owner, world.audit)
            .await
            .expect("a summary")
            .unseen,
        1
    );
    assert_eq!(
        incompatibilities::summary(app, admin, world.audit).await.expect("a summary").unseen,
        0
    );

    // The other way round: what a rule names is not told to whoever does not see it, and cannot be named by them.
    let keeper = holder(&person, Role::PackageManager, vault);
    let of_vault = IncompatibilityQuery {
        package: keys,
        kind: CounterpartKind::Package,
        page: PageQuery::default(),
    };
    let page = incompatibilities::list(app, &keeper, &of_vault).await.expect("a page");
    assert_eq!((page.items[0].name.as_str(), page.items[0].counterpart), (UNSEEN_PACKAGE, None));
    let unseen = incompatibilities::add(app, &keeper, keys, Counterpart::Package(world.payments)).await;
    assert_eq!(faults(unseen)[0].0, "counterpart");
    let reader = holder(&person, Role::CatalogReader, vault);
    let refused = incompatibilities::remove(app, &reader, keys, page.items[0].id).await;
    assert_eq!(rule(refused), "needs-role");
    incompatibilities::remove(app, &keeper, keys, page.items[0].id)
        .await
        .expect("removed");

    // The trail keeps them apart as well: no row names packages of two catalogs.
    let both = "SELECT count(*) FROM audit a WHERE a.activity IN ('add_incompatibility', 'remove_incompatibility')
        AND (SELECT count(DISTINCT p.catalog_id) FROM audit_targets t JOIN packages p ON p.id = t.target_id WHERE t.audit_id = a.id) > 1";
    assert_eq!(world.fixture.count(both).await, 0);
}

async fn f132_who_has_both_is_counted_and_listed_and_reported(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, admin, user) = (&world.fixture.app, &world.fixture.admin, &world.fixture.user);
    let auditors = world.fixture.group("Auditors", false).await;
    let (bob, cleo) = (world.other("Bob").await, world.other("Cleo").await);
    for package in [world.audit, world.payments] {
        world.get(user, package).await;
        world.get(&bob, package).await;
    }
    world.get(&cleo, world.payments).await;
    let audit = Counterpart::Package(world.audit);
    let preview = incompatibilities::preview(app, admin, world.payments, audit)
        .await
        .expect("a preview");
    assert_eq!(
        (preview.count, preview.people),
        (2, vec!["Bob (bob)".to_owned(), "Requestor1 (requestor1)".to_owned()])
    );
    let first = world.rule().await;
    world.add(world.payments, group(auditors.id)).await;

    // Somebody who joins the group later keeps the package, and is seen.
    groups::add_members(app, admin, auditors.id, crate::domain::group::GroupRole::Member, &[id_of(&cleo)])
        .await
        .expect("added");
    for (kind, wanted) in [(CounterpartKind::Package, 2), (CounterpartKind::Group, 1)] {
        let page = incompatibilities::list(app, admin, &query(&world, kind)).await.expect("a page");
        assert_eq!(page.items[0].additional, wanted, "{kind:?}");
    }
    world.except(admin, first, id_of(&bob), 3).await.expect("granted");
    let people = PeopleQuery {
        package: world.payments,
        rule: Some(first),
        counterpart: None,
        search: String::new(),
        page: PageQuery::default(),
    };
    let page = incompatibilities::people(app, admin, &people).await.expect("a page");
    let listed: Vec<_> = page
        .items
        .iter()
        .map(|item| (item.user.name.as_str(), item.excepted_until.is_some()))
        .collect();
    assert_eq!(listed, [("Bob", true), ("Requestor1", false)]);

    let report = async |filter| {
        let query = ConflictQuery {
            filter,
            search: String::new(),
            page: PageQuery::default(),
        };
        let page = incompatibilities::conflicts(app, admin, &query).await.expect("a page");
        let mut rows: Vec<_> = page.items.into_iter().map(|item| (item.user.name, item.name)).collect();
        rows.sort();
        rows
    };
    let row = |user: &str, name: &str| (user.to_owned(), name.to_owned());
    let (bobs, cleos, users) = (row("Bob", "Audit"), row("Cleo", "Auditors"), row("Requestor1", "Audit"));
    assert_eq!(report(ConflictFilter::All).await, [bobs.clone(), cleos.clone(), users.clone()]);
    assert_eq!(report(ConflictFilter::Open).await, [cleos, users]);
    assert_eq!(report(ConflictFilter::Excepted).await, [bobs]);
    // Of catalogs in which one may not read reports there is nothing.
    let person = world.fixture.person("Olga", DirectoryRole::User).await;
    let (_, vault) = elsewhere(&world).await;
    let query = ConflictQuery {
        filter: ConflictFilter::All,
        search: String::new(),
        page: PageQuery::default(),
    };
    let keeper = holder(&person, Role::CatalogOwner, vault);
    assert_eq!(
        incompatibilities::conflicts(app, &keeper, &query)
            .await
            .expect("a page")
            .items
            .len(),
        0
    );
}

async fn f128_what_is_deleted_or_moved_takes_its_rules_along(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, admin) = (&world.fixture.app, &world.fixture.admin);
    world.rule().await;
    let (_, vault) = elsewhere(&world).await;
    let version = packages::move_to(app, admin, world.payments, 1, vault, false).await.expect("moved");
    assert_eq!(world.fixture.count("SELECT count(*) FROM incompatibilities").await, 1);
    let detail = packages::get(app, admin, world.audit).await.expect("a package");
    assert_eq!(detail.incompatibilities, (0, 1));
    packages::delete(app, admin, world.audit, 1).await.expect("deleted");
    assert_eq!(world.fixture.count("SELECT count(*) FROM incompatibilities").await, 0);

    // A group that a rule names is not deleted before the rule.
    let auditors = world.fixture.group("Auditors", false).await;
    let named = world.add(world.payments, group(auditors.id)).await;
    assert_eq!(rule(groups::delete(app, admin, auditors.id, 1).await), "group-excluded");
    assert_eq!(
        groups::get(app, admin, auditors.id)
            .await
            .expect("a group")
            .delete
            .refusal()
            .expect("refused")
            .rule,
        "group-excluded"
    );
    incompatibilities::remove(app, admin, world.payments, named).await.expect("removed");
    groups::delete(app, admin, auditors.id, 1).await.expect("deleted");
    packages::delete(app, admin, world.payments, version).await.expect("deleted");
}

async fn f129_a_package_does_not_give_membership_of_a_group_that_it_excludes(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, admin) = (&world.fixture.app, &world.fixture.admin);
    let auditors = world.fixture.group("Auditors", false).await;
    let given = world.fixture.package("Desk", &[auditors.row(0)]).await;
    assert_eq!(
        rule(incompatibilities::add(app, admin, given, group(auditors.id)).await),
        "gives-it"
    );
    world.add(world.payments, group(auditors.id)).await;
    let added = packages::add_roles(app, admin, world.payments, &[auditors.row(0)]).await;
    assert_eq!(rule(added), "excluded-group");
    packages::add_roles(app, admin, world.payments, &[auditors.row(1)])
        .await
        .expect("an owner is no member");
}
