//! Everything that knows HTTP. It finds out who asks, hands the question to a server function, a site or a form, and makes
//! every answer safe to send. What may be done is decided in the services; here nothing is.

mod address;
mod answers;
mod api;
mod approvals;
mod auth;
mod bearer;
mod consent;
mod cors;
mod endpoints;
mod event_hub;
mod events;
mod export;
mod files;
mod forms;
mod graph;
mod guard;
mod headers;
mod health;
mod imports;
mod known_browser;
mod listener;
mod mails;
mod mcp;
mod meter;
mod noted_uses;
mod oauth;
mod reference;
mod serve;
mod session;
mod sign_in_link;
mod sites;
mod state;
mod tls;
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
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::paths;

pub use serve::{Listeners, serve};
pub use state::{AppState, read_bundles};
pub use tls::Certificate;

/// More than any page of ours sends, in bytes.
const BODY_MAX: usize = 256 * 1024;

/// All routes of the product, with everything around them.
pub fn router(state: Arc<AppState>) -> Router {
    // Rendering runs on this same runtime; a second call finds it set.
    let _ = any_spawner::Executor::init_tokio();
    let pages = Router::new()
        .route(paths::ROOT, get(auth::front_door))
        .route(paths::SIGN_IN, get(auth::sign_in_page).post(auth::sign_in))
        .route(paths::SIGN_OUT, post(auth::sign_out))
        .route(paths::PASSWORD, get(auth::password_page).post(auth::change_password))
        .route(paths::SET_UP, get(auth::set_up_page).post(auth::set_up))
        .route(paths::AUTHORIZE, get(consent::authorize_page).post(consent::authorize))
        .route(
            "/{tenant}/oauth2/v2.0/authorize",
            get(consent::authorize_page).post(consent::authorize),
        )
        .route(paths::DEVICE, get(consent::device_page).post(consent::device))
        .route(paths::ADMIN, get(sites::admin))
        .route("/admin/export/{list}", get(export::export))
        .route(
            "/admin/imports/new/{kind}",
            get(sites::admin)
                .post(imports::upload)
                .layer(DefaultBodyLimit::max(imports::BODY_MAX)),
        )
        .route("/admin/import-files/template/{kind}", get(imports::template))
        .route("/admin/import-files/refused/{id}", get(imports::refused))
        .route("/admin/{*page}", get(sites::admin))
        .route("/admin/mail-content/{id}", get(mails::content))
        .route("/admin/mail-content/template/{name}", get(mails::template))
        .route("/mail-link/{token}", get(mails::link))
        .route("/sign-in-link/{token}", get(sign_in_link::page).post(sign_in_link::choose))
        .route(paths::MY_ACCESS, get(sites::my_access))
        .route(
            "/my-access/packages/{id}/request",
            get(sites::my_access).post(forms::request_access),
        )
        .route("/my-access/requests/{id}", get(sites::my_access).post(forms::own_request))
        .route("/my-access/access/{id}/extend", get(sites::my_access).post(forms::extend))
        .route("/my-access/access/{id}/remove", get(sites::my_access).post(forms::give_back))
        .route(paths::MY_APPROVALS, get(sites::my_access).post(approvals::decide_many))
        .route(paths::MY_DELEGATIONS, get(sites::my_access).post(approvals::delegate))
        .route(paths::MY_APPS, get(sites::my_access).post(forms::withdraw_consent))
        .route("/my-access/approvals/{id}", get(sites::my_access).post(approvals::decide))
        .route("/my-access/{*page}", get(sites::my_access))
        .layer(from_fn(headers::no_store))
        .layer(CompressionLayer::new().br(true).gzip(true).quality(CompressionLevel::Fastest));
    let personal = pages
        .merge(api::routes())
        .route("/api/{*call}", any(api::unknown))
        .route(paths::OWN_REQUEST_EVENTS, get(events::own_requests))
        .route("/events/requests/{id}", get(events::request))
        .route(paths::NOTIFICATION_EVENTS, get(events::own_notifications))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(RequestBodyTimeoutLayer::new(state.timeouts.body))
        .layer(from_fn_with_state(state.clone(), session::identify))
        .layer(session::layer(&state))
        .layer(map_response(session::secure_removal));
    // No call of these goes by a session, so pages of other sites may make them as far as `cors` says.
    let tokens = Router::new()
        .route(paths::TOKEN, post(oauth::token))
        .route("/{tenant}/oauth2/v2.0/token", post(oauth::token))
        .route(paths::DEVICE_CODE, post(oauth::device_code))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(oauth::device_code))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(RequestBodyTimeoutLayer::new(state.timeouts.body))
        .layer(from_fn_with_state(state.clone(), cors::registered));
    let documents = Router::new()
        .route(paths::TOKEN_KEYS, get(oauth::keys))
        .route("/{tenant}/discovery/v2.0/keys", get(oauth::keys))
        .route(paths::OPENID_CONFIGURATION, get(oauth::configuration))
        .route("/{tenant}/.well-known/openid-configuration", get(oauth::configuration))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(oauth::configuration))
        .route(paths::OAUTH_CONFIGURATION, get(oauth::configuration))
        .route(
            "/.well-known/oauth-authorization-server/{tenant}/v2.0",
            get(oauth::configuration_of_issuer),
        )
        .route(paths::PROTECTED_RESOURCE, get(oauth::protected_api))
        .route(paths::PROTECTED_MCP, get(oauth::protected_mcp))
        .route(paths::OPENAPI, get(reference::openapi))
        .layer(from_fn(cors::open));
    let csrf = CsrfLayer::new();
    // Behind a proxy the Host header may be another than the browser's; the public address is ours in any case.
    let csrf = csrf.clone().add_trusted_origin(&state.config.public_url).unwrap_or(csrf);
    Router::new()
        .merge(personal)
        .route(paths::API_REFERENCE, get(reference::page))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .nest_service(&format!("/{}", state.config.site_pkg_dir), files::bundles(&state))
        .fallback_service(files::assets(&state))
        .layer(csrf)
        .merge(tokens)
        .merge(documents)
        .merge(mcp::routes(&state))
        .merge(graph::routes(&state))
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .with_state(state)
}

/// What those who watch over the service read, on a socket of its own.
fn metrics_router(state: Arc<AppState>) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(state)
}
