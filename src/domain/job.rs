//! Jobs: work that a change made necessary, kept as rows so that no crash can lose it. Only what a job is and how long it waits after
//! a failure; running one is the engine's.

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
    }
}

/// Tries before a job is given up and left for a person to see.
pub const ATTEMPTS_MAX: i64 = 10;

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
}
