//! New access package as the server shows it: what was kept of each step, what is wrong at its field, and what Review says of it all.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::bank::{Bank, Draft, Plan, Visit};
use super::page::Page;
use crate::both_databases;
use crate::testing::TestApp;

both_databases!(
    f009_f011_f019_a_new_draft_begins_at_basics_in_general_without_approval,
    f010_a_name_that_cannot_be_is_told_at_its_field,
    f010_letters_are_counted_as_a_person_counts_them,
    f021_f076_a_number_that_cannot_be_is_told_at_its_field,
    f021_a_date_in_the_past_is_told_at_its_field,
    f016_a_dynamic_group_offers_owner_only_and_says_why,
    f015_f022_review_lists_each_fault_with_the_way_to_its_field,
    f017_f022_who_can_request_must_be_said,
    f018_a_user_deleted_meanwhile_is_told_and_can_be_removed,
    a_group_deleted_meanwhile_is_told_at_review,
    f020_f022_review_says_every_choice_in_sentences,
);

/// A draft with nothing wrong; what is given takes the place of what it says.
async fn draft(admin: &mut Visit, given: Value) -> Draft {
    let mut whole = json!({
        "basics": { "name": "Harbour fair", "description": "For those who set it up" },
        "requests": { "audience": "in_directory", "scope": "all_members" },
        "lifecycle": { "kind": "days", "days": "30" },
        "visited": ["basics", "resource-roles", "requests", "lifecycle"],
    });
    for (step, values) in given.as_object().expect("steps") {
        match values.as_object() {
            Some(values) => values.iter().for_each(|(field, value)| whole[step][field] = value.clone()),
            None => whole[step] = values.clone(),
        }
    }
    admin.draft(whole).await
}

async fn step(admin: &mut Visit, draft: &Draft, step: &str) -> Page {
    let page = admin.open(&draft.step(step)).await;
    assert_eq!(page.status, StatusCode::OK, "{page}");
    page
}

async fn f009_f011_f019_a_new_draft_begins_at_basics_in_general_without_approval(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let draft = admin.draft(json!({})).await;
    let page = step(&mut admin, &draft, "basics").await;
    assert_eq!(page.heading(), "New access package");
    let steps = page.whole().all("nav[aria-label='New access package'] li");
    let labels = ["Basics", "Resource roles", "Requests", "Lifecycle", "Review + create"];
    for (step, label) in steps.iter().zip(labels) {
        assert!(step.says(label), "{label} in {page}");
    }
    assert_eq!(steps.len(), labels.len());
    assert_eq!(page.field("Catalog").value(), "General");
    assert!(!page.field("Name").is_invalid(), "what was not filled in yet is no fault");
    let page = step(&mut admin, &draft, "requests").await;
    assert_eq!(page.field("Require approval").chosen().as_deref(), Some("No"));
}

async fn f010_a_name_that_cannot_be_is_told_at_its_field(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    admin
        .package(Plan {
            name: "Market hall key",
            ..Plan::default()
        })
        .await;
    let long = "n".repeat(257);
    for (name, complaint) in [
        ("", "Name is required."),
        (" \u{a0}\u{2003} ", "Name is required."),
        (long.as_str(), "Use at most 256 characters."),
        ("Market\u{7}hall", "can't be used here"),
        ("Market\u{202e}hall", "can't be used here"),
        ("MARKET HALL KEY", "is taken"),
        ("Market hall key ", "is taken"),
    ] {
        let draft = draft(&mut admin, json!({ "basics": { "name": name } })).await;
        let page = step(&mut admin, &draft, "basics").await;
        page.field("Name").must_complain(complaint);
        assert_eq!(page.field("Name").value(), name, "what was typed stays");
        let (status, why) = admin
            .refused("drafts/create", json!({ "id": draft.id, "version": draft.version }))
            .await;
        assert_eq!(
            (status, why.contains("basics.name")),
            (StatusCode::UNPROCESSABLE_ENTITY, true),
            "{name:?}: {why}"
        );
    }
    let draft = draft(&mut admin, json!({ "basics": { "description": "d".repeat(1025) } })).await;
    let page = step(&mut admin, &draft, "basics").await;
    page.field("Description").must_complain("Use at most 1024 characters.");
}

