//! What must hold of all accounts together while one is changed: a Global administrator is left, and nobody stands above themselves.

use crate::args;
use crate::domain::id::UserId;

use super::super::dialect::LOCK_MANAGERS;
use super::super::tx::{StoreError, Tx};

/// How many people who hold the role Global administrator directly can sign in.
pub async fn global_administrators(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.value(
        "SELECT count(*) FROM role_assignments a JOIN users u ON u.id = a.user_id
         WHERE a.role = 'global_administrator' AND a.catalog_id IS NULL AND u.enabled AND u.deleted_at IS NULL",
        args![],
    )
    .await
}

/// How many Global administrators can sign in, holding them as they are until this transaction ends: of two that would each take the
/// role from the last but one, the second counts anew.
pub async fn lock_global_administrators(tx: &mut Tx) -> Result<i64, StoreError> {
    // One order for all, so that no two wait for each other.
    let sql = "SELECT u.id FROM role_assignments a JOIN users u ON u.id = a.user_id
        WHERE a.role = 'global_administrator' AND a.catalog_id IS NULL AND u.enabled AND u.deleted_at IS NULL ORDER BY u.id";
    let ids: Vec<uuid::Uuid> = tx.column(tx.for_update(sql, "FOR UPDATE"), args![]).await?;
    Ok(ids.len() as i64)
}

/// Keeps who reports to whom as it is until the transaction ends: two changes at once could close a circle that neither sees.
pub async fn lock_managers(tx: &mut Tx) -> Result<(), StoreError> {
    tx.exec(tx.pick(LOCK_MANAGERS), args![]).await?;
    Ok(())
}

/// Whether `user` stands anywhere above `from` in the line of managers, or is `from`.
pub async fn is_above(tx: &mut Tx, user: UserId, from: UserId) -> Result<bool, StoreError> {
    tx.value(
        "WITH RECURSIVE line (id, manager_id) AS (
            SELECT id, manager_id FROM users WHERE id = $1
            UNION SELECT u.id, u.manager_id FROM users u JOIN line l ON u.id = l.manager_id)
         SELECT EXISTS (SELECT 1 FROM line WHERE id = $2)",
        args![from, user],
    )
    .await
}
