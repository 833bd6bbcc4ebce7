//! Making a request: under which policy, for whom, with which answers, from when and until when; and whether it would work.

use super::*;
use crate::both_databases;
use crate::domain::approval::{ApproverDetails, StageTerms};
use crate::domain::id::PolicyId;
use crate::domain::request::{GivenAnswer, PaneQuery, PolicyFit, RequestKind};
use crate::domain::subject::SubjectSet;
use crate::domain::validate::Code;
use crate::service::approvals::tests::world::stage;
use crate::service::incompatibilities::Reader;
use crate::service::packages::tests::world::{faults, rule};
use crate::service::{approvals, requests};
use crate::testing::TestApp;

both_databases!(
    f073_f074_the_most_particular_policy_applies_and_equals_are_chosen_among,
    f079_an_end_that_is_asked_for_is_the_end,
    f080_access_that_begins_tomorrow_is_scheduled_and_given_then,
    f096_a_justification_that_the_policy_asks_for_is_required,
    f105_f106_f107_f108_f109_answers_are_checked_kept_as_asked_and_shown_to_approvers,
    f143_a_manager_asks_for_a_report_and_nobody_else_does,
    f142_would_it_work_says_what_submit_does,
    f102_approvers_are_named_where_the_policy_or_the_tenant_says_so,
    f150_what_a_package_gives_is_shown_to_whom_the_tenant_says,
);

fn pane(w: &World) -> PaneQuery {
    PaneQuery::new(w.package)
}

async fn f073_f074_the_most_particular_policy_applies_and_equals_are_chosen_among(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    w.another_policy("For all", "all_members").await;
    let shown = my_access::request_pane(app, me, &pane(&w), "").await.expect("a pane");
    assert_eq!(shown.asks.expect("one applies").policy.name, "Initial Policy");
    w.fixture.exec("UPDATE policies SET scope = 'specific'", args![]).await;
    let shown = my_access::request_pane(app, me, &pane(&w), "").await.expect("a pane");
    let names: Vec<_> = shown.policies.iter().map(|policy| policy.name.as_str()).collect();
    assert_eq!((names, shown.asks), (vec!["Initial Policy", "For all"], None));
    let expected = Code::ChooseOne(vec!["Initial Policy".into(), "For all".into()]);
    assert_eq!(faults(w.submit(me, &w.form()).await), [("policy".to_owned(), expected)]);
    let chosen = shown.policies[1].id;
    let form = SubmitForm {
        policy: Some(chosen),
        ..w.form()
    };
    let id = w.submit(me, &form).await.expect("submitted");
    let own = my_access::request(app, me, id).await.expect("own request");
    assert_eq!(own.detail.item.policy.name, "For all");
    let foreign = SubmitForm {
        policy: Some(PolicyId(crate::testing::unknown())),
        ..w.form()
    };
    my_access::withdraw(app, me, id).await.expect("taken back");
    assert_eq!(faults(w.submit(me, &foreign).await).len(), 1);
}

async fn f079_an_end_that_is_asked_for_is_the_end(bench: TestApp) {
    let w = World::new(bench).await;
    let me = &w.fixture.user;
    let until = w.now() + Duration::days(3);
    let mut form = w.form();
    form.asked_until = typed(w.now() + Duration::days(31));
    assert_eq!(faults(w.submit(me, &form).await), [("asked_until".to_owned(), Code::PastPolicy)]);
    form.asked_until = typed(until);
    w.submit(me, &form).await.expect("submitted");
    w.work().await;
    assert_eq!(w.assignment(me).await.expect("given").2, Some(until));
    w.after(3).await;
    assert!(!w.holds(me).await);
    w.terms(|terms| terms.lifecycle.custom_schedule = false).await;
    form.asked_until = typed(w.now() + Duration::days(1));
    assert_eq!(faults(w.submit(me, &form).await), [("asked_until".to_owned(), Code::NotOffered)]);
    w.check().await;
}

