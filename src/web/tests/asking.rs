//! My Access as the server shows it, scripting off: choices, questions, "Would this work?", a request that waits, is taken back and made
//! again, and what one can do with access that one has.

use axum::http::StatusCode;

use super::bank::{Bank, Plan};
use crate::args;
use crate::both_databases;
use crate::domain::approval::StageTerms;
use crate::domain::id::{PackageId, PolicyId, PolicyVersionId, QuestionId};
use crate::domain::policy::PolicyTerms;
use crate::domain::question::Question;
use crate::domain::subject::SubjectSet;
use crate::store::policies;
use crate::testing::TestApp;

both_databases!(
    f105_f139_f140_without_scripting_a_request_is_checked_made_taken_back_and_made_again,
    f079_without_scripting_the_dates_are_the_reader_s,
    f143_without_scripting_a_manager_chooses_for_whom,
    f082_f141_without_scripting_access_is_extended_and_removed,
    f149_the_overview_shows_what_waits_what_is_asked_for_and_what_ends_soon,
);

const QUESTION: u128 = 7;

/// Changes the terms of a package's one policy.
async fn terms(bank: &Bank, package: &str, change: impl FnOnce(&mut PolicyTerms)) {
    let app = &bank.server.bench.app;
    let now = app.clock.now();
    let package: PackageId = package.parse().expect("an id");
    let mut tx = app.store.write().await.expect("tx");
    let sql = "SELECT id FROM policies WHERE package_id = $1";
    let id: uuid::Uuid = tx.value(sql, args![package]).await.expect("a policy");
    let policy = policies::lock(&mut tx, PolicyId(id)).await.expect("read").expect("a policy");
    let mut terms = policy.terms.clone();
    change(&mut terms);
    let version = PolicyVersionId(app.ids.id(now));
    assert!(policies::replace(&mut tx, &policy, version, &terms, None, now).await.expect("kept"));
    tx.commit().await.expect("commit");
}

fn form(package: &str) -> String {
    format!("/my-access/packages/{package}/request")
}

