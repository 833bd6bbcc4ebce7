//! Groups that policies name, deleted (A8).

use super::world::Fixture;
use crate::both_databases;
use crate::domain::object::Subject;
use crate::service::{groups, packages};
use crate::testing::TestApp;

both_databases!(f043_the_policies_that_name_a_group_are_told_before_and_after_it_is_deleted);

async fn f043_the_policies_that_name_a_group_are_told_before_and_after_it_is_deleted(bench: TestApp) {
    let fixture = Fixture::new(bench).await;
    let (app, admin) = (&fixture.app, &fixture.admin);
    let (marketing, sales) = (fixture.group("Marketing", false).await, fixture.group("Sales", false).await);
    let alone = fixture.package_for("Campaign", &[Subject::Group(marketing.id)]).await;
    fixture
        .package_for("Fair", &[Subject::Group(marketing.id), Subject::Group(sales.id)])
        .await;

    let group = groups::get(app, admin, marketing.id).await.expect("a group");
    let named: Vec<(&str, &str, bool)> = group
        .policies
        .iter()
        .map(|naming| (naming.package.name.as_str(), naming.policy.as_str(), naming.names_others))
        .collect();
    assert_eq!(named, [("Campaign", "Initial Policy", false), ("Fair", "Initial Policy", true)]);
    assert!(groups::get(app, admin, sales.id).await.expect("a group").policies.len() == 1);

    groups::delete(app, admin, marketing.id, group.version).await.expect("deleted");
    let mut tx = app.store.read().await.expect("tx");
    let (id, detail): (uuid::Uuid, String) = tx
        .one("SELECT id, detail FROM audit WHERE activity = 'delete_group'", crate::args![])
        .await
        .expect("a row");
    let targets: Vec<String> = tx
        .column(
            "SELECT name FROM audit_targets WHERE audit_id = $1 ORDER BY position",
            crate::args![id],
        )
        .await
        .expect("targets");
    let targets = targets.join("; ");
    drop(tx);
    assert!(targets.contains("Campaign") && targets.contains("Fair"), "{targets}");
    assert!(detail.contains("nobody can request Campaign (Initial Policy)"), "{detail}");
    let package = packages::get(app, admin, alone).await.expect("a package");
    assert!(package.policies[0].subjects[0].deleted);
}
