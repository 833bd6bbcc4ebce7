//! Reads a file of CSV (RFC 4180) as it arrives: never more of it at once than a piece and a row. What is wrong with the file as a whole
//! refuses it; what is wrong with a row refuses that row.

use std::collections::HashMap;

use chrono::Duration;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use futures::{Stream, StreamExt};

use crate::domain::access::Principal;
use crate::domain::id::ImportId;
use crate::domain::import::{
    COLUMNS_MAX, Cells, FILE_MAX, FileFault, ImportKind, ImportState, KEPT_MAX, ROW_MAX, custom_columns, line, read_head, shown,
    undefined_column, unescaped,
};
use crate::domain::limit::Limit;
use crate::store::custom_attributes;
use crate::store::imports::{self, Import, NewRow};
use crate::store::limits;

use super::super::{App, Error};
use super::{enqueue, owner};

/// Rows that are written together.
const CHUNK: usize = 200;
/// Or so many bytes of them.
const CHUNK_BYTES: usize = 1024 * 1024;
/// How long a file may be on its way before it is taken for lost.
const READING: Duration = Duration::hours(1);

/// Reads a file into an import of the actor's, and has its rows checked. A file that can't be used is an import that was refused.
pub async fn read<B: AsRef<[u8]>>(
    app: &App,
    actor: &Principal,
    kind: ImportKind,
    file_name: &str,
    mut pieces: impl Stream<Item = Result<B, Error>> + Unpin,
) -> Result<ImportId, Error> {
    let owner = owner(actor, kind)?;
    let now = app.clock.now();
    let import = Import {
        id: app.ids.id(now).into(),
        kind,
        state: ImportState::Reading,
        file_name: Some(shown(file_name)).filter(|name| !name.is_empty()).unwrap_or("file.csv".into()),
        columns: Vec::new(),
        note: String::new(),
        owner_id: owner,
        address: actor.address.clone(),
        send_links: false,
        created_at: now,
        finished_at: None,
        version: 1,
    };
    let mut tx = app.store.write().await?;
    imports::trim(&mut tx, owner, KEPT_MAX - 1, now - READING).await?;
    imports::insert(&mut tx, &import).await?;
    let limit = limits::value(&mut tx, Limit::ImportRows).await?;
    tx.commit().await?;
    let mut target = Target::new(app, &import, limit);
    match target.take(&mut pieces).await {
        Ok(()) => target.finish().await?,
        Err(Stop::File(FileFault(text))) => target.refuse(&text).await?,
        Err(Stop::Error(error)) => {
            let mut tx = app.store.write().await?;
            imports::delete(&mut tx, import.id).await?;
            tx.commit().await?;
            return Err(error);
        }
    }
    app.wake.wake();
    Ok(import.id)
}

/// Why reading ended before the file did.
enum Stop {
    File(FileFault),
    Error(Error),
}

impl From<FileFault> for Stop {
    fn from(fault: FileFault) -> Self {
        Self::File(fault)
    }
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// Where the rows go.
struct Target<'a> {
    app: &'a App,
    import: &'a Import,
    limit: usize,
    reader: RowReader,
    columns: Option<Vec<String>>,
    rows: usize,
    waiting: Vec<NewRow>,
    bytes: usize,
}

impl<'a> Target<'a> {
    fn new(app: &'a App, import: &'a Import, limit: usize) -> Self {
        Self {
            app,
            import,
            limit,
            reader: RowReader::default(),
            columns: None,
            rows: 0,
            waiting: Vec::new(),
            bytes: 0,
        }
    }

