//! Requests: asked for in `submit`, held or canceled in `settle`, tried again in `retry`, told in `detail`. Here is what administrators
//! read of them.

mod assess;
mod detail;
mod extend;
mod own;
mod retry;
pub(super) mod settle;
mod submit;
mod withdraw;

#[cfg(test)]
mod tests;

use crate::domain::access::{Action, Permission, Principal, ReadRequests};
use crate::domain::id::RequestId;
use crate::domain::page::Page;
use crate::domain::refusal::Refusal;
use crate::domain::request::{Eligibility, RequestDetail, RequestItem, RequestQuery, may_request};
use crate::store::requests;

use super::{App, Error, access};

pub use assess::assess;
pub use extend::{extend, extend_pane, give_back};
use own::is_own;
pub use own::{own, request_pane, would_it_work};
pub use retry::retry;
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
    access::on_package(&mut tx, actor, ReadRequests, query.package).await?;
    Ok(requests::list_of_package(&mut tx, query.package, query.filter.states(), &query.search, &query.page).await?)
}

/// One request with delivery and history (F035).
pub async fn get(app: &App, actor: &Principal, id: RequestId) -> Result<RequestDetail, Error> {
    actor.authorize_somewhere(Action::ReadRequests)?;
    let mut tx = app.store.read().await?;
    let request = requests::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ReadRequests, request.package_id).await?;
    let mut detail = detail(app, &mut tx, id).await?.ok_or(Error::NotFound)?;
    if let Permission::Denied(refusal) = actor.permission(Action::ManageRequests, granted.scope()) {
        detail.retry = Permission::Denied(refusal);
    }
    Ok(detail)
}
