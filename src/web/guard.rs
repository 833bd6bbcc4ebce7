//! Around every request: a trace id, a line in the log, a bound on its time, and a decent answer where something broke or was refused
//! before any handler saw it.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures::FutureExt;
use tower_http::csrf::ProtectionError;
use tracing::Instrument;

use super::state::AppState;
use super::{graph, headers, zone};
use crate::auth_pages::{Gate, Notice};
use crate::domain::access::Refusal;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::context::TraceId;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer.
pub async fn guard(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    let trace = state.app.ids.id(state.app.clock.now()).simple().to_string();
    request.extensions_mut().insert(TraceId(trace.clone()));
    let context = RequestContext {
        path: request.uri().path().to_owned(),
        zone: zone::of(request.headers()),
        api: graph::is_api(request.uri().path()).then(|| graph::Ids::of(request.headers(), request.extensions(), state.app.clock.now())),
        trace,
    };
    let method = request.method().clone();
    let span = tracing::info_span!("request", trace_id = context.trace, %method, path = context.path);
    let started = Instant::now();
    let answer = AssertUnwindSafe(tokio::time::timeout(state.timeouts.request, next.run(request)))
        .catch_unwind()
        .instrument(span.clone())
        .await;
    let _inside = span.enter();
    let mut response = match answer {
        Ok(Ok(response)) if response.extensions().get::<ProtectionError>().is_some() => context.refused(&state),
        Ok(Ok(response)) => response,
        Ok(Err(_)) => context.too_slow(&state),
        Err(panic) => context.broken(&state, &*panic),
    };
    headers::secure(response.headers_mut(), state.config.is_secure());
    if let Ok(value) = HeaderValue::from_str(&context.trace) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    log(&context.path, response.status(), started.elapsed());
    response
}

fn log(path: &str, status: StatusCode, took: Duration) {
    let (status, millis) = (status.as_u16(), took.as_millis());
    let quiet = path.starts_with("/pkg/") || path == "/healthz" || path == "/readyz";
    if quiet {
        tracing::debug!(status, millis, "answered");
    } else {
        tracing::info!(status, millis, "answered");
    }
}

/// What is left of a request when its handler has failed.
struct RequestContext {
    path: String,
    zone: chrono_tz::Tz,
    /// Of a call of the API, by which it is found again.
    api: Option<graph::Ids>,
    trace: String,
}

impl RequestContext {
    fn refused(&self, state: &AppState) -> Response {
        let refusal = Refusal::new("cross-origin", "This call came from another site, so nothing was done.");
        self.answer(state, StatusCode::FORBIDDEN, AppError::Refused(refusal), Notice::Foreign)
    }

    fn too_slow(&self, state: &AppState) -> Response {
        tracing::error!("a request took longer than {:?}", state.timeouts.request);
        self.answer(state, StatusCode::SERVICE_UNAVAILABLE, AppError::Offline, Notice::TooSlow)
    }

    fn broken(&self, state: &AppState, panic: &(dyn Any + Send)) -> Response {
        let text = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        tracing::error!(panic = text, "a request panicked");
        let error = AppError::Internal(self.trace.clone());
        self.answer(
            state,
            StatusCode::INTERNAL_SERVER_ERROR,
            error,
            Notice::Internal(self.trace.clone()),
        )
    }

    fn answer(&self, state: &AppState, status: StatusCode, error: AppError, notice: Notice) -> Response {
        if let Some(ids) = &self.api {
            let fault = match status {
                StatusCode::SERVICE_UNAVAILABLE => graph::Fault::too_slow(),
                _ => graph::Fault::internal(),
            };
            return graph::failed(&fault, ids, &self.path);
        }
        if self.path.starts_with("/api/") || self.path == paths::MCP {
            return (status, [(CACHE_CONTROL, "no-store")], Json(error)).into_response();
        }
        let gate = Gate {
            tenant: state.app.site.tenant.clone(),
            zone: self.zone.name().to_owned(),
            css: state.bundles.my_access.css.clone(),
        };
        (status, [(CACHE_CONTROL, "no-store")], Html(notice.html(&gate))).into_response()
    }
}
