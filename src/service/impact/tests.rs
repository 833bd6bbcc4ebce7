//! What is said before a change is what the change then does: previews are compared with the directory before and after, in situations that
//! a sequence of numbers makes.

use std::collections::BTreeSet;

use serde_json::json;

use super::{of_catalog, of_catalog_creators, of_catalog_role, of_directory_role, of_group, of_package, of_policy, of_user};
use crate::args;
use crate::both_databases;
use crate::domain::access::{HeldRole, Principal, Role};
use crate::domain::catalog::CatalogForm;
use crate::domain::draft::DraftRole;
use crate::domain::group::{GroupForm, GroupRole};
use crate::domain::id::{CatalogId, ObjectId, PackageId, PolicyId, RoleId, UserId};
use crate::domain::impact::{Impact, MoreNames, NAMED, NAMED_MORE, PackageChange, PolicyChange, RoleChange, UserChange};
use crate::domain::object::Subject;
use crate::domain::package::{PackageForm, PriorMembership};
use crate::domain::page::PageQuery;
use crate::domain::policy::{Audience, PolicyForm, Scope};
use crate::domain::role_assignment::RoleQuery;
use crate::domain::user::DirectoryRole;
use crate::service::packages::tests::world::Fixture;
use crate::service::roles::Roles;
use crate::service::{Error, assignments, catalogs, groups, packages, policies, requests, roles, users};
use crate::testing::{TestApp, id_of, unknown};
use crate::worker;

both_databases!(
    f062_who_loses_a_role_and_who_keeps_it_is_what_then_happens,
    f066_f072_who_can_no_longer_request_is_what_then_happens,
    f043_what_deleting_a_user_takes_is_what_then_happens,
    f043_who_loses_by_a_deleted_group_is_what_then_happens,
    f052_who_no_longer_holds_a_role_is_told_by_name,
    f163_who_gains_and_loses_a_role_of_the_directory_is_what_then_happens,
    f049_what_deleting_a_catalog_takes_is_what_then_happens,
    f062_long_effects_are_told_page_by_page,
    f178_a_move_says_who_gains_and_loses_the_role_over_it,
    f178_an_impact_names_nothing_that_its_reader_does_not_see,
);

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

type Names = BTreeSet<String>;

fn names(impact: &Impact, key: &str) -> Names {
    let effect = impact.effects.iter().find(|effect| effect.key.starts_with(key));
    effect.map_or_else(Names::new, |effect| {
        assert_eq!(effect.count as usize, effect.names.len(), "all are named: {effect:?}");
        effect.names.iter().map(|affected| affected.name.clone()).collect()
    })
}

/// Who holds a resource role now.
async fn holders(w: &Fixture, role: RoleId) -> Names {
    let mut tx = w.app.store.read().await.expect("tx");
    let sql = "SELECT u.name FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.role_id = $1 AND m.until > $2 AND u.deleted_at IS NULL";
    let found: Vec<String> = tx.column(sql, args![role, w.app.clock.now()]).await.expect("holders");
    found.into_iter().collect()
}

async fn drain(w: &Fixture) {
    while worker::drain(&w.app).await.expect("drained") > 0 {}
}

async fn policy_of(w: &Fixture, package: PackageId) -> PolicyId {
    packages::get(&w.app, &w.admin, package).await.expect("a package").policies[0].id
}

/// Everyone may have it: all members can request it.
async fn open_to_members(w: &Fixture, package: PackageId) {
    let policy = policy_of(w, package).await;
    let detail = policies::get(&w.app, &w.admin, policy).await.expect("a policy");
    let mut form = PolicyForm::from(&detail.terms).named(detail.name);
    form.requests.audience = Some(Audience::InDirectory);
    form.requests.scope = Some(Scope::AllMembers);
    policies::update(&w.app, &w.admin, policy, detail.version, &form)
        .await
        .expect("open");
}

async fn assign(w: &Fixture, package: PackageId, users: &[UserId]) {
    let form = json!({ "package": package, "policy": policy_of(w, package).await, "users": users });
    let form = serde_json::from_value(form).expect("a form");
    let results = assignments::assign(&w.app, &w.admin, &form).await.expect("assigned");
    assert!(results.iter().all(|result| result.refused.is_none()), "{results:?}");
    drain(w).await;
}

