//! Taking back a request that one made, or that was made for one, before anything of it is delivered (F139).

use crate::domain::access::{Principal, Scope, UseMyAccess};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{RequestId, UserId};
use crate::domain::notification::NotificationKind;
use crate::domain::request::{RequestState, may_withdraw};
use crate::store::{jobs, requests};

use super::super::audit::Entry;
use super::super::notifications::{Notice, tell};
use super::super::{App, Error, queue, settle};

/// What a request says that was taken back.
const STATUS: &str = "Canceled by the requestor";
const BY_TARGET: &str = "Canceled by the person for whom it was made";

/// Takes a request back; a job that would deliver it goes with it, and nobody is asked to decide any more.
pub async fn withdraw(app: &App, actor: &Principal, id: RequestId) -> Result<(), Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let (request, _) = requests::lock(&mut tx, &[id]).await?.pop().ok_or(Error::NotFound)?;
    if !super::is_own(&request, me.id) {
        return Err(Error::NotFound);
    }
    may_withdraw(request.state, request.kind)?;
    settle::close(&mut tx, &request, now).await?;
    let status = if request.requestor_id == Some(me.id) { STATUS } else { BY_TARGET };
    requests::advance(&mut tx, &[&request], &[RequestState::Canceled], status, now).await?;
    jobs::forget(&mut tx, &queue::delivery_key(id)).await?;
    Entry::by_principal(&granted, Activity::CancelRequest, Target::new("request", id, request.kind.label()))
        .detail(status)
        .correlation(id)
        .write(app, &mut tx)?;
    let others = [Some(request.target_id), request.requestor_id];
    let others: Vec<UserId> = others.into_iter().flatten().filter(|user| *user != me.id).collect();
    let notice = Notice::about_request(NotificationKind::RequestCanceled, request.package_id, id).fact("by", actor.name.as_str());
    tell(app, &mut tx, &notice, &others, now);
    tx.commit().await?;
    Ok(())
}
