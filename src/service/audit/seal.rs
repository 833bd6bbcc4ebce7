//! Gives the rows of the trail their numbers, in the order in which they were committed, and chains each to the one before by a hash over
//! both. A row that is changed, taken out or put in between breaks the chain at its place. What the chain cannot show is that somebody
//! with the whole database rewrote all of it from some row on; a hash that was noted elsewhere shows that.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::audit::Target;
use crate::service::App;
use crate::store::audit::{self, StoredRow};
use crate::store::{StoreError, Tx};

/// What the trail looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// So many rows, each as it was sealed; the last one's hash.
    Intact {
        /// Sealed rows.
        rows: i64,
        /// The hash of the last.
        hash: String,
    },
    /// The first place at which the chain is broken.
    Broken {
        /// The number of the row.
        seq: i64,
        /// What is wrong with it.
        reason: &'static str,
    },
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

/// Goes along the whole chain.
pub async fn verify(app: &App) -> Result<Verdict, StoreError> {
    let mut tx = app.store.read().await?;
    // Read first: what is sealed while the rest is read is not asked about.
    let (last, end) = audit::head(&mut tx).await?;
    let (mut seq, mut hash) = (0, String::new());
    while seq < last {
        let mut rows = audit::sealed_after(&mut tx, seq).await?;
        rows.retain(|row| row.seq.is_some_and(|seq| seq <= last));
        let texts = texts(&mut tx, &rows).await?;
        if rows.is_empty() {
            return Ok(broken(seq + 1, "It is missing."));
        }
        for (row, text) in rows.iter().zip(texts) {
            seq += 1;
            if row.seq != Some(seq) {
                return Ok(broken(seq, "It is missing."));
            }
            hash = chained(&hash, &text);
            if row.hash.as_ref() != Some(&hash) {
                return Ok(broken(seq, "It is not what was sealed, or a row before it is not."));
            }
        }
    }
    if hash != end {
        return Ok(broken(seq, "The chain ends in another hash than was noted."));
    }
    Ok(Verdict::Intact { rows: seq, hash })
}

fn broken(seq: i64, reason: &'static str) -> Verdict {
    Verdict::Broken { seq, reason }
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

fn chained(before: &str, text: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(before.as_bytes());
    digest.update(text.as_bytes());
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
