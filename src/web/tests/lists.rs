//! Lists by their addresses: order, filters and pages that stand in them, what lies over a list and closes to it, and what is said of
//! something that another window has deleted or decided meanwhile.

use axum::http::StatusCode;
use serde_json::json;

use super::bank::{Bank, Plan, Visit};
use super::page::Page;
use crate::both_databases;
use crate::domain::user::DirectoryRole;
use crate::service::demo;
use crate::testing::{TestApp, unknown};

both_databases!(
    a_list_s_address_brings_order_filters_and_pages,
    f035_details_close_to_the_filter_and_the_page_that_they_were_opened_from,
    what_is_gone_is_named_and_leads_back_to_its_list,
    f030_a_stale_window_is_told_when_the_pane_opens,
    two_people_of_one_name_are_told_apart,
    a_call_of_a_list_sends_few_statements_and_the_same_to_either_database,
);

/// Where the links with this name lead, decoded as far as these tests need.
fn links(page: &Page, name: &str) -> Vec<String> {
    let all = page.whole().all("a");
    let named = all.iter().filter(|link| link.name() == name);
    named.map(|link| link.attr("href").unwrap_or_default().to_owned()).collect()
}

/// The one row of a list after a press on its first column's head.
async fn first_row(visit: &mut Visit, address: &str) -> String {
    let page = visit.open(address).await;
    page.rows("").first().map(|row| row.cell("Name")).unwrap_or_default()
}

async fn a_list_s_address_brings_order_filters_and_pages(bench: TestApp) {
    let bank = Bank::open(bench).await;
    for number in 0..55 {
        bank.server.person(&format!("zz{number:02}"), DirectoryRole::User).await;
    }
    let mut admin = bank.visit("admin1").await;
    let users = admin.open("/admin/users?q=zz&sort=user-name&dir=down").await;
    let head = users.whole().all("th[aria-sort]");
    assert_eq!(head.len(), 1, "{users}");
    assert_eq!(
        (head[0].text().as_str(), head[0].attr("aria-sort")),
        ("User name", Some("descending"))
    );
    assert_eq!(head[0].link("User name"), "/admin/users?q=zz&sort=user-name");
    users.must_say("50 of 55");
    assert_eq!(users.rows("").len(), 50);
    assert_eq!(users.field("Search users").value(), "zz");
    let next = users.link("Next");
    assert!(next.starts_with("/admin/users?q=zz&sort=user-name&dir=down&after="), "{next}");
    let rest = admin.open(&next).await;
    assert_eq!(rest.rows("").len(), 5);
    assert!(rest.link("Previous").contains("&before="));
    assert_eq!(links(&rest, "Export"), ["/admin/export/users?q=zz&sort=user-name&dir=down"]);
    assert_ne!(
        first_row(&mut admin, "/admin/users?q=zz&dir=down").await,
        first_row(&mut admin, "/admin/users?q=zz").await
    );

    let none = admin.open("/admin/groups?type=microsoft365&membership=dynamic").await;
    none.must_say("No group matches");
    assert_eq!(none.link("Show all groups"), "/admin/groups");
    let menus: Vec<String> = none
        .whole()
        .all("button[popovertarget^=filter]")
        .iter()
        .map(|menu| menu.name())
        .collect();
    assert_eq!(menus, ["Group type: Microsoft 365", "Membership type: Dynamic"]);
}

async fn f035_details_close_to_the_filter_and_the_page_that_they_were_opened_from(bench: TestApp) {
    let bank = Bank::open(bench).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin
        .package(Plan {
            name: "Boathouse key",
            ..Plan::default()
        })
        .await;
    let request = bank.visit("alex.wilber").await.request(&package, "").await;
    bank.deliver().await;
    let list = format!("/admin/packages/{package}/requests?q=alex&status=delivered");
    let opened = admin.open(&list).await.row("Alex Wilber").link("Alex Wilber");
    assert_eq!(
        opened,
        format!("/admin/packages/{package}/requests/{request}?q=alex&status=delivered")
    );
    let details = admin.open(&opened).await;
    assert_eq!(details.row("Alex Wilber").cell("Status"), "Delivered");
    assert_eq!(links(&details, "Close"), [list]);
}

// A11: in one window, what another has deleted.
async fn what_is_gone_is_named_and_leads_back_to_its_list(bench: TestApp) {
    let bank = Bank::open(bench).await;
    let mut admin = bank.visit("admin1").await;
    for (kind, says, list) in [
        ("users", "This user is not here", "/admin/users"),
        ("groups", "This group is not here", "/admin/groups"),
        ("catalogs", "This catalog is not here", "/admin/catalogs"),
        ("packages", "This access package is not here", "/admin/packages"),
    ] {
        let page = admin.open(&format!("/admin/{kind}/{}", unknown())).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        page.must_say(says);
        let next = page.whole().all(".nothing-here a");
        assert_eq!(next.len(), 1, "{page}");
        assert_eq!(next[0].attr("href"), Some(list));
    }
}

// A12: Request access in a window gone stale.
async fn f030_a_stale_window_is_told_when_the_pane_opens(bench: TestApp) {
    let bank = Bank::open(bench).await;
    let package = bank
        .visit("admin1")
        .await
        .package(Plan {
            name: "Ferry pass",
            ..Plan::default()
        })
        .await;
    let mut own = bank.visit("alex.wilber").await;
    let pane = format!("/my-access/packages/{package}/request");
    assert_eq!(own.open(&pane).await.offers("Submit"), 1);
    // Another window asks for it.
    let request = own.request(&package, "").await;
    let stale = own.open(&pane).await;
    assert_eq!((stale.status, stale.offers("Submit")), (StatusCode::OK, 0));
    stale.must_say("You have already requested this package");
    assert!(stale.link("View request").ends_with(&request), "{stale}");
    bank.deliver().await;
    let stale = own.open(&pane).await;
    stale.must_say("You already have this package.");
    assert_eq!(stale.link("See your access"), "/my-access?tab=active");
}

// A9: two people of one display name.
async fn two_people_of_one_name_are_told_apart(bench: TestApp) {
    let bank = Bank::open(bench).await;
    for user_name in ["kim.one", "kim.two"] {
        bank.server.named("Kim Doppel", user_name, DirectoryRole::User).await;
    }
    let mut admin = bank.visit("admin1").await;
    let list = admin.open("/admin/users?q=kim").await;
    assert_eq!(list.rows("Kim Doppel").len(), 2);
    let profile = admin.open(&list.row("kim.two").link("Kim Doppel")).await;
    let questions: Vec<String> = profile.whole().all("dialog h2").iter().map(|title| title.text()).collect();
    assert!(
        questions.iter().any(|title| title == "Reset the password of Kim Doppel (kim.two)?"),
        "{questions:?}"
    );
}

/// Fault C23: each statement is a round trip, and the two databases are asked the same ones; the call finds out who asks with the first.
async fn a_call_of_a_list_sends_few_statements_and_the_same_to_either_database(bench: TestApp) {
    let bank = Bank::open(bench).await;
    let mut admin = bank.server.browser();
    admin.sign_in("admin1", demo::PASSWORD).await;
    let statements = || bank.server.bench.app.store.statements();
    for (function, query, expected) in [
        ("groups/list", json!({}), 2),
        ("users/list", json!({ "search": "ma" }), 2),
        ("packages/list", json!({}), 3),
    ] {
        let input = json!({ "query": query });
        let before = statements();
        let answer = admin.call(function, &input).await;
        assert_eq!(answer.status, StatusCode::OK, "{function}: {}", answer.text);
        assert_eq!(statements() - before, expected, "{function}");
    }
}
