//! Catalogs by the API.

use serde_json::json;

use super::Fixture;
use crate::both_databases;
use crate::domain::user::DirectoryRole;
use crate::testing::TestApp;

both_databases!(
    f173_a_catalog_is_made_read_changed_and_deleted,
    f173_catalogs_are_filtered_sorted_and_cut,
    f173_pages_of_catalogs_neither_skip_nor_repeat,
    f173_whoever_may_not_see_catalogs_is_refused,
);

async fn f173_a_catalog_is_made_read_changed_and_deleted(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let body = json!({
        "@odata.type": "#microsoft.graph.accessPackageCatalog",
        "displayName": "Sales",
        "description": "For sales",
        "state": "Published",
        "isExternallyVisible": "true",
        "unknown": 1,
    });
    let made = f.admin.post("EM/catalogs", body.clone()).await.is(201);
    let id = made.at("/id").to_owned();
    assert!(
        made.header("location").ends_with(&format!("/catalogs/{id}")),
        "{}",
        made.header("location")
    );
    assert_eq!(
        made.at("/@odata.context"),
        "http://access.example/v1.0/$metadata#identityGovernance/entitlementManagement/catalogs/$entity"
    );
    let path = format!("EM/catalogs/{id}");
    let read = f.admin.get(&path).await.is(200);
    assert_eq!(
        (
            read.at("/displayName"),
            read.at("/description"),
            read.at("/state"),
            read.at("/catalogType")
        ),
        ("Sales", "For sales", "published", "userManaged")
    );
    assert_eq!(read.json["isExternallyVisible"], true);
    let changed = f.admin.patch(&path, json!({ "description": null })).await.is(204);
    assert!(changed.text.is_empty());
    let read_again = f.admin.get(&path).await.is(200);
    assert_eq!((read_again.at("/displayName"), read_again.at("/description")), ("Sales", ""));
    assert_eq!(read_again.at("/state"), "published");
    // A name that is taken is told by the name that the client used.
    let taken = f.admin.post("EM/catalogs", body).await.is(400);
    assert_eq!((taken.at("/error/code"), taken.at("/error/target")), ("BadRequest", "displayName"));
    assert_eq!(taken.at("/error/details/0/code"), "taken");
    f.admin.patch(&path, json!({ "catalogType": "serviceDefault" })).await.is(400);
    f.admin.delete(&path).await.is(204);
    assert_eq!(f.admin.get(&path).await.is(404).at("/error/code"), "ResourceNotFound");
    // The built-in catalog stays.
    let general = f.admin.get("EM/catalogs?$filter=catalogType eq 'serviceDefault'").await.is(200);
    let general = general.each("id").first().map(|id| format!("EM/catalogs/{id}")).expect("General");
    assert!(
        f.admin
            .delete(&general)
            .await
            .is(400)
            .at("/error/message")
            .contains("came with the product")
    );
    // A change that is meant for another version is not made.
    let etag = f.admin.get(&general).await.is(200).header("etag").to_owned();
    f.admin.patch(&general, json!({ "description": "Other" })).await.is(204);
    let request = axum::http::Request::patch(format!("{}{}", super::EM, general.trim_start_matches("EM")))
        .header("if-match", etag)
        .body(axum::body::Body::from(r#"{"description":"Mine"}"#));
    let refused = f.admin.send(request.expect("a request")).await.is(412);
    assert_eq!(refused.at("/error/code"), "PreconditionFailed");
}

async fn f173_catalogs_are_filtered_sorted_and_cut(bench: TestApp) {
    let f = Fixture::new(bench).await;
    for (name, state) in [
        ("Sales", "published"),
        ("Sales archive", "unpublished"),
        ("O'Brien & Co", "published"),
    ] {
        f.admin
            .post("EM/catalogs", json!({ "displayName": name, "state": state }))
            .await
            .is(201);
    }
    let found = |query: &str| {
        let (admin, path) = (f.admin.clone(), format!("EM/catalogs?{query}"));
        async move {
            let reply = admin.get(&path).await.is(200);
            reply.each("displayName").into_iter().map(str::to_owned).collect::<Vec<_>>()
        }
    };
    assert_eq!(found("$filter=displayName eq 'sales'").await, ["Sales"]);
    assert_eq!(
        found("$filter=%28displayName%20eq%20%27O%27%27Brien%20%26%20Co%27%29").await,
        ["O'Brien & Co"]
    );
    assert_eq!(
        found("$filter=contains(tolower(displayName),'sales') and state eq 'Unpublished'").await,
        ["Sales archive"]
    );
    assert_eq!(
        found("$filter=not(startswith(displayName,'sales'))").await,
        ["General", "O'Brien & Co"]
    );
    assert_eq!(found("$orderby=displayName desc&$top=1&$skip=1").await, ["Sales"]);
    assert_eq!(found("$search=\"displayName:arch\"").await, ["Sales archive"]);
    let cut = f
        .admin
        .get("EM/catalogs?$select=displayName&$expand=accessPackages&$count=true&$top=2")
        .await
        .is(200);
    assert_eq!(cut.json["@odata.count"], 4);
    let row = cut.json["value"][0].as_object().expect("a row");
    let mut names: Vec<&str> = row.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accessPackages", "displayName", "id"]);
    let count = f.admin.get("EM/catalogs/$count?$filter=state eq 'published'").await.is(200);
    assert_eq!((count.text.as_str(), count.header("content-type")), ("3", "text/plain"));
    for (query, said) in [
        ("$filter=size eq 1", "size cannot be used here"),
        ("$filter=displayName eq", "$filter, character 15"),
        ("$select=colour", "The type accessPackageCatalog has no property colour."),
        ("$expand=colour", "is related to nothing by the name colour"),
        ("$orderby=description", "This list is sorted by displayName."),
        ("$skiptoken=00", "$skiptoken"),
        ("$apply=x", "$apply is not supported"),
    ] {
        let refused = f.admin.get(&format!("EM/catalogs?{query}")).await.is(400);
        assert!(refused.at("/error/message").contains(said), "{query}: {}", refused.text);
    }
}

async fn f173_pages_of_catalogs_neither_skip_nor_repeat(bench: TestApp) {
    let f = Fixture::new(bench).await;
    for name in ["A", "C", "E", "G2"] {
        f.admin.post("EM/catalogs", json!({ "displayName": name })).await.is(201);
    }
    let pages = f
        .admin
        .pages("EM/catalogs?$top=2&$filter=displayName ne 'x y'", "displayName")
        .await;
    assert_eq!(pages, [vec!["A", "C"], vec!["E", "G2"], vec!["General"]]);
    // Between two pages a row before the edge comes, and the row at the edge goes.
    let first = f.admin.get("EM/catalogs?$top=2&$select=displayName").await.is(200);
    let next = first.next().expect("a next page").to_owned();
    assert!(next.starts_with("/v1.0/identityGovernance/"), "{next}");
    f.admin.post("EM/catalogs", json!({ "displayName": "B" })).await.is(201);
    let edge = first.json["value"][1]["id"].as_str().expect("an id").to_owned();
    f.admin.delete(&format!("EM/catalogs/{edge}")).await.is(204);
    let second = f.admin.get(&next).await.is(200);
    assert_eq!(second.each("displayName"), ["E", "G2"]);
    assert!(
        second
            .next()
            .is_some_and(|next| next.contains("$top=2") && next.contains("$select=displayName"))
    );
}

async fn f173_whoever_may_not_see_catalogs_is_refused(bench: TestApp) {
    let f = Fixture::new(bench).await;
    let plain = f.person("requestor1", DirectoryRole::User).await;
    let refused = plain.get("EM/catalogs").await.is(403);
    assert_eq!(refused.at("/error/code"), "Forbidden");
    plain.post("EM/catalogs", json!({ "displayName": "Mine" })).await.is(403);
    let noted = "SELECT count(*) FROM audit WHERE activity = 'refuse' AND detail LIKE '/v1.0/identityGovernance/%'";
    assert_eq!(f.server.count(noted).await, 1);
    // A catalog creator sees their own alone.
    let creator = f.person("creator1", DirectoryRole::CatalogCreator).await;
    assert!(creator.get("EM/catalogs").await.is(200).each("id").is_empty());
    creator.post("EM/catalogs", json!({ "displayName": "Own" })).await.is(403);
}
