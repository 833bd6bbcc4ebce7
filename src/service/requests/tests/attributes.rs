//! What a resource asks of its requestors: asked with the request, filled in with what is known, kept as asked, and written to the user.

use super::*;
use crate::both_databases;
use crate::domain::assignment::DirectForm;
use crate::domain::attribute::{AttributeRow, AttributesForm};
use crate::domain::catalog::CatalogForm;
use crate::domain::custom_attribute::{CustomAttributeForm, GivenValue};
use crate::domain::group::GroupForm;
use crate::domain::impact::PackageChange;
use crate::domain::request::{GivenAnswer, PaneQuery};
use crate::domain::rule::RuleFault;
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserForm};
use crate::domain::validate::Code;
use crate::service::packages::tests::world::{faults, rule};
use crate::service::{assignments, attributes, catalogs, custom_attributes, groups, impact, packages, requests, users};
use crate::testing::{TestApp, actor};

both_databases!(
    f054_attributes_of_a_resource_are_asked_filled_in_and_written_at_delivery,
    f054_whoever_assigns_answers_for_the_person,
    f054_a_custom_attribute_is_asked_written_ruled_by_and_kept_while_it_is_used,
    f054_a_moved_package_s_resources_ask_what_they_asked,
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

async fn f054_a_custom_attribute_is_asked_written_ruled_by_and_kept_while_it_is_used(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, admin, me) = (&w.fixture.app, &w.fixture.admin, &w.fixture.user);
    let form = |label: &str, name: &str, kind: &str| CustomAttributeForm {
        label: label.into(),
        name: name.into(),
        kind: kind.into(),
        description: String::new(),
    };
    let badge = custom_attributes::create(app, admin, &form("Badge number", "badge", "number")).await;
    let badge = badge.expect("an attribute");
    let taken = custom_attributes::create(app, admin, &form("badge NUMBER", "Badge", "text")).await;
    let codes = [("label", Code::Taken), ("name", Code::Taken)].map(|(path, code)| (path.to_owned(), code));
    assert_eq!(faults(taken), codes);
    assert_eq!(
        rule(custom_attributes::create(app, me, &form("Mine", "mine", "")).await),
        "needs-role"
    );

    // Whoever has a badge is in a group by rule; what is not defined is refused where it stands.
    let ruled = |text: &str| GroupForm {
        name: "Badge holders".into(),
        kind: "security".into(),
        membership: "dynamic".into(),
        rule: text.into(),
        ..GroupForm::default()
    };
    let unknown = groups::create(app, admin, &ruled("user.mail -eq null -and user.extension_shoe -ne null")).await;
    assert_eq!(faults(unknown), [("rule".to_owned(), Code::Rule(RuleFault::Property, 25))]);
    let group = groups::create(app, admin, &ruled("user.extension_badge -startsWith \"4\""))
        .await
        .expect("a group");

    // A resource asks for it; the answer is checked by its type, and written at delivery.
    w.require(vec![row("extension_badge", true, true)], 0).await.expect("attributes");
    let gone = w.require(vec![row("extension_shoe", true, true)], 1).await;
    assert_eq!(faults(gone), [("rows.0.attribute".to_owned(), Code::Gone)]);
    let pane = my_access::request_pane(app, me, &PaneQuery::new(w.package), "")
        .await
        .expect("a pane");
    let asked = pane.asks.expect("questions").questions;
    assert_eq!(asked[0].text, "Badge number");
    let answered = |value: &str| SubmitForm {
        answers: vec![GivenAnswer {
            question: asked[0].id,
            value: value.into(),
        }],
        ..w.form()
    };
    let refused = w.submit(me, &answered("forty-two")).await;
    assert_eq!(faults(refused), [("answers.0".to_owned(), Code::NotANumber)]);
    let request = w.submit(me, &answered("042")).await.expect("submitted");
    w.work().await;
    let shown = users::get(app, admin, id_of(me)).await.expect("a user");
    assert_eq!(shown.attributes[0].value, "42");
    let in_group = async || {
        let mut tx = app.store.read().await.expect("tx");
        let sql = "SELECT count(*) FROM memberships m JOIN roles r ON r.id = m.role_id WHERE r.object_id = $1 AND m.by_rule";
        tx.value::<i64>(sql, args![group]).await.expect("a count")
    };
    assert_eq!(in_group().await, 1);
    let mut tx = app.store.read().await.expect("tx");
    let sql = "SELECT count(*) FROM audit WHERE activity = 'update_user' AND correlation_id = $1";
    assert_eq!(tx.value::<i64>(sql, args![request]).await.expect("a count"), 1);
    drop(tx);

    // An administrator changes it on the user's page, by its type.
    let profile = |value: &str| UserForm {
        name: shown.item.name.clone(),
        user_name: shown.item.user_name.clone(),
        role: shown.item.role.as_str().into(),
        attributes: vec![GivenValue {
            name: "badge".into(),
            value: value.into(),
        }],
        ..UserForm::default()
    };
    let bad = users::update(app, admin, id_of(me), shown.version, &profile("x")).await;
    assert_eq!(faults(bad), [("attributes.badge".to_owned(), Code::NotANumber)]);
    users::update(app, admin, id_of(me), shown.version, &profile("7"))
        .await
        .expect("saved");
    assert_eq!(in_group().await, 0);

    // It stays while something uses it, and goes with its values afterwards.
    let used = custom_attributes::delete(app, admin, badge, 1).await;
    let Err(Error::Refused(refusal)) = used else {
        panic!("not refused: {used:?}")
    };
    assert!(refusal.reason.contains("the rule of the group Badge holders"), "{}", refusal.reason);
    assert!(refusal.reason.contains(" requires"), "{}", refusal.reason);
    w.require(Vec::new(), 1).await.expect("attributes");
    let version = groups::get(app, admin, group).await.expect("a group").version;
    groups::delete(app, admin, group, version).await.expect("deleted");
    let renamed = form("Badge", "ignored", "");
    assert_eq!(custom_attributes::update(app, admin, badge, 1, &renamed).await.expect("renamed"), 2);
    assert!(matches!(
        custom_attributes::delete(app, admin, badge, 1).await,
        Err(Error::Conflict(_))
    ));
    assert!(
        custom_attributes::deletion(app, admin, badge)
            .await
            .expect("told")
            .starts_with("1 user ")
    );
    custom_attributes::delete(app, admin, badge, 2).await.expect("deleted");
    assert!(users::get(app, admin, id_of(me)).await.expect("a user").attributes.is_empty());
    w.check().await;
}

