//! Connected organizations as the server shows them: the list and its file, one with its sponsors, and a policy that names one.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::bank::{Bank, Visit};
use crate::both_databases;
use crate::testing::TestApp;

both_databases!(
    f158_the_list_of_organizations_filters_and_is_had_as_a_file,
    f158_an_organization_tells_its_sponsors_and_why_it_stays,
);

async fn organization(admin: &mut Visit, name: &str, domains: &str, state: &str) -> String {
    let form = json!({ "name": name, "description": "Builds the bridge", "state": state, "domains": domains });
    let id = admin.call("organizations/create", json!({ "form": form })).await;
    id.as_str().expect("an id").to_owned()
}

async fn f158_the_list_of_organizations_filters_and_is_had_as_a_file(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let list = admin.open("/admin/connected-organizations").await;
    list.must_say("No connected organizations yet");
    organization(&mut admin, "Contoso", "contoso.example\nmail.contoso.example", "configured").await;
    organization(&mut admin, "Fabrikam", "fabrikam.example", "proposed").await;
    let list = admin.open("/admin/connected-organizations").await;
    assert_eq!(list.row("Contoso").cell("State"), "Configured");
    assert_eq!(list.row("Contoso").cell("Domains"), "contoso.example, mail.contoso.example");
    list.link("Add connected organization");
    let proposed = admin.open("/admin/connected-organizations?state=proposed").await;
    assert_eq!((proposed.rows("Contoso").len(), proposed.rows("Fabrikam").len()), (0, 1));
    let found = admin.open("/admin/connected-organizations?q=contoso").await;
    assert_eq!((found.rows("Contoso").len(), found.rows("Fabrikam").len()), (1, 0));
    let file = admin.browser.get("/admin/export/organizations").await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.text.contains("Fabrikam,Proposed,fabrikam.example"), "{}", file.text);
    let form = json!({ "name": "Other", "domains": "not a domain" });
    let (status, why) = admin.refused("organizations/create", json!({ "form": form })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(why.contains("\"domains\"") && why.contains("notADomain"), "{why}");
    let mut user = bank.visit("alex.wilber").await;
    assert_eq!(
        user.browser.get("/admin/connected-organizations").await.status,
        StatusCode::FORBIDDEN
    );
}

async fn f158_an_organization_tells_its_sponsors_and_why_it_stays(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let id = organization(&mut admin, "Contoso", "contoso.example", "configured").await;
    let page = format!("/admin/connected-organizations/{id}");
    let shown = admin.open(&page).await;
    assert_eq!(shown.heading(), "Contoso");
    assert!(!shown.button("Edit").is_disabled() && !shown.button("Delete").is_disabled());
    shown.must_say("No internal sponsors yet.");
    let alex = admin.user("Alex Wilber").await;
    let sponsors = json!([{ "kind": "user", "id": alex }]);
    let input = json!({ "id": id, "side": "internal", "sponsors": sponsors });
    assert_eq!(admin.call("organizations/add-sponsors", input).await, json!(1));
    let shown = admin.open(&page).await;
    shown.must_say("Alex Wilber");
    assert_eq!(shown.fact("Domains"), "contoso.example");
    let subjects = json!([{ "kind": "organization", "id": id }]);
    let requests = json!({ "audience": "not_in_directory", "scope": "specific_organizations", "subjects": subjects });
    let basics = json!({ "name": "Bridge", "description": "What Bridge gives" });
    let lifecycle = json!({ "kind": "days", "days": "30" });
    let draft = admin
        .draft(json!({ "basics": basics, "requests": requests, "lifecycle": lifecycle }))
        .await;
    let made = admin
        .call("drafts/create", json!({ "id": draft.id, "version": draft.version }))
        .await;
    let package = made["id"].as_str().expect("a package").to_owned();
    let shown = admin.open(&page).await;
    assert!(shown.button("Delete").is_disabled());
    assert!(shown.button("Delete").description().contains("Bridge"));
    let policies = admin.open(&format!("/admin/packages/{package}/policies")).await;
    policies.must_say("Specific connected organizations");
    let refused: (StatusCode, String) = admin.refused("organizations/delete", json!({ "id": id, "version": 2 })).await;
    assert_eq!(refused.0, StatusCode::FORBIDDEN);
    let overview: Value = admin.call("packages/get", json!({ "id": package })).await;
    assert_eq!(overview["policies"][0]["subjects"][0]["name"], "Contoso");
}
