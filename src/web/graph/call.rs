//! What a handler is given: who calls, what of, and how the answer is to be cut. It is kept whole, since a call that the database broke off
//! runs again from its beginning.

use std::str::FromStr;

use super::body::Body;
use super::fault::Fault;
use super::route::{Matched, Route};
use crate::domain::access::Principal;
use crate::domain::odata::QueryOptions;
use crate::service::App;
use crate::web::meter::Meter;

/// Which of the two shapes a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `/v1.0`.
    V1,
    /// `/beta`.
    Beta,
}

impl Version {
    /// As it stands in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

/// Which version of a thing a change is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// Whichever there is.
    Any,
    /// This one alone.
    Version(i64),
    /// One that cannot be read, so no thing has it.
    Unknown,
}

/// One call.
pub struct Call {
    /// The application.
    pub app: App,
    /// Who calls.
    pub actor: Principal,
    /// Which shape they speak.
    pub version: Version,
    /// The row of the table that was found.
    pub route: &'static Route,
    /// The keys and arguments of the path.
    pub matched: Matched,
    /// Scheme, host and version, as the client reached us, such as `https://host/v1.0`.
    pub base: String,
    /// The path behind the version, without slashes at its ends.
    pub path: String,
    /// The set that the path names, for `@odata.context`.
    pub set: String,
    /// The query as it was sent.
    pub query: String,
    /// Its pairs.
    pub pairs: Vec<(String, String)>,
    /// The options among them.
    pub options: QueryOptions,
    /// Only the number of the rows is asked for.
    pub counts_only: bool,
    /// What was sent.
    pub body: Body,
    /// The version that a change is meant for.
    pub if_match: IfMatch,
    /// The language that the client asks for before all others, or empty.
    pub language: String,
    /// Counts further calls of who calls, as those within one; none where there is no token.
    pub meter: Option<Meter>,
}

impl Call {
    /// A key of the path as an id. What is no id names nothing.
    pub fn id<I: FromStr>(&self, at: usize) -> Result<I, Fault> {
        self.key(at).parse().map_err(|_| Fault::not_found())
    }

    /// A key of the path, or nothing.
    pub fn key(&self, at: usize) -> &str {
        self.matched.keys.get(at).map(String::as_str).unwrap_or_default()
    }

    /// An argument of a function by its name.
    pub fn argument(&self, name: &str) -> Option<&str> {
        let found = self.matched.arguments.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// A value of the query that is no option, such as `@id`.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self
            .pairs
            .iter()
            .find(|(known, _)| known.trim_start_matches('$').eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// What is asked of a related thing, if it is to be shown.
    pub fn expanded(&self, name: &str) -> Option<&QueryOptions> {
        self.options.expanded(name)
    }

    /// The version to change, which is the current one unless the client named one.
    pub fn version_of(&self, current: i64) -> Result<i64, Fault> {
        match self.if_match {
            IfMatch::Any => Ok(current),
            IfMatch::Version(asked) if asked == current => Ok(current),
            IfMatch::Version(_) | IfMatch::Unknown => Err(Fault::changed()),
        }
    }
}
