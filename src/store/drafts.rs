//! Wizard drafts: one document each, which only its owner reaches.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::domain::draft::PackageDraft;
use crate::domain::id::{DraftId, UserId};
use crate::{args, row};

use super::tx::{Arg, StoreError, Tx};

struct Kept {
    id: DraftId,
    body: Value,
    version: i64,
}
row!(Kept {
    id: id,
    body: json,
    version
});

/// A draft as it was last saved.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The draft.
    pub id: DraftId,
    /// What has been typed and chosen.
    pub draft: PackageDraft,
    /// For the next save.
    pub version: i64,
}

impl From<Kept> for Draft {
    /// A document that another version wrote and this one cannot read begins anew; its wizard still opens.
    fn from(kept: Kept) -> Self {
        Self {
            id: kept.id,
            draft: serde_json::from_value(kept.body).unwrap_or_default(),
            version: kept.version,
        }
    }
}

fn body(draft: &PackageDraft) -> Result<Arg, StoreError> {
    serde_json::to_value(draft)
        .map(Arg::Json)
        .map_err(|error| StoreError::Inconsistent(error.to_string()))
}

/// Keeps a new draft.
pub async fn insert(tx: &mut Tx, id: DraftId, owner: UserId, draft: &PackageDraft, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO drafts (id, owner_id, body, updated_at, version) VALUES ($1, $2, $3, $4, 1)",
        vec![id.into(), owner.into(), body(draft)?, now.into()],
    )
    .await?;
    Ok(())
}

/// Drops an owner's drafts beyond `most`: first those in which nothing was ever saved, then the oldest.
pub async fn trim(tx: &mut Tx, owner: UserId, most: i64) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM drafts WHERE owner_id = $1 AND id NOT IN (SELECT id FROM drafts WHERE owner_id = $1
            ORDER BY CASE WHEN version = 1 THEN 1 ELSE 0 END, updated_at DESC, id DESC LIMIT $2)",
        args![owner, most],
    )
    .await?;
    Ok(())
}

/// An owner's drafts, newest first.
pub async fn of_owner(tx: &mut Tx, owner: UserId) -> Result<Vec<Draft>, StoreError> {
    let kept: Vec<Kept> = tx
        .all(
            "SELECT id, body, version FROM drafts WHERE owner_id = $1 ORDER BY updated_at DESC, id DESC",
            args![owner],
        )
        .await?;
    Ok(kept.into_iter().map(Draft::from).collect())
}

/// One of the owner's drafts.
pub async fn get(tx: &mut Tx, id: DraftId, owner: UserId) -> Result<Option<Draft>, StoreError> {
    let kept: Option<Kept> = tx
        .opt(
            "SELECT id, body, version FROM drafts WHERE id = $1 AND owner_id = $2",
            args![id, owner],
        )
        .await?;
    Ok(kept.map(Draft::from))
}

/// Whether there is such a draft, whoever owns it.
pub async fn exists(tx: &mut Tx, id: DraftId) -> Result<bool, StoreError> {
    let row: Option<(i64,)> = tx.opt("SELECT version FROM drafts WHERE id = $1", args![id]).await?;
    Ok(row.is_some())
}

/// Saves a draft that still has this version; says whether it had.
pub async fn update(
    tx: &mut Tx,
    id: DraftId,
    owner: UserId,
    version: i64,
    draft: &PackageDraft,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE drafts SET body = $4, updated_at = $5, version = version + 1 WHERE id = $1 AND owner_id = $2 AND version = $3",
            vec![id.into(), owner.into(), version.into(), body(draft)?, now.into()],
        )
        .await?;
    Ok(changed == 1)
}

/// Takes a draft of this version out, for the transaction that makes a package of it: only one of two at the same time gets it.
pub async fn take(tx: &mut Tx, id: DraftId, owner: UserId, version: i64) -> Result<Option<PackageDraft>, StoreError> {
    let kept: Option<Kept> = tx
        .opt(
            "DELETE FROM drafts WHERE id = $1 AND owner_id = $2 AND version = $3 RETURNING id, body, version",
            args![id, owner, version],
        )
        .await?;
    Ok(kept.map(|kept| Draft::from(kept).draft))
}

/// Throws a draft away; says whether there was one.
pub async fn delete(tx: &mut Tx, id: DraftId, owner: UserId) -> Result<bool, StoreError> {
    let removed = tx
        .exec("DELETE FROM drafts WHERE id = $1 AND owner_id = $2", args![id, owner])
        .await?;
    Ok(removed == 1)
}
