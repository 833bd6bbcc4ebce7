//! The server functions' own addresses. Each is registered by its macro; this hands them the caller and bounds what they read.

use std::sync::Arc;

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
use super::state::AppState;
use crate::rpc::AppError;
use crate::rpc::context::{CurrentPrincipal, TraceId};

/// One route for each server function.
pub fn routes() -> Router<Arc<AppState>> {
    server_fn_paths().fold(Router::new(), |router, (path, method)| match method.try_into() {
        Ok(filter) => router.route(path, on(filter, call)),
        Err(_) => router,
    })
}

/// There is no such function, or not by this method.
pub async fn unknown() -> Response {
    (StatusCode::NOT_FOUND, Json(AppError::NotFound)).into_response()
}

async fn call(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let current = parts.extensions.get::<CurrentPrincipal>().cloned().unwrap_or_default();
    if current.0.is_none() {
        // Every function is about someone, and asks again itself; so much need not even be read.
        return (StatusCode::UNAUTHORIZED, Json(AppError::SignedOut)).into_response();
    }
    // A form's way back through the Referer header is not ours: these take JSON and give JSON.
    parts.headers.remove(REFERER);
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return too_large();
    };
    let trace = parts.extensions.get::<TraceId>().cloned().unwrap_or_default();
    let app = state.app.clone();
    let context = move || {
        provide_context(app.clone());
        provide_context(current.clone());
        provide_context(trace.clone());
    };
    let request = Request::from_parts(parts, Body::from(body));
    let answer = leptos_axum::handle_server_fns_with_context(context, request).await;
    let mut response = with_status(answer.into_response()).await;
    response
        .headers_mut()
        .insert(CACHE_CONTROL, const { HeaderValue::from_static("no-store") });
    response
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
