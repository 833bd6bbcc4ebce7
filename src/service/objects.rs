//! What the Select panes list: groups, applications and sites with their roles, and users and groups for a policy.

use crate::domain::access::{Action, AddResources, Principal, ReadCatalogs, Scope};
use crate::domain::object::{ObjectItem, ObjectQuery, SubjectItem, SubjectQuery};
use crate::domain::page::Page;
use crate::store;

use super::{App, Error, access};

/// A page of groups, applications or sites: the catalog's resources, or all that may be added to them (F012, F013). Whoever does not see
/// the directory may add what they own.
pub async fn find(app: &App, actor: &Principal, query: &ObjectQuery) -> Result<Page<ObjectItem>, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    access::in_catalog(actor, ReadCatalogs, query.catalog)?;
    let reads_directory = actor.permission(Action::ReadDirectory, Scope::Tenant).is_allowed();
    let mut owner = None;
    if query.see_all && !reads_directory {
        access::in_catalog(actor, AddResources, query.catalog)?;
        owner = Some(actor.person()?.id);
    }
    let mut tx = app.store.read().await?;
    store::catalogs::name(&mut tx, query.catalog).await?.ok_or(Error::NotFound)?;
    Ok(store::objects::page(&mut tx, query, owner, app.clock.now()).await?)
}

/// A page of users and groups, by name (F018).
pub async fn find_subjects(app: &App, actor: &Principal, query: &SubjectQuery) -> Result<Page<SubjectItem>, Error> {
    actor.authorize_somewhere(Action::FindSubjects)?;
    let mut tx = app.store.read().await?;
    Ok(store::subjects::page(&mut tx, query).await?)
}
