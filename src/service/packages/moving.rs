//! Moving a package to another catalog: a check that says what stands in the way and what changes, and the move itself, which looks again.
//! It takes the right to manage packages in both catalogs.

use crate::domain::access::{Action, ManagePackages, Principal, Scope};
use crate::domain::attribute::ResourceAttribute;
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::{CatalogId, Named, ObjectId, PackageId};
use crate::domain::limit::Limit;
use crate::domain::object::ObjectItem;
use crate::domain::package_move::{MoveCatalog, MoveCheck, MoveFacts, MovedAttributes, blockers, effects, may_move};
use crate::domain::validate::Name;
use crate::store::catalogs::Catalog;
use crate::store::packages::{self, Package};
use crate::store::{self, Tx};

use super::super::audit::{Entry, changed};
use super::super::{App, Error, access, catalogs, limits};

/// Where a package can be moved to and, once a target is chosen, what stands in the way and what the move changes.
pub async fn check_move(app: &App, actor: &Principal, id: PackageId, target: Option<CatalogId>) -> Result<MoveCheck, Error> {
    let visible = actor.visible(Action::ManagePackages)?;
    let mut tx = app.store.read().await?;
    let package = packages::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ManagePackages, package.catalog_id)?;
    let mut choices = store::catalogs::choices(&mut tx, &visible).await?;
    choices.retain(|catalog| catalog.id != package.catalog_id);
    let Some(target) = target else {
        return Ok(MoveCheck {
            catalogs: choices,
            blockers: Vec::new(),
            missing: Vec::new(),
            bring: actor.permission(Action::AddResources, Scope::Tenant),
        });
    };
    access::in_catalog(actor, ManagePackages, target)?;
    let to = store::catalogs::find(&mut tx, target).await?.ok_or(Error::NotFound)?;
    let (facts, _) = facts(&mut tx, &package, to).await?;
    Ok(MoveCheck {
        catalogs: choices,
        blockers: blockers(&facts).into_iter().map(|refusal| refusal.reason).collect(),
        bring: actor.permission(Action::AddResources, Scope::Catalog(target)),
        missing: facts.missing,
    })
}

/// What a move to this catalog changes beside what it does to people, a sentence each.
pub(in crate::service) async fn move_effects(tx: &mut Tx, package: &Package, to: Catalog) -> Result<Vec<String>, Error> {
    let (facts, _) = facts(tx, package, to).await?;
    Ok(effects(&facts))
}

/// Moves a package; with `bring` the resources that the target lacks are added to it. Gives the new version.
pub async fn move_to(app: &App, actor: &Principal, id: PackageId, version: i64, target: CatalogId, bring: bool) -> Result<i64, Error> {
    actor.authorize_somewhere(Action::ManagePackages)?;
    let mut tx = app.store.write().await?;
    let done = move_to_in(app, &mut tx, actor, id, version, target, bring).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same in a transaction of others.
pub(in crate::service) async fn move_to_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: PackageId,
    version: i64,
    target: CatalogId,
    bring: bool,
) -> Result<i64, Error> {
    let now = app.clock.now();
    let package = packages::lock(tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManagePackages, package.catalog_id)?;
    access::in_catalog(actor, ManagePackages, target)?;
    let to = store::catalogs::share(tx, target).await?.ok_or(Error::NotFound)?;
    let given: Vec<ObjectId> = packages::roles(tx, &package).await?.iter().map(|role| role.object.id).collect();
    store::objects::lock(tx, &given).await?;
    let named = Named::new(target, to.name.as_str());
    let (facts, objects) = facts(tx, &package, to).await?;
    may_move(&facts, bring)?;
    let there = store::limits::packages_of(tx, target).await?;
    limits::check_added(tx, Limit::CatalogPackages, there, 1).await?;
    if !packages::move_to(tx, id, version, target, now)
        .await
        .map_err(Error::taken_in("packages", "name"))?
    {
        return Err(changed(tx, id, &package.name).await);
    }
    catalogs::add_to_catalog(app, tx, actor, &named, &objects).await?;
    for object in objects.iter().filter(|object| !object.in_catalog) {
        store::attributes::copy(tx, object.id, package.catalog_id, target, now).await?;
    }
    Entry::by_principal(&granted, Activity::MovePackage, Target::new("package", id, package.name.as_str()))
        .and(Target::new("catalog", package.catalog_id, package.catalog_name.as_str()))
        .and(Target::new("catalog", target, named.name.as_str()))
        .changes([Change::between("catalog", package.catalog_name.as_str(), named.name.as_str())])
        .write(app, tx)?;
    Ok(version + 1)
}

/// What a move depends on, and the objects of which the package gives a role, as the target has them.
async fn facts(tx: &mut Tx, package: &Package, to: Catalog) -> Result<(MoveFacts, Vec<ObjectItem>), Error> {
    let from = store::catalogs::find(tx, package.catalog_id).await?.ok_or(Error::NotFound)?;
    let roles = packages::roles(tx, package).await?;
    let ids: Vec<ObjectId> = roles.iter().map(|role| role.object.id).collect();
    let objects = store::objects::load(tx, Some(to.id), &ids).await?;
    let missing = objects.iter().filter(|object| !object.in_catalog);
    let missing = missing.map(|object| Named::new(object.id, object.name.as_str())).collect();
    let name = Name::of(package.name.clone());
    let facts = MoveFacts {
        package: package.name.clone(),
        name_taken: packages::is_name_taken(tx, to.id, &name).await?,
        incompatibilities: store::incompatibilities::counts(tx, package.id).await?,
        attributes: attributes(tx, (from.id, to.id), &objects).await?,
        from: catalog(from),
        to: catalog(to),
        missing,
    };
    Ok((facts, objects))
}

/// What the resources ask of requestors in the one catalog and in the other.
async fn attributes(tx: &mut Tx, (from, to): (CatalogId, CatalogId), objects: &[ObjectItem]) -> Result<Vec<MovedAttributes>, Error> {
    let ids: Vec<ObjectId> = objects.iter().map(|object| object.id).collect();
    let before = store::attributes::of_resources(tx, from, &ids).await?;
    let after = store::attributes::of_resources(tx, to, &ids).await?;
    if before.is_empty() && after.is_empty() {
        return Ok(Vec::new());
    }
    let defined = store::custom_attributes::all(tx).await?;
    let labels = |all: &[(ObjectId, String, Vec<ResourceAttribute>)], id: ObjectId| -> Vec<String> {
        let found = all.iter().find(|(object, ..)| *object == id);
        let attributes = found.map_or(&[][..], |(_, _, attributes)| attributes.as_slice());
        attributes.iter().map(|one| one.label(&defined).to_owned()).collect()
    };
    let moved = |object: &ObjectItem| MovedAttributes {
        resource: object.name.clone(),
        from: labels(&before, object.id),
        to: object.in_catalog.then(|| labels(&after, object.id)),
    };
    Ok(objects.iter().map(moved).collect())
}

fn catalog(catalog: Catalog) -> MoveCatalog {
    MoveCatalog {
        id: catalog.id,
        name: catalog.name,
        enabled: catalog.enabled,
        external: catalog.external,
    }
}
