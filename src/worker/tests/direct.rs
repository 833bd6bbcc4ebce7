//! Direct assignment: administrators give a package to people without their asking.

use super::*;
use crate::domain::access::{HeldRole, Role};
use crate::domain::approval::ApprovalTerms;
use crate::domain::assignment::DirectForm;
use crate::domain::bulk::ItemResult;
use crate::domain::id::{PolicyId, QuestionId};
use crate::domain::notification::NotificationKind;
use crate::domain::question::Question;
use crate::domain::request::GivenAnswer;
use crate::domain::validate::Code;
use crate::service::users;

both_databases!(
    f116_two_people_are_assigned_at_once,
    f116_whoever_cannot_be_assigned_is_told_why,
    f116_f080_a_later_start_is_scheduled,
    f070_a_policy_for_nobody_is_assigned_directly_alone,
    f119_an_assignment_manager_does_not_pass_over_an_approval,
    f117_a_policy_with_questions_takes_one_person_and_keeps_the_answers,
    f166_nobody_is_asked_to_approve,
);

impl Fixture {
    /// A package of the fixture's role with these terms, and its policy.
    async fn package_under(&self, name: &'static str, terms: &PolicyTerms) -> (PackageId, PolicyId) {
        let id = package(self.app(), name, &[self.role], None).await;
        let body = serde_json::to_value(terms).expect("terms");
        self.exec(
            "UPDATE policy_versions SET body = $1 WHERE policy_id IN (SELECT id FROM policies WHERE package_id = $2)",
            args![body, id],
        )
        .await;
        self.exec(
            "UPDATE policies SET scope = $1, enabled = $2 WHERE package_id = $3",
            args![terms.scope.as_str(), terms.requestor.enabled, id],
        )
        .await;
        let mut tx = self.app().store.read().await.expect("tx");
        let policy: uuid::Uuid = tx
            .value("SELECT id FROM policies WHERE package_id = $1", args![id])
            .await
            .expect("a policy");
        (id, policy.into())
    }

    async fn assign(&self, who: &Principal, form: &DirectForm) -> Result<Vec<ItemResult<UserId>>, Error> {
        assignments::assign(self.app(), who, form).await
    }

    /// Somebody who holds this role in the package's catalog.
    async fn holder(&self, role: Role, package: PackageId) -> Principal {
        let mut tx = self.app().store.read().await.expect("tx");
        let sql = "SELECT catalog_id FROM packages WHERE id = $1";
        let catalog: uuid::Uuid = tx.value(sql, args![package]).await.expect("a catalog");
        let mut holder = self.stranger.clone();
        holder.roles.push(HeldRole {
            role,
            catalog: Some(catalog.into()),
        });
        holder
    }

    async fn notified(&self, kind: NotificationKind) -> i64 {
        let mut tx = self.app().store.read().await.expect("tx");
        let sql = "SELECT count(*) FROM notifications WHERE kind = $1";
        tx.value(sql, args![kind.as_str()]).await.expect("a count")
    }

    async fn requests_of(&self, package: PackageId) -> Vec<crate::domain::request::RequestItem> {
        let query = RequestQuery {
            kind: None,
            policy: None,
            package,
            filter: RequestFilter::All,
            search: String::new(),
            page: PageQuery::default(),
        };
        requests::list(self.app(), &self.admin, &query).await.expect("requests").items
    }
}

fn form((package, policy): (PackageId, PolicyId), users: &[UserId]) -> DirectForm {
    DirectForm {
        package,
        policy: Some(policy),
        users: users.to_vec(),
        asked_from: String::new(),
        asked_until: String::new(),
        justification: "They start on Monday".into(),
        answers: Vec::new(),
        language: String::new(),
    }
}

fn everyone() -> PolicyTerms {
    terms(Scope::AllUsers, Expiration::Days(30))
}

fn rules(results: &[ItemResult<UserId>]) -> Vec<(UserId, Option<&str>)> {
    results
        .iter()
        .map(|result| (result.id, result.refused.as_ref().map(|refusal| refusal.rule.as_str())))
        .collect()
}

fn refused<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(other) => panic!("expected a refusal, got {other}"),
        Ok(_) => panic!("expected a refusal"),
    }
}

async fn f116_two_people_are_assigned_at_once(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let under = world.package_under("Given", &everyone()).await;
    let (one, two) = (id_of(&world.requestor), id_of(&world.stranger));
    let end = world.app().clock.now() + Duration::days(10);
    let mut given = form(under, &[one, two]);
    given.asked_until = end.to_rfc3339();
    assert_eq!(refused(world.assign(&world.requestor, &given).await), "needs-role");
    let results = world.assign(&world.admin, &given).await.expect("assigned");
    assert!(results.iter().all(|result| result.refused.is_none()), "{results:?}");
    world.work().await;
    let rows = world.assignments_of(under.0, AssignmentFilter::Delivered).await;
    assert_eq!(rows.iter().map(|row| row.ends_at).collect::<Vec<_>>(), [Some(end), Some(end)]);
    assert!(world.is_member(one).await && world.is_member(two).await);
    for item in world.requests_of(under.0).await {
        assert_eq!((item.kind, item.state), (RequestKind::AdminAdd, RequestState::Delivered));
        let detail = requests::get(world.app(), &world.admin, item.id).await.expect("a request");
        assert_eq!(
            (detail.requestor.name.as_str(), detail.justification.as_str()),
            ("Admin1", "They start on Monday")
        );
        let titles: Vec<_> = detail.events.iter().map(|event| event.title.as_str()).collect();
        assert_eq!(titles, ["Assigned", "Delivering", "Delivered"]);
    }
    world.sound().await;
}

