//! Where clients get tokens, and what they can find out by themselves (RFC 6749, RFC 8414, RFC 8628): forms in, JSON out, without a session.
//! Each address is there twice, with and without the installation's name in front, since clients of Microsoft Graph write it.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::state::AppState;
use super::{address, mcp};
use crate::domain::client::{ApiPermission, GrantKind};
use crate::domain::text::{StringEnum, fold};
use crate::paths;
use crate::rpc::context::TraceId;
use crate::service::Error;
use crate::service::tokens::{self, Caller, Failure, GrantForm, OAuthError, Presented};

/// What is sent where tokens are given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TokenForm {
    grant_type: String,
    client_id: String,
    client_secret: Option<String>,
    client_assertion_type: String,
    client_assertion: Option<String>,
    scope: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    refresh_token: String,
    device_code: String,
}

/// Gives a token.
pub async fn token(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let asked = Asked::of(&request);
    let caller = caller(&state, &request);
    let given = async {
        known_tenant(&state, &asked.path).await?;
        let form = read(request).await?;
        let presented = presented(&asked.headers, &form)?;
        let form = GrantForm {
            grant_type: form.grant_type,
            scope: form.scope,
            code: form.code,
            redirect_uri: form.redirect_uri,
            code_verifier: form.code_verifier,
            refresh_token: form.refresh_token,
            device_code: form.device_code,
        };
        tokens::grant(&state.app, &state.tokens, &presented, &form, &caller).await
    };
    answered(given.await, &asked)
}

/// Lets a device wait.
pub async fn device_code(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let asked = Asked::of(&request);
    let caller = caller(&state, &request);
    let given = async {
        known_tenant(&state, &asked.path).await?;
        let form = read(request).await?;
        let presented = presented(&asked.headers, &form)?;
        tokens::start_device(&state.app, &state.tokens, &presented, &form.scope, &caller).await
    };
    answered(given.await, &asked)
}

/// The keys by which tokens are checked.
pub async fn keys(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let asked = Asked::of(&request);
    let keys = async {
        known_tenant(&state, &asked.path).await?;
        Ok(json!({ "keys": tokens::published(&state.app).await? }))
    };
    answered(keys.await, &asked)
}

/// What there is, and where.
pub async fn configuration(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let asked = Asked::of(&request);
    let told = async {
        known_tenant(&state, &asked.path).await?;
        let tenant = tokens::tenant_id(&state.app).await?;
        Ok(described(&state.app.site.public_url, tenant))
    };
    answered(told.await, &asked)
}

/// The same at the address that RFC 8414 makes of the issuer's.
pub async fn configuration_of_issuer(State(state): State<Arc<AppState>>, Path(named): Path<String>, request: Request) -> Response {
    let asked = Asked::of(&request);
    let told = async {
        known_tenant(&state, &format!("/{named}")).await?;
        let tenant = tokens::tenant_id(&state.app).await?;
        Ok(described(&state.app.site.public_url, tenant))
    };
    answered(told.await, &asked)
}

/// Who gives tokens for the API (RFC 9728).
pub async fn protected_api(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let delegated = ApiPermission::ALL.iter().filter(|one| one.exists_as(GrantKind::Delegated));
    let scopes: Vec<&str> = delegated.map(|permission| permission.as_str()).collect();
    protected(&state, Asked::of(&request), "", &scopes).await
}

/// Who gives tokens for the server of agents; not there while that is switched off.
pub async fn protected_mcp(State(state): State<Arc<AppState>>, request: Request) -> Response {
    if !state.config.mcp {
        return StatusCode::NOT_FOUND.into_response();
    }
    let scopes: Vec<&str> = mcp::PERMISSIONS.iter().map(|permission| permission.as_str()).collect();
    protected(&state, Asked::of(&request), paths::MCP, &scopes).await
}

async fn protected(state: &AppState, asked: Asked, path: &str, scopes: &[&str]) -> Response {
    let origin = &state.app.site.public_url;
    let told = async {
        let tenant = tokens::tenant_id(&state.app).await?;
        Ok(json!({
            "resource": format!("{origin}{path}"),
            "resource_name": state.app.site.tenant,
            "authorization_servers": [tokens::issuer(origin, tenant)],
            "jwks_uri": format!("{origin}/{tenant}{}", paths::TOKEN_KEYS),
            "scopes_supported": scopes,
            "bearer_methods_supported": ["header"],
        }))
    };
    answered(told.await, &asked)
}

fn described(origin: &str, tenant: uuid::Uuid) -> Value {
    let base = format!("{origin}/{tenant}");
    let delegated = ApiPermission::ALL
        .iter()
        .filter(|permission| permission.exists_as(GrantKind::Delegated));
    let scopes: Vec<&str> = ["openid", "profile", "offline_access"]
        .into_iter()
        .chain(delegated.map(|permission| permission.as_str()))
        .collect();
    json!({
        "issuer": tokens::issuer(origin, tenant),
        "authorization_endpoint": format!("{base}{}", paths::AUTHORIZE),
        "token_endpoint": format!("{base}{}", paths::TOKEN),
        "device_authorization_endpoint": format!("{base}{}", paths::DEVICE_CODE),
        "jwks_uri": format!("{base}{}", paths::TOKEN_KEYS),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": [
            "authorization_code",
            "client_credentials",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code"
        ],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt", "none"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256", "PS256"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "subject_types_supported": ["public"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": scopes,
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nbf", "nonce", "oid", "tid", "name", "preferred_username"],
    })
}