async fn f010_letters_are_counted_as_a_person_counts_them(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let (name, description) = ("🏦".repeat(256), "🏦".repeat(1024));
    let draft = draft(&mut admin, json!({ "basics": { "name": name, "description": description } })).await;
    let page = step(&mut admin, &draft, "basics").await;
    assert!(
        !page.field("Name").is_invalid() && !page.field("Description").is_invalid(),
        "{page}"
    );
    admin
        .call("drafts/create", json!({ "id": draft.id, "version": draft.version }))
        .await;
}

async fn f021_f076_a_number_that_cannot_be_is_told_at_its_field(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    for (kind, typed, complaint) in [
        ("days", "0", "Enter a number from 1 to 3660."),
        ("days", "-1", "Enter a"),
        ("days", "3661", "Enter a number from 1 to 3660."),
        ("days", "soon", "Enter a whole number."),
        ("days", "1.5", "Enter a whole number."),
        ("days", "", "Assignments expire after is required."),
        ("hours", "0", "Enter a number from 1 to 87840."),
        ("hours", "87841", "Enter a number from 1 to 87840."),
        ("hours", "soon", "Enter a whole number."),
    ] {
        let draft = draft(&mut admin, json!({ "lifecycle": { "kind": kind, kind: typed } })).await;
        let page = step(&mut admin, &draft, "lifecycle").await;
        page.field("Assignments expire after").must_complain(complaint);
        assert_eq!(page.field("Assignments expire after").value(), typed, "what was typed stays");
    }
}

async fn f021_a_date_in_the_past_is_told_at_its_field(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let draft = draft(
        &mut admin,
        json!({ "lifecycle": { "kind": "on_date", "date": "2001-01-01T23:59:59Z" } }),
    )
    .await;
    let page = step(&mut admin, &draft, "lifecycle").await;
    page.field("Expiration date").must_complain("Choose a date in the future.");
}

async fn f016_a_dynamic_group_offers_owner_only_and_says_why(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    admin
        .group_with_rule("Everybody in Sales", Some("user.department -eq \"Sales\""))
        .await;
    let mut row = admin.role("Everybody in Sales", "Owner").await;
    row["role"] = Value::Null;
    let draft = draft(&mut admin, json!({ "roles": [row] })).await;
    let page = step(&mut admin, &draft, "resource-roles").await;
    let row = page.row("Everybody in Sales");
    let role = row.field("Role of Everybody in Sales");
    assert_eq!(role.options(), ["Select role", "Owner"]);
    role.must_complain("Role is required.");
    page.must_say("Membership of a dynamic group is decided by its rule, so only Owner can be given.");
}

async fn f015_f022_review_lists_each_fault_with_the_way_to_its_field(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    admin.group("Harbour pilots").await;
    let mut row = admin.role("Harbour pilots", "Member").await;
    row["role"] = Value::Null;
    let given = json!({ "basics": { "name": "", "description": "" }, "roles": [row], "requests": { "scope": "specific" },
        "lifecycle": { "kind": "hours", "hours": "0" } });
    let draft = draft(&mut admin, given).await;
    let review = step(&mut admin, &draft, "review").await;
    assert!(review.button("Create").is_disabled());
    assert_eq!(
        review.button("Create").description(),
        "5 things need another look first; they are listed above."
    );
    for (fault, at, label) in [
        ("Basics: Name is required.", "basics", "Name"),
        ("Basics: Description is required.", "basics", "Description"),
        (
            "Resource roles: Harbour pilots: Role is required.",
            "resource-roles",
            "Role of Harbour pilots",
        ),
        (
            "Lifecycle: Enter a number from 1 to 87840.",
            "lifecycle",
            "Assignments expire after",
        ),
    ] {
        assert_eq!(review.link(fault), draft.step(at));
        let (_, said) = fault.rsplit_once(": ").expect("a fault of a step");
        step(&mut admin, &draft, at).await.field(label).must_complain(said);
    }
    let fault = "Requests: At least one user or group is required.";
    assert_eq!(review.link(fault), draft.step("requests"));
    let page = step(&mut admin, &draft, "requests").await;
    let subjects = page.field("Users and groups who can request access");
    assert_eq!(subjects.description(), "At least one user or group is required.");
}

