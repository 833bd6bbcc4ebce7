//! Clients of the API: what each is, what it signs in with, and what it may do. Their tokens are in `client_sign_ins`.

use chrono::{DateTime, Utc};

use crate::domain::client::{
    ApiPermission, ClientItem, ClientQuery, GivenPermission, GrantKind, KeyItem, NewClient, SecretItem, redirect_origin,
};
use crate::domain::id::{ClientId, ClientKeyId, ClientSecretId, UserId};
use crate::domain::page::Page;
use crate::domain::text::fold;
use crate::{args, row};

use super::list::{Key, List, Order};
use super::tx::{StoreError, Tx, word};

row!(ClientItem {
    id: id,
    name,
    description,
    enabled,
    created_at,
    last_used_at
});
row!(SecretItem {
    id: id,
    name,
    hint,
    created_at,
    expires_at,
    last_used_at
});
row!(KeyItem {
    id: id,
    name,
    thumbprint,
    sha1,
    created_at,
    expires_at,
    last_used_at
});
row!(GivenPermission {
    kind: word,
    permission: word
});

/// One client.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its application id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether it may call.
    pub enabled: bool,
    /// It can keep no secret.
    pub public_client: bool,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it last called or signed in.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Of the last change.
    pub version: i64,
}
row!(Client {
    id: id,
    name,
    description,
    enabled,
    public_client,
    created_at,
    last_used_at,
    version
});

/// A page of clients, by name.
pub async fn list(tx: &mut Tx, query: &ClientQuery) -> Result<Page<ClientItem>, StoreError> {
    let columns = "c.id, c.name, c.description, c.enabled, c.created_at, c.last_used_at";
    let mut list = List::new(columns, "clients c");
    let search: String = fold(query.search.trim()).chars().filter(|c| !c.is_control()).collect();
    if !search.is_empty() {
        let end = format!("{search}{}", char::MAX);
        list.filter("c.name_folded >= ? AND c.name_folded < ?", args![search, end]);
    }
    let order = Order {
        column: "c.name_folded",
        id: "c.id",
        time: false,
        direction: query.direction,
    };
    list.counted_page(tx, order, &query.page, |item: &ClientItem| (item.id.0, Key::Text(fold(&item.name))))
        .await
}

/// One client.
pub async fn find(tx: &mut Tx, id: ClientId) -> Result<Option<Client>, StoreError> {
    let sql = "SELECT id, name, description, enabled, public_client, created_at, last_used_at, version FROM clients WHERE id = $1";
    tx.opt(sql, args![id]).await
}

/// One client, held until the transaction ends.
pub async fn lock(tx: &mut Tx, id: ClientId) -> Result<Option<Client>, StoreError> {
    let sql = "SELECT id, name, description, enabled, public_client, created_at, last_used_at, version FROM clients WHERE id = $1";
    let sql = tx.for_update(sql, "FOR UPDATE");
    tx.opt(sql, args![id]).await
}

/// Stores a new client. A taken name is a conflict on `clients`.
pub async fn insert(tx: &mut Tx, id: ClientId, client: &NewClient, by: Option<UserId>, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO clients (id, name, name_folded, description, enabled, public_client, created_at, created_by, last_used_at, version)
         VALUES ($1, $2, $3, $4, TRUE, $5, $6, $7, NULL, 1)",
        args![
            id,
            client.name.text.as_str(),
            client.name.folded.as_str(),
            client.description.as_str(),
            client.public_client,
            now,
            by
        ],
    )
    .await?;
    set_redirects(tx, id, &client.redirects).await
}

/// Changes what a client of this version is; says whether it had it.
pub async fn update(tx: &mut Tx, id: ClientId, version: i64, client: &NewClient) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE clients SET name = $3, name_folded = $4, description = $5, public_client = $6, version = version + 1
             WHERE id = $1 AND version = $2",
            args![
                id,
                version,
                client.name.text.as_str(),
                client.name.folded.as_str(),
                client.description.as_str(),
                client.public_client
            ],
        )
        .await?;
    if changed == 1 {
        set_redirects(tx, id, &client.redirects).await?;
    }
    Ok(changed == 1)
}

