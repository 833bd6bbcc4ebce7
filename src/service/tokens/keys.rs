//! The keys that tokens are signed with. One signs for a month; then a new one does, and the old one stays until its last token has ended.

use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::TOKEN_LASTS;
use super::jws::{self, PublicKey, hex};
use crate::domain::audit::{Activity, Target};
use crate::service::audit::Entry;
use crate::service::{App, Error};
use crate::store::signing_keys::{self, SigningKey};
use crate::store::{StoreError, Tx};

/// For so long a key signs.
const SIGNS_FOR: Duration = Duration::days(30);
/// So long before that is over, the next one is made.
const NEXT_BEFORE: Duration = Duration::days(1);
/// Clocks may differ by so much.
const CLOCKS: Duration = Duration::minutes(5);
/// What the trail ties the rows about keys together by.
const ABOUT: Uuid = Uuid::from_u128(0x51_6e1e_9000);

/// A key as others may know it (RFC 7517).
#[derive(Clone, Debug, Serialize)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    kid: String,
    x: String,
    y: String,
}

/// The public keys that this copy knows already, so that a call need not read them.
#[derive(Debug, Default)]
pub struct KnownKeys(Mutex<Vec<(String, PublicKey, DateTime<Utc>)>>);

impl KnownKeys {
    fn get(&self, id: &str, now: DateTime<Utc>) -> Option<PublicKey> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|(known, _, ends_at)| known == id && *ends_at > now);
        found.map(|(_, key, _)| key.clone())
    }

    fn learn(&self, keys: &[SigningKey]) {
        let read = |key: &SigningKey| Some((key.id.clone(), PublicKey::P256(STANDARD.decode(&key.public_key).ok()?), key.ends_at));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = keys.iter().filter_map(read).collect();
    }
}

/// The public key of this id, while its tokens may hold.
pub(super) async fn public(tx: &mut Tx, known: &KnownKeys, id: &str, now: DateTime<Utc>) -> Result<Option<PublicKey>, StoreError> {
    if let Some(key) = known.get(id, now) {
        return Ok(Some(key));
    }
    known.learn(&signing_keys::all(tx, now).await?);
    Ok(known.get(id, now))
}

/// The key that signs now; it is made when there is none.
pub(super) async fn signing(app: &App, tx: &mut Tx) -> Result<SigningKey, Error> {
    let now = app.clock.now();
    let newest = signing_keys::all(tx, now).await?.into_iter().next();
    match newest.filter(|key| key.signs_until > now) {
        Some(key) => Ok(key),
        None => make(app, tx, now).await,
    }
}

async fn make(app: &App, tx: &mut Tx, now: DateTime<Utc>) -> Result<SigningKey, Error> {
    let (private, public) = jws::new_key()?;
    let key = SigningKey {
        id: hex(&Sha256::digest(&public)[..16]),
        private_key: STANDARD.encode(private),
        public_key: STANDARD.encode(public),
        created_at: now,
        signs_until: now + SIGNS_FOR,
        ends_at: now + SIGNS_FOR + TOKEN_LASTS + CLOCKS,
    };
    signing_keys::insert(tx, &key).await?;
    Entry::by_system(Activity::RotateSigningKey, Target::new("signing_key", ABOUT, key.id.as_str())).write(app, tx)?;
    Ok(key)
}

/// Makes the next key when the one that signs is about to stop; nothing while no token was ever signed.
pub async fn rotate(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let newest = signing_keys::all(&mut tx, now).await?.into_iter().next();
    if newest.is_some_and(|key| key.signs_until - NEXT_BEFORE <= now) {
        make(app, &mut tx, now).await.map_err(|error| match error {
            Error::Store(error) => error,
            other => StoreError::Inconsistent(other.to_string()),
        })?;
    }
    tx.commit().await
}

/// The keys by which others check our tokens.
pub async fn published(app: &App) -> Result<Vec<Jwk>, Error> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let mut keys = signing_keys::all(&mut tx, now).await?;
    drop(tx);
    if keys.iter().all(|key| key.signs_until <= now) {
        let mut tx = app.store.write().await?;
        signing(app, &mut tx).await?;
        keys = signing_keys::all(&mut tx, now).await?;
        tx.commit().await?;
    }
    Ok(keys.iter().filter_map(jwk).collect())
}

fn jwk(key: &SigningKey) -> Option<Jwk> {
    let point = STANDARD.decode(&key.public_key).ok()?;
    let part = |from: usize| Some(URL_SAFE_NO_PAD.encode(point.get(from..from + 32)?));
    Some(Jwk {
        kty: "EC",
        crv: "P-256",
        usage: "sig",
        alg: "ES256",
        kid: key.id.clone(),
        x: part(1)?,
        y: part(33)?,
    })
}

/// A signed token.
pub(super) fn sign(key: &SigningKey, claims: &impl Serialize) -> Result<String, Error> {
    let private = STANDARD.decode(&key.private_key);
    let private = private.map_err(|error| Error::Internal(format!("a signing key cannot be read: {error}")))?;
    jws::sign(&private, &key.id, claims)
}
