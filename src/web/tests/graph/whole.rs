//! The API as a whole: what it says of itself, several calls in one, and that its documentation and its table of routes are of one mind.

use std::collections::BTreeSet;

use serde_json::json;

use super::Fixture;
use crate::both_databases;
use crate::testing::TestApp;
use crate::web::graph::{self, Verb};

both_databases!(
    f173_what_the_api_says_of_itself_is_what_it_serves,
    f173_several_calls_go_in_one_and_wait_for_each_other,
);

async fn f173_what_the_api_says_of_itself_is_what_it_serves(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let metadata = f.admin.get("$metadata").await.is(200);
    assert_eq!(metadata.header("content-type"), "application/xml;charset=utf-8");
    for part in [
        "<EntityType Name=\"accessPackageCatalog\" BaseType=\"microsoft.graph.entity\">",
        "<NavigationProperty Name=\"accessPackages\" Type=\"Collection(microsoft.graph.accessPackage)\"/>",
        "<Property Name=\"isExternallyVisible\" Type=\"Edm.Boolean\"/>",
        "<EntitySet Name=\"users\" EntityType=\"microsoft.graph.user\"/>",
        "<Singleton Name=\"me\" Type=\"microsoft.graph.user\"/>",
        "<Member Name=\"unpublished\"/>",
        "<NavigationProperty Name=\"catalogs\" Type=\"Collection(microsoft.graph.accessPackageCatalog)\" ContainsTarget=\"true\"/>",
    ] {
        assert!(metadata.text.contains(part), "{part}");
    }
    // What it names is there.
    let names: BTreeSet<&str> = metadata
        .text
        .split(" Name=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let named = metadata.text.split("microsoft.graph.").skip(1);
    for name in named.filter_map(|rest| rest.split(['"', ')']).next()) {
        assert!(names.contains(name), "{name} is named and described nowhere");
    }
    let root = f.admin.get("/v1.0").await.is(200);
    assert!(root.each("name").contains(&"identityGovernance") && root.each("name").contains(&"users"));
    // Every type that a route answers with is described.
    for route in graph::TABLES.iter().copied().flatten().filter(|route| !route.kind.is_empty()) {
        assert!(graph::schema::find(route.kind).is_some(), "{} of {}", route.kind, route.path);
    }
}

async fn f173_several_calls_go_in_one_and_wait_for_each_other(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let em = "/identityGovernance/entitlementManagement";
    let body = json!({ "requests": [
        { "id": "1", "method": "POST", "url": format!("{em}/catalogs"), "headers": { "Content-Type": "application/json" },
          "body": { "displayName": "Sales" } },
        { "id": "2", "method": "GET", "url": format!("{em}/catalogs?$filter=displayName eq 'Sales'&$select=displayName"), "dependsOn": ["1"] },
        { "id": "3", "method": "POST", "url": format!("{em}/catalogs"), "body": { "displayName": "" } },
        { "id": "4", "method": "POST", "url": format!("{em}/catalogs"), "body": { "displayName": "Never" }, "dependsOn": ["3"] },
        { "id": "5", "method": "GET", "url": format!("{em}/catalogs/$count") },
        { "id": "6", "method": "POST", "url": "/$batch", "body": { "requests": [] } },
    ] });
    let reply = f.admin.post("$batch", body).await.is(200);
    let responses = reply.json["responses"].as_array().expect("responses");
    let statuses: Vec<(&str, i64)> = responses
        .iter()
        .map(|response| {
            (
                response["id"].as_str().unwrap_or_default(),
                response["status"].as_i64().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(statuses, [("1", 201), ("2", 200), ("3", 400), ("4", 424), ("5", 200), ("6", 400)]);
    assert_eq!(responses[1]["body"]["value"][0]["displayName"], "Sales");
    assert_eq!(responses[4]["body"], "2");
    assert_eq!(responses[3]["body"]["error"]["code"], "FailedDependency");
    for wrong in [
        json!({}),
        json!({ "requests": [{ "id": "1", "method": "GET" }] }),
        json!({ "requests": [{ "id": "1", "method": "GET", "url": "/users", "dependsOn": ["2"] }] }),
        json!({ "requests": vec![json!({ "id": "1", "method": "GET", "url": "/users" }); 21] }),
    ] {
        f.admin.post("$batch", wrong).await.is(400);
    }
}

/// `GET catalogs/{}` of `GET /catalogs/{catalog}`, however the key is called.
fn plain(verb: &str, path: &str) -> String {
    let key = |part| if str::starts_with(part, '{') { "{}" } else { part };
    let parts: Vec<&str> = path.trim_matches('/').split('/').map(key).collect();
    format!("{verb} {}", parts.join("/"))
}

#[test]
fn f173_the_documentation_names_every_operation_with_its_state() {
    let text = include_str!("../../../../docs/api.md");
    let rows: Vec<(String, &str)> = text
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            let (verb, path) = cells.next()?.trim_end_matches('`').split_once(' ')?;
            Some((
                plain(verb, &path.replacen("EM/", "identityGovernance/entitlementManagement/", 1)),
                cells.next()?.trim_end_matches(" |"),
            ))
        })
        .collect();
    let documented = rows
        .iter()
        .filter(|(row, _)| row.contains("entitlementManagement/") && !row.contains("roleManagement"));
    let routes: BTreeSet<String> = graph::TABLES
        .iter()
        .copied()
        .flatten()
        .map(|route| plain(route.verb.as_str(), &route.parts().join("/")))
        .collect();
    assert!(documented.count() >= 81, "{} rows", rows.len());
    for (row, state) in &rows {
        let served = state.starts_with("served");
        assert!(served || state.starts_with("not offered"), "{row}: {state}");
        assert_eq!(routes.contains(row), served, "{row}: {state}");
    }
    let written: BTreeSet<&String> = rows.iter().map(|(row, _)| row).collect();
    for route in &routes {
        assert!(written.contains(route), "{route} stands nowhere in docs/api.md");
    }
}

#[test]
fn f176_no_two_routes_of_the_api_are_one() {
    let mut seen = BTreeSet::new();
    for route in graph::TABLES.iter().copied().flatten() {
        assert!(
            seen.insert(plain(route.verb.as_str(), &route.parts().join("/"))),
            "{} {}",
            route.verb.as_str(),
            route.path
        );
        assert!(
            route.verb == Verb::Get || route.kind.is_empty() || !matches!(route.verb, Verb::Delete),
            "{}",
            route.path
        );
    }
    assert!(seen.len() > 90, "{}", seen.len());
}
