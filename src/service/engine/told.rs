//! Whom the engine tells what it has done: those whose access it is about. Administrators see the rest where they look for it.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::domain::assignment::AssignmentState;
use crate::domain::notification::NotificationKind;
use crate::store::Tx;
use crate::store::assignments::Assignment;
use crate::store::requests::Request;

use super::super::App;
use super::super::notifications::{Notice, tell};

/// A request for access came to its end (mail 18, and one of our own where something failed).
pub(super) fn delivery(app: &App, tx: &mut Tx, request: &Request, to: &Assignment, state: AssignmentState, now: DateTime<Utc>) {
    let kind = if state == AssignmentState::Delivered {
        NotificationKind::AccessDelivered
    } else {
        NotificationKind::DeliveryFailed
    };
    // A failed delivery may be tried again, and end otherwise.
    let notice = Notice::about_request(kind, request.package_id, request.id)
        .occasion(request.version)
        .fact("ends_at", json!(to.ends_at))
        .fact("partly", state == AssignmentState::PartiallyDelivered);
    tell(app, tx, &notice, &[request.target_id], now);
}

/// The delivery was given up.
pub fn failure(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) {
    let notice = Notice::about_request(NotificationKind::DeliveryFailed, request.package_id, request.id).occasion(request.version);
    tell(app, tx, &notice, &[request.target_id], now);
}

/// Access is over (mail 20).
pub(super) fn end(app: &App, tx: &mut Tx, assignment: &Assignment, now: DateTime<Utc>) {
    let notice = Notice::about_assignment(NotificationKind::AccessEnded, assignment.package_id, assignment.id)
        .fact("ends_at", json!(assignment.ends_at));
    tell(app, tx, &notice, &[assignment.target_id], now);
}
