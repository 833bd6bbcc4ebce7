//! What packages give, as delivery meets it: each resource role with its object, and whether it can be given.

use uuid::Uuid;

use crate::domain::id::{ObjectId, PackageId, PackageRoleId, RoleId};
use crate::{args, row};

use super::dialect;
use super::row::WithColumn;
use super::tx::{Arg, StoreError, Tx};

/// A resource role that a package gives, as delivery meets it.
#[derive(Clone, Debug)]
pub struct Deliverable {
    /// The role.
    pub role_id: RoleId,
    /// Its name.
    pub role_name: String,
    /// Its object.
    pub object_id: ObjectId,
    /// The object's name.
    pub object_name: String,
    /// The object is still in the directory.
    pub present: bool,
}
row!(Deliverable {
    role_id: id,
    role_name,
    object_id: id,
    object_name,
    present
});

impl Deliverable {
    /// Why it cannot be given, if it cannot.
    pub fn fault(&self) -> Option<String> {
        (!self.present).then(|| format!("{} is no longer in the directory. Remove it from the package.", self.object_name))
    }
}

/// What these packages give, with the package of each.
pub async fn deliverables(tx: &mut Tx, packages: &[PackageId]) -> Result<Vec<(PackageId, Deliverable)>, StoreError> {
    let sql = dialect::in_list(
        "SELECT r.id AS role_id, r.name AS role_name, o.id AS object_id, o.name AS object_name, o.deleted_at IS NULL AS present,
            pr.package_id AS beside
         FROM package_roles pr JOIN roles r ON r.id = pr.role_id JOIN objects o ON o.id = r.object_id
         WHERE pr.package_id IN (?) ORDER BY pr.added_at, pr.id",
        packages.len(),
    );
    let found: Vec<WithColumn<Deliverable, Uuid>> = tx.all(sql, packages.iter().map(|id| Arg::from(*id)).collect()).await?;
    Ok(found.into_iter().map(|found| (PackageId(found.beside), found.row)).collect())
}

/// One of them, by its place in the package, with the package; the package gives it until the transaction ends.
pub async fn lock_deliverable(tx: &mut Tx, id: PackageRoleId) -> Result<Option<(PackageId, Deliverable)>, StoreError> {
    let sql = "SELECT r.id AS role_id, r.name AS role_name, o.id AS object_id, o.name AS object_name, o.deleted_at IS NULL AS present,
            pr.package_id AS beside
         FROM package_roles pr JOIN packages p ON p.id = pr.package_id JOIN roles r ON r.id = pr.role_id JOIN objects o ON o.id = r.object_id
         WHERE pr.id = $1";
    let found: Option<WithColumn<Deliverable, Uuid>> = tx.opt(tx.for_update(sql, "FOR SHARE OF pr, p"), args![id]).await?;
    Ok(found.map(|found| (PackageId(found.beside), found.row)))
}
