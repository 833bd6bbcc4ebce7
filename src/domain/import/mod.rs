//! Import: users, groups, memberships or assignments from a file. Which columns a file may have, how a row is told apart from others, what
//! becomes of a row, and how far an import has come. Knows no file format and carries nothing out.

mod column;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use column::{ASSIGNMENTS, GROUPS, MEMBERSHIPS, USERS};
pub use column::{FileFault, ImportColumn, custom_columns, read_head, shown, undefined_column, unescaped};

use crate::domain::access::Action;
use crate::domain::id::{ImportId, PackageId};
use crate::domain::page::PageQuery;
use crate::domain::text::{EXTENSION, fold, string_enum};

/// The largest file, in bytes.
pub const FILE_MAX: usize = 20 * 1024 * 1024;
/// The longest row, in bytes.
pub const ROW_MAX: usize = 64 * 1024;
/// Columns of a file at the most.
pub const COLUMNS_MAX: usize = 40;
/// Imports that are kept for one person; older ones go.
pub const KEPT_MAX: i64 = 20;

string_enum! {
    /// What a file holds.
    ImportKind {
        /// People's accounts.
        Users = "users",
        /// Groups, without their members.
        Groups = "groups",
        /// Who is to be a member or an owner of a group.
        Memberships = "memberships",
        /// Who is to be given an access package.
        Assignments = "assignments",
    }
}

string_enum! {
    /// How far an import has come.
    ImportState {
        /// The file is on its way.
        Reading = "reading",
        /// The file can't be used; the note says why.
        Refused = "refused",
        /// It is being found out what would become of each row.
        Checking = "checking",
        /// Waits for the word to begin.
        Ready = "ready",
        /// Rows are being carried out.
        Importing = "importing",
        /// All done.
        Finished = "finished",
        /// Given up; the note says why.
        Stopped = "stopped",
    }
}

impl ImportState {
    /// As people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Reading => "Reading the file",
            Self::Refused => "File refused",
            Self::Checking => "Checking rows",
            Self::Ready => "Ready to import",
            Self::Importing => "Importing",
            Self::Finished => "Finished",
            Self::Stopped => "Stopped",
        }
    }

    /// Whether it goes on by itself.
    pub fn is_moving(self) -> bool {
        matches!(self, Self::Reading | Self::Checking | Self::Importing)
    }
}

string_enum! {
    /// What comes next for a row.
    RowStep {
        /// To find out what would become of it.
        Check = "check",
        /// To carry it out.
        Import = "import",
        /// To set the manager, who stood further down in the file.
        Complete = "complete",
        /// Nothing.
        None = "none",
    }
}

string_enum! {
    /// What will become of a row, or has.
    RowOutcome {
        /// Not known yet.
        Unknown = "unknown",
        /// Something new.
        Create = "create",
        /// Something that is there changes.
        Change = "change",
        /// All is so already.
        Unchanged = "unchanged",
        /// A rule or a fault is in the way.
        Refused = "refused",
    }
}

impl ImportKind {
    /// As people call what is in such a file.
    pub fn label(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Groups => "Groups",
            Self::Memberships => "Memberships",
            Self::Assignments => "Assignments",
        }
    }

    /// What whoever imports such a file must be allowed; each row is asked for again by itself.
    pub fn action(self) -> Action {
        match self {
            Self::Users => Action::ManageUsers,
            Self::Groups | Self::Memberships => Action::ManageGroups,
            Self::Assignments => Action::ManageAssignments,
        }
    }

    /// The columns that a file may have; the first ones, which tell rows apart, it must.
    pub fn columns(self) -> &'static [ImportColumn] {
        match self {
            Self::Users => USERS,
            Self::Groups => GROUPS,
            Self::Memberships => MEMBERSHIPS,
            Self::Assignments => ASSIGNMENTS,
        }
    }

    /// The words of the columns that tell rows apart.
    pub fn key(self) -> &'static [&'static str] {
        match self {
            Self::Users => &["user_name"],
            Self::Groups => &["name"],
            Self::Memberships => &["group", "user_name", "role"],
            Self::Assignments => &["package", "catalog", "user_name"],
        }
    }
}

/// One row of a file, its cells by the words of their columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    words: Vec<String>,
    values: Vec<String>,
}

impl Cells {
    /// Cells under columns; missing ones are empty.
    pub fn new(words: &[String], values: Vec<String>) -> Self {
        Self {
            words: words.to_vec(),
            values,
        }
    }

