//! Users for the API: filtered and sorted as it asks.

use crate::domain::access::{Principal, ReadDirectory, Scope};
use crate::domain::client::ApiPermission;
use crate::domain::group::GroupRole;
use crate::domain::id::{ObjectId, UserId};
use crate::domain::odata::ListQuery;
use crate::domain::text::fold;
use crate::domain::user::{DirectoryRole, UserRecord};
use crate::store;
use crate::store::odata::users::Which;
use crate::store::odata::{Found, users};

use super::super::{App, Error};

/// A page of users, present or deleted (F173).
pub async fn query(app: &App, actor: &Principal, deleted: bool, query: &ListQuery) -> Result<Found<UserRecord>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let which = if deleted { Which::Deleted } else { Which::Present };
    let mut tx = app.store.read().await?;
    Ok(users::list(&mut tx, query, which).await?)
}

/// A page of those who hold a role of a group now (F173).
pub async fn query_holders(
    app: &App,
    actor: &Principal,
    (group, role): (ObjectId, GroupRole),
    query: &ListQuery,
) -> Result<Found<UserRecord>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    store::groups::find(&mut tx, group).await?.ok_or(Error::NotFound)?;
    Ok(users::list(&mut tx, query, Which::Holding(group, role, app.clock.now())).await?)
}

/// One user by the id or, if it is present, by the sign-in name (F173).
pub async fn record(app: &App, actor: &Principal, key: &str) -> Result<UserRecord, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    let id = match key.parse::<UserId>() {
        Ok(id) => Some(id),
        Err(_) => store::users::id_of_name(&mut tx, &fold(key)).await?,
    };
    let found = users::by_ids(&mut tx, &[id.ok_or(Error::NotFound)?]).await?.pop();
    found.ok_or(Error::NotFound)
}

/// These users, for what was read by this actor; whoever may not see the directory is shown nobody.
pub async fn records(app: &App, actor: &Principal, ids: &[UserId]) -> Result<Vec<UserRecord>, Error> {
    if actor.authorize(ReadDirectory, Scope::Tenant).is_err() {
        return Ok(Vec::new());
    }
    let mut tx = app.store.read().await?;
    Ok(users::by_ids(&mut tx, ids).await?)
}

/// The actor's own account (F173).
pub async fn me(app: &App, actor: &Principal) -> Result<UserRecord, Error> {
    actor.require_permission(&[
        ApiPermission::UserRead,
        ApiPermission::UserReadBasic,
        ApiPermission::UserReadAll,
        ApiPermission::UserReadWrite,
    ])?;
    let me = actor.person()?;
    let mut tx = app.store.read().await?;
    users::by_ids(&mut tx, &[me.id]).await?.pop().ok_or(Error::NotFound)
}

/// The directory role that a user holds directly, so that a change can leave it as it is.
pub async fn directory_role(app: &App, actor: &Principal, id: UserId) -> Result<DirectoryRole, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    let account = store::users::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    Ok(account.role)
}
