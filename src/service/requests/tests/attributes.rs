//! What a resource asks of its requestors: asked with the request, filled in with what is known, kept as asked, and written to the user.

use super::*;
use crate::both_databases;
use crate::domain::assignment::DirectForm;
use crate::domain::attribute::{AttributeRow, AttributesForm};
use crate::domain::request::{GivenAnswer, PaneQuery};
use crate::domain::user::DirectoryRole;
use crate::domain::validate::Code;
use crate::service::packages::tests::world::{faults, rule};
use crate::service::{assignments, attributes, requests};
use crate::testing::{TestApp, actor};

both_databases!(
    f054_attributes_of_a_resource_are_asked_filled_in_and_written_at_delivery,
    f054_whoever_assigns_answers_for_the_person,
    f114_a_request_that_is_over_leaves_the_lists_and_access_stays,
);

fn row(attribute: &str, editable: bool, write: bool) -> AttributeRow {
    AttributeRow {
        attribute: attribute.into(),
        editable,
        write,
        ..AttributeRow::default()
    }
}

impl World {
    async fn require(&self, rows: Vec<AttributeRow>, version: i64) -> Result<(), Error> {
        let form = AttributesForm { rows, version };
        let fixture = &self.fixture;
        attributes::update(&fixture.app, &fixture.admin, fixture.general, self.group.id, &form).await
    }

    async fn known(&self, who: &Principal) -> (String, String) {
        let mut tx = self.fixture.app.store.read().await.expect("tx");
        let sql = "SELECT department, phone FROM users WHERE id = $1";
        tx.one(sql, args![id_of(who)]).await.expect("a user")
    }
}

async fn f054_attributes_of_a_resource_are_asked_filled_in_and_written_at_delivery(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, me) = (&w.fixture.app, &w.fixture.user);
    w.require(vec![row("department", true, true), row("phone", false, false)], 0)
        .await
        .expect("attributes");
    assert!(matches!(w.require(Vec::new(), 0).await, Err(Error::Conflict(_))));
    w.fixture
        .exec("UPDATE users SET phone = '+1 555' WHERE id = $1", args![id_of(me)])
        .await;

    let pane = my_access::request_pane(app, me, &PaneQuery::new(w.package), "")
        .await
        .expect("a pane");
    let asked = pane.asks.expect("questions").questions;
    let told: Vec<_> = asked
        .iter()
        .map(|question| {
            let attribute = question.attribute.as_ref().expect("an attribute");
            (question.text.as_str(), attribute.known.as_str(), attribute.fixed)
        })
        .collect();
    assert_eq!(told, [("Department", "", false), ("Phone", "+1 555", true)]);
    assert_eq!(faults(w.submit(me, &w.form()).await), [("answers.0".to_owned(), Code::Required)]);

    let answer = |at: usize, value: &str| GivenAnswer {
        question: asked[at].id,
        value: value.into(),
    };
    let form = SubmitForm {
        answers: vec![answer(0, "Research"), answer(1, "+1 666")],
        ..w.form()
    };
    let id = w.submit(me, &form).await.expect("submitted");
    assert_eq!(w.known(me).await, (String::new(), "+1 555".to_owned()));
    // What it asks for from now on changes nothing of what was asked.
    w.require(vec![row("office", true, true)], 1).await.expect("attributes");
    w.work().await;
    assert_eq!(w.known(me).await, ("Research".to_owned(), "+1 555".to_owned()));
    let detail = requests::get(app, &w.fixture.admin, id).await.expect("a request");
    let kept: Vec<_> = detail
        .answers
        .iter()
        .map(|answer| (answer.text.as_str(), answer.value.as_str()))
        .collect();
    assert_eq!(kept, [("Department", "Research"), ("Phone", "+1 555")]);
    let mut tx = app.store.read().await.expect("tx");
    let sql = "SELECT count(*) FROM audit WHERE activity = 'update_user' AND actor_kind = 'system' AND correlation_id = $1";
    assert_eq!(tx.value::<i64>(sql, args![id]).await.expect("a count"), 1);
    drop(tx);

    let refused = attributes::update(app, me, w.fixture.general, w.group.id, &AttributesForm::default()).await;
    assert_eq!(rule(refused), "needs-role");
}