async fn package_of(w: &Fixture, name: &str, row: DraftRole, prior: PriorMembership) -> PackageId {
    let package = w.package(name, &[row]).await;
    open_to_members(w, package).await;
    let form = PackageForm {
        name: name.into(),
        description: "For a test".into(),
        hidden: false,
        prior_membership: prior,
    };
    let version = packages::get(&w.app, &w.admin, package).await.expect("a package").item.version;
    packages::update(&w.app, &w.admin, package, version, &form).await.expect("changed");
    package
}

async fn join(w: &Fixture, group: ObjectId, users: &[UserId]) {
    let added = groups::add_members(&w.app, &w.admin, group, GroupRole::Member, users).await;
    added.expect("members");
}

async fn people(w: &Fixture, prefix: &str, count: usize) -> Vec<UserId> {
    let mut made = Vec::new();
    for number in 0..count {
        made.push(id_of(&w.person(&format!("{prefix} {number:03}"), DirectoryRole::User).await));
    }
    made
}

async fn f062_who_loses_a_role_and_who_keeps_it_is_what_then_happens(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let everyone = people(&w, "Person", 8).await;
    let mut numbers = Numbers(7);
    let (mut lost, mut kept) = (0, 0);
    for round in 0..6 {
        let prior = if numbers.below(2) == 0 {
            PriorMembership::Keep
        } else {
            PriorMembership::Remove
        };
        let group = w.group(&format!("Group {round}"), false).await;
        let one = package_of(&w, &format!("One {round}"), group.row(0), prior).await;
        let other = package_of(&w, &format!("Other {round}"), group.row(0), PriorMembership::Keep).await;
        for user in &everyone {
            let before = numbers.below(4) == 0;
            if before {
                join(&w, group.id, &[*user]).await;
            }
            if numbers.below(3) > 0 {
                assign(&w, one, &[*user]).await;
            }
            if numbers.below(3) == 0 {
                assign(&w, other, &[*user]).await;
            }
            if !before && numbers.below(4) == 0 {
                join(&w, group.id, &[*user]).await;
            }
        }
        let place = packages::get(&w.app, &w.admin, one).await.expect("a package").roles[0].id;
        let told = of_package(&w.app, &w.admin, one, PackageChange::RemoveRole(place), None)
            .await
            .expect("an impact");
        let before = holders(&w, group.roles[0]).await;
        packages::remove_role(&w.app, &w.admin, one, place).await.expect("removed");
        drain(&w).await;
        let after = holders(&w, group.roles[0]).await;
        let (loses, keeps) = (names(&told, "loses-"), names(&told, "keeps-"));
        assert_eq!(loses, before.difference(&after).cloned().collect::<Names>(), "round {round}");
        assert!(keeps.is_subset(&after), "round {round}: {keeps:?}");
        (lost, kept) = (lost + loses.len(), kept + keeps.len());
    }
    assert!(lost > 5 && kept > 5, "the situations differ: {lost} lost, {kept} kept");
}

/// Those whom the decision on requests lets request now.
async fn able(w: &Fixture, package: PackageId, everyone: &[(String, UserId)]) -> Names {
    let mut able = Names::new();
    for (name, user) in everyone {
        let verdict = requests::simulate(&w.app, &w.admin, package, *user, None).await.expect("a verdict");
        if verdict.request.is_allowed() {
            able.insert(name.clone());
        }
    }
    able
}