async fn f080_access_that_begins_tomorrow_is_scheduled_and_given_then(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let mut form = w.form();
    form.asked_from = typed(w.now() + Duration::days(1));
    let canceled = w.submit(me, &form).await.expect("submitted");
    w.work().await;
    assert_eq!((w.stands(canceled).await, w.holds(me).await), (RequestState::Scheduled, false));
    assert_eq!(rule(w.submit(me, &w.form()).await), "already-requested");
    my_access::withdraw(app, me, canceled).await.expect("taken back");
    w.after(2).await;
    assert_eq!((w.stands(canceled).await, w.holds(me).await), (RequestState::Canceled, false));

    let start = w.now() + Duration::days(1);
    form.asked_from = typed(start);
    let id = w.submit(me, &form).await.expect("submitted");
    w.hours(23).await;
    assert_eq!((w.stands(id).await, w.holds(me).await), (RequestState::Scheduled, false));
    // Down for two days: what was due is done at once, and lasts as long as it would have from then on.
    w.hours(49).await;
    assert_eq!((w.stands(id).await, w.holds(me).await), (RequestState::Delivered, true));
    let (_, from, until) = w.assignment(me).await.expect("given");
    assert_eq!((from, until), (w.now(), Some(w.now() + Duration::days(30))));
    w.check().await;
}

async fn f096_a_justification_that_the_policy_asks_for_is_required(bench: TestApp) {
    let w = World::new(bench).await;
    w.terms(|terms| terms.requestor.justification_required = true).await;
    let form = SubmitForm::new(w.package, " ");
    assert_eq!(
        faults(w.submit(&w.fixture.user, &form).await),
        [("justification".to_owned(), Code::Required)]
    );
    w.submit(&w.fixture.user, &w.form()).await.expect("submitted");
}

async fn f105_f106_f107_f108_f109_answers_are_checked_kept_as_asked_and_shown_to_approvers(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&ada])]).await;
    w.terms(|terms| terms.questions = questions()).await;
    let texts = async |language: &'static str| {
        let pane = my_access::request_pane(app, me, &pane(&w), language).await.expect("a pane");
        let asks = pane.asks.expect("questions");
        asks.questions.into_iter().map(|question| question.text).collect::<Vec<_>>()
    };
    let pane = my_access::request_pane(app, me, &pane(&w), "es-MX").await.expect("a pane");
    assert_eq!(
        pane.asks.expect("questions").questions[1].choices[1],
        ("South".to_owned(), "Sur".to_owned())
    );
    assert_eq!(texts("es-MX").await, ["Centro de coste", "Region"]);
    assert_eq!(texts("de").await, ["Cost centre", "Region"]);

    let mut form = w.form();
    form.language = "es-MX".into();
    assert_eq!(
        faults(w.submit(me, &form).await),
        [("answers.0".to_owned(), Code::Required), ("answers.1".to_owned(), Code::Required)]
    );
    let answer = |number: u128, value: &str| GivenAnswer {
        question: QuestionId(uuid::Uuid::from_u128(number)),
        value: value.into(),
    };
    form.answers = vec![answer(1, "12a4"), answer(2, "Sur")];
    assert_eq!(
        faults(w.submit(me, &form).await),
        [("answers.0".to_owned(), Code::Pattern), ("answers.1".to_owned(), Code::NotOffered)]
    );
    form.answers = vec![answer(1, "1234"), answer(2, "South")];
    let id = w.submit(me, &form).await.expect("submitted");
    // A later version asks something else; what was asked stays.
    w.terms(|terms| terms.questions.truncate(1)).await;
    let told = approvals::detail(app, &ada, id).await.expect("the approver's view").answers;
    let told: Vec<_> = told
        .iter()
        .map(|answer| (answer.text.as_str(), answer.value.as_str(), answer.version))
        .collect();
    assert_eq!(told, [("Centro de coste", "1234", 3), ("Region", "South", 3)]);
}

