//! Requests: asked for in `submit`, tried out in `simulate`, called off in `cancel`, tried again in `retry`, told in `detail`. Here is what
//! administrators read of them.

mod assess;
mod cancel;
mod detail;
mod extend;
mod own;
mod query;
mod remove;
mod retry;
mod simulate;
mod submit;
mod withdraw;

#[cfg(test)]
mod tests;

use crate::domain::access::{Action, Permission, Principal, ReadRequests};
use crate::domain::id::RequestId;
use crate::domain::page::Page;
use crate::domain::refusal::Refusal;
use crate::domain::request::{Eligibility, RequestDetail, RequestItem, RequestQuery, may_remove_record, may_request, may_retry};
use crate::store::requests;

use super::incompatibilities::{self, Reader};
use super::{App, Error, access, approvals};

pub use assess::assess;
pub use cancel::cancel;
pub use extend::{extend, extend_pane, give_back};
pub(super) use own::is_own;
pub use own::{own, would_it_work};
pub use query::{Part, packages_named, people_named, person_of_mail, policies_met, query, record};
pub use remove::remove_all;
pub use retry::{retry, retry_all};
pub use simulate::simulate;
pub use submit::submit;
pub use withdraw::withdraw;
pub(super) use {assess::facts, detail::detail};

/// Whether someone sees a package as one to ask for, whatever they have or have asked.
fn covered(facts: &Eligibility) -> Result<(), Refusal> {
    may_request(&Eligibility {
        has_it: false,
        asked: false,
        ..facts.clone()
    })
}

/// A page of a package's requests (F034).
pub async fn list(app: &App, actor: &Principal, query: &RequestQuery) -> Result<Page<RequestItem>, Error> {
    actor.authorize_somewhere(Action::ReadRequests)?;
    let mut tx = app.store.read().await?;
    let granted = access::on_package(&mut tx, actor, ReadRequests, query.package).await?;
    let page = requests::list_of_package(&mut tx, query).await?;
    let manage = actor.permission(Action::ManageRequests, granted.scope());
    let now = app.clock.now();
    Ok(page.map(|mut item| {
        item.remove = manage.clone().and(may_remove_record(item.state));
        item.retry = manage.clone().and(may_retry(item.state, item.completed_at, now));
        item
    }))
}

/// One request with delivery and history (F035).
pub async fn get(app: &App, actor: &Principal, id: RequestId) -> Result<RequestDetail, Error> {
    actor.authorize_somewhere(Action::ReadRequests)?;
    let mut tx = app.store.read().await?;
    let request = requests::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ReadRequests, request.package_id).await?;
    let mut detail = detail(app, &mut tx, id).await?.ok_or(Error::NotFound)?;
    detail.stages = approvals::stages(&mut tx, id).await?;
    incompatibilities::tell(&mut tx, &mut detail, &request, Reader::Administrator(actor), app.clock.now()).await?;
    if let Permission::Denied(refusal) = actor.permission(Action::ManageRequests, granted.scope()) {
        detail.item.retry = Permission::Denied(refusal.clone());
        detail.cancel = Permission::Denied(refusal);
    }
    Ok(detail)
}