async fn set_redirects(tx: &mut Tx, id: ClientId, redirects: &[String]) -> Result<(), StoreError> {
    tx.exec("DELETE FROM client_redirects WHERE client_id = $1", args![id]).await?;
    for (position, uri) in redirects.iter().enumerate() {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        tx.exec(
            "INSERT INTO client_redirects (client_id, position, uri, origin) VALUES ($1, $2, $3, $4)",
            args![id, position, uri.as_str(), redirect_origin(uri).unwrap_or_default()],
        )
        .await?;
    }
    Ok(())
}

/// Lets a client of this version call, or not; says whether it had it.
pub async fn set_enabled(tx: &mut Tx, id: ClientId, version: i64, enabled: bool) -> Result<bool, StoreError> {
    let sql = "UPDATE clients SET enabled = $3, version = version + 1 WHERE id = $1 AND version = $2";
    Ok(tx.exec(sql, args![id, version, enabled]).await? == 1)
}

/// Deletes a client of this version with all that is its own; says whether it had it.
pub async fn delete(tx: &mut Tx, id: ClientId, version: i64) -> Result<bool, StoreError> {
    Ok(tx
        .exec("DELETE FROM clients WHERE id = $1 AND version = $2", args![id, version])
        .await?
        == 1)
}

/// Counts a change of what belongs to a client.
pub async fn touch(tx: &mut Tx, id: ClientId) -> Result<(), StoreError> {
    tx.exec("UPDATE clients SET version = version + 1 WHERE id = $1", args![id])
        .await
        .map(drop)
}

/// Notes that a client called.
pub async fn note_use(tx: &mut Tx, id: ClientId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let sql = "UPDATE clients SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    tx.exec(sql, args![id, now]).await.map(drop)
}

/// Where a client may send people back to.
pub async fn redirects(tx: &mut Tx, id: ClientId) -> Result<Vec<String>, StoreError> {
    tx.column("SELECT uri FROM client_redirects WHERE client_id = $1 ORDER BY position", args![id])
        .await
}

/// Whether a client that keeps no secret and may call is answered at a page of this origin.
pub async fn is_origin(tx: &mut Tx, origin: &str) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM client_redirects r JOIN clients c ON c.id = r.client_id
        WHERE r.origin = $1 AND c.enabled AND c.public_client";
    let found: i64 = tx.value(sql, args![origin]).await?;
    Ok(found > 0)
}

/// What a client may do.
pub async fn permissions(tx: &mut Tx, id: ClientId) -> Result<Vec<GivenPermission>, StoreError> {
    let sql = "SELECT kind, permission FROM client_permissions WHERE client_id = $1 ORDER BY kind, permission";
    tx.all(sql, args![id]).await
}

/// What a client may do in this way.
pub async fn permissions_of(tx: &mut Tx, id: ClientId, kind: GrantKind) -> Result<Vec<ApiPermission>, StoreError> {
    let all = permissions(tx, id).await?.into_iter();
    Ok(all.filter(|given| given.kind == kind).map(|given| given.permission).collect())
}

/// A client that may call.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Its application id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// When it last called or signed in.
    pub last_used_at: Option<DateTime<Utc>>,
    /// What it may do.
    pub permissions: Vec<GivenPermission>,
    /// The tenant has chosen strict roles.
    pub strict_roles: bool,
}

impl Caller {
    /// What it may do in this way.
    pub fn permissions_of(&self, kind: GrantKind) -> impl Iterator<Item = ApiPermission> {
        let of_kind = self.permissions.iter().filter(move |given| given.kind == kind);
        of_kind.map(|given| given.permission)
    }
}

