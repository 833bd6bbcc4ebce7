//! A cookie by which a browser is known to have signed someone in before. It opens nothing: it only keeps a browser's own failures apart
//! from everybody else's. Another value with each sign-in; the database has its SHA-256 alone.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use super::state::AppState;
use crate::domain::id::UserId;
use crate::service::{Error, accounts};

/// For how long a browser is known without being used, in seconds: as long as the database keeps it.
const AGE_MAX: i64 = accounts::BROWSER_KEPT.num_seconds();

fn name(state: &AppState) -> &'static str {
    if state.config.is_secure() {
        "__Host-woodgate-browser"
    } else {
        "woodgate-browser"
    }
}

/// The key of the browser that sent these headers, if it has one.
pub fn key(state: &AppState, headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(cookie, _)| *cookie == name(state))
        .map(|(_, value)| hashed(value))
}

/// Knows the browser from now on; gives the cookie to set.
pub async fn remember(state: &AppState, user: UserId, old: Option<&str>) -> Result<HeaderValue, Error> {
    let secret = state.app.ids.secret();
    accounts::remember_browser(&state.app, user, old, &hashed(&secret)).await?;
    let secure = if state.config.is_secure() { "; Secure" } else { "" };
    let cookie = format!(
        "{}={secret}; HttpOnly; SameSite=Lax{secure}; Path=/; Max-Age={AGE_MAX}",
        name(state)
    );
    HeaderValue::from_str(&cookie).map_err(|error| Error::Internal(format!("a cookie: {error}")))
}

fn hashed(value: &str) -> String {
    Sha256::digest(value.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
