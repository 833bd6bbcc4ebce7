//! Callers of the API: an access token in the header leads to who calls, under the ceiling of that token, loaded for this very call. Whoever
//! calls more often than the operator allows waits before anything is done for them.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::Response;

use super::address;
use super::graph::{self, Fault};
use super::meter::Meter;
use super::state::AppState;
use crate::domain::access::Principal;
use crate::domain::id::{ClientId, UserId};
use crate::rpc::context::CurrentPrincipal;
use crate::service::tokens::{self, Bearer};

/// Finds who calls and puts it where handlers look; without a token that holds the call ends here.
pub async fn identify(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    let carried = Carried::of(&state, &request);
    match caller(&state, carried).await {
        Ok((actor, meter)) => {
            request.extensions_mut().insert(CurrentPrincipal(Some(actor)));
            if let Some(meter) = meter {
                request.extensions_mut().insert(meter);
            }
            next.run(request).await
        }
        Err(fault) => graph::refuse(&state, &fault, &request),
    }
}

/// By what a caller is known.
pub struct Carried {
    /// Nothing from outside can set it; a test does, which has no token.
    named: Option<Principal>,
    token: Option<String>,
    address: String,
}

impl Carried {
    /// What a request carries.
    pub fn of(state: &AppState, request: &Request) -> Self {
        let named = request.extensions().get::<CurrentPrincipal>();
        Self {
            named: named.and_then(|current| current.0.clone()),
            token: token(request.headers()).map(str::to_owned),
            address: address::client(request.headers(), request.extensions(), &state.config.trusted_proxy).to_string(),
        }
    }
}

/// Who calls, if they are known and have not called too often, and what counts their further calls.
pub async fn caller(state: &Arc<AppState>, carried: Carried) -> Result<(Principal, Option<Meter>), Fault> {
    let Carried { named, token, address } = carried;
    if let Some(actor) = named {
        return Ok((actor, None));
    }
    let token = token.ok_or_else(Fault::unauthenticated)?;
    let found = tokens::resume(&state.app, &state.tokens, &token).await?;
    let Bearer { actor, client, use_is_due } = found.ok_or_else(Fault::unauthenticated)?;
    let meter = Meter::new(state, actor.id, client);
    meter.count().map_err(Fault::too_often)?;
    if use_is_due {
        note_use(state, client, actor.user_id());
    }
    Ok((Principal { address, ..actor }, Some(meter)))
}

/// The token of a call; the scheme knows no case (RFC 9110).
fn token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Notes the use of a client beside the answer: a busy or broken database keeps nobody from reading.
fn note_use(state: &Arc<AppState>, client: ClientId, person: Option<UserId>) {
    let key = format!("{client} {}", person.map_or_else(String::new, |id| id.to_string()));
    if !state.uses.begin(&key) {
        return;
    }
    let state = state.clone();
    tokio::spawn(async move {
        if let Err(error) = tokens::note_use(&state.app, client, person).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the use of a client could not be noted");
        }
        state.uses.end(&key);
    });
}
