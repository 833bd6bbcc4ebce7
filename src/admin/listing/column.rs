//! One column: its head, what it shows of a row, and what of it goes into the file. Texts, instants and numbers need one function;
//! what looks like more than its text brings its own view.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::Address;
use crate::admin::timestamp::moment;

/// A column of a list of `T`.
pub struct Column<T: 'static> {
    /// All that does not depend on what a row is.
    pub head: Head,
    cell: Cell<T>,
    none: &'static str,
    #[cfg(feature = "ssr")]
    file: File<T>,
}

/// The head of a column, and how its cells are set.
#[derive(Clone, Copy)]
pub struct Head {
    /// What it is called.
    pub label: &'static str,
    /// The word by which it is sorted, if it can be; empty for the usual column.
    pub sort: Option<&'static str>,
    /// The classes of its cells.
    pub class: Option<&'static str>,
    /// Set to the end: numbers.
    pub end: bool,
}

enum Cell<T: 'static> {
    Text(fn(&T) -> String),
    View(fn(&T, &Address) -> AnyView),
    Time(fn(&T) -> Option<DateTime<Utc>>, fn(DateTime<Utc>) -> AnyView),
    None,
}

#[cfg(feature = "ssr")]
enum File<T: 'static> {
    Text(fn(&T) -> String),
    Time(fn(&T) -> Option<DateTime<Utc>>),
}

impl<T> Column<T> {
    const fn new(label: &'static str, cell: Cell<T>, #[cfg(feature = "ssr")] file: File<T>) -> Self {
        let head = Head {
            label,
            sort: None,
            class: None,
            end: false,
        };
        Self {
            head,
            cell,
            none: "",
            #[cfg(feature = "ssr")]
            file,
        }
    }

    /// Shows a text, which may be long.
    pub const fn text(label: &'static str, text: fn(&T) -> String) -> Self {
        Self::new(
            label,
            Cell::Text(text),
            #[cfg(feature = "ssr")]
            File::Text(text),
        )
        .class("break")
    }

    /// Shows a number.
    pub const fn number(label: &'static str, number: fn(&T) -> String) -> Self {
        let mut column = Self::text(label, number).class("table-end");
        column.head.end = true;
        column
    }

    /// Shows `view`; the file has its text.
    pub const fn view(label: &'static str, text: fn(&T) -> String, view: fn(&T, &Address) -> AnyView) -> Self {
        #[cfg(not(feature = "ssr"))]
        let _ = text;
        Self::new(
            label,
            Cell::View(view),
            #[cfg(feature = "ssr")]
            File::Text(text),
        )
    }

    /// Shows an instant in words; the file has it exactly.
    pub const fn time(label: &'static str, at: fn(&T) -> Option<DateTime<Utc>>) -> Self {
        Self::time_as(label, at, moment)
    }

    /// The same, in other words.
    pub const fn time_as(label: &'static str, at: fn(&T) -> Option<DateTime<Utc>>, show: fn(DateTime<Utc>) -> AnyView) -> Self {
        Self::new(
            label,
            Cell::Time(at, show),
            #[cfg(feature = "ssr")]
            File::Time(at),
        )
        .class("nowrap")
    }

    /// In the file alone: what the page shows within another column.
    pub const fn filed(label: &'static str, text: fn(&T) -> String) -> Self {
        #[cfg(not(feature = "ssr"))]
        let _ = text;
        Self::new(
            label,
            Cell::None,
            #[cfg(feature = "ssr")]
            File::Text(text),
        )
    }

    /// Can be sorted by this word; empty for the column that decides unless another one is asked for.
    pub const fn sort(mut self, word: &'static str) -> Self {
        self.head.sort = Some(word);
        self
    }

    /// Says this where there is no instant.
    pub const fn or(mut self, none: &'static str) -> Self {
        self.none = none;
        self
    }

    /// With these classes on its cells.
    pub const fn class(mut self, class: &'static str) -> Self {
        self.head.class = Some(class);
        self
    }

    /// Stands on the page.
    pub fn is_shown(&self) -> bool {
        !matches!(self.cell, Cell::None)
    }

    /// What it shows of a row.
    pub fn cell(&self, item: &T, address: &Address) -> AnyView {
        match self.cell {
            Cell::Text(text) => text(item).into_any(),
            Cell::View(view) => view(item, address),
            Cell::Time(at, show) => at(item).map_or_else(|| self.none.into_any(), show),
            Cell::None => ().into_any(),
        }
    }
}

#[cfg(feature = "ssr")]
impl<T> Column<T> {
    /// Its head in the file.
    pub fn file_head(&self) -> String {
        match self.file {
            File::Text(_) => self.head.label.to_owned(),
            File::Time(_) => format!("{} (UTC)", self.head.label),
        }
    }

    /// Its cell in the file.
    pub fn file_cell(&self, item: &T) -> String {
        match self.file {
            File::Text(text) => text(item),
            File::Time(at) => at(item).map_or_else(|| self.none.to_owned(), |at| at.format("%Y-%m-%d %H:%M:%S").to_string()),
        }
    }
}
