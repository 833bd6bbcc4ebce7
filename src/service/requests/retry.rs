//! Trying a failed delivery again, in part or in whole (F112).

use crate::domain::access::{Action, ManageRequests, Principal, Refusal};
use crate::domain::audit::{Activity, Target};
use crate::domain::bulk::{ItemResult, check_bulk};
use crate::domain::id::RequestId;
use crate::domain::request::{RequestState, may_retry};
use crate::store::{Tx, jobs, requests};

use super::super::audit::Entry;
use super::super::{App, Error, access, queue};

/// Delivers a request again that failed: what could not be given is tried once more, what was given stays.
pub async fn retry(app: &App, actor: &Principal, id: RequestId) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManageRequests)?;
    let mut tx = app.store.write().await?;
    one(app, &mut tx, actor, id).await??;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// Delivers several requests again; what cannot be is told with its reason.
pub async fn retry_all(app: &App, actor: &Principal, ids: &[RequestId]) -> Result<Vec<ItemResult<RequestId>>, Error> {
    actor.authorize_somewhere(Action::ManageRequests)?;
    check_bulk("ids", ids.len())?;
    let mut ordered = ids.to_vec();
    ordered.sort_unstable();
    ordered.dedup();
    let mut tx = app.store.write().await?;
    let mut results = Vec::with_capacity(ordered.len());
    for id in ordered {
        let result = one(app, &mut tx, actor, id).await?;
        results.push(ItemResult::new(id, result));
    }
    tx.commit().await?;
    app.wake.wake();
    Ok(results)
}

const UNDER_WAY: &str = "Another request of this person for the package is under way. Wait until it is done.";

async fn one(app: &App, tx: &mut Tx, actor: &Principal, id: RequestId) -> Result<Result<(), Refusal>, Error> {
    let now = app.clock.now();
    let (request, _) = requests::lock(tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    let granted = access::on_package(tx, actor, ManageRequests, request.package_id).await?;
    if let Err(refusal) = may_retry(request.state, request.completed_at, now) {
        return Ok(Err(refusal));
    }
    if requests::another_is_open(tx, &request).await? {
        return Ok(Err(Refusal::new("already-requested", UNDER_WAY)));
    }
    requests::advance(tx, &[&request], &[RequestState::Delivering], "", now)
        .await
        .map_err(Error::asked_already(UNDER_WAY))?;
    // The job that was given up makes room for a new one under its key.
    jobs::forget(tx, &queue::delivery_key(id)).await?;
    queue::schedule_delivery(app, tx, id, now);
    let target = Target::new("request", id, request.kind.label());
    Entry::by_principal(&granted, Activity::RetryRequest, target)
        .correlation(id)
        .write(app, tx)?;
    Ok(Ok(()))
}
