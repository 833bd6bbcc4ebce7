//! Grants: each resource role that an assignment gives, and how far its delivery has come.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::text::string_enum;

string_enum! {
    /// How far one grant has come.
    GrantState {
        /// To be given.
        Pending = "pending",
        /// Given.
        Granted = "granted",
        /// Could not be given; `error` says why.
        Failed = "failed",
        /// Taken back.
        Revoked = "revoked",
    }
}

/// Delivery of one resource role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantItem {
    /// The object's name.
    pub object: String,
    /// The role's name.
    pub role: String,
    /// How far it has come.
    pub state: GrantState,
    /// Why it failed, or empty.
    pub error: String,
    /// When it was given.
    #[serde(with = "super::when::maybe_instant")]
    pub granted_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    #[serde(with = "super::when::maybe_instant")]
    pub revoked_at: Option<DateTime<Utc>>,
}
