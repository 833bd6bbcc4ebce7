//! What a use case can answer instead of its result. The edge turns it into a status and words; here it is only told apart.

use thiserror::Error as ThisError;

use crate::domain::access::Refusal;
use crate::domain::audit::Change;
use crate::domain::odata::QueryFault;
use crate::domain::validate::{Code, FieldError, FieldErrors};
use crate::store::StoreError;
use crate::store::odata::ListFault;

/// Why a use case did not come about.
#[derive(Debug, ThisError)]
pub enum Error {
    /// The input has faults, each at its field.
    #[error("invalid input")]
    Invalid(FieldErrors),
    /// A rule refused.
    #[error("refused: {}", .0.reason)]
    Refused(Refusal),
    /// No such thing, or not for this actor to know of.
    #[error("not found")]
    NotFound,
    /// Changed since it was opened; the sentence says what.
    #[error("conflict: {0}")]
    Conflict(String),
    /// A list was asked for in a way that it cannot be.
    #[error(transparent)]
    Query(#[from] QueryFault),
    /// Too many tries; again in so many seconds.
    #[error("limited for {0} s")]
    Limited(u64),
    /// More work of this kind waits than is taken on; again in so many seconds.
    #[error("busy for {0} s")]
    Busy(u64),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Anything else that is ours to mend.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// One fault at one field.
    pub fn field(path: impl Into<String>, code: Code) -> Self {
        Self::Invalid(vec![FieldError::new(path, code)])
    }

    /// Someone else changed it first.
    pub fn changed(what: &str) -> Self {
        Self::Conflict(format!(
            "{what} was changed since you opened it. Reload to see the change, then try again."
        ))
    }

    /// The same, with who did and what they changed.
    pub fn changed_by(what: &str, who: &str, changes: &[Change]) -> Self {
        let now: Vec<String> = changes.iter().map(message).collect();
        let now = if now.is_empty() {
            String::new()
        } else {
            format!(": {}", now.join(", "))
        };
        Self::Conflict(format!(
            "{what} was changed since you opened it, last by {who}{now}. Reload to see the change, then try again."
        ))
    }

    /// A second open request that the unique index refused becomes a conflict in these words; anything else stays what it is.
    pub fn asked_already(text: &str) -> impl FnOnce(StoreError) -> Self {
        move |error| {
            if error.is_conflict_on("requests") {
                Self::Conflict(text.to_owned())
            } else {
                error.into()
            }
        }
    }

    /// A name that a unique index of `table` refused becomes a fault at its field; anything else stays what it is.
    pub fn taken_in(table: &'static str, path: &'static str) -> impl FnOnce(StoreError) -> Self {
        move |error| {
            if error.is_conflict_on(table) {
                Self::field(path, Code::Taken)
            } else {
                error.into()
            }
        }
    }
}

/// A change in a few words: `Description is now “For the spring campaign”`.
fn message(change: &Change) -> String {
    const SHOWN: usize = 60;
    let mut property = change.property.replace('_', " ");
    if let Some(first) = property.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let shown: String = change.new.chars().take(SHOWN).collect();
    match change.new.chars().count() {
        0 => format!("{property} is empty now"),
        count if count > SHOWN => format!("{property} is now “{shown}…”"),
        _ => format!("{property} is now “{shown}”"),
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ListFault> for Error {
    fn from(fault: ListFault) -> Self {
        match fault {
            ListFault::Query(fault) => fault.into(),
            ListFault::Store(error) => error.into(),
        }
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_tells_who_changed_what() {
        let long = "x".repeat(61);
        let changes: Vec<Change> = [
            Change::between("prior_membership", "keep", "remove"),
            Change::between("description", "old", ""),
            Change::between("Rule", "", long.as_str()),
        ]
        .into_iter()
        .flatten()
        .collect();
        let said = Error::changed_by("Marketing Campaign", "UserAdmin1", &changes).to_string();
        let expected = format!(
            "conflict: Marketing Campaign was changed since you opened it, last by UserAdmin1: Prior membership is now “remove”, Description \
             is empty now, Rule is now “{}…”. Reload to see the change, then try again.",
            "x".repeat(60)
        );
        assert_eq!(said, expected);
    }
}
