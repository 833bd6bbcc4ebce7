//! What a person has let a client do in their name, as they are shown it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::id::{ClientId, Named};

/// A client that may act for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentItem {
    /// Which.
    pub client: Named<ClientId>,
    /// What it is for, or empty.
    pub description: String,
    /// What it may do, in words.
    pub permissions: Vec<String>,
    /// It stays signed in until somebody ends that.
    pub offline: bool,
    /// It is signed in for them now.
    pub signed_in: bool,
    /// Since when they let it.
    #[serde(with = "crate::domain::when::instant")]
    pub since: DateTime<Utc>,
    /// When it last called for them, to the minute.
    #[serde(with = "crate::domain::when::maybe_instant")]
    pub last_used_at: Option<DateTime<Utc>>,
}
