//! Separation of duties as pages, scripting off: what the tabs list, what a requestor is told, and the files.

use axum::http::StatusCode;
use serde_json::json;

use super::bank::{Bank, Plan};
use crate::both_databases;
use crate::testing::TestApp;

both_databases!(
    f128_f132_the_tabs_list_rules_people_and_exceptions,
    f128_f129_the_requestor_reads_by_what_they_are_kept_from_a_package,
    f128_hostile_names_are_shown_as_text,
);

async fn f128_f132_the_tabs_list_rules_people_and_exceptions(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let plan = |name| Plan { name, ..Plan::default() };
    let (audit, payments) = (
        admin.package(plan("Ledger audit")).await,
        admin.package(plan("Ledger payments")).await,
    );
    let auditors = admin.group("Outside auditors").await;
    let mut alex = bank.visit("alex.wilber").await;
    for package in [&audit, &payments] {
        alex.request(package, "Both").await;
        bank.deliver().await;
    }
    let base = format!("/admin/packages/{payments}/separation-of-duties");
    let empty = admin.open(&base).await;
    assert_eq!(empty.status, StatusCode::OK, "{empty}");
    empty.must_say("No incompatible access packages");
    for counterpart in [json!({ "Package": audit }), json!({ "Group": auditors })] {
        admin
            .call("incompatibilities/add", json!({ "package": payments, "counterpart": counterpart }))
            .await;
    }
    let rules = admin.open(&base).await;
    let row = rules.row("Ledger audit");
    assert!(row.cell("Additional access").starts_with('1'), "{rules}");
    assert_eq!(
        (row.cell("Catalog"), row.cell("Exceptions")),
        ("General".to_owned(), "0".to_owned())
    );
    assert_eq!(row.link("Ledger audit"), format!("/admin/packages/{audit}"));
    let groups = admin.open(&format!("{base}/groups")).await;
    assert!(
        groups.row("Outside auditors").cell("Additional access").starts_with('0'),
        "{groups}"
    );
    let with = admin
        .open(&format!("/admin/packages/{audit}/separation-of-duties/incompatible-with"))
        .await;
    assert_eq!(with.row("Ledger payments").cell("Catalog"), "General");

    // The number leads to who they are, and the file has the same.
    let people = admin.open(&row.link("1 people who have Ledger audit too")).await;
    assert_eq!(people.row("Alex Wilber").cell("Exception until"), "None", "{people}");
    let rule = people.address.rsplit('=').next().unwrap_or_default().to_owned();
    let file = admin
        .browser
        .get(&format!("/admin/export/additional-access?id={payments}&rule={rule}"))
        .await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    assert!(file.text.contains("Alex Wilber,alex.wilber,"), "{}", file.text);
    let file = admin
        .browser
        .get(&format!("/admin/export/additional-access?id={payments}&with-package={audit}"))
        .await;
    assert!(file.text.contains("Alex Wilber,alex.wilber,"), "{}", file.text);

    let user = admin.user("Alex Wilber").await;
    let end = (bank.server.bench.app.clock.now() + chrono::Duration::days(5)).to_rfc3339();
    let form = json!({ "package": payments, "rule": rule, "user": user, "reason": "Closes the year", "ends_at": end });
    admin.call("incompatibilities/grant-exception", json!({ "form": form })).await;
    let exceptions = admin.open(&format!("{base}/exceptions")).await;
    let row = exceptions.row("Alex Wilber");
    assert_eq!(
        (
            row.cell("In spite of"),
            row.cell("Reason"),
            row.cell("Status"),
            row.cell("Granted by")
        ),
        ("Ledger audit".into(), "Closes the year".into(), "Active".into(), "Admin1".into())
    );
    let report = admin.open("/admin/reports/conflicts").await;
    let row = report.row("Alex Wilber");
    assert_eq!(
        (row.cell("Access package"), row.cell("Incompatible with")),
        ("Ledger payments".into(), "Ledger audit".into())
    );
    assert!(
        admin
            .open("/admin/reports/conflicts?show=open")
            .await
            .rows("Alex Wilber")
            .is_empty()
    );
    let file = admin.browser.get("/admin/export/conflicts?show=excepted").await;
    assert!(file.text.contains("Closes the year"), "{}", file.text);
}

async fn f128_f129_the_requestor_reads_by_what_they_are_kept_from_a_package(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let plan = |name| Plan { name, ..Plan::default() };
    let (audit, payments) = (
        admin.package(plan("Ledger audit")).await,
        admin.package(plan("Ledger payments")).await,
    );
    let counterpart = json!({ "Package": audit });
    admin
        .call("incompatibilities/add", json!({ "package": payments, "counterpart": counterpart }))
        .await;
    let mut alex = bank.visit("alex.wilber").await;
    alex.request(&audit, "To look").await;
    bank.deliver().await;
    let words = "You have Ledger audit, which can't be combined with Ledger payments.";
    alex.open(&format!("/my-access/packages/{payments}")).await.must_say(words);
    alex.open("/my-access?q=Ledger").await.must_say(words);
    let address = format!("/my-access/packages/{payments}/request");
    let refused = alex.send(&address, &[("justification", "To pay")]).await;
    assert!(refused.status.is_client_error(), "{refused}");
    refused.must_say(words);
    let form = json!({ "package": payments, "justification": "To pay" });
    let (status, text) = alex.refused("my-access/request", json!({ "form": form })).await;
    assert!(status == StatusCode::FORBIDDEN && text.contains("incompatible"), "{status} {text}");
}

async fn f128_hostile_names_are_shown_as_text(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let hostile = "<img src=x onerror=alert(1)> audit";
    let plan = |name| Plan {
        name,
        group: Some("Ledger"),
        ..Plan::default()
    };
    let (audit, payments) = (admin.package(plan(hostile)).await, admin.package(plan("Ledger payments")).await);
    let counterpart = json!({ "Package": audit });
    admin
        .call("incompatibilities/add", json!({ "package": payments, "counterpart": counterpart }))
        .await;
    let mut alex = bank.visit("alex.wilber").await;
    alex.request(&audit, "To look").await;
    bank.deliver().await;
    for (visit, address) in [
        (&mut admin, format!("/admin/packages/{payments}/separation-of-duties")),
        (&mut alex, format!("/my-access/packages/{payments}")),
    ] {
        let answer = visit.browser.get(&address).await;
        assert!(!answer.text.contains("<img src=x"), "{address}");
        assert!(answer.text.contains("onerror=alert(1)"), "{address} names it");
    }
}
