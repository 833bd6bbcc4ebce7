//! What the Select panes list: groups, applications and sites with their roles, and users and groups for a policy.

use crate::domain::access::{Action, AddResources, Principal, ReadCatalogs, Scope, may_add_resource};
use crate::domain::id::ObjectId;
use crate::domain::object::{ObjectItem, ObjectQuery, SubjectItem, SubjectQuery, may_be_resource};
use crate::domain::page::Page;
use crate::store::{self, Tx};

use super::{App, Error, access, roles};

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
    let mut page = store::objects::page(&mut tx, query, owner, app.clock.now()).await?;
    if query.see_all {
        close(app, &mut tx, actor, &mut page.items).await?;
    }
    Ok(page)
}

/// Notes at each object why the actor can't add it to the catalog, if so (F055).
async fn close(app: &App, tx: &mut Tx, actor: &Principal, objects: &mut [ObjectItem]) -> Result<(), Error> {
    let outside: Vec<ObjectId> = objects.iter().filter(|object| !object.in_catalog).map(|object| object.id).collect();
    let owned = match actor.user_id() {
        Some(user) => store::objects::owned_by(tx, user, &outside, app.clock.now()).await?,
        None => Vec::new(),
    };
    let above = store::roles::groups_above(tx, &outside, actor.directory_role()).await?;
    for object in objects.iter_mut().filter(|object| !object.in_catalog) {
        let refused = may_be_resource(object)
            .and_then(|()| may_add_resource(actor, object.kind, &object.name, owned.contains(&object.id)))
            .and_then(|()| {
                if above.contains(&object.id) {
                    Err(roles::above_own_role())
                } else {
                    Ok(())
                }
            });
        object.closed = refused.err().map(|refusal| refusal.reason);
    }
    Ok(())
}

/// A page of users and groups, by name (F018).
pub async fn find_subjects(app: &App, actor: &Principal, query: &SubjectQuery) -> Result<Page<SubjectItem>, Error> {
    actor.authorize_somewhere(Action::FindSubjects)?;
    if query.organizations {
        actor.authorize_somewhere(Action::ReadConnectedOrganizations)?;
    }
    let mut tx = app.store.read().await?;
    Ok(store::subjects::page(&mut tx, query).await?)
}
