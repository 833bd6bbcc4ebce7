//! Policies made and changed on both databases: what was asked for and given keeps its terms, the trail says the change in words, and
//! nobody overwrites another's.

use chrono::Duration;

use super::{create, delete, get, order, restore, set_enabled, update, versions};
use crate::both_databases;
use crate::domain::approval::ApproverDetails;
use crate::domain::expiration::Expiration;
use crate::domain::group::GroupRole;
use crate::domain::id::{PackageId, PolicyId};
use crate::domain::object::Subject;
use crate::domain::policy::{ApproverKind, ApproversForm, Audience, PolicyForm, QuestionForm, RequestsForm, Scope, StageForm};
use crate::domain::request::{PolicyFit, SubmitForm};
use crate::domain::subject::SubjectSet;
use crate::domain::user::DirectoryRole;
use crate::domain::validate::Code;
use crate::service::packages::tests::world::{Fixture, faults, rule};
use crate::service::{Error, groups, my_access, packages, requests};
use crate::testing::{TestApp, id_of};

both_databases!(
    f065_a_second_policy_has_its_own_scope_approval_and_lifecycle,
    f066_an_update_makes_a_version_and_says_in_the_trail_what_changed,
    f081_an_edit_leaves_requests_and_end_dates_alone_and_new_ones_follow_it,
    f067_a_policy_with_assignments_or_open_requests_is_not_deleted_and_an_unused_one_is,
    f072_a_disabled_policy_takes_no_requests_and_leaves_access_alone,
    f066_two_windows_on_one_policy_cannot_overwrite_each_other,
    f066_an_earlier_version_is_restored_as_a_new_one,
    f073_policies_are_put_into_an_order,
    f066_faults_that_only_the_directory_knows_stand_at_their_fields,
    f085_a_policy_under_which_a_request_could_only_time_out_says_so,
    f068_f070_f071_f072_the_simulator_answers_as_a_request_would,
    f068_f069_f071_a_policy_says_how_many_fall_under_it,
);

/// A form for all members, 30 days, without approval.
fn form(name: &str) -> PolicyForm {
    PolicyForm {
        name: name.into(),
        requests: RequestsForm {
            audience: Some(Audience::InDirectory),
            scope: Some(Scope::AllMembers),
            ..RequestsForm::default()
        },
        ..PolicyForm::default()
    }
}

/// The same with one stage of these approvers.
fn approved_by(name: &str, people: &[Subject]) -> PolicyForm {
    let mut form = form(name);
    form.requests.approval = true;
    form.requests.approver_details = ApproverDetails::Shown;
    form.requests.stages = vec![StageForm {
        asked: ApproversForm {
            kind: Some(ApproverKind::Specific),
            people: people.to_vec(),
            ..ApproversForm::default()
        },
        ..StageForm::default()
    }];
    form
}

async fn initial(w: &Fixture, package: PackageId) -> PolicyId {
    packages::get(&w.app, &w.admin, package).await.expect("package").policies[0].id
}

/// The policy's form as its editor opens it, and its version.
async fn opened(w: &Fixture, id: PolicyId) -> (PolicyForm, i64) {
    let detail = get(&w.app, &w.admin, id).await.expect("a policy");
    (PolicyForm::from(&detail.terms).named(detail.name), detail.version)
}

async fn f065_a_second_policy_has_its_own_scope_approval_and_lifecycle(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let mut second = approved_by("For everybody", &[Subject::User(id_of(&w.admin))]);
    second.lifecycle.days = "7".into();
    second.requests.questions = vec![
        QuestionForm {
            text: "Which branch?".into(),
            ..QuestionForm::default()
        };
        2
    ];
    let id = create(&w.app, &w.admin, package, &second).await.expect("a policy");
    let listed = packages::get(&w.app, &w.admin, package).await.expect("package").policies;
    let rows: Vec<_> = listed
        .iter()
        .map(|policy| (policy.name.as_str(), policy.scope, policy.stages, policy.expiration))
        .collect();
    assert_eq!(
        rows,
        [
            ("Initial Policy", Scope::Specific, 0, Expiration::Days(30)),
            ("For everybody", Scope::AllMembers, 1, Expiration::Days(7))
        ]
    );
    let kept = get(&w.app, &w.admin, id).await.expect("the policy");
    assert_eq!(kept.terms.approval.stages[0].approvers, [SubjectSet::User(id_of(&w.admin))]);
    assert!(kept.terms.requestor.justification_required);
    let questions = &kept.terms.questions;
    assert!(questions.len() == 2 && questions[0].id != questions[1].id && !questions[0].id.0.is_nil());
    assert_eq!(kept.subjects[0].name, "Admin1");
    assert_eq!(
        faults(create(&w.app, &w.admin, package, &form("initial POLICY")).await),
        [("name".into(), Code::Taken)]
    );
    let stranger = create(&w.app, &w.user, package, &form("Mine")).await;
    assert!(matches!(stranger, Err(Error::Refused(_))));
}