    async fn take<B: AsRef<[u8]>>(&mut self, pieces: &mut (impl Stream<Item = Result<B, Error>> + Unpin)) -> Result<(), Stop> {
        let mut size = 0;
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            let bytes = piece.as_ref();
            size += bytes.len();
            if size > FILE_MAX {
                let text = format!("The file is larger than {} MB. Split it into several.", FILE_MAX / (1024 * 1024));
                return Err(FileFault::new(text).into());
            }
            // A piece may be large; what becomes of it is kept no longer than until it is written.
            for bytes in bytes.chunks(ROW_MAX) {
                for row in self.reader.push(bytes)? {
                    self.row(row).await?;
                }
            }
        }
        for row in self.reader.finish()? {
            self.row(row).await?;
        }
        match (&self.columns, self.rows) {
            (None, _) => Err(FileFault::new("The file is empty. Its first row must name the columns, as the template does.").into()),
            (_, 0) => Err(FileFault::new("The file has no row below its heads. Add rows to it, then choose it again.").into()),
            _ => self.write().await,
        }
    }

    async fn row(&mut self, row: Result<Vec<String>, RowFault>) -> Result<(), Stop> {
        let Some(columns) = &self.columns else {
            let heads = row.map_err(|fault| FileFault::new(fault.of_heads()))?;
            let columns = read_head(self.import.kind, &heads)?;
            let mut tx = self.app.store.write().await?;
            let defined = custom_attributes::all(&mut tx).await?;
            if let Some(unknown) = custom_columns(&columns).find(|name| defined.iter().all(|one| one.name != *name)) {
                return Err(undefined_column(unknown).into());
            }
            imports::set_columns(&mut tx, self.import.id, &columns).await?;
            tx.commit().await?;
            self.columns = Some(columns);
            self.rows = 0;
            return Ok(());
        };
        if row.as_ref().is_ok_and(|cells| cells.iter().all(|cell| cell.trim().is_empty())) {
            return Ok(());
        }
        self.rows += 1;
        if self.rows > self.limit {
            return Err(FileFault::new(Limit::ImportRows.exceeded(self.limit).reason).into());
        }
        let id = self.app.ids.id(self.import.created_at);
        let new = new_row(id, self.import.kind, columns, self.rows + 1, row);
        self.bytes += new.cells.iter().map(String::len).sum::<usize>();
        self.waiting.push(new);
        if self.waiting.len() >= CHUNK || self.bytes >= CHUNK_BYTES {
            self.write().await?;
        }
        Ok(())
    }

    /// Writes the rows that wait. What the file had before is refused.
    async fn write(&mut self) -> Result<(), Stop> {
        let mut rows = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let mut tx = self.app.store.write().await?;
        let keys: Vec<String> = rows.iter().filter(|row| row.fault.is_empty()).map(|row| row.key.clone()).collect();
        let mut lines: HashMap<String, String> = imports::lines_of(&mut tx, self.import.id, &keys).await?.into_iter().collect();
        for row in rows.iter_mut().filter(|row| row.fault.is_empty()) {
            match lines.get(&row.key) {
                Some(first) => row.fault = format!("Row {} is about the same. Remove one of the two.", first.trim_start_matches('0')),
                None => drop(lines.insert(row.key.clone(), row.line.clone())),
            }
        }
        imports::insert_rows(&mut tx, self.import.id, rows).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn finish(&self) -> Result<(), Error> {
        let mut tx = self.app.store.write().await?;
        imports::set_state(&mut tx, self.import.id, ImportState::Checking, "", self.app.clock.now()).await?;
        enqueue(self.app, &mut tx, self.import.id);
        Ok(tx.commit().await?)
    }

    async fn refuse(&self, text: &str) -> Result<(), Error> {
        let mut tx = self.app.store.write().await?;
        imports::set_state(&mut tx, self.import.id, ImportState::Refused, text, self.app.clock.now()).await?;
        Ok(tx.commit().await?)
    }
}