async fn f054_whoever_assigns_answers_for_the_person(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, admin) = (&w.fixture.app, &w.fixture.admin);
    w.require(vec![row("department", true, true)], 0).await.expect("attributes");
    w.terms(|terms| terms.scope = crate::domain::policy::Scope::Nobody).await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    w.fixture
        .exec("UPDATE users SET department = 'Sales' WHERE id = $1", args![id_of(&ada)])
        .await;
    let options = assignments::options(app, admin, w.package, "").await.expect("options");
    let ask = &options.policies[0].ask;
    assert_eq!((ask.questions.len(), ask.questions[0].required), (1, false));
    let form = |users: &[&Principal], value: &str| DirectForm {
        package: w.package,
        policy: Some(ask.policy.id),
        users: users.iter().map(|user| id_of(user)).collect(),
        asked_from: String::new(),
        asked_until: String::new(),
        justification: String::new(),
        answers: vec![GivenAnswer {
            question: ask.questions[0].id,
            value: value.into(),
        }],
        language: String::new(),
    };
    assert_eq!(
        faults(assignments::assign(app, admin, &form(&[&ada, &bob], "")).await),
        [("users".to_owned(), Code::TooMany(1))]
    );
    assert_eq!(
        faults(assignments::assign(app, admin, &form(&[&bob], "")).await),
        [("answers.0".to_owned(), Code::Required)]
    );
    for (who, value) in [(&ada, ""), (&bob, "Research")] {
        let results = assignments::assign(app, admin, &form(&[who], value)).await.expect("results");
        assert!(results[0].refused.is_none(), "{:?}", results[0].refused);
    }
    w.work().await;
    assert_eq!(w.known(&ada).await.0, "Sales");
    assert_eq!(w.known(&bob).await.0, "Research");
}

async fn f114_a_request_that_is_over_leaves_the_lists_and_access_stays(bench: TestApp) {
    use crate::domain::page::PageQuery;
    use crate::domain::request::{RequestFilter, RequestQuery};
    let w = World::new(bench).await;
    let (app, admin, me) = (&w.fixture.app, &w.fixture.admin, &w.fixture.user);
    let query = RequestQuery {
        package: w.package,
        filter: RequestFilter::All,
        kind: None,
        policy: None,
        search: String::new(),
        page: PageQuery::default(),
    };
    let listed = async || requests::list(app, admin, &query).await.expect("requests").items;
    let id = w.submit(me, &w.form()).await.expect("submitted");
    let open = &listed().await[0];
    assert_eq!(
        open.remove.reason().as_deref(),
        Some("This request is still open. Cancel it, or wait until it is over.")
    );
    let results = requests::remove_all(app, admin, &[id]).await.expect("results");
    assert_eq!(
        results[0].refused.as_ref().map(|refusal| refusal.rule.as_str()),
        Some("request-open")
    );
    w.work().await;
    assert!(w.holds(me).await && listed().await[0].remove.is_allowed());
    for _ in 0..2 {
        let results = requests::remove_all(app, admin, &[id]).await.expect("results");
        assert!(results[0].refused.is_none());
    }
    assert!(listed().await.is_empty());
    let own = my_access::requests(app, me, &PageQuery::default()).await.expect("own requests");
    assert!(own.items.is_empty());
    assert!(w.holds(me).await && w.assignment(me).await.is_some());
    let mut tx = app.store.read().await.expect("tx");
    let sql = "SELECT count(*) FROM audit WHERE activity = 'remove_request' AND correlation_id = $1";
    assert_eq!(tx.value::<i64>(sql, args![id]).await.expect("a count"), 1);
    drop(tx);
    // Still told where it is asked for by itself.
    assert_eq!(requests::get(app, admin, id).await.expect("a request").item.id, id);
    assert!(requests::remove_all(app, &actor(DirectoryRole::User), &[id]).await.is_err());
    w.check().await;
}
