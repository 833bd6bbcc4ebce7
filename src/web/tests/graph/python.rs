//! Microsoft's unmodified SDK for Python replays the API's tutorial over a real connection (`end2end/api/tutorial.py`), with the token of an API
//! client for what an administrator does. It needs what `scripts/setup.sh python` brings.

use std::process::{Command, Output};
use std::time::Duration;

use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::net::TcpListener;

use super::Fixture;
use super::clients::client_token;
use crate::both_databases;
use crate::domain::access::Principal;
use crate::domain::user::UserKind;
use crate::rpc::context::CurrentPrincipal;
use crate::testing::TestApp;
use crate::worker;

both_databases!(f173_the_python_sdk_replays_the_tutorial);

/// The person of the tutorial, whom the script names by their id; every other token is looked up as it is.
async fn named(mut request: Request, next: Next) -> Response {
    let token = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let person = token
        .and_then(|token| token.strip_prefix("Bearer user:"))
        .and_then(|id| id.parse().ok());
    if let Some(id) = person {
        let principal = Principal::user(id, "Requestor1", "requestor1", UserKind::Member);
        request.extensions_mut().insert(CurrentPrincipal(Some(principal)));
    }
    next.run(request).await
}

async fn f173_the_python_sdk_replays_the_tutorial(bench: TestApp) {
    let at = Fixture::new(bench).await;
    let token = client_token(&at).await;
    let router = at.server.router.clone().layer(from_fn(named));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = format!("http://{}/v1.0", listener.local_addr().expect("an address"));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let app = at.server.bench.app.clone();
    let working = tokio::spawn(async move {
        loop {
            // What was broken off by a call that met it is taken up again, as by the service's own worker.
            if let Err(error) = worker::drain(&app).await {
                assert!(error.is_transient(), "the queue: {error}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let replay = tokio::task::spawn_blocking(move || {
        let root = env!("CARGO_MANIFEST_DIR");
        let python = format!("{root}/target/python/bin/python");
        let script = format!("{root}/end2end/api/tutorial.py");
        Command::new(python).arg(script).arg(base).arg(token).output()
    });
    let Output { status, stderr, .. } = replay
        .await
        .expect("a thread")
        .expect("target/python/bin/python; `scripts/setup.sh python` brings it");
    working.abort();
    serving.abort();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
}
