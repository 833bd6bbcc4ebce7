//! Asks for what belongs to a catalog or to a package of one. Whoever may not see the catalog is told that the thing is not there, just
//! as for one that never was; whoever sees it is told which role would do.

use crate::domain::access::{Action, ActionType, Authorized, Principal, Scope, Visible};
use crate::domain::id::{CatalogId, PackageId};
use crate::store::{StoreError, Tx, packages};

use super::Error;

/// Asks for an action on something in this catalog.
pub fn in_catalog<A: ActionType>(actor: &Principal, action: A, catalog: CatalogId) -> Result<Authorized<A>, Error> {
    actor
        .authorize(action, Scope::Catalog(catalog))
        .map_err(|refusal| match actor.visible(Action::ReadCatalogs) {
            Ok(visible) if !visible.includes(catalog) => Error::NotFound,
            _ => refusal.into(),
        })
}

/// Asks for an action on something of this package. The package is looked up only for those who are not allowed it everywhere.
pub async fn on_package<A: ActionType>(tx: &mut Tx, actor: &Principal, action: A, package: PackageId) -> Result<Authorized<A>, Error> {
    if actor.visible(A::ACTION)? == Visible::All {
        return Ok(actor.authorize(action, Scope::Tenant)?);
    }
    let catalog = packages::catalog_of(tx, package).await?.ok_or(Error::NotFound)?;
    in_catalog(actor, action, catalog)
}

/// The catalogs whose packages may be named to someone; for whoever sees none, none.
pub fn seen(actor: &Principal) -> Visible {
    actor.visible(Action::ReadCatalogs).unwrap_or(Visible::Catalogs(Vec::new()))
}

/// Those of the packages that stand in catalogs which are seen.
pub async fn seen_packages(tx: &mut Tx, visible: &Visible, ids: &[PackageId]) -> Result<Vec<PackageId>, StoreError> {
    let catalogs = packages::catalogs_of(tx, ids).await?;
    let seen = catalogs.into_iter().filter(|(_, catalog)| visible.includes(*catalog));
    Ok(seen.map(|(package, _)| package).collect())
}
