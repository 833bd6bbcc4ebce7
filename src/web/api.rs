//! The server functions' own addresses. Each is registered by its macro; this hands them the caller and bounds what they read.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, REFERER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use axum::{Json, Router};
use leptos::prelude::provide_context;
use leptos::server_fn::axum::server_fn_paths;

use super::BODY_MAX;
use super::endpoints::{self, Access};
use super::state::AppState;
use crate::rpc::AppError;
use crate::rpc::context::{BrokenOff, CurrentPrincipal, TraceId};
use crate::service::App;

/// How often a call is tried in all.
const TRIES: u32 = 4;
/// The longest pause before a second try; it grows with each.
const PAUSE_MAX: Duration = Duration::from_millis(20);

/// One route for each server function that the table of endpoints has.
pub fn routes() -> Router<Arc<AppState>> {
    server_fn_paths().fold(Router::new(), |router, (path, method)| match method.try_into() {
        Ok(filter) if endpoints::access(path).is_some() => router.route(path, on(filter, call)),
        _ => router,
    })
}

/// There is no such function, or not by this method.
pub async fn unknown() -> Response {
    (StatusCode::NOT_FOUND, Json(AppError::NotFound)).into_response()
}

async fn call(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let current = parts.extensions.get::<CurrentPrincipal>().cloned().unwrap_or_default();
    if current.0.is_none() && endpoints::access(parts.uri.path()) != Some(Access::Public) {
        // Every function is about someone, and asks again itself; so much need not even be read.
        return (StatusCode::UNAUTHORIZED, Json(AppError::SignedOut)).into_response();
    }
    // A form's way back through the Referer header is not ours: these take JSON and give JSON.
    parts.headers.remove(REFERER);
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return too_large();
    };
    let trace = parts.extensions.get::<TraceId>().cloned().unwrap_or_default();
    let run = |broken_off: BrokenOff| {
        let (app, current, trace) = (state.app.clone(), current.clone(), trace.clone());
        let context = move || {
            provide_context(app.clone());
            provide_context(current.clone());
            provide_context(trace.clone());
            provide_context(broken_off.clone());
        };
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        async move { leptos_axum::handle_server_fns_with_context(context, request).await.into_response() }
    };
    let answer = until_settled(&state.app, run).await;
    let mut response = with_status(answer).await;
    response
        .headers_mut()
        .insert(CACHE_CONTROL, const { HeaderValue::from_static("no-store") });
    response
}

/// Runs a call, again where the database broke its transaction off (a deadlock, a failure to serialise): nothing of it has lasted, so it
/// begins from its beginning, authorisation included.
pub(super) async fn until_settled<T, F: Future<Output = T>>(app: &App, run: impl Fn(BrokenOff) -> F) -> T {
    let mut tried = 1;
    loop {
        let broken_off = BrokenOff::default();
        let response = run(broken_off.clone()).await;
        if tried == TRIES || !broken_off.is_set() {
            return response;
        }
        tracing::info!("a call was broken off by another and is tried again");
        tokio::time::sleep(pause(app, tried)).await;
        tried += 1;
    }
}

/// A part of the longest pause that differs between those who met, so that they do not meet again.
fn pause(app: &App, tried: u32) -> Duration {
    let [.., last] = *app.ids.id(app.clock.now()).as_bytes();
    PAUSE_MAX * tried * u32::from(last) / 255
}

fn too_large() -> Response {
    let error = AppError::Conflict("More was sent than this takes. Shorten it, then try again.".into());
    (StatusCode::PAYLOAD_TOO_LARGE, Json(error)).into_response()
}

/// What could not even be read fails before it can set its status: then the error itself says it.
async fn with_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_MAX).await else {
        return parts.status.into_response();
    };
    if let Ok(error) = serde_json::from_slice::<AppError>(&bytes)
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Barrier;

    use super::*;
    use crate::args;
    use crate::store::StoreError;
    use crate::testing::TestApp;

    /// Changes two rows; at the first try, when both who do so have their first.
    async fn change(app: &App, keys: [&'static str; 2], meeting: Option<&Barrier>) -> Result<(), StoreError> {
        let mut tx = app.store.write().await?;
        let update = "UPDATE settings SET value = value || 'x' WHERE key = $1";
        tx.exec(update, args![keys[0]]).await?;
        if let Some(meeting) = meeting {
            meeting.wait().await;
        }
        tx.exec(update, args![keys[1]]).await?;
        tx.commit().await
    }

    async fn call(app: &App, keys: [&'static str; 2], meeting: &Barrier, tries: &AtomicU32) -> StatusCode {
        let first = AtomicU32::new(0);
        let run = |broken_off: BrokenOff| {
            tries.fetch_add(1, Ordering::Relaxed);
            let meeting = (first.fetch_add(1, Ordering::Relaxed) == 0).then_some(meeting);
            async move {
                match change(app, keys, meeting).await {
                    Ok(()) => StatusCode::OK.into_response(),
                    Err(error) => {
                        broken_off.note(error.is_transient());
                        StatusCode::INTERNAL_SERVER_ERROR.into_response()
                    }
                }
            }
        };
        until_settled(app, run).await.status()
    }

    /// Fault B10.
    #[tokio::test]
    async fn of_two_calls_that_lock_each_other_out_one_is_done_again() {
        let bench = TestApp::postgres().await;
        let mut tx = bench.app.store.write().await.expect("tx");
        tx.exec("INSERT INTO settings (key, value) VALUES ('a', ''), ('b', '')", args![])
            .await
            .expect("rows");
        tx.commit().await.expect("commit");
        let (meeting, tries) = (Barrier::new(2), AtomicU32::new(0));
        let done = tokio::join!(
            call(&bench.app, ["a", "b"], &meeting, &tries),
            call(&bench.app, ["b", "a"], &meeting, &tries)
        );
        assert_eq!(done, (StatusCode::OK, StatusCode::OK));
        let mut tx = bench.app.store.read().await.expect("tx");
        let values: Vec<String> = tx
            .column("SELECT value FROM settings WHERE key IN ('a', 'b')", args![])
            .await
            .expect("values");
        assert_eq!(values, ["xx", "xx"]);
        assert_eq!(tries.into_inner(), 3);
    }

    #[tokio::test]
    async fn what_fails_for_another_reason_fails_at_once() {
        let bench = TestApp::sqlite().await;
        let tries = AtomicU32::new(0);
        let run = |_| {
            tries.fetch_add(1, Ordering::Relaxed);
            async { StatusCode::INTERNAL_SERVER_ERROR.into_response() }
        };
        assert_eq!(until_settled(&bench.app, run).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(tries.into_inner(), 1);
    }
}
