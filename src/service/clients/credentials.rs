//! What a client signs in with: secrets, which are told once and kept as hashes, and public keys, alone or in certificates.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};

use super::target;
use crate::domain::access::{ManageClients, Principal, Scope};
use crate::domain::audit::{Activity, Change};
use crate::domain::client::{KEYS_MAX, KeyForm, SECRETS_MAX, SecretForm};
use crate::domain::id::{ClientId, ClientKeyId, ClientSecretId};
use crate::domain::validate::Code;
use crate::service::audit::Entry;
use crate::service::tokens::certificate::Certificate;
use crate::service::tokens::jws::{self, PublicKey};
use crate::service::{App, Error};
use crate::store::clients::{self, NewKey, NewSecret};

/// Characters of a secret that are kept, to tell it from others.
const HINT: usize = 4;

/// Adds a secret to a client and tells it: it is in the answer and nowhere else.
pub async fn add_secret(app: &App, actor: &Principal, id: ClientId, form: &SecretForm) -> Result<String, Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let (name, days) = form.check()?;
    let now = app.clock.now();
    let secret = URL_SAFE_NO_PAD.encode(Sha256::digest(app.ids.secret().as_bytes()));
    let mut tx = app.store.write().await?;
    let client = clients::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if clients::secrets(&mut tx, id).await?.len() >= SECRETS_MAX {
        return Err(Error::field("name", Code::TooMany(SECRETS_MAX)));
    }
    let new = NewSecret {
        id: ClientSecretId(app.ids.id(now)),
        name: &name,
        hash: &jws::hash(&secret),
        hint: &secret[secret.len() - HINT..],
        created_at: now,
        expires_at: now + Duration::days(days),
    };
    clients::add_secret(&mut tx, id, &new).await?;
    clients::touch(&mut tx, id).await?;
    Entry::by_principal(&granted, Activity::AddClientSecret, target(id, &client.name))
        .changes([
            Change::between("Secret", "", name.as_str()),
            Change::between("Ends", "", new.expires_at.to_rfc3339()),
        ])
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(secret)
}

/// Takes a secret from a client: it opens nothing from now on. Tokens that were got with it last until they end.
pub async fn remove_secret(app: &App, actor: &Principal, id: ClientId, secret: ClientSecretId) -> Result<(), Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let client = clients::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let name = clients::remove_secret(&mut tx, id, secret).await?.ok_or(Error::NotFound)?;
    clients::touch(&mut tx, id).await?;
    Entry::by_principal(&granted, Activity::RemoveClientSecret, target(id, &client.name))
        .changes([Change::between("Secret", name, "")])
        .write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

/// A key as it was typed, alone or in a certificate.
struct TypedKey {
    der: Vec<u8>,
    thumbprint: String,
    sha1: String,
    holds: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl TypedKey {
    fn read(pem: &str, now: DateTime<Utc>) -> Result<Self, Error> {
        if let Some(Certificate { key, sha256, sha1, holds }) = Certificate::from_pem(pem) {
            if holds.1 <= now {
                return Err(Error::field("key", Code::Ended));
            }
            return Ok(Self {
                der: key,
                thumbprint: sha256,
                sha1,
                holds: Some(holds),
            });
        }
        let der = jws::der_of_pem(pem).filter(|der| PublicKey::from_der(der).is_some());
        let der = der.ok_or_else(|| Error::field("key", Code::NotAKey))?;
        Ok(Self {
            thumbprint: jws::hex(&Sha256::digest(&der)),
            sha1: String::new(),
            holds: None,
            der,
        })
    }
}

/// Adds a public key to a client, or a certificate, which serves as long as it holds.
pub async fn add_key(app: &App, actor: &Principal, id: ClientId, form: &KeyForm) -> Result<(), Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let (name, pem) = form.check()?;
    let now = app.clock.now();
    let typed = TypedKey::read(&pem, now)?;
    let mut tx = app.store.write().await?;
    let client = clients::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if clients::keys(&mut tx, id).await?.len() >= KEYS_MAX {
        return Err(Error::field("name", Code::TooMany(KEYS_MAX)));
    }
    let thumbprint = &typed.thumbprint;
    let new = NewKey {
        id: ClientKeyId(app.ids.id(now)),
        name: &name,
        key: &STANDARD.encode(&typed.der),
        thumbprint,
        sha1: &typed.sha1,
        holds: typed.holds,
    };
    clients::add_key(&mut tx, id, &new, now).await.map_err(|error| {
        if error.is_conflict_on("client_keys") {
            Error::field("key", Code::Repeated)
        } else {
            error.into()
        }
    })?;
    clients::touch(&mut tx, id).await?;
    Entry::by_principal(&granted, Activity::AddClientKey, target(id, &client.name))
        .changes([
            Change::between("Key", "", format!("{name} ({thumbprint})")),
            Change::between("Ends", "", typed.holds.map(|(_, until)| until.to_rfc3339()).unwrap_or_default()),
        ])
        .write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

/// Takes a public key from a client.
pub async fn remove_key(app: &App, actor: &Principal, id: ClientId, key: ClientKeyId) -> Result<(), Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let client = clients::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let name = clients::remove_key(&mut tx, id, key).await?.ok_or(Error::NotFound)?;
    clients::touch(&mut tx, id).await?;
    Entry::by_principal(&granted, Activity::RemoveClientKey, target(id, &client.name))
        .changes([Change::between("Key", name, "")])
        .write(app, &mut tx)?;
    Ok(tx.commit().await?)
}
