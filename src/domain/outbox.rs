//! The outbox: messages to the outside, written in the transaction that made them necessary and sent afterwards. Only what a message is
//! and how long it waits; sending one is a port of the services.

use chrono::{DateTime, Duration, Utc};

use super::job::backoff;
use super::text::string_enum;

string_enum! {
    /// Which way a message goes.
    OutboxKind {
        /// A mail.
        Mail = "mail",
        /// A call to an address of the administrators' own.
        Webhook = "webhook",
    }
}

string_enum! {
    /// How far a message has come.
    OutboxState {
        /// To be sent.
        Waiting = "waiting",
        /// Sent.
        Sent = "sent",
        /// Given up after too many failures.
        Failed = "failed",
    }
}

/// Tries before a message is given up and left for a person to see: about two days.
pub const ATTEMPTS_MAX: i64 = 56;

/// How long a sender holds a message at the most. Longer than any try lasts.
pub fn lease() -> Duration {
    Duration::minutes(5)
}

/// What becomes of a message when so many tries have failed: it waits until this instant, or is given up.
pub fn after_failure(attempts: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (attempts < ATTEMPTS_MAX).then(|| now + backoff(attempts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_for_two_days_and_then_given_up() {
        let mut at = DateTime::UNIX_EPOCH;
        let mut tries = 1;
        while let Some(next) = after_failure(tries, at) {
            at = next;
            tries += 1;
        }
        let days = (at - DateTime::UNIX_EPOCH).num_hours();
        assert!((40..=60).contains(&days), "{days} hours");
    }
}
