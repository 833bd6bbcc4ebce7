//! What the web layer provides to every server function and rendered page, and `serve`, through which each of them goes.

use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

use crate::domain::access::Principal;
use crate::service::{App, Error};

use super::error::AppError;

/// Who is signed in, if anyone; loaded by the web layer for this very call.
#[derive(Clone, Debug, Default)]
pub struct CurrentPrincipal(pub Option<Principal>);

/// The trace id of this call.
#[derive(Clone, Debug, Default)]
pub struct TraceId(pub String);

/// The trace id of this call, or a dash outside of one.
pub fn trace_id() -> String {
    use_context::<TraceId>().map_or_else(|| "-".into(), |id| id.0)
}

/// Runs a use case for the signed-in actor; its error also sets the answer's status.
pub async fn serve<T>(call: impl AsyncFnOnce(&App, &Principal) -> Result<T, Error>) -> Result<T, AppError> {
    let app = expect_context::<App>();
    let response = use_context::<ResponseOptions>();
    let trace = use_context::<TraceId>();
    let result = match use_context::<CurrentPrincipal>().and_then(|current| current.0) {
        None => Err(AppError::SignedOut),
        Some(actor) => call(&app, &actor).await.map_err(|error| match (error, trace) {
            (Error::Store(error), Some(trace)) => {
                tracing::error!(trace_id = trace.0, error = &error as &dyn std::error::Error, "a call failed");
                AppError::Internal(trace.0)
            }
            (error, _) => error.into(),
        }),
    };
    if let (Err(error), Some(response)) = (&result, response)
        && let Ok(status) = http_status(error)
    {
        response.set_status(status);
    }
    result
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
