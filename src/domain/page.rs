//! Pages of long lists by keyset: a page begins after (or ends before) the key of a row that was seen, so no row is skipped or shown
//! twice while others come and go, and page one thousand costs what page one costs.

use serde::{Deserialize, Serialize};

/// Rows on a page unless asked otherwise.
pub const PAGE_SIZE: u16 = 50;
/// Rows on a page at the most.
pub const PAGE_SIZE_MAX: u16 = 200;

/// Which page of a list: at most one of `after` and `before` is used. The keys are opaque; the server hands them out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PageQuery {
    /// Begin after this key.
    #[serde(default)]
    pub after: Option<String>,
    /// End before this key.
    #[serde(default)]
    pub before: Option<String>,
    /// Rows on the page; 0 is the usual number.
    #[serde(default)]
    pub size: u16,
}

impl PageQuery {
    /// Rows on the page, within bounds.
    pub fn size(&self) -> i64 {
        i64::from(if self.size == 0 { PAGE_SIZE } else { self.size.min(PAGE_SIZE_MAX) })
    }
}

/// One page of a list, in the list's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// `before` of the page that comes before, if there is one.
    pub previous: Option<String>,
    /// `after` of the page that follows, if there is one.
    pub next: Option<String>,
    /// Rows of the whole list under the same filter, where that is cheap to know.
    pub total: Option<i64>,
    /// The key that was asked for leads nowhere (another list's, cut off, or past the end), so this is the first page.
    #[serde(default)]
    pub restarted: bool,
}

impl<T> Page<T> {
    /// A page with nothing on it.
    pub fn empty() -> Self {
        Self {
            items: Vec::new(),
            previous: None,
            next: None,
            total: Some(0),
            restarted: false,
        }
    }

    /// The same page with other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            previous: self.previous,
            next: self.next,
            total: self.total,
            restarted: self.restarted,
        }
    }
}

/// Upwards or downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// A to Z, old to new.
    #[default]
    Up,
    /// Z to A, new to old.
    Down,
}

impl Direction {
    /// The other one.
    pub fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}
