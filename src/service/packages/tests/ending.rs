//! End all assignments and delete: what it leaves, whom it tells, and that it goes on after an interruption.

use uuid::Uuid;

use crate::args;
use crate::both_databases;
use crate::domain::access::{HeldRole, Role};
use crate::domain::id::{PackageId, UserId};
use crate::domain::impact::PackageChange;
use crate::domain::page::PageQuery;
use crate::domain::request::SubmitForm;
use crate::domain::user::DirectoryRole;
use crate::service::packages::{end_and_delete, get};
use crate::service::{Error, assignments, impact, jobs as service, my_access, notifications};
use crate::store::jobs;
use crate::testing::{TestApp, id_of};
use crate::{paths, worker};

use super::world::{Fixture, rule};

both_databases!(
    f041_all_assignments_are_ended_and_then_the_package_is_deleted,
    f041_ending_all_goes_on_after_it_was_cut_off,
    f041_each_end_is_told_in_the_trail_once,
    f041_whoever_is_not_to_be_told_is_not,
    f041_ending_all_takes_both_rights_and_the_version_that_was_opened,
);

async fn version(w: &Fixture, package: PackageId) -> i64 {
    get(&w.app, &w.admin, package).await.expect("a package").item.version
}

async fn delivered(w: &Fixture, package: PackageId) {
    let form = SubmitForm::new(package, String::new());
    my_access::submit(&w.app, &w.user, &form).await.expect("a request");
    while worker::drain(&w.app).await.expect("drained") > 0 {}
}

async fn told(w: &Fixture, user: UserId) -> Vec<String> {
    let mut tx = w.app.store.read().await.expect("tx");
    let sql = "SELECT kind FROM notifications WHERE user_id = $1 AND kind IN ('access_ended', 'request_canceled') ORDER BY kind";
    tx.column(sql, args![user]).await.expect("notifications")
}

async fn f041_all_assignments_are_ended_and_then_the_package_is_deleted(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let package = w.package("Campaign", &[group.row(0)]).await;
    delivered(&w, package).await;
    let waiting = id_of(&w.person("Waiting", DirectoryRole::User).await);
    let request = w.request(package, waiting, "scheduled").await;
    assert!(w.holds(&group, 0).await);

    let said = impact::of_package(&w.app, &w.admin, package, PackageChange::EndAndDelete, None)
        .await
        .expect("an impact");
    let titles: Vec<String> = said.effects.iter().map(|effect| effect.title()).collect();
    assert_eq!(
        titles,
        [
            "1 person loses Campaign",
            "1 person loses Member of Marketing resources",
            "1 person has a request that is canceled",
            "1 person can no longer request Campaign",
        ]
    );
    end_and_delete(&w.app, &w.admin, package, version(&w, package).await, true)
        .await
        .expect("begun");
    let begun = get(&w.app, &w.admin, package).await.expect("still there");
    let ending = begun.ending.expect("an ending");
    assert_eq!((ending.assignments, ending.left, ending.given_up), (1, 1, false));
    assert!(!begun.edit.is_allowed(), "nothing is changed any more");
    let late = my_access::submit(&w.app, &w.user, &SubmitForm::new(package, String::new())).await;
    assert!(matches!(late, Err(Error::Refused(_))), "nobody can request it from that moment");

    while worker::drain(&w.app).await.expect("drained") > 0 {}
    assert!(matches!(get(&w.app, &w.admin, package).await, Err(Error::NotFound)));
    assert!(!w.holds(&group, 0).await);
    let mut tx = w.app.store.read().await.expect("tx");
    let sql = "SELECT state || ': ' || status FROM requests WHERE id = $1";
    let outcome: String = tx.value(sql, args![request]).await.expect("the request");
    drop(tx);
    assert_eq!(outcome, "canceled: The access package is deleted");
    assert_eq!(told(&w, id_of(&w.user)).await, ["access_ended"]);
    assert_eq!(told(&w, waiting).await, ["request_canceled"]);
    // Whoever began it is told once, with the way to the trail.
    let bell = notifications::list(&w.app, &w.admin, &PageQuery::default())
        .await
        .expect("notifications")
        .items;
    assert_eq!(bell.len(), 1, "{bell:?}");
    assert_eq!(
        bell[0].text,
        "The assignment of Campaign was ended, and the access package is deleted."
    );
    assert_eq!(bell[0].href, paths::audit_of(package.0));
    let trail = w.trail().await;
    for activity in ["end_all_assignments", "cancel_request", "end_assignment", "delete_package"] {
        assert!(trail.iter().any(|row| row == activity), "{activity}: {trail:?}");
    }
}

