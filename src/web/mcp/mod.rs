//! The server of agents, by the Model Context Protocol: tools with which a program finds packages, asks for access and follows a request in
//! the name of a person. It is open only where the operator has switched it on, and only to a person's token; no tool decides on a request or
//! changes a rule. What may be done is decided in the services, as for My Access.

mod input;
mod server;
mod shown;
mod tools;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, ORIGIN, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::json;
use tower_http::timeout::RequestBodyTimeoutLayer;

use self::server::Server;
use super::graph::Fault;
use super::state::AppState;
use super::{BODY_MAX, bearer, cors};
use crate::domain::access::{Principal, Refusal};
use crate::domain::client::ApiPermission;
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::context::{CurrentPrincipal, refused};

/// What the tools need; the first is enough for all of them.
pub const PERMISSIONS: &[ApiPermission] = &[ApiPermission::SubjectAccess, ApiPermission::EntitlementManagementRead];

/// The address of the server; nothing is there while it is switched off.
pub fn routes(state: &Arc<AppState>) -> Router<Arc<AppState>> {
    if !state.config.mcp {
        return Router::new().route(paths::MCP, any(switched_off));
    }
    let kept = state.clone();
    // Every call says by itself who asks: nothing is kept between two, so any copy of the service answers either.
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_allowed_hosts(hosts(state))
        .with_max_request_body_bytes(BODY_MAX)
        .with_cancellation_token(state.stop.clone());
    let service = StreamableHttpService::new(
        move || Ok(Server::new(kept.clone())),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let answer = move |request: Request| {
        let service = service.clone();
        async move { service.handle(request).await.map(Body::new) }
    };
    Router::new()
        .route(paths::MCP, any(answer))
        .layer(RequestBodyTimeoutLayer::new(state.timeouts.body))
        .layer(from_fn_with_state(state.clone(), door))
        .layer(from_fn_with_state(state.clone(), cors::registered))
}

async fn switched_off() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// The names by which the service is called: that of its public address, and where it listens.
fn hosts(state: &AppState) -> Vec<String> {
    let public = state.config.public_url.split_once("://").map_or("", |(_, host)| host);
    let listens = [Some(state.config.site_addr), state.config.tls.as_ref().map(|tls| tls.addr)];
    let listens = listens.into_iter().flatten().map(|addr| addr.to_string());
    listens.chain([public.to_owned()]).collect()
}

/// Lets in whoever acts for a person who has let them. A page of a site that is not registered is turned away, whatever it brings along.
async fn door(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    if let Some(origin) = request.headers().get(ORIGIN).cloned()
        && !cors::is_registered(&state, &origin).await
    {
        let text = "This page is of a site that no registered application is answered at. Add its address to the client.";
        return turned_away(StatusCode::FORBIDDEN, "invalid_request", text, None);
    }
    let carried = bearer::Carried::of(&state, &request);
    let with_token = request.headers().contains_key(AUTHORIZATION);
    let actor = match bearer::caller(&state, carried).await {
        Ok((actor, _)) => actor,
        Err(fault) => return unknown(&state, &fault, with_token),
    };
    if let Err(refusal) = admitted(&actor) {
        refused(&state.app, &actor, paths::MCP, &refusal).await;
        let challenge = challenge(&state, Some("insufficient_scope"));
        return turned_away(StatusCode::FORBIDDEN, "insufficient_scope", &refusal.reason, challenge);
    }
    request.extensions_mut().insert(CurrentPrincipal(Some(actor)));
    next.run(request).await
}

/// A person's token, with a permission for My Access.
fn admitted(actor: &Principal) -> Result<(), Refusal> {
    if actor.user_id().is_none() {
        return Err(Refusal::new(
            "needs-user",
            "Agents ask in the name of a person here, and this token is a client's own. Get one with an authorization code or a device code.",
        ));
    }
    actor.require_permission(PERMISSIONS)
}

fn unknown(state: &AppState, fault: &Fault, with_token: bool) -> Response {
    if let Some(cause) = &fault.cause {
        tracing::error!(
            error = &**cause as &dyn std::error::Error,
            "the caller of a tool could not be looked up"
        );
    }
    if fault.status != StatusCode::UNAUTHORIZED {
        let mut response = turned_away(fault.status, "temporarily_unavailable", &fault.message, None);
        if let Some(seconds) = fault.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        return response;
    }
    let challenge = challenge(state, with_token.then_some("invalid_token"));
    turned_away(fault.status, "invalid_token", &fault.message, challenge)
}

/// Where tokens for this address are given, for programs that have none yet (RFC 6750, RFC 9728).
fn challenge(state: &AppState, error: Option<&str>) -> Option<HeaderValue> {
    let error = error.map_or_else(String::new, |error| format!("error=\"{error}\", "));
    let metadata = format!("{}{}", state.app.site.public_url, paths::PROTECTED_MCP);
    let scope = ApiPermission::SubjectAccess.as_str();
    HeaderValue::from_str(&format!(
        "Bearer {error}resource_metadata=\"{metadata}\", scope=\"{scope} offline_access\""
    ))
    .ok()
}

fn turned_away(status: StatusCode, code: &str, text: &str, challenge: Option<HeaderValue>) -> Response {
    let mut response = (status, Json(json!({ "error": code, "error_description": text }))).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, const { HeaderValue::from_static("no-store") });
    if let Some(challenge) = challenge {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
