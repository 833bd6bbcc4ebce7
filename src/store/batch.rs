//! Many rows by one statement, so that a package with fifty roles costs what one with a single role costs.

use super::insert::Insert;
use super::tx::{Arg, Row, StoreError, Tx};

pub(super) use super::insert::numbered;

/// Inserts rows: `head` is `table (columns)`, `columns` how many, `values` those of all rows one after another, `tail` what stands behind
/// them, such as what happens on a conflict; without it, what a unique index refuses is an error.
pub async fn insert(tx: &mut Tx, head: &'static str, columns: usize, values: Vec<Arg>, tail: &'static str) -> Result<(), StoreError> {
    let rows = Insert {
        head,
        tail,
        columns,
        values,
    };
    for (sql, args) in rows.statements() {
        tx.exec(sql, args).await?;
    }
    Ok(())
}

/// Inserts rows and gives what the RETURNING at the end of `tail` says of them, in no order.
pub async fn returning<T: Row>(
    tx: &mut Tx,
    head: &'static str,
    columns: usize,
    values: Vec<Arg>,
    tail: &'static str,
) -> Result<Vec<T>, StoreError> {
    let inserted = Insert {
        head,
        tail,
        columns,
        values,
    };
    let mut rows = Vec::new();
    for (sql, args) in inserted.statements() {
        rows.extend(tx.all(sql, args).await?);
    }
    Ok(rows)
}