async fn f105_f139_f140_without_scripting_a_request_is_checked_made_taken_back_and_made_again(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let approver = admin.user("Hanna Virtanen").await.parse().expect("an id");
    let package = admin
        .package(Plan {
            name: "Reading room key",
            ..Plan::default()
        })
        .await;
    terms(&bank, &package, |terms| {
        terms.approval.required_for_add = true;
        terms.approval.stages = vec![StageTerms {
            approvers: vec![SubjectSet::User(approver)],
            ..StageTerms::default()
        }];
        terms.questions = vec![Question {
            id: QuestionId(uuid::Uuid::from_u128(QUESTION)),
            text: "Which shelf?".into(),
            required: true,
            ..Question::default()
        }];
    })
    .await;
    let mut own = bank.visit("alex.wilber").await;
    let address = form(&package);
    let pane = own.open(&address).await;
    assert!(pane.field("Which shelf?").value().is_empty());
    let answer = format!("answer-{}", uuid::Uuid::from_u128(QUESTION));
    let unanswered = own.send(&address, &[("justification", "I read")]).await;
    assert_eq!(unanswered.status, StatusCode::UNPROCESSABLE_ENTITY, "{unanswered}");
    unanswered.field("Which shelf?").must_complain("An answer is required.");
    let typed = [("justification", "I read"), (answer.as_str(), "Maps"), ("do", "check")];
    let checked = own.send(&address, &typed).await;
    assert_eq!(checked.status, StatusCode::OK, "{checked}");
    checked.must_say("Yes, if it is approved.");
    checked.must_say("Hanna Virtanen decides");
    assert_eq!(checked.field("Which shelf?").value(), "Maps", "what was typed stays");
    assert_eq!(own.open("/my-access/requests").await.rows("").len(), 0, "nothing was made");

    let made = own.browser.post(&address, &typed[..2]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let request = made.location().to_owned();
    let details = own.open(&request).await;
    details.must_say("Pending approval");
    details.must_say("Asked: Hanna Virtanen");
    assert_eq!(details.fact("Which shelf?"), "Maps");
    let canceled = own.browser.post(&request, &[("do", "cancel")]).await;
    assert_eq!(canceled.status, StatusCode::SEE_OTHER, "{}", canceled.text);
    let details = own.open(&request).await;
    details.must_say("Canceled by the requestor");
    let refused = own.send(&request, &[("do", "cancel")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused}");
    refused.must_say("This request has come to its end already.");
    let again = own.open(&details.link("Resubmit")).await;
    assert_eq!(again.field("Which shelf?").value(), "Maps");
    assert_eq!(again.field("Business justification").value(), "I read");
    let other = bank.visit("useradmin1").await.send(&request, &[("do", "cancel")]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

async fn f079_without_scripting_the_dates_are_the_reader_s(app: TestApp) {
    let bank = Bank::open(app).await;
    let plan = Plan {
        name: "Gallery key",
        ..Plan::default()
    };
    let package = bank.visit("admin1").await.package(plan).await;
    let mut own = bank.visit("alex.wilber").await;
    let now = bank.server.bench.app.clock.now();
    let typed = |days: i64| (now + chrono::Duration::days(days)).format("%Y-%m-%dT%H:%M").to_string();
    let (from, far, until) = (typed(2), typed(40), typed(9));
    let page = own
        .send(&form(&package), &[("period", "true"), ("asked_from", &from), ("asked_until", &far)])
        .await;
    page.field("End date").must_complain("The policy does not give access for so long.");
    assert_eq!(page.field("Start date").value(), from, "what was typed stays");
    let made = own
        .browser
        .post(
            &form(&package),
            &[("period", "true"), ("asked_from", &from), ("asked_until", &until)],
        )
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let address = made.location().to_owned();
    own.open(&address).await.must_say("Scheduled");
    assert!(!own.open(&address).await.fact("Start date").is_empty());
}

async fn f143_without_scripting_a_manager_chooses_for_whom(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let (report, boss) = (admin.user("Hanna Virtanen").await, admin.user("Alex Wilber").await);
    let plan = Plan {
        name: "Lantern key",
        ..Plan::default()
    };
    let package = admin.package(plan).await;
    terms(&bank, &package, |terms| {
        terms.requestor.on_behalf_add = true;
        terms.requestor.on_behalf = vec![SubjectSet::RequestorManager(1)];
    })
    .await;
    let ids = [&report, &boss].map(|id| id.parse::<uuid::Uuid>().expect("an id"));
    let mut tx = bank.server.bench.app.store.write().await.expect("tx");
    tx.exec("UPDATE users SET manager_id = $2 WHERE id = $1", args![ids[0], ids[1]])
        .await
        .expect("a manager");
    tx.commit().await.expect("commit");
    let mut manager = bank.visit("alex.wilber").await;
    let choice = manager.open(&form(&package)).await;
    assert_eq!(choice.field("Requesting for").options(), ["Myself", "Hanna Virtanen"]);
    assert_eq!(choice.offers("Continue"), 1);
    let address = format!("{}?for={report}", form(&package));
    let step = manager.open(&address).await;
    step.must_say("For Hanna Virtanen");
    assert_eq!(manager.open(&format!("{}?for=me", form(&package))).await.offers("Submit"), 1);
    let made = manager
        .browser
        .post(&address, &[("for", &report), ("justification", "She guards it")])
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let request = made.location().to_owned();
    for user_name in ["alex.wilber", "hanna.virtanen"] {
        let details = bank.visit(user_name).await.open(&request).await;
        assert_eq!(details.fact("Requested for"), "Hanna Virtanen", "{user_name}");
        assert_eq!(details.fact("Requested by"), "Alex Wilber", "{user_name}");
    }
}

async fn f082_f141_without_scripting_access_is_extended_and_removed(app: TestApp) {
    let bank = Bank::open(app).await;
    let plan = Plan {
        name: "Harbour key",
        ..Plan::default()
    };
    let package = bank.visit("admin1").await.package(plan).await;
    let mut own = bank.visit("alex.wilber").await;
    own.request(&package, "For the boats").await;
    bank.deliver().await;
    bank.server.bench.clock.advance(chrono::Duration::days(2));
    let mut own = bank.visit("alex.wilber").await;
    let active = own.open("/my-access?tab=active").await;
    let (extend, remove) = {
        let row = active.row("Harbour key");
        (row.link("Extend Harbour key"), row.link("Remove access Harbour key"))
    };
    let pane = own.open(&extend).await;
    pane.must_say("Nobody has to approve this.");
    let asked = own.browser.post(&extend, &[("justification", "They stay")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    let history = asked.location().to_owned();
    bank.deliver().await;
    own.open(&history).await.must_say("Delivered");
    let pane = own.open(&remove).await;
    pane.must_say("Remove your access to Harbour key?");
    assert_eq!(pane.offers("Yes"), 1);
    let removed = own.browser.post(&remove, &[]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.text);
    assert_eq!(own.open("/my-access?tab=active").await.rows("Harbour key").len(), 0);
    let twice = own.send(&remove, &[]).await;
    twice.must_say("This access has ended already.");
    let other = bank.visit("useradmin1").await.send(&remove, &[]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "{other}");
}

async fn f149_the_overview_shows_what_waits_what_is_asked_for_and_what_ends_soon(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let approver = admin.user("Hanna Virtanen").await.parse().expect("an id");
    let plan = |name| Plan { name, ..Plan::default() };
    let held = admin.package(plan("Harbour key")).await;
    let asked = admin.package(plan("Lantern key")).await;
    terms(&bank, &asked, |terms| {
        terms.approval.required_for_add = true;
        terms.approval.stages = vec![StageTerms {
            approvers: vec![SubjectSet::User(approver)],
            ..StageTerms::default()
        }];
    })
    .await;
    let empty = bank.visit("alex.wilber").await.open("/my-access/overview").await;
    empty.must_say("You are waiting for nothing.");
    bank.visit("alex.wilber").await.request(&held, "For the boats").await;
    bank.deliver().await;
    bank.server.bench.clock.advance(chrono::Duration::days(20));
    let mut own = bank.visit("alex.wilber").await;
    own.request(&asked, "To count").await;
    let page = own.open("/my-access/overview").await;
    assert_eq!(page.row("Lantern key").cell("Status"), "Pending approval");
    assert!(page.row("Harbour key").link("Extend Harbour key").ends_with("/extend"));
    page.must_say("No request waits for your decision.");
    let other = bank.visit("hanna.virtanen").await.open("/my-access/overview").await;
    other.must_say("1 request waits for your decision.");
}
