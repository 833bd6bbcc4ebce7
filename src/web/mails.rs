//! Links in mails, and what mails look like: their HTML as documents of their own, which the admin area shows in a frame that may do nothing.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::state::AppState;
use super::{answers, files, session};
use crate::auth_pages::{Notice, Visitor};
use crate::domain::access::{Action, Principal};
use crate::rpc::context::TraceId;
use crate::service::{Error, links, mails};

/// What the HTML of a mail may do in its frame: look as it says.
const POLICY: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);

/// Leads whoever follows the link of a mail to the decision, or to the list of decisions where the link is not theirs.
pub async fn link(State(state): State<Arc<AppState>>, Path(token): Path<String>, request: Request) -> Response {
    let actor = match session::visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    match links::open(&state.app, &actor, &token).await {
        Ok(path) => Redirect::to(&path).into_response(),
        Err(error) => refused(&state, &request, &actor, &error),
    }
}

/// The HTML of one mail.
pub async fn content(State(state): State<Arc<AppState>>, Path(id): Path<String>, request: Request) -> Response {
    let actor = match reader(&state, &request) {
        Ok(actor) => actor,
        Err(answer) => return *answer,
    };
    let found = match id.parse() {
        Ok(id) => mails::html(&state.app, &actor, id).await,
        Err(_) => Err(Error::NotFound),
    };
    match found {
        Ok(html) => framed(html),
        Err(error) => refused(&state, &request, &actor, &error),
    }
}

/// The HTML of the example of a mail.
pub async fn template(State(state): State<Arc<AppState>>, Path(name): Path<String>, request: Request) -> Response {
    let actor = match reader(&state, &request) {
        Ok(actor) => actor,
        Err(answer) => return *answer,
    };
    match mails::sample(&state.app, &actor, &name).await {
        Ok(mail) => framed(mail.html),
        Err(error) => refused(&state, &request, &actor, &error),
    }
}

/// Who may read mails; whoever may not is told before anything is looked for.
fn reader(state: &AppState, request: &Request) -> Result<Principal, Box<Response>> {
    let actor = session::visitor(request).map_err(|redirect| Box::new(redirect.into_response()))?;
    match actor.authorize_somewhere(Action::ManageSettings) {
        Ok(()) => Ok(actor),
        Err(refusal) => Err(Box::new(refused(state, request, &actor, &refusal.into()))),
    }
}

fn framed(html: String) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_FRAME_OPTIONS, const { HeaderValue::from_static("SAMEORIGIN") }),
    ];
    (headers, Html(html)).into_response()
}

fn refused(state: &AppState, request: &Request, actor: &Principal, error: &Error) -> Response {
    match error {
        Error::Refused(_) => {
            let visitor = Visitor {
                name: actor.name.clone(),
                user_name: actor.user_name.clone(),
            };
            answers::notice(state, request.headers(), StatusCode::FORBIDDEN, Notice::Denied(visitor))
        }
        Error::NotFound => files::not_found(state, request),
        error => {
            let trace = request.extensions().get::<TraceId>().cloned().unwrap_or_default();
            answers::failed(state, request.uri().path(), request.headers(), &trace, error)
        }
    }
}
