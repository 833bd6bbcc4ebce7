//! Access packages and the resource roles in them, and who stands in the way of deleting one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::domain::access::Visible;
use crate::domain::id::{AssignmentId, CatalogId, Named, ObjectId, PackageId, PackageRoleId, RoleId};
use crate::domain::package::{ACTIVE_COUNTED_MAX, PackageEdit, PackageItem, PackageQuery, PackageRoleItem, PackageSort, PriorMembership};
use crate::domain::page::Page;
use crate::domain::request::RequestState;
use crate::domain::text::StringEnum;
use crate::domain::validate::Name;
use crate::{args, row};

use super::dialect::{self, trusted_sql};
use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{Arg, StoreError, Tx, word};
use super::{batch, objects};

/// A present package.
#[derive(Clone, Debug)]
pub struct Package {
    /// The package.
    pub id: PackageId,
    /// Its name.
    pub name: String,
    /// As compared.
    pub name_folded: String,
    /// What requestors read about it.
    pub description: String,
    /// Its catalog.
    pub catalog_id: CatalogId,
    /// The catalog's name.
    pub catalog_name: String,
    /// Not listed in My Access.
    pub hidden: bool,
    /// What becomes of memberships held before.
    pub prior_membership: PriorMembership,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// For the next change.
    pub version: i64,
}
row!(Package {
    id: id,
    name,
    name_folded,
    description,
    catalog_id: id,
    catalog_name,
    hidden,
    prior_membership: word,
    created_at,
    updated_at,
    version
});

impl Package {
    /// Its catalog, by name.
    pub fn catalog(&self) -> Named<CatalogId> {
        Named::new(self.catalog_id, self.catalog_name.as_str())
    }

    /// The package as lists show it.
    pub fn item(self, active_assignments: i64) -> PackageItem {
        PackageItem {
            id: self.id,
            catalog: Named::new(self.catalog_id, self.catalog_name),
            name: self.name,
            description: self.description,
            active_assignments,
            hidden: self.hidden,
            created_at: self.created_at,
            version: self.version,
        }
    }
}

fn present() -> List {
    let mut list = List::new(
        "p.id, p.name, p.name_folded, p.description, p.catalog_id, c.name AS catalog_name, p.hidden, p.prior_membership,
            p.created_at, p.updated_at, p.version",
        "packages p JOIN catalogs c ON c.id = p.catalog_id",
    );
    list.filter("p.deleted_at IS NULL", Vec::new());
    list
}

/// A page of packages in the catalogs that are visible.
pub async fn page(tx: &mut Tx, query: &PackageQuery, visible: &Visible) -> Result<Page<Package>, StoreError> {
    let mut list = present();
    list.visible("p.catalog_id", visible);
    if let Some(catalog) = query.catalog {
        list.filter("p.catalog_id = ?", args![catalog]);
    }
    search::narrow(
        &mut list,
        "p.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::Package,
        &query.search,
    );
    let by_time = query.sort == PackageSort::Created;
    let order = Order {
        column: if by_time { "p.created_at" } else { "p.name_folded" },
        id: "p.id",
        time: by_time,
        direction: query.direction,
    };
    list.counted_page(tx, order, &query.page, |package: &Package| {
        let key = if by_time {
            Key::Time(package.created_at)
        } else {
            Key::Text(package.name_folded.clone())
        };
        (package.id.0, key)
    })
    .await
}

