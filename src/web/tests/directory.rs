//! Users and groups as the server shows them: who is in a group and by what, what a rule gathers, what is not there, and who may look.

use axum::http::StatusCode;
use serde_json::json;

use super::bank::{Bank, Plan};
use crate::both_databases;
use crate::testing::{TestApp, unknown};

both_databases!(
    f004_a_user_administrator_reaches_the_admin_area,
    f007_f037_lists_have_their_columns,
    what_is_not_there_is_answered_with_a_page_that_says_so,
    f036_what_a_package_gives_is_not_taken_away_by_hand,
    f036_f124_who_is_a_member_by_hand_and_by_a_package_stays_by_the_package,
    owners_and_members_are_kept_apart,
    f136_a_rule_that_cannot_be_read_is_refused_where_it_stands,
    a_rule_gathers_whom_it_matches_also_when_it_or_a_person_changes,
    f180_a_deleted_user_is_listed_apart_until_restored,
);

async fn f004_a_user_administrator_reaches_the_admin_area(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("useradmin1").await;
    for (address, name) in [
        ("/admin/users", "Users"),
        ("/admin/groups", "Groups"),
        ("/admin/packages", "Access packages"),
        ("/admin/catalogs", "Catalogs"),
    ] {
        let page = admin.open(address).await;
        assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, name), "{page}");
        let menu = page.whole().all("nav[aria-label='Main menu']");
        assert_eq!(menu[0].link(name), address);
        let here = menu[0].all("a[aria-current=page]");
        assert!(here.iter().any(|link| link.text() == name), "the menu says where one is: {page}");
    }
}

async fn f007_f037_lists_have_their_columns(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin
        .package(Plan {
            name: "Ferry crew",
            ..Plan::default()
        })
        .await;
    bank.visit("alex.wilber").await.request(&package, "").await;
    bank.deliver().await;
    let list = admin.open("/admin/packages?q=Ferry").await;
    for column in ["Name", "Description", "Catalog", "Active assignments"] {
        assert!(list.columns().iter().any(|head| head == column), "{column} in {:?}", list.columns());
    }
    assert_eq!(list.row("Ferry crew").cell("Catalog"), "General");
    assert_eq!(list.row("Ferry crew").cell("Active assignments"), "1");
    assert_eq!(list.offers("New access package"), 1);
    let assignments = admin.open(&format!("/admin/packages/{package}/assignments")).await;
    assert_eq!(assignments.row("Alex Wilber").cell("Status"), "Delivered");
}

async fn what_is_not_there_is_answered_with_a_page_that_says_so(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    for kind in ["users", "groups", "catalogs", "packages", "packages/new"] {
        for id in [unknown().to_string(), "not-an-id".into()] {
            let page = admin.open(&format!("/admin/{kind}/{id}")).await;
            assert_eq!(
                (page.status, page.heading().as_str()),
                (StatusCode::NOT_FOUND, "Not found"),
                "{page}"
            );
            assert_eq!(page.rows("").len(), 0);
        }
    }
}

async fn f036_what_a_package_gives_is_not_taken_away_by_hand(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let group = admin.group("Lighthouse").await;
    let package = admin
        .package(Plan {
            name: "Lighthouse key",
            group: Some("Lighthouse"),
            ..Plan::default()
        })
        .await;
    bank.visit("alex.wilber").await.request(&package, "").await;
    bank.deliver().await;
    let page = admin.open(&format!("/admin/groups/{group}/members")).await;
    let row = page.row("Alex Wilber");
    assert_eq!(row.cell("Source"), "Package: Lighthouse key");
    let remove = row.menu_item("Remove");
    assert!(remove.is_disabled());
    assert!(
        remove
            .text()
            .contains("Given by the package Lighthouse key. Remove the user's access there."),
        "{}",
        remove.text()
    );
    let user = admin.user("Alex Wilber").await;
    admin
        .refused("groups/remove-member", json!({ "id": group, "role": "member", "user": user }))
        .await;
    assert_eq!(
        admin
            .open(&format!("/admin/groups/{group}/members"))
            .await
            .rows("Alex Wilber")
            .len(),
        1
    );
}

