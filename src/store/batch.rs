//! Many rows by one statement, so that a package with fifty roles costs what one with a single role costs.

use super::dialect::built;
use super::tx::{Arg, Row, StoreError, Tx};

/// Rows in one statement at the most; both databases bound the number of values.
const ROWS_MAX: usize = 500;

/// Inserts rows: `head` is `table (columns)`, `columns` how many, `values` those of all rows one after another. What a unique index
/// refuses is an error.
pub async fn insert(tx: &mut Tx, head: &'static str, columns: usize, values: Vec<Arg>) -> Result<(), StoreError> {
    for chunk in values.chunks(columns * ROWS_MAX) {
        tx.exec(
            built(format!("INSERT INTO {head} VALUES {}", places(chunk.len(), columns))),
            chunk.to_vec(),
        )
        .await?;
    }
    Ok(())
}

/// Inserts rows that are not there yet and gives `column` of those that were added.
pub async fn add<T>(tx: &mut Tx, head: &'static str, columns: usize, values: Vec<Arg>, column: &'static str) -> Result<Vec<T>, StoreError>
where
    (T,): Row,
{
    let mut added = Vec::new();
    for chunk in values.chunks(columns * ROWS_MAX) {
        let sql = format!(
            "INSERT INTO {head} VALUES {} ON CONFLICT DO NOTHING RETURNING {column}",
            places(chunk.len(), columns)
        );
        added.extend(tx.column::<T>(built(sql), chunk.to_vec()).await?);
    }
    Ok(added)
}

/// `($1, $2), ($3, $4)` for four values in rows of two.
fn places(values: usize, columns: usize) -> String {
    let rows: Vec<String> = (0..values / columns)
        .map(|row| format!("({})", numbered(row * columns + 1, columns)))
        .collect();
    rows.join(", ")
}

/// `$3, $4` for two values from the third on.
pub(super) fn numbered(from: usize, count: usize) -> String {
    let places: Vec<String> = (from..from + count).map(|n| format!("${n}")).collect();
    places.join(", ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn places_are_numbered_row_by_row() {
        assert_eq!(super::places(4, 2), "($1, $2), ($3, $4)");
    }
}
