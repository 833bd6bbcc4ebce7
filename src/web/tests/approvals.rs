//! Approvals as the server shows them, scripting off: the lists, the pane, a decision, several at once, a revocation and a delegation, by
//! the forms of the pages.

use axum::http::StatusCode;

use super::bank::{Bank, Plan, Visit};
use crate::args;
use crate::both_databases;
use crate::domain::approval::StageTerms;
use crate::domain::id::{PolicyId, PolicyVersionId, RequestId, UserId};
use crate::domain::subject::SubjectSet;
use crate::paths;
use crate::service::approvals;
use crate::store::{policies, requests};
use crate::testing::TestApp;

both_databases!(
    f109_f144_f145_a_request_is_read_and_decided_without_scripting,
    f095_a_missing_reason_comes_back_at_its_field,
    f087_f144_several_are_decided_by_the_form_around_the_list,
    f146_what_was_approved_is_revoked_from_the_history,
    f147_approvals_are_delegated_edited_and_taken_back,
    f097_another_s_approval_is_not_shown,
);

const APPROVER: &str = "hanna.virtanen";

/// A bank with a package whose requests wait for Hanna Virtanen.
async fn bank(app: TestApp, justified: bool) -> (Bank, String) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin
        .package(Plan {
            name: "Strong room key",
            ..Plan::default()
        })
        .await;
    let approver = user(&bank, APPROVER).await;
    let app = &bank.server.bench.app;
    let now = app.clock.now();
    let mut tx = app.store.write().await.expect("tx");
    let package_id: uuid::Uuid = package.parse().expect("an id");
    let id: uuid::Uuid = tx
        .value("SELECT id FROM policies WHERE package_id = $1", args![package_id])
        .await
        .expect("a policy");
    let policy = policies::lock(&mut tx, PolicyId(id)).await.expect("read").expect("a policy");
    let mut terms = policy.terms.clone();
    terms.approval.required_for_add = true;
    terms.approval.stages = vec![StageTerms {
        approvers: vec![SubjectSet::User(approver)],
        justification_required: justified,
        ..StageTerms::default()
    }];
    let version = PolicyVersionId(app.ids.id(now));
    assert!(policies::replace(&mut tx, &policy, version, &terms, None, now).await.expect("kept"));
    tx.commit().await.expect("commit");
    (bank, package)
}

async fn user(bank: &Bank, user_name: &str) -> UserId {
    let mut tx = bank.server.bench.app.store.read().await.expect("tx");
    let sql = "SELECT id FROM users WHERE user_name_folded = $1";
    UserId(tx.value(sql, args![user_name]).await.expect("a user"))
}

/// A request of a person that waits for its decision.
async fn asked(bank: &Bank, package: &str, user_name: &str) -> RequestId {
    let id = bank.visit(user_name).await.request(package, "For the vault count").await;
    let id: RequestId = id.parse().expect("an id");
    let app = &bank.server.bench.app;
    let mut tx = app.store.write().await.expect("tx");
    let request = requests::find(&mut tx, id).await.expect("read").expect("a request");
    if request.stage.is_none() {
        let (_, terms) = policies::version(&mut tx, request.policy_version_id)
            .await
            .expect("read")
            .expect("terms");
        crate::store::jobs::forget(&mut tx, &format!("deliver:{id}"))
            .await
            .expect("forgotten");
        approvals::start(app, &mut tx, &request, &terms, app.clock.now())
            .await
            .expect("started");
        tx.commit().await.expect("commit");
    }
    id
}

