//! How often something may be tried: an even rate with some room for a burst, counted for each key. A try is booked before it is made
//! and given back if it was honest, so many at once cannot slip through and people who sign in rightly never meet the limit.

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

    /// Books a try at `now`, or gives the seconds to wait.
    pub fn book(&self, key: K, now: DateTime<Utc>) -> Result<(), u64> {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.len() >= KEYS_KEPT {
            until.retain(|_, at| *at > now);
        }
        let at = until.entry(key).or_insert(now);
        let booked = (*at).max(now) + self.cost;
        let over = booked - now - self.span;
        if over > Duration::zero() {
            return Err(u64::try_from(over.num_seconds()).unwrap_or_default() + 1);
        }
        *at = booked;
        Ok(())
    }

    /// Takes a booked try back.
    pub fn give_back(&self, key: &K) {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = until.get_mut(key) {
            *at -= self.cost;
        }
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
            assert_eq!(limit.book("a", start), Ok(()));
        }
        let wait = limit.book("a", start).expect_err("over the limit");
        assert!((100..=101).contains(&wait), "{wait}");
        assert_eq!(limit.book("b", start), Ok(()));
        assert_eq!(limit.book("a", start + Duration::seconds(wait.cast_signed())), Ok(()));
    }

    #[test]
    fn what_is_given_back_does_not_count() {
        let limit = Limit::new(1, Duration::minutes(5));
        let now = DateTime::UNIX_EPOCH;
        for _ in 0..10 {
            assert_eq!(limit.book("a", now), Ok(()));
            limit.give_back(&"a");
        }
        assert_eq!(limit.book("a", now), Ok(()));
        assert!(limit.book("a", now).is_err());
    }
}
