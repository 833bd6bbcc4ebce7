//! My Access as the server shows it, scripting off: what is offered to whom, the request with its faults, the history; and that a
//! request is always one's own, whatever is sent along.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::bank::{Bank, Plan, Visit};
use crate::both_databases;
use crate::testing::{TestApp, unknown};

both_databases!(
    f028_a_package_is_offered_to_those_whom_its_policy_names,
    f027_f028_f030_f031_f032_f033_f137_without_scripting_from_the_list_to_the_history,
    f027_the_link_of_no_package_says_so,
    f031_a_justification_that_cannot_be_comes_back_with_its_fault,
    f028_who_is_no_longer_covered_at_submit_is_told_and_keeps_what_was_typed,
    f032_a_second_submit_makes_no_second_request,
    f175_another_s_request_is_not_shown,
    f176_a_request_for_nothing_or_with_bad_words_is_refused,
    f175_forged_fields_change_nothing,
);

fn form(package: &str) -> String {
    format!("/my-access/packages/{package}/request")
}

async fn f028_a_package_is_offered_to_those_whom_its_policy_names(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    admin.group("Key holders").await;
    admin.add_member("Key holders", "Hanna Virtanen").await;
    admin
        .package(Plan {
            name: "Strong room key",
            only: Some("Key holders"),
            ..Plan::default()
        })
        .await;
    admin
        .package(Plan {
            name: "Front door key",
            ..Plan::default()
        })
        .await;
    for (user_name, rooms) in [("alex.wilber", 0), ("hanna.virtanen", 1)] {
        let page = bank.visit(user_name).await.open("/my-access").await;
        assert_eq!(page.heading(), "Access packages");
        assert!(
            page.row("Front door key").cell("Description").contains("What Front door key gives"),
            "{page}"
        );
        assert_eq!(page.rows("Strong room key").len(), rooms, "{user_name}: {page}");
    }
}

