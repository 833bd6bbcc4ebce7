//! Why a call did not come about, in Graph's shape, and the one place where a service's error becomes a status.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::answer::Ids;
use super::body::BodyFault;
use crate::domain::access::Refusal;
use crate::domain::message;
use crate::domain::odata::QueryFault;
use crate::domain::validate::{Code, FieldError, FieldErrors};
use crate::service::Error;

/// Rules that say who may do something; what other rules refuse is about the state of things.
const ABOUT_THE_CALLER: &[&str] = &[
    "needs-role",
    "needs-user",
    "needs-control",
    "needs-permission",
    "password-change-due",
    "above-own-role",
    "not-approver",
    "not-asked",
];
/// Rules by which something was done before.
const DONE_BEFORE: &[&str] = &["decided", "already-decided", "stage-decided"];

/// A fault of a part of what was sent.
#[derive(Clone, Debug)]
pub struct Detail {
    /// Which kind of fault.
    pub code: String,
    /// In words.
    pub message: String,
    /// The property.
    pub target: String,
}

/// Why a call did not come about.
#[derive(Debug)]
pub struct Fault {
    /// The status.
    pub status: StatusCode,
    /// The code, which says the same in a word.
    pub code: &'static str,
    /// For whoever wrote the client.
    pub message: Box<str>,
    /// The property that it is about.
    pub target: Option<Box<str>>,
    /// Faults of single properties.
    pub details: Box<[Detail]>,
    /// Again in so many seconds.
    pub retry_after: Option<u64>,
    /// The methods that there are instead.
    pub allow: Box<[&'static str]>,
    /// The rule that refused.
    pub refusal: Option<Box<Refusal>>,
    /// What is ours to mend, for the log alone.
    pub cause: Option<Box<Error>>,
}

impl Fault {
    /// A fault with its status, code and words.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into().into_boxed_str(),
            target: None,
            details: Box::default(),
            retry_after: None,
            allow: Box::default(),
            refusal: None,
            cause: None,
        }
    }

    /// What was sent cannot be taken.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// A property of what was sent cannot be taken.
    pub fn at(target: &str, message: impl Into<String>) -> Self {
        Self {
            target: Some(target.into()),
            ..Self::bad(message)
        }
    }

    /// No such thing, or not for this caller to know of.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            "There is no such thing, or you may not see it. Check its id.",
        )
    }

    /// There is nothing at this address at all.
    pub fn no_address(path: &str) -> Self {
        let message = format!("There is no address {path} here. See $metadata and the list of operations.");
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFound", message)
    }

    /// Nobody is known by what the call carries.
    pub fn unauthenticated() -> Self {
        let message = "The call carries no access token that is valid. Get one and send it as Authorization: Bearer.";
        Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
    }

    /// The thing is not the version that was named.
    pub fn changed() -> Self {
        let message = "This was changed since the version that If-Match names. Read it again, then repeat the change.";
        Self::new(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message)
    }

    /// The address is there, with other methods.
    pub fn method(allow: Vec<&'static str>) -> Self {
        let message = format!("This address takes {}.", allow.join(", "));
        Self {
            allow: allow.into_boxed_slice(),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
        }
    }

    /// More was sent than is taken.
    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            "The body is longer than this takes. Send less at once.",
        )
    }

    /// The caller has called too often, and has to wait so many seconds.
    pub fn too_often(seconds: u64) -> Self {
        let message = format!("This caller has called too often. Try again in {seconds} seconds.");
        Self {
            retry_after: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        }
    }

    /// The server did not get done in time.
    pub fn too_slow() -> Self {
        let message = "The server was too busy to answer in time. Try again in a few seconds.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message)
    }

    /// What is ours to mend.
    pub fn internal() -> Self {
        let message = "Something went wrong on the server. Try again; if it stays, tell your administrator the request-id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", message)
    }

    /// The fault of a service's error, with the properties by the names that the API has for them.
    pub fn renamed(error: Error, names: &[(&str, &str)]) -> Self {
        let Error::Invalid(errors) = error else { return error.into() };
        let renamed = errors.into_iter().map(|error| {
            let name = names.iter().find(|(own, _)| *own == error.path);
            FieldError::new(name.map_or(error.path.as_str(), |(_, name)| name), error.code)
        });
        Self::invalid(renamed.collect())
    }

    fn invalid(errors: FieldErrors) -> Self {
        let details = errors.into_iter().map(|error| Detail {
            message: message::text(&error.code, &error.path),
            code: word(&error.code),
            target: error.path,
        });
        Self::detailed(details.collect())
    }

    fn detailed(details: Vec<Detail>) -> Self {
        let message = match details.as_slice() {
            [one] => format!("{}: {}", one.target, one.message),
            _ => "Some properties cannot be taken; details names each of them.".to_owned(),
        };
        Self {
            target: details
                .first()
                .filter(|_| details.len() == 1)
                .map(|detail| detail.target.as_str().into()),
            details: details.into_boxed_slice(),
            ..Self::bad(message)
        }
    }

    fn refused(refusal: Refusal) -> Self {
        let rule = refusal.rule.as_str();
        let (status, code) = if ABOUT_THE_CALLER.contains(&rule) {
            (StatusCode::FORBIDDEN, "Forbidden")
        } else if DONE_BEFORE.contains(&rule) {
            (StatusCode::CONFLICT, "Conflict")
        } else {
            (StatusCode::BAD_REQUEST, "BadRequest")
        };
        Self {
            refusal: Some(Box::new(refusal.clone())),
            ..Self::new(status, code, refusal.reason)
        }
    }

    /// Whether the database broke the call off for the sake of another, so that it may be done again.
    pub fn is_transient(&self) -> bool {
        matches!(self.cause.as_deref(), Some(Error::Store(error)) if error.is_transient())
    }

    /// The code as the directory's own addresses have it.
    fn code(&self, directory: bool) -> &'static str {
        match self.code {
            "BadRequest" if directory => "Request_BadRequest",
            "Forbidden" if directory => "Authorization_RequestDenied",
            "ResourceNotFound" if directory => "Request_ResourceNotFound",
            code => code,
        }
    }

    /// In Graph's shape. `directory`: it is about users and groups.
    pub fn json(&self, directory: bool, ids: &Ids) -> Value {
        let mut error = json!({
            "code": self.code(directory),
            "message": self.message,
            "innerError": { "date": ids.date, "request-id": ids.request, "client-request-id": ids.client },
        });
        if let Some(target) = &self.target {
            error["target"] = json!(target);
        }
        if !self.details.is_empty() {
            let details = self.details.iter();
            error["details"] = details
                .map(|detail| json!({ "code": detail.code, "message": detail.message, "target": detail.target }))
                .collect();
        }
        json!({ "error": error })
    }
}

