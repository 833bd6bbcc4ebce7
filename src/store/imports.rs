//! Imports: what was read from a file, row by row, and how far it has come. Only their owner reaches them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{ImportId, UserId};
use crate::domain::import::{ImportItem, ImportKind, ImportRow, ImportRowQuery, ImportState, RowCounts, RowOutcome, RowStep};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::{args, row};

use super::batch;
use super::dialect::trusted_sql;
use super::list::{Key, List, Order};
use super::tx::{Arg, StoreError, Tx, word};

/// One import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The import.
    pub id: ImportId,
    /// What is in the file.
    pub kind: ImportKind,
    /// How far it has come.
    pub state: ImportState,
    /// What the file is called.
    pub file_name: String,
    /// The columns of the file by their words.
    pub columns: Vec<String>,
    /// Why it was refused or stopped.
    pub note: String,
    /// Whose it is.
    pub owner_id: UserId,
    /// The network address from which the file came.
    pub address: String,
    /// Each account that it makes is sent a sign-in link.
    pub send_links: bool,
    /// When it was read.
    pub created_at: DateTime<Utc>,
    /// When all was done.
    pub finished_at: Option<DateTime<Utc>>,
    /// Of the last change.
    pub version: i64,
}
row!(Import {
    id: id,
    kind: word,
    state: word,
    file_name,
    columns: json,
    note,
    owner_id: id,
    address,
    send_links,
    created_at,
    finished_at,
    version
});

row!(ImportItem {
    id: id,
    kind: word,
    state: word,
    file_name,
    note,
    created_at,
    finished_at,
    version
});
row!(ImportRow {
    id,
    line,
    name,
    outcome: word,
    detail
});

const COLUMNS: &str =
    "i.id, i.kind, i.state, i.file_name, i.columns, i.note, i.owner_id, i.address, i.send_links, i.created_at, i.finished_at, i.version";

fn json(value: impl serde::Serialize) -> Result<Arg, StoreError> {
    serde_json::to_value(value)
        .map(Arg::Json)
        .map_err(|error| StoreError::Inconsistent(error.to_string()))
}

