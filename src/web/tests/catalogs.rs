//! Catalogs as the server shows them, and the directory's applications, sites and roles: what each page offers to whom, and what it says.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::bank::{Bank, Visit};
use crate::both_databases;
use crate::domain::access::Role;
use crate::domain::text::StringEnum;
use crate::testing::TestApp;

both_databases!(
    f044_f047_the_list_of_catalogs_offers_a_new_one_and_filters,
    f048_f049_a_catalog_s_head_says_what_can_be_done_with_it,
    f050_f051_resources_are_added_by_kind_and_one_in_use_says_why_it_stays,
    f052_roles_and_administrators_are_listed_given_and_taken,
    f053_f177_f178_an_owner_sees_the_own_catalog_alone_and_a_reader_changes_nothing,
    f056_the_wizard_offers_a_new_catalog,
    f057_f058_what_was_delivered_is_seen_at_the_application_and_the_site,
    f163_roles_of_the_directory_are_counted_and_guarded,
    f178_a_package_s_overview_offers_to_move_it,
);

async fn catalog(admin: &mut Visit, name: &str, enabled: bool, external: bool) -> String {
    let form = json!({ "name": name, "description": format!("What {name} needs"), "enabled": enabled, "external": external });
    let id = admin.call("catalogs/create", json!({ "form": form })).await;
    id.as_str().expect("an id").to_owned()
}

async fn give(admin: &mut Visit, catalog: &str, role: Role, holder: Value) {
    let input = json!({ "catalog": catalog, "role": role.as_str(), "holders": [holder] });
    assert_eq!(admin.call("catalog-roles/give", input).await, json!(1));
}

/// The id of an application or site.
async fn object(admin: &mut Visit, kind: &str, name: &str) -> String {
    let query = json!({ "kind": kind, "search": name });
    let found = admin.call("directory-objects/list", json!({ "query": query })).await;
    found["items"][0]["id"].as_str().expect("an id").to_owned()
}

