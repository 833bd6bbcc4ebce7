//! Adding and removing rules. Whoever may manage a package's separation of duties names packages of catalogs that they see, and any group.

use crate::domain::access::{Action, Authorized, ManageIncompatibilities, Principal};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{CatalogId, IncompatibilityId, Named, ObjectId, PackageId};
use crate::domain::incompatibility::{Counterpart, NewRule, deletion_text, may_add};
use crate::domain::limit::Limit;
use crate::domain::validate::Code;
use crate::store::incompatibilities::{self, NewRuleRow};
use crate::store::packages::{self, Package};
use crate::store::{self, StoreError, Tx, groups, objects};

use super::super::audit::Entry;
use super::super::{App, Error, access, limits};

/// What a rule names, as it is there.
pub(super) struct Found {
    pub name: String,
    pub catalog: Option<CatalogId>,
}

/// Makes a package or a group incompatible with a package (F128, F129): from then on whoever has it cannot get the package. Who has both
/// keeps both.
pub async fn add(app: &App, actor: &Principal, package: PackageId, counterpart: Counterpart) -> Result<IncompatibilityId, Error> {
    actor.authorize_somewhere(Action::ManageIncompatibilities)?;
    let mut tx = app.store.write().await?;
    let done = add_in(app, &mut tx, actor, package, counterpart).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same in a transaction of others.
pub(in crate::service) async fn add_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    package: PackageId,
    counterpart: Counterpart,
) -> Result<IncompatibilityId, Error> {
    let now = app.clock.now();
    lock(tx, package, counterpart).await?;
    let of = packages::get(tx, package).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManageIncompatibilities, of.catalog_id)?;
    let found = find(tx, actor, counterpart)
        .await?
        .ok_or_else(|| Error::field("counterpart", Code::Gone))?;
    may_add(&NewRule {
        package: &Named::new(package, of.name.as_str()),
        counterpart,
        name: &found.name,
        gives_it: match counterpart {
            Counterpart::Package(_) => false,
            Counterpart::Group(group) => gives_membership(tx, &of, group).await?,
        },
    })?;
    let there = store::limits::incompatibilities_of(tx, package).await?;
    limits::check_added(tx, Limit::PackageIncompatibilities, there, 1).await?;
    let id = IncompatibilityId(app.ids.id(now));
    let new = NewRuleRow {
        id,
        package,
        counterpart,
        by: actor.user_id(),
    };
    incompatibilities::insert(tx, new, now)
        .await
        .map_err(|error| there_already(error, &found.name))?;
    write(app, tx, &granted, Activity::AddIncompatibility, &of, (id, counterpart, &found))?;
    Ok(id)
}

/// Both packages stay as they are, or the group; in one order, so that two who name each other's package do not wait for each other.
async fn lock(tx: &mut Tx, package: PackageId, counterpart: Counterpart) -> Result<(), StoreError> {
    let mut held = vec![package];
    match counterpart {
        Counterpart::Package(id) => held.push(id),
        Counterpart::Group(id) => objects::lock(tx, &[id]).await?,
    }
    held.sort_unstable();
    held.dedup();
    for id in held {
        packages::lock(tx, id).await?;
    }
    Ok(())
}

/// What is to be named, if the actor may see it.
pub(super) async fn find(tx: &mut Tx, actor: &Principal, counterpart: Counterpart) -> Result<Option<Found>, StoreError> {
    Ok(match counterpart {
        Counterpart::Package(id) => {
            let found = packages::get(tx, id).await?;
            let seen = found.filter(|package| access::seen(actor).includes(package.catalog_id));
            seen.map(|package| Found {
                name: package.name,
                catalog: Some(package.catalog_id),
            })
        }
        Counterpart::Group(id) => groups::find(tx, id).await?.map(|group| Found {
            name: group.name,
            catalog: None,
        }),
    })
}

async fn gives_membership(tx: &mut Tx, package: &Package, group: ObjectId) -> Result<bool, StoreError> {
    let roles = packages::roles(tx, package).await?;
    Ok(roles.iter().any(|role| role.object.id == group && role.role_name == "Member"))
}

/// The index let one through.
fn there_already(error: StoreError, name: &str) -> Error {
    if error.is_conflict_on("incompatibilities") {
        Error::Conflict(format!("{name} is in the list already."))
    } else {
        error.into()
    }
}

/// Removes a rule, with the exceptions from it. From then on whoever has what it named can get the package.
pub async fn remove(app: &App, actor: &Principal, package: PackageId, rule: IncompatibilityId) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManageIncompatibilities)?;
    let mut tx = app.store.write().await?;
    remove_in(app, &mut tx, actor, package, rule).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn remove_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    package: PackageId,
    rule: IncompatibilityId,
) -> Result<(), Error> {
    let of = packages::lock(tx, package).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManageIncompatibilities, of.catalog_id)?;
    let rule = incompatibilities::find(tx, rule)
        .await?
        .filter(|rule| rule.package_id == package)
        .ok_or(Error::NotFound)?;
    let counterpart = rule.counterpart().ok_or(Error::NotFound)?;
    if !incompatibilities::remove(tx, rule.id).await? {
        return Err(Error::NotFound);
    }
    let found = Found {
        name: rule.name,
        catalog: rule.catalog_id,
    };
    let activity = Activity::RemoveIncompatibility;
    write(app, tx, &granted, activity, &of, (rule.id, counterpart, &found))?;
    Ok(())
}

/// Removes the rule of a package that names this.
pub async fn remove_counterpart(app: &App, actor: &Principal, package: PackageId, counterpart: Counterpart) -> Result<(), Error> {
    let rules = {
        let mut tx = app.store.read().await?;
        access::on_package(&mut tx, actor, ManageIncompatibilities, package).await?;
        incompatibilities::of_package(&mut tx, package).await?
    };
    let rule = rules.into_iter().find(|rule| rule.counterpart() == Some(counterpart));
    remove(app, actor, package, rule.ok_or(Error::NotFound)?.id).await
}

/// A package is deleted: its rules go with it, and those of others that name it. Says so, for the trail.
pub async fn removed_with(tx: &mut Tx, package: PackageId) -> Result<String, StoreError> {
    let (own, naming) = incompatibilities::counts(tx, package).await?;
    if own + naming > 0 {
        incompatibilities::remove_of_package(tx, package).await?;
    }
    Ok(deletion_text(own, naming))
}

/// One row, or one for either package where they are in different catalogs: whoever sees one of these only is not told of the other. Rows
/// of one rule are of one chain.
fn write(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManageIncompatibilities>,
    activity: Activity,
    package: &Package,
    (rule, counterpart, found): (IncompatibilityId, Counterpart, &Found),
) -> Result<(), StoreError> {
    let this = Target::new("package", package.id, package.name.as_str());
    let other = match counterpart {
        Counterpart::Package(id) => Target::new("package", id, found.name.as_str()),
        Counterpart::Group(id) => Target::new("group", id, found.name.as_str()),
    };
    let row = |target: Target| Entry::by_principal(granted, activity, target).correlation(rule);
    let of_rule = || Target::new("incompatibility", rule, "");
    if found.catalog.is_none_or(|catalog| catalog == package.catalog_id) {
        return row(this)
            .and(other)
            .and(of_rule())
            .detail(format!("{} is incompatible with {}", package.name, found.name))
            .write(app, tx);
    }
    row(this)
        .and(of_rule())
        .detail("Incompatible with an access package of another catalog")
        .write(app, tx)?;
    row(other)
        .and(of_rule())
        .detail("Named as incompatible by an access package of another catalog")
        .write(app, tx)
}
