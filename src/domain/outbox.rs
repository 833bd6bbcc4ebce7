//! The outbox: messages to the outside, written in the transaction that made them necessary and sent afterwards. Only what a message is
//! and how long it waits; sending one is a port of the services.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::id::{MessageId, Named, SuppressionId, UserId};
use super::job::backoff;
use super::notification::NotificationKind;
use super::page::PageQuery;
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
        /// Given up, after too many failures or because it can never arrive.
        Failed = "failed",
        /// Not sent at all, for the reason that stands beside it.
        Suppressed = "suppressed",
    }
}

impl OutboxState {
    /// The state in a word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Sent => "Sent",
            Self::Failed => "Failed",
            Self::Suppressed => "Suppressed",
        }
    }
}

/// What the daily mail to approvers is about, where others name a kind of notification.
pub const DIGEST: &str = "digest";

/// What a mail with a sign-in link is about; its message names the link so, too.
pub const SIGN_IN_LINK: &str = "sign_in_link";

/// What a mail is about, in words: a kind of notification, the daily mail, or a sign-in link.
pub fn about(word: &str) -> &'static str {
    match word.parse::<NotificationKind>() {
        Ok(kind) => kind.label(),
        Err(_) if word == DIGEST => "Daily mail to approvers",
        Err(_) if word == SIGN_IN_LINK => "Sign-in link",
        Err(_) => "Mail",
    }
}

string_enum! {
    /// The choices of the state filter over mails.
    MailFilter {
        /// Every mail.
        All = "all",
        /// To be sent.
        Waiting = "waiting",
        /// Sent.
        Sent = "sent",
        /// Given up.
        Failed = "failed",
        /// Not sent, for a reason.
        Suppressed = "suppressed",
    }
}

impl MailFilter {
    /// The state that passes; `None`: all do.
    pub fn state(self) -> Option<OutboxState> {
        match self {
            Self::All => None,
            Self::Waiting => Some(OutboxState::Waiting),
            Self::Sent => Some(OutboxState::Sent),
            Self::Failed => Some(OutboxState::Failed),
            Self::Suppressed => Some(OutboxState::Suppressed),
        }
    }
}

/// Which mails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailQuery {
    /// In which state.
    pub filter: MailFilter,
    /// Which page.
    pub page: PageQuery,
}

/// A mail in the list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailItem {
    /// The message.
    pub id: MessageId,
    /// To whom.
    pub recipient: Named<UserId>,
    /// Their address now, or empty.
    pub address: String,
    /// What it is about, as `about` words it.
    pub about: String,
    /// How far it has come.
    pub state: OutboxState,
    /// Failed tries.
    pub attempts: i64,
    /// Why it failed, or was not sent; or empty.
    pub reason: String,
    /// When it became necessary.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
    /// When it was sent, given up or suppressed.
    #[serde(with = "super::when::maybe_instant")]
    pub settled_at: Option<DateTime<Utc>>,
    /// When it is tried again, while it waits.
    #[serde(with = "super::when::maybe_instant")]
    pub next_at: Option<DateTime<Utc>>,
}

/// One mail, with what it would say if it were sent now; empty where that cannot be told any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDetail {
    /// As in the list.
    pub item: MailItem,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// An address that a mail server has refused for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppressedAddress {
    /// The row.
    pub id: SuppressionId,
    /// The address.
    pub address: String,
    /// What the server said.
    pub reason: String,
    /// When.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
}

/// How mails leave, and how many stand where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailStatus {
    /// The folder into which mails are written; `None`: a mail server gets them.
    pub folder: Option<String>,
    /// The mail server, without credentials, or empty.
    pub server: String,
    /// Mails to be sent.
    pub waiting: i64,
    /// Mails that were given up.
    pub failed: i64,
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
