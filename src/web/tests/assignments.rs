//! Assignments and requests of a package as administrators read and change them: New assignment, details, ticks, and what each button says
//! where it cannot be used.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::bank::{Bank, Plan, Visit};
use crate::both_databases;
use crate::testing::{TestApp, unknown};

both_databases!(
    f116_new_assignment_offers_policies_people_and_dates,
    f117_f116_a_refused_person_is_told_and_the_others_are_given,
    f122_f123_rows_can_be_ticked_and_a_row_opens_its_details,
    f111_f112_f115_a_request_is_canceled_where_it_can_be,
    f110_f120_lists_are_narrowed_by_policy_and_type,
    blocked_people_are_marked_wherever_they_are_listed,
);

struct Opened {
    bank: Bank,
    admin: Visit,
    package: String,
    policy: String,
}

/// A package that every member can ask for.
async fn opened(bench: TestApp) -> Opened {
    let bank = Bank::open(bench).await;
    let mut admin = bank.visit("admin1").await;
    let package = admin
        .package(Plan {
            name: "Boathouse key",
            ..Plan::default()
        })
        .await;
    let options = admin.call("assignments/options", json!({ "package": package })).await;
    let policy = options["policies"][0]["ask"]["policy"]["id"].as_str().expect("a policy").to_owned();
    Opened {
        bank,
        admin,
        package,
        policy,
    }
}

impl Opened {
    async fn assign(&mut self, users: &[String]) -> Value {
        let form = json!({ "package": self.package, "policy": self.policy, "users": users });
        self.admin.call("assignments/new", json!({ "form": form })).await
    }

    fn page(&self, tail: &str) -> String {
        format!("/admin/packages/{}/{tail}", self.package)
    }

    async fn rows(&mut self, list: &str) -> Vec<Value> {
        let query = json!({ "package": self.package, "filter": "all", "search": "", "page": {} });
        let found = self.admin.call(&format!("{list}/list"), json!({ "query": query })).await;
        found["items"].as_array().expect("rows").clone()
    }
}

