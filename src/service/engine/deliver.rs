//! Delivery: what was requested is given, or taken back. Requests that are due together are given together, so that a rush costs the
//! database little more than a single request.

use chrono::{DateTime, Utc};

use crate::domain::assignment::{AssignmentState, EndReason};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{AssignmentId, PackageId, RequestId};
use crate::domain::job::fitting;
use crate::domain::request::{RequestKind, RequestState};
use crate::domain::user::AccountState;
use crate::store::assignments::{self, Assignment};
use crate::store::grants::{self, Deliverable, GrantRequest};
use crate::store::memberships::{self, MembershipIncrement};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx};

use super::super::audit::Entry;
use super::super::queue::{schedule_delivery, schedule_end};
use super::super::{App, attributes, settle};
use super::end::close;
use super::{extend, separation, told};

/// Moves requests that need nobody's decision, or whose decision was yes, to Delivered, Partially delivered or Delivery failed.
/// A blocked person's wait. Gives the requests that no longer fit this batch, and how many grants were changed.
pub async fn all(app: &App, tx: &mut Tx, ids: &[RequestId], now: DateTime<Utc>) -> Result<(Vec<RequestId>, usize), StoreError> {
    if ids.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let mut adding = Vec::new();
    let mut changed = 0;
    for (request, standing) in requests::lock(tx, ids).await? {
        if !request.state.is_open() || request.state == RequestState::PendingApproval {
            continue;
        }
        if let Some(start) = request.starts_at.filter(|start| *start > now) {
            // Woken early, by a clock that was set back since: it waits again.
            schedule_delivery(app, tx, request.id, start);
            continue;
        }
        if !request.kind.is_gain() {
            changed += remove(app, tx, &request, now).await?;
            continue;
        }
        if standing.account == AccountState::Blocked && standing.package_present {
            settle::hold(app, tx, &request).await?;
            continue;
        }
        let gone = !standing.package_present || standing.account == AccountState::Deleted;
        if gone {
            settle::cancel(app, tx, &request, "The user or the package was deleted before delivery", now).await?;
        } else if matches!(request.kind, RequestKind::UserExtend | RequestKind::AdminUpdate) {
            changed += extend::deliver(app, tx, &request, now).await?;
        } else if ends(&request, now)?.is_some_and(|end| end <= now) {
            settle::cancel(app, tx, &request, "The date on which access ends came before delivery", now).await?;
        } else if request.kind.is_add() {
            adding.push(request);
        } else {
            let kind = request.kind.label();
            return Err(StoreError::Inconsistent(format!(
                "request {}: {kind} is not delivered yet",
                request.id
            )));
        }
    }
    if adding.is_empty() {
        return Ok((Vec::new(), changed));
    }
    let (mut adding, mut waiting) = separation::sift(app, tx, adding, now).await?;
    if adding.is_empty() {
        return Ok((waiting, changed));
    }
    let packages: Vec<PackageId> = adding.iter().map(|request| request.package_id).collect();
    let roles = grants::deliverables(tx, &packages).await?;
    let size = |request: &Request| roles.iter().filter(|(of, _)| *of == request.package_id).count();
    let fit = fitting(adding.iter().map(size), changed);
    waiting.extend(adding.split_off(fit).into_iter().map(|request| request.id));
    changed += adding.iter().map(size).sum::<usize>();
    add(app, tx, &adding, &roles, now).await?;
    Ok((waiting, changed))
}

/// When access that begins at `now` ends: when the policy says so, or earlier if that was asked for.
fn ends(request: &Request, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let by_policy = request.expires()?.end(now);
    Ok(match (by_policy, request.ends_at) {
        (Some(end), Some(asked)) => Some(end.min(asked)),
        (end, asked) => end.or(asked),
    })
}

