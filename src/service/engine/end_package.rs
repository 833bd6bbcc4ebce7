//! Ending all assignments of a package, and then the package: some requests or some assignments at a time, each step in a transaction of its
//! own, so that a process that is killed goes on where it stood.

use chrono::{DateTime, Utc};

use crate::domain::assignment::EndReason;
use crate::domain::audit::{Activity, Target};
use crate::domain::id::PackageId;
use crate::domain::job::JobKind;
use crate::domain::notification::NotificationKind;
use crate::domain::request::{RequestKind, RequestState};
use crate::store::assignments::{self, Assignment};
use crate::store::jobs::{self, Job, NewJob};
use crate::store::package_endings::{self, Ending};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, packages};

use super::super::audit::Entry;
use super::super::notifications::{Notice, tell};
use super::super::queue::delivery_key;
use super::super::{App, incompatibilities, settle};
use super::CHUNK_SIZE;
use super::end::close;

/// What a request says that comes to nothing with its package.
const DELETED: &str = "The access package is deleted";

/// The key of the job that ends a package.
pub fn key(package: PackageId) -> String {
    format!("end_package:{package}")
}

/// Has a package ended from `now` on; a job that was given up begins anew.
pub async fn schedule(app: &App, tx: &mut Tx, package: PackageId, now: DateTime<Utc>) -> Result<(), StoreError> {
    jobs::forget(tx, &key(package)).await?;
    enqueue(app, tx, package, now);
    Ok(())
}

fn enqueue(app: &App, tx: &mut Tx, package: PackageId, now: DateTime<Utc>) {
    let job = NewJob {
        kind: JobKind::EndPackage,
        key: key(package),
        subject: Some(package.0),
        run_at: now,
    };
    jobs::enqueue(tx, app.ids.id(now), now, job);
}

/// The next step: open requests are canceled, then assignments end, then the package is deleted. Gives how many it changed, about.
pub async fn step(app: &App, tx: &mut Tx, _: &Job, package: PackageId, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let Some(ending) = package_endings::find(tx, package, &key(package)).await? else {
        return Ok(0);
    };
    let open = requests::lock_open_gains_of_package(tx, package, CHUNK_SIZE).await?;
    for request in &open {
        settle::cancel_as(app, tx, request, DELETED, ending.told.then_some(DELETED), now).await?;
        jobs::forget(tx, &delivery_key(request.id)).await?;
    }
    if !open.is_empty() {
        enqueue(app, tx, package, now);
        return Ok(open.len());
    }
    let live = assignments::lock_live_of_package(tx, package, CHUNK_SIZE).await?;
    let mut changed = live.len();
    for assignment in live {
        changed += end_one(app, tx, assignment, &ending, now).await?;
    }
    if changed > 0 {
        enqueue(app, tx, package, now);
        return Ok(changed);
    }
    delete(app, tx, package, &ending, now).await
}

/// Ends one assignment, for the request that asks for that already or for one of its own. Gives how many grants it took back.
async fn end_one(app: &App, tx: &mut Tx, mut assignment: Assignment, ending: &Ending, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let gave = assignment.state.gives();
    assignment.end_reason = assignment.end_reason.or(Some(EndReason::Removed));
    let asked = requests::lock_open_end(tx, assignment.id).await?;
    let request = match &asked {
        Some(request) => request.id,
        None => record(app, tx, &assignment, ending, now).await?,
    };
    let taken = close(app, tx, &mut assignment, request, now).await?;
    if let Some(request) = &asked {
        requests::advance(tx, &[request], &[RequestState::Delivering, RequestState::Delivered], "", now).await?;
        jobs::forget(tx, &delivery_key(request.id)).await?;
    }
    let delivered = RequestState::Delivered.label();
    Entry::by_system(Activity::FulfillRequest, Target::new("request", request, delivered))
        .detail(delivered)
        .correlation(request)
        .write(app, tx)?;
    if gave && ending.told {
        let notice = Notice::about_assignment(NotificationKind::AccessEnded, assignment.package_id, assignment.id)
            .fact("reason", "removed")
            .fact("by", ending.started_by_name.as_str());
        tell(app, tx, &notice, &[assignment.target_id], now);
    }
    Ok(taken)
}

/// The request that records the end of an assignment.
async fn record(
    app: &App,
    tx: &mut Tx,
    assignment: &Assignment,
    ending: &Ending,
    now: DateTime<Utc>,
) -> Result<crate::domain::id::RequestId, StoreError> {
    let made_by = requests::find(tx, assignment.request_id)
        .await?
        .ok_or_else(|| StoreError::Inconsistent(format!("assignment {} has no request", assignment.id)))?;
    let record = Request {
        id: app.ids.id(now).into(),
        requestor_id: ending.started_by,
        kind: RequestKind::AdminRemove,
        state: RequestState::Delivered,
        status: DELETED.into(),
        justification: String::new(),
        answers: Vec::new(),
        stage: None,
        due_at: None,
        assignment_id: Some(assignment.id),
        submitted_at: now,
        completed_at: Some(now),
        version: 1,
        ..made_by
    };
    requests::insert(tx, &record).await?;
    Entry::by_system(Activity::RemoveAssignment, Target::new("assignment", assignment.id, ""))
        .and(Target::new("user", assignment.target_id, ""))
        .detail(format!("The package is ended, as {} asked for", ending.started_by_name))
        .correlation(record.id)
        .write(app, tx)?;
    Ok(record.id)
}

/// Deletes the package that nobody has and nobody waits for any more.
async fn delete(app: &App, tx: &mut Tx, package: PackageId, ending: &Ending, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let Some(found) = packages::lock(tx, package).await? else {
        return Ok(0);
    };
    if package_endings::left(tx, package).await? > 0 || packages::open_requests(tx, package).await? > 0 {
        // Something was made in the moment before the ending began.
        enqueue(app, tx, package, now);
        return Ok(0);
    }
    packages::delete(tx, package, found.version, now).await?;
    let rules = incompatibilities::removed_with(tx, package).await?;
    let rules = if rules.is_empty() { rules } else { format!(". {rules}") };
    Entry::by_system(Activity::DeletePackage, Target::new("package", package, found.name.as_str()))
        .and(Target::new("catalog", found.catalog_id, found.catalog_name.as_str()))
        .detail(format!(
            "All assignments had been ended ({}), as {} asked for{rules}",
            ending.assignments, ending.started_by_name
        ))
        .correlation(package)
        .write(app, tx)?;
    if let Some(user) = ending.started_by {
        let notice = Notice::about_occasion(NotificationKind::PackageEnded, Some(package), package)
            .fact("package", package.to_string())
            .fact("ended", ending.assignments);
        tell(app, tx, &notice, &[user], now);
    }
    Ok(1)
}
