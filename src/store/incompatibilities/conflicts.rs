//! Against whom rules stand: at a request, and once more at the moment of delivery, when nobody else may give the same person anything.

use chrono::{DateTime, Utc};

use crate::domain::id::{CatalogId, IncompatibilityId, ObjectId, PackageId, RequestId, UserId};
use crate::domain::incompatibility::Counterpart;
use crate::{args, row};

use super::super::dialect::{LOCK_PERSON, in_list};
use super::super::list::List;
use super::super::tx::{StoreError, Tx};
use super::{counterpart, has_counterpart, ids, not_excepted};

/// A rule that stands against a person's getting a package, with every name.
#[derive(Clone, Debug)]
pub struct Stands {
    /// The request that was asked about; of a person and packages, none.
    pub request_id: Option<RequestId>,
    /// The package that cannot be had.
    pub package_id: PackageId,
    /// The rule.
    pub rule: IncompatibilityId,
    with_package: Option<PackageId>,
    with_group: Option<ObjectId>,
    /// The name of what the person has.
    pub name: String,
    /// The catalog of a package.
    pub catalog_id: Option<CatalogId>,
    /// A package that is not listed in My Access.
    pub hidden: bool,
}
row!(Stands {
    request_id: opt_id,
    package_id: id,
    rule: id,
    with_package: opt_id,
    with_group: opt_id,
    name,
    catalog_id: opt_id,
    hidden
});

impl Stands {
    /// What the person has; the database knows no rule that names nothing.
    pub fn counterpart(&self) -> Option<Counterpart> {
        counterpart(self.with_package, self.with_group)
    }
}

/// The rules that stand against a person's asking for these packages: they have what one names, or it is on its way to them.
pub async fn standing(tx: &mut Tx, user: UserId, packages: &[PackageId], now: DateTime<Utc>) -> Result<Vec<Stands>, StoreError> {
    if packages.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "CAST(NULL AS uuid) AS request_id, i.package_id, i.id AS rule, i.incompatible_package_id AS with_package,
            i.incompatible_group_id AS with_group, COALESCE(p.name, o.name) AS name, p.catalog_id, COALESCE(p.hidden, FALSE) AS hidden",
        "incompatibilities i LEFT JOIN packages p ON p.id = i.incompatible_package_id LEFT JOIN objects o ON o.id = i.incompatible_group_id",
    )
    .with(args![user, now]);
    list.in_list("i.package_id", ids(packages));
    list.filter(
        concat!(
            "(",
            has_counterpart!("$1", "$2"),
            " OR EXISTS (SELECT 1 FROM requests q WHERE q.target_id = $1 AND q.package_id = i.incompatible_package_id
                AND q.state IN ('submitted', 'delivering') AND q.kind IN ('user_add', 'admin_add', 'system_add', 'on_behalf_add')))"
        ),
        args![],
    );
    list.filter(not_excepted!("$1", "$2"), args![]);
    list.all(tx, "ORDER BY i.added_at, i.id").await
}

/// The rules that stand against these requests' being delivered: their people have what one names. One who has the package already keeps it.
pub async fn of_requests(tx: &mut Tx, requests: &[RequestId], now: DateTime<Utc>) -> Result<Vec<Stands>, StoreError> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "r.id AS request_id, i.package_id, i.id AS rule, i.incompatible_package_id AS with_package,
            i.incompatible_group_id AS with_group, COALESCE(p.name, o.name) AS name, p.catalog_id, COALESCE(p.hidden, FALSE) AS hidden",
        "requests r JOIN incompatibilities i ON i.package_id = r.package_id LEFT JOIN packages p ON p.id = i.incompatible_package_id
            LEFT JOIN objects o ON o.id = i.incompatible_group_id",
    )
    .with(args![now]);
    list.in_list("r.id", ids(requests));
    list.filter(has_counterpart!("r.target_id", "$1"), args![]);
    list.filter(not_excepted!("r.target_id", "$1"), args![]);
    list.filter(
        "NOT EXISTS (SELECT 1 FROM assignments k WHERE k.target_id = r.target_id AND k.package_id = r.package_id AND k.state <> 'expired'
            AND k.state <> 'delivery_failed' AND (k.ends_at IS NULL OR k.ends_at > $1))",
        args![],
    );
    list.all(tx, "ORDER BY i.added_at, i.id").await
}

/// Those of these packages that rules are about: they have some, are named by some, or give membership of a group that one names.
pub async fn concerned(tx: &mut Tx, packages: &[PackageId]) -> Result<Vec<PackageId>, StoreError> {
    let sql = in_list(
        "SELECT p.id FROM packages p WHERE p.id IN (?) AND (EXISTS (SELECT 1 FROM incompatibilities i WHERE i.package_id = p.id)
            OR EXISTS (SELECT 1 FROM incompatibilities i WHERE i.incompatible_package_id = p.id)
            OR EXISTS (SELECT 1 FROM package_roles pr JOIN roles r ON r.id = pr.role_id JOIN incompatibilities i ON i.incompatible_group_id = r.object_id
                WHERE pr.package_id = p.id AND r.name = 'Member'))",
        packages.len(),
    );
    let found: Vec<uuid::Uuid> = tx.column(sql, ids(packages)).await?;
    Ok(found.into_iter().map(PackageId).collect())
}

/// Those of these packages that have rules.
pub async fn with_rules(tx: &mut Tx, packages: &[PackageId]) -> Result<Vec<PackageId>, StoreError> {
    let sql = in_list(
        "SELECT p.id FROM packages p WHERE p.id IN (?) AND EXISTS (SELECT 1 FROM incompatibilities i WHERE i.package_id = p.id)",
        packages.len(),
    );
    let found: Vec<uuid::Uuid> = tx.column(sql, ids(packages)).await?;
    Ok(found.into_iter().map(PackageId).collect())
}

/// Nobody else gives this person anything that rules are about until the transaction ends. Several are locked in the order of their keys.
pub async fn lock_person(tx: &mut Tx, key: i64) -> Result<(), StoreError> {
    tx.exec(tx.pick(LOCK_PERSON), args![key]).await?;
    Ok(())
}

/// The people of requests as keys of `lock_person`, each once and in order. Two people may share a key, and then wait for each other.
pub fn lock_keys(people: impl Iterator<Item = UserId>) -> Vec<i64> {
    let mut keys: Vec<i64> = people.map(|user| (user.0.as_u128() & 0x7fff_ffff) as i64).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
