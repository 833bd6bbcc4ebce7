//! What those who watch over the service read.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tower::ServiceExt;

use super::TestServer;
use crate::domain::user::DirectoryRole;
use crate::testing::TestApp;
use crate::{args, both_databases};

both_databases!(
    f173_the_api_is_described_to_programs_and_people,
    failed_and_late_work_is_shown,
    metrics_count_work_and_people,
    a_database_of_another_version_is_not_served
);

async fn read(router: &axum::Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

/// A job that is due since so many seconds, or was given up.
async fn job(house: &TestServer, key: &str, seconds: i64, failed: bool) {
    let app = &house.bench.app;
    let now = app.clock.now();
    let mut tx = app.store.write().await.expect("tx");
    tx.exec(
        "INSERT INTO jobs (id, kind, key, run_at, attempts, failed_at, created_at) VALUES ($1, 'deliver', $2, $3, 0, $4, $5)",
        args![
            app.ids.id(now),
            key,
            now - chrono::Duration::seconds(seconds),
            failed.then_some(now),
            now
        ],
    )
    .await
    .expect("a job");
    tx.commit().await.expect("commit");
}

async fn f173_the_api_is_described_to_programs_and_people(bench: TestApp) {
    let house = TestServer::new(bench);
    let (status, text) = read(&house.router, "/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    assert!(paths.contains_key("/identityGovernance/entitlementManagement/accessPackages/{package}"));
    let (status, page) = read(&house.router, "/api-reference").await;
    assert_eq!(status, StatusCode::OK);
    for said in [
        "Woodgate API",
        "/identityGovernance/entitlementManagement/assignmentRequests",
        "accessPackageCatalog (many)",
    ] {
        assert!(page.contains(said), "{said} is missing");
    }
}

/// Fault B2.
async fn failed_and_late_work_is_shown(bench: TestApp) {
    let house = TestServer::new(bench);
    assert_eq!(read(&house.router, "/readyz").await, (StatusCode::OK, "ready\n".to_owned()));
    job(&house, "a", 10, true).await;
    job(&house, "b", 90, false).await;
    let (status, text) = read(&house.router, "/readyz").await;
    assert_eq!(status, StatusCode::OK, "pages are served all the same");
    assert!(text.contains("1 jobs have failed for good"), "{text}");
    assert!(text.contains("a job is 90 seconds late"), "{text}");
    assert_eq!(read(&house.router, "/metrics").await.0, StatusCode::NOT_FOUND, "not for everybody");
}

async fn metrics_count_work_and_people(bench: TestApp) {
    let house = TestServer::new(bench);
    house.person("requestor1", DirectoryRole::User).await;
    house.signed_in("requestor1").await;
    job(&house, "a", 10, true).await;
    job(&house, "b", 30, false).await;
    job(&house, "c", -600, false).await;
    let (status, text) = read(&house.metrics, "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    for line in [
        "woodgate_build_info{version=",
        "# TYPE woodgate_jobs_waiting gauge",
        "woodgate_jobs_waiting 2",
        "woodgate_jobs_failed 1",
        "woodgate_oldest_due_job_seconds 30",
        "woodgate_open_requests 0",
        "woodgate_sessions 1",
        "woodgate_event_streams 0",
        "# TYPE woodgate_database_statements_total counter",
    ] {
        assert!(text.contains(line), "{line} is missing in:\n{text}");
    }
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (_, value) = line.rsplit_once(' ').expect("a name and a value");
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
}

async fn a_database_of_another_version_is_not_served(bench: TestApp) {
    let house = TestServer::new(bench);
    let mut tx = house.bench.app.store.write().await.expect("tx");
    tx.exec("UPDATE _sqlx_migrations SET success = FALSE", args![])
        .await
        .expect("a change");
    tx.commit().await.expect("commit");
    let (status, text) = read(&house.router, "/readyz").await;
    assert_eq!(
        (status, text.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "the database has another version's schema\n")
    );
}