async fn f027_f028_f030_f031_f032_f033_f137_without_scripting_from_the_list_to_the_history(app: TestApp) {
    let bank = Bank::open(app).await;
    let package = bank
        .visit("admin1")
        .await
        .package(Plan {
            name: "Reading room key",
            ..Plan::default()
        })
        .await;
    let mut own = bank.visit("alex.wilber").await;
    let list = own.open("/my-access").await;
    assert_eq!(list.row("Reading room key").field("Select Reading room key").value(), package);
    assert_eq!(list.offers("Request access"), 1);
    let asking = own.open(&format!("/my-access?package={package}")).await;
    asking.must_say("Reading room key");
    assert!(own.open(&form(&package)).await.field("Business justification").value().is_empty());

    let answer = own.browser.post(&form(&package), &[("justification", "I read on Thursdays")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let request = answer.location().to_owned();
    let history = own.open("/my-access/requests").await;
    assert_eq!(history.row("Reading room key").cell("Status"), "Submitted");
    bank.deliver().await;
    let history = own.open("/my-access/requests").await;
    assert_eq!(history.row("Reading room key").cell("Status"), "Delivered");
    assert_eq!(history.row("Reading room key").link("View request for Reading room key"), request);
    let details = own.open(&request).await;
    assert_eq!(details.fact("Business justification"), "I read on Thursdays");
    assert_eq!(
        own.open("/my-access").await.rows("Reading room key").len(),
        0,
        "what one has is not offered again"
    );
    assert_eq!(own.open("/my-access?tab=active").await.rows("Reading room key").len(), 1);
    assert_eq!(own.open("/my-access?tab=expired").await.rows("Reading room key").len(), 0);
}

async fn f027_the_link_of_no_package_says_so(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut own = bank.visit("alex.wilber").await;
    for id in [unknown().to_string(), "not-an-id".into()] {
        let page = own.open(&format!("/my-access/packages/{id}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{page}");
        if id != "not-an-id" {
            page.must_say("This access package isn't available to you");
            assert_eq!(page.link("See access packages"), "/my-access");
        }
    }
}

async fn f031_a_justification_that_cannot_be_comes_back_with_its_fault(app: TestApp) {
    let bank = Bank::open(app).await;
    let package = bank
        .visit("admin1")
        .await
        .package(Plan {
            name: "Gallery key",
            ..Plan::default()
        })
        .await;
    let mut own = bank.visit("alex.wilber").await;
    let long = format!("{}\n{}", "j".repeat(1000), "k".repeat(1000));
    for (typed, complaint) in [
        (long.as_str(), "Use at most 2000 characters."),
        ("For the \u{202e}market", "can't be used here"),
    ] {
        let page = own.send(&form(&package), &[("justification", typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        page.must_say("Gallery key");
        page.field("Business justification").must_complain(complaint);
        assert_eq!(page.field("Business justification").value(), typed, "what was typed stays");
    }
    assert_eq!(own.open("/my-access/requests").await.rows("").len(), 0);
    let most: String = long.chars().take(2000).collect();
    assert_eq!(
        own.browser.post(&form(&package), &[("justification", &most)]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(own.open("/my-access/requests").await.rows("Gallery key").len(), 1);
}

async fn f028_who_is_no_longer_covered_at_submit_is_told_and_keeps_what_was_typed(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let group = admin.group("Stall keepers").await;
    admin.add_member("Stall keepers", "Alex Wilber").await;
    let plan = Plan {
        name: "Stall key",
        only: Some("Stall keepers"),
        ..Plan::default()
    };
    let package = admin.package(plan).await;
    let mut own = bank.visit("alex.wilber").await;
    assert_eq!(own.open(&form(&package)).await.status, StatusCode::OK);
    let user = admin.user("Alex Wilber").await;
    admin
        .call("groups/remove-member", json!({ "id": group, "role": "member", "user": user }))
        .await;
    let (status, why) = own
        .refused(
            "my-access/request",
            json!({ "form": { "package": package, "justification": "One stall" } }),
        )
        .await;
    assert_eq!(
        (status, why.contains("its policy doesn't include you")),
        (StatusCode::FORBIDDEN, true),
        "{why}"
    );
    assert_eq!(own.open("/my-access/requests").await.rows("").len(), 0);
}

async fn f032_a_second_submit_makes_no_second_request(app: TestApp) {
    let bank = Bank::open(app).await;
    let package = bank
        .visit("admin1")
        .await
        .package(Plan {
            name: "Market hall key",
            ..Plan::default()
        })
        .await;
    let mut own = bank.visit("alex.wilber").await;
    let first = own.browser.post(&form(&package), &[("justification", "Pressed twice")]).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = own.send(&form(&package), &[("justification", "Pressed twice")]).await;
    assert!(second.status.is_client_error(), "{second}");
    second.must_say("already");
    assert_eq!(own.open("/my-access/requests").await.rows("Market hall key").len(), 1);
}

async fn f175_another_s_request_is_not_shown(app: TestApp) {
    let bank = Bank::open(app).await;
    let package = bank
        .visit("admin1")
        .await
        .package(Plan {
            name: "Private matter",
            ..Plan::default()
        })
        .await;
    let request = bank.visit("alex.wilber").await.request(&package, "For my eyes only").await;
    let mut other = bank.visit("useradmin1").await;
    let page = other.open(&format!("/my-access/requests/{request}")).await;
    page.must_not_hold("For my eyes only");
    page.must_say("There is no such request");
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    other.refused("my-access/request-details", json!({ "id": request })).await;
}

async fn f176_a_request_for_nothing_or_with_bad_words_is_refused(app: TestApp) {
    let bank = Bank::open(app).await;
    let package = bank
        .visit("admin1")
        .await
        .package(Plan {
            name: "Market hall key",
            ..Plan::default()
        })
        .await;
    let mut own = bank.visit("alex.wilber").await;
    let before = bank.server.count("SELECT count(*) FROM requests").await;
    for forged in [
        json!({ "package": unknown(), "justification": "no such package" }),
        json!({ "package": "not-an-id", "justification": "no id" }),
        json!({ "justification": "no package" }),
        json!({ "package": package, "justification": "\u{202e} backwards" }),
        json!({ "package": package, "justification": "j".repeat(2001) }),
    ] {
        own.refused("my-access/request", json!({ "form": forged })).await;
    }
    assert_eq!(bank.server.count("SELECT count(*) FROM requests").await, before);
}

/// Who holds a request for the package, by which policy, who asked, and with which words.
async fn kept(admin: &mut Visit, package: &str) -> Vec<[String; 4]> {
    let query = json!({ "package": package, "filter": "all", "search": "", "page": {} });
    let found = admin.call("requests/list", json!({ "query": query })).await;
    let mut kept = Vec::new();
    for item in found["items"].as_array().expect("a list") {
        let detail = admin.call("requests/get", json!({ "id": item["id"] })).await;
        let word = |value: &Value| value.as_str().expect("text").to_owned();
        kept.push([
            word(&item["target"]["id"]),
            word(&item["policy"]["id"]),
            word(&detail["requestor"]["id"]),
            word(&detail["justification"]),
        ]);
    }
    kept
}

async fn f175_forged_fields_change_nothing(app: TestApp) {
    let bank = Bank::open(app).await;
    let mut admin = bank.visit("admin1").await;
    let (me, other) = (admin.user("Alex Wilber").await, admin.user("UserAdmin1").await);
    let hall = admin
        .package(Plan {
            name: "Market hall key",
            ..Plan::default()
        })
        .await;
    let foreign = admin.call("packages/get", json!({ "id": hall })).await["policies"][0]["id"].clone();
    let fields = ["target_id", "requestor", "requestor_id", "user", "actor"];
    let mut forged = json!({ "id": unknown(), "policy_id": foreign, "state": "delivered", "kind": "admin_add", "expiration": "never" });
    fields.iter().for_each(|field| forged[*field] = json!(other));
    let mut own = bank.visit("alex.wilber").await;
    // Whom it is for and by which policy may be said, and is looked at.
    let harbour = admin
        .package(Plan {
            name: "Harbour key",
            group: Some("Harbour"),
            ..Plan::default()
        })
        .await;
    for (field, value, says) in [("target", json!(other), "not-for-others"), ("policy", foreign.clone(), "policy")] {
        let mut form = json!({ "package": harbour, "justification": "For myself" });
        form[field] = value;
        let (_, why) = own.refused("my-access/request", json!({ "form": form })).await;
        assert!(why.contains(says), "{why}");
    }
    for way in ["in the form", "beside the form", "in the address", "without scripting"] {
        let name = format!("Harbour key {way}");
        let package = admin
            .package(Plan {
                name: &name,
                group: Some("Harbour"),
                ..Plan::default()
            })
            .await;
        let honest = json!({ "package": package, "justification": "For myself" });
        let with = |value: Value| {
            let mut sent = forged.clone();
            value
                .as_object()
                .expect("fields")
                .iter()
                .for_each(|(key, value)| sent[key] = value.clone());
            sent
        };
        match way {
            "in the form" => drop(own.call("my-access/request", json!({ "form": with(honest) })).await),
            "beside the form" => drop(own.call("my-access/request", with(json!({ "form": honest }))).await),
            "in the address" => {
                let function = format!(
                    "my-access/request?target={other}&policy={}&user={other}",
                    foreign.as_str().expect("an id")
                );
                own.call(&function, json!({ "form": honest })).await;
            }
            _ => {
                let sent = [("package", hall.as_str()), ("user", &other), ("justification", "For myself")];
                assert_eq!(own.browser.post(&form(&package), &sent).await.status, StatusCode::SEE_OTHER);
            }
        }
        let policy = admin.call("packages/get", json!({ "id": package })).await["policies"][0]["id"].clone();
        let policy = policy.as_str().expect("an id").to_owned();
        assert_eq!(
            kept(&mut admin, &package).await,
            [[me.clone(), policy, me.clone(), "For myself".to_owned()]],
            "{way}"
        );
    }
    let mut others = bank.visit("useradmin1").await;
    assert_eq!(
        others.open("/my-access/requests").await.rows("").len(),
        0,
        "requests of the other person"
    );
}
