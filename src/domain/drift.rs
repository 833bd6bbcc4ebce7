//! Drift: where who holds a package's resource roles is no longer what the package has given: taken away by other ways, or given beside the
//! package.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{AssignmentId, Named, UserId};
use super::refusal::Permission;

/// People told of each kind at the most.
pub const TOLD_MAX: usize = 100;

/// A role that a package has given and its person does not hold any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// By which assignment it was given.
    pub assignment: AssignmentId,
    /// Who should hold it.
    pub user: Named<UserId>,
    /// Their sign-in name.
    pub user_name: String,
    /// `Member of Finance`.
    pub role: String,
}

/// A role of a package's resources that somebody holds without the package: given by hand, since the package gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// Who holds it.
    pub user: Named<UserId>,
    /// Their sign-in name.
    pub user_name: String,
    /// `Member of Finance`.
    pub role: String,
    /// Since when.
    #[serde(with = "super::when::instant")]
    pub since: DateTime<Utc>,
}

/// What differs from what a package has given, by the names of the people; a hundred of each kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// Taken away by other ways; Reprocess gives it back.
    pub missing: Vec<Missing>,
    /// There are more of them.
    pub more_missing: bool,
    /// Given beside the package.
    pub outside: Vec<Outside>,
    /// There are more of them.
    pub more_outside: bool,
    /// The reader may reprocess assignments.
    pub reprocess: Permission,
}

impl Drift {
    /// The assignments whose Reprocess gives back what is missing, each once.
    pub fn to_reprocess(&self) -> Vec<AssignmentId> {
        let mut ids: Vec<AssignmentId> = self.missing.iter().map(|missing| missing.assignment).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
