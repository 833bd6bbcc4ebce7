//! Jobs: work that a change made necessary, kept as rows so that no crash can lose it. Only what a job is, in which order jobs come and how
//! long one waits after a failure; running one is the engine's.

use chrono::Duration;

use super::text::string_enum;

string_enum! {
    /// What is to be done.
    JobKind {
        /// Give a request's target what the package gives. Subject: the request.
        Deliver = "deliver",
        /// Take back what an assignment gave, once its end has come. Subject: the assignment.
        End = "end",
        /// Give a package's new resource role to everyone who has it. Subject: the package's role.
        AddRole = "add_role",
        /// Take back roles that a package no longer gives. Subject: the package.
        RemoveRole = "remove_role",
        /// End all assignments of a package, then delete it. Subject: the package.
        EndPackage = "end_package",
        /// Remind, forward or expire what waits for a decision. Subject: the request.
        Approval = "approval",
        /// Find out anew who decides. Subject: the request.
        Approvers = "approvers",
        /// Begin or end a delegation. Subject: the delegation.
        Delegation = "delegation",
        /// Check or carry out the next rows of an import. Subject: the import.
        Import = "import",
    }
}

impl JobKind {
    /// The job in words, for the trail.
    pub fn label(self) -> &'static str {
        match self {
            Self::Deliver => "Delivery",
            Self::End => "Ending the access",
            Self::AddRole => "Giving a new role to everyone who has the package",
            Self::RemoveRole => "Taking back a role from everyone who has the package",
            Self::EndPackage => "Ending all assignments of the package",
            Self::Approval => "What its approval waits for",
            Self::Approvers => "Finding out who decides",
            Self::Delegation => "Beginning or ending a delegation",
            Self::Import => "The import of a file",
        }
    }
}

/// Tries before a job is given up and left for a person to see.
pub const ATTEMPTS_MAX: i64 = 10;

/// Grants that one batch of jobs gives or takes back, about: what is left waits for the next, so that nobody else waits long.
pub const BATCH_GRANTS: usize = 1_000;

/// How many of these sizes, in order, fit a batch of which `used` is taken: as many as fit, and always one if nothing is taken yet.
pub fn fitting(sizes: impl IntoIterator<Item = usize>, used: usize) -> usize {
    let mut sum = used;
    let mut count = 0;
    for size in sizes {
        if sum > 0 && sum + size > BATCH_GRANTS {
            break;
        }
        sum += size;
        count += 1;
    }
    count
}

/// How long to wait after this many failed tries: 5 seconds, doubled each time, an hour at the most.
pub fn backoff(attempts: i64) -> Duration {
    let doubled = 5_i64
        .checked_shl(u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0))
        .unwrap_or(i64::MAX);
    Duration::seconds(doubled.min(3_600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_an_hour() {
        let waits: Vec<i64> = [1, 2, 3, 10, 60].map(|n| backoff(n).num_seconds()).to_vec();
        assert_eq!(waits, [5, 10, 20, 2_560, 3_600]);
    }

    /// C16: a batch is bounded, but whatever the size of a job, it is done some time.
    #[test]
    fn a_batch_takes_what_fits_and_at_least_one() {
        assert_eq!(fitting([1, 1, 1], 0), 3);
        assert_eq!(fitting([600, 400, 1], 0), 2);
        assert_eq!(fitting([600, 400, 1], 1), 1);
        assert_eq!(fitting([5_000, 1], 0), 1);
        assert_eq!(fitting([5_000], 1), 0);
    }
}
