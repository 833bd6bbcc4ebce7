//! Groups for the API: filtered and sorted as it asks.

use crate::domain::access::{Principal, ReadCatalogs, ReadDirectory, Scope};
use crate::domain::group::GroupRecord;
use crate::domain::id::{ObjectId, PackageId, UserId};
use crate::domain::odata::ListQuery;
use crate::store::odata::groups::Which;
use crate::store::odata::{Found, groups};

use super::super::{App, Error, access};

/// A page of groups, or of those that a user is a member of now (F173).
pub async fn query(app: &App, actor: &Principal, member: Option<UserId>, query: &ListQuery) -> Result<Found<GroupRecord>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let which = member.map_or(Which::All, |user| Which::Of(user, app.clock.now()));
    let mut tx = app.store.read().await?;
    Ok(groups::list(&mut tx, query, which).await?)
}

/// A page of the groups that a package names as incompatible, for whoever sees the package (F128, F173).
pub async fn incompatible(app: &App, actor: &Principal, package: PackageId, query: &ListQuery) -> Result<Found<GroupRecord>, Error> {
    let mut tx = app.store.read().await?;
    access::on_package(&mut tx, actor, ReadCatalogs, package).await?;
    Ok(groups::list(&mut tx, query, Which::IncompatibleOf(package)).await?)
}

/// One group (F173).
pub async fn record(app: &App, actor: &Principal, id: ObjectId) -> Result<GroupRecord, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    groups::by_ids(&mut tx, &[id]).await?.pop().ok_or(Error::NotFound)
}

/// These groups, for what was read by this actor; whoever may not see the directory is shown none.
pub async fn records(app: &App, actor: &Principal, ids: &[ObjectId]) -> Result<Vec<GroupRecord>, Error> {
    if actor.authorize(ReadDirectory, Scope::Tenant).is_err() {
        return Ok(Vec::new());
    }
    let mut tx = app.store.read().await?;
    Ok(groups::by_ids(&mut tx, ids).await?)
}

/// Groups that packages name which were read for this actor.
pub async fn named_by_packages(app: &App, ids: &[ObjectId]) -> Result<Vec<GroupRecord>, Error> {
    let mut tx = app.store.read().await?;
    Ok(groups::by_ids(&mut tx, ids).await?)
}
