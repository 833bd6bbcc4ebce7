//! The audit trail and the reports as pages: what they show, where they lead, and how things stand.

use serde_json::json;

use super::bank::{Bank, Plan};
use crate::both_databases;
use crate::service::audit;
use crate::testing::TestApp;

both_databases!(
    f167_f168_the_trail_is_listed_narrowed_and_opened,
    f169_f170_reports_about_a_person_say_what_they_have_and_why,
    each_thing_has_its_history,
    how_things_stand_is_on_the_home_of_identity_governance,
);

const PLAN: Plan = Plan {
    name: "Boathouse key",
    group: None,
    only: None,
};

async fn f167_f168_the_trail_is_listed_narrowed_and_opened(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin.package(PLAN).await;
    let request = bank.visit("alex.wilber").await.request(&package, "To row").await;
    bank.deliver().await;
    while audit::seal(&bank.server.bench.app).await.expect("sealed") > 0 {}

    let asked = admin.open("/admin/audit?activity=request_assignment").await;
    assert_eq!(asked.heading(), "Audit logs");
    assert_eq!(asked.rows("").len(), 1, "{asked}");
    let row = asked.row("Request assignment");
    assert_eq!(
        (row.cell("Actor"), row.cell("Targets"), row.cell("Result")),
        ("Alex Wilber".to_owned(), "Boathouse key".to_owned(), "Success".to_owned())
    );
    let details = admin.open(&row.link("Request assignment")).await;
    details.must_say("Everything of this chain");
    assert_eq!(details.fact("Actor"), "Alex Wilber");
    let chain = admin.open(&details.link("Everything of this chain")).await;
    for activity in ["Request assignment", "Auto approve", "Grant role", "Fulfill request"] {
        assert_eq!(chain.rows(activity).len(), 1, "{activity}: {chain}");
    }
    assert_eq!(chain.rows("").len(), 4, "{chain}");

    let user = admin.user("Alex Wilber").await;
    let version = admin.call("users/get", json!({ "id": user })).await["version"].clone();
    let form = json!({ "name": "Alex Wilber", "user_name": "alex.wilber", "kind": "member", "role": "user", "mail": "", "job_title": "Skipper",
        "department": "Sales", "company": "", "office": "", "phone": "", "manager": "", "password": "" });
    admin
        .call("users/update", json!({ "id": user, "version": version, "form": form }))
        .await;
    let changed = admin.open("/admin/audit?activity=update_user").await;
    let details = admin.open(&changed.row("Update user").link("Update user")).await;
    let title = details.row("Job title");
    assert_eq!(title.cell("New value"), "Skipper", "{details}");
    let file = admin.browser.get("/admin/export/audit?activity=update_user").await;
    assert!(file.text.contains("-> Skipper"), "{}", file.text);

    for (narrowed, rows) in [
        ("/admin/audit?q=boathouse", true),
        ("/admin/audit?q=nobody-of-that-name", false),
        ("/admin/audit?from=2026-11-23&until=2026-11-23", true),
        ("/admin/audit?from=2026-11-24", false),
        ("/admin/audit?result=failure", false),
    ] {
        assert_eq!(!admin.open(narrowed).await.rows("").is_empty(), rows, "{narrowed}");
    }
    let over = admin.open(&format!("/admin/audit?correlation={request}")).await;
    assert_eq!(over.link("One chain only"), "/admin/audit");
    admin
        .open(&format!("/admin/audit/{request}"))
        .await
        .must_say("This row is not here");
}

