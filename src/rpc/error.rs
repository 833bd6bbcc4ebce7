//! The one error that crosses from server to page, and the one place that decides its HTTP status and its words.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::domain::access::Refusal;
use crate::domain::validate::FieldError;

/// Why a call did not come about, as a page may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Faults, each at its field.
    Invalid(Vec<FieldError>),
    /// A rule refused, with its reason.
    Refused(Refusal),
    /// No such thing.
    NotFound,
    /// Changed meanwhile; the sentence says what.
    Conflict(String),
    /// Too many tries; again in so many seconds.
    Limited(u64),
    /// More work waits than the server takes on; again in so many seconds.
    Busy(u64),
    /// Nobody is signed in, or the session is over.
    SignedOut,
    /// Ours to mend; the trace id is in the log.
    Internal(String),
    /// The server did not answer.
    Offline,
}

impl AppError {
    /// A page and a server of two versions.
    pub fn not_understood() -> Self {
        Self::Conflict("The page and the server do not understand each other; the server may have been upgraded. Reload the page.".into())
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) => 422,
            Self::Refused(_) => 403,
            Self::NotFound => 404,
            Self::Conflict(_) => 409,
            Self::Limited(_) => 429,
            Self::SignedOut => 401,
            Self::Internal(_) => 500,
            Self::Busy(_) | Self::Offline => 503,
        }
    }

    /// The error behind a status that came without words of ours.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::SignedOut,
            429 => Self::Limited(60),
            502..=504 => Self::Offline,
            500.. => Self::Internal("-".into()),
            _ => Self::not_understood(),
        }
    }

    /// A sentence or two for a person.
    pub fn text(&self) -> String {
        match self {
            Self::Invalid(_) => "Some fields need another look.".into(),
            Self::Refused(refusal) => refusal.reason.clone(),
            Self::NotFound => "This is not here. It may have been deleted, or the link is incomplete.".into(),
            Self::Conflict(text) => text.clone(),
            Self::Limited(seconds) => format!("Too many tries. Wait {seconds} seconds, then try again."),
            Self::Busy(seconds) => format!("The server has much to do just now. Wait {seconds} seconds, then try again."),
            Self::SignedOut => "Your session is over. Sign in again to go on.".into(),
            Self::Internal(trace) => {
                format!("Something went wrong on our side. Try again; if it stays, tell your administrator this number: {trace}")
            }
            Self::Offline => "The server can't be reached. Check your connection; nothing was lost.".into(),
        }
    }

    /// The faults at fields, if it is about input.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            _ => &[],
        }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => Self::not_understood(),
            _ => Self::Internal("-".into()),
        }
    }
}