/// A row to be kept, with what is in its way already.
fn new_row(id: uuid::Uuid, kind: ImportKind, columns: &[String], number: usize, row: Result<Vec<String>, RowFault>) -> NewRow {
    let mut fault = match &row {
        Ok(cells) if cells.len() > columns.len() && cells[columns.len()..].iter().any(|cell| !cell.trim().is_empty()) => {
            "The row has more cells than there are columns. Put a cell that contains a comma in quotation marks.".to_owned()
        }
        Ok(_) => String::new(),
        Err(fault) => fault.of_row(),
    };
    let mut cells: Vec<String> = row.unwrap_or_default();
    cells.truncate(columns.len());
    cells.resize(columns.len(), String::new());
    for cell in &mut cells {
        *cell = unescaped(cell).to_owned();
        if cell.contains('\0') {
            *cell = cell.replace('\0', " ");
            fault = "The row contains a character that can't be used. Save the file as CSV in UTF-8.".to_owned();
        }
    }
    let read = Cells::new(columns, cells.clone());
    let blank = kind
        .columns()
        .iter()
        .find(|column| column.required && read.text(column.word).is_empty());
    if let Some(column) = blank.filter(|_| fault.is_empty()) {
        fault = format!("{} is required.", column.label);
    }
    NewRow {
        id,
        line: line(number),
        key: read.key(kind),
        name: read.name(kind),
        cells,
        fault,
    }
}

/// What is wrong with one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowFault {
    TooLong,
    NotText,
    OpenQuote,
}

impl RowFault {
    fn of_row(self) -> String {
        match self {
            Self::TooLong => format!("The row is longer than {} KB. Shorten it.", ROW_MAX / 1024),
            Self::NotText => "The row is not UTF-8. Save the file as CSV in UTF-8, then choose it again.".to_owned(),
            Self::OpenQuote => {
                "A quotation mark is opened and never closed, so all that follows was read as one cell. Close it, then choose the file again."
                    .to_owned()
            }
        }
    }

    fn of_heads(self) -> String {
        match self {
            Self::TooLong => "The first row is too long to name columns. Choose a file of CSV.".to_owned(),
            Self::NotText | Self::OpenQuote => self.of_row().replace("The row", "The file"),
        }
    }
}

/// Rows out of pieces of a file.
#[derive(Default)]
struct RowReader {
    /// Known once the first line is.
    core: Option<Reader>,
    /// The first line, until it is whole.
    begin: Vec<u8>,
    cells: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    ended: usize,
    overflown: bool,
    quotes: usize,
}

type Rows = Vec<Result<Vec<String>, RowFault>>;

impl RowReader {
    fn push(&mut self, bytes: &[u8]) -> Result<Rows, FileFault> {
        if self.core.is_some() {
            return Ok(self.feed(bytes));
        }
        self.begin.extend_from_slice(bytes);
        let has_line = self.begin.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        if has_line || self.begin.len() >= ROW_MAX {
            self.open()
        } else {
            Ok(Rows::new())
        }
    }

    fn finish(&mut self) -> Result<Rows, FileFault> {
        let mut rows = if self.core.is_none() { self.open()? } else { Rows::new() };
        rows.extend(self.feed(&[]));
        Ok(rows)
    }

    /// Begins with what has come of the first line: its encoding and what separates its cells.
    fn open(&mut self) -> Result<Rows, FileFault> {
        let begin = std::mem::take(&mut self.begin);
        let text = begin.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(&begin);
        let is_wide = text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff");
        let first = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        if is_wide || first.contains(&0) {
            return Err(FileFault::new(
                "The file is not UTF-8. Save it as CSV in UTF-8, then choose it again.",
            ));
        }
        if text.starts_with(b"PK\x03\x04") {
            return Err(FileFault::new(
                "This is a workbook or an archive. Save the sheet as CSV in UTF-8, then choose that file.",
            ));
        }
        let count = |separator: u8| first.iter().filter(|byte| **byte == separator).count();
        let separator = [b',', b';', b'\t']
            .into_iter()
            .rev()
            .max_by_key(|separator| count(*separator))
            .unwrap_or(b',');
        self.core = Some(ReaderBuilder::new().delimiter(separator).build());
        self.cells = vec![0; ROW_MAX];
        // Cells beyond those that columns can have are counted, and refuse the row.
        self.ends = vec![0; COLUMNS_MAX * 2];
        Ok(self.feed(text))
    }

