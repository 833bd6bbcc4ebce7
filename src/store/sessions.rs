//! Signed-in browsers. A session's key is the SHA-256, in hex, of the cookie's value. Must not know cookies or how long a session lasts.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::args;
use crate::domain::access::{HeldRole, Principal, Role};
use crate::domain::id::{CatalogId, UserId};
use crate::domain::user::UserKind;
use crate::row;

use super::changes::Change;
use super::client_sign_ins;
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

/// The user beside one of the roles that they hold, if any.
struct LiveRow {
    id: UserId,
    name: String,
    user_name: String,
    kind: UserKind,
    must_change_password: bool,
    seen_at: DateTime<Utc>,
    role: Option<Role>,
    catalog_id: Option<CatalogId>,
    strict_roles: Option<String>,
}
row!(LiveRow {
    id: id,
    name,
    user_name,
    kind: word,
    must_change_password,
    seen_at,
    role: opt_word,
    catalog_id: opt_id,
    strict_roles
});

/// The session and its user with every role that they hold, directly or through a group, while neither has ended: used since `idle_since`,
/// not expired at `now`, the account enabled and present. One statement, since every request asks it.
pub async fn live(tx: &mut Tx, key: &str, now: DateTime<Utc>, idle_since: DateTime<Utc>) -> Result<Option<LiveSession>, StoreError> {
    let rows: Vec<LiveRow> = tx
        .all(
            "WITH live AS (
                SELECT u.id, u.name, u.user_name, u.kind, COALESCE(c.must_change_password, FALSE) AS must_change_password, s.seen_at
                FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN credentials c ON c.user_id = u.id
                WHERE s.id = $1 AND s.expires_at > $2 AND s.seen_at > $3 AND u.enabled = TRUE AND u.deleted_at IS NULL),
             held AS (
                SELECT a.role, a.catalog_id FROM live l JOIN role_assignments a ON a.user_id = l.id
                UNION
                SELECT a.role, a.catalog_id FROM live l
                    JOIN memberships m ON m.user_id = l.id AND m.until > $2
                    JOIN roles r ON r.id = m.role_id AND r.name = 'Member'
                    JOIN role_assignments a ON a.group_id = r.object_id
                    JOIN objects o ON o.id = r.object_id AND o.deleted_at IS NULL)
             SELECT l.id, l.name, l.user_name, l.kind, l.must_change_password, l.seen_at, h.role, h.catalog_id,
                (SELECT value FROM settings WHERE key = 'strict_roles') AS strict_roles
             FROM live l LEFT JOIN held h ON TRUE",
            args![key, now, idle_since],
        )
        .await?;
    let roles = rows.iter().filter_map(|row| {
        Some(HeldRole {
            role: row.role?,
            catalog: row.catalog_id,
        })
    });
    let roles: Vec<HeldRole> = roles.collect();
    Ok(rows.into_iter().next().map(|row| LiveSession {
        actor: Principal {
            roles,
            strict_roles: row.strict_roles.as_deref() == Some("true"),
            must_change_password: row.must_change_password,
            ..Principal::user(row.id, row.name, row.user_name, row.kind)
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

/// Ends one session; says whether it was there.
pub async fn end(tx: &mut Tx, key: &str) -> Result<bool, StoreError> {
    let ended: Option<(Option<Uuid>,)> = tx.opt("DELETE FROM sessions WHERE id = $1 RETURNING user_id", args![key]).await?;
    if let Some((Some(user),)) = ended {
        tx.announce(Change::Sessions(UserId(user)));
    }
    Ok(ended.is_some())
}

/// Ends every session of a user but `except`, and whatever they have under way through clients; says how many sessions.
pub async fn end_all(tx: &mut Tx, user: UserId, except: Option<&str>) -> Result<u64, StoreError> {
    tx.announce(Change::Sessions(user));
    client_sign_ins::end_of_user(tx, user).await?;
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
