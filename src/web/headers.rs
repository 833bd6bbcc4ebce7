//! The headers that stand on every answer, whatever it is, and what pages behind sign-in add.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// What any page may do: load and call its own server, nothing else. No inline script without its page's nonce, no inline style at all.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     font-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; object-src 'none'";

const FIXED: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// The content policy of a page whose inline scripts carry this nonce, and which loads a WebAssembly module.
pub fn policy_with_nonce(nonce: &str) -> Option<HeaderValue> {
    let policy = POLICY.replacen(
        "script-src 'self'",
        &format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
        1,
    );
    HeaderValue::from_str(&policy).ok()
}

/// The content policy of a page whose form leads to this scheme, host and port in the end.
pub fn policy_with_form_target(source: &str) -> Option<HeaderValue> {
    let policy = POLICY.replacen("form-action 'self'", &format!("form-action 'self' {source}"), 1);
    HeaderValue::from_str(&policy).ok()
}

/// Puts on what every answer carries.
pub fn secure(headers: &mut HeaderMap, tls: bool) {
    for (name, value) in FIXED {
        headers.insert(name, value);
    }
    headers.entry(X_FRAME_OPTIONS).or_insert(const { HeaderValue::from_static("DENY") });
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(const { HeaderValue::from_static(POLICY) });
    if tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, const { HeaderValue::from_static("max-age=31536000") });
    }
}

/// Pages about people are kept nowhere: after sign-out, Back shows none of them.
pub async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .insert(CACHE_CONTROL, const { HeaderValue::from_static("no-store") });
    response
}
