//! Approvals. `start` puts a request into its first stage, `decide` takes what approvers say, `due` reminds, forwards and expires, `refresh`
//! finds out anew who decides, `delegate` lets others decide in one's place, `revoke` ends what was approved, `read` lists and tells.
//! Must not know how a request was made nor how access is given: the last yes hands a request to the engine.

mod decide;
mod delegate;
mod due;
mod read;
mod refresh;
mod resolve;
mod revoke;
mod start;

#[cfg(test)]
pub(super) mod tests;

use chrono::{DateTime, Utc};

use crate::domain::audit::{Activity, Target};
use crate::domain::id::UserId;
use crate::domain::job::JobKind;
use crate::domain::notification::NotificationKind;
use crate::domain::request::RequestState;
use crate::store::jobs::Job;
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx};

use super::App;
use super::audit::Entry;
use super::notifications::Notice;
use super::queue::schedule_delivery;

pub use crate::domain::request::needs_approval;
pub use decide::{decide, decide_many, decide_stage};
pub use delegate::{delegate_candidates, delegations, end_delegation, save_delegation};
pub use due::remind;
pub use read::{detail, list, pending, stages, stages_of, stages_of_asked, stages_seen};
pub use refresh::{group_changed, people_changed};
pub use resolve::{About, Faulty, Prospect, faulty, preview};
pub use revoke::revoke;
pub use start::{Started, start};

/// What a request says that nobody could ever decide on.
pub const NOBODY: &str = "Nobody can decide on this request";

/// Runs a job of an approval, in the transaction that took it.
pub(super) async fn run(app: &App, tx: &mut Tx, job: &Job, subject: uuid::Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    match job.kind {
        JobKind::Approval => due::run(app, tx, subject.into(), now).await,
        JobKind::Approvers => refresh::run(app, tx, subject.into(), now).await,
        JobKind::Delegation => delegate::run(app, tx, subject.into(), now).await,
        _ => Ok(()),
    }
}

/// The last yes has been said: the request is carried out, now or on the day from which access was asked for.
pub async fn approved(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    let starts_at = request.starts_at.filter(|at| *at > now);
    let state = if starts_at.is_some() {
        RequestState::Scheduled
    } else {
        RequestState::Delivering
    };
    requests::advance(tx, &[request], &[state], "", now).await?;
    schedule_delivery(app, tx, request.id, starts_at.unwrap_or(now));
    Ok(())
}

/// Who made a request and whose access it is about: neither decides on it, and both are told what becomes of it.
fn concerned(request: &Request) -> Vec<UserId> {
    let requestor = request.requestor_id.filter(|requestor| *requestor != request.target_id);
    requestor.into_iter().chain([request.target_id]).collect()
}

fn notice(kind: NotificationKind, request: &Request, stage: i64) -> Notice {
    Notice::about_request(kind, request.package_id, request.id)
        .occasion(stage)
        .fact("stage", stage)
}

fn target(request: &Request) -> Target {
    Target::new("request", request.id, request.kind.label())
}

/// What the product does by itself about a request.
fn entry(request: &Request, activity: Activity) -> Entry<'static> {
    Entry::by_system(activity, target(request)).correlation(request.id)
}

/// An instant as a fact of a notification, and in the trail.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// An instant in a sentence.
fn date_text(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}
