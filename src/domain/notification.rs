//! Notifications: what a person is told about an event (feature map 5.7). One event gives one person one notification, however often the
//! work that tells of it is done. How it looks in a mail or in the bell is decided elsewhere.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{ImportId, NotificationId, PackageId, UserId};
use super::text::string_enum;

string_enum! {
    /// What is told.
    NotificationKind {
        /// To approvers: a request waits for a decision (mails 2, 4, 11, 13).
        ApprovalRequested = "approval_requested",
        /// To alternates: a request was forwarded (mails 1, 15).
        ApprovalForwarded = "approval_forwarded",
        /// To approvers: it still waits (mails 3, 5, 12, 14, and Remind).
        ApprovalReminder = "approval_reminder",
        /// To approvers: nobody decided in time (mails 6, 17).
        ApprovalExpired = "approval_expired",
        /// To approvers: the stage or the request was approved (mails 7, 8, 16).
        ApprovalGiven = "approval_given",
        /// To approvers: a colleague denied the request.
        ApprovalDenied = "approval_denied",
        /// To the requestor: denied, with the reason (mail 9).
        RequestDenied = "request_denied",
        /// To the requestor: nobody decided in time (mail 10).
        RequestExpired = "request_expired",
        /// To whom it is about: the request was canceled by somebody else.
        RequestCanceled = "request_canceled",
        /// To whom has access now (mail 18).
        AccessDelivered = "access_delivered",
        /// To whom has access: it ends soon (mail 19).
        AccessEnding = "access_ending",
        /// To whom had access: it has ended (mail 20).
        AccessEnded = "access_ended",
        /// To whom asked: the delivery failed, in part or in whole.
        DeliveryFailed = "delivery_failed",
        /// To a delegate: approvals were delegated to them.
        DelegateAssigned = "delegate_assigned",
        /// To the requestor: a delegate decided.
        DelegateDecided = "delegate_decided",
        /// To whoever began an import: it is over.
        ImportFinished = "import_finished",
        /// To whoever had a package ended with all its assignments: it is deleted.
        PackageEnded = "package_ended",
    }
}

impl NotificationKind {
    /// What it is called in the admin area.
    pub fn label(self) -> &'static str {
        match self {
            Self::ApprovalRequested => "Approval requested",
            Self::ApprovalForwarded => "Approval forwarded",
            Self::ApprovalReminder => "Approval reminder",
            Self::ApprovalExpired => "Approval expired",
            Self::ApprovalGiven => "Request approved",
            Self::ApprovalDenied => "Denied by another approver",
            Self::RequestDenied => "Request denied",
            Self::RequestExpired => "Request expired",
            Self::RequestCanceled => "Request canceled",
            Self::AccessDelivered => "Access delivered",
            Self::AccessEnding => "Access ends soon",
            Self::AccessEnded => "Access ended",
            Self::DeliveryFailed => "Delivery failed",
            Self::DelegateAssigned => "Approvals delegated",
            Self::DelegateDecided => "Decided by a delegate",
            Self::ImportFinished => "Import finished",
            Self::PackageEnded => "Access package ended",
        }
    }

    /// Asks an approver to decide: its mail leads to the decision, and a daily digest can stand for it.
    pub fn asks_to_decide(self) -> bool {
        matches!(self, Self::ApprovalRequested | Self::ApprovalForwarded | Self::ApprovalReminder)
    }

    /// Tells of work in the admin area, and leads there.
    pub fn is_for_administrators(self) -> bool {
        matches!(self, Self::ImportFinished | Self::PackageEnded)
    }

    /// Is for approvers, whatever it tells.
    pub fn is_for_approvers(self) -> bool {
        self.asks_to_decide() || matches!(self, Self::ApprovalExpired | Self::ApprovalGiven | Self::ApprovalDenied)
    }
}

/// What a text needs beside names and the request itself, as `Notice::fact` puts it in: each under its own name, all of them optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The stage's deadline.
    pub due_at: Option<DateTime<Utc>>,
    /// The stage, from 1 on.
    pub stage: i64,
    /// How many stages there are.
    pub stages: i64,
    /// Others are asked too if nobody decides.
    pub forwards: bool,
    /// When access ends, or has ended.
    pub ends_at: Option<DateTime<Utc>>,
    /// Why it was denied, canceled or taken back, or did not come about.
    pub reason: String,
    /// The name of who did it.
    pub by: String,
    /// More time can be asked for.
    pub extension: bool,
    /// Only a part of it failed.
    pub partly: bool,
    /// Delegated from this instant on, until `ends_at`.
    pub starts_at: Option<DateTime<Utc>>,
    /// In whose place somebody decides.
    pub delegator_id: Option<UserId>,
    /// Who decided in another's place.
    pub delegate_id: Option<UserId>,
    /// Which import is over; its file and rows follow.
    pub import: Option<ImportId>,
    /// What its file is called.
    pub file: String,
    /// Rows that made something.
    pub created: i64,
    /// Rows that changed something.
    pub changed: i64,
    /// Rows that changed nothing.
    pub unchanged: i64,
    /// Rows that were refused.
    pub refused: i64,
    /// Assignments that there were when a package's ending began.
    pub ended: i64,
    /// Of which package the trail tells.
    pub package: Option<PackageId>,
}

/// A notification in the bell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationItem {
    /// The notification.
    pub id: NotificationId,
    /// What it says, as a sentence.
    pub text: String,
    /// Where it leads: a path of My Access, or of the admin area for what was done there.
    pub href: String,
    /// When it was told.
    #[serde(with = "super::when::instant")]
    pub at: DateTime<Utc>,
    /// Nobody has opened it yet.
    pub unread: bool,
}