async fn f066_f072_who_can_no_longer_request_is_what_then_happens(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let mut everyone: Vec<(String, UserId)> = vec![(w.admin.name.clone(), id_of(&w.admin)), (w.user.name.clone(), id_of(&w.user))];
    for (number, user) in people(&w, "Person", 6).await.into_iter().enumerate() {
        everyone.push((format!("Person {number:03}"), user));
    }
    w.exec("UPDATE users SET kind = 'guest' WHERE id = $1", args![everyone[2].1]).await;
    w.exec("UPDATE users SET enabled = FALSE WHERE id = $1", args![everyone[3].1]).await;
    let team = w.group("Team", false).await;
    let members = [everyone[4].1, everyone[5].1];
    groups::add_members(&w.app, &w.admin, team.id, GroupRole::Member, &members)
        .await
        .expect("members");
    let package = w.package_for("Campaign", &[Subject::User(everyone[1].1)]).await;
    let first = policy_of(&w, package).await;
    let detail = policies::get(&w.app, &w.admin, first).await.expect("a policy");
    let second = PolicyForm::from(&detail.terms).named("Second");
    let second = policies::create(&w.app, &w.admin, package, &second).await.expect("a policy");
    let mut numbers = Numbers(11);
    let mut seen = 0;
    for round in 0..14 {
        let policy = if numbers.below(2) == 0 { first } else { second };
        let detail = policies::get(&w.app, &w.admin, policy).await.expect("a policy");
        let change = if numbers.below(3) == 0 {
            PolicyChange::Enable(!detail.terms.requestor.enabled)
        } else {
            let mut form = PolicyForm::from(&detail.terms).named(detail.name);
            form.requests.audience = Some(Audience::InDirectory);
            form.requests.scope = Some([Scope::Specific, Scope::Specific, Scope::AllMembers, Scope::AllUsers][numbers.below(4) as usize]);
            form.requests.subjects = vec![Subject::User(everyone[numbers.below(8) as usize].1)];
            if numbers.below(2) == 0 {
                form.requests.subjects.push(Subject::Group(team.id));
            }
            PolicyChange::Edit(Box::new(form))
        };
        let told = of_policy(&w.app, &w.admin, policy, &change, None).await.expect("an impact");
        let before = able(&w, package, &everyone).await;
        match &change {
            PolicyChange::Enable(enabled) => policies::set_enabled(&w.app, &w.admin, policy, detail.version, *enabled).await,
            PolicyChange::Edit(form) => policies::update(&w.app, &w.admin, policy, detail.version, form).await,
            PolicyChange::Delete => unreachable!("not among the changes"),
        }
        .expect("changed");
        let after = able(&w, package, &everyone).await;
        let (loses, gains) = (names(&told, "cannot-request"), names(&told, "can-request"));
        assert_eq!(
            loses,
            before.difference(&after).cloned().collect::<Names>(),
            "round {round}: {change:?}"
        );
        assert_eq!(
            gains,
            after.difference(&before).cloned().collect::<Names>(),
            "round {round}: {change:?}"
        );
        seen += loses.len() + gains.len();
    }
    assert!(seen > 10, "{seen} people gained or lost");
}

async fn roles_held(w: &Fixture, user: UserId) -> Names {
    let mut tx = w.app.store.read().await.expect("tx");
    let sql = "SELECT r.name || ' of ' || o.name FROM memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id
        WHERE m.user_id = $1 AND m.until > $2";
    let found: Vec<String> = tx.column(sql, args![user, w.app.clock.now()]).await.expect("roles");
    found.into_iter().collect()
}

async fn f043_what_deleting_a_user_takes_is_what_then_happens(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let user = id_of(&w.user);
    let reporting = id_of(&w.person("Report", DirectoryRole::User).await);
    w.exec("UPDATE users SET manager_id = $1 WHERE id = $2", args![user, reporting])
        .await;
    let (kept, given, both) = (
        w.group("Kept", false).await,
        w.group("Given", false).await,
        w.group("Both", false).await,
    );
    for group in [&kept, &both] {
        let added = groups::add_members(&w.app, &w.admin, group.id, GroupRole::Member, &[user]).await;
        added.expect("a member");
    }
    let package = w.package("Campaign", &[given.row(0), both.row(0)]).await;
    assign(&w, package, &[user]).await;
    let waiting = w.package("Waits", &[]).await;
    w.request(waiting, user, "scheduled").await;

    let told = of_user(&w.app, &w.admin, user, UserChange::Delete, None).await.expect("an impact");
    let before = roles_held(&w, user).await;
    assert_eq!(names(&told, "packages"), Names::from(["Campaign".to_owned()]));
    assert_eq!(names(&told, "requests"), Names::from(["Waits".to_owned()]));
    assert_eq!(names(&told, "reports"), Names::from(["Report".to_owned()]));
    let version = users::get(&w.app, &w.admin, user).await.expect("a user").version;
    users::delete(&w.app, &w.admin, user, version).await.expect("deleted");
    drain(&w).await;
    let after = roles_held(&w, user).await;
    assert_eq!(names(&told, "roles"), before.difference(&after).cloned().collect::<Names>());
    assert_eq!(names(&told, "by-hand"), after);
    let gone = of_user(&w.app, &w.admin, user, UserChange::Delete, None).await;
    assert!(matches!(gone, Err(Error::NotFound)));
}