async fn f116_whoever_cannot_be_assigned_is_told_why(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let under = world.package_under("Given", &everyone()).await;
    let (has, asked) = (id_of(&world.requestor), id_of(&world.stranger));
    let blocked = id_of(&person(world.app(), "Blocked", UserKind::Member).await);
    let deleted = id_of(&person(world.app(), "Deleted", UserKind::Member).await);
    let guest = id_of(&person(world.app(), "Guest", UserKind::Guest).await);
    let good = id_of(&person(world.app(), "Good", UserKind::Member).await);
    world.submit(&world.requestor, under.0).await.expect("submitted");
    world.work().await;
    world.submit(&world.stranger, under.0).await.expect("submitted");
    users::set_enabled(world.app(), &world.admin, blocked, 1, false)
        .await
        .expect("blocked");
    users::delete(world.app(), &world.admin, deleted, 1).await.expect("deleted");
    let all = [has, asked, blocked, deleted, guest, good, unknown().into()];
    let results = world.assign(&world.admin, &form(under, &all)).await.expect("told");
    let told = rules(&results);
    let rule = |user: UserId| told.iter().find(|(id, _)| *id == user).and_then(|(_, rule)| *rule);
    assert_eq!(rule(has), Some("already-assigned"));
    assert_eq!(rule(asked), Some("already-requested"));
    assert_eq!(rule(blocked), Some("user-blocked"));
    assert_eq!(rule(deleted), Some("user-deleted"));
    assert_eq!(rule(guest), Some("guest-not-allowed"));
    assert_eq!(rule(all[6]), Some("user-gone"));
    assert_eq!(rule(good), None);
    world.work().await;
    let rows = world.assignments_of(under.0, AssignmentFilter::Delivered).await;
    assert!(rows.iter().any(|row| row.target.id == good), "the others stop nobody");
    assert!(!rows.iter().any(|row| row.target.id == guest));

    // A policy for specific people: whom it does not name is told.
    let policy = world.assignments(AssignmentFilter::All).await;
    assert_eq!(policy, []);
    let mut tx = world.app().store.read().await.expect("tx");
    let sql = "SELECT id FROM policies WHERE package_id = $1";
    let specific: uuid::Uuid = tx.value(sql, args![world.package]).await.expect("a policy");
    drop(tx);
    let under = (world.package, specific.into());
    let results = world.assign(&world.admin, &form(under, &[good, has])).await.expect("told");
    let told = rules(&results);
    assert!(
        told.contains(&(good, Some("not-in-scope"))) && told.contains(&(has, None)),
        "{told:?}"
    );

    // Faults of the form stand at its fields, and nothing is done.
    let before = world.requests_of(under.0).await.len();
    let mut late = form(under, &[good]);
    late.asked_until = (world.app().clock.now() - Duration::days(1)).to_rfc3339();
    let faults = match world.assign(&world.admin, &late).await {
        Err(Error::Invalid(faults)) => faults,
        other => panic!("expected faults, got {other:?}"),
    };
    assert_eq!((faults[0].path.as_str(), &faults[0].code), ("asked_until", &Code::InThePast));
    let foreign = form((under.0, unknown().into()), &[good]);
    assert!(matches!(world.assign(&world.admin, &foreign).await, Err(Error::Invalid(_))));
    assert_eq!(world.requests_of(under.0).await.len(), before);
    world.work().await;
    world.sound().await;
}

async fn f116_f080_a_later_start_is_scheduled(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let under = world.package_under("Given", &everyone()).await;
    let person = id_of(&world.requestor);
    let start = world.app().clock.now() + Duration::days(3);
    let mut later = form(under, &[person]);
    later.asked_from = start.to_rfc3339();
    world.assign(&world.admin, &later).await.expect("assigned");
    world.work().await;
    assert_eq!(world.requests_of(under.0).await[0].state, RequestState::Scheduled);
    assert!(!world.is_member(person).await);
    world.sound().await;
    world.bench.clock.advance(Duration::days(3));
    world.work().await;
    assert_eq!(world.requests_of(under.0).await[0].state, RequestState::Delivered);
    let row = world.assignments_of(under.0, AssignmentFilter::Delivered).await.remove(0);
    assert_eq!((row.starts_at, row.ends_at), (start, Some(start + Duration::days(30))));
    assert!(world.is_member(person).await);
    world.sound().await;
}