async fn decided(own: &mut Visit, address: &str, fields: &[(&str, &str)]) -> String {
    let answer = own.browser.post(address, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().to_owned()
}

async fn f109_f144_f145_a_request_is_read_and_decided_without_scripting(app: TestApp) {
    let (bank, package) = bank(app, true).await;
    let id = asked(&bank, &package, "alex.wilber").await;
    let mut own = bank.visit(APPROVER).await;
    let list = own.open(paths::MY_APPROVALS).await;
    assert_eq!(list.heading(), "Approvals");
    assert!(list.row("Strong room key").cell("For").contains("Alex Wilber"), "{list}");
    let address = list.row("Strong room key").link("Strong room key for Alex Wilber");
    assert_eq!(address, paths::my_approval(id));
    let pane = own.open(&address).await;
    assert_eq!(pane.fact("Requested for"), "Alex Wilber");
    assert_eq!(pane.fact("Business justification"), "For the vault count");
    pane.must_say("has not had any of these resources");
    let on = decided(
        &mut own,
        &address,
        &[("decision", "approve"), ("reason", "He counts it every year")],
    )
    .await;
    assert_eq!(on, paths::MY_APPROVALS);
    own.open(&on).await.must_say("Nothing waits for your decision");
    let history = own.open("/my-access/approvals?tab=history").await;
    assert_eq!(history.row("Strong room key").cell("Outcome"), "Approved");
    bank.deliver().await;
    let history = own.open("/my-access/approvals?tab=history&q=wilber").await;
    assert_eq!(history.row("Strong room key").cell("Request"), "Delivered");
    assert_eq!(
        own.open("/my-access/approvals?tab=history&q=nobody")
            .await
            .rows("Strong room key")
            .len(),
        0
    );
}

async fn f095_a_missing_reason_comes_back_at_its_field(app: TestApp) {
    let (bank, package) = bank(app, true).await;
    let id = asked(&bank, &package, "alex.wilber").await;
    let mut own = bank.visit(APPROVER).await;
    let page = own.send(&paths::my_approval(id), &[("decision", "deny"), ("reason", " ")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    page.must_say("Reason is required.");
    assert_eq!(own.open(paths::MY_APPROVALS).await.rows("Strong room key").len(), 1);
}

async fn f087_f144_several_are_decided_by_the_form_around_the_list(app: TestApp) {
    let (bank, package) = bank(app, false).await;
    let (one, other) = (
        asked(&bank, &package, "alex.wilber").await,
        asked(&bank, &package, "useradmin1").await,
    );
    let mut own = bank.visit(APPROVER).await;
    let page = own.send(paths::MY_APPROVALS, &[("decision", "deny"), ("reason", "Not now")]).await;
    page.must_say("Tick the requests that you want to decide first.");
    let (one, other) = (one.to_string(), other.to_string());
    let fields = [
        ("request", one.as_str()),
        ("request", other.as_str()),
        ("decision", "deny"),
        ("reason", "Not now"),
    ];
    let on = decided(&mut own, paths::MY_APPROVALS, &fields).await;
    assert_eq!(own.open(&on).await.rows("Strong room key").len(), 2);
    let again = own.send(paths::MY_APPROVALS, &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.must_say("Hanna Virtanen denied this request");
    let mut person = bank.visit("alex.wilber").await;
    person.open("/my-access/requests").await.must_say("Denied");
}

async fn f146_what_was_approved_is_revoked_from_the_history(app: TestApp) {
    let (bank, package) = bank(app, false).await;
    let id = asked(&bank, &package, "alex.wilber").await;
    let mut own = bank.visit(APPROVER).await;
    let address = paths::my_approval(id);
    decided(&mut own, &address, &[("decision", "approve"), ("reason", "")]).await;
    bank.deliver().await;
    let pane = own.open(&address).await;
    assert_eq!(pane.offers("Revoke access"), 1, "{pane}");
    let page = own.send(&address, &[("decision", "revoke"), ("reason", "")]).await;
    page.must_say("Reason is required.");
    decided(&mut own, &address, &[("decision", "revoke"), ("reason", "The count is done")]).await;
    bank.deliver().await;
    assert_eq!(own.open(&address).await.offers("Revoke access"), 0);
    let mut person = bank.visit("alex.wilber").await;
    assert_eq!(person.open("/my-access?tab=expired").await.rows("Strong room key").len(), 1);
}

async fn f147_approvals_are_delegated_edited_and_taken_back(app: TestApp) {
    let (bank, package) = bank(app, false).await;
    let id = asked(&bank, &package, "alex.wilber").await;
    let mut own = bank.visit(APPROVER).await;
    let form = own.open(paths::MY_DELEGATIONS).await;
    form.must_say("Nobody decides in your place");
    let fields = [
        ("action", "save"),
        ("delegate", "nobody.here"),
        ("package", package.as_str()),
        ("waiting", "true"),
    ];
    let page = own.send(paths::MY_DELEGATIONS, &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.must_say("Delegate is no longer there.");
    let fields = [
        ("action", "save"),
        ("delegate", "admin1"),
        ("package", package.as_str()),
        ("waiting", "true"),
    ];
    let on = decided(&mut own, paths::MY_DELEGATIONS, &fields).await;
    bank.deliver().await;
    let list = own.open(&on).await;
    list.must_say("Strong room key, from ");
    let mut delegate = bank.visit("admin1").await;
    assert!(
        delegate
            .open(paths::MY_APPROVALS)
            .await
            .row("Strong room key")
            .cell("For")
            .contains("In place of Hanna Virtanen")
    );
    assert_eq!(delegate.open(&paths::my_approval(id)).await.fact("In place of"), "Hanna Virtanen");
    let delegation: uuid::Uuid = {
        let mut tx = bank.server.bench.app.store.read().await.expect("tx");
        tx.value("SELECT id FROM delegations", args![]).await.expect("a delegation")
    };
    let delegation = delegation.to_string();
    let edit = own.open(&format!("/my-access/approvals/delegate?edit={delegation}")).await;
    edit.must_say("Edit delegation");
    let fields = [("action", "end"), ("delegation", delegation.as_str()), ("version", "1")];
    decided(&mut own, paths::MY_DELEGATIONS, &fields).await;
    bank.deliver().await;
    assert_eq!(delegate.open(paths::MY_APPROVALS).await.rows("Strong room key").len(), 0);
    own.open(paths::MY_DELEGATIONS).await.must_say("Ended");
}

async fn f097_another_s_approval_is_not_shown(app: TestApp) {
    let (bank, package) = bank(app, false).await;
    let id = asked(&bank, &package, "alex.wilber").await;
    for user_name in ["alex.wilber", "admin1"] {
        let mut other = bank.visit(user_name).await;
        let page = other.open(&paths::my_approval(id)).await;
        page.must_say("You are not asked about this request");
        assert_eq!(page.offers("Approve"), 0);
        let answer = other
            .browser
            .post(&paths::my_approval(id), &[("decision", "approve"), ("reason", "Mine")])
            .await;
        assert_ne!(answer.status, StatusCode::SEE_OTHER, "{user_name}");
    }
}
