//! How often something may fail: an even rate with some room for a burst, counted for each key. Only failures count, and only once they
//! have happened: a try on its way is nobody's failure yet, so nobody can use up another's tries by keeping many on their way.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// Keys kept before those that have recovered are thrown away.
const KEYS_KEPT: usize = 4_096;

/// A limit of so many tries within a span, for each key (the generic cell rate algorithm).
pub struct Limit<K> {
    /// What one try costs: the time until it is forgotten.
    cost: Duration,
    span: Duration,
    /// For each key the instant at which all of its tries are forgotten.
    until: Mutex<HashMap<K, DateTime<Utc>>>,
}

impl<K: Hash + Eq> Limit<K> {
    /// `tries` within `span`.
    pub fn new(tries: u32, span: Duration) -> Self {
        Self {
            cost: span / i32::try_from(tries.max(1)).unwrap_or(i32::MAX),
            span,
            until: Mutex::default(),
        }
    }

    /// Whether one more failure would be within the limit at `now`, or the seconds to wait.
    pub fn check(&self, key: &K, now: DateTime<Utc>) -> Result<(), u64> {
        let until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let at = until.get(key).copied().unwrap_or(now);
        let over = at.max(now) + self.cost - now - self.span;
        if over > Duration::zero() {
            return Err(u64::try_from(over.num_seconds()).unwrap_or_default() + 1);
        }
        Ok(())
    }

    /// Counts a failure at `now`. Those beyond the limit, which were on their way together, do not make the wait longer.
    pub fn count(&self, key: K, now: DateTime<Utc>) {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.len() >= KEYS_KEPT {
            until.retain(|_, at| *at > now);
        }
        let at = until.entry(key).or_insert(now);
        *at = ((*at).max(now) + self.cost).min(now + self.span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_followed_by_a_wait_that_tells_its_length() {
        let limit = Limit::new(3, Duration::minutes(5));
        let start: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().expect("an instant");
        for _ in 0..3 {
            assert_eq!(limit.check(&"a", start), Ok(()));
            limit.count("a", start);
        }
        let wait = limit.check(&"a", start).expect_err("over the limit");
        assert!((100..=101).contains(&wait), "{wait}");
        assert_eq!(limit.check(&"b", start), Ok(()));
        assert_eq!(limit.check(&"a", start + Duration::seconds(wait.cast_signed())), Ok(()));
    }

    // B1: tries that succeed, or have not failed yet, use up nothing.
    #[test]
    fn only_failures_count_and_never_beyond_the_span() {
        let limit = Limit::new(2, Duration::minutes(5));
        let now = DateTime::UNIX_EPOCH;
        for _ in 0..10 {
            assert_eq!(limit.check(&"a", now), Ok(()));
        }
        for _ in 0..10 {
            limit.count("a", now);
        }
        let wait = limit.check(&"a", now).expect_err("over the limit");
        assert!(wait <= 151, "{wait}");
    }
}
