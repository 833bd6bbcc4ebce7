//! Keys that tokens are signed with. Must not know how.

use chrono::{DateTime, Utc};

use crate::{args, row};

use super::tx::{StoreError, Tx};

/// A key.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// Its id, as tokens name it.
    pub id: String,
    /// PKCS #8 in base64.
    pub private_key: String,
    /// The point on the curve, in base64.
    pub public_key: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it signs.
    pub signs_until: DateTime<Utc>,
    /// When the last of its tokens has ended.
    pub ends_at: DateTime<Utc>,
}
row!(SigningKey {
    id,
    private_key,
    public_key,
    created_at,
    signs_until,
    ends_at
});

/// All keys whose tokens may still hold, the newest first.
pub async fn all(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<SigningKey>, StoreError> {
    let sql = "SELECT id, private_key, public_key, created_at, signs_until, ends_at FROM signing_keys WHERE ends_at > $1
        ORDER BY created_at DESC, id DESC";
    tx.all(sql, args![now]).await
}

/// Stores a new key.
pub async fn insert(tx: &mut Tx, key: &SigningKey) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO signing_keys (id, private_key, public_key, created_at, signs_until, ends_at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            key.id.as_str(),
            key.private_key.as_str(),
            key.public_key.as_str(),
            key.created_at,
            key.signs_until,
            key.ends_at
        ],
    )
    .await
    .map(drop)
}
