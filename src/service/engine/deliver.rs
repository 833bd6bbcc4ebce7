//! Delivery: what was requested is given, or taken back. Requests that are due together are given together, so that a rush costs the
//! database little more than a single request.

use chrono::{DateTime, Utc};

use crate::domain::assignment::{AssignmentState, delivered_state};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{PackageId, RequestId};
use crate::domain::request::{RequestKind, RequestState};
use crate::store::assignments::{self, Assignment};
use crate::store::grants::{self, Deliverable, GrantRequest};
use crate::store::memberships::{self, MembershipIncrement};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx};

use super::super::App;
use super::super::audit::Entry;
use super::{close, schedule_end};

/// Moves requests that need nobody's decision, or whose decision was yes, to Delivered, Partially delivered or Delivery failed.
pub(super) async fn all(app: &App, tx: &mut Tx, ids: &[RequestId], now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut adding = Vec::new();
    for (request, present) in requests::lock(tx, ids).await? {
        if !request.state.is_open() {
            continue;
        }
        match request.kind {
            RequestKind::AdminRemove | RequestKind::SystemRemove => remove(app, tx, &request, now).await?,
            RequestKind::UserAdd | RequestKind::AdminAdd if !present => {
                cancel(app, tx, &request, "The user or the package was deleted before delivery", now).await?;
            }
            RequestKind::UserAdd | RequestKind::AdminAdd if request.expires()?.is_over(now) => {
                cancel(app, tx, &request, "The date on which access ends came before delivery", now).await?;
            }
            RequestKind::UserAdd | RequestKind::AdminAdd => adding.push(request),
        }
    }
    if adding.is_empty() {
        return Ok(());
    }
    add(app, tx, &adding, now).await
}

async fn add(app: &App, tx: &mut Tx, requests: &[Request], now: DateTime<Utc>) -> Result<(), StoreError> {
    let packages: Vec<PackageId> = requests.iter().map(|request| request.package_id).collect();
    let deliverables = grants::deliverables(tx, &packages).await?;
    let roles = |package| deliverables.iter().filter(move |(of, _)| *of == package).map(|(_, role)| role);
    let made = requests
        .iter()
        .map(|request| assignment(app, request, roles(request.package_id), now))
        .collect::<Result<Vec<Assignment>, StoreError>>()?;
    let held = write_back(app, tx, &made, now).await?;
    for request in requests.iter().filter(|request| held.contains(&request.id)) {
        cancel(app, tx, request, "The person has this package already", now).await?;
    }
    let delivered = |id: RequestId| !held.contains(&id);
    let requests: Vec<&Request> = requests.iter().filter(|request| delivered(request.id)).collect();
    let made: Vec<Assignment> = made.into_iter().filter(|assignment| delivered(assignment.request_id)).collect();
    let gifts: Vec<GrantRequest> = made
        .iter()
        .flat_map(|assignment| roles(assignment.package_id).map(move |role| (assignment, role)))
        .collect();
    give(app, tx, &gifts, now).await?;
    for assignment in &made {
        if let Some(end) = assignment.ends_at {
            schedule_end(app, tx, assignment.id, end, now);
        }
    }
    for state in [
        AssignmentState::Delivered,
        AssignmentState::PartiallyDelivered,
        AssignmentState::DeliveryFailed,
    ] {
        let come_to_it = requests.iter().zip(&made).filter(|(_, made)| made.state == state);
        let come_to_it: Vec<&Request> = come_to_it.map(|(request, _)| *request).collect();
        fulfil(app, tx, &come_to_it, outcome(state), now).await?;
    }
    Ok(())
}

/// The assignment that a request makes.
fn assignment<'a>(
    app: &App,
    request: &Request,
    roles: impl Iterator<Item = &'a Deliverable>,
    now: DateTime<Utc>,
) -> Result<Assignment, StoreError> {
    let (granted, failed): (Vec<_>, Vec<_>) = roles.partition(|role| role.present);
    Ok(Assignment {
        id: app.ids.id(now).into(),
        package_id: request.package_id,
        policy_id: request.policy_id,
        target_id: request.target_id,
        request_id: request.id,
        state: delivered_state(granted.len(), failed.len()),
        starts_at: now,
        ends_at: request.expires()?.end(now),
        end_reason: None,
        version: 1,
    })
}

