//! The text of inserts: several rows of one table in a statement, placeholders numbered through. Runs nothing.

use sqlx::AssertSqlSafe;

use super::arg::Arg;
use super::dialect::trusted_sql;

/// Rows in one statement at the most; both databases bound the number of values.
const ROWS_MAX: usize = 500;

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

impl Insert {
    /// The statements that insert them, each with its values.
    pub fn statements(&self) -> impl Iterator<Item = (AssertSqlSafe<String>, Vec<Arg>)> + Send + '_ {
        let chunks = self.values.chunks(self.columns * ROWS_MAX);
        chunks.map(|chunk| (statement(self.head, self.columns, chunk, self.tail), chunk.to_vec()))
    }
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
