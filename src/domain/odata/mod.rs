//! The query language of the API (OData 4.0, as far as Microsoft Graph's clients use it): filters, selections, expansions, orders and
//! pages, read into types with a precise fault for what cannot be read. Knows no property and no SQL; what a name stands for is the
//! store's to say.

mod filter;
mod lexer;
mod options;
mod parser;
pub mod scalar;
mod search;

use std::fmt;

pub use filter::{Compare, Filter, Literal, TextMatch};
pub use options::{Expand, ListQuery, OrderBy, QueryOptions};
pub use parser::parse_filter;
pub use search::parse_search;

use super::page::Direction;

/// The longest text of one query option, in bytes.
pub const OPTION_MAX: usize = 8_192;

/// Why a query option could not be taken, in words for whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryFault {
    /// The option, such as `$filter`.
    pub option: &'static str,
    /// What is wrong.
    pub message: String,
    /// At which character, counted from one, where that helps.
    pub at: Option<usize>,
}

impl QueryFault {
    /// A fault of a whole option.
    pub fn new(option: &'static str, message: impl Into<String>) -> Self {
        Self {
            option,
            message: message.into(),
            at: None,
        }
    }

    /// A fault at a character of an option, counted from one.
    pub fn at(option: &'static str, at: usize, message: impl Into<String>) -> Self {
        Self {
            at: Some(at),
            ..Self::new(option, message)
        }
    }
}

impl fmt::Display for QueryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{}, character {at}: {}", self.option, self.message),
            None => write!(f, "{}: {}", self.option, self.message),
        }
    }
}

impl std::error::Error for QueryFault {}

#[cfg(test)]
mod tests;
