//! What is answered instead of a token (RFC 6749, section 5.2; RFC 8628, section 3.5).

use crate::domain::access::Refusal;
use crate::service::Error;
use crate::store::StoreError;

/// An error in the words of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// Such as `invalid_client`.
    pub code: &'static str,
    /// What is wrong, and what to do.
    pub description: String,
}

impl OAuthError {
    /// An error with its sentence.
    pub fn new(code: &'static str, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
        }
    }

    /// Something is missing or written in a way that cannot be read.
    pub fn request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    /// A code or refresh token that does not serve.
    pub fn grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    /// The client is not who it says.
    pub fn client() -> Self {
        let text = "There is no such client, or its secret or assertion is not right or has ended. Check the application id, and the \
                    client's secrets and keys in the admin area.";
        Self::new("invalid_client", text)
    }
}

/// Why there is no token.
#[derive(Debug)]
pub enum Failure {
    /// The caller's to mend.
    OAuth(OAuthError),
    /// Too many tries; again in so many seconds.
    Limited(u64),
    /// Ours to mend, or refused by a rule.
    Other(Error),
}

impl From<OAuthError> for Failure {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Limited(seconds) => Self::Limited(seconds),
            other => Self::Other(other),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Other(error.into())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Other(refusal.into())
    }
}