/// Keeps a new import.
pub async fn insert(tx: &mut Tx, import: &Import) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO imports (id, kind, state, file_name, columns, note, owner_id, address, created_at, send_links, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE, 1)",
        vec![
            import.id.into(),
            word(import.kind),
            word(import.state),
            import.file_name.as_str().into(),
            json(&import.columns)?,
            import.note.as_str().into(),
            import.owner_id.into(),
            import.address.as_str().into(),
            import.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// An import of an owner.
pub async fn get(tx: &mut Tx, id: ImportId, owner: UserId) -> Result<Option<Import>, StoreError> {
    let sql = select(" WHERE i.id = $1 AND i.owner_id = $2");
    tx.opt(trusted_sql(sql), args![id, owner]).await
}

/// An import, which stays as it is until the transaction ends.
pub async fn lock(tx: &mut Tx, id: ImportId) -> Result<Option<Import>, StoreError> {
    let sql = trusted_sql(select(" WHERE i.id = $1"));
    tx.opt(tx.for_update(sql, "FOR UPDATE OF i"), args![id]).await
}

fn select(tail: &'static str) -> String {
    format!("SELECT {COLUMNS} FROM imports i{tail}")
}

/// Says that each account that an import makes is sent a sign-in link.
pub async fn send_links(tx: &mut Tx, id: ImportId) -> Result<(), StoreError> {
    tx.exec("UPDATE imports SET send_links = TRUE WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Moves an import on; what is over gets its time.
pub async fn set_state(tx: &mut Tx, id: ImportId, state: ImportState, note: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let over = matches!(state, ImportState::Finished | ImportState::Stopped | ImportState::Refused).then_some(now);
    tx.exec(
        "UPDATE imports SET state = $2, note = $3, finished_at = $4, version = version + 1 WHERE id = $1",
        args![id, word(state), note, over],
    )
    .await?;
    Ok(())
}

/// Names the columns, once they are known.
pub async fn set_columns(tx: &mut Tx, id: ImportId, columns: &[String]) -> Result<(), StoreError> {
    let sql = "UPDATE imports SET columns = $2 WHERE id = $1";
    tx.exec(sql, vec![id.into(), json(columns)?]).await?;
    Ok(())
}

/// The imports of an owner, newest first.
pub async fn list(tx: &mut Tx, owner: UserId, query: &PageQuery) -> Result<Page<ImportItem>, StoreError> {
    let order = Order {
        column: "i.created_at",
        id: "i.id",
        time: true,
        direction: Direction::Down,
    };
    let mut list = List::new(
        "i.id, i.kind, i.state, i.file_name, i.note, i.created_at, i.finished_at, i.version",
        "imports i",
    );
    list.filter("i.owner_id = ?", args![owner]);
    list.counted_page(tx, order, query, |item: &ImportItem| (item.id.0, Key::Time(item.created_at)))
        .await
}

/// Drops an owner's imports beyond the newest `most`, and those of which the file never came to its end; none that goes on by itself.
pub async fn trim(tx: &mut Tx, owner: UserId, most: i64, unread_before: DateTime<Utc>) -> Result<(), StoreError> {
    let old: Vec<Uuid> = tx
        .column(
            "SELECT id FROM imports WHERE owner_id = $1 AND (state = 'reading' AND created_at < $3
                OR state NOT IN ('reading', 'checking', 'importing') AND id NOT IN (
                    SELECT id FROM imports WHERE owner_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2))",
            args![owner, most, unread_before],
        )
        .await?;
    for id in old {
        delete(tx, id.into()).await?;
    }
    Ok(())
}

/// Drops an import with its rows.
pub async fn delete(tx: &mut Tx, id: ImportId) -> Result<(), StoreError> {
    tx.exec("DELETE FROM import_rows WHERE import_id = $1", args![id]).await?;
    tx.exec("DELETE FROM imports WHERE id = $1", args![id]).await?;
    Ok(())
}

/// A row as it was read.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// The row.
    pub id: Uuid,
    /// Its number, sortable.
    pub line: String,
    /// What tells it apart.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// As it was read.
    pub cells: Vec<String>,
    /// What is in the way already, or empty.
    pub fault: String,
}

/// Keeps rows of a file.
pub async fn insert_rows(tx: &mut Tx, import: ImportId, rows: Vec<NewRow>) -> Result<(), StoreError> {
    let mut values = Vec::with_capacity(rows.len() * 9);
    for row in rows {
        let (step, outcome) = if row.fault.is_empty() {
            (RowStep::Check, RowOutcome::Unknown)
        } else {
            (RowStep::None, RowOutcome::Refused)
        };
        values.extend([
            row.id.into(),
            import.into(),
            row.line.into(),
            row.key.into(),
            row.name.into(),
            json(&row.cells)?,
            word(step),
            word(outcome),
            row.fault.into(),
        ]);
    }
    let head = "import_rows (id, import_id, line, key, name, cells, step, outcome, detail)";
    batch::insert(tx, head, 9, values, "").await
}

/// Which of these keys rows of the import have, each with the number of its first row.
pub async fn lines_of(tx: &mut Tx, import: ImportId, keys: &[String]) -> Result<Vec<(String, String)>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("r.key, min(r.line)", "import_rows r");
    list.filter("r.import_id = ?", args![import]);
    list.in_list("r.key", keys.iter().map(|key| key.as_str().into()).collect());
    list.all(tx, "GROUP BY r.key").await
}

/// A row that is to be worked on.
#[derive(Clone, Debug)]
pub struct DueRow {
    /// The row.
    pub id: Uuid,
    /// Its cells.
    pub cells: Vec<String>,
    /// What was found out about it.
    pub outcome: RowOutcome,
}
row!(DueRow {
    id,
    cells: json,
    outcome: word
});

