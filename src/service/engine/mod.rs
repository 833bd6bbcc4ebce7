//! The engine: carries out what requests and end dates ask for, in the transaction that claims the jobs. Every step looks at what is there
//! before it acts, so a job that runs twice leaves what it left the first time.

mod deliver;
mod end;
mod end_package;
mod extend;
mod given_up;
mod repair;
mod separation;
mod told;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{AssignmentId, PackageId, PackageRoleId, RequestId};
use crate::domain::job::{BATCH_GRANTS, JobKind};
use crate::domain::request::RequestState;
use crate::store::grants::{self, GrantRequest};
use crate::store::jobs::{self, Job, NewJob};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, assignments, packages};

use super::{App, approvals, imports};

pub use end_package::{key as ending_key, schedule as schedule_ending};
pub use given_up::give_up;
pub use repair::{give_anew, put_away};

/// People whom one job changes in one transaction, so that nobody else waits long for the database.
const CHUNK_SIZE: i64 = 200;

/// Runs jobs, inside the transaction that claimed them: deliveries first, then approvals, ends, and what concerns everyone who has a package. Jobs
/// beyond what a batch may change go back into the queue; gives which. A worker has no actor: what it may do was decided when the jobs
/// were made.
pub async fn run(app: &App, tx: &mut Tx, jobs: &[Job], now: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
    let of = |kind: JobKind| jobs.iter().filter(move |job| job.kind == kind);
    let mut later: Vec<&Job> = Vec::new();
    let deliveries = of(JobKind::Deliver)
        .map(|job| subject(job).map(RequestId))
        .collect::<Result<Vec<RequestId>, StoreError>>()?;
    let (left, mut grants) = deliver::all(app, tx, &deliveries, now).await?;
    later.extend(of(JobKind::Deliver).filter(|job| left.iter().any(|id| job.subject_id == Some(id.0))));
    let deciding = of(JobKind::Approval).chain(of(JobKind::Approvers)).chain(of(JobKind::Delegation));
    let others = of(JobKind::End)
        .chain(of(JobKind::AddRole))
        .chain(of(JobKind::RemoveRole))
        .chain(of(JobKind::Import))
        .chain(of(JobKind::EndPackage));
    for job in deciding.chain(others) {
        let subject = subject(job)?;
        if grants >= BATCH_GRANTS {
            later.push(job);
            continue;
        }
        grants += match job.kind {
            JobKind::Deliver => 0,
            JobKind::End => end::due(app, tx, subject.into(), now).await?,
            JobKind::AddRole => add_role(app, tx, job, subject.into(), now).await?,
            JobKind::RemoveRole => remove_role(app, tx, job, subject.into(), now).await?,
            JobKind::Import => imports::run(app, tx, subject.into(), now).await?,
            JobKind::EndPackage => end_package::step(app, tx, job, subject.into(), now).await?,
            JobKind::Approval | JobKind::Approvers | JobKind::Delegation => {
                approvals::run(app, tx, job, subject, now).await?;
                1
            }
        };
    }
    for job in &later {
        jobs::put_back(tx, job, now);
    }
    Ok(later.into_iter().map(|job| job.id).collect())
}

fn subject(job: &Job) -> Result<Uuid, StoreError> {
    job.subject_id
        .ok_or_else(|| StoreError::Inconsistent(format!("job {} has no subject", job.key)))
}

/// Carries out a request that nobody has to decide on, or has been decided with yes: at once, or when the access that was asked for begins
/// (F080).
pub async fn carry_out(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    match request.starts_at.filter(|start| request.kind.is_add() && *start > now) {
        Some(start) => {
            requests::advance(tx, &[request], &[RequestState::Scheduled], "", now).await?;
            schedule_delivery(app, tx, request.id, start);
        }
        None => schedule_delivery(app, tx, request.id, now),
    }
    Ok(())
}

/// Makes sure that a request is carried out at an instant.
pub fn schedule_delivery(app: &App, tx: &mut Tx, id: RequestId, at: DateTime<Utc>) {
    let job = NewJob {
        kind: JobKind::Deliver,
        key: delivery_key(id),
        subject: Some(id.into()),
        run_at: at,
    };
    let now = app.clock.now();
    jobs::enqueue(tx, app.ids.id(now), now, job);
}

/// The key of the job that carries a request out.
pub fn delivery_key(id: RequestId) -> String {
    format!("deliver:{id}")
}

/// Makes sure that the end of an assignment is carried out when it comes.
pub fn schedule_end(app: &App, tx: &mut Tx, id: AssignmentId, end: DateTime<Utc>, now: DateTime<Utc>) {
    let job = NewJob {
        kind: JobKind::End,
        key: format!("end:{id}:{}", end.timestamp_micros()),
        subject: Some(id.into()),
        run_at: end,
    };
    jobs::enqueue(tx, app.ids.id(now), now, job);
}

/// Gives a package's new resource role to everyone who has the package (F061), some people at a time. Gives how many grants it changed.
async fn add_role(app: &App, tx: &mut Tx, job: &Job, id: PackageRoleId, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let Some((package, role)) = grants::lock_deliverable(tx, id).await? else {
        return Ok(0);
    };
    let lacking = assignments::lock_assignments_missing_role(tx, package, &role, now, CHUNK_SIZE).await?;
    let wanted: Vec<GrantRequest> = lacking.iter().map(|assignment| (assignment, &role)).collect();
    deliver::give(app, tx, &wanted, now).await?;
    let ids: Vec<AssignmentId> = lacking.iter().map(|assignment| assignment.id).collect();
    assignments::refresh_state(tx, &ids).await?;
    requeue_rest(app, tx, job, lacking.len(), now);
    Ok(lacking.len())
}

/// Takes back what a package no longer gives from everyone who has it (F062), some people at a time. Gives how many grants it changed.
async fn remove_role(app: &App, tx: &mut Tx, job: &Job, package: PackageId, now: DateTime<Utc>) -> Result<usize, StoreError> {
    // Whoever gives the role again meanwhile waits, and then finds who lacks it.
    packages::lock(tx, package).await?;
    let prior = grants::prior_membership(tx, package).await?;
    let stray = grants::orphaned_grants(tx, package, CHUNK_SIZE).await?;
    for grant in &stray {
        // Part of the history of the request that gave it (C15).
        end::revoke(app, tx, grant, prior, grant.request_id, now).await?;
    }
    let mut ids: Vec<AssignmentId> = stray.iter().map(|grant| grant.assignment_id).collect();
    ids.sort_unstable();
    ids.dedup();
    assignments::refresh_state(tx, &ids).await?;
    requeue_rest(app, tx, job, stray.len(), now);
    Ok(stray.len())
}

/// A job that did as much as it may at once waits in the queue again for the rest.
fn requeue_rest(app: &App, tx: &mut Tx, job: &Job, done: usize, now: DateTime<Utc>) {
    if done as i64 == CHUNK_SIZE {
        let rest = NewJob {
            kind: job.kind,
            key: job.key.clone(),
            subject: job.subject_id,
            run_at: now,
        };
        jobs::enqueue(tx, app.ids.id(now), now, rest);
    }
}
