//! Policies as the server shows them: the list with its details, the form on the wizard's tabs and in the editor, and two versions side by
//! side.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::bank::{Bank, Draft, Plan, Visit};
use crate::both_databases;
use crate::testing::TestApp;

both_databases!(
    f065_f066_the_list_leads_to_a_policy_its_editor_and_a_new_one,
    f086_f088_require_approval_reveals_stages_in_the_wizard,
    f091_a_manager_is_offered_in_one_stage_only,
    f094_f100_faults_of_a_stage_are_told_at_their_fields,
    f085_what_cannot_be_is_disabled_with_its_reason,
    f105_f106_f107_faults_of_questions_are_named,
    f066_two_versions_stand_side_by_side_in_words,
    f068_f071_the_simulator_says_what_would_become_of_a_request,
);

/// A draft whose Requests tab says this.
async fn draft(admin: &mut Visit, requests: Value, lifecycle: Value) -> Draft {
    let mut whole = json!({
        "basics": { "name": "Harbour fair", "description": "For those who set it up" },
        "requests": { "audience": "in_directory", "scope": "all_members" },
        "lifecycle": { "kind": "days", "days": "30" },
        "visited": ["basics", "resource-roles", "requests", "lifecycle"],
    });
    for (step, given) in [("requests", requests), ("lifecycle", lifecycle)] {
        for (field, value) in given.as_object().expect("fields") {
            whole[step][field] = value.clone();
        }
    }
    admin.draft(whole).await
}

async fn policy_of(admin: &mut Visit, package: &str) -> String {
    let found = admin.call("packages/get", json!({ "id": package })).await;
    found["policies"][0]["id"].as_str().expect("a policy").to_owned()
}

async fn f065_f066_the_list_leads_to_a_policy_its_editor_and_a_new_one(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin
        .package(Plan {
            name: "Market hall key",
            ..Plan::default()
        })
        .await;
    let policy = policy_of(&mut admin, &package).await;
    let list = format!("/admin/packages/{package}/policies");
    let page = admin.open(&list).await;
    let row = page.row("Initial Policy");
    assert_eq!(row.cell("Who can request"), "All members (excluding guests)");
    assert_eq!(
        (row.cell("Approval"), row.cell("Expires")),
        ("Not required".into(), "After 30 days".into())
    );
    assert_eq!(page.link("Add policy"), format!("{list}/new"));
    let details = admin.open(&format!("{list}?policy={policy}")).await;
    assert_eq!(details.fact("Require approval"), "No");
    assert_eq!(details.fact("Access package assignments expire"), "After 30 days");
    assert_eq!(details.link("Version 1"), format!("{list}/{policy}/versions"));
    let editor = admin.open(&format!("{list}/{policy}/edit")).await;
    assert_eq!(editor.status, StatusCode::OK, "{editor}");
    assert_eq!(editor.field("Name").value(), "Initial Policy");
    assert_eq!(editor.field("Assignments expire after").value(), "30");
    assert_eq!(
        editor.field("Which users in your directory").chosen().as_deref(),
        Some("All members (excluding guests)")
    );
    assert_eq!(editor.offers("Update"), 1);
    let new = admin.open(&format!("{list}/new")).await;
    assert_eq!((new.field("Name").value().as_str(), new.offers("Create")), ("", 1));
    let strange = admin
        .package(Plan {
            name: "Other key",
            ..Plan::default()
        })
        .await;
    let lost = admin.open(&format!("/admin/packages/{strange}/policies/{policy}/edit")).await;
    assert_eq!(lost.offers("Update"), 0, "a policy of another package is not edited there");
}

async fn f086_f088_require_approval_reveals_stages_in_the_wizard(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let plain = draft(&mut admin, json!({}), json!({})).await;
    let page = admin.open(&plain.step("requests")).await;
    assert_eq!(page.field("Require approval").chosen().as_deref(), Some("No"));
    page.must_not_hold("How many stages");
    let stages = json!([{ "asked": { "kind": "manager" } }, { "asked": { "kind": "specific" } }, {}]);
    let approved = draft(&mut admin, json!({ "approval": true, "stages": stages }), json!({})).await;
    let page = admin.open(&approved.step("requests")).await;
    assert_eq!(page.field("How many stages").value(), "3");
    assert_eq!(page.field("Require requestor justification").chosen().as_deref(), Some("Yes"));
    for stage in ["First approver", "Second approver", "Third approver"] {
        page.must_say(stage);
    }
    page.must_say("Decision must be made in how many days?");
    let review = admin.open(&approved.step("review")).await;
    review.must_say("Requests: Stage 1: At least one fallback approver is required.");
    review.must_say("Requests: Stage 2: At least one approver is required.");
}

async fn f091_a_manager_is_offered_in_one_stage_only(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let stages = json!([{ "asked": { "kind": "manager" } }, {}]);
    let draft = draft(&mut admin, json!({ "approval": true, "stages": stages }), json!({})).await;
    let page = admin.open(&draft.step("requests")).await;
    let cards = page.whole().all("section.card");
    assert_eq!(cards.len(), 2, "{page}");
    assert!(!cards[0].says("Chosen in another stage") && cards[1].says("Chosen in another stage; it can be chosen once."));
}

