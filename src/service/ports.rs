//! What services need from outside: time, ids, secrets, password hashing, a knock at the worker's door. The real ones are small and
//! stand here too, being the only place where the system's clock and randomness may be asked.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use uuid::Uuid;

use crate::domain::mail::Mail;

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
    /// The same at the door of who sends mails.
    fn wake_mail(&self) {}
}

/// A mail on its way out.
#[derive(Clone, Debug)]
pub struct OutgoingMail {
    /// The same whenever this mail is sent again.
    pub id: Uuid,
    /// The name of who gets it.
    pub name: String,
    /// Their address.
    pub address: String,
    /// What it says.
    pub mail: Mail,
    /// When it is sent.
    pub at: DateTime<Utc>,
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The mail server cannot be reached or used, so no other mail would go through either.
    Unreachable(String),
    /// Not now.
    Later(String),
    /// Never.
    Never {
        /// What the server said.
        reason: String,
        /// It is the address that is refused, not this mail.
        bad_address: bool,
    },
}

impl SendError {
    /// What to tell.
    pub fn reason(&self) -> &str {
        match self {
            Self::Unreachable(reason) | Self::Later(reason) | Self::Never { reason, .. } => reason,
        }
    }
}

/// Sends mails.
#[async_trait]
pub trait MailSender: Send + Sync {
    /// Sends one, or says why it could not be sent.
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError>;
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

/// Ids and secrets from the system's randomness. Ids of one process rise, also within a millisecond, so that rows written together
/// keep their order: 12 bits after the time count (RFC 9562, section 6.2, method 1).
#[derive(Default)]
pub struct SystemIds {
    last: AtomicU64,
}

impl Ids for SystemIds {
    fn id(&self, now: DateTime<Utc>) -> Uuid {
        let tick = u64::try_from(now.timestamp_millis()).unwrap_or_default() << 12;
        let next = |last: u64| Some(tick.max(last + 1));
        let last = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(tick);
        let stamp = tick.max(last + 1);
        let [count_high, count_low] = u16::try_from(stamp & 0xFFF).unwrap_or_default().to_be_bytes();
        let mut tail = random::<10>();
        (tail[0], tail[1]) = (count_high, count_low);
        uuid::Builder::from_unix_timestamp_millis(stamp >> 12, &tail).into_uuid()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_in_one_instant_rise() {
        let ids = SystemIds::default();
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let made: Vec<Uuid> = (0..10_000).map(|_| ids.id(now)).collect();
        assert!(made.is_sorted() && made.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(made[0].get_version_num(), 7);
    }
}
