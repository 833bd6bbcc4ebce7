//! Roles that were given, for the API: filtered as it asks, and only where the caller sees them.

use crate::domain::access::{Action, Principal, ReadDirectory, Scope, Visible};
use crate::domain::id::{ObjectId, RoleAssignmentId, UserId};
use crate::domain::object::Subject;
use crate::domain::odata::{Compare, Filter, ListQuery, Literal};
use crate::domain::role_assignment::RoleAssignmentRecord;
use crate::store::odata::{Found, role_assignments};
use crate::store::{groups, users};

use super::super::{App, Error};
use super::Roles;

/// A page of the roles that were given in catalogs which the actor sees, and in the tenant for whoever sees the directory (F173).
pub async fn query(app: &App, actor: &Principal, query: &ListQuery) -> Result<Found<RoleAssignmentRecord>, Error> {
    let tenant = actor.authorize(ReadDirectory, Scope::Tenant).is_ok();
    let visible = match actor.visible(Action::ReadCatalogs) {
        Ok(visible) => visible,
        Err(refusal) if !tenant => return Err(refusal.into()),
        Err(_) => Visible::Catalogs(Vec::new()),
    };
    let mut tx = app.store.read().await?;
    Ok(role_assignments::list(&mut tx, query, &visible, tenant).await?)
}

/// One of them, with where it stands.
pub async fn record(app: &App, actor: &Principal, id: RoleAssignmentId) -> Result<(RoleAssignmentRecord, Roles), Error> {
    let filter = Filter::Compare {
        path: "id".to_owned(),
        compare: Compare::Equal,
        value: Literal::Text(id.to_string()),
    };
    let one = ListQuery {
        filter: Some(filter),
        ..ListQuery::default()
    };
    let found = query(app, actor, &one).await?.rows.pop().ok_or(Error::NotFound)?;
    let roles = found.catalog_id.map_or(Roles::Creators, Roles::OfCatalog);
    Ok((found, roles))
}

/// The user or the group of an id, if it is there; only for whoever may give a role or choose people somewhere.
pub async fn subject(app: &App, actor: &Principal, id: uuid::Uuid) -> Result<Option<Subject>, Error> {
    let may_choose = actor.authorize_somewhere(Action::ManageCatalogRoles);
    may_choose.or_else(|_| actor.authorize_somewhere(Action::ManageCatalogCreators))?;
    let mut tx = app.store.read().await?;
    if users::find(&mut tx, UserId(id))
        .await?
        .is_some_and(|user| user.deleted_at.is_none())
    {
        return Ok(Some(Subject::User(UserId(id))));
    }
    let group = groups::find(&mut tx, ObjectId(id)).await?;
    Ok(group.map(|group| Subject::Group(group.id)))
}