/// The kind of a fault as a word, such as `tooLong`.
fn word(code: &Code) -> String {
    match serde_json::to_value(code) {
        Ok(Value::String(word)) => word,
        Ok(Value::Object(map)) => map.keys().next().cloned().unwrap_or_default(),
        _ => "invalid".to_owned(),
    }
}

impl From<Vec<BodyFault>> for Fault {
    fn from(faults: Vec<BodyFault>) -> Self {
        let details = faults.into_iter().map(|fault| Detail {
            code: "invalid".to_owned(),
            message: fault.message,
            target: fault.target,
        });
        Self::detailed(details.collect())
    }
}

impl From<QueryFault> for Fault {
    fn from(fault: QueryFault) -> Self {
        Self {
            target: Some(fault.option.into()),
            ..Self::bad(fault.to_string())
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let later = |status, code, message, seconds| Self {
            retry_after: Some(seconds),
            ..Self::new(status, code, message)
        };
        match error {
            Error::Invalid(errors) => Self::invalid(errors),
            Error::Refused(refusal) => Self::refused(refusal),
            Error::NotFound => Self::not_found(),
            Error::Conflict(text) => Self::new(StatusCode::CONFLICT, "Conflict", text),
            Error::Query(fault) => fault.into(),
            Error::Limited(seconds) => later(
                StatusCode::TOO_MANY_REQUESTS,
                "TooManyRequests",
                "Too many calls. Wait as long as Retry-After says.",
                seconds,
            ),
            Error::Busy(seconds) => later(
                StatusCode::SERVICE_UNAVAILABLE,
                "ServiceUnavailable",
                "The server has much to do. Wait as long as Retry-After says.",
                seconds,
            ),
            cause @ (Error::Store(_) | Error::Internal(_)) => Self {
                cause: Some(Box::new(cause)),
                ..Self::internal()
            },
        }
    }
}