async fn f043_who_loses_by_a_deleted_group_is_what_then_happens(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let everyone: Vec<(String, UserId)> = (0..)
        .map(|number: usize| format!("Person {number:03}"))
        .zip(people(&w, "Person", 3).await)
        .collect();
    let members = [everyone[0].1, everyone[1].1];
    let form = GroupForm {
        name: "Team".into(),
        kind: "security".into(),
        membership: "assigned".into(),
        members: members.to_vec(),
        ..GroupForm::default()
    };
    let team = groups::create(&w.app, &w.admin, &form).await.expect("a group");
    let package = w
        .package_for(
            "Campaign",
            &[Subject::Group(team), Subject::User(everyone[1].1), Subject::User(everyone[2].1)],
        )
        .await;
    roles::give(
        &w.app,
        &w.admin,
        Roles::OfCatalog(w.general),
        Role::CatalogReader,
        &[Subject::Group(team)],
    )
    .await
    .expect("a role");
    let told = of_group(&w.app, &w.admin, team, None).await.expect("an impact");
    let before = able(&w, package, &everyone).await;
    let both: Names = everyone[..2].iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names(&told, "loses-"), both);
    assert_eq!(names(&told, "role-"), both);
    groups::delete(&w.app, &w.admin, team, 1).await.expect("deleted");
    let after = able(&w, package, &everyone).await;
    assert_eq!(
        names(&told, "cannot-request"),
        before.difference(&after).cloned().collect::<Names>()
    );
    assert_eq!(names(&told, "cannot-request"), Names::from([everyone[0].0.clone()]));
}

/// Who holds a role of the directory, by name.
async fn directory_holders(w: &Fixture, role: Role) -> Names {
    let query = RoleQuery {
        catalog: None,
        role: Some(role),
        search: String::new(),
        page: PageQuery::default(),
    };
    let found = roles::holders(&w.app, &w.admin, &query).await.expect("holders").items;
    let mut all = Names::new();
    for holder in found {
        match holder.holder {
            Subject::User(_) => drop(all.insert(holder.name)),
            Subject::Group(group) => {
                let mut tx = w.app.store.read().await.expect("tx");
                let sql = "SELECT u.name FROM roles r JOIN memberships m ON m.role_id = r.id JOIN users u ON u.id = m.user_id
                    WHERE r.object_id = $1 AND r.name = 'Member'";
                all.extend(tx.column::<String>(sql, args![group]).await.expect("members"));
            }
            Subject::Organization(_) => {}
        }
    }
    all
}

async fn f163_who_gains_and_loses_a_role_of_the_directory_is_what_then_happens(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let people = people(&w, "Person", 4).await;
    let team = w.group("Team", false).await;
    groups::add_members(&w.app, &w.admin, team.id, GroupRole::Member, &people[..3])
        .await
        .expect("members");
    let role = Role::UserAdministrator;
    let before = directory_holders(&w, role).await;
    roles::give(&w.app, &w.admin, Roles::OfDirectory, role, &[Subject::User(people[0])])
        .await
        .expect("given");
    let held = directory_holders(&w, role).await;

    let holders = vec![Subject::Group(team.id), Subject::User(people[3])];
    let change = RoleChange::Give(role, holders.clone());
    let told = of_directory_role(&w.app, &w.admin, &change, None).await.expect("an impact");
    let given = roles::give(&w.app, &w.admin, Roles::OfDirectory, role, &holders)
        .await
        .expect("given");
    let after = directory_holders(&w, role).await;
    assert_eq!(names(&told, "gains"), after.difference(&held).cloned().collect::<Names>());
    assert_eq!(names(&told, "gains").len(), 3);
    assert_eq!(names(&told, "keeps"), Names::from(["Person 000".to_owned()]));
    assert!(told.effects[0].title().ends_with("become User administrator"), "{told:?}");
    assert!(told.notes[0].starts_with("What the role is for: "));

    let told = of_directory_role(&w.app, &w.admin, &RoleChange::Take(given[0]), None)
        .await
        .expect("an impact");
    roles::take(&w.app, &w.admin, Roles::OfDirectory, given[0]).await.expect("taken");
    let left = directory_holders(&w, role).await;
    assert_eq!(names(&told, "loses"), after.difference(&left).cloned().collect::<Names>());
    assert_eq!(names(&told, "keeps"), Names::from(["Person 000".to_owned()]));
    assert!(before.is_subset(&left));

    // Each address tells of its own roles only, and to whoever may change them.
    let creator = RoleChange::Give(Role::CatalogCreator, holders);
    assert!(matches!(
        of_directory_role(&w.app, &w.admin, &creator, None).await,
        Err(Error::NotFound)
    ));
    let told = of_catalog_creators(&w.app, &w.admin, &creator, None).await.expect("an impact");
    assert_eq!(names(&told, "gains").len(), 4);
    assert!(matches!(
        of_catalog_creators(&w.app, &w.admin, &change, None).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        of_directory_role(&w.app, &w.user, &change, None).await,
        Err(Error::Refused(_))
    ));
}

