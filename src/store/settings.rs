//! Settings that administrators choose: rows under keys that begin alike. What the product keeps for itself is beside them, in `accounts`.

use chrono::{DateTime, Utc};

use crate::args;
use crate::domain::setting::{PREFIX, TenantSettings};

use super::tx::{StoreError, Tx};

/// The tenant's settings.
pub async fn tenant(tx: &mut Tx) -> Result<TenantSettings, StoreError> {
    // Keys sort by their bytes in both databases only within a range of one prefix.
    let rows: Vec<(String, String)> = tx
        .all("SELECT key, value FROM settings WHERE key LIKE $1", args![format!("{PREFIX}%")])
        .await?;
    Ok(TenantSettings::read(&rows))
}

/// One setting, if it is set.
pub async fn value(tx: &mut Tx, key: &str) -> Result<Option<String>, StoreError> {
    super::accounts::setting(tx, key).await
}

/// Moves a version on; says whether it was this one.
pub async fn advance(tx: &mut Tx, key: &str, version: i64) -> Result<bool, StoreError> {
    let start = "INSERT INTO settings (key, value) VALUES ($1, '0') ON CONFLICT (key) DO NOTHING";
    tx.exec(start, args![key]).await?;
    let moved = tx
        .exec(
            "UPDATE settings SET value = $2 WHERE key = $1 AND value = $3",
            args![key, (version + 1).to_string(), version.to_string()],
        )
        .await?;
    Ok(moved == 1)
}

/// Writes the tenant's settings, as the version after the one that they name. Says whether they were still at that version.
pub async fn keep_tenant(tx: &mut Tx, settings: &TenantSettings) -> Result<bool, StoreError> {
    if !advance(tx, TenantSettings::version_key(), settings.version).await? {
        return Ok(false);
    }
    for (key, value) in settings.rows() {
        super::accounts::keep_setting(tx, &key, &value).await?;
    }
    Ok(true)
}

/// A mark that work which goes on from time to time has left: an instant and what came last at it.
pub async fn mark(tx: &mut Tx, key: &str) -> Result<Option<(DateTime<Utc>, uuid::Uuid)>, StoreError> {
    let text = super::accounts::setting(tx, key).await?;
    Ok(text.and_then(|text| {
        let (at, id) = text.split_once(' ')?;
        Some((at.parse().ok()?, id.parse().ok()?))
    }))
}

/// Leaves a mark.
pub async fn keep_mark(tx: &mut Tx, key: &str, (at, id): (DateTime<Utc>, uuid::Uuid)) -> Result<(), StoreError> {
    let at = at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    super::accounts::keep_setting(tx, key, &format!("{at} {id}")).await
}
