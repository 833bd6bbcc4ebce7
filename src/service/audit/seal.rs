//! Gives the rows of the trail their numbers, in the order in which they were committed, and chains each to the one before by a hash over
//! both. A row that is changed, taken out or put in between breaks the chain at its place. What the chain cannot show is that somebody
//! with the whole database rewrote all of it from some row on; a hash that was noted elsewhere shows that.

use uuid::Uuid;

use super::chain::{Fault, Head, Link, Walk, chained};
use crate::domain::audit::Target;
use crate::service::App;
use crate::store::audit::{self, StoredRow};
use crate::store::{StoreError, Tx};

/// What the trail looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Sealed rows that are there.
    pub rows: i64,
    /// Rows that wait to be sealed.
    pub waiting: i64,
    /// Where the chain ends.
    pub head: Head,
    /// Each row that does not stand as it was sealed, up to `chain::FAULTS_MAX`; none: the trail is intact.
    pub faults: Vec<Fault>,
}

/// Seals what waits, up to 500 rows; gives how many. Any number of copies may call it at once.
pub async fn seal(app: &App) -> Result<usize, StoreError> {
    let mut tx = app.store.read().await?;
    if !audit::any_unsealed(&mut tx).await? {
        return Ok(0);
    }
    drop(tx);
    let mut tx = app.store.write().await?;
    let (mut seq, mut hash) = audit::lock_head(&mut tx).await?;
    let rows = audit::unsealed(&mut tx).await?;
    let texts = texts(&mut tx, &rows).await?;
    let mut sealed = Vec::with_capacity(rows.len());
    for (row, text) in rows.iter().zip(texts) {
        seq += 1;
        hash = chained(&hash, &text);
        sealed.push((row.id, seq, hash.clone()));
    }
    audit::seal(&mut tx, &sealed).await?;
    tx.commit().await?;
    Ok(sealed.len())
}

/// Where the chain ends.
pub async fn head(app: &App) -> Result<Head, StoreError> {
    let mut tx = app.store.read().await?;
    let (seq, hash) = audit::head(&mut tx).await?;
    Ok(Head { seq, hash })
}

/// Goes along the whole chain, some rows at a time; `kept` is a head that was kept elsewhere.
pub async fn verify(app: &App, kept: Option<Head>) -> Result<Verdict, StoreError> {
    let mut walk = Walk::new(kept);
    // Read first: what is sealed while the rest is read is not asked about.
    let head = head(app).await?;
    let mut tx = app.store.read().await?;
    loop {
        let mut rows = audit::sealed_after(&mut tx, walk.seq()).await?;
        rows.retain(|row| row.seq.is_some_and(|seq| seq <= head.seq));
        if rows.is_empty() {
            break;
        }
        let texts = texts(&mut tx, &rows).await?;
        let links = rows.into_iter().zip(texts).map(|(row, text)| Link {
            seq: row.seq.unwrap_or_default(),
            text,
            hash: row.hash.unwrap_or_default(),
        });
        walk.follow(links.collect());
    }
    let rows = walk.rows();
    let mut faults = walk.finish(&head);
    faults.extend(audit::first_behind_head(&mut tx).await?.map(Fault::Inserted));
    Ok(Verdict {
        rows,
        waiting: audit::count_unsealed(&mut tx).await?,
        head,
        faults,
    })
}

/// The text of each row that is hashed.
async fn texts(tx: &mut Tx, rows: &[StoredRow]) -> Result<Vec<String>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let targets = audit::targets(tx, &ids).await?;
    let none = Vec::new();
    Ok(rows.iter().map(|row| text(row, targets.get(&row.id).unwrap_or(&none))).collect())
}

/// Every field with its length before it, so that no two rows have the same text.
fn text(row: &StoredRow, targets: &[Target]) -> String {
    let mut text = String::new();
    let mut field = |value: &str| text.push_str(&format!("{}:{value},", value.len()));
    field(&row.id.to_string());
    field(&row.at);
    field(&row.actor_kind);
    field(&row.actor_id.map(|id| id.to_string()).unwrap_or_default());
    field(&row.actor_name);
    field(&row.address);
    field(&row.client_id.map(|id| id.to_string()).unwrap_or_default());
    field(row.client_name.as_deref().unwrap_or_default());
    field(&row.activity);
    field(&row.result);
    for target in targets {
        field(&target.kind);
        field(&target.id.to_string());
        field(&target.name);
    }
    field(&row.changes);
    field(&row.detail);
    field(&row.correlation_id.to_string());
    text
}

#[cfg(test)]
mod tests;
