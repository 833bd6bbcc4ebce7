//! Answers that are no page of either site: a card that ends the visit, an error as a page may know it, and what is said where the service
//! itself has failed.

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::state::AppState;
use crate::auth_pages::Notice;
use crate::rpc::AppError;
use crate::rpc::context::TraceId;
use crate::service::Error;

/// The words for a form that cannot be read.
pub fn unreadable(rejection: &FormRejection) -> Notice {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Notice::TooLarge
    } else {
        Notice::Unreadable
    }
}

/// The error as a page may know it; ours to mend go to the log under the request's trace id.
pub fn app_error(extensions: &Extensions, error: Error) -> AppError {
    match error {
        Error::Store(_) | Error::Internal(_) => {
            let trace = extensions.get::<TraceId>().cloned().unwrap_or_default().0;
            tracing::error!(error = &error as &dyn std::error::Error, "a form failed");
            AppError::Internal(trace)
        }
        error => error.into(),
    }
}

/// The status that an error is answered with.
pub fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A card that ends the visit.
pub fn notice(state: &AppState, headers: &HeaderMap, status: StatusCode, notice: Notice) -> Response {
    (status, Html(notice.html(&state.gate(headers)))).into_response()
}

/// The answer where the service itself has failed, in the caller's tongue: JSON for a call, a card for a page.
pub fn failed(state: &AppState, path: &str, headers: &HeaderMap, trace: &TraceId, error: &Error) -> Response {
    tracing::error!(error = error as &dyn std::error::Error, "a request failed");
    if path.starts_with("/api/") {
        let error = AppError::Internal(trace.0.clone());
        return (status(&error), Json(error)).into_response();
    }
    notice(state, headers, StatusCode::INTERNAL_SERVER_ERROR, Notice::Internal(trace.0.clone()))
}