struct CallerRow {
    id: ClientId,
    name: String,
    last_used_at: Option<DateTime<Utc>>,
    kind: Option<GrantKind>,
    permission: Option<ApiPermission>,
    strict_roles: Option<String>,
}
row!(CallerRow {
    id: id,
    name,
    last_used_at,
    kind: opt_word,
    permission: opt_word,
    strict_roles
});

/// A client that is enabled, with everything that each of its calls asks, in one statement.
pub async fn caller(tx: &mut Tx, id: ClientId) -> Result<Option<Caller>, StoreError> {
    let rows: Vec<CallerRow> = tx
        .all(
            "SELECT c.id, c.name, c.last_used_at, p.kind, p.permission,
                (SELECT value FROM settings WHERE key = 'strict_roles') AS strict_roles
             FROM clients c LEFT JOIN client_permissions p ON p.client_id = c.id WHERE c.id = $1 AND c.enabled = TRUE",
            args![id],
        )
        .await?;
    let given = |row: &CallerRow| {
        let (kind, permission) = (row.kind?, row.permission?);
        Some(GivenPermission { kind, permission })
    };
    let permissions = rows.iter().filter_map(given).collect();
    Ok(rows.into_iter().next().map(|row| Caller {
        id: row.id,
        name: row.name,
        last_used_at: row.last_used_at,
        permissions,
        strict_roles: row.strict_roles.as_deref() == Some("true"),
    }))
}

/// Gives a permission; says whether it is new.
pub async fn give(tx: &mut Tx, id: ClientId, given: GivenPermission, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let sql = "INSERT INTO client_permissions (client_id, kind, permission, given_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let values = vec![id.into(), word(given.kind), word(given.permission), now.into()];
    Ok(tx.exec(sql, values).await? == 1)
}

/// Takes a permission; says whether it was there.
pub async fn take(tx: &mut Tx, id: ClientId, given: GivenPermission) -> Result<bool, StoreError> {
    let sql = "DELETE FROM client_permissions WHERE client_id = $1 AND kind = $2 AND permission = $3";
    Ok(tx.exec(sql, vec![id.into(), word(given.kind), word(given.permission)]).await? == 1)
}

/// A secret that is being made.
#[derive(Clone, Debug)]
pub struct NewSecret<'a> {
    /// The secret.
    pub id: ClientSecretId,
    /// What it is for.
    pub name: &'a str,
    /// SHA-256 in hex.
    pub hash: &'a str,
    /// Its last characters.
    pub hint: &'a str,
    /// Now.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// The secrets of a client, the newest first.
pub async fn secrets(tx: &mut Tx, id: ClientId) -> Result<Vec<SecretItem>, StoreError> {
    let sql = "SELECT id, name, hint, created_at, expires_at, last_used_at FROM client_secrets WHERE client_id = $1
        ORDER BY created_at DESC, id DESC";
    tx.all(sql, args![id]).await
}

/// Stores a secret's hash.
pub async fn add_secret(tx: &mut Tx, id: ClientId, secret: &NewSecret<'_>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO client_secrets (id, client_id, name, hash, hint, created_at, expires_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)",
        args![
            secret.id,
            id,
            secret.name,
            secret.hash,
            secret.hint,
            secret.created_at,
            secret.expires_at
        ],
    )
    .await
    .map(drop)
}

/// Takes a secret; gives its name.
pub async fn remove_secret(tx: &mut Tx, id: ClientId, secret: ClientSecretId) -> Result<Option<String>, StoreError> {
    let sql = "DELETE FROM client_secrets WHERE client_id = $1 AND id = $2 RETURNING name";
    let row: Option<(String,)> = tx.opt(sql, args![id, secret]).await?;
    Ok(row.map(|(name,)| name))
}

