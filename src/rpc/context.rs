//! What the web layer provides to every server function and rendered page, and `serve`, through which each of them goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

use crate::domain::access::{Principal, Refusal};
use crate::service::{App, Error, audit};

use super::error::AppError;

/// Who is signed in, if anyone; loaded by the web layer for this very call.
#[derive(Clone, Debug, Default)]
pub struct CurrentPrincipal(pub Option<Principal>);

/// The trace id of this call.
#[derive(Clone, Debug, Default)]
pub struct TraceId(pub String);

/// Says of a call that the database broke it off for the sake of another, so that nothing of it has lasted and it may be done again.
#[derive(Clone, Debug, Default)]
pub struct BrokenOff(Arc<AtomicBool>);

impl BrokenOff {
    /// Notes what a failure was.
    pub fn note(&self, broken_off: bool) {
        self.0.fetch_or(broken_off, Ordering::Relaxed);
    }

    /// Whether it was broken off.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The language that the browser asks for before all others, or empty.
pub fn wished_language() -> String {
    let header = use_context::<axum::http::request::Parts>().and_then(|parts| {
        parts
            .headers
            .get(axum::http::header::ACCEPT_LANGUAGE)?
            .to_str()
            .ok()
            .map(str::to_owned)
    });
    crate::domain::question::preferred_language(&header.unwrap_or_default())
}

/// The trace id of this call, or a dash outside of one.
pub fn trace_id() -> String {
    use_context::<TraceId>().map_or_else(|| "-".into(), |id| id.0)
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(errors) => Self::Invalid(errors),
            Error::Refused(refusal) => Self::Refused(refusal),
            Error::NotFound => Self::NotFound,
            Error::Conflict(text) => Self::Conflict(text),
            Error::Query(fault) => Self::Conflict(fault.to_string()),
            Error::Limited(seconds) => Self::Limited(seconds),
            Error::Busy(seconds) => Self::Busy(seconds),
            Error::Store(_) | Error::Internal(_) => {
                let trace = trace_id();
                tracing::error!(trace_id = trace, error = &error as &dyn std::error::Error, "a call failed");
                Self::Internal(trace)
            }
        }
    }
}

/// Runs a use case for the signed-in actor; its error also sets the answer's status.
pub async fn serve<T>(call: impl AsyncFnOnce(&App, &Principal) -> Result<T, Error>) -> Result<T, AppError> {
    let app = expect_context::<App>();
    let response = use_context::<ResponseOptions>();
    let trace = use_context::<TraceId>();
    let broken_off = use_context::<BrokenOff>().unwrap_or_default();
    let result = match use_context::<CurrentPrincipal>().and_then(|current| current.0) {
        None => Err(AppError::SignedOut),
        Some(actor) => match call(&app, &actor).await {
            Err(Error::Store(error)) if let Some(trace) = trace => {
                broken_off.note(error.is_transient());
                tracing::error!(trace_id = trace.0, error = &error as &dyn std::error::Error, "a call failed");
                Err(AppError::Internal(trace.0))
            }
            Err(Error::Refused(refusal)) => {
                let address = use_context::<http::request::Parts>().map_or_else(String::new, |parts| parts.uri.path().to_owned());
                refused(&app, &actor, &address, &refusal).await;
                Err(AppError::Refused(refusal))
            }
            result => result.map_err(AppError::from),
        },
    };
    if let (Err(error), Some(response)) = (&result, response)
        && let Ok(status) = http_status(error)
    {
        response.set_status(status);
    }
    result
}

/// Notes a refusal in the trail; what was refused stays refused where that cannot be written.
pub async fn refused(app: &App, actor: &Principal, address: &str, refusal: &Refusal) {
    if let Err(error) = audit::note_refusal(app, actor, address, refusal).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a refusal could not be noted in the audit trail"
        );
    }
}

/// Sets the status of the page on its way, where it has nothing to show.
pub fn answer(error: &AppError) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), http_status(error)) {
        response.set_status(status);
    }
}

fn http_status(error: &AppError) -> Result<axum::http::StatusCode, axum::http::status::InvalidStatusCode> {
    axum::http::StatusCode::from_u16(error.status())
}
