//! The pages on which people let clients act in their name, from a client's link or for a device. They are behind sign-in, and work without
//! scripting.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::answers::{app_error, notice, status, unreadable};
use super::headers;
use super::session;
use super::state::AppState;
use crate::auth_pages::{ConsentPage, DevicePage, FormPostPage, Notice};
use crate::domain::access::Principal;
use crate::paths;
use crate::service::Error;
use crate::service::tokens::{self, AuthorizeForm, Authorized, Consent, DeviceQuestion};

/// What a client's link carries, and what the page sends back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AuthorizeQuery {
    client_id: String,
    redirect_uri: String,
    response_type: String,
    response_mode: String,
    scope: String,
    state: String,
    code_challenge: String,
    code_challenge_method: String,
    nonce: String,
    prompt: String,
    decision: String,
}

impl AuthorizeQuery {
    fn form(&self) -> AuthorizeForm {
        let query = self.clone();
        AuthorizeForm {
            client_id: query.client_id,
            redirect_uri: query.redirect_uri,
            response_type: query.response_type,
            response_mode: query.response_mode,
            scope: query.scope,
            state: query.state,
            code_challenge: query.code_challenge,
            code_challenge_method: query.code_challenge_method,
            nonce: query.nonce,
            prompt: query.prompt,
        }
    }

    /// What goes with the answer unchanged.
    fn kept(self) -> Vec<(&'static str, String)> {
        vec![
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("response_type", self.response_type),
            ("response_mode", self.response_mode),
            ("scope", self.scope),
            ("state", self.state),
            ("code_challenge", self.code_challenge),
            ("code_challenge_method", self.code_challenge_method),
            ("nonce", self.nonce),
        ]
    }
}

/// A client's link.
pub async fn authorize_page(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let query: Result<Query<AuthorizeQuery>, QueryRejection> = Query::try_from_uri(request.uri());
    let Ok(Query(query)) = query else {
        return notice(&state, request.headers(), StatusCode::BAD_REQUEST, Notice::Unreadable);
    };
    let actor = match session::visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    asked(&state, &actor, request.headers(), request.extensions(), query, None).await
}

/// The person's answer.
pub async fn authorize(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let actor = match session::visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    let (headers, extensions) = (request.headers().clone(), request.extensions().clone());
    let query = match posted::<AuthorizeQuery>(&state, request).await {
        Ok(query) => query,
        Err(response) => return response,
    };
    let decision = query.decision == "allow";
    asked(&state, &actor, &headers, &extensions, query, Some(decision)).await
}

async fn asked(
    state: &AppState,
    actor: &Principal,
    headers: &HeaderMap,
    extensions: &axum::http::Extensions,
    query: AuthorizeQuery,
    decision: Option<bool>,
) -> Response {
    match tokens::authorize(&state.app, actor, &query.form(), decision).await {
        Ok(Authorized::Ask(consent)) => {
            let source = consent.source.clone();
            let page = page(consent, actor, paths::AUTHORIZE, query.kept());
            // The answer to the form leads there, which browsers count as part of the form.
            led_to(&source, Html(page.html(&state.gate(headers))).into_response())
        }
        Ok(Authorized::Back { address, source }) => led_to(&source, Redirect::to(&address).into_response()),
        Ok(Authorized::Post {
            client,
            address,
            source,
            fields,
        }) => {
            let page = FormPostPage { client, address, fields };
            led_to(&source, Html(page.html(&state.gate(headers))).into_response())
        }
        Ok(Authorized::Broken(text)) => notice(state, headers, StatusCode::BAD_REQUEST, Notice::BadLink(text)),
        Err(error) => failed(state, headers, extensions, error),
    }
}

/// An answer whose form may lead there.
fn led_to(source: &str, mut response: Response) -> Response {
    if let Some(policy) = headers::policy_with_form_target(source) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn page(consent: Consent, actor: &Principal, action: &'static str, kept: Vec<(&'static str, String)>) -> ConsentPage {
    ConsentPage {
        client: consent.client,
        description: consent.description,
        permissions: consent.permissions,
        offline: consent.offline,
        source: consent.source,
        user_name: actor.user_name.clone(),
        action,
        kept,
    }
}

fn failed(state: &AppState, headers: &HeaderMap, extensions: &axum::http::Extensions, error: Error) -> Response {
    let error = app_error(extensions, error);
    notice(state, headers, status(&error), Notice::BadLink(error.text()))
}

/// The longest code that a link can bring along, in characters.
const CODE_MAX: usize = 32;

/// A code that a device shows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DeviceQuery {
    user_code: String,
    decision: String,
}

/// Where people type the code.
pub async fn device_page(State(state): State<Arc<AppState>>, request: Request) -> Response {
    if let Err(redirect) = session::visitor(&request) {
        return redirect.into_response();
    }
    let query: Result<Query<DeviceQuery>, QueryRejection> = Query::try_from_uri(request.uri());
    // A link can bring the code along; what is no code is not taken over.
    let code = query.map(|Query(query)| query.user_code).unwrap_or_default();
    let is_code = code.len() <= CODE_MAX && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let page = DevicePage {
        code: if is_code { code } else { String::new() },
        error: None,
    };
    Html(page.html(&state.gate(request.headers()))).into_response()
}

/// The code as typed, and then the person's answer.
pub async fn device(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let actor = match session::visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    let (headers, extensions) = (request.headers().clone(), request.extensions().clone());
    let query = match posted::<DeviceQuery>(&state, request).await {
        Ok(query) => query,
        Err(response) => return response,
    };
    let decision = match query.decision.as_str() {
        "allow" => Some(true),
        "" => None,
        _ => Some(false),
    };
    let asked = tokens::decide_device(&state.app, &state.tokens, &actor, &query.user_code, decision).await;
    let gate = state.gate(&headers);
    match asked {
        Ok(DeviceQuestion::Ask(consent)) => {
            let page = page(consent, &actor, paths::DEVICE, vec![("user_code", query.user_code)]);
            Html(page.html(&gate)).into_response()
        }
        Ok(DeviceQuestion::Decided(allowed)) => notice(&state, &headers, StatusCode::OK, Notice::DeviceDecided(allowed)),
        Ok(DeviceQuestion::Unknown) => {
            let page = DevicePage {
                code: query.user_code.chars().take(32).collect(),
                error: Some("No device waits with this code. Check it, or begin again on the device.".into()),
            };
            (StatusCode::BAD_REQUEST, Html(page.html(&gate))).into_response()
        }
        Err(error) => failed(&state, &headers, &extensions, error),
    }
}

async fn posted<T: serde::de::DeserializeOwned>(state: &AppState, request: Request) -> Result<T, Response> {
    let headers = request.headers().clone();
    let filled: Result<Form<T>, FormRejection> = <Form<T> as FromRequest<()>>::from_request(request, &()).await;
    filled
        .map(|Form(form)| form)
        .map_err(|rejection| notice(state, &headers, rejection.status(), unreadable(&rejection)))
}