async fn f049_what_deleting_a_catalog_takes_is_what_then_happens(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let people = people(&w, "Person", 2).await;
    let form = CatalogForm {
        name: "Harbour".into(),
        ..CatalogForm::default()
    };
    let id = catalogs::create(&w.app, &w.admin, &form).await.expect("a catalog");
    let team = w.group("Team", false).await;
    groups::add_members(&w.app, &w.admin, team.id, GroupRole::Member, &people[1..])
        .await
        .expect("members");
    catalogs::add_resources(&w.app, &w.admin, id, &[team.id]).await.expect("a resource");
    let holders = [Subject::User(people[0]), Subject::Group(team.id)];
    roles::give(&w.app, &w.admin, Roles::OfCatalog(id), Role::CatalogReader, &holders)
        .await
        .expect("given");
    let told = of_catalog(&w.app, &w.admin, id, None).await.expect("an impact");
    let mut losing = Names::from(["Person 000".to_owned(), "Person 001".to_owned()]);
    losing.insert(w.admin.name.clone());
    assert_eq!(names(&told, "loses-role"), losing, "whoever created it owns it");
    assert_eq!(names(&told, "resources"), Names::from(["Team".to_owned()]));
    assert!(told.effect("packages").is_none());

    let general = of_catalog(&w.app, &w.admin, w.general, None).await.expect("an impact");
    let mut tx = w.app.store.read().await.expect("tx");
    let sql = "SELECT count(*) FROM packages WHERE catalog_id = $1 AND deleted_at IS NULL";
    let there: i64 = tx.value(sql, args![w.general]).await.expect("a count");
    drop(tx);
    assert_eq!(general.effect("packages").map_or(0, |effect| effect.count), there);
    assert!(matches!(of_catalog(&w.app, &w.user, id, None).await, Err(Error::Refused(_))));

    catalogs::delete(&w.app, &w.admin, id, 1).await.expect("deleted");
    let mut tx = w.app.store.read().await.expect("tx");
    let sql = "SELECT count(*) FROM role_assignments WHERE catalog_id = $1";
    assert_eq!(tx.value::<i64>(sql, args![id]).await.expect("a count"), 0);
}

async fn f052_who_no_longer_holds_a_role_is_told_by_name(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let people = people(&w, "Person", 2).await;
    let team = w.group("Team", false).await;
    groups::add_members(&w.app, &w.admin, team.id, GroupRole::Member, &people)
        .await
        .expect("members");
    let of = Roles::OfCatalog(w.general);
    let by_group = roles::give(&w.app, &w.admin, of, Role::CatalogOwner, &[Subject::Group(team.id)])
        .await
        .expect("given")[0];
    let directly = roles::give(&w.app, &w.admin, of, Role::CatalogOwner, &[Subject::User(people[0])])
        .await
        .expect("given")[0];
    let told = of_catalog_role(&w.app, &w.admin, w.general, by_group, None)
        .await
        .expect("an impact");
    assert_eq!(names(&told, "loses"), Names::from(["Person 001".to_owned()]));
    assert_eq!(names(&told, "keeps"), Names::from(["Person 000".to_owned()]));
    assert!(
        told.effects[0].title().contains("is no longer Catalog owner in General"),
        "{told:?}"
    );
    let told = of_catalog_role(&w.app, &w.admin, w.general, directly, None)
        .await
        .expect("an impact");
    assert!(told.is_nothing(), "{told:?}");
    let elsewhere = of_catalog_role(&w.app, &w.admin, unknown().into(), by_group, None).await;
    assert!(matches!(elsewhere, Err(Error::NotFound)));
}