async fn f036_f124_who_is_a_member_by_hand_and_by_a_package_stays_by_the_package(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let group = admin.group("Foghorn").await;
    let package = admin
        .package(Plan {
            name: "Foghorn duty",
            group: Some("Foghorn"),
            ..Plan::default()
        })
        .await;
    bank.visit("hanna.virtanen").await.request(&package, "").await;
    bank.deliver().await;
    admin.add_member("Foghorn", "Hanna Virtanen").await;
    let members = format!("/admin/groups/{group}/members");
    let page = admin.open(&members).await;
    assert_eq!(page.row("Hanna Virtanen").cell("Source"), "Direct Package: Foghorn duty");
    assert!(!page.row("Hanna Virtanen").menu_item("Remove").is_disabled());
    let user = admin.user("Hanna Virtanen").await;
    admin
        .call("groups/remove-member", json!({ "id": group, "role": "member", "user": user }))
        .await;
    assert_eq!(
        admin.open(&members).await.row("Hanna Virtanen").cell("Source"),
        "Package: Foghorn duty"
    );
}

async fn owners_and_members_are_kept_apart(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let group = admin.group("Harbour board").await;
    let user = admin.user("Leila Bouchard").await;
    let address = |tail: &str| format!("/admin/groups/{group}/{tail}");
    admin
        .call("groups/add-members", json!({ "id": group, "role": "owner", "users": [user] }))
        .await;
    admin.open(&address("members")).await.must_say("No members yet");
    assert_eq!(admin.open(&address("owners")).await.row("Leila Bouchard").cell("Source"), "Direct");
    admin
        .call("groups/remove-member", json!({ "id": group, "role": "owner", "user": user }))
        .await;
    admin.open(&address("owners")).await.must_say("No owners yet");
}

async fn f136_a_rule_that_cannot_be_read_is_refused_where_it_stands(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let form = json!({ "name": "All at sea", "description": "", "kind": "security", "membership": "dynamic",
        "rule": "user.department is \"Sales\"", "owners": [], "members": [] });
    let (status, why) = admin.refused("groups/create", json!({ "form": form })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(why.contains("\"rule\"") && why.contains("17"), "{why}");
    admin.open("/admin/groups?q=All%20at%20sea").await.must_say("No group matches");
}

async fn a_rule_gathers_whom_it_matches_also_when_it_or_a_person_changes(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let group = admin.group_with_rule("Those in Sales", Some("user.department -eq \"Sales\"")).await;
    let members = format!("/admin/groups/{group}/members");
    let page = admin.open(&members).await;
    assert_eq!((page.rows("Rule").len(), page.rows("Chiara Lombardi").len()), (5, 1), "{page}");
    assert!(page.button("Add members").is_disabled());

    let rule = "(user.department -eq \"Sales\") -and (user.jobTitle -contains \"Manager\")";
    let form = json!({ "name": "Those in Sales", "description": "", "kind": "security", "membership": "dynamic", "rule": rule,
        "owners": [], "members": [] });
    admin
        .call("groups/update", json!({ "id": group, "version": 1, "form": form }))
        .await;
    assert_eq!(admin.open(&members).await.rows("Rule").len(), 3);

    let joins = admin.user("Viktor Halvorsen").await;
    let user = admin.call("users/get", json!({ "id": joins })).await;
    let form = json!({ "name": "Viktor Halvorsen", "user_name": user["item"]["user_name"], "kind": "member", "role": "user", "mail": "",
        "job_title": "Manager of controllers", "department": "Sales", "company": "", "office": "", "phone": "", "manager": "", "password": "" });
    admin
        .call("users/update", json!({ "id": joins, "version": user["version"], "form": form }))
        .await;
    assert_eq!(admin.open(&format!("/admin/users/{joins}")).await.fact("Department"), "Sales");
    let page = admin.open(&members).await;
    assert_eq!(
        (page.rows("Rule").len(), page.row("Viktor Halvorsen").cell("Source").as_str()),
        (4, "Rule"),
        "{page}"
    );
}

async fn f180_a_deleted_user_is_listed_apart_until_restored(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let id = admin.user("Beatriz Monteiro").await;
    let version = admin.call("users/get", json!({ "id": id })).await["version"].clone();
    admin.call("users/delete", json!({ "id": id, "version": version })).await;
    assert_eq!(admin.open("/admin/users?q=Beatriz").await.rows("Beatriz Monteiro").len(), 0);
    let page = admin.open("/admin/users/deleted").await;
    assert_eq!(
        (page.rows("Beatriz Monteiro").len(), page.offers("Restore Beatriz Monteiro")),
        (1, 1),
        "{page}"
    );
    let version = admin.call("users/get", json!({ "id": id })).await["version"].clone();
    admin.call("users/restore", json!({ "id": id, "version": version })).await;
    assert_eq!(admin.open("/admin/users?q=Beatriz").await.rows("Beatriz Monteiro").len(), 1);
    assert_eq!(admin.open("/admin/users/deleted").await.rows("Beatriz Monteiro").len(), 0);
}
