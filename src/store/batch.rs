//! Many rows by one statement, so that a package with fifty roles costs what one with a single role costs.

use sqlx::AssertSqlSafe;

use super::dialect::trusted_sql;
use super::tx::{Arg, Row, StoreError, Tx};

/// Rows in one statement at the most; both databases bound the number of values.
const ROWS_MAX: usize = 500;

/// Inserts rows: `head` is `table (columns)`, `columns` how many, `values` those of all rows one after another, `tail` what stands behind
/// them, such as what happens on a conflict; without it, what a unique index refuses is an error.
pub async fn insert(tx: &mut Tx, head: &'static str, columns: usize, values: Vec<Arg>, tail: &'static str) -> Result<(), StoreError> {
    for chunk in values.chunks(columns * ROWS_MAX) {
        tx.exec(statement(head, columns, chunk, tail), chunk.to_vec()).await?;
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
    let mut rows = Vec::new();
    for chunk in values.chunks(columns * ROWS_MAX) {
        rows.extend(tx.all(statement(head, columns, chunk, tail), chunk.to_vec()).await?);
    }
    Ok(rows)
}

/// Several inserts one behind the other, each with a semicolon, and the values of all.
pub(super) fn joined(inserts: Vec<Insert>) -> (String, Vec<Arg>) {
    let (mut sql, mut args) = (String::new(), Vec::new());
    for insert in inserts {
        for chunk in insert.values.chunks(insert.columns * ROWS_MAX) {
            let places = placeholders(args.len() + 1, chunk.len(), insert.columns);
            sql.push_str(&format!("INSERT INTO {} VALUES {places} {}; ", insert.head, insert.tail));
            args.extend_from_slice(chunk);
        }
    }
    (sql, args)
}

/// Rows for one table.
pub(super) struct Insert {
    /// `table (columns)`.
    pub head: &'static str,
    /// What stands behind the rows.
    pub tail: &'static str,
    /// How many columns.
    pub columns: usize,
    /// The values of all rows, one after another.
    pub values: Vec<Arg>,
}

fn statement(head: &str, columns: usize, values: &[Arg], tail: &str) -> AssertSqlSafe<String> {
    trusted_sql(format!(
        "INSERT INTO {head} VALUES {} {tail}",
        placeholders(1, values.len(), columns)
    ))
}

/// `($1, $2), ($3, $4)` for four values in rows of two, from the first value on.
fn placeholders(from: usize, values: usize, columns: usize) -> String {
    let rows: Vec<String> = (0..values / columns)
        .map(|row| format!("({})", numbered(from + row * columns, columns)))
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
    fn placeholders_are_numbered_row_by_row() {
        assert_eq!(super::placeholders(1, 4, 2), "($1, $2), ($3, $4)");
        assert_eq!(super::placeholders(5, 2, 2), "($5, $6)");
    }
}
