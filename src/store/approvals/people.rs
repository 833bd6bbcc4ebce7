//! Who could be asked to decide, as the directory stands: only people who are there and may sign in.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::approval::APPROVERS_MAX;
use crate::domain::id::{ObjectId, UserId};
use crate::{args, row};

use super::super::batch;
use super::super::dialect::trusted_sql;
use super::super::tx::{Arg, StoreError, Tx};

/// Whether what is read stays as it is until the transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It stays: somebody is about to be asked.
    Yes,
    /// It is only looked at.
    No,
}

async fn ids(tx: &mut Tx, sql: String, lock: &'static str, hold: Hold, args: Vec<Arg>) -> Result<Vec<UserId>, StoreError> {
    let sql = trusted_sql(sql);
    let ids: Vec<Uuid> = match hold {
        Hold::Yes => tx.column(tx.for_update(sql, lock), args).await?,
        Hold::No => tx.column(sql, args).await?,
    };
    Ok(ids.into_iter().map(UserId).collect())
}

/// Members of these groups at `now`, of groups that are there.
pub async fn members(tx: &mut Tx, groups: &[ObjectId], hold: Hold, now: DateTime<Utc>) -> Result<Vec<UserId>, StoreError> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut args: Vec<Arg> = groups.iter().copied().map(Arg::from).collect();
    let n = args.len();
    args.extend(args![now]);
    let sql = format!(
        "SELECT m.user_id FROM memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id
         WHERE o.id IN ({}) AND o.kind = 'group' AND o.deleted_at IS NULL AND r.name = 'Member' AND m.until > ${}
         ORDER BY m.user_id LIMIT {}",
        batch::numbered(1, n),
        n + 1,
        APPROVERS_MAX * 2
    );
    ids(tx, sql, "FOR SHARE OF m", hold, args).await
}

/// Those of these people who are there and may sign in.
pub async fn able(tx: &mut Tx, people: &[UserId], hold: Hold) -> Result<Vec<UserId>, StoreError> {
    let mut found = Vec::new();
    for chunk in people.chunks(APPROVERS_MAX) {
        let sql = format!(
            "SELECT u.id FROM users u WHERE u.id IN ({}) AND u.enabled AND u.deleted_at IS NULL ORDER BY u.id",
            batch::numbered(1, chunk.len())
        );
        let args = chunk.iter().copied().map(Arg::from).collect();
        found.extend(ids(tx, sql, "FOR SHARE OF u", hold, args).await?);
    }
    Ok(found)
}

struct Managers {
    first: Option<Uuid>,
    second: Option<Uuid>,
}
row!(Managers { first, second });

/// A person's manager and their manager's manager, whether they are still there or not.
pub async fn managers(tx: &mut Tx, of: UserId) -> Result<[Option<UserId>; 2], StoreError> {
    let found: Option<Managers> = tx
        .opt(
            "SELECT u.manager_id AS first, m.manager_id AS second FROM users u LEFT JOIN users m ON m.id = u.manager_id WHERE u.id = $1",
            args![of],
        )
        .await?;
    Ok(found.map_or([None, None], |found| [found.first.map(UserId), found.second.map(UserId)]))
}

/// Who vouches for a person.
pub async fn sponsors(tx: &mut Tx, of: UserId) -> Result<Vec<UserId>, StoreError> {
    let ids: Vec<Uuid> = tx
        .column(
            "SELECT sponsor_id FROM user_sponsors WHERE user_id = $1 ORDER BY sponsor_id",
            args![of],
        )
        .await?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// Says who vouches for a person; whoever did before and is not among them does no more.
pub async fn set_sponsors(tx: &mut Tx, of: UserId, sponsors: &[UserId]) -> Result<(), StoreError> {
    tx.exec("DELETE FROM user_sponsors WHERE user_id = $1", args![of]).await?;
    let values = sponsors.iter().flat_map(|sponsor| args![of, *sponsor]).collect();
    batch::insert(tx, "user_sponsors (user_id, sponsor_id)", 2, values, "ON CONFLICT DO NOTHING").await
}
