//! What signing in and the first set-up keep: credentials, one-time settings, and the catalog that is always there. Must not know how a
//! password is compared.

use chrono::{DateTime, Utc};

use crate::args;
use crate::domain::access::Principal;
use crate::domain::id::UserId;
use crate::domain::user::UserKind;
use crate::row;

use super::tx::{StoreError, Tx};

/// An account as sign-in needs it.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account.
    pub id: UserId,
    /// Who it would be; the roles are not loaded for this.
    pub actor: Principal,
    /// The password's PHC string; none where no password was set.
    pub password_hash: Option<String>,
    /// May sign in.
    pub enabled: bool,
}

struct CredentialsRow {
    id: UserId,
    name: String,
    user_name: String,
    kind: UserKind,
    must_change_password: Option<bool>,
    password_hash: Option<String>,
    enabled: bool,
}
row!(CredentialsRow {
    id: id,
    name,
    user_name,
    kind: word,
    must_change_password,
    password_hash,
    enabled
});

impl From<CredentialsRow> for Credentials {
    fn from(row: CredentialsRow) -> Self {
        Self {
            id: row.id,
            actor: Principal {
                must_change_password: row.must_change_password.unwrap_or(false),
                ..Principal::user(row.id, row.name, row.user_name, row.kind)
            },
            password_hash: row.password_hash,
            enabled: row.enabled,
        }
    }
}

/// The present account with this folded user name.
pub async fn by_user_name(tx: &mut Tx, folded: &str) -> Result<Option<Credentials>, StoreError> {
    let row: Option<CredentialsRow> = tx
        .opt(
            "SELECT u.id, u.name, u.user_name, u.kind, c.must_change_password, c.password_hash, u.enabled
             FROM users u LEFT JOIN credentials c ON c.user_id = u.id WHERE u.user_name_folded = $1 AND u.deleted_at IS NULL",
            args![folded],
        )
        .await?;
    Ok(row.map(Into::into))
}

/// Only accounts that have a password.
const BY_ID: &str = "SELECT u.id, u.name, u.user_name, u.kind, c.must_change_password, c.password_hash, u.enabled
     FROM users u JOIN credentials c ON c.user_id = u.id WHERE u.id = $1 AND u.deleted_at IS NULL";

/// The present account with this id, if it has a password.
pub async fn by_id(tx: &mut Tx, id: UserId) -> Result<Option<Credentials>, StoreError> {
    let row: Option<CredentialsRow> = tx.opt(BY_ID, args![id]).await?;
    Ok(row.map(Into::into))
}

/// The same, held as it is until the transaction ends.
pub async fn lock(tx: &mut Tx, id: UserId) -> Result<Option<Credentials>, StoreError> {
    let row: Option<CredentialsRow> = tx.opt(tx.for_update(BY_ID, "FOR SHARE"), args![id]).await?;
    Ok(row.map(Into::into))
}

/// Gives an account the password that its owner chose. False: it may not sign in any more, or its password is no longer `held`.
pub async fn set_own_password(tx: &mut Tx, id: UserId, held: &str, hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    // The user's row first, as everywhere: whoever blocks or deletes the account waits, or is waited for.
    let touched = tx
        .exec(
            "UPDATE users SET version = version + 1 WHERE id = $1 AND enabled = TRUE AND deleted_at IS NULL
                AND EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = users.id AND c.password_hash = $2)",
            args![id, held],
        )
        .await?;
    if touched == 0 {
        return Ok(false);
    }
    let changed = tx
        .exec(
            "UPDATE credentials SET password_hash = $3, must_change_password = FALSE, changed_at = $4
             WHERE user_id = $1 AND password_hash = $2",
            args![id, held, hash, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Gives an account its first password, which its owner chose. False: it may not sign in any more, or has a password by now.
pub async fn set_first_password(tx: &mut Tx, id: UserId, hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let touched = tx
        .exec(
            "UPDATE users SET version = version + 1 WHERE id = $1 AND enabled = TRUE AND deleted_at IS NULL",
            args![id],
        )
        .await?;
    if touched == 0 {
        return Ok(false);
    }
    let made = tx
        .exec(
            "INSERT INTO credentials (user_id, password_hash, must_change_password, changed_at) VALUES ($1, $2, FALSE, $3)
             ON CONFLICT (user_id) DO NOTHING",
            args![id, hash, now],
        )
        .await?;
    Ok(made == 1)
}

/// A setting that the product keeps for itself.
pub async fn setting(tx: &mut Tx, key: &str) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.opt("SELECT value FROM settings WHERE key = $1", args![key]).await?;
    Ok(row.map(|(value,)| value))
}

/// Keeps a setting.
pub async fn keep_setting(tx: &mut Tx, key: &str, value: &str) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        args![key, value],
    )
    .await?;
    Ok(())
}

/// Keeps a setting unless there is one under this key.
pub async fn offer_setting(tx: &mut Tx, key: &str, value: &str) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
        args![key, value],
    )
    .await?;
    Ok(())
}

/// Whether a setting whose key begins with this is kept under this key.
pub async fn has_setting(tx: &mut Tx, key: &str) -> Result<bool, StoreError> {
    Ok(setting(tx, key).await?.is_some())
}

/// Takes away every setting whose key begins with `prefix`; gives the keys. Of two that do so at once, one finds them.
pub async fn take_settings(tx: &mut Tx, prefix: &str) -> Result<Vec<String>, StoreError> {
    let sql = "DELETE FROM settings WHERE key LIKE $1 RETURNING key";
    tx.column(sql, args![format!("{prefix}%")]).await
}
