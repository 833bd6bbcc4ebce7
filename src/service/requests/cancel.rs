//! Cancel: an administrator calls a request off that is not delivered, or of which nothing could be delivered (F111).

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, ManageRequests, Principal};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::RequestId;
use crate::domain::notification::NotificationKind;
use crate::domain::request::{RequestState, may_cancel};
use crate::store::requests::{self, Request};
use crate::store::{Tx, jobs};

use super::super::audit::Entry;
use super::super::notifications::{Notice, tell};
use super::super::{App, Error, access, engine, queue, settle};

/// Cancels a request; whom it is about is told.
pub async fn cancel(app: &App, actor: &Principal, id: RequestId) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManageRequests)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let (request, _) = requests::lock(&mut tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ManageRequests, request.package_id).await?;
    may_cancel(request.state, request.kind)?;
    let status = format!("Canceled by {}", actor.name);
    call_off(app, &mut tx, &request, &status, now).await?;
    Entry::by_principal(&granted, Activity::CancelRequest, Target::new("request", id, request.kind.label()))
        .detail(status)
        .correlation(id)
        .write(app, &mut tx)?;
    let notice = Notice::about_request(NotificationKind::RequestCanceled, request.package_id, id).fact("by", actor.name.as_str());
    let mut concerned: Vec<_> = [Some(request.target_id), request.requestor_id].into_iter().flatten().collect();
    concerned.dedup();
    concerned.retain(|user| !actor.is(*user));
    tell(app, &mut tx, &notice, &concerned, now);
    tx.commit().await?;
    Ok(())
}

/// A request that is locked comes to nothing: no job carries it on, and what a failed delivery left is put away.
async fn call_off(app: &App, tx: &mut Tx, request: &Request, status: &str, now: DateTime<Utc>) -> Result<(), Error> {
    settle::close(tx, request, now).await?;
    requests::advance(tx, &[request], &[RequestState::Canceled], status, now).await?;
    jobs::forget(tx, &queue::delivery_key(request.id)).await?;
    if let Some(assignment) = request.assignment_id.filter(|_| request.kind.is_add()) {
        engine::put_away(app, tx, assignment, request.id, now).await?;
    }
    Ok(())
}