async fn f116_new_assignment_offers_policies_people_and_dates(bench: TestApp) {
    let mut at = opened(bench).await;
    let list = at.admin.open(&at.page("assignments")).await;
    assert_eq!(list.link("New assignment"), at.page("assignments/new"));
    let page = at.admin.open(&at.page("assignments/new")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.must_say("New assignment");
    assert_eq!(page.field("Policy").options(), ["Initial Policy"]);
    for label in ["Users", "Start date", "End date", "Justification"] {
        let _ = page.field(label);
    }
    assert_eq!(page.link("Add a policy"), at.page("policies/new"));
    page.must_say("Access under this policy ends 30 days after it is delivered.");
    assert_eq!(page.offers("Assign"), 1);
    assert_eq!(page.link("Cancel"), at.page("assignments"));
    let lost = at.admin.open(&format!("/admin/packages/{}/assignments/new", unknown())).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
}

async fn f117_f116_a_refused_person_is_told_and_the_others_are_given(bench: TestApp) {
    let mut at = opened(bench).await;
    let (alex, hanna) = (at.admin.user("Alex Wilber").await, at.admin.user("Hanna Virtanen").await);
    let first = at.assign(std::slice::from_ref(&alex)).await;
    assert_eq!(first, json!([{ "id": alex, "refused": null }]));
    at.bank.deliver().await;
    let second = at.assign(&[alex.clone(), hanna.clone()]).await;
    let rule = |id: &str| {
        let results = second.as_array().expect("results");
        let result = results.iter().find(|result| result["id"] == id).expect("a result");
        result["refused"]["rule"].clone()
    };
    assert_eq!((rule(&alex), rule(&hanna)), (json!("already-assigned"), Value::Null));
    at.bank.deliver().await;
    let list = at.admin.open(&at.page("assignments")).await;
    assert_eq!(list.row("Hanna Virtanen").cell("Status"), "Delivered");
    let requests = at.admin.open(&at.page("requests")).await;
    assert_eq!(requests.row("Hanna Virtanen").cell("Request type"), "Administrator assignment");
}

async fn f122_f123_rows_can_be_ticked_and_a_row_opens_its_details(bench: TestApp) {
    let mut at = opened(bench).await;
    let alex = at.admin.user("Alex Wilber").await;
    at.assign(&[alex]).await;
    at.bank.deliver().await;
    let list = at.admin.open(&at.page("assignments")).await;
    let _ = list.row("Alex Wilber").field("Select Alex Wilber");
    let _ = list.field("Select all rows of this page");
    for command in ["Remove", "Reprocess"] {
        list.must_say(&format!("{command} Tick at least one row of the list first."));
    }
    let details = list.row("Alex Wilber").link("Alex Wilber");
    let pane = at.admin.open(&details).await;
    assert_eq!(
        (pane.fact("Name").as_str(), pane.fact("Policy version").as_str()),
        ("Alex Wilber", "1")
    );
    for words in ["Assignment details", "Boathouse key", "Added", "Administrator assignment"] {
        pane.must_say(words);
    }
    assert!(
        pane.whole().all("#remove-assignment")[0]
            .attr("aria-disabled")
            .is_none_or(|disabled| disabled != "true")
    );
    let close: Vec<_> = pane
        .whole()
        .all("dialog a.button-icon")
        .iter()
        .filter_map(|link| link.attr("href"))
        .collect();
    assert!(close.contains(&at.page("assignments").as_str()), "{close:?}");

    // What was removed is over, and its buttons say so.
    let row = at.rows("assignments").await.remove(0);
    let item = json!({ "id": row["id"], "version": row["version"] });
    let removed = at.admin.call("assignments/remove", json!({ "items": [item], "tell": false })).await;
    assert_eq!(removed, json!([{ "id": row["id"], "refused": null }]));
    let pane = at.admin.open(&details).await;
    assert_eq!(pane.fact("Ended because"), "An administrator removed it");
    pane.must_say("Remove access This assignment is over already.");
    let missing = at.admin.open(&at.page(&format!("assignments/{}", unknown()))).await;
    missing.must_say("This assignment is not here");
}

async fn f111_f112_f115_a_request_is_canceled_where_it_can_be(bench: TestApp) {
    let mut at = opened(bench).await;
    let mut alex = at.bank.visit("alex.wilber").await;
    let request = alex.request(&at.package, "For the regatta").await;
    let open = at.admin.open(&at.page(&format!("requests/{request}"))).await;
    assert!(!open.button("Cancel request").is_disabled());
    let retry = open.button("Reprocess request");
    assert!(retry.is_disabled() && retry.description().contains("Only a delivery that failed"));
    at.admin.call("requests/cancel", json!({ "id": request })).await;
    at.bank.deliver().await;
    let canceled = at.admin.open(&at.page(&format!("requests/{request}"))).await;
    assert_eq!(
        (canceled.fact("Status").as_str(), canceled.fact("Reason").as_str()),
        ("Canceled", "Canceled by Admin1")
    );
    assert!(canceled.button("Cancel request").is_disabled());
    canceled.must_say("For the regatta");
    let (status, reason) = at.admin.refused("requests/cancel", json!({ "id": request })).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(reason.contains("already-over"), "{reason}");
    let delivered = alex.request(&at.package, "Again").await;
    at.bank.deliver().await;
    let page = at.admin.open(&at.page(&format!("requests/{delivered}"))).await;
    let cancel = page.button("Cancel request");
    assert!(cancel.is_disabled() && cancel.description().contains("Remove the assignment under Assignments"));
}

async fn f110_f120_lists_are_narrowed_by_policy_and_type(bench: TestApp) {
    let mut at = opened(bench).await;
    let alex = at.admin.user("Alex Wilber").await;
    at.assign(&[alex]).await;
    let mut hanna = at.bank.visit("hanna.virtanen").await;
    hanna.request(&at.package, "").await;
    at.bank.deliver().await;
    let mut rows = async |tail: &str| {
        at.admin
            .open(&format!("/admin/packages/{}/{tail}", at.package))
            .await
            .rows("")
            .len()
    };
    assert_eq!(rows("requests").await, 2);
    assert_eq!(rows("requests?type=admin_add").await, 1);
    assert_eq!(rows("requests?type=admin_remove").await, 0);
    assert_eq!(rows(&format!("requests?policy={}", at.policy)).await, 2);
    assert_eq!(rows(&format!("requests?policy={}", unknown())).await, 0);
    assert_eq!(rows(&format!("assignments?policy={}", at.policy)).await, 2);
    assert_eq!(rows(&format!("assignments?policy={}", unknown())).await, 0);
}

async fn blocked_people_are_marked_wherever_they_are_listed(bench: TestApp) {
    let mut at = opened(bench).await;
    let alex = at.admin.user("Alex Wilber").await;
    at.assign(std::slice::from_ref(&alex)).await;
    at.bank.deliver().await;
    let version = at.admin.call("users/get", json!({ "id": alex })).await["version"].clone();
    at.admin
        .call("users/set-enabled", json!({ "id": alex, "version": version, "enabled": false }))
        .await;
    for list in ["assignments", "requests"] {
        let page = at.admin.open(&at.page(list)).await;
        assert!(page.row("Alex Wilber").says("Sign-in blocked"), "{list}");
    }
    let role = at.admin.role("Boathouse key", "Member").await;
    let group = role["object"].as_str().expect("a group").to_owned();
    let members = at.admin.open(&format!("/admin/groups/{group}/members")).await;
    assert!(members.row("Alex Wilber").says("Sign-in blocked"));
}
