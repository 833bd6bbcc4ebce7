//! What packages give, as the API lists it.

use chrono::{DateTime, Utc};

use crate::domain::id::{PackageId, PackageRoleId, RoleId};
use crate::domain::object::{ResourceRecord, ResourceRoleRecord, RoleScopeRecord};
use crate::row;

use super::super::list::List;
use super::super::tx::{Arg, StoreError, Tx};

struct Row {
    place: PackageRoleId,
    package_id: PackageId,
    placed_at: DateTime<Utc>,
    role_id: RoleId,
    role_name: String,
    position: i64,
    resource: ResourceRecord,
}
row!(Row {
    place: id,
    package_id: id,
    placed_at,
    role_id: id,
    role_name,
    position,
    resource: columns
});

impl From<Row> for RoleScopeRecord {
    fn from(row: Row) -> Self {
        Self {
            place: row.place,
            package_id: row.package_id,
            placed_at: row.placed_at,
            role: ResourceRoleRecord {
                id: row.role_id,
                name: row.role_name,
                position: row.position,
                resource: row.resource,
            },
        }
    }
}

/// The resource roles of these packages, of each in the order in which they were added. What a package gives stays a resource of its catalog.
pub async fn of_packages(tx: &mut Tx, packages: &[PackageId]) -> Result<Vec<RoleScopeRecord>, StoreError> {
    if packages.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "pr.id AS place, pr.package_id, pr.added_at AS placed_at, l.id AS role_id, l.name AS role_name, l.position, r.id, r.catalog_id,
            r.object_id, o.kind, o.name, o.description, o.url, r.added_at",
        "package_roles pr JOIN packages p ON p.id = pr.package_id JOIN roles l ON l.id = pr.role_id JOIN objects o ON o.id = l.object_id
            JOIN catalog_resources r ON r.object_id = o.id AND r.catalog_id = p.catalog_id",
    );
    list.in_list("pr.package_id", packages.iter().copied().map(Arg::from).collect());
    let rows: Vec<Row> = list.all(tx, "ORDER BY pr.added_at, pr.id").await?;
    Ok(rows.into_iter().map(RoleScopeRecord::from).collect())
}
