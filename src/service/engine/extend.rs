//! Delivery of more time, or of another end: the end of an assignment moves, and what it gives lasts as long.

use chrono::{DateTime, Utc};

use crate::domain::audit::{Activity, Change, Target};
use crate::domain::request::{RequestKind, RequestState, extended_end};
use crate::store::requests::Request;
use crate::store::{StoreError, Tx, assignments, grants, memberships};

use super::super::audit::Entry;
use super::super::queue::schedule_end;
use super::super::{App, settle};
use super::deliver::fulfil;

/// Moves the end of the assignment that a request is about (F082). One that is over stays so, and the request comes to nothing. Gives how
/// many grants last longer.
pub(super) async fn deliver(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let held = match request.assignment_id {
        Some(id) => assignments::lock(tx, id).await?,
        None => None,
    };
    let over = "The access ended before it could be extended";
    let Some(mut assignment) = held.filter(|held| held.closed_at.is_none() && held.ends_at.is_none_or(|end| end > now)) else {
        settle::cancel(app, tx, request, over, now).await?;
        return Ok(0);
    };
    let (before, expires) = (assignment.ends_at, request.expires()?);
    let end = match request.kind {
        // An administrator's end may be an earlier one.
        RequestKind::AdminUpdate => request.ends_at.or_else(|| expires.end(now)),
        _ => extended_end(expires, request.ends_at, before, now),
    };
    assignment.ends_at = end;
    if !assignments::update(tx, &mut assignment).await? {
        return Err(StoreError::Inconsistent(format!(
            "assignment {} was changed while it was held",
            assignment.id
        )));
    }
    memberships::lock_of_assignment(tx, assignment.id).await?;
    let live = grants::live_grants(tx, assignment.id).await?;
    for grant in &live {
        memberships::recount(tx, grant.role_id, grant.user_id).await?;
    }
    if let Some(end) = end {
        schedule_end(app, tx, assignment.id, end, now);
    }
    let told = |end: Option<DateTime<Utc>>| end.map_or_else(|| "never".to_owned(), |end| end.to_rfc3339());
    Entry::by_system(Activity::ExtendAssignment, Target::new("assignment", assignment.id, ""))
        .and(Target::new("user", assignment.target_id, ""))
        .changes([Change::between("ends_at", told(before), told(end))])
        .detail(match end {
            Some(end) => format!("Access lasts until {}", end.format("%-d %B %Y, %H:%M UTC")),
            None => "Access has no end date any more".to_owned(),
        })
        .correlation(request.id)
        .write(app, tx)?;
    fulfil(app, tx, &[request], RequestState::Delivered, now).await?;
    Ok(live.len())
}
