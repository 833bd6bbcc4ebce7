//! Open requests of a person whose account changes. A deleted person's requests come to nothing in the transaction that deletes them, and a
//! blocked person's wait, with the reason on each, until sign-in is allowed again. Requests that end access go on in either case.

use chrono::{DateTime, Utc};

use crate::domain::approval::StageState;
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{AssignmentId, UserId};
use crate::domain::notification::NotificationKind;
use crate::domain::request::RequestState;
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, approvals};

use super::App;
use super::audit::Entry;
use super::notifications::{Notice, tell};
use super::queue::schedule_delivery;

/// What a request of a blocked person says.
const BLOCKED: &str = "Sign-in of this person is blocked. Delivery waits until it is allowed again.";

/// The person was deleted: what they asked for comes to nothing (A4).
pub async fn target_deleted(app: &App, tx: &mut Tx, target: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    for request in open(tx, target).await? {
        cancel(app, tx, &request, "The user was deleted before delivery", now).await?;
    }
    Ok(())
}

/// The person's sign-in was blocked: what they asked for waits (A5).
pub async fn target_blocked(app: &App, tx: &mut Tx, target: UserId) -> Result<(), StoreError> {
    for request in open(tx, target).await? {
        hold(app, tx, &request).await?;
    }
    Ok(())
}

/// The person may sign in again: what waited is delivered.
pub async fn target_unblocked(app: &App, tx: &mut Tx, target: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    for request in open(tx, target).await? {
        if requests::set_status(tx, request.id, "").await? {
            entry(&request, Activity::ReleaseRequest)
                .detail("Sign-in is allowed again")
                .write(app, tx)?;
        }
        match (request.state, request.starts_at) {
            (RequestState::Submitted | RequestState::Delivering, _) => schedule_delivery(app, tx, request.id, now),
            (RequestState::Scheduled, start) => schedule_delivery(app, tx, request.id, start.map_or(now, |start| start.max(now))),
            _ => {}
        }
    }
    Ok(())
}

/// Access has ended: more time that was asked for comes to nothing.
pub async fn access_ended(app: &App, tx: &mut Tx, assignment: AssignmentId, now: DateTime<Utc>) -> Result<(), StoreError> {
    for request in requests::lock_open_extensions(tx, assignment).await? {
        cancel(app, tx, &request, "The access ended before it could be extended", now).await?;
    }
    Ok(())
}

/// A request waits because its person is blocked; said once.
pub async fn hold(app: &App, tx: &mut Tx, request: &Request) -> Result<(), StoreError> {
    if requests::set_status(tx, request.id, BLOCKED).await? {
        entry(request, Activity::HoldRequest).detail(BLOCKED).write(app, tx)?;
    }
    Ok(())
}

/// What was asked for cannot be given any more: nothing is.
pub async fn cancel(app: &App, tx: &mut Tx, request: &Request, why: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    cancel_as(app, tx, request, why, Some(why), now).await
}

/// The same; its person is told only with `told`, which may say more than the request says to everyone who sees it.
pub async fn cancel_as(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    why: &str,
    told: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    close(tx, request, now).await?;
    requests::advance(tx, &[request], &[RequestState::Canceled], why, now).await?;
    if let Some(told) = told {
        let notice = Notice::about_request(NotificationKind::RequestCanceled, request.package_id, request.id).fact("reason", told);
        tell(app, tx, &notice, &[request.target_id], now);
    }
    entry(request, Activity::CancelRequest).detail(why).write(app, tx)
}

/// A request comes to nothing while it waits for a decision: nobody is asked about it any more. Whoever cancels one calls this first.
pub async fn close(tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    match request.stage.filter(|_| request.state == RequestState::PendingApproval) {
        Some(stage) => approvals::settle(tx, request.id, stage, StageState::Canceled, now).await,
        None => Ok(()),
    }
}

/// A person's open requests to have or change something.
async fn open(tx: &mut Tx, target: UserId) -> Result<Vec<Request>, StoreError> {
    let mut open = requests::lock_open_of_target(tx, target).await?;
    open.retain(|request| request.kind.is_gain());
    Ok(open)
}

fn entry(request: &Request, activity: Activity) -> Entry<'static> {
    Entry::by_system(activity, Target::new("request", request.id, request.kind.label())).correlation(request.id)
}
