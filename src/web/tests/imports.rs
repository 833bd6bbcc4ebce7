//! Imports over the network: the file is posted as a form, its page shows what will become of each row, and the rows that were refused come
//! back as a file.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use serde_json::json;

use super::{Answer, Browser, TestServer};
use crate::both_databases;
use crate::domain::user::DirectoryRole;
use crate::testing::TestApp;
use crate::worker;

both_databases!(
    a_file_is_posted_looked_at_and_imported,
    a_file_that_is_too_large_or_no_form_leaves_nothing,
    f172_limits_are_shown_and_changed,
    f054_the_page_of_a_resource_s_attributes_is_there,
);

async fn upload(browser: &mut Browser, kind: &str, text: &str) -> Answer {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people <b>.csv\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n--edge--\r\n"
    );
    let request = Request::post(format!("/admin/imports/new/{kind}"))
        .header(CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body));
    browser.send(request.expect("a request")).await
}

async fn a_file_is_posted_looked_at_and_imported(bench: TestApp) {
    let server = TestServer::new(bench);
    let app = server.bench.app.clone();
    for (name, role) in [
        ("useradmin", DirectoryRole::UserAdministrator),
        ("other", DirectoryRole::GlobalAdministrator),
        ("plain", DirectoryRole::User),
    ] {
        server.person(name, role).await;
    }
    let mut browser = server.signed_in("useradmin").await;
    let page = browser.get("/admin/imports/new/users").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("enctype=\"multipart/form-data\"") && page.text.contains("Download template"));
    let template = browser.get("/admin/import-files/template/users").await;
    assert!(template.text.starts_with("\u{feff}User name,Name,Type,"), "{}", template.text);

    let sent = upload(
        &mut browser,
        "users",
        "User name,Name\nada,Ada <i>Lovelace\n,Nobody\n=x y,Formula\n",
    )
    .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let import = sent.location().to_owned();
    let id = import.rsplit('/').next().unwrap_or_default().to_owned();
    while worker::drain(&app).await.expect("drained") > 0 {}
    let page = browser.get(&import).await;
    assert!(
        page.text.contains("Of 3 rows: 1 to create, 0 to change, 0 unchanged, 2 refused."),
        "{}",
        page.text
    );
    assert!(page.text.contains("User name is required.") && !page.text.contains("<i>Lovelace"));
    let version = |answer: Answer| {
        let value: serde_json::Value = serde_json::from_str(&answer.text).expect("an import");
        value["item"]["version"].as_i64().expect("a version")
    };
    let got = version(browser.call("imports/get", &json!({ "id": id })).await);
    let begun = browser.call("imports/start", &json!({ "id": id, "version": got })).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text);
    while worker::drain(&app).await.expect("drained") > 0 {}
    let page = browser.get(&import).await;
    assert!(page.text.contains("1 created, 0 changed, 0 unchanged, 2 refused."), "{}", page.text);
    assert_eq!(server.count("SELECT count(*) FROM users WHERE user_name = 'ada'").await, 1);
    let refused = browser.get(&format!("/admin/import-files/refused/{id}")).await;
    assert!(
        refused
            .text
            .starts_with("\u{feff}user_name,name,Row,Reason\r\n,Nobody,3,User name is required.\r\n'=x y,Formula,4,"),
        "{}",
        refused.text
    );
    assert!(browser.get("/admin/imports").await.text.contains("people &lt;b&gt;.csv"));

    // Nobody else finds it, and whoever may not import is refused before anything is read.
    let mut other = server.signed_in("other").await;
    for path in [import.clone(), format!("/admin/import-files/refused/{id}")] {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut plain = server.signed_in("plain").await;
    let before = server.count("SELECT count(*) FROM imports").await;
    assert_eq!(upload(&mut plain, "users", "User name\nx\n").await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        upload(&mut browser, "passwords", "User name\nx\n").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(server.count("SELECT count(*) FROM imports").await, before);
}

async fn a_file_that_is_too_large_or_no_form_leaves_nothing(bench: TestApp) {
    let server = TestServer::new(bench);
    server.person("admin", DirectoryRole::GlobalAdministrator).await;
    let mut browser = server.signed_in("admin").await;
    let posted = browser.post("/admin/imports/new/users", &[("file", "User name")]).await;
    assert_eq!(posted.status, StatusCode::BAD_REQUEST);
    let cut = Request::post("/admin/imports/new/users")
        .header(CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\nUser name,Name\nada,Ada\n",
        ));
    let answer = browser.send(cut.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert_eq!(server.count("SELECT count(*) FROM imports").await, 0);
    let foreign = Request::post("/admin/imports/new/users")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty());
    assert_eq!(browser.send(foreign.expect("a request")).await.status, StatusCode::FORBIDDEN);
}

async fn f172_limits_are_shown_and_changed(bench: TestApp) {
    let server = TestServer::new(bench);
    server.person("admin", DirectoryRole::GlobalAdministrator).await;
    let mut browser = server.signed_in("admin").await;
    let page = browser.get("/admin/settings/limits").await;
    assert!(
        page.text.contains("Approval stages of a policy") && page.text.contains("The most in use now: 0."),
        "{}",
        page.text
    );
    let values: Vec<String> = [
        "1", "1000", "1000", "50", "50", "10", "40", "20", "50", "100", "200", "50", "50000", "2500",
    ]
    .map(str::to_owned)
    .to_vec();
    let form = |values: &[String]| json!({ "form": { "values": values, "version": 0 } });
    assert_eq!(
        browser.call("limits/update", &form(&values[..3])).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let saved = browser.call("limits/update", &form(&values)).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    let one = json!({ "form": { "name": "One", "description": "", "enabled": true, "external": false } });
    let two = json!({ "form": { "name": "Two", "description": "", "enabled": true, "external": false } });
    assert_eq!(browser.call("catalogs/create", &one).await.status, StatusCode::OK);
    let refused = browser.call("catalogs/create", &two).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("at most 1 catalogs"), "{}", refused.text);
}

async fn f054_the_page_of_a_resource_s_attributes_is_there(bench: TestApp) {
    use crate::domain::group::GroupForm;
    use crate::service::{catalogs, groups};
    use crate::testing::actor;
    let server = TestServer::new(bench);
    let app = server.bench.app.clone();
    server.person("admin", DirectoryRole::GlobalAdministrator).await;
    let admin = actor(DirectoryRole::GlobalAdministrator);
    let mut tx = app.store.write().await.expect("tx");
    let general = catalogs::ensure_general(&app, &mut tx).await.expect("General");
    tx.commit().await.expect("commit");
    let form = GroupForm {
        name: "Harbour".into(),
        kind: "security".into(),
        membership: "assigned".into(),
        ..GroupForm::default()
    };
    let group = groups::create(&app, &admin, &form).await.expect("a group");
    catalogs::add_resources(&app, &admin, general, &[group]).await.expect("a resource");
    let mut browser = server.signed_in("admin").await;
    let page = browser.get(&crate::paths::resource_attributes(general, group)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Attributes that Harbour requires") && page.text.contains("This resource asks for nothing."));
    let gone = browser
        .get(&crate::paths::resource_attributes(general, crate::testing::unknown().into()))
        .await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}
