//! Reprocess: what an assignment gives is given anew. What failed is tried once more, what somebody took out of the directory by other ways
//! is put back, and what the package has got since is added (F122).

use crate::domain::access::{Action, ManageAssignments, Principal};
use crate::domain::assignment::{AssignmentState, may_reprocess, shown_state};
use crate::domain::audit::{Activity, Target};
use crate::domain::bulk::{ItemResult, check_bulk};
use crate::domain::id::AssignmentId;
use crate::store::assignments;

use super::super::audit::Entry;
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
        let allowed = may_reprocess(state);
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
