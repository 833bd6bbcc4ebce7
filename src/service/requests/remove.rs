//! Remove: a request that is over disappears from the lists of requests (F114). It is put out of sight, not deleted: what it gave stays,
//! the trail and the reports go on to know it, and trying its delivery again brings it back.

use crate::domain::access::{Action, ManageRequests, Principal, Refusal};
use crate::domain::audit::{Activity, Target};
use crate::domain::bulk::{ItemResult, check_bulk};
use crate::domain::id::RequestId;
use crate::domain::request::may_remove_record;
use crate::store::{Tx, requests};

use super::super::audit::Entry;
use super::super::{App, Error, access};

/// Removes requests that are over; what cannot be is told with its reason.
pub async fn remove_all(app: &App, actor: &Principal, ids: &[RequestId]) -> Result<Vec<ItemResult<RequestId>>, Error> {
    actor.authorize_somewhere(Action::ManageRequests)?;
    check_bulk("ids", ids.len())?;
    let mut ordered = ids.to_vec();
    ordered.sort_unstable();
    ordered.dedup();
    let mut tx = app.store.write().await?;
    let mut results = Vec::with_capacity(ordered.len());
    for id in ordered {
        results.push(ItemResult::new(id, one(app, &mut tx, actor, id).await?));
    }
    tx.commit().await?;
    Ok(results)
}

async fn one(app: &App, tx: &mut Tx, actor: &Principal, id: RequestId) -> Result<Result<(), Refusal>, Error> {
    let (request, _) = requests::lock(tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    let granted = access::on_package(tx, actor, ManageRequests, request.package_id).await?;
    if let Err(refusal) = may_remove_record(request.state) {
        return Ok(Err(refusal));
    }
    // Pressed twice, the second finds nothing to do.
    if requests::put_out_of_sight(tx, id, app.clock.now()).await? {
        Entry::by_principal(&granted, Activity::RemoveRequest, Target::new("request", id, request.kind.label()))
            .and(Target::new("user", request.target_id, ""))
            .correlation(id)
            .write(app, tx)?;
    }
    Ok(Ok(()))
}
