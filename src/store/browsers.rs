//! Browsers that someone has signed in with before. A browser's key is the SHA-256, in hex, of a cookie's value. Must not know cookies.

use chrono::{DateTime, Utc};

use crate::args;
use crate::domain::id::UserId;

use super::tx::{StoreError, Tx};

/// Browsers that are kept of one user.
const KEPT: i64 = 10;

/// Whether this user has signed in with this browser.
pub async fn is_known(tx: &mut Tx, key: &str, user: UserId) -> Result<bool, StoreError> {
    tx.value(
        "SELECT EXISTS (SELECT 1 FROM known_browsers WHERE key = $1 AND user_id = $2)",
        args![key, user],
    )
    .await
}

/// Keeps a browser under a new key, for this user and for all who were known by its old one; of each user the latest ten.
pub async fn keep(tx: &mut Tx, old: Option<&str>, new: &str, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    if let Some(old) = old {
        tx.exec("UPDATE known_browsers SET key = $2 WHERE key = $1", args![old, new])
            .await?;
    }
    tx.exec(
        "INSERT INTO known_browsers (key, user_id, used_at) VALUES ($1, $2, $3)
         ON CONFLICT (key, user_id) DO UPDATE SET used_at = excluded.used_at",
        args![new, user, now],
    )
    .await?;
    tx.exec(
        "DELETE FROM known_browsers WHERE user_id = $1 AND key NOT IN (
            SELECT key FROM known_browsers WHERE user_id = $1 ORDER BY used_at DESC, key LIMIT $2)",
        args![user, KEPT],
    )
    .await?;
    Ok(())
}

/// Forgets browsers that were last used before an instant.
pub async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM known_browsers WHERE used_at < $1", args![before]).await
}