/// One package, unless it has been deleted.
pub async fn get(tx: &mut Tx, id: PackageId) -> Result<Option<Package>, StoreError> {
    let mut list = present();
    list.filter("p.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// The catalog of a package, deleted or not.
pub async fn catalog_of(tx: &mut Tx, id: PackageId) -> Result<Option<CatalogId>, StoreError> {
    Ok(catalogs_of(tx, &[id]).await?.pop().map(|(_, catalog)| catalog))
}

/// The packages of a name, as it is compared, each with its catalog; in the catalog of a name, unless that is empty.
pub async fn named(tx: &mut Tx, folded: &str, catalog: &str) -> Result<Vec<(PackageId, CatalogId)>, StoreError> {
    let rows: Vec<(uuid::Uuid, uuid::Uuid)> = tx
        .all(
            "SELECT p.id, p.catalog_id FROM packages p JOIN catalogs c ON c.id = p.catalog_id
             WHERE p.name_folded = $1 AND p.deleted_at IS NULL AND ($2 = '' OR c.name_folded = $2) ORDER BY p.id LIMIT 200",
            args![folded, catalog],
        )
        .await?;
    Ok(rows.into_iter().map(|(id, catalog)| (PackageId(id), CatalogId(catalog))).collect())
}

/// The catalogs of packages, deleted or not.
pub async fn catalogs_of(tx: &mut Tx, ids: &[PackageId]) -> Result<Vec<(PackageId, CatalogId)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("p.id, p.catalog_id", "packages p");
    list.in_list("p.id", ids.iter().copied().map(Arg::from).collect());
    let rows: Vec<(uuid::Uuid, uuid::Uuid)> = list.all(tx, "").await?;
    Ok(rows.into_iter().map(|(id, catalog)| (PackageId(id), CatalogId(catalog))).collect())
}

/// One package, held until the transaction ends: no request for it, and no other change to it, comes in between.
pub async fn lock(tx: &mut Tx, id: PackageId) -> Result<Option<Package>, StoreError> {
    let sql = "SELECT version FROM packages WHERE id = $1 AND deleted_at IS NULL";
    let held: Option<(i64,)> = tx.opt(tx.for_update(sql, "FOR UPDATE"), args![id]).await?;
    if held.is_none() {
        return Ok(None);
    }
    get(tx, id).await
}

struct Count {
    id: PackageId,
    count: i64,
}
row!(Count { id: id, count });

/// How many people have each of these packages at `now`; a package that nobody has is missing.
pub async fn active(tx: &mut Tx, ids: &[PackageId], now: DateTime<Utc>) -> Result<HashMap<PackageId, i64>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut list = List::new("a.package_id AS id, count(*) AS count", "assignments a");
    list.in_list("a.package_id", ids.iter().copied().map(Arg::from).collect());
    list.filter(
        "a.state <> 'expired' AND a.state <> 'delivery_failed' AND a.starts_at <= ? AND (a.ends_at IS NULL OR a.ends_at > ?)",
        args![now, now],
    );
    let rows: Vec<Count> = list.all(tx, "GROUP BY a.package_id").await?;
    Ok(rows.into_iter().map(|row| (row.id, row.count)).collect())
}

struct Holder {
    id: AssignmentId,
    name: String,
}
row!(Holder { id: id, name });

/// The same for a list: each package is counted no further than `ACTIVE_COUNTED_MAX` and one more, so that a page costs the same however
/// many have them.
pub async fn active_bounded(tx: &mut Tx, ids: &[PackageId], now: DateTime<Utc>) -> Result<HashMap<PackageId, i64>, StoreError> {
    let (sql, args) = counting_bounded(ids, now);
    let rows: Vec<Count> = tx.all(trusted_sql(sql), args).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.count)).collect())
}

/// The statement of `active_bounded`, and its values.
pub(super) fn counting_bounded(ids: &[PackageId], now: DateTime<Utc>) -> (String, Vec<Arg>) {
    const MOST: i64 = ACTIVE_COUNTED_MAX + 1;
    let sql = dialect::in_list(
        "SELECT p.id, (SELECT count(*) FROM (SELECT 1 AS one FROM assignments a WHERE a.package_id = p.id AND a.state <> 'expired' AND a.state <> 'delivery_failed'
            AND a.starts_at <= $NOW AND (a.ends_at IS NULL OR a.ends_at > $NOW) LIMIT $MOST) AS counted) AS count
         FROM packages p WHERE p.id IN (?)",
        ids.len(),
    );
    let n = ids.len();
    let sql = sql
        .0
        .replace("$NOW", &format!("${}", n + 1))
        .replace("$MOST", &format!("${}", n + 2));
    let mut args: Vec<Arg> = ids.iter().copied().map(Arg::from).collect();
    args.extend(args![now, MOST]);
    (sql, args)
}

/// Three of the assignments that are not over at `now`, each with its holder's name and user name, since two people can share a name; and
/// how many there are.
pub async fn holders(tx: &mut Tx, id: PackageId, now: DateTime<Utc>) -> Result<(Vec<Named<AssignmentId>>, i64), StoreError> {
    let held = || {
        let mut list = List::new(
            "a.id, u.name || ' (' || u.user_name || ')' AS name",
            "assignments a JOIN users u ON u.id = a.target_id",
        );
        list.filter(
            "a.package_id = ? AND a.state <> 'expired' AND (a.ends_at IS NULL OR a.ends_at > ?)",
            args![id, now],
        );
        list
    };
    let few: Vec<Holder> = held().all(tx, "ORDER BY u.name_folded, u.id LIMIT 3").await?;
    let count = held().count(tx, i64::MAX).await?;
    Ok((few.into_iter().map(|holder| Named::new(holder.id, holder.name)).collect(), count))
}

/// How many requests for a package wait for something.
pub async fn open_requests(tx: &mut Tx, id: PackageId) -> Result<i64, StoreError> {
    let mut list = List::new("r.id", "requests r");
    list.filter("r.package_id = ?", args![id]);
    let open = RequestState::ALL.iter().copied().filter(|state| state.is_open());
    list.in_list("r.state", open.map(word).collect());
    list.count(tx, i64::MAX).await
}

