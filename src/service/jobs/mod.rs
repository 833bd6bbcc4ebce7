//! What the worker runs: each job goes to the noun that it belongs to, in the transaction that claimed it.

mod given_up;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::RequestId;
use crate::domain::job::{BATCH_GRANTS, JobKind};
use crate::store::jobs::{self, Job};
use crate::store::{StoreError, Tx};

use super::{App, approvals, engine, imports};

pub use given_up::give_up;

/// Runs jobs, inside the transaction that claimed them: deliveries first, then approvals, ends, and what concerns everyone who has a package. Jobs
/// beyond what a batch may change go back into the queue; gives which. A worker has no actor: what it may do was decided when the jobs
/// were made.
pub async fn run(app: &App, tx: &mut Tx, jobs: &[Job], now: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
    let of = |kind: JobKind| jobs.iter().filter(move |job| job.kind == kind);
    let mut later: Vec<&Job> = Vec::new();
    let deliveries = of(JobKind::Deliver)
        .map(|job| subject(job).map(RequestId))
        .collect::<Result<Vec<RequestId>, StoreError>>()?;
    let (left, mut grants) = engine::deliver_all(app, tx, &deliveries, now).await?;
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
            JobKind::End => engine::end_due(app, tx, subject.into(), now).await?,
            JobKind::AddRole => engine::add_role(app, tx, job, subject.into(), now).await?,
            JobKind::RemoveRole => engine::remove_role(app, tx, job, subject.into(), now).await?,
            JobKind::Import => imports::run(app, tx, subject.into(), now).await?,
            JobKind::EndPackage => engine::end_package_step(app, tx, job, subject.into(), now).await?,
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