async fn f066_an_update_makes_a_version_and_says_in_the_trail_what_changed(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let id = initial(&w, package).await;
    let (mut form, version) = opened(&w, id).await;
    form.name = "First Policy".into();
    form.lifecycle.days = "7".into();
    assert_eq!(update(&w.app, &w.admin, id, version, &form).await.expect("updated"), version + 1);
    let found = versions(&w.app, &w.admin, id).await.expect("versions");
    assert_eq!(found.policy.name, "First Policy");
    let numbers: Vec<_> = found
        .versions
        .iter()
        .map(|version| (version.number, version.terms.lifecycle.expires))
        .collect();
    assert_eq!(numbers, [(2, Expiration::Days(7)), (1, Expiration::Days(30))]);
    assert_eq!(found.versions[0].created_by.as_deref(), Some("Admin1"));
    let mut tx = w.app.store.read().await.expect("tx");
    let changes: Vec<String> = tx
        .column("SELECT CAST(changes AS TEXT) FROM audit WHERE activity = 'update_policy'", vec![])
        .await
        .expect("the trail");
    assert_eq!(changes.len(), 1);
    for said in ["First Policy", "Access package assignments expire", "After 30 days", "After 7 days"] {
        assert!(changes[0].contains(said), "{said} in {}", changes[0]);
    }
}

async fn f081_an_edit_leaves_requests_and_end_dates_alone_and_new_ones_follow_it(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let id = initial(&w, package).await;
    let now = w.app.clock.now();
    my_access::submit(&w.app, &w.user, &SubmitForm::new(package, ""))
        .await
        .expect("submitted");
    let (mut form, version) = opened(&w, id).await;
    form.lifecycle.days = "1".into();
    form.requests.scope = Some(Scope::AllMembers);
    update(&w.app, &w.admin, id, version, &form).await.expect("updated");
    while crate::worker::drain(&w.app).await.expect("drained") > 0 {}
    let other = w.person("Requestor2", DirectoryRole::User).await;
    my_access::submit(&w.app, &other, &SubmitForm::new(package, ""))
        .await
        .expect("submitted");
    while crate::worker::drain(&w.app).await.expect("drained") > 0 {}
    for (user, days) in [(&w.user, 30), (&other, 1)] {
        let mut tx = w.app.store.read().await.expect("tx");
        let end: chrono::DateTime<chrono::Utc> = tx
            .value("SELECT ends_at FROM assignments WHERE target_id = $1", crate::args![id_of(user)])
            .await
            .expect("an end");
        assert_eq!(end, now + Duration::days(days));
    }
}

async fn f067_a_policy_with_assignments_or_open_requests_is_not_deleted_and_an_unused_one_is(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let first = initial(&w, package).await;
    my_access::submit(&w.app, &w.user, &SubmitForm::new(package, ""))
        .await
        .expect("submitted");
    assert_eq!(rule(delete(&w.app, &w.admin, first, 1).await), "policy-requested");
    while crate::worker::drain(&w.app).await.expect("drained") > 0 {}
    let refused = delete(&w.app, &w.admin, first, 1).await;
    assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.reason.contains("Requestor1 (requestor1)")));
    let shown = get(&w.app, &w.admin, first).await.expect("a policy");
    assert_eq!((shown.assignments, shown.delete.is_allowed()), (1, false));

    let second = create(&w.app, &w.admin, package, &form("For everybody")).await.expect("a policy");
    let other = w.person("Requestor2", DirectoryRole::User).await;
    delete(&w.app, &w.admin, second, 1).await.expect("deleted");
    assert!(matches!(get(&w.app, &w.admin, second).await, Err(Error::NotFound)));
    assert!(matches!(delete(&w.app, &w.admin, second, 2).await, Err(Error::NotFound)));
    let refused = my_access::submit(&w.app, &other, &SubmitForm::new(package, "")).await;
    assert!(refused.is_err(), "nobody requests under a policy that is gone");
    assert_eq!(packages::get(&w.app, &w.admin, package).await.expect("package").policies.len(), 1);
    create(&w.app, &w.admin, package, &form("For everybody"))
        .await
        .expect("its name is free again");
}

