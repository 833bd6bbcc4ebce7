//! What the Select panes list: groups, applications and sites with their roles, and users and groups for a policy.

use crate::domain::access::{Actor, ReadDirectory, ReadGovernance};
use crate::domain::object::{ObjectItem, ObjectQuery, SubjectItem, SubjectQuery};
use crate::domain::page::Page;
use crate::store;

use super::{App, Error};

/// A page of groups, applications or sites: the catalog's resources, or all of the directory (F012, F013).
pub async fn find(app: &App, actor: &Actor, query: &ObjectQuery) -> Result<Page<ObjectItem>, Error> {
    actor.may(ReadGovernance)?;
    if query.see_all {
        actor.may(ReadDirectory)?;
    }
    let mut tx = app.store.read().await?;
    store::catalogs::name(&mut tx, query.catalog).await?.ok_or(Error::NotFound)?;
    Ok(store::objects::page(&mut tx, query).await?)
}

/// A page of users and groups, by name (F018).
pub async fn find_subjects(app: &App, actor: &Actor, query: &SubjectQuery) -> Result<Page<SubjectItem>, Error> {
    actor.may(ReadDirectory)?;
    let mut tx = app.store.read().await?;
    Ok(store::subjects::page(&mut tx, query).await?)
}
