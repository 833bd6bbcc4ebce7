//! What services need from outside: time, ids, secrets, password hashing, a knock at the worker's door. The real ones are small and
//! stand here too, being the only place where the system's clock and randomness may be asked.

use async_trait::async_trait;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use uuid::Uuid;

/// The time.
pub trait Clock: Send + Sync {
    /// Now, cut to microseconds so that both databases give back what they were given.
    fn now(&self) -> DateTime<Utc>;
}

/// New identifiers and secrets.
pub trait Ids: Send + Sync {
    /// A UUIDv7 for a row made at `now`.
    fn id(&self, now: DateTime<Utc>) -> Uuid;
    /// 32 random bytes, in hex.
    fn secret(&self) -> String;
}

/// Hashing of passwords, off the async threads.
#[async_trait]
pub trait Passwords: Send + Sync {
    /// The PHC string of a password.
    async fn hash(&self, password: String) -> Result<String, super::Error>;
    /// Whether a password fits a PHC string; `None` takes the same time and says no.
    async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, super::Error>;
}

/// Tells the worker that a job is due.
pub trait Wake: Send + Sync {
    /// Knocks; never waits.
    fn wake(&self);
}

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }
}

/// Ids and secrets from the system's randomness.
pub struct SystemIds;

impl Ids for SystemIds {
    fn id(&self, now: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random()).into_uuid()
    }

    fn secret(&self) -> String {
        random::<32>().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
fn random<const N: usize>() -> [u8; N] {
    use rand::Rng;
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}
