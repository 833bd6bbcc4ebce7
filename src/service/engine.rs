//! The engine: carries out what requests and end dates ask for, one job in one transaction. Every step looks at what is there before it
//! acts, so a job that runs twice leaves what it left the first time.

use chrono::{DateTime, Utc};

use crate::domain::assignment::{AssignmentState, EndReason, delivered_state};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{AssignmentId, PackageId, PackageRoleId, RequestId, RoleId};
use crate::domain::job::JobKind;
use crate::domain::package::PriorMembership;
use crate::domain::request::{RequestKind, RequestState};
use crate::store::assignments::{self, Assignment};
use crate::store::grants::{self, Deliverable, LiveGrant};
use crate::store::jobs::{self, Job, NewJob};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, memberships};

use super::App;
use super::audit::Entry;

/// People whom one job changes in one transaction, so that nobody else waits long for the database.
const STRIDE: i64 = 200;

/// Runs one job to its end, inside the transaction that claimed it. A worker has no actor: what it may do was decided when the job was made.
pub async fn run(app: &App, tx: &mut Tx, job: &Job) -> Result<(), StoreError> {
    let subject = || {
        job.subject_id
            .ok_or_else(|| StoreError::Inconsistent(format!("job {} has no subject", job.key)))
    };
    let now = app.clock.now();
    match job.kind {
        JobKind::Deliver => deliver(app, tx, subject()?.into(), now).await,
        JobKind::End => end_due(app, tx, subject()?.into(), now).await,
        JobKind::AddRole => add_role(app, tx, job, subject()?.into(), now).await,
        JobKind::RemoveRole => remove_role(app, tx, job, subject()?.into(), now).await,
    }
}

/// Moves a request that needs nobody's decision, or whose decision was yes, to Delivered, Partially delivered or Delivery failed.
async fn deliver(app: &App, tx: &mut Tx, id: RequestId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some((mut request, present)) = requests::to_deliver(tx, id).await? else {
        return Ok(());
    };
    if !request.state.is_open() {
        return Ok(());
    }
    match request.kind {
        RequestKind::UserAdd | RequestKind::AdminAdd if !present => {
            cancel(app, tx, &mut request, "The user or the package was deleted before delivery", now).await
        }
        RequestKind::UserAdd | RequestKind::AdminAdd if request.expires()?.is_over(now) => {
            cancel(app, tx, &mut request, "The date on which access ends came before delivery", now).await
        }
        RequestKind::UserAdd | RequestKind::AdminAdd => add(app, tx, &mut request, now).await,
        RequestKind::AdminRemove | RequestKind::SystemRemove => remove(app, tx, &mut request, now).await,
    }
}

async fn add(app: &App, tx: &mut Tx, request: &mut Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    let roles = grants::deliverables(tx, request.package_id).await?;
    let granted = roles.iter().filter(|role| role.present).count();
    let assignment = Assignment {
        id: app.ids.id(now).into(),
        package_id: request.package_id,
        policy_id: request.policy_id,
        target_id: request.target_id,
        request_id: request.id,
        state: delivered_state(granted, roles.len() - granted),
        starts_at: now,
        ends_at: request.expires()?.end(now),
        end_reason: None,
        version: 1,
    };
    if !assignments::insert(tx, &assignment).await? {
        close_over(app, tx, request, now).await?;
        if !assignments::insert(tx, &assignment).await? {
            return Err(StoreError::Inconsistent(format!(
                "request {} is for what the person has",
                request.id
            )));
        }
    }
    give(app, tx, &assignment, &roles, request.id, now).await?;
    if let Some(end) = assignment.ends_at {
        schedule_end(app, tx, assignment.id, end, now);
    }
    request.assignment_id = Some(assignment.id);
    let outcome = match assignment.state {
        AssignmentState::PartiallyDelivered => RequestState::PartiallyDelivered,
        AssignmentState::DeliveryFailed => RequestState::DeliveryFailed,
        _ => RequestState::Delivered,
    };
    requests::advance(tx, request, &[RequestState::Delivering, outcome], now).await?;
    let target = Target::new("request", request.id, outcome.label());
    Entry::by_itself(Activity::FulfillRequest, target)
        .detail(outcome.label())
        .write(app, tx)
}

/// An assignment that the books still call live makes room: its end has come, or nobody could have asked again.
async fn close_over(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    match assignments::hold_live(tx, request.package_id, request.target_id).await? {
        Some(mut over) => close(app, tx, &mut over, request.id, now).await,
        None => Ok(()),
    }
}

/// What was asked for cannot be given any more: nothing is.
async fn cancel(app: &App, tx: &mut Tx, request: &mut Request, why: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    requests::advance(tx, request, &[RequestState::Canceled], now).await?;
    let target = Target::new("request", request.id, RequestState::Canceled.label());
    Entry::by_itself(Activity::CancelRequest, target).detail(why).write(app, tx)
}

