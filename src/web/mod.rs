//! The edge: everything that knows HTTP. It finds out who asks, hands the question to a server function, a site or a form, and makes
//! every answer safe to send. What may be done is decided in the services; here nothing is.

mod address;
mod api;
mod edge;
mod events;
mod files;
mod gate;
mod guard;
mod headers;
mod health;
mod serve;
mod session;
mod sites;
mod zone;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::routing::{any, get, post};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::paths;

pub use edge::{Edge, read_bundles};
pub use serve::serve;

/// More than any page of ours sends, in bytes.
const BODY_MAX: usize = 256 * 1024;

/// All routes of the product, with everything around them.
pub fn router(edge: Arc<Edge>) -> Router {
    // Rendering runs on this same runtime; a second call finds it set.
    let _ = any_spawner::Executor::init_tokio();
    let pages = Router::new()
        .route(paths::ROOT, get(gate::front_door))
        .route(paths::SIGN_IN, get(gate::sign_in_page).post(gate::sign_in))
        .route(paths::SIGN_OUT, post(gate::sign_out))
        .route(paths::PASSWORD, get(gate::password_page).post(gate::change_password))
        .route(paths::SET_UP, get(gate::set_up_page).post(gate::set_up))
        .route(paths::ADMIN, get(sites::admin))
        .route("/admin/{*page}", get(sites::admin))
        .route(paths::MY_ACCESS, get(sites::my_access))
        .route("/my-access/packages/{id}/request", get(sites::my_access).post(sites::submit))
        .route("/my-access/{*page}", get(sites::my_access))
        .layer(from_fn(headers::no_store))
        .layer(CompressionLayer::new().br(true).gzip(true).quality(CompressionLevel::Fastest));
    let personal = pages
        .merge(api::routes())
        .route("/api/{*call}", any(api::unknown))
        .route("/events/requests/{ids}", get(events::requests))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn_with_state(edge.clone(), session::identify))
        .layer(session::layer(&edge))
        .layer(map_response(session::secure_removal));
    let csrf = CsrfLayer::new();
    // Behind a proxy the Host header may be another than the browser's; the public address is ours in any case.
    let csrf = csrf.clone().add_trusted_origin(&edge.config.public_url).unwrap_or(csrf);
    Router::new()
        .merge(personal)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .nest_service(&format!("/{}", edge.config.site_pkg_dir), files::bundles(&edge))
        .fallback_service(files::assets(&edge))
        .layer(csrf)
        .layer(from_fn_with_state(edge.clone(), guard::guard))
        .with_state(edge)
}