async fn f143_a_manager_asks_for_a_report_and_nobody_else_does(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, report) = (&w.fixture.app, &w.fixture.user);
    let (boss, other, ada) = (w.person("Boss").await, w.person("Other").await, w.person("Ada").await);
    w.stages(&[stage(&[&ada])]).await;
    w.set_manager(report, &boss).await;
    let form = SubmitForm {
        target: Some(id_of(report)),
        ..w.form()
    };
    assert_eq!(rule(w.submit(&boss, &form).await), "not-for-others");
    assert!(matches!(
        my_access::request_pane(app, &boss, &pane(&w), "").await,
        Err(Error::NotFound)
    ));
    w.terms(|terms| {
        terms.requestor.on_behalf_add = true;
        terms.requestor.on_behalf = vec![SubjectSet::RequestorManager(1)];
    })
    .await;
    assert_eq!(rule(w.submit(&other, &form).await), "not-for-others");
    let shown = my_access::request_pane(app, &boss, &pane(&w), "").await.expect("a pane");
    assert_eq!(shown.reports[0].name, "Requestor1");
    assert_eq!(shown.offer.request.refusal().expect("not for oneself").rule, "not-in-scope");
    let for_report = PaneQuery {
        target: Some(id_of(report)),
        ..pane(&w)
    };
    let shown = my_access::request_pane(app, &boss, &for_report, "").await.expect("a pane");
    assert!(shown.offer.request.is_allowed() && shown.asks.is_some());

    let id = w.submit(&boss, &form).await.expect("submitted");
    for person in [&boss, report] {
        let own = my_access::request(app, person, id).await.expect("both see it").detail;
        assert_eq!(own.item.kind, RequestKind::OnBehalfAdd);
        assert_eq!((own.requestor.name.as_str(), own.item.target.name.as_str()), ("Boss", "Requestor1"));
        let listed = my_access::requests(app, person, &Default::default()).await.expect("a list");
        assert_eq!(listed.items.len(), 1);
    }
    assert!(matches!(my_access::request(app, &other, id).await, Err(Error::NotFound)));
    let seen = approvals::detail(app, &ada, id).await.expect("the approver's view").item;
    assert_eq!((seen.requestor.name.as_str(), seen.target.name.as_str()), ("Boss", "Requestor1"));
    assert_eq!(rule(w.submit(report, &w.form()).await), "already-requested");
    w.approve(&ada, id).await;
    w.work().await;
    assert!(w.holds(report).await && !w.holds(&boss).await);
}

