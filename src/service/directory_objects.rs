//! Applications and sites of the directory, so that delivered access can be seen there as in a group: lists, one of them, and who holds
//! its roles through what.

use crate::domain::access::{Principal, ReadDirectory, Scope, Visible};
use crate::domain::directory_object::{DirectoryObjectDetail, DirectoryObjectItem, DirectoryObjectQuery, ObjectHolder, ObjectHolderQuery};
use crate::domain::id::{ObjectId, PackageId};
use crate::domain::object::ApplicationRecord;
use crate::domain::object::ObjectKind;
use crate::domain::odata::ListQuery;
use crate::domain::page::Page;
use crate::domain::validate::Code;
use crate::store::odata::{Found, applications};
use crate::store::{directory_objects, groups};

use super::{App, Error, access};

/// A page of applications, or of sites.
pub async fn list(app: &App, actor: &Principal, query: &DirectoryObjectQuery) -> Result<Page<DirectoryObjectItem>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    if query.kind == ObjectKind::Group {
        return Err(Error::field("kind", Code::NotOffered));
    }
    let mut tx = app.store.read().await?;
    Ok(directory_objects::page(&mut tx, query, app.clock.now()).await?)
}

/// One application or site.
pub async fn get(app: &App, actor: &Principal, id: ObjectId) -> Result<DirectoryObjectDetail, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let now = app.clock.now();
    let visible = access::seen(actor);
    let mut tx = app.store.read().await?;
    let (item, created_at) = directory_objects::find(&mut tx, id, now).await?.ok_or(Error::NotFound)?;
    let (seen, unseen): (Vec<_>, Vec<_>) = groups::packages(&mut tx, id)
        .await?
        .into_iter()
        .partition(|(_, catalog)| visible.includes(*catalog));
    Ok(DirectoryObjectDetail {
        item,
        roles: directory_objects::roles(&mut tx, id, now).await?,
        catalogs: directory_objects::catalogs(&mut tx, id, &visible).await?,
        packages: seen.into_iter().map(|(package, _)| package).collect(),
        unseen_packages: unseen.len(),
        created_at,
    })
}

/// A page of those who hold a role of an application or site, by name (F057, F058).
pub async fn holders(app: &App, actor: &Principal, query: &ObjectHolderQuery) -> Result<Page<ObjectHolder>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    directory_objects::find(&mut tx, query.object, now).await?.ok_or(Error::NotFound)?;
    let mut page = directory_objects::holders(&mut tx, query, now).await?;
    let visible = access::seen(actor);
    if visible != Visible::All {
        let roles = page.items.iter().flat_map(|holder| &holder.roles);
        let ids: Vec<PackageId> = roles.flat_map(|role| role.packages.iter().map(|package| package.id)).collect();
        let seen = access::seen_packages(&mut tx, &visible, &ids).await?;
        for role in page.items.iter_mut().flat_map(|holder| &mut holder.roles) {
            role.packages.retain(|package| seen.contains(&package.id));
        }
    }
    Ok(page)
}

/// A page of applications for the API, filtered and sorted as it asks (F173).
pub async fn query_applications(app: &App, actor: &Principal, query: &ListQuery) -> Result<Found<ApplicationRecord>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(applications::list(&mut tx, query).await?)
}

/// One application for the API (F173).
pub async fn application(app: &App, actor: &Principal, id: ObjectId) -> Result<ApplicationRecord, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    applications::get(&mut tx, id).await?.ok_or(Error::NotFound)
}
