//! API clients: programs that call the API with credentials of their own, and what they may be allowed there. Must not know what a
//! permission gives; `access` does.

mod consent;
mod form;
mod permission;
mod redirect;

pub use consent::ConsentItem;
pub use form::{ClientForm, KEYS_MAX, KeyForm, NewClient, REDIRECTS_MAX, SECRETS_MAX, SecretForm};
pub use permission::{ApiPermission, GrantKind};
pub use redirect::{is_redirect, redirect_matches, redirect_origin, redirect_source};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{ClientId, ClientKeyId, ClientSecretId};
use super::page::{Direction, PageQuery};

/// A row of the list of clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientItem {
    /// Its application id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Whether it may call.
    pub enabled: bool,
    /// When it was registered.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
    /// When it last called or signed in, to the minute.
    #[serde(with = "super::when::maybe_instant")]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A secret, without what is secret of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretItem {
    /// The secret.
    pub id: ClientSecretId,
    /// What it is for.
    pub name: String,
    /// Its last characters.
    pub hint: String,
    /// When it was made.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
    /// When it ends.
    #[serde(with = "super::when::instant")]
    pub expires_at: DateTime<Utc>,
    /// When the client last signed in with it.
    #[serde(with = "super::when::maybe_instant")]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A public key, alone or in a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyItem {
    /// The key.
    pub id: ClientKeyId,
    /// What it is for.
    pub name: String,
    /// SHA-256 of the key or of the whole certificate, in hex.
    pub thumbprint: String,
    /// SHA-1 of the whole certificate, in hex, by which programs know it; empty for a key alone.
    pub sha1: String,
    /// When it was added.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
    /// When the certificate ends; a key alone does not.
    #[serde(with = "super::when::maybe_instant")]
    pub expires_at: Option<DateTime<Utc>>,
    /// When the client last signed in with it.
    #[serde(with = "super::when::maybe_instant")]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A permission that a client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GivenPermission {
    /// In whose name it is used.
    pub kind: GrantKind,
    /// Which one.
    pub permission: ApiPermission,
}

/// Everything about one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientDetail {
    /// As in the list.
    pub item: ClientItem,
    /// It can keep no secret: people may sign in through it without one.
    pub public_client: bool,
    /// Where it may send people back to.
    pub redirects: Vec<String>,
    /// Its secrets, the newest first.
    pub secrets: Vec<SecretItem>,
    /// Its public keys, the newest first.
    pub keys: Vec<KeyItem>,
    /// What it may do.
    pub permissions: Vec<GivenPermission>,
    /// People who are signed in through it now.
    pub people: i64,
    /// The address at which it gets tokens.
    pub token_address: String,
    /// The scope for all of its own permissions.
    pub scope: String,
    /// The installation's id, which programs call the tenant.
    pub tenant_id: String,
    /// For the next change.
    pub version: i64,
}

/// Which clients to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientQuery {
    /// The beginning of a name.
    pub search: String,
    /// By name, up or down.
    pub direction: Direction,
    /// Which page.
    pub page: PageQuery,
}