/// Refuses an address in the name of another installation.
async fn known_tenant(state: &AppState, path: &str) -> Result<(), Failure> {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if ["oauth2", "discovery", ".well-known", "v2.0"].contains(&first) {
        return Ok(());
    }
    let named = fold(&percent_decode_str(first).decode_utf8_lossy());
    let own = fold(&state.app.site.tenant);
    let id = tokens::tenant_id(&state.app).await?.to_string();
    if ["common", "organizations", &own, &own.replace(' ', "-"), &id].contains(&named.as_str()) {
        return Ok(());
    }
    let text = format!("There is no installation of this name here. Use {id}, or common.");
    Err(OAuthError::request(text).into())
}

async fn read(request: Request) -> Result<TokenForm, Failure> {
    let read: Result<Form<TokenForm>, FormRejection> = <Form<TokenForm> as FromRequest<()>>::from_request(request, &()).await;
    read.map(|Form(form)| form).map_err(|rejection| {
        let text = format!(
            "Send a form (application/x-www-form-urlencoded), each field once: {}",
            rejection.body_text()
        );
        OAuthError::request(text).into()
    })
}

/// What a client shows of itself: in the header or in the form, not in both.
fn presented(headers: &HeaderMap, form: &TokenForm) -> Result<Presented, Failure> {
    let assertion = form.client_assertion.clone().filter(|token| !token.is_empty());
    let assertion = assertion.map(|token| (form.client_assertion_type.clone(), token));
    let secret = form.client_secret.clone().filter(|secret| !secret.is_empty());
    let of_form = Presented {
        client_id: form.client_id.trim().to_owned(),
        secret,
        assertion,
    };
    let Some(header) = headers.get(AUTHORIZATION) else {
        if of_form.secret.is_some() && of_form.assertion.is_some() {
            return Err(OAuthError::request("Send a secret or an assertion, not both.").into());
        }
        return Ok(of_form);
    };
    let unreadable = || OAuthError::client();
    let text = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let (_, encoded) = text.ok_or_else(unreadable)?;
    let decoded = STANDARD.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let decoded = decoded.ok_or_else(unreadable)?;
    let (id, secret) = decoded.split_once(':').ok_or_else(unreadable)?;
    let plain = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let (id, secret) = (plain(id), plain(secret));
    if of_form.secret.is_some() || of_form.assertion.is_some() || (!of_form.client_id.is_empty() && of_form.client_id != id) {
        return Err(OAuthError::request("Send who the client is in the header or in the form, not in both.").into());
    }
    Ok(Presented {
        client_id: id,
        secret: Some(secret),
        assertion: None,
    })
}

/// What is kept of a request whose body is read.
struct Asked {
    path: String,
    headers: HeaderMap,
    trace: TraceId,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self {
            path: request.uri().path().to_owned(),
            headers: request.headers().clone(),
            trace: request.extensions().get::<TraceId>().cloned().unwrap_or_default(),
        }
    }
}

fn caller(state: &AppState, request: &Request) -> Caller {
    let (headers, extensions, proxy) = (request.headers(), request.extensions(), &state.config.trusted_proxy);
    Caller {
        network: address::of(headers, extensions, proxy),
        address: address::client(headers, extensions, proxy).to_string(),
    }
}

fn answered<T: Serialize>(result: Result<T, Failure>, asked: &Asked) -> Response {
    let mut response = match result {
        Ok(body) => Json(body).into_response(),
        Err(failure) => failed(failure, asked),
    };
    response
        .headers_mut()
        .insert(CACHE_CONTROL, const { HeaderValue::from_static("no-store") });
    response
}

fn failed(failure: Failure, Asked { headers, trace, .. }: &Asked) -> Response {
    let body = |code: &str, text: &str| Json(json!({ "error": code, "error_description": text, "trace_id": trace.0 }));
    let retry = |status: StatusCode, seconds: u64, text: &str| {
        let mut response = (status, body("temporarily_unavailable", text)).into_response();
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        response
    };
    match failure {
        Failure::OAuth(error) if error.code == "invalid_client" => {
            let mut response = (StatusCode::UNAUTHORIZED, body(error.code, &error.description)).into_response();
            if headers.contains_key(AUTHORIZATION) {
                let challenge = const { HeaderValue::from_static("Basic realm=\"Woodgate\", charset=\"UTF-8\"") };
                response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            }
            response
        }
        Failure::OAuth(error) => (StatusCode::BAD_REQUEST, body(error.code, &error.description)).into_response(),
        Failure::Limited(seconds) => {
            let text = format!("Too many tries have failed. Try again in {seconds} seconds.");
            retry(StatusCode::TOO_MANY_REQUESTS, seconds, &text)
        }
        Failure::Other(Error::Refused(refusal)) => (StatusCode::BAD_REQUEST, body("access_denied", &refusal.reason)).into_response(),
        Failure::Other(Error::Store(error)) if error.is_transient() => retry(
            StatusCode::SERVICE_UNAVAILABLE,
            1,
            "The database was busy, and nothing was done. Try again.",
        ),
        Failure::Other(error) => {
            tracing::error!(
                trace_id = trace.0,
                error = &error as &dyn std::error::Error,
                "a token could not be given"
            );
            let text = format!(
                "This is a fault on our side. If it stays, tell your administrator this number: {}",
                trace.0
            );
            (StatusCode::INTERNAL_SERVER_ERROR, body("server_error", &text)).into_response()
        }
    }
}
