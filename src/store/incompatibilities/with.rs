//! From the other side: which packages' rules name a package or a group.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::access::Visible;
use crate::domain::id::{CatalogId, IncompatibilityId, Named, ObjectId, PackageId, RoleId};
use crate::domain::incompatibility::{IncompatibleWithItem, IncompatibleWithQuery};
use crate::domain::page::{Direction, Page};
use crate::{args, row};

use super::super::list::{Key, List, Order};
use super::super::tx::{StoreError, Tx};
use super::ids;

struct Row {
    id: IncompatibilityId,
    package_id: PackageId,
    name: String,
    catalog_id: CatalogId,
    catalog_name: String,
    added_at: DateTime<Utc>,
}
row!(Row {
    id: id,
    package_id: id,
    name,
    catalog_id: id,
    catalog_name,
    added_at
});

/// A page of the packages in these catalogs whose rules name a package, and how many others do.
pub async fn naming_package(
    tx: &mut Tx,
    query: &IncompatibleWithQuery,
    visible: &Visible,
) -> Result<(Page<IncompatibleWithItem>, i64), StoreError> {
    let naming = || {
        let mut list = List::new(
            "i.id, i.package_id, p.name, p.catalog_id, c.name AS catalog_name, i.added_at",
            "incompatibilities i JOIN packages p ON p.id = i.package_id JOIN catalogs c ON c.id = p.catalog_id",
        );
        list.filter("i.incompatible_package_id = ?", args![query.package]);
        list
    };
    let mut seen = naming();
    seen.visible("p.catalog_id", visible);
    let unseen = match visible {
        Visible::All => 0,
        Visible::Catalogs(_) => naming().count(tx, i64::MAX).await? - seen.clone().count(tx, i64::MAX).await?,
    };
    let order = Order {
        column: "i.added_at",
        id: "i.id",
        time: true,
        direction: Direction::Up,
    };
    let page = seen
        .page(tx, order, &query.page, |row: &Row| (Uuid::from(row.id), Key::Time(row.added_at)))
        .await?;
    let page = page.map(|row| IncompatibleWithItem {
        id: row.id,
        package: Named::new(row.package_id, row.name),
        catalog: Named::new(row.catalog_id, row.catalog_name),
        added_at: row.added_at,
    });
    Ok((page, unseen))
}

/// The packages whose rules name a group, each with its catalog.
pub async fn naming_group(tx: &mut Tx, group: ObjectId) -> Result<Vec<(Named<PackageId>, CatalogId)>, StoreError> {
    let mut list = List::new(
        "p.id, p.name, p.catalog_id",
        "incompatibilities i JOIN packages p ON p.id = i.package_id",
    );
    list.filter("i.incompatible_group_id = ?", args![group]);
    let rows: Vec<(Uuid, String, Uuid)> = list.all(tx, "ORDER BY p.name_folded, p.id").await?;
    Ok(rows
        .into_iter()
        .map(|(id, name, catalog)| (Named::new(PackageId(id), name), CatalogId(catalog)))
        .collect())
}

/// The names of the groups of which one of these roles is the membership and that a rule of the package names.
pub async fn groups_excluded(tx: &mut Tx, package: PackageId, roles: &[RoleId]) -> Result<Vec<String>, StoreError> {
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "o.name",
        "incompatibilities i JOIN objects o ON o.id = i.incompatible_group_id JOIN roles r ON r.object_id = o.id",
    );
    list.filter("i.package_id = ? AND r.name = 'Member'", args![package]);
    list.in_list("r.id", ids(roles));
    let names: Vec<(String,)> = list.all(tx, "ORDER BY o.name_folded").await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}