async fn f070_a_policy_for_nobody_is_assigned_directly_alone(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let mut nobody = terms(Scope::Nobody, Expiration::Days(30));
    nobody.lifecycle.extension_allowed = false;
    let under = world.package_under("Direct only", &nobody).await;
    assert!(world.submit(&world.requestor, under.0).await.is_err(), "nobody can ask");
    let results = world
        .assign(&world.admin, &form(under, &[id_of(&world.requestor)]))
        .await
        .expect("assigned");
    assert_eq!(rules(&results), [(id_of(&world.requestor), None)]);
    world.work().await;
    assert!(world.is_member(id_of(&world.requestor)).await);

    // Disabled as well: nobody is assigned, and the page says why.
    nobody.requestor.enabled = false;
    let under = world.package_under("Closed", &nobody).await;
    let form = form(under, &[id_of(&world.stranger)]);
    assert_eq!(refused(world.assign(&world.admin, &form).await), "policy-disabled");
    let options = assignments::options(world.app(), &world.admin, under.0, "").await.expect("options");
    let rule = options.policies[0].permission.refusal().map(|refusal| refusal.rule.as_str());
    assert_eq!(rule, Some("policy-disabled"));
    assert!(world.requests_of(under.0).await.is_empty());
    world.sound().await;
}

fn with_approval() -> PolicyTerms {
    PolicyTerms {
        approval: ApprovalTerms {
            required_for_add: true,
            ..ApprovalTerms::default()
        },
        ..everyone()
    }
}

async fn f119_an_assignment_manager_does_not_pass_over_an_approval(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let under = world.package_under("Decided", &with_approval()).await;
    let form = form(under, &[id_of(&world.requestor)]);
    let manager = world.holder(Role::AssignmentManager, under.0).await;
    assert_eq!(refused(world.assign(&manager, &form).await), "needs-approval");
    let offered = |options: crate::domain::assignment::DirectOptions| options.policies[0].permission.is_allowed();
    assert!(!offered(
        assignments::options(world.app(), &manager, under.0, "").await.expect("options")
    ));
    assert!(world.requests_of(under.0).await.is_empty());

    // Where nobody has to decide, they assign; and whoever may change the policy passes over it.
    let free = world.package_under("Free", &everyone()).await;
    let manager = world.holder(Role::AssignmentManager, free.0).await;
    let free = DirectForm {
        package: free.0,
        policy: Some(free.1),
        ..form.clone()
    };
    world.assign(&manager, &free).await.expect("assigned");
    let owner = world.holder(Role::CatalogOwner, under.0).await;
    assert!(offered(
        assignments::options(world.app(), &owner, under.0, "").await.expect("options")
    ));
    world.assign(&owner, &form).await.expect("assigned");
    world.work().await;
    assert_eq!(world.assignments_of(under.0, AssignmentFilter::Delivered).await.len(), 1);
    world.sound().await;
}

async fn f166_nobody_is_asked_to_approve(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let under = world.package_under("Decided", &with_approval()).await;
    world
        .assign(&world.admin, &form(under, &[id_of(&world.requestor)]))
        .await
        .expect("assigned");
    world.work().await;
    assert_eq!(world.requests_of(under.0).await[0].state, RequestState::Delivered);
    use NotificationKind::*;
    for kind in [
        ApprovalRequested,
        ApprovalForwarded,
        ApprovalReminder,
        ApprovalExpired,
        ApprovalGiven,
        RequestDenied,
    ] {
        assert_eq!(world.notified(kind).await, 0, "{kind:?}");
    }
}

async fn f117_a_policy_with_questions_takes_one_person_and_keeps_the_answers(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let question = Question {
        id: QuestionId(uuid::Uuid::from_u128(7)),
        text: "Which project?".into(),
        required: true,
        ..Question::default()
    };
    let asking = PolicyTerms {
        questions: vec![question.clone()],
        ..everyone()
    };
    let under = world.package_under("Asked", &asking).await;
    let faults = async |form: &DirectForm| match world.assign(&world.admin, form).await {
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| (fault.path, fault.code)).collect::<Vec<_>>(),
        other => panic!("expected faults, got {other:?}"),
    };
    let mut one = form(under, &[id_of(&world.requestor)]);
    assert_eq!(faults(&one).await, [("answers.0".to_owned(), Code::Required)]);
    one.answers = vec![GivenAnswer {
        question: question.id,
        value: "Aurora".into(),
    }];
    let mut two = one.clone();
    two.users.push(id_of(&world.stranger));
    assert_eq!(faults(&two).await, [("users".to_owned(), Code::TooMany(1))]);
    world.assign(&world.admin, &one).await.expect("assigned");
    world.work().await;
    let item = world.requests_of(under.0).await.remove(0);
    let detail = requests::get(world.app(), &world.admin, item.id).await.expect("a request");
    let kept: Vec<_> = detail
        .answers
        .iter()
        .map(|answer| (answer.text.as_str(), answer.value.as_str()))
        .collect();
    assert_eq!(kept, [("Which project?", "Aurora")]);
    world.sound().await;
}