/// Keeps new assignments. One whose end has come makes room. Returns the requests for what a person still has, for which nothing is kept:
/// they were submitted just as an earlier one was delivered.
async fn write_back(app: &App, tx: &mut Tx, made: &[Assignment], now: DateTime<Utc>) -> Result<Vec<RequestId>, StoreError> {
    let kept = assignments::insert(tx, made).await?;
    let mut held = Vec::new();
    for assignment in made.iter().filter(|assignment| !kept.contains(&assignment.id)) {
        let live = assignments::lock_live(tx, assignment.package_id, assignment.target_id).await?;
        if let Some(mut over) = live {
            if over.ends_at.is_none_or(|end| end > now) {
                held.push(assignment.request_id);
                continue;
            }
            close(app, tx, &mut over, assignment.request_id, now).await?;
        }
        if assignments::insert(tx, std::slice::from_ref(assignment)).await?.is_empty() {
            let request = assignment.request_id;
            return Err(StoreError::Inconsistent(format!("request {request} is for what the person has")));
        }
    }
    Ok(held)
}

/// Gives resource roles, as far as their assignments have not given them yet; what has left the directory is booked as failed.
pub(super) async fn give(app: &App, tx: &mut Tx, gifts: &[GrantRequest<'_>], now: DateTime<Utc>) -> Result<(), StoreError> {
    let new = grants::upsert(tx, gifts, now).await?;
    let new: Vec<&GrantRequest> = gifts.iter().filter(|(to, role)| new.contains(&(to.id, role.role_id))).collect();
    let gains: Vec<MembershipIncrement> = new
        .iter()
        .filter(|(_, role)| role.present)
        .map(|(to, role)| (role.role_id, to.target_id, to.ends_at))
        .collect();
    let direct = memberships::add_grants(tx, &gains, now).await?;
    for (to, role) in new {
        if direct.contains(&(role.role_id, to.target_id)) {
            grants::remember_direct(tx, to.id, role.role_id).await?;
        }
        let (activity, detail) = match role.fault() {
            None => (Activity::GrantRole, format!("{}: {} added", role.object_name, role.role_name)),
            Some(fault) => (Activity::GrantFailed, fault),
        };
        let object = Target::new("object", role.object_id, role.object_name.as_str());
        let user = Target::new("user", to.target_id, "");
        Entry::by_system(activity, object)
            .and(user)
            .detail(detail)
            .correlation(to.request_id)
            .write(app, tx)?;
    }
    Ok(())
}

async fn remove(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    if let Some(id) = request.assignment_id
        && let Some(mut assignment) = assignments::lock(tx, id).await?
    {
        close(app, tx, &mut assignment, request.id, now).await?;
    }
    fulfil(app, tx, &[request], RequestState::Delivered, now).await
}

/// What was asked for cannot be given any more: nothing is.
async fn cancel(app: &App, tx: &mut Tx, request: &Request, why: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    requests::advance(tx, &[request], &[RequestState::Canceled], now).await?;
    let target = Target::new("request", request.id, RequestState::Canceled.label());
    Entry::by_system(Activity::CancelRequest, target).detail(why).write(app, tx)
}

/// What was asked for has been done, as far as it could be.
async fn fulfil(app: &App, tx: &mut Tx, requests: &[&Request], outcome: RequestState, now: DateTime<Utc>) -> Result<(), StoreError> {
    requests::advance(tx, requests, &[RequestState::Delivering, outcome], now).await?;
    for request in requests {
        let target = Target::new("request", request.id, outcome.label());
        Entry::by_system(Activity::FulfillRequest, target)
            .detail(outcome.label())
            .write(app, tx)?;
    }
    Ok(())
}

fn outcome(state: AssignmentState) -> RequestState {
    match state {
        AssignmentState::PartiallyDelivered => RequestState::PartiallyDelivered,
        AssignmentState::DeliveryFailed => RequestState::DeliveryFailed,
        _ => RequestState::Delivered,
    }
}
