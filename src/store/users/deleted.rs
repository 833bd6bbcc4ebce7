//! Accounts that are deleted: they can be restored for a while, and are then erased but for their names.

use chrono::{DateTime, Utc};

use crate::args;
use crate::domain::id::{Named, UserId};
use crate::domain::text::fold;

use super::super::search::{self, Kind};
use super::super::tx::{StoreError, Tx};

/// Deletes a present account. False: not at this version, or not there.
pub async fn delete(tx: &mut Tx, id: UserId, version: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE users SET deleted_at = $3, version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![id, version, now],
        )
        .await?;
    if changed == 1 {
        search::list_as(tx, id, None).await?;
    }
    Ok(changed == 1)
}

/// Brings a deleted account back under its name. False: not at this version, or not deleted. A taken user name is a conflict on `users`.
pub async fn restore(tx: &mut Tx, id: UserId, version: i64, name: &str) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE users SET deleted_at = NULL, left_at = NULL, version = version + 1
             WHERE id = $1 AND version = $2 AND deleted_at IS NOT NULL AND erased_at IS NULL",
            args![id, version],
        )
        .await?;
    if changed == 1 {
        search::list_as(tx, id, Some(&fold(name))).await?;
    }
    Ok(changed == 1)
}

/// Leaves nothing but the names of up to `most` accounts that were deleted by `before`, and of what they held nothing; gives who they were.
/// The names stay, for the trail and the history of requests tell of them.
pub async fn erase(tx: &mut Tx, before: DateTime<Utc>, now: DateTime<Utc>, most: i64) -> Result<Vec<Named<UserId>>, StoreError> {
    let erased: Vec<(uuid::Uuid, String, String)> = tx
        .all(
            "UPDATE users SET erased_at = $2, mail = '', job_title = '', job_title_folded = '', department = '', department_folded = '',
                company = '', office = '', phone = '', manager_id = NULL, version = version + 1
             WHERE erased_at IS NULL AND deleted_at <= $1 AND id IN (SELECT id FROM users WHERE deleted_at <= $1 AND erased_at IS NULL ORDER BY id LIMIT $3)
             RETURNING id, name, user_name",
            args![before, now, most],
        )
        .await?;
    for (id, name, user_name) in &erased {
        search::index(tx, Kind::User, *id, &[name, user_name]).await?;
        for sql in [
            "DELETE FROM memberships WHERE user_id = $1 AND grants = 0",
            "DELETE FROM custom_attribute_values WHERE user_id = $1",
            "DELETE FROM sign_in_links WHERE user_id = $1",
            "DELETE FROM drafts WHERE owner_id = $1",
            "DELETE FROM role_assignments WHERE user_id = $1",
            "DELETE FROM credentials WHERE user_id = $1",
            "DELETE FROM external_identities WHERE user_id = $1",
            "DELETE FROM known_browsers WHERE user_id = $1",
            "DELETE FROM notifications WHERE user_id = $1",
        ] {
            tx.exec(sql, args![*id]).await?;
        }
    }
    Ok(erased.into_iter().map(|(id, name, _)| Named::new(UserId(id), name)).collect())
}
