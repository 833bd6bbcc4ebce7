//! Notifications: what a person is told about an event (feature map 5.7). One event gives one person one notification, however often the
//! work that tells of it is done. How it looks in a mail or in the bell is decided elsewhere.

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
    }
}