/// Whether the catalog has a package of that name.
pub async fn is_name_taken(tx: &mut Tx, catalog: CatalogId, name: &Name) -> Result<bool, StoreError> {
    let row: Option<(i64,)> = tx
        .opt(
            "SELECT version FROM packages WHERE catalog_id = $1 AND name_folded = $2 AND deleted_at IS NULL",
            args![catalog, name.folded.as_str()],
        )
        .await?;
    Ok(row.is_some())
}

/// Keeps a new package, without its resource roles and policy. A taken name is a conflict on packages.
pub async fn insert(tx: &mut Tx, id: PackageId, catalog: CatalogId, package: &PackageEdit, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO packages (id, catalog_id, name, name_folded, description, hidden, prior_membership, created_at, updated_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1)",
        args![
            id,
            catalog,
            package.name.text.as_str(),
            package.name.folded.as_str(),
            package.description.as_str(),
            package.hidden,
            package.prior_membership.as_str(),
            now
        ],
    )
    .await?;
    search::index(tx, Kind::Package, id, &[&package.name.text, &package.description]).await
}

/// Changes a package that still has this version; says whether it had. A taken name is a conflict on packages.
pub async fn update(tx: &mut Tx, id: PackageId, version: i64, edit: &PackageEdit, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE packages SET name = $3, name_folded = $4, description = $5, hidden = $6, prior_membership = $7, updated_at = $8,
                version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![
                id,
                version,
                edit.name.text.as_str(),
                edit.name.folded.as_str(),
                edit.description.as_str(),
                edit.hidden,
                edit.prior_membership.as_str(),
                now
            ],
        )
        .await?;
    if changed == 1 {
        search::index(tx, Kind::Package, id, &[&edit.name.text, &edit.description]).await?;
    }
    Ok(changed == 1)
}

/// Moves a package that still has this version to another catalog; says whether it had. A taken name is a conflict on packages.
pub async fn move_to(tx: &mut Tx, id: PackageId, version: i64, catalog: CatalogId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE packages SET catalog_id = $3, updated_at = $4, version = version + 1
             WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![id, version, catalog, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Notes that what the package gives has changed. The version stays: it guards the properties, which others may be editing.
pub async fn touch(tx: &mut Tx, id: PackageId, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec("UPDATE packages SET updated_at = $2 WHERE id = $1", args![id, now]).await?;
    Ok(())
}

/// Marks a package that still has this version as deleted; says whether it had.
pub async fn delete(tx: &mut Tx, id: PackageId, version: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE packages SET deleted_at = $3, version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![id, version, now],
        )
        .await?;
    if changed == 1 {
        search::forget(tx, id).await?;
    }
    Ok(changed == 1)
}

struct Role {
    id: PackageRoleId,
    role_id: RoleId,
    role_name: String,
    object_id: ObjectId,
    added_at: DateTime<Utc>,
}
row!(Role {
    id: id,
    role_id: id,
    role_name,
    object_id: id,
    added_at
});

/// What a package gives, in the order in which it was added.
pub async fn roles(tx: &mut Tx, package: &Package) -> Result<Vec<PackageRoleItem>, StoreError> {
    let mut list = List::new(
        "pr.id, pr.role_id, r.name AS role_name, r.object_id, pr.added_at",
        "package_roles pr JOIN roles r ON r.id = pr.role_id",
    );
    list.filter("pr.package_id = ?", args![package.id]);
    let rows: Vec<Role> = list.all(tx, "ORDER BY pr.added_at, pr.id").await?;
    let ids: Vec<ObjectId> = rows.iter().map(|row| row.object_id).collect();
    let objects = objects::load(tx, Some(package.catalog_id), &ids).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(PackageRoleItem {
                id: row.id,
                role: row.role_id,
                role_name: row.role_name,
                object: objects.iter().find(|object| object.id == row.object_id)?.clone(),
                added_at: row.added_at,
            })
        })
        .collect())
}

/// Adds resource roles. One that the package has already is a conflict on package_roles.
pub async fn add_roles(tx: &mut Tx, id: PackageId, roles: &[(PackageRoleId, RoleId)], now: DateTime<Utc>) -> Result<(), StoreError> {
    let values = roles.iter().flat_map(|(place, role)| args![*place, id, *role, now]).collect();
    batch::insert(tx, "package_roles (id, package_id, role_id, added_at)", 4, values, "").await
}

/// Removes a resource role; says whether it was there.
pub async fn remove_role(tx: &mut Tx, id: PackageId, place: PackageRoleId) -> Result<bool, StoreError> {
    let removed = tx
        .exec("DELETE FROM package_roles WHERE id = $1 AND package_id = $2", args![place, id])
        .await?;
    Ok(removed == 1)
}
