//! The engine: carries out what requests and end dates ask for, in the transaction that claims the jobs. Every step looks at what is there
//! before it acts, so a job that runs twice leaves what it left the first time.

mod deliver;
mod end;
mod end_package;
mod extend;
mod repair;
mod separation;
mod told;

use chrono::{DateTime, Utc};

use crate::domain::id::{AssignmentId, PackageId, PackageRoleId};
use crate::store::grants::{self, GrantRequest};
use crate::store::jobs::{self, Job, NewJob};
use crate::store::{StoreError, Tx, assignments, packages};

use super::App;

pub use deliver::all as deliver_all;
pub use end::due as end_due;
pub use end_package::{key as ending_key, schedule as schedule_ending, step as end_package_step};
pub use repair::{give_anew, put_away};
pub use told::failure as tell_failure;

/// People whom one job changes in one transaction, so that nobody else waits long for the database.
const CHUNK_SIZE: i64 = 200;

/// Gives a package's new resource role to everyone who has the package (F061), some people at a time. Gives how many grants it changed.
pub async fn add_role(app: &App, tx: &mut Tx, job: &Job, id: PackageRoleId, now: DateTime<Utc>) -> Result<usize, StoreError> {
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
pub async fn remove_role(app: &App, tx: &mut Tx, job: &Job, package: PackageId, now: DateTime<Utc>) -> Result<usize, StoreError> {
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
