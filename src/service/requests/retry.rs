//! Trying a failed delivery again, in part or in whole (F112).

use crate::domain::access::{Action, ManageRequests, Principal};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::RequestId;
use crate::domain::request::{RequestState, may_retry};
use crate::store::{jobs, requests};

use super::super::assignments::busy;
use super::super::audit::Entry;
use super::super::{App, Error, access, engine};

/// Delivers a request again that failed: what could not be given is tried once more, what was given stays.
pub async fn retry(app: &App, actor: &Principal, id: RequestId) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManageRequests)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let (request, _) = requests::lock(&mut tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ManageRequests, request.package_id).await?;
    may_retry(request.state, request.completed_at, now)?;
    requests::advance(&mut tx, &[&request], &[RequestState::Delivering], "", now)
        .await
        .map_err(|error| {
            busy(
                error,
                "Another request of this person for the package is under way. Wait until it is done.",
            )
        })?;
    // The job that was given up makes room for a new one under its key.
    jobs::forget(&mut tx, &engine::delivery_key(id)).await?;
    engine::schedule_delivery(app, &mut tx, id, now);
    let target = Target::new("request", id, request.kind.label());
    Entry::by_principal(&granted, Activity::RetryRequest, target)
        .correlation(id)
        .write(app, &mut tx)?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}
