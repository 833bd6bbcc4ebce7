//! Notifications: one row for each person that an event was told to.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::args;
use crate::domain::id::{AssignmentId, NotificationId, PackageId, RequestId, UserId};
use crate::domain::notification::NotificationKind;

use super::tx::{Tx, word};

/// A notification to be kept.
#[derive(Clone, Debug)]
pub struct NewNotification {
    /// The notification.
    pub id: NotificationId,
    /// Who is told.
    pub user: UserId,
    /// What.
    pub kind: NotificationKind,
    /// One person is told an event once: the event's name.
    pub key: String,
    /// About which package.
    pub package: Option<PackageId>,
    /// About which request.
    pub request: Option<RequestId>,
    /// About which assignment.
    pub assignment: Option<AssignmentId>,
    /// What else its text needs.
    pub facts: Value,
}

/// Keeps a notification when the transaction commits, unless the person was told of the event before.
pub fn enqueue(tx: &mut Tx, new: NewNotification, now: DateTime<Utc>) {
    tx.insert_on_commit(
        "notifications (id, user_id, kind, event, package_id, request_id, assignment_id, facts, created_at)",
        "ON CONFLICT (user_id, event) DO NOTHING",
        args![
            new.id,
            new.user,
            word(new.kind),
            new.key,
            new.package,
            new.request,
            new.assignment,
            new.facts,
            now
        ],
    );
}
