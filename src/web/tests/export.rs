//! Lists as files: what a list's page shows, all of it, and nothing for whom the list is not.

use axum::http::StatusCode;

use serde_json::json;

use super::bank::{Bank, Plan};
use super::{Answer, Browser, TestServer};
use crate::both_databases;
use crate::domain::assignment::AssignmentFilter;
use crate::domain::user::DirectoryRole;
use crate::testing::TestApp;

both_databases!(
    a_list_s_file_holds_what_its_page_shows,
    f054_the_file_of_users_has_their_custom_attributes,
    a_list_s_file_holds_every_page_once,
    a_list_s_file_is_harmless_in_a_spreadsheet,
    a_list_s_file_is_for_whom_the_list_is,
    every_list_has_its_button_and_its_file,
    f121_the_file_of_assignments_holds_just_what_the_filter_shows,
);

/// The lines of a file, without the head.
fn lines(answer: &Answer) -> Vec<&str> {
    answer.text.trim_start_matches('\u{feff}').lines().skip(1).collect()
}

async fn admin(server: &TestServer) -> Browser {
    server.person("admin", DirectoryRole::GlobalAdministrator).await;
    server.signed_in("admin").await
}

async fn a_list_s_file_holds_what_its_page_shows(bench: TestApp) {
    let server = TestServer::new(bench);
    let mut browser = admin(&server).await;
    for name in ["ada", "adrian", "bob"] {
        server.person(name, DirectoryRole::User).await;
    }
    let all = browser.get("/admin/export/users").await;
    assert_eq!(all.status, StatusCode::OK, "{}", all.text);
    assert!(all.bytes.starts_with(&[0xEF, 0xBB, 0xBF]), "no byte order mark");
    assert_eq!(all.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(all.header("cache-control"), "no-store");
    let date = server.bench.app.clock.now().format("%Y-%m-%d");
    let file = format!("attachment; filename=\"woodgate-users-{date}.csv\"");
    assert_eq!(all.header("content-disposition"), file);
    let head = "Name,User name,Type,Department,Job title,Directory role,Status";
    assert_eq!(all.text.trim_start_matches('\u{feff}').lines().next(), Some(head));
    assert_eq!(lines(&all).len(), 4);

    let found = browser.get("/admin/export/users?q=ad&sort=user-name&dir=down").await;
    let names: Vec<&str> = lines(&found)
        .iter()
        .map(|line| line.split(',').nth(1).unwrap_or_default())
        .collect();
    assert_eq!(names, ["adrian", "admin", "ada"]);
    let noted = "SELECT count(*) FROM audit WHERE activity = 'export_list' AND actor_name = 'admin the Person'
        AND detail = '/admin/export/users?q=ad&sort=user-name&dir=down'";
    assert_eq!(server.count(noted).await, 1);
    let none = browser.get("/admin/export/users?q=nobody").await;
    assert!(lines(&none).is_empty(), "{}", none.text);
}

async fn f054_the_file_of_users_has_their_custom_attributes(bench: TestApp) {
    use crate::domain::custom_attribute::{CustomAttributeForm, GivenValue};
    use crate::domain::user::UserForm;
    use crate::service::{custom_attributes, users};
    let server = TestServer::new(bench);
    let mut browser = admin(&server).await;
    let (app, actor) = (&server.bench.app, crate::testing::actor(DirectoryRole::GlobalAdministrator));
    for (label, name) in [("Badge", "badge"), ("Cost center", "cost_center")] {
        let form = CustomAttributeForm {
            label: label.into(),
            name: name.into(),
            ..CustomAttributeForm::default()
        };
        custom_attributes::create(app, &actor, &form).await.expect("an attribute");
    }
    let form = UserForm {
        name: "Ada".into(),
        user_name: "ada".into(),
        password: "first-day-at-the-bank-7".into(),
        attributes: vec![GivenValue {
            name: "cost_center".into(),
            value: "=17".into(),
        }],
        ..UserForm::default()
    };
    users::create(app, &actor, &form).await.expect("a user");
    let file = browser.get("/admin/export/users?q=ad").await;
    let head = file.text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    assert!(head.ends_with(",Status,extension_badge,extension_cost_center"), "{head}");
    let ada = lines(&file).into_iter().find(|line| line.starts_with("Ada,")).expect("a line");
    assert!(ada.ends_with(",Enabled,,'=17"), "{ada}");
    let page = browser.get(crate::paths::USERS_ATTRIBUTES).await;
    assert!(page.text.contains("extension_cost_center") && page.text.contains("Cost center"));
}

async fn a_list_s_file_holds_every_page_once(bench: TestApp) {
    let server = TestServer::new(bench);
    let mut browser = admin(&server).await;
    // More than the largest page.
    for number in 0..205 {
        server.person(&format!("person{number:03}"), DirectoryRole::User).await;
    }
    let all = browser.get("/admin/export/users").await;
    let mut names: Vec<&str> = lines(&all).iter().map(|line| line.split(',').nth(1).unwrap_or_default()).collect();
    assert_eq!(names.len(), 206);
    assert!(names.is_sorted(), "in the page's order");
    names.dedup();
    assert_eq!(names.len(), 206, "each once");
    // The page that a reader is on does not cut the file.
    let page = browser.get("/admin/users").await;
    let next = page
        .text
        .split("after=")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a next page");
    let whole = browser.get(&format!("/admin/export/users?after={next}")).await;
    assert_eq!(lines(&whole).len(), 206);
}

async fn a_list_s_file_is_harmless_in_a_spreadsheet(bench: TestApp) {
    let server = TestServer::new(bench);
    let mut browser = admin(&server).await;
    let formula = "=HYPERLINK(\"http://evil.example\")";
    server.named(formula, "formula", DirectoryRole::User).await;
    server.named("Jörg Müller, Straße", "umlaut", DirectoryRole::User).await;
    let all = browser.get("/admin/export/users").await;
    assert!(
        all.text.contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\",formula,"),
        "{}",
        all.text
    );
    assert!(all.text.contains("\"Jörg Müller, Straße\",umlaut,"), "{}", all.text);
}

