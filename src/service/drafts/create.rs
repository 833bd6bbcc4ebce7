//! Create: the draft becomes a package with its resource roles and its Initial Policy, all or nothing. The package takes the draft's
//! id, so a second press of the button, or a retry after a lost answer, finds the package that the first one made.

use crate::domain::access::{Action, Authorized, ManagePackages, Principal};
use crate::domain::audit::{Activity, Target};
use crate::domain::draft::NewPackage;
use crate::domain::id::{DraftId, Named, PackageId, PolicyId, PolicyVersionId};
use crate::domain::limit::Limit;
use crate::domain::object::ObjectItem;
use crate::domain::policy::{INITIAL_POLICY, PolicyTerms};
use crate::domain::validate::Name;
use crate::store::policies::NewPolicy;
use crate::store::{self, StoreError, Tx};

use super::super::audit::Entry;
use super::super::{App, Error, access, catalogs, limits, packages, policies};
use super::{moved_on, owner, review};

/// Creates the package that the draft describes, and ends the draft (F014, F022 to F024).
pub async fn create(app: &App, actor: &Principal, id: DraftId, version: i64) -> Result<Named<PackageId>, Error> {
    let owner = owner(actor)?;
    let visible = actor.visible(Action::ManagePackages)?;
    let mut tx = app.store.write().await?;
    let Some(draft) = store::drafts::take(&mut tx, id, owner, version).await? else {
        return made_before(&mut tx, actor, id).await;
    };
    if let Some(catalog) = draft.basics.catalog {
        // Not deleted while a package comes into it; that it is there is for the review to find.
        store::catalogs::share(&mut tx, catalog).await?;
    }
    store::objects::lock(&mut tx, &draft.objects()).await?;
    let review = review::review(&mut tx, &draft, &visible, app.clock.now()).await?;
    let mut package = review.package?;
    let there = store::limits::packages_of(&mut tx, package.catalog).await?;
    limits::check_added(&mut tx, Limit::CatalogPackages, there, 1).await?;
    limits::check(&mut tx, Limit::PackageRoles, package.roles.len()).await?;
    policies::within_limits(&mut tx, &PolicyTerms::default(), &package.policy).await?;
    policies::name_questions(app, &mut package.policy, app.clock.now());
    let granted = access::in_catalog(actor, ManagePackages, package.catalog)?;
    let named = Named::new(PackageId(id.0), package.edit.name.text.as_str());
    insert_package(app, &mut tx, &granted, &named, &package).await?;
    packages::put(app, &mut tx, &granted, &named, &package.roles, &review.objects).await?;
    add_to_catalog(app, &mut tx, actor, &package, &review.objects).await?;
    insert_policy(app, &mut tx, &granted, &named, &package).await?;
    tx.commit().await?;
    Ok(named)
}

/// The package that an earlier call made of this draft.
async fn made_before(tx: &mut Tx, actor: &Principal, id: DraftId) -> Result<Named<PackageId>, Error> {
    if !store::drafts::exists(tx, id).await?
        && let Some(package) = store::packages::get(tx, PackageId(id.0)).await?
        && access::seen(actor).includes(package.catalog_id)
    {
        return Ok(Named::new(package.id, package.name));
    }
    Err(moved_on(tx, actor, id).await)
}

async fn insert_package(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManagePackages>,
    named: &Named<PackageId>,
    package: &NewPackage,
) -> Result<(), Error> {
    store::packages::insert(tx, named.id, package.catalog, &package.edit, app.clock.now())
        .await
        .map_err(Error::taken_in("packages", "basics.name"))?;
    Entry::by_principal(granted, Activity::CreatePackage, target(named)).write(app, tx)?;
    Ok(())
}

async fn add_to_catalog(app: &App, tx: &mut Tx, actor: &Principal, package: &NewPackage, objects: &[ObjectItem]) -> Result<(), Error> {
    let name = store::catalogs::name(tx, package.catalog).await?.unwrap_or_default();
    catalogs::add_to_catalog(app, tx, actor, &Named::new(package.catalog, name), objects).await
}

async fn insert_policy(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManagePackages>,
    named: &Named<PackageId>,
    package: &NewPackage,
) -> Result<(), StoreError> {
    let now = app.clock.now();
    let (id, name) = (PolicyId(app.ids.id(now)), Name::of(INITIAL_POLICY.into()));
    let new = NewPolicy {
        id,
        version_id: PolicyVersionId(app.ids.id(now)),
        package: named.id,
        name: &name,
        position: 0,
        terms: &package.policy,
        by: granted.principal().person().ok().map(|person| person.id),
    };
    store::policies::insert(tx, &new, now).await?;
    Entry::by_principal(granted, Activity::CreatePolicy, Target::new("policy", id, INITIAL_POLICY))
        .and(target(named))
        .correlation(named.id)
        .write(app, tx)
}

fn target(package: &Named<PackageId>) -> Target {
    Target::new("package", package.id, package.name.as_str())
}