/// The next rows for a step, in the order of the file.
pub async fn due(tx: &mut Tx, import: ImportId, step: RowStep, most: i64) -> Result<Vec<DueRow>, StoreError> {
    tx.all(
        "SELECT id, cells, outcome FROM import_rows WHERE import_id = $1 AND step = $2 ORDER BY line LIMIT $3",
        args![import, word(step), most],
    )
    .await
}

/// Writes down what comes next for a row, and what became of it.
pub async fn settle(tx: &mut Tx, id: Uuid, step: RowStep, outcome: RowOutcome, detail: &str) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE import_rows SET step = $2, outcome = $3, detail = $4 WHERE id = $1",
        args![id, word(step), word(outcome), detail],
    )
    .await?;
    Ok(())
}

/// Whether the file has a row about this that was not refused.
pub async fn has_row(tx: &mut Tx, import: ImportId, key: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM import_rows WHERE import_id = $1 AND key = $2 AND outcome <> 'refused')";
    tx.value(sql, args![import, key]).await
}

struct Counted {
    step: RowStep,
    outcome: RowOutcome,
    number: i64,
}
row!(Counted {
    step: word,
    outcome: word,
    number
});

/// How many rows stand where. While rows are checked, those that are not yet are still to come; afterwards those to be imported.
pub async fn counts(tx: &mut Tx, import: ImportId, state: ImportState) -> Result<RowCounts, StoreError> {
    let sql = "SELECT step, outcome, count(*) AS number FROM import_rows WHERE import_id = $1 GROUP BY step, outcome";
    let found: Vec<Counted> = tx.all(sql, args![import]).await?;
    let mut counts = RowCounts::default();
    for one in found {
        counts.all += one.number;
        let open = match state {
            ImportState::Reading | ImportState::Checking => one.step == RowStep::Check,
            _ => one.step != RowStep::None,
        };
        if !open {
            counts.settled += one.number;
        }
        match one.outcome {
            RowOutcome::Unknown => {}
            RowOutcome::Create => counts.create += one.number,
            RowOutcome::Change => counts.change += one.number,
            RowOutcome::Unchanged => counts.unchanged += one.number,
            RowOutcome::Refused => counts.refused += one.number,
        }
    }
    Ok(counts)
}

fn order() -> Order {
    Order {
        column: "r.line",
        id: "r.id",
        time: false,
        direction: Direction::Up,
    }
}

fn narrowed(select: &'static str, query: &ImportRowQuery) -> List {
    let mut list = List::new(select, "import_rows r");
    list.filter("r.import_id = ?", args![query.import]);
    if let Some(outcome) = query.outcome {
        list.filter("r.outcome = ?", vec![word(outcome)]);
    }
    list
}

/// A page of an import's rows, in the order of the file.
pub async fn rows(tx: &mut Tx, query: &ImportRowQuery) -> Result<Page<ImportRow>, StoreError> {
    narrowed("r.id, r.line, r.name, r.outcome, r.detail", query)
        .counted_page(tx, order(), &query.page, |row: &ImportRow| (row.id, Key::Text(row.line.clone())))
        .await
}

/// A row with its cells, for a file.
#[derive(Clone, Debug)]
pub struct FiledRow {
    id: Uuid,
    line: String,
    /// As they were read.
    pub cells: Vec<String>,
    /// Why it was refused.
    pub detail: String,
}
row!(FiledRow {
    id,
    line,
    cells: json,
    detail
});

impl FiledRow {
    /// Its number in the file.
    pub fn number(&self) -> &str {
        self.line.trim_start_matches('0')
    }
}

/// A page of an import's rows with their cells.
pub async fn filed(tx: &mut Tx, query: &ImportRowQuery) -> Result<Page<FiledRow>, StoreError> {
    narrowed("r.id, r.line, r.cells, r.detail", query)
        .page(tx, order(), &query.page, |row: &FiledRow| (row.id, Key::Text(row.line.clone())))
        .await
}