async fn a_list_s_file_is_for_whom_the_list_is(bench: TestApp) {
    let server = TestServer::new(bench);
    let mut browser = admin(&server).await;
    server.person("requestor1", DirectoryRole::User).await;
    let mut plain = server.signed_in("requestor1").await;
    for list in LISTS {
        let path = format!("/admin/export/{list}?id={NOBODY}");
        let refused = plain.get(&path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{list}");
        assert!(
            refused.text.contains("Access denied") && !refused.text.contains("admin the Person"),
            "{list}"
        );
        let out = server.browser().get(&path).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{list}");
        assert!(out.location().starts_with("/sign-in?return="), "{list}");
    }
    for path in ["/admin/export/secrets", "/admin/export/members", "/admin/export/members?id=x"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

const NOBODY: &str = "00000000-0000-0000-0000-000000000007";
const LISTS: [&str; 25] = [
    "organizations",
    "users",
    "deleted-users",
    "groups",
    "members",
    "owners",
    "catalogs",
    "resources",
    "catalog-packages",
    "packages",
    "assignments",
    "requests",
    "audit",
    "user-history",
    "group-history",
    "application-history",
    "site-history",
    "catalog-history",
    "package-history",
    "user-packages",
    "user-can-request",
    "user-resources",
    "access-on-day",
    "package-activity",
    "unused-packages",
];

async fn every_list_has_its_button_and_its_file(bench: TestApp) {
    let server = TestServer::new(bench);
    let mut browser = admin(&server).await;
    for (page, list) in [
        ("/admin/users?q=ad", "users?q=ad"),
        ("/admin/users/deleted", "deleted-users"),
        ("/admin/groups?type=security", "groups?type=security"),
        ("/admin/catalogs", "catalogs"),
        ("/admin/packages?sort=created&amp;dir=down", "packages?sort=created"),
    ] {
        let shown = browser.get(&page.replace("&amp;", "&")).await;
        let href = format!("href=\"/admin/export/{list}");
        assert!(shown.text.contains(&href), "{page} has no {href}");
    }
    for list in LISTS {
        let file = browser.get(&format!("/admin/export/{list}?id={NOBODY}")).await;
        assert!(
            matches!(file.status, StatusCode::OK | StatusCode::NOT_FOUND),
            "{list}: {}",
            file.status
        );
    }
}

async fn f121_the_file_of_assignments_holds_just_what_the_filter_shows(bench: TestApp) {
    let bank = Bank::open(bench).await;
    let mut admin = bank.visit("admin1").await;
    let plan = Plan {
        name: "Boathouse key",
        ..Plan::default()
    };
    let package = admin.package(plan).await;
    for who in ["alex.wilber", "hanna.virtanen"] {
        bank.visit(who).await.request(&package, "").await;
    }
    bank.deliver().await;
    let query = json!({ "package": package, "filter": AssignmentFilter::All, "search": "Hanna", "page": {} });
    let found = admin.call("assignments/list", json!({ "query": query })).await;
    let hers = &found["items"][0];
    admin
        .call(
            "assignments/remove",
            json!({ "items": [{ "id": hers["id"], "version": hers["version"] }], "tell": true }),
        )
        .await;
    bank.deliver().await;
    for (status, name) in [("delivered", "Alex Wilber"), ("expired", "Hanna Virtanen")] {
        let page = admin.open(&format!("/admin/packages/{package}/assignments?status={status}")).await;
        let all = page.whole().all("a");
        let export = all.iter().find(|link| link.name() == "Export").expect("a link");
        let file = admin.browser.get(export.attr("href").expect("an address")).await;
        assert_eq!(lines(&file).len(), 1, "{}", file.text);
        assert!(lines(&file)[0].contains(name), "{}", file.text);
    }
}
