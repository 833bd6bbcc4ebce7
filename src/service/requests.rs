//! Requests as administrators see them: the list of a package, and one with its delivery and history.

use crate::domain::access::{Action, Principal, ReadRequests, Scope, Visible};
use crate::domain::audit::Activity;
use crate::domain::id::{Named, RequestId};
use crate::domain::page::Page;
use crate::domain::request::{RequestDetail, RequestEvent, RequestItem, RequestQuery};
use crate::store::audit::{self, TrailRow};
use crate::store::requests::RequestStatus;
use crate::store::{Tx, assignments, grants, requests};

use super::{App, Error, access};

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
    access::on_package(&mut tx, actor, ReadRequests, request.package_id).await?;
    detail(&mut tx, id).await?.ok_or(Error::NotFound)
}

/// Where requests stand, for their target and for those who may see the requests of their catalog; for others they are not there.
pub async fn statuses(app: &App, actor: &Principal, ids: &[RequestId]) -> Result<Vec<RequestStatus>, Error> {
    let mut tx = app.store.read().await?;
    let mut statuses = requests::statuses(&mut tx, ids).await?;
    let visible = actor.visible(Action::ReadRequests).unwrap_or(Visible::Catalogs(Vec::new()));
    let own = actor.permission(Action::UseMyAccess, Scope::Tenant).is_allowed();
    statuses.retain(|status| visible.includes(status.catalog_id) || (own && actor.is(status.target_id)));
    if statuses.is_empty() { Err(Error::NotFound) } else { Ok(statuses) }
}

/// Everything about one request; whoever calls has asked whether it may be seen.
pub(super) async fn detail(tx: &mut Tx, id: RequestId) -> Result<Option<RequestDetail>, Error> {
    let (Some(item), Some(request)) = (requests::item(tx, id).await?, requests::find(tx, id).await?) else {
        return Ok(None);
    };
    let assignment = match request.assignment_id {
        Some(id) => assignments::find(tx, id).await?,
        None => None,
    };
    let grants = match request.assignment_id {
        Some(id) => grants::of_assignment(tx, id).await?,
        None => Vec::new(),
    };
    let trail = audit::trail(tx, id).await?;
    let by_hand = trail
        .iter()
        .find(|row| matches!(row.activity, Activity::RequestAssignment | Activity::RemoveAssignment));
    let requestor = match request.requestor_id {
        Some(id) => Named::new(id, by_hand.map_or(item.target.name.as_str(), |row| row.actor_name.as_str())),
        None => Named::new(item.target.id, "Woodgate"),
    };
    Ok(Some(RequestDetail {
        requestor,
        justification: request.justification,
        assignment: request.assignment_id,
        starts_at: assignment.as_ref().map(|a| a.starts_at),
        ends_at: assignment.as_ref().and_then(|a| a.ends_at),
        grants,
        events: events(trail),
        item,
    }))
}

/// The trail in words.
fn events(trail: Vec<TrailRow>) -> Vec<RequestEvent> {
    let mut done = false;
    let told = |row: TrailRow| {
        let before = done;
        done |= row.activity == Activity::FulfillRequest;
        event(row, before)
    };
    trail.into_iter().map(told).collect()
}

/// A line of the trail in words; `done`: the request was fulfilled before it.
fn event(row: TrailRow, done: bool) -> RequestEvent {
    let (title, detail) = match row.activity {
        Activity::RequestAssignment => ("Submitted", format!("By {}", row.actor_name)),
        Activity::AutoApprove => ("Approved", "No approval is required by the policy".to_owned()),
        Activity::RemoveAssignment => ("Removal requested", format!("By {}", row.actor_name)),
        Activity::GrantRole if done => ("Role added", row.detail),
        Activity::GrantRole => ("Delivering", row.detail),
        Activity::GrantFailed => ("Delivery problem", row.detail),
        Activity::RevokeRole if done => ("Role removed", row.detail),
        Activity::RevokeRole => ("Removing", row.detail),
        Activity::FulfillRequest => {
            return RequestEvent {
                at: row.at,
                title: row.detail,
                detail: String::new(),
            };
        }
        Activity::CancelRequest => ("Canceled", row.detail),
        Activity::EndAssignment => ("Access ended", String::new()),
        _ => ("Changed", row.detail),
    };
    RequestEvent {
        at: row.at,
        title: title.to_owned(),
        detail,
    }
}