/// Gives what packages give (`deliverables`) to those who asked for them.
async fn add(
    app: &App,
    tx: &mut Tx,
    requests: &[Request],
    deliverables: &[(PackageId, Deliverable)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let roles = |package| deliverables.iter().filter(move |(of, _)| *of == package).map(|(_, role)| role);
    let new = requests
        .iter()
        .map(|request| assignment(app, request, now))
        .collect::<Result<Vec<Assignment>, StoreError>>()?;
    let kept = write_back(app, tx, new, now).await?;
    for request in requests
        .iter()
        .filter(|request| kept.iter().all(|kept| kept.request_id != request.id))
    {
        settle::cancel(app, tx, request, "The person has this package already", now).await?;
    }
    let wanted: Vec<GrantRequest> = kept
        .iter()
        .flat_map(|assignment| roles(assignment.package_id).map(move |role| (assignment, role)))
        .collect();
    give(app, tx, &wanted, now).await?;
    for assignment in &kept {
        if let Some(end) = assignment.ends_at {
            schedule_end(app, tx, assignment.id, end, now);
        }
    }
    let ids: Vec<AssignmentId> = kept.iter().map(|assignment| assignment.id).collect();
    let states = assignments::refresh_state(tx, &ids).await?;
    for state in [
        AssignmentState::Delivered,
        AssignmentState::PartiallyDelivered,
        AssignmentState::DeliveryFailed,
    ] {
        let reached = |request: &&Request| {
            let mut of_request = kept.iter().filter(|kept| kept.request_id == request.id);
            of_request.any(|kept| states.get(&kept.id) == Some(&state))
        };
        let reached: Vec<&Request> = requests.iter().filter(reached).collect();
        fulfil(app, tx, &reached, outcome(state), now).await?;
        for request in reached {
            if let Some(assignment) = kept.iter().find(|kept| kept.request_id == request.id) {
                told::delivery(app, tx, request, assignment, state, now);
                if state != AssignmentState::DeliveryFailed {
                    attributes::write(app, tx, request, now).await?;
                }
            }
        }
    }
    Ok(())
}

/// The assignment that a request makes.
fn assignment(app: &App, request: &Request, now: DateTime<Utc>) -> Result<Assignment, StoreError> {
    Ok(Assignment {
        id: app.ids.id(now).into(),
        package_id: request.package_id,
        policy_id: request.policy_id,
        policy_version_id: request.policy_version_id,
        target_id: request.target_id,
        request_id: request.id,
        state: AssignmentState::Delivering,
        starts_at: now,
        ends_at: ends(request, now)?,
        end_reason: None,
        closed_at: None,
        version: 1,
    })
}

/// Keeps new assignments and gives those that are now there. One whose end has come makes room, and so does one of which nothing could be
/// delivered. What an earlier try of the same request left is gone on with. For what a person still has nothing is kept: its request was
/// submitted just as an earlier one was delivered.
async fn write_back(app: &App, tx: &mut Tx, new: Vec<Assignment>, now: DateTime<Utc>) -> Result<Vec<Assignment>, StoreError> {
    let inserted = assignments::insert(tx, &new).await?;
    let mut kept = Vec::with_capacity(new.len());
    for assignment in new {
        if inserted.contains(&assignment.id) {
            kept.push(assignment);
            continue;
        }
        if let Some(mut live) = assignments::lock_live(tx, assignment.package_id, assignment.target_id).await? {
            let runs = live.ends_at.is_none_or(|end| end > now);
            if runs && live.request_id == assignment.request_id {
                kept.push(live);
                continue;
            }
            if runs && live.state.gives() {
                continue;
            }
            if runs {
                live.end_reason = Some(EndReason::Superseded);
            }
            close(app, tx, &mut live, assignment.request_id, now).await?;
        }
        if assignments::insert(tx, std::slice::from_ref(&assignment)).await?.is_empty() {
            let request = assignment.request_id;
            return Err(StoreError::Inconsistent(format!("request {request} is for what the person has")));
        }
        kept.push(assignment);
    }
    Ok(kept)
}

/// Gives resource roles, as far as their assignments have not given them yet; what has left the directory is recorded as failed. The
/// assignments' states are to be refreshed afterwards.
pub(super) async fn give(app: &App, tx: &mut Tx, wanted: &[GrantRequest<'_>], now: DateTime<Utc>) -> Result<(), StoreError> {
    let new = grants::upsert(tx, wanted, now).await?;
    let new: Vec<&GrantRequest> = wanted.iter().filter(|(to, role)| new.contains(&(to.id, role.role_id))).collect();
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

async fn remove(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let mut changed = 0;
    if let Some(id) = request.assignment_id
        && let Some(mut assignment) = assignments::lock(tx, id).await?
    {
        changed = close(app, tx, &mut assignment, request.id, now).await?;
        if request.kind == RequestKind::UserRemove {
            told::end(app, tx, &assignment, now);
        }
    }
    fulfil(app, tx, &[request], RequestState::Delivered, now).await?;
    Ok(changed)
}

/// What was asked for has been done, as far as it could be.
pub(super) async fn fulfil(
    app: &App,
    tx: &mut Tx,
    requests: &[&Request],
    outcome: RequestState,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    requests::advance(tx, requests, &[RequestState::Delivering, outcome], "", now).await?;
    for request in requests {
        let target = Target::new("request", request.id, outcome.label());
        Entry::by_system(Activity::FulfillRequest, target)
            .detail(outcome.label())
            .write(app, tx)?;
    }
    Ok(())
}

/// Where a request stands once its assignment stands so.
pub(super) fn outcome(state: AssignmentState) -> RequestState {
    match state {
        AssignmentState::PartiallyDelivered => RequestState::PartiallyDelivered,
        AssignmentState::DeliveryFailed => RequestState::DeliveryFailed,
        _ => RequestState::Delivered,
    }
}
