//! Policies on both databases: versions are whole and stay, and whom a policy names is known from the other side.

use chrono::Duration;

use super::*;
use crate::both_databases;
use crate::domain::approval::{ApprovalTerms, StageTerms};
use crate::domain::id::PackageId;
use crate::domain::policy::PolicyTerms;
use crate::domain::request::SubmitForm;
use crate::domain::subject::{Purpose, SubjectSet};
use crate::domain::user::DirectoryRole;
use crate::service::packages::tests::world::Fixture;
use crate::service::{my_access, requests, users};
use crate::store::policies as store;
use crate::testing::{TestApp, id_of};

both_databases!(
    f065_a_new_version_leaves_the_old_one_whole,
    f081_requests_and_assignments_name_the_version_they_were_made_under,
    which_policies_name_a_user_or_group_is_known,
    erasing_a_user_takes_them_out_of_policies_and_says_so,
);

/// The package's policy, as it stands.
async fn current(w: &Fixture, package: PackageId) -> store::PolicyNow {
    let id = crate::service::packages::get(&w.app, &w.admin, package)
        .await
        .expect("package")
        .policies[0]
        .id;
    let mut tx = w.app.store.write().await.expect("tx");
    store::lock(&mut tx, id).await.expect("read").expect("the policy")
}

/// The policy's next version says this.
async fn change(w: &Fixture, package: PackageId, edit: impl FnOnce(&mut PolicyTerms)) -> store::PolicyNow {
    let policy = current(w, package).await;
    let now = w.app.clock.now();
    let mut terms = policy.terms.clone();
    edit(&mut terms);
    let mut tx = w.app.store.write().await.expect("tx");
    let version = PolicyVersionId(w.app.ids.id(now));
    let by = Some(id_of(&w.admin));
    assert!(store::replace(&mut tx, &policy, version, &terms, by, now).await.expect("replaced"));
    tx.commit().await.expect("commit");
    let mut tx = w.app.store.write().await.expect("tx");
    let again = PolicyVersionId(w.app.ids.id(now));
    assert!(
        !store::replace(&mut tx, &policy, again, &terms, by, now).await.expect("answer"),
        "changed since it was read"
    );
    drop(tx);
    current(w, package).await
}

async fn f065_a_new_version_leaves_the_old_one_whole(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let first = current(&w, package).await;
    assert_eq!((first.number, first.version), (1, 1));
    assert_eq!(first.terms.subjects, [SubjectSet::User(id_of(&w.user))]);
    let second = change(&w, package, |terms| {
        terms.description = "For the spring".into();
        terms.approval = ApprovalTerms {
            required_for_add: true,
            stages: vec![StageTerms {
                approvers: vec![SubjectSet::User(id_of(&w.admin))],
                ..StageTerms::default()
            }],
            ..ApprovalTerms::default()
        };
    })
    .await;
    assert_eq!((second.number, second.version), (2, 2));
    assert_eq!(second.terms.approval.stages[0].approvers, [SubjectSet::User(id_of(&w.admin))]);
    let mut tx = w.app.store.read().await.expect("tx");
    let kept = store::version(&mut tx, first.version_id).await.expect("read").expect("there");
    assert_eq!(kept, (1, first.terms));
}

async fn f081_requests_and_assignments_name_the_version_they_were_made_under(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let first = current(&w, package).await;
    let form = SubmitForm::new(package, String::new());
    let request = my_access::submit(&w.app, &w.user, &form).await.expect("submitted");
    change(&w, package, |terms| {
        terms.lifecycle.expires = crate::domain::expiration::Expiration::Days(1)
    })
    .await;
    crate::worker::drain(&w.app).await.expect("delivered");
    let sql = "SELECT count(*) FROM requests r JOIN assignments a ON a.request_id = r.id
        WHERE r.policy_version_id = a.policy_version_id AND r.policy_version_id = $1";
    let mut tx = w.app.store.read().await.expect("tx");
    let both: i64 = tx.value(sql, crate::args![first.version_id]).await.expect("count");
    assert_eq!(both, 1);
    drop(tx);
    let detail = requests::get(&w.app, &w.admin, request).await.expect("request");
    assert_eq!(
        detail.ends_at,
        Some(w.app.clock.now() + Duration::days(30)),
        "as when it was asked for"
    );
}

/// A8.
async fn which_policies_name_a_user_or_group_is_known(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let sales = w.group("Sales", false).await;
    change(&w, package, |terms| {
        terms.subjects.push(SubjectSet::GroupMembers(sales.id));
        terms.approval = ApprovalTerms {
            required_for_add: true,
            stages: vec![StageTerms {
                approvers: vec![SubjectSet::RequestorManager(1)],
                fallbacks: vec![SubjectSet::User(id_of(&w.user))],
                ..StageTerms::default()
            }],
            ..ApprovalTerms::default()
        };
    })
    .await;
    let named = async |subject| {
        let found = naming(&w.app, &w.admin, subject).await.expect("an answer");
        found
            .into_iter()
            .map(|found| (found.package.name, found.policy.name, found.purpose, found.stage, found.alone))
            .collect::<Vec<_>>()
    };
    let of = |purpose, stage, alone| ("Marketing Campaign".to_owned(), "Initial Policy".to_owned(), purpose, stage, alone);
    assert_eq!(named(Subject::Group(sales.id)).await, [of(Purpose::Requestor, 0, false)]);
    assert_eq!(
        named(Subject::User(id_of(&w.user))).await,
        [of(Purpose::Requestor, 0, false), of(Purpose::FallbackApprover, 1, true)]
    );
    assert_eq!(named(Subject::User(id_of(&w.admin))).await, []);
    let refused = naming(&w.app, &w.user, Subject::Group(sales.id)).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    // Whoever approves may not request by that.
    let other = w.person("Other", DirectoryRole::User).await;
    change(&w, package, |terms| {
        terms.approval.stages[0].fallbacks = vec![SubjectSet::User(id_of(&other))]
    })
    .await;
    let form = SubmitForm::new(package, String::new());
    let refused = my_access::submit(&w.app, &other, &form).await;
    assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.rule == "not-in-scope"));
}

/// A8.
async fn erasing_a_user_takes_them_out_of_policies_and_says_so(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let first = current(&w, package).await;
    users::delete(&w.app, &w.admin, id_of(&w.user), 1).await.expect("deleted");
    w.bench.clock.advance(Duration::days(30));
    assert_eq!(users::erase_deleted(&w.app).await.expect("erased"), 1);
    let policy = current(&w, package).await;
    assert_eq!((policy.number, policy.terms.subjects.len()), (2, 0));
    let mut tx = w.app.store.read().await.expect("tx");
    let (_, kept) = store::version(&mut tx, first.version_id).await.expect("read").expect("there");
    assert_eq!(
        kept.subjects,
        [SubjectSet::User(id_of(&w.user))],
        "what the policy said then is not forgotten"
    );
    let details: Vec<String> = tx
        .column("SELECT detail FROM audit WHERE activity = 'update_policy'", Vec::new())
        .await
        .expect("the trail");
    assert!(details.len() == 1 && details[0].contains("lacks somebody"), "{details:?}");
}