async fn f142_would_it_work_says_what_submit_does(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let (ada, stranger) = (w.person("Ada").await, w.person("Stranger").await);
    let before = w.fixture.count("SELECT count(*) FROM audit").await;
    let at_once = my_access::would_it_work(app, me, &w.form()).await.expect("an answer");
    assert!(at_once.works() && at_once.stages.is_empty());
    assert_eq!(at_once.ends_at, Some(w.now() + Duration::days(30)));
    w.stages(&[
        StageTerms {
            days_to_decide: 5,
            ..stage(&[&ada])
        },
        stage(&[&ada]),
    ])
    .await;
    w.terms(|terms| terms.requestor.justification_required = true).await;
    let answer = my_access::would_it_work(app, me, &w.form()).await.expect("an answer");
    assert!(answer.works());
    assert_eq!(answer.policy.as_ref().map(|policy| policy.name.as_str()), Some("Initial Policy"));
    let days: Vec<_> = answer.stages.iter().map(|stage| (stage.decided_by - w.now()).num_days()).collect();
    assert_eq!(days, [5, 19]);
    let names: Vec<_> = answer.stages[0]
        .approvers
        .iter()
        .flatten()
        .map(|person| person.name.as_str())
        .collect();
    assert_eq!(names, ["Ada"]);
    let blank = SubmitForm::new(w.package, "");
    let faulty = my_access::would_it_work(app, me, &blank).await.expect("an answer");
    assert_eq!((faulty.works(), faulty.faults.len()), (false, 1));
    assert_eq!(rule(my_access::would_it_work(app, &stranger, &w.form()).await), "not-in-scope");
    // Whoever would have to decide asks: nobody is left.
    w.stages(&[stage(&[me])]).await;
    let stuck = my_access::would_it_work(app, me, &w.form()).await.expect("an answer");
    assert!(!stuck.works() && stuck.stages[0].deadlocked);
    assert_eq!(w.fixture.count("SELECT count(*) FROM requests").await, 0);
    assert_eq!(w.fixture.count("SELECT count(*) FROM audit").await, before, "nothing is written");
    w.stages(&[stage(&[&ada])]).await;
    w.submit(me, &w.form()).await.expect("submitted");
    let twice = my_access::would_it_work(app, me, &w.form()).await.expect("an answer");
    assert_eq!(twice.request.refusal().expect("refused").rule, "already-requested");
    // The simulator sees how every policy meets the person.
    let mut tx = app.store.read().await.expect("tx");
    let fit = requests::assess(
        &mut tx,
        w.package,
        id_of(&stranger),
        None,
        Reader::Person(id_of(&stranger)),
        w.now(),
    )
    .await
    .expect("an answer");
    assert_eq!(fit.policies[0].fit, PolicyFit::NotInScope);
}

async fn f102_approvers_are_named_where_the_policy_or_the_tenant_says_so(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let ada = w.person("Ada").await;
    w.stages(&[stage(&[&ada])]).await;
    for (details, tenant, shown) in [
        (ApproverDetails::Shown, "off", true),
        (ApproverDetails::Hidden, "on", false),
        (ApproverDetails::Tenant, "on", true),
        (ApproverDetails::Tenant, "off", false),
    ] {
        w.terms(|terms| terms.approval.approver_details = details).await;
        w.fixture
            .exec("DELETE FROM settings WHERE key = 'tenant.approver_details'", args![])
            .await;
        w.fixture
            .exec(
                "INSERT INTO settings (key, value) VALUES ('tenant.approver_details', $1)",
                args![tenant],
            )
            .await;
        let before = my_access::would_it_work(app, me, &w.form()).await.expect("an answer");
        assert_eq!(before.stages[0].approvers.is_some(), shown, "{details:?}");
        let id = w.submit(me, &w.form()).await.expect("submitted");
        let own = my_access::request(app, me, id).await.expect("own request");
        let names: Vec<_> = own.stages[0].approvers.iter().map(|person| person.user.name.as_str()).collect();
        assert_eq!(names, if shown { vec!["Ada"] } else { vec![] }, "{details:?}");
        assert_eq!(
            own.stages[0].due_at,
            w.now() + Duration::days(14),
            "the deadline is told in any case"
        );
        my_access::withdraw(app, me, id).await.expect("taken back");
    }
}

async fn f150_what_a_package_gives_is_shown_to_whom_the_tenant_says(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    let set = async |value: &'static str| {
        w.fixture
            .exec("DELETE FROM settings WHERE key = 'tenant.resource_visibility'", args![])
            .await;
        let sql = "INSERT INTO settings (key, value) VALUES ('tenant.resource_visibility', $1)";
        w.fixture.exec(sql, args![value]).await;
    };
    let shown = async || {
        let by_link = my_access::offer(app, me, w.package).await.expect("by link");
        (by_link.resources.len(), by_link.resources_hidden)
    };
    assert_eq!(shown().await, (1, false));
    set("nobody").await;
    assert_eq!(shown().await, (0, true));
    set("members").await;
    assert_eq!(shown().await, (1, false));
    set("nobody").await;
    w.given(me).await;
    assert_eq!(shown().await, (1, false), "what one has is seen");
}