async fn f044_f047_the_list_of_catalogs_offers_a_new_one_and_filters(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    catalog(&mut admin, "Harbour", true, false).await;
    let list = admin.open("/admin/catalogs").await;
    assert!(!list.button("New catalog").is_disabled());
    assert_eq!(list.row("Harbour").cell("Enabled for external users"), "No");
    let inside = admin.open("/admin/catalogs?external=no").await;
    assert_eq!((inside.rows("Harbour").len(), inside.rows("General").len()), (1, 0));
    let outside = admin.open("/admin/catalogs?external=yes").await;
    assert_eq!((outside.rows("Harbour").len(), outside.rows("General").len()), (0, 1));
    let form = json!({ "name": "harbour", "description": "", "enabled": true, "external": false });
    let (status, why) = admin.refused("catalogs/create", json!({ "form": form })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(why.contains("\"name\"") && why.contains("taken"), "{why}");
}

async fn f048_f049_a_catalog_s_head_says_what_can_be_done_with_it(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let general = admin.catalog("General").await;
    let page = admin.open(&format!("/admin/catalogs/{general}")).await;
    assert!(!page.button("Edit").is_disabled() && page.button("Delete").is_disabled());
    assert!(page.button("Delete").description().contains("came with the product"));
    let harbour = catalog(&mut admin, "Harbour", true, false).await;
    let page = admin.open(&format!("/admin/catalogs/{harbour}")).await;
    assert!(!page.button("Delete").is_disabled());
    let form = json!({ "name": "Harbour front", "description": "By the water", "enabled": false, "external": true });
    admin
        .call("catalogs/update", json!({ "id": harbour, "version": 1, "form": form }))
        .await;
    let page = admin.open(&format!("/admin/catalogs/{harbour}")).await;
    assert_eq!(page.heading(), "Harbour front");
    page.must_say("Disabled");
    assert_eq!(
        (page.fact("Enabled"), page.fact("Enabled for external users")),
        ("No".into(), "Yes".into())
    );
    admin.call("catalogs/delete", json!({ "id": harbour, "version": 2 })).await;
    assert_eq!(admin.open("/admin/catalogs").await.rows("Harbour").len(), 0);
}

async fn f050_f051_resources_are_added_by_kind_and_one_in_use_says_why_it_stays(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let harbour = catalog(&mut admin, "Harbour", true, false).await;
    let ledger = object(&mut admin, "application", "Loan Origination").await;
    let site = object(&mut admin, "site", "Branch Handbook").await;
    let input = json!({ "id": harbour, "resources": [ledger, site] });
    assert_eq!(admin.call("catalogs/add-resources", input).await, json!(2));
    let page = admin.open(&format!("/admin/catalogs/{harbour}/resources")).await;
    for button in ["Groups and Teams", "Applications", "SharePoint sites"] {
        assert!(!page.button(button).is_disabled(), "{button}");
    }
    assert_eq!(page.row("Loan Origination").cell("Type"), "Application");
    assert_eq!(page.row("Branch Handbook").cell("Sub type"), "Site");
    assert_eq!(page.row("Branch Handbook").link("Branch Handbook"), format!("/admin/sites/{site}"));
    assert!(!page.row("Branch Handbook").menu_item("Remove resource").is_disabled());

    let general = admin.catalog("General").await;
    let page = admin.open(&format!("/admin/catalogs/{general}/resources?q=handbook")).await;
    let remove = page.row("Branch Handbook").menu_item("Remove resource");
    assert!(remove.is_disabled() && remove.text().contains("Branch visit"), "{}", remove.text());
    let (status, why) = admin
        .refused("catalogs/remove-resource", json!({ "id": general, "resource": site }))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(why.contains("while Branch visit gives a role of it"), "{why}");
    admin
        .call("catalogs/remove-resource", json!({ "id": harbour, "resource": site }))
        .await;
}

async fn f052_roles_and_administrators_are_listed_given_and_taken(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let harbour = catalog(&mut admin, "Harbour", true, false).await;
    let alex = admin.user("Alex Wilber").await;
    let group = admin.group("Harbour crew").await;
    give(&mut admin, &harbour, Role::CatalogReader, json!({ "kind": "user", "id": alex })).await;
    give(&mut admin, &harbour, Role::PackageManager, json!({ "kind": "group", "id": group })).await;
    let address = format!("/admin/catalogs/{harbour}/roles");
    let page = admin.open(&address).await;
    for button in [
        "Add owners",
        "Add catalog readers",
        "Add access package managers",
        "Add access package assignment managers",
    ] {
        assert!(!page.button(button).is_disabled(), "{button}");
    }
    assert_eq!(page.row("Admin1").cell("Role"), "Catalog owner");
    assert_eq!(page.row("Alex Wilber").cell("Role"), "Catalog reader");
    assert_eq!(
        (page.row("Harbour crew").cell("Role"), page.row("Harbour crew").cell("Type")),
        ("Access package manager".into(), "Group".into())
    );
    let readers = admin.open(&format!("{address}?role=catalog_reader")).await;
    assert_eq!((readers.rows("").len(), readers.rows("Alex Wilber").len()), (1, 1));
    let file = admin.browser.get(&format!("/admin/export/catalog-roles?id={harbour}")).await;
    assert!(file.text.contains("Harbour crew,Access package manager,Group"), "{}", file.text);

    let held = admin
        .call(
            "catalog-roles/list",
            json!({ "query": { "catalog": harbour, "role": "catalog_reader" } }),
        )
        .await;
    let input = json!({ "catalog": harbour, "id": held["items"][0]["id"] });
    // By the address of another catalog it is not there.
    let general = admin.catalog("General").await;
    let elsewhere = json!({ "catalog": general, "id": held["items"][0]["id"] });
    assert_eq!(admin.refused("catalog-roles/take", elsewhere).await.0, StatusCode::NOT_FOUND);
    admin.call("catalog-roles/take", input).await;
    assert_eq!(admin.open(&address).await.rows("Alex Wilber").len(), 0);
}

async fn f053_f177_f178_an_owner_sees_the_own_catalog_alone_and_a_reader_changes_nothing(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let alex = admin.user("Alex Wilber").await;
    admin
        .call("catalog-creators/add", json!({ "holders": [{ "kind": "user", "id": alex }] }))
        .await;
    let mut own = bank.visit("alex.wilber").await;
    let list = own.open("/admin/catalogs").await;
    assert_eq!(list.status, StatusCode::OK);
    list.must_say("No catalogs that you can see");
    list.must_not_hold("General");
    let harbour = catalog(&mut own, "Harbour", true, false).await;
    let list = own.open("/admin/catalogs").await;
    assert_eq!((list.rows("").len(), list.rows("Harbour").len()), (1, 1));
    assert!(!own.open(&format!("/admin/catalogs/{harbour}")).await.button("Edit").is_disabled());
    assert_eq!(
        own.open(&format!("/admin/catalogs/{harbour}/roles"))
            .await
            .row("Alex Wilber")
            .cell("Role"),
        "Catalog owner"
    );
    let general = admin.catalog("General").await;
    for page in ["", "/resources", "/packages", "/roles"] {
        let page = own.open(&format!("/admin/catalogs/{general}{page}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{page}");
        page.must_not_hold("Built-in catalog");
    }

    let hanna = admin.user("Hanna Virtanen").await;
    give(&mut own, &harbour, Role::CatalogReader, json!({ "kind": "user", "id": hanna })).await;
    let mut reader = bank.visit("hanna.virtanen").await;
    let page = reader.open(&format!("/admin/catalogs/{harbour}")).await;
    assert!(page.button("Edit").is_disabled() && page.button("Delete").is_disabled());
    let page = reader.open(&format!("/admin/catalogs/{harbour}/resources")).await;
    assert!(page.button("Applications").is_disabled());
    let page = reader.open(&format!("/admin/catalogs/{harbour}/roles")).await;
    assert!(page.button("Add owners").is_disabled());
    assert!(page.row("Alex Wilber").menu_item("Remove").is_disabled());
    assert!(reader.open("/admin/catalogs").await.button("New catalog").is_disabled());
}

async fn f056_the_wizard_offers_a_new_catalog(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let draft = admin.draft(json!({})).await;
    let page = admin.open(&draft.step("basics")).await;
    assert!(!page.button("Create new catalog").is_disabled());
    let harbour = catalog(&mut admin, "Harbour", true, false).await;
    let draft = admin
        .draft(json!({ "basics": { "name": "Mooring", "description": "A place", "catalog": harbour } }))
        .await;
    let page = admin.open(&draft.step("basics")).await;
    assert_eq!(page.field("Catalog").value(), "Harbour");
    // Who manages the packages of one catalog may make none themselves.
    let alex = admin.user("Alex Wilber").await;
    give(&mut admin, &harbour, Role::PackageManager, json!({ "kind": "user", "id": alex })).await;
    let mut manager = bank.visit("alex.wilber").await;
    let id = manager.call("drafts/start", json!({ "catalog": null })).await;
    let page = manager
        .open(&format!("/admin/packages/new/{}/basics", id.as_str().expect("an id")))
        .await;
    assert!(page.button("Create new catalog").is_disabled());
    assert_eq!(page.field("Catalog").options(), ["Harbour"]);
}

async fn f057_f058_what_was_delivered_is_seen_at_the_application_and_the_site(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let found = admin
        .call(
            "packages/list",
            json!({ "query": { "search": "Sales toolkit", "catalog": null, "sort": "name", "direction": "up", "page": {} } }),
        )
        .await;
    let package = found["items"][0]["id"].as_str().expect("a package").to_owned();
    bank.visit("alex.wilber").await.request(&package, "").await;
    bank.deliver().await;
    for (kind, name, role) in [("application", "Customer Insight", "Viewer"), ("site", "Sales Playbook", "Members")] {
        let id = object(&mut admin, kind, name).await;
        let list = admin.open(&format!("/admin/{kind}s?q={}", name.replace(' ', "%20"))).await;
        assert_eq!(list.rows("").len(), 1, "{list}");
        let overview = admin.open(&list.row(name).link(name)).await;
        assert_eq!(overview.heading(), name);
        assert_eq!(overview.link("Sales toolkit"), format!("/admin/packages/{package}"));
        assert_eq!(overview.link("General").split('/').nth(2), Some("catalogs"));
        let page = admin.open(&format!("/admin/{kind}s/{id}/holders")).await;
        let row = page.row("Alex Wilber");
        assert_eq!(
            (row.cell("Role").as_str(), row.cell("Source").as_str()),
            (role, "Package: Sales toolkit")
        );
        let file = admin.browser.get(&format!("/admin/export/{kind}-holders?id={id}")).await;
        assert!(file.text.contains(&format!("{role},Package: Sales toolkit")), "{}", file.text);
        let narrowed = admin.open(&overview.link(role)).await;
        assert_eq!(narrowed.rows("Alex Wilber").len(), 1, "{narrowed}");
    }
    let lost = admin.open(&format!("/admin/applications/{package}")).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    lost.must_say("This application is not here");
}

async fn f163_roles_of_the_directory_are_counted_and_guarded(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let page = admin.open("/admin/roles").await;
    assert_eq!(page.heading(), "Roles and administrators");
    assert_eq!(page.row("UserAdmin1").cell("Role"), "User administrator");
    assert!(!page.button("Add Global administrators").is_disabled());
    let group = admin.group("Catalog makers").await;
    admin
        .call("catalog-creators/add", json!({ "holders": [{ "kind": "group", "id": group }] }))
        .await;
    let creators = admin.open("/admin/roles?role=catalog_creator").await;
    assert_eq!(creators.row("Catalog makers").cell("Type"), "Group");

    let held = admin
        .call("directory-roles/list", json!({ "query": { "role": "global_administrator" } }))
        .await;
    let (_, why) = admin.refused("directory-roles/take", json!({ "id": held["items"][0]["id"] })).await;
    assert!(why.contains("last-global-administrator"), "{why}");
    let creator = admin
        .call("directory-roles/list", json!({ "query": { "role": "catalog_creator" } }))
        .await;
    let wrong = admin
        .refused("directory-roles/take", json!({ "id": creator["items"][0]["id"] }))
        .await;
    assert_eq!(wrong.0, StatusCode::NOT_FOUND);
    admin
        .call("catalog-creators/remove", json!({ "id": creator["items"][0]["id"] }))
        .await;

    let mut user_admin = bank.visit("useradmin1").await;
    let page = user_admin.open("/admin/roles").await;
    assert!(page.button("Add Global administrators").is_disabled());
    assert!(!page.button("Add User administrators").is_disabled());
    assert!(page.row("Global administrator").menu_item("Remove").is_disabled());
}

async fn f178_a_package_s_overview_offers_to_move_it(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let harbour = catalog(&mut admin, "Harbour", true, false).await;
    let package = admin
        .package(super::bank::Plan {
            name: "Mooring",
            ..super::bank::Plan::default()
        })
        .await;
    let page = admin.open(&format!("/admin/packages/{package}")).await;
    assert!(!page.button("Move").is_disabled());
    let check = admin.call("packages/check-move", json!({ "id": package, "target": harbour })).await;
    assert!(
        check["blockers"][0]
            .as_str()
            .is_some_and(|line| line.contains("Mooring is missing in Harbour")),
        "{check}"
    );
    admin
        .call(
            "packages/move",
            json!({ "id": package, "version": 1, "target": harbour, "bring": true }),
        )
        .await;
    assert_eq!(admin.open(&format!("/admin/packages/{package}")).await.fact("Catalog"), "Harbour");
}
