//! Mails: what each says, as subject, text and HTML from one template (feature map 5.7). The templates are in `letter`, how a letter
//! becomes text and HTML is in `layout`, an example of each is in `sample`. Must not know how a mail is sent.

mod layout;
mod letter;
mod sample;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::notification::{Facts, NotificationKind};

pub use sample::{Sample, sample, samples};

/// A mail as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// For readers of plain text.
    pub text: String,
    /// The same as a document of its own.
    pub html: String,
}

/// What a mail about a notification is made of: names as they are when it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailFacts {
    /// Who reads it.
    pub recipient: String,
    /// The organisation that runs the service.
    pub tenant: String,
    /// The package.
    pub package: String,
    /// Who asked.
    pub requestor: String,
    /// Where they work, or empty.
    pub organization: String,
    /// Who is to have the access, where that is somebody else.
    pub target: String,
    /// In whose place the reader decides, or empty.
    pub in_place_of: String,
    /// Why they asked, or empty.
    pub justification: String,
    /// More time is asked for, not new access.
    pub extends: bool,
    /// Access asked for from this instant on.
    pub asked_from: Option<DateTime<Utc>>,
    /// Access asked for until this instant.
    pub asked_until: Option<DateTime<Utc>>,
    /// When it was asked for.
    pub submitted_at: Option<DateTime<Utc>>,
    /// What the notification itself says.
    pub facts: Facts,
    /// Where the button leads: a whole address.
    pub link: String,
}

/// One request of a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who asked.
    pub requestor: String,
    /// For which package.
    pub package: String,
    /// Until when somebody must decide.
    pub due_at: Option<DateTime<Utc>>,
}

/// The mail of a notification.
pub fn mail(kind: NotificationKind, facts: &MailFacts) -> Mail {
    layout::mail(&letter::letter(kind, facts), &facts.recipient, &facts.tenant)
}

/// The daily mail to an approver in place of one for each request; `link` leads to the list of approvals.
pub fn digest(recipient: &str, tenant: &str, waiting: &[Waiting], link: &str) -> Mail {
    layout::mail(&letter::digest(waiting, link), recipient, tenant)
}

/// The mail with the link by which its reader chooses their first password.
pub fn sign_in_link(recipient: &str, tenant: &str, user_name: &str, expires_at: DateTime<Utc>, link: &str) -> Mail {
    layout::mail(&letter::sign_in_link(tenant, user_name, expires_at, link), recipient, tenant)
}

/// The mail's number in the list of the feature map (5.7); those that we add have none.
pub fn number(kind: NotificationKind, facts: &Facts) -> Option<u8> {
    let first = facts.stage <= 1;
    Some(match (kind, first, facts.forwards) {
        (NotificationKind::ApprovalForwarded, true, _) => 1,
        (NotificationKind::ApprovalRequested, true, false) => 2,
        (NotificationKind::ApprovalReminder, true, false) => 3,
        (NotificationKind::ApprovalRequested, true, true) => 4,
        (NotificationKind::ApprovalReminder, true, true) => 5,
        (NotificationKind::ApprovalExpired, true, _) => 6,
        (NotificationKind::ApprovalGiven, true, _) if facts.stages <= 1 => 7,
        (NotificationKind::ApprovalGiven, true, _) => 8,
        (NotificationKind::RequestDenied, ..) => 9,
        (NotificationKind::RequestExpired, ..) => 10,
        (NotificationKind::ApprovalRequested, false, false) => 11,
        (NotificationKind::ApprovalReminder, false, false) => 12,
        (NotificationKind::ApprovalRequested, false, true) => 13,
        (NotificationKind::ApprovalReminder, false, true) => 14,
        (NotificationKind::ApprovalForwarded, false, _) => 15,
        (NotificationKind::ApprovalGiven, false, _) => 16,
        (NotificationKind::ApprovalExpired, false, _) => 17,
        (NotificationKind::AccessDelivered, ..) => 18,
        (NotificationKind::AccessEnding, ..) => 19,
        (NotificationKind::AccessEnded, ..) => 20,
        _ => return None,
    })
}

/// The notification as the bell says it.
pub fn sentence(kind: NotificationKind, facts: &MailFacts) -> String {
    letter::letter(kind, facts).sentence
}
