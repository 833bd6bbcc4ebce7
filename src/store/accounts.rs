//! What signing in and the first set-up keep: credentials, one-time settings, and the catalog that is always there. Must not know how a
//! password is compared.

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
    must_change_password: bool,
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
                must_change_password: row.must_change_password,
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
            "SELECT id, name, user_name, kind, must_change_password, password_hash, enabled FROM users
             WHERE user_name_folded = $1 AND deleted_at IS NULL",
            args![folded],
        )
        .await?;
    Ok(row.map(Into::into))
}

const BY_ID: &str = "SELECT id, name, user_name, kind, must_change_password, password_hash, enabled FROM users
     WHERE id = $1 AND deleted_at IS NULL";

/// The present account with this id.
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
pub async fn set_own_password(tx: &mut Tx, id: UserId, held: &str, hash: &str) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE users SET password_hash = $3, must_change_password = FALSE, version = version + 1
             WHERE id = $1 AND password_hash = $2 AND enabled = TRUE AND deleted_at IS NULL",
            args![id, held, hash],
        )
        .await?;
    Ok(changed == 1)
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

/// Takes a setting away, if it has this value. False: it has not.
pub async fn take_setting(tx: &mut Tx, key: &str, value: &str) -> Result<bool, StoreError> {
    let gone = tx
        .exec("DELETE FROM settings WHERE key = $1 AND value = $2", args![key, value])
        .await?;
    Ok(gone == 1)
}
