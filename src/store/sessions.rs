//! Signed-in browsers. A session's key is the SHA-256, in hex, of the cookie's value. Must not know cookies or how long a session lasts.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::args;
use crate::domain::access::Principal;
use crate::domain::id::UserId;
use crate::domain::user::{DirectoryRole, UserKind};
use crate::row;

use super::changes::Change;
use super::tx::{StoreError, Tx};

/// A session that is being made.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its key.
    pub key: String,
    /// Whose it is.
    pub user: UserId,
    /// What it carries.
    pub data: serde_json::Value,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// Now.
    pub seen_at: DateTime<Utc>,
    /// When it ends whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// What a request needs to know of its session: who, and when the session was last noted as used.
#[derive(Clone, Debug)]
pub struct LiveSession {
    /// The account.
    pub actor: Principal,
    /// Last noted use.
    pub seen_at: DateTime<Utc>,
}

struct LiveRow {
    id: UserId,
    name: String,
    user_name: String,
    role: DirectoryRole,
    kind: UserKind,
    must_change_password: bool,
    seen_at: DateTime<Utc>,
}
row!(LiveRow {
    id: id,
    name,
    user_name,
    role: word,
    kind: word,
    must_change_password,
    seen_at
});

/// The session and its user, while neither has ended: used since `idle_since`, not expired at `now`, the account enabled and present.
pub async fn live(tx: &mut Tx, key: &str, now: DateTime<Utc>, idle_since: DateTime<Utc>) -> Result<Option<LiveSession>, StoreError> {
    let row: Option<LiveRow> = tx
        .opt(
            "SELECT u.id, u.name, u.user_name, u.role, u.kind, u.must_change_password, s.seen_at
             FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.id = $1 AND s.expires_at > $2 AND s.seen_at > $3 AND u.enabled = TRUE AND u.deleted_at IS NULL",
            args![key, now, idle_since],
        )
        .await?;
    Ok(row.map(|row| LiveSession {
        actor: Principal {
            must_change_password: row.must_change_password,
            ..Principal::user(row.id, row.name, row.user_name, row.kind).with_directory_role(row.role)
        },
        seen_at: row.seen_at,
    }))
}

/// When a session ends unless it is used again.
pub async fn ends_at(tx: &mut Tx, key: &str, idle: Duration) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row: Option<(DateTime<Utc>, DateTime<Utc>)> = tx.opt("SELECT seen_at, expires_at FROM sessions WHERE id = $1", args![key]).await?;
    Ok(row.map(|(seen_at, expires_at)| expires_at.min(seen_at + idle)))
}

/// Keeps a new session.
pub async fn insert(tx: &mut Tx, session: NewSession) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO sessions (id, user_id, data, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            session.key,
            session.user,
            session.data,
            session.created_at,
            session.seen_at,
            session.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// Changes what a session carries; one that has ended stays ended.
pub async fn update(tx: &mut Tx, key: &str, data: serde_json::Value) -> Result<(), StoreError> {
    tx.exec("UPDATE sessions SET data = $2 WHERE id = $1", args![key, data]).await?;
    Ok(())
}

/// What a session carries, if it has not ended.
pub async fn data(tx: &mut Tx, key: &str, now: DateTime<Utc>, idle_since: DateTime<Utc>) -> Result<Option<serde_json::Value>, StoreError> {
    let row: Option<(sqlx::types::Json<serde_json::Value>,)> = tx
        .opt(
            "SELECT data FROM sessions WHERE id = $1 AND expires_at > $2 AND seen_at > $3",
            args![key, now, idle_since],
        )
        .await?;
    Ok(row.map(|(data,)| data.0))
}

/// Notes a use.
pub async fn touch(tx: &mut Tx, key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec("UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2", args![key, now])
        .await?;
    Ok(())
}

/// Ends one session.
pub async fn end(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    let ended: Option<(Option<Uuid>,)> = tx.opt("DELETE FROM sessions WHERE id = $1 RETURNING user_id", args![key]).await?;
    if let Some((Some(user),)) = ended {
        tx.announce(Change::Sessions(UserId(user)));
    }
    Ok(())
}

/// Ends every session of a user but `except`; says how many.
pub async fn end_all(tx: &mut Tx, user: UserId, except: Option<&str>) -> Result<u64, StoreError> {
    tx.announce(Change::Sessions(user));
    tx.exec(
        "DELETE FROM sessions WHERE user_id = $1 AND id <> $2",
        args![user, except.unwrap_or_default()],
    )
    .await
}

/// Forgets sessions that are over; says how many. Idle ones go with their absolute end.
pub async fn clean_up(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM sessions WHERE expires_at <= $1", args![now]).await
}