    /// Reads on; with nothing, to the end.
    fn feed(&mut self, mut bytes: &[u8]) -> Rows {
        let mut rows = Rows::new();
        let at_end = bytes.is_empty();
        let Some(mut core) = self.core.take() else { return rows };
        loop {
            let (result, read, wrote, ends) = core.read_record(bytes, &mut self.cells[self.filled..], &mut self.ends[self.ended..]);
            self.quotes += bytes[..read].iter().filter(|byte| **byte == b'"').count();
            bytes = &bytes[read..];
            self.filled += wrote;
            self.ended += ends;
            match result {
                ReadRecordResult::InputEmpty if !at_end || self.filled + self.ended == 0 => break,
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    (self.filled, self.ended, self.overflown) = (0, 0, true);
                }
                ReadRecordResult::Record => rows.push(self.record(at_end)),
                ReadRecordResult::End => break,
            }
        }
        self.core = Some(core);
        rows
    }

    /// The row that has come to its end.
    fn record(&mut self, at_end: bool) -> Result<Vec<String>, RowFault> {
        let open = at_end && self.quotes % 2 == 1;
        let (overflown, ended) = (self.overflown, self.ended);
        (self.filled, self.ended, self.quotes, self.overflown) = (0, 0, 0, false);
        if open {
            return Err(RowFault::OpenQuote);
        }
        if overflown {
            return Err(RowFault::TooLong);
        }
        let mut cells = Vec::with_capacity(ended);
        let mut start = 0;
        for end in &self.ends[..ended] {
            let cell = std::str::from_utf8(&self.cells[start..*end]).map_err(|_| RowFault::NotText)?;
            cells.push(cell.to_owned());
            start = *end;
        }
        Ok(cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], piece: usize) -> Rows {
        let mut reader = RowReader::default();
        let mut rows = Rows::new();
        for bytes in text.chunks(piece) {
            rows.extend(reader.push(bytes).expect("a file"));
        }
        rows.extend(reader.finish().expect("a file"));
        rows
    }

    fn cells(row: &Result<Vec<String>, RowFault>) -> Vec<&str> {
        row.as_ref().expect("a row").iter().map(String::as_str).collect()
    }

    #[test]
    fn rows_are_the_same_however_a_file_is_cut() {
        let text = "\u{feff}User name;Name\r\nada;\"Lovelace; \"\"Ada\"\"\"\r\n\r\nbob;\"two\nlines\"\n".as_bytes();
        for piece in 1..text.len() + 1 {
            let rows = read(text, piece);
            assert_eq!(rows.len(), 3, "in pieces of {piece}");
            assert_eq!(cells(&rows[0]), ["User name", "Name"]);
            assert_eq!(cells(&rows[1]), ["ada", "Lovelace; \"Ada\""]);
            assert_eq!(cells(&rows[2]), ["bob", "two\nlines"]);
        }
        assert_eq!(cells(&read(b"a\tb\nc\td", 3)[1]), ["c", "d"]);
    }

    #[test]
    fn a_hostile_row_harms_itself_alone() {
        let long = ["a,b\n1,", &"x".repeat(1024 * 1024), "\n2,3\n"].concat();
        let rows = read(long.as_bytes(), 16 * 1024);
        assert_eq!((&rows[1], cells(&rows[2])), (&Err(RowFault::TooLong), vec!["2", "3"]));
        let rows = read(b"a,b\n\xe9,1\n2,3\n", 5);
        assert_eq!((&rows[1], cells(&rows[2])), (&Err(RowFault::NotText), vec!["2", "3"]));
        let rows = read(b"a,b\n1,2\n3,\"4\n5,6\n7,8\n", 5);
        assert_eq!(
            (rows.len(), cells(&rows[1]), &rows[2]),
            (3, vec!["1", "2"], &Err(RowFault::OpenQuote))
        );
        let many = ["a,b\n", &"1,".repeat(500), "\n2,3\n"].concat();
        assert_eq!(read(many.as_bytes(), 64)[1], Err(RowFault::TooLong));
    }

    #[test]
    fn a_file_that_is_no_text_is_refused_as_a_whole() {
        for bytes in [&b"\xff\xfea\0,\0b\0\n\0"[..], b"PK\x03\x04rest\n", b"a\0,b\n"] {
            let mut reader = RowReader::default();
            assert!(reader.push(bytes).is_err());
        }
    }
}
