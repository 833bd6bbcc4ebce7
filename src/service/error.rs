//! What a use case can answer instead of its result. The edge turns it into a status and words; here it is only told apart.

use thiserror::Error as ThisError;

use crate::domain::access::Refusal;
use crate::domain::validate::{Code, FieldError, FieldErrors};
use crate::store::StoreError;

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
    /// Too many tries; again in so many seconds.
    #[error("limited for {0} s")]
    Limited(u64),
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

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