/// The advanced settings of a stage come in the browser alone, and so do their faults (end2end/tests/policies.spec.ts).
async fn f094_f100_faults_of_a_stage_are_told_at_their_fields(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let stage = json!({ "asked": { "kind": "manager" }, "days": "3", "forward": true, "forward_days": "3" });
    let draft = draft(&mut admin, json!({ "approval": true, "stages": [stage] }), json!({})).await;
    let page = admin.open(&draft.step("requests")).await;
    assert_eq!(
        page.field("Fallback approvers").description(),
        "At least one fallback approver is required."
    );
    page.field("Decision must be made in how many days?")
        .must_complain("forwarding to alternate approvers needs at least 4 days");
}

async fn f085_what_cannot_be_is_disabled_with_its_reason(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let nobody = draft(
        &mut admin,
        json!({ "audience": "none" }),
        json!({ "extension": true, "extension_approval": true }),
    )
    .await;
    let page = admin.open(&nobody.step("lifecycle")).await;
    for (control, reason) in [
        (
            "Allow users to extend access",
            "Nobody requests under this policy, so nobody can ask for more time.",
        ),
        (
            "Users can request specific timeline",
            "Nobody requests under this policy. Administrators choose the dates when they assign it.",
        ),
    ] {
        let control = page.field(control);
        assert_eq!((control.chosen().as_deref(), control.description().as_str()), (Some("No"), reason));
    }
    let unapproved = draft(&mut admin, json!({}), json!({ "extension_approval": true })).await;
    let page = admin.open(&unapproved.step("lifecycle")).await;
    let control = page.field("Require approval to grant extension");
    assert_eq!(control.chosen().as_deref(), Some("No"));
    assert!(control.description().starts_with("Require approval is No"));
}

async fn f105_f106_f107_faults_of_questions_are_named(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let questions = json!([
        { "text": "Which branch?", "kind": "multiple_choice", "choices": "North\nSouth", "required": true,
          "localized": [{ "language": "es", "text": "¿Qué sucursal?", "choices": "Norte" }] },
        { "text": " ", "kind": "short_text", "pattern": "[0-9" },
    ]);
    let draft = draft(&mut admin, json!({ "questions": questions }), json!({})).await;
    let review = admin.open(&draft.step("review")).await;
    review.must_say("Requests: Question 2: Question text is required.");
    review.must_say("not a regular expression");
    review.must_say("Type 2 lines");
}

async fn f066_two_versions_stand_side_by_side_in_words(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin
        .package(Plan {
            name: "Market hall key",
            ..Plan::default()
        })
        .await;
    let policy = policy_of(&mut admin, &package).await;
    for (days, version) in [("7", 1), ("9", 2)] {
        let form = json!({ "name": "Initial Policy", "requests": { "audience": "in_directory", "scope": "all_members" },
            "lifecycle": { "kind": "days", "days": days } });
        admin
            .call("policies/update", json!({ "id": policy, "version": version, "form": form }))
            .await;
    }
    let address = format!("/admin/packages/{package}/policies/{policy}/versions");
    let page = admin.open(&address).await;
    page.must_say("Versions of Initial Policy");
    assert!(
        page.row("Version 3")
            .says("Access package assignments expire: After 9 days (before: After 7 days)")
    );
    assert!(page.row("Version 3").says("In force") && page.row("Version 1").says("The first version."));
    assert_eq!((page.offers("Restore version 1"), page.offers("Restore version 3")), (1, 0));
    let page = admin.open(&format!("{address}?old=1&new=3")).await;
    page.must_say("Differences between version 1 and version 3");
    let tables = page.whole().all("table");
    let rows = tables[1].all("tbody tr");
    assert_eq!(rows.len(), 1, "{page}");
    let row = rows[0];
    assert_eq!(
        (row.cell("Version 1"), row.cell("Version 3")),
        ("After 30 days".into(), "After 9 days".into())
    );
}

async fn f068_f071_the_simulator_says_what_would_become_of_a_request(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let (helena, alex) = (admin.user("Helena Marchetti").await, admin.user("Alex Wilber").await);
    admin.group("Harbour pilots").await;
    admin.add_member("Harbour pilots", "Helena Marchetti").await;
    let plan = Plan {
        name: "Night pilots",
        only: Some("Harbour pilots"),
        ..Plan::default()
    };
    let package = admin.package(plan).await;
    let address = format!("/admin/packages/{package}/simulator");
    admin.open(&address).await.must_say("No person chosen");
    let page = admin.open(&format!("{address}?person={helena}")).await;
    assert_eq!(
        (page.fact("Can request it").as_str(), page.fact("Policy that applies").as_str()),
        ("Yes", "Initial Policy")
    );
    assert_eq!(page.fact("Who would decide"), "Nobody: it would be granted at once.");
    assert_eq!(page.row("Initial Policy").cell("Result"), "Applies");
    let page = admin.open(&format!("{address}?person={alex}")).await;
    assert!(page.fact("Can request it").starts_with("No. "), "{page}");
    assert_eq!(page.row("Initial Policy").cell("Result"), "Doesn't include this person");
}
