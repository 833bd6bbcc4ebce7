//! Guests whose account the product ends: who is governed, and of whom no access is left.

use chrono::{DateTime, Utc};

use crate::domain::external_user::Leaver;
use crate::domain::id::UserId;
use crate::{args, row};

use super::super::list::List;
use super::super::tx::{StoreError, Tx};

/// A governed guest of whom no access is left.
#[derive(Clone, Debug)]
pub struct LeaverRow {
    /// The account.
    pub id: UserId,
    enabled: bool,
    left_at: Option<DateTime<Utc>>,
    administrator: bool,
}
row!(LeaverRow {
    id: id,
    enabled,
    left_at,
    administrator
});

impl LeaverRow {
    /// How they stand.
    pub fn leaver(&self) -> Leaver {
        Leaver {
            enabled: self.enabled,
            left_at: self.left_at,
            administrator: self.administrator,
        }
    }
}

const LEAVER: &str = "u.id, u.enabled, u.left_at, (EXISTS (SELECT 1 FROM role_assignments a WHERE a.user_id = u.id)
        OR EXISTS (SELECT 1 FROM memberships m JOIN roles r ON r.id = m.role_id AND r.name = 'Member'
            JOIN role_assignments a ON a.group_id = r.object_id WHERE m.user_id = u.id)) AS administrator";

/// Governed, had access, and has none now, nor asks for any. The values are the time.
const LEFT: &str = "u.governed AND u.kind = 'guest' AND u.deleted_at IS NULL
    AND EXISTS (SELECT 1 FROM assignments a WHERE a.target_id = u.id AND a.state = 'expired')
    AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.target_id = u.id AND a.state <> 'expired' AND a.state <> 'delivery_failed'
        AND (a.ends_at IS NULL OR a.ends_at > ?))
    AND NOT EXISTS (SELECT 1 FROM requests q WHERE q.target_id = u.id
        AND q.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering'))";

/// Governed guests of whom no access is left, in the order of their ids, behind one of them.
pub async fn leavers(tx: &mut Tx, behind: UserId, now: DateTime<Utc>) -> Result<Vec<LeaverRow>, StoreError> {
    let mut list = List::new(LEAVER, "users u");
    list.filter("u.id > ?", args![behind]);
    list.filter("(u.enabled OR u.left_at IS NOT NULL)", Vec::new());
    list.filter(LEFT, args![now]);
    list.all(tx, "ORDER BY u.id LIMIT 100").await
}

/// One of them, if no access is left still.
pub async fn leaver(tx: &mut Tx, id: UserId, now: DateTime<Utc>) -> Result<Option<LeaverRow>, StoreError> {
    let mut list = List::new(LEAVER, "users u");
    list.filter("u.id = ?", args![id]);
    list.filter(LEFT, args![now]);
    Ok(list.all(tx, "").await?.pop())
}

/// Blocks a present account because no access is left. False: not at this version, or not there.
pub async fn block(tx: &mut Tx, id: UserId, version: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE users SET enabled = FALSE, left_at = $3, version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![id, version, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Says whether the product ends a guest's account; gives whether that was otherwise before.
pub async fn set_governed(tx: &mut Tx, id: UserId, governed: bool) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE users SET governed = $2, version = version + 1 WHERE id = $1 AND governed <> $2 AND deleted_at IS NULL",
            args![id, governed],
        )
        .await?;
    Ok(changed == 1)
}
