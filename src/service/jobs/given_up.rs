//! What becomes of the object of a job that was given up: its request shows the failure, the trail has a row, and a person can try again.

use chrono::{DateTime, Utc};

use crate::domain::audit::{Activity, Target};
use crate::domain::job::{ATTEMPTS_MAX, JobKind};
use crate::domain::request::RequestState;
use crate::store::jobs::Job;
use crate::store::requests;
use crate::store::{StoreError, Tx, assignments};

use super::super::audit::Entry;
use super::super::engine::tell_failure;
use super::super::{App, imports};

/// Records that a job was given up, for `reason`, a sentence that may be shown to anyone.
pub async fn give_up(app: &App, tx: &mut Tx, job: &Job, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(subject) = job.subject_id else {
        return Ok(());
    };
    let detail = format!("{} failed {ATTEMPTS_MAX} times. {reason}", job.kind.label());
    let (target, correlation) = match job.kind {
        JobKind::Deliver => {
            let Some((request, _)) = requests::lock(tx, &[subject.into()]).await?.pop() else {
                return Ok(());
            };
            if !request.state.is_open() {
                return Ok(());
            }
            let states = [RequestState::Delivering, RequestState::DeliveryFailed];
            requests::advance(tx, &[&request], &states, &detail, now).await?;
            tell_failure(app, tx, &request, now);
            (Target::new("request", request.id, request.kind.label()), request.id.0)
        }
        JobKind::End => match assignments::find(tx, subject.into()).await? {
            Some(assignment) => (Target::new("assignment", assignment.id, ""), assignment.request_id.0),
            None => return Ok(()),
        },
        JobKind::Approval | JobKind::Approvers => {
            requests::set_status(tx, subject.into(), &detail).await?;
            (Target::new("request", subject, ""), subject)
        }
        JobKind::Import => {
            imports::give_up(app, tx, subject.into(), &detail, now).await?;
            (Target::new("import", subject, ""), subject)
        }
        JobKind::Delegation => (Target::new("delegation", subject, ""), subject),
        JobKind::AddRole => (Target::new("package_role", subject, ""), subject),
        JobKind::RemoveRole | JobKind::EndPackage => (Target::new("package", subject, ""), subject),
    };
    Entry::by_system(Activity::GiveUpJob, target)
        .detail(detail)
        .correlation(correlation)
        .write(app, tx)
}
