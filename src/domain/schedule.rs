//! Schedules: what is done again and again, once each time, whichever copy of the product is up.

use chrono::{DateTime, Duration, Utc};

use super::text::string_enum;

string_enum! {
    /// What is done again and again.
    ScheduleName {
        /// Sessions, codes and tokens that are over are thrown away; a key that tokens are signed with gets its successor.
        CleanUp = "clean_up",
        /// Accounts that can no longer be restored are erased.
        EraseDeleted = "erase_deleted",
        /// People are told that their access ends soon.
        RemindOfEnds = "remind_of_ends",
        /// Approvers are told once a day what waits for them.
        Digest = "digest",
        /// What was refused again and again is written into the trail as a number.
        Refusals = "refusals",
        /// Governed guests without access are blocked, and deleted some days later.
        ExternalUsers = "external_users",
    }
}

impl ScheduleName {
    /// How long from one time to the next.
    pub fn period(self) -> Duration {
        match self {
            Self::CleanUp | Self::EraseDeleted | Self::RemindOfEnds | Self::Digest | Self::Refusals | Self::ExternalUsers => {
                Duration::hours(1)
            }
        }
    }

    /// How long a copy may take over it before another does it in its place.
    pub fn lease(self) -> Duration {
        Duration::minutes(10)
    }

    /// When it is due again after it was due at `due` and done at `now`. What was missed while no copy was up is not made up for.
    pub fn next(self, due: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let next = due + self.period();
        if next > now { next } else { now + self.period() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_was_missed_is_not_made_up_for() {
        let at = |hours: i64, minutes: i64| DateTime::UNIX_EPOCH + Duration::hours(hours) + Duration::minutes(minutes);
        assert_eq!(ScheduleName::CleanUp.next(at(1, 0), at(1, 3)), at(2, 0));
        assert_eq!(ScheduleName::CleanUp.next(at(1, 0), at(9, 3)), at(10, 3));
    }
}