/// Also that of somebody whose removal was under way already.
async fn f041_each_end_is_told_in_the_trail_once(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    for is_under_way in [false, true] {
        let package = w.package("Campaign", &[group.row(0)]).await;
        delivered(&w, package).await;
        if is_under_way {
            let mut tx = w.app.store.read().await.expect("tx");
            let sql = "SELECT id, version FROM assignments WHERE package_id = $1";
            let (held, opened): (Uuid, i64) = tx.one(sql, args![package]).await.expect("access");
            drop(tx);
            assignments::remove(&w.app, &w.admin, held.into(), opened).await.expect("asked for");
        }
        end_and_delete(&w.app, &w.admin, package, version(&w, package).await, true)
            .await
            .expect("begun");
        while worker::drain(&w.app).await.expect("drained") > 0 {}
        assert!(matches!(get(&w.app, &w.admin, package).await, Err(Error::NotFound)));
        assert_eq!(worker::check(&w.app).await.expect("a report").faults, Vec::<String>::new());
    }
}

async fn f041_ending_all_goes_on_after_it_was_cut_off(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let package = w.package("Campaign", &[group.row(0)]).await;
    delivered(&w, package).await;
    let waiting = id_of(&w.person("Waiting", DirectoryRole::User).await);
    w.request(package, waiting, "scheduled").await;
    end_and_delete(&w.app, &w.admin, package, version(&w, package).await, true)
        .await
        .expect("begun");
    let mut steps = 0;
    // A transaction that is dropped holds its jobs until the database has heard of it: then nothing is taken, and the next round does.
    for _ in 0..100 {
        let Ok(package) = get(&w.app, &w.admin, package).await else { break };
        let left = package.ending.clone();
        // A worker that dies in the middle of a step leaves the job and nothing of the step.
        let now = w.app.clock.now();
        let mut tx = w.app.store.write().await.expect("tx");
        let taken = jobs::take(&mut tx, now, 10).await.expect("jobs");
        service::run(&w.app, &mut tx, &taken, now).await.expect("a step");
        drop(tx);
        let again = get(&w.app, &w.admin, package.item.id).await.expect("still there");
        assert_eq!(again.ending, left, "what was cut off has left nothing");
        if worker::drain(&w.app).await.expect("drained") > 0 {
            steps += 1;
        }
    }
    assert!(steps >= 3, "cancel, end, delete: {steps} steps");
    assert!(matches!(get(&w.app, &w.admin, package).await, Err(Error::NotFound)));
    assert!(!w.holds(&group, 0).await);
    assert_eq!(told(&w, id_of(&w.user)).await, ["access_ended"], "told once");
    let ended = w.count("SELECT count(*) FROM audit WHERE activity = 'end_assignment'").await;
    assert_eq!(ended, 1);
}

async fn f041_whoever_is_not_to_be_told_is_not(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Campaign", &[]).await;
    delivered(&w, package).await;
    let waiting = id_of(&w.person("Waiting", DirectoryRole::User).await);
    w.request(package, waiting, "scheduled").await;
    end_and_delete(&w.app, &w.admin, package, version(&w, package).await, false)
        .await
        .expect("begun");
    while worker::drain(&w.app).await.expect("drained") > 0 {}
    assert!(matches!(get(&w.app, &w.admin, package).await, Err(Error::NotFound)));
    assert_eq!(told(&w, id_of(&w.user)).await, Vec::<String>::new());
    assert_eq!(told(&w, waiting).await, Vec::<String>::new());
}

async fn f041_ending_all_takes_both_rights_and_the_version_that_was_opened(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Campaign", &[]).await;
    let stale = end_and_delete(&w.app, &w.admin, package, version(&w, package).await + 1, true).await;
    assert!(matches!(stale, Err(Error::Conflict(_))));
    let mut reader = w.user.clone();
    reader.roles.push(HeldRole {
        role: Role::AssignmentManager,
        catalog: Some(w.general),
    });
    let refused = end_and_delete(&w.app, &reader, package, version(&w, package).await, true).await;
    assert_eq!(rule(refused), "needs-role");
    assert!(get(&w.app, &w.admin, package).await.expect("still there").ending.is_none());
}
