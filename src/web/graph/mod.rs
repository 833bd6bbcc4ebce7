//! The API in the shape of Microsoft Graph's entitlement management, under `/v1.0` and `/beta`. One table of routes says what there is, what
//! it takes to be answered, and who answers; around every call stand the same envelope, the same errors and the same second try. What may
//! be done is decided in the services; the shapes of requests and answers are made here.

mod address;
mod answer;
mod approvals;
mod assignments;
mod batch;
mod beta;
mod body;
mod call;
mod catalogs;
mod fault;
mod groups;
mod incompatibilities;
mod metadata;
mod offers;
mod openapi;
mod organizations;
mod package_roles;
mod packages;
mod permission;
mod policies;
mod projection;
mod related;
mod reply;
mod requests;
mod resources;
mod roles;
mod route;
pub mod schema;
mod serve;
mod service_principals;
mod settings;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::state::AppState;
use super::{bearer, cors};

pub use answer::Ids;
pub use fault::Fault;
pub use openapi::document as openapi;
#[cfg(test)]
pub use route::{Route, Verb};
#[cfg(test)]
pub use serve::TABLES;

/// Everything under `/v1.0` and `/beta`.
pub fn routes(state: &Arc<AppState>) -> Router<Arc<AppState>> {
    let mut router = Router::new();
    for version in ["/v1.0", "/beta"] {
        router = router
            .route(version, any(serve::serve))
            .route(&format!("{version}/"), any(serve::serve))
            .route(&format!("{version}/{{*path}}"), any(serve::serve));
    }
    router
        .layer(CompressionLayer::new().br(true).gzip(true).quality(CompressionLevel::Fastest))
        .layer(RequestBodyTimeoutLayer::new(state.timeouts.body))
        .layer(from_fn_with_state(state.clone(), bearer::identify))
        .layer(from_fn_with_state(state.clone(), cors::registered))
}

/// Whether an address is one of the API's, so that whatever fails there is answered in its shape.
pub fn is_api(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    first.eq_ignore_ascii_case("v1.0") || first.eq_ignore_ascii_case("beta")
}

/// An answer in the API's shape to a call that no handler of it has seen.
pub fn refuse(state: &AppState, fault: &Fault, request: &Request) -> Response {
    let ids = Ids::of(request.headers(), request.extensions(), state.app.clock.now());
    failed(fault, &ids, request.uri().path())
}

/// The same for a request that is gone.
pub fn failed(fault: &Fault, ids: &Ids, path: &str) -> Response {
    answer::Answer::of_fault(fault, ids, path).into_response()
}
