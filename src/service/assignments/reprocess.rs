//! Reprocess: what an assignment gives is given anew. What failed is tried once more, what somebody took out of the directory by other ways
//! is put back, and what the package has got since is added (F122).

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, ManageAssignments, Principal, Refusal};
use crate::domain::assignment::{AssignmentState, may_reprocess, shown_state};
use crate::domain::audit::{Activity, Target};
use crate::domain::bulk::{ItemResult, check_bulk};
use crate::domain::id::AssignmentId;
use crate::domain::incompatibility::{Audience, may_gain};
use crate::store::assignments::{self, Assignment};
use crate::store::{StoreError, Tx, eligibility};

use super::super::audit::Entry;
use super::super::incompatibilities::{self, Reader};
use super::super::{App, Error, access, engine};

/// Gives anew what these assignments give.
pub async fn reprocess(app: &App, actor: &Principal, ids: &[AssignmentId]) -> Result<Vec<ItemResult<AssignmentId>>, Error> {
    actor.authorize_somewhere(Action::ManageAssignments)?;
    check_bulk("ids", ids.len())?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let mut results = Vec::with_capacity(ids.len());
    let mut ordered = ids.to_vec();
    ordered.sort_unstable();
    ordered.dedup();
    for id in ordered {
        let assignment = assignments::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let granted = access::on_package(&mut tx, actor, ManageAssignments, assignment.package_id).await?;
        let state = match assignment.closed_at {
            Some(_) => AssignmentState::Expired,
            None => shown_state(assignment.state, assignment.ends_at, now),
        };
        let mut allowed = may_reprocess(state);
        if allowed.is_ok() && state == AssignmentState::DeliveryFailed {
            allowed = not_incompatible(&mut tx, actor, &assignment, now).await?;
        }
        if allowed.is_ok() {
            Entry::by_principal(&granted, Activity::ReprocessAssignment, Target::new("assignment", id, ""))
                .and(Target::new("user", assignment.target_id, ""))
                .correlation(assignment.request_id)
                .write(app, &mut tx)?;
            engine::give_anew(app, &mut tx, &assignment, now).await?;
        }
        results.push(ItemResult::new(id, allowed));
    }
    tx.commit().await?;
    Ok(results)
}

/// Of whom nothing could be given has nothing yet: what is incompatible keeps them from it as it would from a request (F128).
async fn not_incompatible(
    tx: &mut Tx,
    actor: &Principal,
    assignment: &Assignment,
    now: DateTime<Utc>,
) -> Result<Result<(), Refusal>, StoreError> {
    let (user, package) = (assignment.target_id, assignment.package_id);
    incompatibilities::hold_people(tx, std::iter::once(user)).await?;
    let against = incompatibilities::against(tx, user, &[package], Reader::Administrator(actor), now).await?;
    let candidate = eligibility::candidate(tx, package, user, now).await?;
    Ok(match against.into_values().next().zip(candidate) {
        Some((conflicts, candidate)) => may_gain(&conflicts, Audience::Administrator(&candidate.user_name), &candidate.name),
        None => Ok(()),
    })
}