/// The secret of a client with this hash, while it lasts.
pub async fn secret_of_hash(tx: &mut Tx, id: ClientId, hash: &str, now: DateTime<Utc>) -> Result<Option<ClientSecretId>, StoreError> {
    let sql = "SELECT id FROM client_secrets WHERE client_id = $1 AND hash = $2 AND expires_at > $3";
    let row: Option<(uuid::Uuid,)> = tx.opt(sql, args![id, hash, now]).await?;
    Ok(row.map(|(id,)| ClientSecretId(id)))
}

/// Notes that a client signed in with a secret.
pub async fn note_secret(tx: &mut Tx, secret: ClientSecretId, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec("UPDATE client_secrets SET last_used_at = $2 WHERE id = $1", args![secret, now])
        .await
        .map(drop)
}

/// A public key with which assertions are checked.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// The key.
    pub id: ClientKeyId,
    /// DER in base64.
    pub key: String,
    /// SHA-256 of the key or the certificate, in hex.
    pub thumbprint: String,
    /// SHA-1 of the certificate, in hex; empty for a key alone.
    pub sha1: String,
}
row!(StoredKey {
    id: id,
    key,
    thumbprint,
    sha1
});

/// The public keys of a client, the newest first.
pub async fn keys(tx: &mut Tx, id: ClientId) -> Result<Vec<KeyItem>, StoreError> {
    let sql = "SELECT id, name, thumbprint, sha1, created_at, expires_at, last_used_at FROM client_keys WHERE client_id = $1 ORDER BY created_at DESC, id DESC";
    tx.all(sql, args![id]).await
}

/// Those that hold now, as they are checked with.
pub async fn stored_keys(tx: &mut Tx, id: ClientId, now: DateTime<Utc>) -> Result<Vec<StoredKey>, StoreError> {
    let sql = "SELECT id, key, thumbprint, sha1 FROM client_keys
        WHERE client_id = $1 AND (starts_at IS NULL OR starts_at <= $2) AND (expires_at IS NULL OR expires_at > $2) ORDER BY id";
    tx.all(sql, args![id, now]).await
}

/// A key that is being added.
#[derive(Clone, Debug)]
pub struct NewKey<'a> {
    /// The key.
    pub id: ClientKeyId,
    /// What it is for.
    pub name: &'a str,
    /// DER in base64.
    pub key: &'a str,
    /// SHA-256 in hex.
    pub thumbprint: &'a str,
    /// SHA-1 of the certificate, in hex, or empty.
    pub sha1: &'a str,
    /// From when until when the certificate holds.
    pub holds: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Stores a public key. One that is there already is a conflict on `client_keys`.
pub async fn add_key(tx: &mut Tx, id: ClientId, key: &NewKey<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO client_keys (id, client_id, name, key, thumbprint, sha1, created_at, starts_at, expires_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)",
        args![
            key.id,
            id,
            key.name,
            key.key,
            key.thumbprint,
            key.sha1,
            now,
            key.holds.map(|(from, _)| from),
            key.holds.map(|(_, until)| until)
        ],
    )
    .await
    .map(drop)
}

/// Takes a key; gives its name.
pub async fn remove_key(tx: &mut Tx, id: ClientId, key: ClientKeyId) -> Result<Option<String>, StoreError> {
    let sql = "DELETE FROM client_keys WHERE client_id = $1 AND id = $2 RETURNING name";
    let row: Option<(String,)> = tx.opt(sql, args![id, key]).await?;
    Ok(row.map(|(name,)| name))
}

/// Notes that a client signed in with a key.
pub async fn note_key(tx: &mut Tx, key: ClientKeyId, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec("UPDATE client_keys SET last_used_at = $2 WHERE id = $1", args![key, now])
        .await
        .map(drop)
}

/// Notes an assertion by its hash; false if it was used before.
pub async fn use_assertion(tx: &mut Tx, id: ClientId, hash: &str, expires_at: DateTime<Utc>) -> Result<bool, StoreError> {
    let sql = "INSERT INTO used_assertions (client_id, hash, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(tx.exec(sql, args![id, hash, expires_at]).await? == 1)
}
