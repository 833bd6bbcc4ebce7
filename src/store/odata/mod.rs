//! Lists as the API asks for them: a filter over named properties becomes conditions with bound values, and pages go by a key, so no row
//! is skipped or shown twice while others come and go. Each noun gives a table of its properties; only constants of these tables reach the
//! text of a statement.

pub mod applications;
pub mod assignments;
pub mod catalogs;
mod compile;
pub mod groups;
mod order;
pub mod organizations;
pub mod package_roles;
pub mod packages;
mod page;
pub mod people;
pub mod policies;
pub mod requests;
pub mod resources;
pub mod role_assignments;
pub mod subjects;
pub mod users;

use thiserror::Error;

use crate::domain::odata::QueryFault;

use super::tx::{Arg, StoreError};

#[cfg(test)]
pub use page::asked;
pub use page::{Found, page};

/// Why a list of the API did not come about.
#[derive(Debug, Error)]
pub enum ListFault {
    /// What was asked for cannot be.
    #[error(transparent)]
    Query(#[from] QueryFault),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a property holds, and so how it is compared.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text in a column that keeps it folded.
    Folded,
    /// Text that is compared without regard to case.
    Text,
    /// An id.
    Id,
    /// An instant.
    Time,
    /// A flag.
    Flag,
    /// Words of the API, each standing for a stored word.
    Words(&'static [(&'static str, &'static str)]),
    /// Words of the API, each standing for a state of a flag.
    Switch(&'static [(&'static str, bool)]),
    /// Words of the API, each standing for a number.
    Number(&'static [(&'static str, i64)]),
    /// What only `eq` asks: the column is a condition whose `?` take what the function makes of a text; nothing matches where it makes nothing.
    Parts(fn(&str) -> Option<Vec<Arg>>),
    /// The values of a collection, each with the condition that it is among them.
    Among(&'static [(&'static str, &'static str)]),
}

/// A property that a list can be filtered by.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// As the API names it, such as `accessPackage/id`.
    pub path: &'static str,
    /// The column, or what stands for one.
    pub column: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The column may be missing.
    pub nullable: bool,
    /// A list can be sorted by it.
    pub sorts: bool,
}

impl Property {
    /// A property that is always there.
    pub const fn new(path: &'static str, column: &'static str, kind: Kind) -> Self {
        Self {
            path,
            column,
            kind,
            nullable: false,
            sorts: false,
        }
    }

    /// The same, and lists can be sorted by it; an index holds the column and the id.
    pub const fn sorting(self) -> Self {
        Self { sorts: true, ..self }
    }

    /// The same, and it may be missing.
    pub const fn optional(self) -> Self {
        Self { nullable: true, ..self }
    }
}

/// Two folded texts that a list can be sorted by, one after the other; an index holds both and the id.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// As the API names them.
    pub paths: [&'static str; 2],
    /// The columns.
    pub columns: [&'static str; 2],
    /// Both values in one text, with the sign U+001F between them.
    pub both: &'static str,
}

/// What a list of one noun can be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Properties {
    /// All of them; the list is sorted by the first unless asked otherwise.
    pub all: &'static [Property],
    /// The pairs of them that a list can be sorted by.
    pub pairs: &'static [Pair],
    /// The column of the row's own id, such as `c.id`.
    pub id: &'static str,
}

impl Properties {
    /// The property of a path, in any case.
    fn find(&self, option: &'static str, path: &str) -> Result<&'static Property, QueryFault> {
        let found = self.all.iter().find(|property| property.path.eq_ignore_ascii_case(path));
        found.ok_or_else(|| {
            let known: Vec<&str> = self.all.iter().map(|property| property.path).collect();
            QueryFault::new(option, format!("{path} cannot be used here; known are {}.", known.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests;
