//! Drift, on both databases: what is found, and that Reprocess mends it.

use chrono::Duration;

use super::of_package;
use crate::args;
use crate::both_databases;
use crate::domain::access::{HeldRole, Role};
use crate::domain::group::GroupRole;
use crate::domain::request::SubmitForm;
use crate::domain::user::DirectoryRole;
use crate::service::packages::tests::world::{Fixture, rule};
use crate::service::{Error, assignments, groups, my_access};
use crate::testing::{TestApp, id_of, unknown};
use crate::worker;

both_databases!(
    f122_what_was_taken_away_beside_a_package_is_found_and_given_back,
    f125_what_was_given_beside_a_package_is_found,
    f178_drift_is_shown_to_whoever_sees_assignments,
);

async fn f122_what_was_taken_away_beside_a_package_is_found_and_given_back(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let package = w.package("Campaign", &[group.row(0)]).await;
    my_access::submit(&w.app, &w.user, &SubmitForm::new(package, String::new()))
        .await
        .expect("a request");
    while worker::drain(&w.app).await.expect("drained") > 0 {}
    let none = of_package(&w.app, &w.admin, package).await.expect("drift");
    assert_eq!((none.missing.len(), none.outside.len()), (0, 0));

    w.exec("DELETE FROM memberships WHERE role_id = $1", args![group.roles[0]]).await;
    let found = of_package(&w.app, &w.admin, package).await.expect("drift");
    assert_eq!(found.missing.len(), 1);
    assert_eq!(
        (found.missing[0].user.name.as_str(), found.missing[0].role.as_str()),
        ("Requestor1", "Member of Marketing resources")
    );
    let results = assignments::reprocess(&w.app, &w.admin, &found.to_reprocess())
        .await
        .expect("reprocessed");
    assert!(results.iter().all(|result| result.refused.is_none()));
    assert!(w.holds(&group, 0).await);
    assert_eq!(of_package(&w.app, &w.admin, package).await.expect("drift"), none);
}

async fn f125_what_was_given_beside_a_package_is_found(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let before = w.person("Before", DirectoryRole::User).await;
    let join = |user| {
        let w = &w;
        async move {
            let added = groups::add_members(&w.app, &w.admin, group.id, GroupRole::Member, &[user]).await;
            added.expect("a member");
        }
    };
    join(id_of(&before)).await;
    w.bench.clock.advance(Duration::hours(1));
    let package = w.package("Campaign", &[group.row(0)]).await;
    w.bench.clock.advance(Duration::hours(1));
    my_access::submit(&w.app, &w.user, &SubmitForm::new(package, String::new()))
        .await
        .expect("a request");
    while worker::drain(&w.app).await.expect("drained") > 0 {}
    let after = w.person("After", DirectoryRole::User).await;
    join(id_of(&after)).await;
    // Who has the package too is no drift.
    join(id_of(&w.user)).await;
    let found = of_package(&w.app, &w.admin, package).await.expect("drift");
    let names: Vec<&str> = found.outside.iter().map(|outside| outside.user.name.as_str()).collect();
    assert_eq!(names, ["After"]);
    assert_eq!(found.missing, []);
}

async fn f178_drift_is_shown_to_whoever_sees_assignments(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let package = w.package("Campaign", &[group.row(0)]).await;
    w.bench.clock.advance(Duration::hours(1));
    let added = groups::add_members(&w.app, &w.admin, group.id, GroupRole::Member, &[id_of(&w.user)]).await;
    added.expect("a member");
    let held = |role, catalog| {
        let mut actor = w.user.clone();
        actor.roles.push(HeldRole {
            role,
            catalog: Some(catalog),
        });
        actor
    };
    let refused = of_package(&w.app, &held(Role::CatalogReader, w.general), package).await;
    assert_eq!(rule(refused), "needs-role");
    let elsewhere = of_package(&w.app, &held(Role::CatalogOwner, unknown().into()), package).await;
    assert!(matches!(elsewhere, Err(Error::NotFound)));
    // Who does not see the directory is not told who else is in its groups.
    let owner = of_package(&w.app, &held(Role::CatalogOwner, w.general), package)
        .await
        .expect("drift");
    assert_eq!(owner.outside, []);
    let admin = of_package(&w.app, &w.admin, package).await.expect("drift");
    assert_eq!(admin.outside.len(), 1);
}