async fn f062_long_effects_are_told_page_by_page(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Team", false).await;
    let count = usize::from(NAMED) + usize::from(NAMED_MORE) + 5;
    join(&w, group.id, &people(&w, "Person", count).await).await;
    let told = of_group(&w.app, &w.admin, group.id, None).await.expect("an impact");
    let effect = &told.effects[0];
    assert_eq!((effect.count, effect.names.len()), (count as i64, usize::from(NAMED)));
    assert_eq!(effect.title(), format!("{count} people lose Member of Team"));
    let mut named: Vec<String> = effect.names.iter().map(|affected| affected.name.clone()).collect();
    let mut next = effect.next.clone();
    while let Some(after) = next {
        let more = MoreNames {
            key: effect.key.clone(),
            after: Some(after),
        };
        let page = of_group(&w.app, &w.admin, group.id, Some(more)).await.expect("more");
        assert_eq!(page.effects.len(), 1);
        named.extend(page.effects[0].names.iter().map(|affected| affected.name.clone()));
        next = page.effects[0].next.clone();
    }
    let wanted: Vec<String> = (0..count).map(|number| format!("Person {number:03}")).collect();
    assert_eq!(named, wanted);
}

async fn second_catalog(w: &Fixture) -> CatalogId {
    let form = crate::domain::catalog::CatalogForm {
        name: "Marketing".into(),
        enabled: true,
        ..crate::domain::catalog::CatalogForm::default()
    };
    crate::service::catalogs::create(&w.app, &w.admin, &form).await.expect("a catalog")
}

async fn f178_a_move_says_who_gains_and_loses_the_role_over_it(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let people = people(&w, "Person", 3).await;
    let target = second_catalog(&w).await;
    let w = &w;
    let give = |catalog, user: UserId| async move {
        let holder = [Subject::User(user)];
        let given = roles::give(&w.app, &w.admin, Roles::OfCatalog(catalog), Role::CatalogReader, &holder).await;
        given.expect("given")
    };
    give(w.general, people[0]).await;
    give(w.general, people[1]).await;
    give(target, people[1]).await;
    give(target, people[2]).await;
    let package = w.package("Campaign", &[]).await;
    let told = of_package(&w.app, &w.admin, package, PackageChange::Move(target), None)
        .await
        .expect("an impact");
    assert_eq!(names(&told, "loses-role"), Names::from(["Person 000".to_owned()]));
    let gains = names(&told, "gains-role");
    assert!(gains.contains("Person 002") && !gains.contains("Person 001"), "{gains:?}");
}

fn with(actor: &Principal, role: Role, catalog: CatalogId) -> Principal {
    let mut actor = actor.clone();
    actor.roles.push(HeldRole {
        role,
        catalog: Some(catalog),
    });
    actor
}

async fn f178_an_impact_names_nothing_that_its_reader_does_not_see(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let target = second_catalog(&w).await;
    let package = w.package("Campaign", &[]).await;
    assign(&w, package, &[id_of(&w.user)]).await;
    let owner = with(&w.user, Role::CatalogOwner, target);
    let unseen = of_package(&w.app, &owner, package, PackageChange::Delete, None).await;
    assert!(matches!(unseen, Err(Error::NotFound)));
    let reader = with(&w.user, Role::CatalogReader, w.general);
    let refused = of_package(&w.app, &reader, package, PackageChange::Delete, None).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let manager = with(&with(&w.user, Role::PackageManager, w.general), Role::CatalogReader, target);
    let refused = of_package(&w.app, &manager, package, PackageChange::Move(target), None).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    // Strict: manages users, sees no package.
    let mut strict = w.person("Strict", DirectoryRole::UserAdministrator).await;
    strict.strict_roles = true;
    let told = of_user(&w.app, &strict, id_of(&w.user), UserChange::Delete, None)
        .await
        .expect("an impact");
    assert!(!format!("{told:?}").contains("Campaign"), "{told:?}");
}
