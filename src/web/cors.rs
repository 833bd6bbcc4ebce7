//! Which pages of other sites may call what programs call (CORS): those at which a registered application that keeps no secret is answered.
//! What everybody may read is open to every page. Nothing here goes by a session, so nobody is ever told that cookies may come along.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::state::AppState;
use crate::service::clients;

/// Headers of an answer that a page may read beside the few that every page may.
const READABLE: HeaderValue =
    HeaderValue::from_static("client-request-id, etag, location, odata-version, request-id, retry-after, www-authenticate");
/// What a page may do.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
/// Seconds for which a browser remembers that it may.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");
/// Every page.
const EVERYBODY: HeaderValue = HeaderValue::from_static("*");

/// Lets the pages of registered applications call.
pub async fn registered(State(state): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let known = match &origin {
        Some(origin) => is_registered(&state, origin).await,
        None => false,
    };
    let mut response = through(request, next, origin.filter(|_| known)).await;
    response.headers_mut().append(VARY, const { HeaderValue::from_static("origin") });
    response
}

/// Lets every page read.
pub async fn open(request: Request, next: Next) -> Response {
    let asked = request.headers().contains_key(ORIGIN);
    through(request, next, asked.then_some(EVERYBODY)).await
}

/// Answers the browser's question before a call, and passes everything else on.
async fn through(request: Request, next: Next, allowed: Option<HeaderValue>) -> Response {
    let headers = request.headers();
    let is_question =
        request.method() == Method::OPTIONS && headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    if is_question {
        let wished = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        return answer(allowed, wished);
    }
    let mut response = next.run(request).await;
    if let Some(origin) = allowed {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, READABLE);
    }
    response
}

fn answer(allowed: Option<HeaderValue>, wished: Option<HeaderValue>) -> Response {
    let mut headers = HeaderMap::new();
    if let Some(origin) = allowed {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(ACCESS_CONTROL_MAX_AGE, REMEMBERED);
        if let Some(wished) = wished {
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wished);
        }
    }
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Whether this is the origin of our own pages or of a registered application's. While the database cannot say, it is not.
pub async fn is_registered(state: &AppState, origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    if origin == state.app.site.public_url {
        return true;
    }
    match clients::is_origin(&state.app, origin).await {
        Ok(known) => known,
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the origin of a call could not be looked up"
            );
            false
        }
    }
}
