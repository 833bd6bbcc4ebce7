//! Connected organizations for the API: filtered and sorted as it asks.

use crate::domain::access::{Action, Principal};
use crate::domain::id::OrganizationId;
use crate::domain::odata::ListQuery;
use crate::domain::organization::Organization;
use crate::store::odata::{Found, organizations as listed};
use crate::store::organizations;

use super::super::{App, Error};

/// A page of organizations (F158).
pub async fn query(app: &App, actor: &Principal, query: &ListQuery) -> Result<Found<Organization>, Error> {
    actor.authorize_somewhere(Action::ReadConnectedOrganizations)?;
    let mut tx = app.store.read().await?;
    Ok(listed::list(&mut tx, query).await?)
}

/// One organization (F158).
pub async fn record(app: &App, actor: &Principal, id: OrganizationId) -> Result<Organization, Error> {
    actor.authorize_somewhere(Action::ReadConnectedOrganizations)?;
    let mut tx = app.store.read().await?;
    organizations::get(&mut tx, id).await?.ok_or(Error::NotFound)
}

/// These organizations, for what was read by this actor; whoever may not see organizations is shown none.
pub async fn records(app: &App, actor: &Principal, ids: &[OrganizationId]) -> Result<Vec<Organization>, Error> {
    if ids.is_empty() || actor.authorize_somewhere(Action::ReadConnectedOrganizations).is_err() {
        return Ok(Vec::new());
    }
    let mut tx = app.store.read().await?;
    Ok(organizations::by_ids(&mut tx, ids).await?)
}