async fn f072_a_disabled_policy_takes_no_requests_and_leaves_access_alone(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let id = initial(&w, package).await;
    my_access::submit(&w.app, &w.user, &SubmitForm::new(package, ""))
        .await
        .expect("submitted");
    while crate::worker::drain(&w.app).await.expect("drained") > 0 {}
    let (mut form, version) = opened(&w, id).await;
    form.requests.scope = Some(Scope::AllMembers);
    let version = update(&w.app, &w.admin, id, version, &form).await.expect("updated");
    let version = set_enabled(&w.app, &w.admin, id, version, false).await.expect("disabled");
    let other = w.person("Requestor2", DirectoryRole::User).await;
    assert!(my_access::submit(&w.app, &other, &SubmitForm::new(package, "")).await.is_err());
    let held = w.count("SELECT count(*) FROM assignments WHERE state = 'delivered'").await;
    assert_eq!(held, 1);
    set_enabled(&w.app, &w.admin, id, version, true).await.expect("enabled");
    my_access::submit(&w.app, &other, &SubmitForm::new(package, ""))
        .await
        .expect("submitted");
    assert_eq!(versions(&w.app, &w.admin, id).await.expect("versions").versions.len(), 4);
}

async fn f066_two_windows_on_one_policy_cannot_overwrite_each_other(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let id = initial(&w, package).await;
    let (mut form, version) = opened(&w, id).await;
    form.lifecycle.days = "7".into();
    update(&w.app, &w.admin, id, version, &form).await.expect("updated");
    form.lifecycle.days = "9".into();
    let late = update(&w.app, &w.admin, id, version, &form).await;
    assert!(matches!(late, Err(Error::Conflict(text)) if text.contains("Admin1") && text.contains("After 7 days")));
    assert!(matches!(
        set_enabled(&w.app, &w.admin, id, version, false).await,
        Err(Error::Conflict(_))
    ));
    assert!(matches!(delete(&w.app, &w.admin, id, version).await, Err(Error::Conflict(_))));
    assert!(matches!(restore(&w.app, &w.admin, id, version, 1).await, Err(Error::Conflict(_))));
}

async fn f066_an_earlier_version_is_restored_as_a_new_one(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let id = initial(&w, package).await;
    let before = get(&w.app, &w.admin, id).await.expect("a policy").terms;
    let (mut form, version) = opened(&w, id).await;
    form.requests.scope = Some(Scope::AllUsers);
    form.lifecycle.days = "7".into();
    let version = update(&w.app, &w.admin, id, version, &form).await.expect("updated");
    assert!(matches!(restore(&w.app, &w.admin, id, version, 9).await, Err(Error::NotFound)));
    restore(&w.app, &w.admin, id, version, 1).await.expect("restored");
    let now = get(&w.app, &w.admin, id).await.expect("a policy");
    assert_eq!((now.number, now.terms), (3, before));
    // Whom it named may be gone by then.
    let other = w.person("Requestor2", DirectoryRole::User).await;
    let (mut form, version) = opened(&w, id).await;
    form.requests.subjects = vec![Subject::User(id_of(&other))];
    let version = update(&w.app, &w.admin, id, version, &form).await.expect("updated");
    w.delete("users", id_of(&w.user)).await;
    let outdated = restore(&w.app, &w.admin, id, version, 1).await;
    assert!(matches!(outdated, Err(Error::Refused(refusal)) if refusal.rule == "version-outdated" && refusal.reason.contains("is gone")));
}

async fn f073_policies_are_put_into_an_order(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let first = initial(&w, package).await;
    let second = create(&w.app, &w.admin, package, &form("Second")).await.expect("a policy");
    order(&w.app, &w.admin, package, &[second, first]).await.expect("in order");
    let listed = packages::get(&w.app, &w.admin, package).await.expect("package").policies;
    assert_eq!(listed.iter().map(|policy| policy.id).collect::<Vec<_>>(), [second, first]);
    let short = order(&w.app, &w.admin, package, &[second]).await;
    assert!(matches!(short, Err(Error::Conflict(_))));
    let twice = order(&w.app, &w.admin, package, &[second, second]).await;
    assert!(matches!(twice, Err(Error::Conflict(_))));
}

