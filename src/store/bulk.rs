//! Many rows in few statements: the text of a list of placeholders, and inserts of as many rows as one statement can bind.
//! Only constants and numbers reach the text.

use super::dialect::built;
use super::tx::{Arg, StoreError, Tx};

/// Values that one statement may bind in both databases (SQLite takes 32,766, Postgres 65,535).
const BOUND_MAX: usize = 30_000;

/// `$3, $4, $5` for three values from the third on; `NULL` for none, so that `IN` finds nothing.
pub(super) fn places(from: usize, count: usize) -> String {
    if count == 0 {
        return "NULL".into();
    }
    let places: Vec<String> = (from..from + count).map(|n| format!("${n}")).collect();
    places.join(", ")
}

/// Inserts rows of equal width. `head` ends before `VALUES`; `tail` stands behind the rows, such as `ON CONFLICT DO NOTHING`.
/// Gives the number of rows that were stored.
pub(super) async fn insert(tx: &mut Tx, head: &'static str, tail: &'static str, rows: Vec<Vec<Arg>>) -> Result<u64, StoreError> {
    let Some(width) = rows.first().map(Vec::len).filter(|width| *width > 0) else {
        return Ok(0);
    };
    let mut stored = 0;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<Vec<Arg>> = rows.by_ref().take(BOUND_MAX / width).collect();
        let values: Vec<String> = (0..chunk.len()).map(|n| format!("({})", places(n * width + 1, width))).collect();
        let sql = format!("{head} VALUES {} {tail}", values.join(", "));
        stored += tx.exec(built(sql), chunk.into_iter().flatten().collect()).await?;
    }
    Ok(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_listed_from_where_they_begin() {
        assert_eq!(places(3, 2), "$3, $4");
        assert_eq!(places(1, 0), "NULL");
    }
}
