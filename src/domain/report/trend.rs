//! How things stand, and how they went over the last weeks.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::id::{Named, PackageId, RequestId, UserId};

use super::AccessItem;

/// Weeks of a trend.
pub const WEEKS: usize = 12;

/// What the home of Identity Governance shows of the catalogs that its reader sees. Counts stop at a bound, which they then name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Requests that wait for a decision.
    pub waiting: i64,
    /// The first of them.
    pub first_waiting: Vec<Failure>,
    /// Assignments that end within 14 days.
    pub ending: i64,
    /// The first of them.
    pub first_ending: Vec<AccessItem>,
    /// Requests whose delivery failed, in part or in whole.
    pub failed: i64,
    /// The latest of them.
    pub failures: Vec<Failure>,
    /// Work that was given up; for those who see all.
    pub given_up: Option<i64>,
    /// Messages that could not be sent; for those who see all.
    pub unsent: Option<i64>,
    /// The last weeks.
    pub trend: Trend,
    /// Counts stop here.
    pub bound: i64,
}

/// A request that needs somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The request.
    pub id: RequestId,
    /// For whom.
    pub user: Named<UserId>,
    /// Of which package.
    pub package: Named<PackageId>,
    /// Why it stands where it does; may be blank.
    pub status: String,
    /// When it was made.
    #[serde(with = "crate::domain::when::instant")]
    pub at: DateTime<Utc>,
}

/// Weekly figures, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    /// When each week ended; the last one is now.
    pub ends: Vec<Instant>,
    /// Requests to have something, made in the week.
    pub requests: Vec<i64>,
    /// Assignments at the end of the week.
    pub active: Vec<i64>,
}

/// An instant in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instant(#[serde(with = "crate::domain::when::instant")] pub DateTime<Utc>);

/// Beginning and end of each week up to `now`, oldest first.
pub fn weeks(now: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let end = |back: usize| now - Duration::days(7 * back as i64);
    (0..WEEKS).rev().map(|back| (end(back + 1), end(back))).collect()
}

/// How many were active at the end of each week, from how many are now and how many began and ended in each; oldest first.
pub fn active_before(now: i64, began: &[i64], ended: &[i64]) -> Vec<i64> {
    let mut active = Vec::with_capacity(began.len());
    let mut at = now;
    for (began, ended) in began.iter().zip(ended).rev() {
        active.push(at.max(0));
        at += ended - began;
    }
    active.reverse();
    active
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_follow_on_each_other_up_to_now() {
        let now = DateTime::UNIX_EPOCH + Duration::days(1_000);
        let weeks = weeks(now);
        assert_eq!((weeks.len(), weeks[WEEKS - 1].1), (WEEKS, now));
        assert!(weeks.windows(2).all(|pair| pair[0].1 == pair[1].0));
    }

    #[test]
    fn what_was_active_is_reckoned_back_from_now() {
        assert_eq!(active_before(5, &[3, 2, 4], &[0, 1, 3]), [3, 4, 5]);
    }
}