async fn f054_a_moved_package_s_resources_ask_what_they_asked(bench: TestApp) {
    let w = World::new(bench).await;
    let (app, admin) = (&w.fixture.app, &w.fixture.admin);
    w.require(vec![row("office", true, true)], 0).await.expect("attributes");
    let other = CatalogForm {
        name: "Harbour".into(),
        enabled: true,
        ..CatalogForm::default()
    };
    let other = catalogs::create(app, admin, &other).await.expect("a catalog");
    let package = packages::get(app, admin, w.package).await.expect("a package");
    let moved = PackageChange::Move(other);
    let impact = impact::of_package(app, admin, w.package, moved, None).await.expect("an impact");
    let said = impact
        .notes
        .iter()
        .any(|note| note.ends_with("is added to Harbour with what it asks of requestors: Office."));
    assert!(said, "{:?}", impact.notes);
    packages::move_to(app, admin, w.package, package.item.version, other, true)
        .await
        .expect("moved");
    let there = attributes::get(app, admin, other, w.group.id).await.expect("attributes");
    assert_eq!(there.attributes[0].attribute.label(), "Office");
    let required = attributes::required_by(app, admin, w.package).await.expect("attributes");
    assert_eq!((required.len(), required[0].text.as_str()), (1, "Office"));
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