    /// What stands in a column; nothing where the file has no such column.
    pub fn get(&self, word: &str) -> Option<&str> {
        let at = self.words.iter().position(|other| other == word)?;
        Some(self.values.get(at).map_or("", |value| value.trim()))
    }

    /// The same, empty where the file has no such column.
    pub fn text(&self, word: &str) -> &str {
        self.get(word).unwrap_or_default()
    }

    /// What the file says of custom attributes, by name.
    pub fn custom(&self) -> impl Iterator<Item = (&str, &str)> {
        custom_columns(&self.words).map(|name| (name, self.text(&format!("{EXTENSION}{name}"))))
    }

    /// What tells this row apart from others of its file.
    pub fn key(&self, kind: ImportKind) -> String {
        let parts: Vec<String> = kind.key().iter().map(|word| clipped(&fold(self.text(word)))).collect();
        parts.join("\u{1f}").replace('\0', "")
    }

    /// What the row is called on pages.
    pub fn name(&self, kind: ImportKind) -> String {
        let text = |word| shown(self.text(word));
        match kind {
            ImportKind::Users => text("user_name"),
            ImportKind::Groups => text("name"),
            ImportKind::Memberships => format!("{} in {}", text("user_name"), text("group")),
            ImportKind::Assignments => format!("{}: {}", text("user_name"), text("package")),
        }
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(300).collect()
}

/// How many rows stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// All.
    pub all: i64,
    /// Of them, with nothing more to come in this state.
    pub settled: i64,
    /// New.
    pub create: i64,
    /// Changed.
    pub change: i64,
    /// As they were.
    pub unchanged: i64,
    /// Refused.
    pub refused: i64,
}

impl RowCounts {
    /// The number of an outcome.
    pub fn of(&self, outcome: RowOutcome) -> i64 {
        match outcome {
            RowOutcome::Unknown => self.all - self.create - self.change - self.unchanged - self.refused,
            RowOutcome::Create => self.create,
            RowOutcome::Change => self.change,
            RowOutcome::Unchanged => self.unchanged,
            RowOutcome::Refused => self.refused,
        }
    }
}

/// An import, as its list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportItem {
    /// The import.
    pub id: ImportId,
    /// What is in the file.
    pub kind: ImportKind,
    /// How far it has come.
    pub state: ImportState,
    /// What the file is called.
    pub file_name: String,
    /// Why it was refused or stopped, or empty.
    pub note: String,
    /// When the file was read.
    #[serde(with = "crate::domain::when::instant")]
    pub created_at: DateTime<Utc>,
    /// When all was done.
    #[serde(with = "crate::domain::when::maybe_instant")]
    pub finished_at: Option<DateTime<Utc>>,
    /// For the next change.
    pub version: i64,
}

/// An import on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDetail {
    /// As in the list.
    pub item: ImportItem,
    /// How many rows stand where.
    pub counts: RowCounts,
}

/// A row on the import's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// The row.
    pub id: uuid::Uuid,
    /// Its number in the file; the heads are row 1.
    pub line: String,
    /// What it is about.
    pub name: String,
    /// What will become of it, or has.
    pub outcome: RowOutcome,
    /// What changes, or why it was refused.
    pub detail: String,
}

impl ImportRow {
    /// Its number in the file.
    pub fn number(&self) -> &str {
        self.line.trim_start_matches('0')
    }
}

/// Which rows to list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImportRowQuery {
    /// Of which import.
    pub import: ImportId,
    /// Only those with this outcome.
    #[serde(default)]
    pub outcome: Option<RowOutcome>,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// The package that a file names by its id, if it does.
pub fn package_id(text: &str) -> Option<PackageId> {
    text.parse().ok()
}

/// The number of a row, so that it sorts as text.
pub fn line(number: usize) -> String {
    format!("{number:08}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_told_apart_without_regard_to_case_and_blanks() {
        let words: Vec<String> = ["group", "user_name"].map(str::to_owned).to_vec();
        let cells = |values: [&str; 2]| Cells::new(&words, values.map(str::to_owned).to_vec());
        let one = cells([" Sales  Team ", "Ada"]);
        assert_eq!(
            one.key(ImportKind::Memberships),
            cells(["sales team", "ADA"]).key(ImportKind::Memberships)
        );
        assert_ne!(
            one.key(ImportKind::Memberships),
            cells(["sales team", "bob"]).key(ImportKind::Memberships)
        );
        assert_eq!((one.get("role"), one.text("role")), (None, ""));
        assert_eq!(one.name(ImportKind::Memberships), "Ada in Sales  Team");
    }
}
