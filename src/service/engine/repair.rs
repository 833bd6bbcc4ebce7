//! Repairs that an administrator asks for: an assignment is given anew, or put away because nothing of it could be delivered.

use chrono::{DateTime, Utc};

use crate::domain::assignment::EndReason;
use crate::domain::id::{AssignmentId, RequestId};
use crate::domain::request::RequestState;
use crate::store::assignments::{self, Assignment};
use crate::store::grants::{self, Deliverable, GrantRequest};
use crate::store::{StoreError, Tx, memberships, requests};

use super::super::App;
use super::deliver::{fulfil, give, outcome};
use super::end::close;

/// Gives anew what an assignment gives: what failed or is missing is given, and what is booked as given is put back where it was taken away
/// by other ways. A request whose delivery had failed is told what came of it.
pub async fn give_anew(app: &App, tx: &mut Tx, assignment: &Assignment, now: DateTime<Utc>) -> Result<(), StoreError> {
    let roles: Vec<Deliverable> = grants::deliverables(tx, &[assignment.package_id])
        .await?
        .into_iter()
        .map(|(_, role)| role)
        .collect();
    let booked = grants::live_grants(tx, assignment.id).await?;
    for grant in &booked {
        memberships::restore(tx, grant.role_id, grant.user_id, now).await?;
    }
    let wanted: Vec<GrantRequest> = roles.iter().map(|role| (assignment, role)).collect();
    give(app, tx, &wanted, now).await?;
    let states = assignments::refresh_state(tx, &[assignment.id]).await?;
    let Some(reached) = states.get(&assignment.id).copied().map(outcome) else {
        return Ok(());
    };
    if let Some((request, _)) = requests::lock(tx, &[assignment.request_id]).await?.pop()
        && matches!(request.state, RequestState::PartiallyDelivered | RequestState::DeliveryFailed)
        && request.state != reached
    {
        fulfil(app, tx, &[&request], reached, now).await?;
    }
    Ok(())
}

/// Ends an assignment of which nothing was delivered, for a request that comes to nothing.
pub async fn put_away(app: &App, tx: &mut Tx, id: AssignmentId, request: RequestId, now: DateTime<Utc>) -> Result<(), StoreError> {
    if let Some(mut assignment) = assignments::lock(tx, id).await? {
        assignment.end_reason = Some(EndReason::Removed);
        close(app, tx, &mut assignment, request, now).await?;
    }
    Ok(())
}
