//! The engine: carries out what requests and end dates ask for, in the transaction that claims the jobs. Every step looks at what is there
//! before it acts, so a job that runs twice leaves what it left the first time.

mod deliver;

use chrono::{DateTime, Utc};

use crate::domain::assignment::{AssignmentState, EndReason};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{AssignmentId, PackageId, PackageRoleId, RequestId};
use crate::domain::job::JobKind;
use crate::domain::package::PriorMembership;
use crate::domain::request::{RequestKind, RequestState};
use crate::store::assignments::{self, Assignment};
use crate::store::grants::{self, GrantRequest, LiveGrant};
use crate::store::jobs::{self, Job, NewJob};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, memberships, packages};

use super::App;
use super::audit::Entry;

/// People whom one job changes in one transaction, so that nobody else waits long for the database.
const CHUNK_SIZE: i64 = 200;

/// Runs jobs to their end, inside the transaction that claimed them. A worker has no actor: what it may do was decided when the jobs were
/// made.
pub async fn run(app: &App, tx: &mut Tx, jobs: &[Job]) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut deliveries: Vec<RequestId> = Vec::new();
    for job in jobs {
        let subject = job
            .subject_id
            .ok_or_else(|| StoreError::Inconsistent(format!("job {} has no subject", job.key)))?;
        match job.kind {
            JobKind::Deliver => deliveries.push(subject.into()),
            JobKind::End => end_due(app, tx, subject.into(), now).await?,
            JobKind::AddRole => add_role(app, tx, job, subject.into(), now).await?,
            JobKind::RemoveRole => remove_role(app, tx, job, subject.into(), now).await?,
        }
    }
    if deliveries.is_empty() {
        return Ok(());
    }
    deliver::all(app, tx, &deliveries, now).await
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

/// The end date of an assignment has come: a request of the product's own records that, and everything it gave is taken back.
async fn end_due(app: &App, tx: &mut Tx, id: AssignmentId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(mut assignment) = assignments::lock(tx, id).await? else {
        return Ok(());
    };
    let due = assignment.ends_at.is_some_and(|end| end <= now);
    let by_request = assignment.end_reason == Some(EndReason::Removed);
    if !due || by_request || !assignment.state.may_become(AssignmentState::Expired) {
        return Ok(());
    }
    let made_by = requests::find(tx, assignment.request_id)
        .await?
        .ok_or_else(|| StoreError::Inconsistent(format!("assignment {id} has no request")))?;
    assignment.end_reason = assignment.end_reason.or(Some(EndReason::Expired));
    let record = Request {
        id: app.ids.id(now).into(),
        requestor_id: None,
        kind: RequestKind::SystemRemove,
        state: RequestState::Delivered,
        justification: String::new(),
        assignment_id: Some(id),
        submitted_at: now,
        completed_at: Some(now),
        version: 1,
        ..made_by
    };
    requests::insert(tx, &record).await?;
    close(app, tx, &mut assignment, record.id, now).await
}

/// Takes back everything that an assignment gave and marks it Expired; nothing happens to one that is over already.
async fn close(app: &App, tx: &mut Tx, assignment: &mut Assignment, story: RequestId, now: DateTime<Utc>) -> Result<(), StoreError> {
    if !assignment.state.may_become(AssignmentState::Expired) {
        return Ok(());
    }
    let prior = grants::prior_membership(tx, assignment.package_id).await?;
    for grant in grants::live_grants(tx, assignment.id).await? {
        revoke(app, tx, &grant, prior, story, now).await?;
    }
    assignment.state = AssignmentState::Expired;
    assignment.ends_at = Some(assignment.ends_at.map_or(now, |end| end.min(now)));
    assignment.end_reason = assignment.end_reason.or(Some(EndReason::Expired));
    if !assignments::update(tx, assignment).await? {
        return Err(StoreError::Inconsistent(format!(
            "assignment {} was changed while it ended",
            assignment.id
        )));
    }
    let target = Target::new("assignment", assignment.id, "");
    let user = Target::new("user", assignment.target_id, "");
    Entry::by_system(Activity::EndAssignment, target)
        .and(user)
        .correlation(story)
        .write(app, tx)
}

async fn revoke(
    app: &App,
    tx: &mut Tx,
    grant: &LiveGrant,
    prior: PriorMembership,
    story: impl Into<uuid::Uuid>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if !grants::revoke_grant(tx, grant, now).await? {
        return Ok(());
    }
    let takes_prior = grant.was_direct && prior == PriorMembership::Remove;
    let prior_went = takes_prior && memberships::remove_direct(tx, grant.role_id, grant.user_id).await?;
    let stays = memberships::recount(tx, grant.role_id, grant.user_id).await?;
    let object = Target::new("object", grant.object_id, grant.object_name.as_str());
    let user = Target::new("user", grant.user_id, "");
    let what = match (stays, prior_went) {
        (true, _) => "no longer given by the package, still held otherwise",
        (false, true) => "removed, also as held before the package",
        (false, false) => "removed",
    };
    let detail = format!("{}: {} {what}", grant.object_name, grant.role_name);
    Entry::by_system(Activity::RevokeRole, object)
        .and(user)
        .detail(detail)
        .correlation(story)
        .write(app, tx)
}

/// Gives a package's new resource role to everyone who has the package (F061), some people at a time.
async fn add_role(app: &App, tx: &mut Tx, job: &Job, id: PackageRoleId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some((package, role)) = grants::lock_deliverable(tx, id).await? else {
        return Ok(());
    };
    let lacking = assignments::lock_assignments_missing_role(tx, package, &role, now, CHUNK_SIZE).await?;
    let gifts: Vec<GrantRequest> = lacking.iter().map(|assignment| (assignment, &role)).collect();
    deliver::give(app, tx, &gifts, now).await?;
    requeue_rest(app, tx, job, lacking.len(), now);
    Ok(())
}

/// Takes back what a package no longer gives from everyone who has it (F062), some people at a time.
async fn remove_role(app: &App, tx: &mut Tx, job: &Job, package: PackageId, now: DateTime<Utc>) -> Result<(), StoreError> {
    // Whoever gives the role again meanwhile waits, and then finds who lacks it.
    packages::lock(tx, package).await?;
    let prior = grants::prior_membership(tx, package).await?;
    let stray = grants::orphaned_grants(tx, package, CHUNK_SIZE).await?;
    for grant in &stray {
        revoke(app, tx, grant, prior, package, now).await?;
    }
    requeue_rest(app, tx, job, stray.len(), now);
    Ok(())
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
