//! Links by which people choose their first password: one row for each that was sent. The link itself is signed when its mail is made, and is
//! kept nowhere.

use chrono::{DateTime, Utc};

use crate::domain::id::{SignInLinkId, UserId};
use crate::{args, row};

use super::tx::{StoreError, Tx};

/// A link with the account that it is for.
#[derive(Clone, Debug)]
pub struct SignInLink {
    /// The account.
    pub user_id: UserId,
    /// Shown name.
    pub name: String,
    /// Sign-in name.
    pub user_name: String,
    /// The account may sign in.
    pub active: bool,
    /// It has a password.
    pub has_password: bool,
    /// Until when the link serves.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
}
row!(SignInLink {
    user_id: id,
    name,
    user_name,
    active,
    has_password,
    expires_at,
    used_at
});

impl SignInLink {
    /// Whether a password can be chosen by it at `now`.
    pub fn serves(&self, now: DateTime<Utc>) -> bool {
        self.active && !self.has_password && self.used_at.is_none() && now < self.expires_at
    }
}

/// Keeps a new link in place of those that an account had.
pub async fn insert(tx: &mut Tx, id: SignInLinkId, user: UserId, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec("DELETE FROM sign_in_links WHERE user_id = $1", args![user]).await?;
    tx.exec(
        "INSERT INTO sign_in_links (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        args![id, user, now, expires_at],
    )
    .await?;
    Ok(())
}

/// One link.
pub async fn find(tx: &mut Tx, id: SignInLinkId) -> Result<Option<SignInLink>, StoreError> {
    tx.opt(
        "SELECT l.user_id, u.name, u.user_name, u.enabled AND u.deleted_at IS NULL AS active,
            EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = u.id) AS has_password, l.expires_at, l.used_at
         FROM sign_in_links l JOIN users u ON u.id = l.user_id WHERE l.id = $1",
        args![id],
    )
    .await
}

/// Uses a link. False: it was used already, or is gone.
pub async fn mark_used(tx: &mut Tx, id: SignInLinkId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let sql = "UPDATE sign_in_links SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2";
    Ok(tx.exec(sql, args![id, now]).await? == 1)
}