async fn f169_f170_reports_about_a_person_say_what_they_have_and_why(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin.package(PLAN).await;
    let user = admin.user("Alex Wilber").await;
    let address = |tail: &str| format!("/admin/reports/user/{user}{tail}");
    let offered = admin.open(&address("/can-request")).await;
    assert_eq!(offered.rows("Boathouse key").len(), 1, "{offered}");
    bank.visit("alex.wilber").await.request(&package, "").await;
    bank.deliver().await;
    let has = admin.open(&address("")).await;
    assert_eq!(has.heading(), "Access packages for a user");
    let row = has.row("Boathouse key");
    assert_eq!(
        (row.cell("Catalog"), row.cell("Policy"), row.cell("Status")),
        ("General".into(), "Initial Policy".into(), "Delivered".into())
    );
    assert_eq!(admin.open(&address("/can-request")).await.rows("Boathouse key").len(), 0);

    let group = admin.role("Boathouse key", "Member").await["object"]
        .as_str()
        .expect("an id")
        .to_owned();
    let members = admin.open(&format!("/admin/groups/{group}/members")).await;
    let why = members.row("Alex Wilber").link("Why this access?");
    let ways = admin.open(&why).await;
    assert_eq!(ways.rows("").len(), 1, "{ways}");
    let way = ways.row("Boathouse key");
    assert_eq!(
        (way.cell("Role"), way.cell("If it ended")),
        ("Member".into(), "The role ends".into())
    );
    admin.add_member("Boathouse key", "Alex Wilber").await;
    let ways = admin.open(&why).await;
    assert_eq!(ways.rows("The role stays, given otherwise").len(), 2, "{ways}");
    let file = admin
        .browser
        .get(&format!("/admin/export/user-resources?id={user}&object={group}"))
        .await;
    assert!(file.text.contains("Access package: Boathouse key"), "{}", file.text);

    let day = admin.open("/admin/reports/day?day=2026-11-23&q=alex").await;
    assert_eq!(day.rows("Boathouse key").len(), 1, "{day}");
    admin.open("/admin/reports/day?day=2026-11-22").await.must_say("Nobody had access");
    assert_eq!(
        admin.open("/admin/reports/activity").await.row("Boathouse key").cell("Delivered"),
        "1"
    );
    admin.open("/admin/reports/unused").await.must_say("Every access package is used");
    let reports = admin.open("/admin/reports").await;
    assert_eq!(reports.heading(), "Reports");
    assert_eq!(
        reports.whole().all("nav[aria-label='Main menu']")[0].link("Reports"),
        "/admin/reports"
    );
}

async fn each_thing_has_its_history(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin.package(PLAN).await;
    let user = admin.user("Alex Wilber").await;
    bank.visit("alex.wilber").await.request(&package, "").await;
    bank.deliver().await;
    let group = admin.role("Boathouse key", "Member").await["object"]
        .as_str()
        .expect("an id")
        .to_owned();
    for (page, says) in [
        (format!("/admin/packages/{package}/history"), "Create package"),
        (format!("/admin/groups/{group}/history"), "Grant role"),
        (format!("/admin/users/{user}/history"), "Sign in"),
    ] {
        let history = admin.open(&page).await;
        assert!(!history.rows(says).is_empty(), "{page}: {history}");
    }
    let policy = admin.call("packages/get", json!({ "id": package })).await["policies"][0].clone();
    let form = json!({ "id": policy["id"], "version": policy["version"], "enabled": false });
    admin.call("policies/set-enabled", form).await;
    let id = policy["id"].as_str().expect("an id");
    let history = admin.open(&format!("/admin/packages/{package}/history?policy={id}")).await;
    assert_eq!(history.rows("Update policy").len(), 1, "{history}");
    assert!(history.rows("Create package").is_empty(), "of the policy alone: {history}");
    let catalogs = admin.call("catalogs/list", json!({ "query": {} })).await;
    let catalog = catalogs["items"][0]["id"].clone();
    for (kind, place) in [("application", "applications"), ("site", "sites")] {
        let query = json!({ "query": { "kind": kind } });
        let found = admin.call("directory-objects/list", query).await;
        let objects: Vec<&str> = found["items"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|item| item["id"].as_str())
            .collect();
        // Those that the catalog has already are left as they are.
        let added = json!({ "id": catalog, "resources": objects });
        admin.call("catalogs/add-resources", added).await;
        let mut told = 0;
        for object in objects {
            let page = format!("/admin/{place}/{object}");
            told += admin.open(&format!("{page}/history")).await.rows("Add resource").len();
            assert_eq!(admin.open(&page).await.link("History"), format!("{page}/history"));
        }
        assert!(told > 0, "{place} tell when they were added");
    }
}

async fn how_things_stand_is_on_the_home_of_identity_governance(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin.package(PLAN).await;
    bank.visit("alex.wilber").await.request(&package, "").await;
    bank.deliver().await;
    let home = admin.open("/admin/governance").await;
    home.must_say("Waiting for a decision: 0");
    home.must_say("Active assignments: 1");
    let charts: Vec<String> = home
        .whole()
        .all("svg.chart")
        .iter()
        .map(|chart| chart.attr("aria-label").unwrap_or_default().to_owned())
        .collect();
    assert!(
        charts[0].starts_with("Requests, by week, oldest first: 0,") && charts[0].ends_with(" 1"),
        "{charts:?}"
    );
    bank.server.bench.clock.advance(chrono::Duration::days(20));
    let mut admin = bank.visit("admin1").await;
    let home = admin.open("/admin/governance").await;
    home.must_say("Ends within 14 days: 1");
    home.must_say("Alex Wilber, Boathouse key");
}