async fn f066_faults_that_only_the_directory_knows_stand_at_their_fields(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let gone = w.person("Approver1", DirectoryRole::User).await;
    w.delete("users", id_of(&gone)).await;
    let found = faults(create(&w.app, &w.admin, package, &approved_by("Approved", &[Subject::User(id_of(&gone))])).await);
    assert_eq!(found, [("requests.stages.0.approvers".into(), Code::Gone)]);
    let mut form = approved_by("", &[Subject::User(id_of(&w.admin))]);
    form.lifecycle.days = "0".into();
    let paths: Vec<_> = faults(create(&w.app, &w.admin, package, &form).await)
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(paths, ["name", "lifecycle.days"]);
}

async fn f085_a_policy_under_which_a_request_could_only_time_out_says_so(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let form = approved_by("Approved", &[Subject::User(id_of(&w.admin))]);
    let id = create(&w.app, &w.admin, package, &form).await.expect("a policy");
    let warnings = get(&w.app, &w.admin, id).await.expect("a policy").warnings;
    assert!(
        warnings.len() == 1 && warnings[0].contains("a request by Admin1 could only time out"),
        "{warnings:?}"
    );
    let empty = w.group("Nobody yet", false).await;
    let form = approved_by("By nobody", &[Subject::Group(empty.id)]);
    let id = create(&w.app, &w.admin, package, &form).await.expect("a policy");
    let warnings = get(&w.app, &w.admin, id).await.expect("a policy").warnings;
    assert!(warnings.len() == 1 && warnings[0].starts_with("Stage 1: too few"), "{warnings:?}");
}

async fn f068_f069_f071_a_policy_says_how_many_fall_under_it(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let first = initial(&w, package).await;
    let everybody = create(&w.app, &w.admin, package, &form("For everybody")).await.expect("a policy");
    let count = async |id| get(&w.app, &w.admin, id).await.expect("a policy").in_scope;
    assert_eq!((count(first).await, count(everybody).await), (1, 2));
    let team = w.group("Team", false).await;
    let people = [id_of(&w.admin), id_of(&w.user)];
    groups::add_members(&w.app, &w.admin, team.id, GroupRole::Member, &people)
        .await
        .expect("members");
    let (mut form, version) = opened(&w, first).await;
    form.requests.subjects.push(Subject::Group(team.id));
    update(&w.app, &w.admin, first, version, &form).await.expect("updated");
    assert_eq!(count(first).await, 2, "each once");
    w.delete("users", id_of(&w.user)).await;
    assert_eq!((count(first).await, count(everybody).await), (1, 1));
}

async fn f068_f070_f071_f072_the_simulator_answers_as_a_request_would(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Marketing Campaign", &[]).await;
    let other = w.person("Requestor2", DirectoryRole::User).await;
    let try_as = async |user| {
        requests::simulate(&w.app, &w.admin, package, id_of(user), None)
            .await
            .expect("an answer")
    };
    let named = try_as(&w.user).await;
    assert!(named.request.is_allowed() && named.listed.is_allowed() && named.stages.is_empty());
    assert_eq!(named.policy.map(|policy| policy.name).as_deref(), Some("Initial Policy"));
    assert_eq!(named.ends_at, Some(w.app.clock.now() + Duration::days(30)));
    assert!(!try_as(&other).await.request.is_allowed(), "nobody but those whom the policy names");

    let mut second = approved_by("For everybody", &[Subject::User(id_of(&w.admin))]);
    second.requests.justification = true;
    let id = create(&w.app, &w.admin, package, &second).await.expect("a policy");
    let covered = try_as(&other).await;
    assert_eq!(covered.policy.as_ref().map(|policy| policy.id), Some(id));
    assert_eq!(
        (covered.stages.len(), covered.stages[0].decided_by),
        (1, w.app.clock.now() + Duration::days(14))
    );
    let fits: Vec<PolicyFit> = covered.policies.iter().map(|verdict| verdict.fit).collect();
    assert_eq!(fits, [PolicyFit::NotInScope, PolicyFit::Applies]);
    let most_particular = try_as(&w.user).await;
    assert_eq!(most_particular.policies[1].fit, PolicyFit::LowerPriority);
    set_enabled(&w.app, &w.admin, id, 1, false).await.expect("disabled");
    assert!(!try_as(&other).await.request.is_allowed());
    assert_eq!(w.count("SELECT count(*) FROM requests").await, 0, "nothing is written");
    let refused = requests::simulate(&w.app, &w.user, package, id_of(&other), None).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}
