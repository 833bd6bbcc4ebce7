//! Assertions by which a client signs who it is (RFC 7523): signed with one of its keys or certificates, made for us, short-lived, and used once.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::jws::{PublicKey, Unverified, hash};
use super::{issuer, token_address};
use crate::domain::id::{ClientId, ClientKeyId};
use crate::store::clients::StoredKey;

/// An assertion lasts no longer.
const LASTS_MAX: Duration = Duration::hours(1);
/// Clocks may differ by so much.
const CLOCKS: Duration = Duration::minutes(5);

/// Whom an assertion is made for: one address or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    jti: String,
}

/// An assertion that holds, if it was not used before.
#[derive(Clone, Debug)]
pub(super) struct Assertion {
    /// The key that signed it.
    pub key: ClientKeyId,
    /// SHA-256 of its id.
    pub id_hash: String,
    /// Until when its id is remembered.
    pub expires_at: DateTime<Utc>,
}

/// Whose assertion it says it is; nothing is checked yet.
pub(super) fn claimed_client(token: &str) -> Option<ClientId> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    let claims = token.split('.').nth(1)?;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).ok()?;
    let subject: Subject = serde_json::from_slice(&claims).ok()?;
    subject.sub.parse().ok()
}

/// Checks an assertion of a client against its keys.
pub(super) fn check(
    token: &str,
    client: ClientId,
    keys: &[StoredKey],
    (public_url, tenant): (&str, Uuid),
    now: DateTime<Utc>,
) -> Option<Assertion> {
    let read = Unverified::read(token)?;
    let mut named = keys.iter().filter(|stored| read.header.may_name(&stored.thumbprint, &stored.sha1));
    let (key, claims) = named.find_map(|stored| {
        let key = PublicKey::from_der(&STANDARD.decode(&stored.key).ok()?)?;
        Some((stored.id, read.verified::<Claims>(&key)?))
    })?;
    let own = client.to_string();
    let expires_at = DateTime::from_timestamp(claims.exp, 0)?;
    let begins = claims.nbf.and_then(|at| DateTime::from_timestamp(at, 0));
    let holds = claims.iss == own
        && claims.sub == own
        && is_for_us(&claims.aud, public_url, tenant)
        && expires_at > now - CLOCKS
        && expires_at <= now + LASTS_MAX
        && begins.is_none_or(|at| at <= now + CLOCKS)
        && !claims.jti.is_empty();
    holds.then(|| Assertion {
        key,
        id_hash: hash(&claims.jti),
        expires_at: expires_at + CLOCKS,
    })
}

fn is_for_us(audience: &Audience, public_url: &str, tenant: Uuid) -> bool {
    let ours = |one: &String| {
        *one == issuer(public_url, tenant)
            || *one == token_address(public_url, tenant)
            || one.strip_prefix(public_url).is_some_and(|rest| {
                let segments: Vec<&str> = rest.trim_start_matches('/').split('/').collect();
                matches!(segments.as_slice(), ["oauth2", "v2.0", "token"] | [_, "oauth2", "v2.0", "token"])
            })
    };
    match audience {
        Audience::One(one) => ours(one),
        Audience::Several(several) => several.iter().any(ours),
    }
}