async fn f017_f022_who_can_request_must_be_said(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    for (audience, fault, choices) in [
        (
            Value::Null,
            "A choice of who can request access is required.",
            "Users who can request access",
        ),
        (
            json!("in_directory"),
            "A choice of which users can request access is required.",
            "Which users in your directory",
        ),
    ] {
        let draft = draft(&mut admin, json!({ "requests": { "audience": audience, "scope": null } })).await;
        let review = step(&mut admin, &draft, "review").await;
        assert_eq!(review.link(&format!("Requests: {fault}")), draft.step("requests"));
        let page = step(&mut admin, &draft, "requests").await;
        assert_eq!(page.field(choices).description(), fault);
    }
}

async fn f018_a_user_deleted_meanwhile_is_told_and_can_be_removed(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let (kept, gone) = (admin.user("Helena Marchetti").await, admin.user("Tomasz Wierzbicki").await);
    let subjects = json!([{ "kind": "user", "id": kept }, { "kind": "user", "id": gone }]);
    let draft = draft(&mut admin, json!({ "requests": { "scope": "specific", "subjects": subjects } })).await;
    let page = step(&mut admin, &draft, "requests").await;
    assert_eq!(
        (page.offers("Remove Helena Marchetti"), page.offers("Remove Tomasz Wierzbicki")),
        (1, 1)
    );
    let user = admin.call("users/get", json!({ "id": gone })).await;
    admin.call("users/delete", json!({ "id": gone, "version": user["version"] })).await;

    let review = step(&mut admin, &draft, "review").await;
    let told = "Requests: Tomasz Wierzbicki is no longer there. Remove it or choose another.";
    assert_eq!(review.link(told), draft.step("requests"));
    assert!(review.button("Create").is_disabled());
    let page = step(&mut admin, &draft, "requests").await;
    let people = page.whole().all("main li");
    let person = people
        .iter()
        .find(|item| item.says("Tomasz Wierzbicki"))
        .expect("who is gone is still listed");
    assert!(person.says("Deleted"), "{page}");
    assert_eq!(page.offers("Remove Tomasz Wierzbicki"), 1);
}

async fn a_group_deleted_meanwhile_is_told_at_review(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let group = admin.group("Short-lived").await;
    let row = admin.role("Short-lived", "Member").await;
    let draft = draft(&mut admin, json!({ "roles": [row] })).await;
    assert!(!step(&mut admin, &draft, "review").await.button("Create").is_disabled());
    admin.call("groups/delete", json!({ "id": group, "version": 1 })).await;
    let review = step(&mut admin, &draft, "review").await;
    let told = "Resource roles: Short-lived is no longer there. Remove it or choose another.";
    assert_eq!(review.link(told), draft.step("resource-roles"));
    assert!(review.button("Create").is_disabled());
    admin
        .refused("drafts/create", json!({ "id": draft.id, "version": draft.version }))
        .await;
}

async fn f020_f022_review_says_every_choice_in_sentences(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    admin.group("Harbour pilots").await;
    let row = admin.role("Harbour pilots", "Owner").await;
    let helena = admin.user("Helena Marchetti").await;
    let given = json!({ "basics": { "name": "Night pilots", "description": "They bring ships in" }, "roles": [row], "prior_membership": "remove",
        "requests": { "scope": "specific", "subjects": [{ "kind": "user", "id": helena }], "enabled": false }, "lifecycle": { "days": "45" } });
    let draft = draft(&mut admin, given).await;
    let review = step(&mut admin, &draft, "review").await;
    for sentence in [
        "Night pilots, in the catalog General.",
        "They bring ships in",
        "Gives Owner of Harbour pilots (Security).",
        "People who had one of these roles before lose it when access ends.",
        "Helena Marchetti can request this without approval.",
        "Enable requests: No. New requests are not taken.",
        "Access ends 45 days after it is delivered.",
    ] {
        review.must_say(sentence);
    }
    for (label, at) in [
        ("Basics", "basics"),
        ("Resource roles", "resource-roles"),
        ("Requests", "requests"),
        ("Lifecycle", "lifecycle"),
    ] {
        assert_eq!(review.link(&format!("Edit {label}")), draft.step(at));
    }
    assert!(!review.button("Create").is_disabled());
}
