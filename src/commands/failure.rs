//! Why a command failed: one line for the operator, and an exit code for scripts.

use woodgate::config::BadSetting;
use woodgate::domain::message;
use woodgate::service::Error;
use woodgate::store::StoreError;

/// Why a command did not come about.
pub enum Failure {
    Setting(BadSetting),
    Address(String),
    Database(String),
    NewerDatabase(String),
    Books(String),
    Trail(String),
    Other(String),
}

impl Failure {
    /// The exit code and the line.
    pub fn message(self) -> (u8, String) {
        match self {
            Self::Other(text) => (1, text),
            Self::Setting(setting) => (3, setting.to_string()),
            Self::Address(text) => (4, text),
            Self::Database(text) => (5, text),
            Self::NewerDatabase(text) => (6, text),
            Self::Books(text) => (7, text),
            Self::Trail(text) => (8, text),
        }
    }
}

impl From<BadSetting> for Failure {
    fn from(setting: BadSetting) -> Self {
        Self::Setting(setting)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Newer(_) => Self::NewerDatabase(error.to_string()),
            error => Self::Database(error.to_string()),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(error) => error.into(),
            Error::Invalid(errors) => {
                let said = errors.iter().map(|error| {
                    let label = format!("--{}", error.path.replace('_', "-"));
                    format!("{}: {}", error.path.replace('_', " "), message::text(&error.code, &label))
                });
                Self::Other(said.collect::<Vec<_>>().join(" "))
            }
            error => Self::Other(error.to_string()),
        }
    }
}
