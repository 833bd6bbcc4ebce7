//! The API against its own description: schemathesis reads `/openapi.json`, sends every operation what fits it and what does not, and looks whether
//! what comes back is described. It runs over loopback, a bounded number of calls, the same ones each time (`end2end/api/schemathesis.toml`), and
//! needs what `scripts/setup.sh python` brings.

use std::process::{Command, Output};

use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::net::TcpListener;

use super::operations::world::World;
use crate::both_databases;
use crate::rpc::context::CurrentPrincipal;
use crate::testing::TestApp;

both_databases!(f173_what_the_api_answers_is_what_it_describes);

/// The token by which the administrator of the test calls.
const TOKEN: &str = "Bearer the-administrator";

async fn f173_what_the_api_answers_is_what_it_describes(bench: TestApp) {
    let world = World::new(bench).await;
    let admin = world.story.admin.principal.clone();
    let named = move |mut request: Request, next: Next| {
        let admin = admin.clone();
        async move {
            if request.headers().get(AUTHORIZATION).is_some_and(|value| value == TOKEN) {
                request.extensions_mut().insert(CurrentPrincipal(admin));
            }
            let answer: Response = next.run(request).await;
            answer
        }
    };
    let router = world.story.server.router.clone().layer(from_fn(named));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let keys = [
        "catalog",
        "package",
        "policy",
        "resource",
        "request",
        "assignment",
        "user",
        "group",
        "application",
    ];
    let ids: Vec<(String, String)> = keys
        .iter()
        .map(|name| (format!("WOODGATE_{}", name.to_uppercase()), world.filled(&format!("{{{name}}}"))))
        .collect();
    let trying = tokio::task::spawn_blocking(move || {
        let root = env!("CARGO_MANIFEST_DIR");
        Command::new(format!("{root}/target/python/bin/schemathesis"))
            .args([
                "--no-color",
                "--config-file",
                &format!("{root}/end2end/api/schemathesis.toml"),
                "run",
            ])
            .args([&format!("{base}/openapi.json"), "--url", &format!("{base}/v1.0")])
            .args(["--header", &format!("Authorization: {TOKEN}")])
            .envs(ids)
            .current_dir(std::env::temp_dir())
            .output()
    });
    let Output { status, stdout, stderr } = trying
        .await
        .expect("a thread")
        .expect("target/python/bin/schemathesis; `scripts/setup.sh python` brings it");
    serving.abort();
    let said = String::from_utf8_lossy(&stdout);
    assert!(status.success(), "{said}{}", String::from_utf8_lossy(&stderr));
    assert!(said.contains("No issues found"), "{said}");
}