/// Gives resource roles, as far as an assignment has not given them yet; what has left the directory is booked as failed.
async fn give(
    app: &App,
    tx: &mut Tx,
    assignment: &Assignment,
    roles: &[Deliverable],
    story: RequestId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let booked: Vec<(RoleId, Option<String>)> = roles.iter().map(|role| (role.role_id, role.fault())).collect();
    let new = grants::book_grants(tx, assignment, &booked, now).await?;
    let new: Vec<&Deliverable> = roles.iter().filter(|role| new.contains(&role.role_id)).collect();
    let given: Vec<RoleId> = new.iter().filter(|role| role.present).map(|role| role.role_id).collect();
    let direct = memberships::gain(tx, &given, assignment.target_id, assignment.ends_at, now).await?;
    grants::remember_direct(tx, assignment.id, &direct).await?;
    for role in new {
        let (activity, detail) = match role.fault() {
            None => (Activity::GrantRole, format!("{}: {} added", role.object_name, role.role_name)),
            Some(fault) => (Activity::GrantFailed, fault),
        };
        let object = Target::new("object", role.object_id, role.object_name.as_str());
        let user = Target::new("user", assignment.target_id, "");
        Entry::by_itself(activity, object)
            .and(user)
            .detail(detail)
            .correlation(story)
            .write(app, tx)?;
    }
    Ok(())
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

async fn remove(app: &App, tx: &mut Tx, request: &mut Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    if let Some(id) = request.assignment_id
        && let Some(mut assignment) = assignments::hold(tx, id).await?
    {
        close(app, tx, &mut assignment, request.id, now).await?;
    }
    let states: &[RequestState] = match request.state {
        RequestState::Submitted => &[RequestState::Delivering, RequestState::Delivered],
        _ => &[RequestState::Delivered],
    };
    requests::advance(tx, request, states, now).await?;
    let target = Target::new("request", request.id, RequestState::Delivered.label());
    Entry::by_itself(Activity::FulfillRequest, target)
        .detail(RequestState::Delivered.label())
        .write(app, tx)
}

/// The end date of an assignment has come: a request of the product's own records that, and everything it gave is taken back.
async fn end_due(app: &App, tx: &mut Tx, id: AssignmentId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(mut assignment) = assignments::hold(tx, id).await? else {
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
        take_back(app, tx, &grant, prior, story, now).await?;
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
    Entry::by_itself(Activity::EndAssignment, target)
        .and(user)
        .correlation(story)
        .write(app, tx)
}

async fn take_back(
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
    if grant.was_direct && prior == PriorMembership::Remove {
        memberships::remove_direct(tx, grant.role_id, grant.user_id).await?;
    }
    memberships::recount(tx, grant.role_id, grant.user_id).await?;
    let object = Target::new("object", grant.object_id, grant.object_name.as_str());
    let user = Target::new("user", grant.user_id, "");
    let detail = format!("{}: {} removed", grant.object_name, grant.role_name);
    Entry::by_itself(Activity::RevokeRole, object)
        .and(user)
        .detail(detail)
        .correlation(story)
        .write(app, tx)
}

/// Gives a package's new resource role to everyone who has the package (F061), some people at a time.
async fn add_role(app: &App, tx: &mut Tx, job: &Job, id: PackageRoleId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some((package, role)) = grants::hold_deliverable(tx, id).await? else {
        return Ok(());
    };
    let lacking = assignments::hold_lacking(tx, package, &role, now, STRIDE).await?;
    for assignment in &lacking {
        give(app, tx, assignment, std::slice::from_ref(&role), assignment.request_id, now).await?;
    }
    go_on(app, tx, job, lacking.len(), now);
    Ok(())
}

/// Takes back what a package no longer gives from everyone who has it (F062), some people at a time.
async fn remove_role(app: &App, tx: &mut Tx, job: &Job, package: PackageId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let prior = grants::prior_membership(tx, package).await?;
    let stray = grants::stray_grants(tx, package, STRIDE).await?;
    for grant in &stray {
        take_back(app, tx, grant, prior, package, now).await?;
    }
    go_on(app, tx, job, stray.len(), now);
    Ok(())
}

/// A job that did as much as it may at once waits in the queue again for the rest.
fn go_on(app: &App, tx: &mut Tx, job: &Job, done: usize, now: DateTime<Utc>) {
    if done as i64 == STRIDE {
        let rest = NewJob {
            kind: job.kind,
            key: job.key.clone(),
            subject: job.subject_id,
            run_at: now,
        };
        jobs::enqueue(tx, app.ids.id(now), now, rest);
    }
}
