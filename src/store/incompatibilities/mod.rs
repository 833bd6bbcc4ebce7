//! Separation of duties: the rules of packages, and against whom they stand. Who has both is in `people`, exceptions are in `exceptions`.

mod conflicts;
mod exceptions;
mod people;
mod with;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{CatalogId, IncompatibilityId, ObjectId, PackageId, UserId};
use crate::domain::incompatibility::{Counterpart, CounterpartKind, IncompatibilityQuery, PEOPLE_COUNTED_MAX};
use crate::domain::page::{Direction, Page};
use crate::{args, row};

use super::batch;
use super::list::{Key, List, Order};
use super::tx::{Arg, StoreError, Tx};

pub use conflicts::{Stands, concerned, lock_keys, lock_person, of_requests, standing, with_rules};
pub use exceptions::{Exception, NewExceptionRow, end_exception, exception, exceptions, insert_exception, live_exception};
pub use people::{InConflict, Met, People, count_people, names_of_people, of_tenant, people, rules_of};
pub use with::{groups_excluded, naming_group, naming_package};

/// That somebody has what the rule `i` names; `$user` is their column. A rule never changes, and neither half of it is slow to find.
macro_rules! has_counterpart {
    ($user:literal, $now:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM assignments h WHERE h.target_id = ",
            $user,
            " AND h.package_id = i.incompatible_package_id AND h.state <> 'expired' AND h.state <> 'delivery_failed'
                AND (h.ends_at IS NULL OR h.ends_at > ",
            $now,
            ")) OR EXISTS (SELECT 1 FROM roles hr JOIN memberships hm ON hm.role_id = hr.id WHERE hr.object_id = i.incompatible_group_id
                AND hr.name = 'Member' AND hm.user_id = ",
            $user,
            " AND hm.until > ",
            $now,
            "))"
        )
    };
}

/// That somebody has no exception from the rule `i`.
macro_rules! not_excepted {
    ($user:literal, $now:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM incompatibility_exceptions x WHERE x.incompatibility_id = i.id AND x.user_id = ",
            $user,
            " AND x.ended_at IS NULL AND x.ends_at > ",
            $now,
            ")"
        )
    };
}
pub(super) use {has_counterpart, not_excepted};

/// What a rule names, from its stored halves.
fn counterpart(package: Option<PackageId>, group: Option<ObjectId>) -> Option<Counterpart> {
    package.map(Counterpart::Package).or(group.map(Counterpart::Group))
}

/// A rule, with what it names.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The rule.
    pub id: IncompatibilityId,
    /// Of which package.
    pub package_id: PackageId,
    with_package: Option<PackageId>,
    with_group: Option<ObjectId>,
    /// The name of what it names.
    pub name: String,
    /// The catalog of a package.
    pub catalog_id: Option<CatalogId>,
    /// The catalog's name.
    pub catalog_name: Option<String>,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// By whom; blank for the product itself.
    pub added_by: String,
}
row!(Rule {
    id: id,
    package_id: id,
    with_package: opt_id,
    with_group: opt_id,
    name,
    catalog_id: opt_id,
    catalog_name,
    added_at,
    added_by
});

impl Rule {
    /// What it names; the database knows no rule that names nothing.
    pub fn counterpart(&self) -> Option<Counterpart> {
        counterpart(self.with_package, self.with_group)
    }
}

const COLUMNS: &str = "i.id, i.package_id, i.incompatible_package_id AS with_package, i.incompatible_group_id AS with_group,
    COALESCE(p.name, o.name) AS name, p.catalog_id, c.name AS catalog_name, i.added_at, COALESCE(by_user.name, '') AS added_by";
const TABLES: &str =
    "incompatibilities i LEFT JOIN packages p ON p.id = i.incompatible_package_id LEFT JOIN catalogs c ON c.id = p.catalog_id
    LEFT JOIN objects o ON o.id = i.incompatible_group_id LEFT JOIN users by_user ON by_user.id = i.added_by";

/// One rule.
pub async fn find(tx: &mut Tx, id: IncompatibilityId) -> Result<Option<Rule>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter("i.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// Every rule of a package, in the order in which they were added.
pub async fn of_package(tx: &mut Tx, package: PackageId) -> Result<Vec<Rule>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter("i.package_id = ?", args![package]);
    list.all(tx, "ORDER BY i.added_at, i.id").await
}

/// A rule as its tab shows it.
#[derive(Clone, Debug)]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// People who have both, counted no further than `PEOPLE_COUNTED_MAX` and one.
    pub additional: i64,
    /// Exceptions that hold.
    pub exceptions: i64,
}
row!(RuleRow {
    rule: columns,
    additional,
    exceptions
});

/// With the two counts of each rule, in the same statement.
const COUNTED: &str = concat!(
    "i.id, i.package_id, i.incompatible_package_id AS with_package, i.incompatible_group_id AS with_group,
    COALESCE(p.name, o.name) AS name, p.catalog_id, c.name AS catalog_name, i.added_at, COALESCE(by_user.name, '') AS added_by,
    (SELECT count(*) FROM (SELECT 1 AS one FROM assignments a WHERE a.package_id = i.package_id AND a.state <> 'expired'
        AND a.state <> 'delivery_failed' AND (a.ends_at IS NULL OR a.ends_at > $1) AND ",
    has_counterpart!("a.target_id", "$1"),
    " LIMIT $2) AS both_held) AS additional,
    (SELECT count(*) FROM incompatibility_exceptions e WHERE e.incompatibility_id = i.id AND e.ended_at IS NULL AND e.ends_at > $1) AS exceptions"
);

/// A page of the rules of a package that name packages, or groups.
pub async fn page(tx: &mut Tx, query: &IncompatibilityQuery, now: DateTime<Utc>) -> Result<Page<RuleRow>, StoreError> {
    let mut list = List::new(COUNTED, TABLES).with(args![now, PEOPLE_COUNTED_MAX + 1]);
    list.filter("i.package_id = ?", args![query.package]);
    match query.kind {
        CounterpartKind::Package => list.filter("i.incompatible_package_id IS NOT NULL", args![]),
        CounterpartKind::Group => list.filter("i.incompatible_group_id IS NOT NULL", args![]),
    }
    let order = Order {
        column: "i.added_at",
        id: "i.id",
        time: true,
        direction: Direction::Up,
    };
    list.page(tx, order, &query.page, |row: &RuleRow| {
        (Uuid::from(row.rule.id), Key::Time(row.rule.added_at))
    })
    .await
}

/// A rule to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewRuleRow {
    /// The rule.
    pub id: IncompatibilityId,
    /// Of which package.
    pub package: PackageId,
    /// What it names.
    pub counterpart: Counterpart,
    /// Who adds it.
    pub by: Option<UserId>,
}

/// Keeps a rule. One that is there already is a conflict on incompatibilities.
pub async fn insert(tx: &mut Tx, new: NewRuleRow, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (package, group) = match new.counterpart {
        Counterpart::Package(id) => (Some(id), None),
        Counterpart::Group(id) => (None, Some(id)),
    };
    let values = args![new.id, new.package, package, group, now, new.by];
    let head = "incompatibilities (id, package_id, incompatible_package_id, incompatible_group_id, added_at, added_by)";
    batch::insert(tx, head, 6, values, "").await
}

/// Removes a rule with its exceptions; says whether it was there.
pub async fn remove(tx: &mut Tx, id: IncompatibilityId) -> Result<bool, StoreError> {
    tx.exec("DELETE FROM incompatibility_exceptions WHERE incompatibility_id = $1", args![id])
        .await?;
    Ok(tx.exec("DELETE FROM incompatibilities WHERE id = $1", args![id]).await? == 1)
}

/// How many rules a package has, and how many of other packages name it.
pub async fn counts(tx: &mut Tx, package: PackageId) -> Result<(i64, i64), StoreError> {
    tx.one(
        "SELECT (SELECT count(*) FROM incompatibilities WHERE package_id = $1),
            (SELECT count(*) FROM incompatibilities WHERE incompatible_package_id = $1)",
        args![package],
    )
    .await
}

/// Removes every rule of a package and every one that names it, with their exceptions.
pub async fn remove_of_package(tx: &mut Tx, package: PackageId) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM incompatibility_exceptions WHERE incompatibility_id IN (
            SELECT id FROM incompatibilities WHERE package_id = $1 OR incompatible_package_id = $1)",
        args![package],
    )
    .await?;
    tx.exec(
        "DELETE FROM incompatibilities WHERE package_id = $1 OR incompatible_package_id = $1",
        args![package],
    )
    .await?;
    Ok(())
}

/// Ids as values.
fn ids<I: Copy>(ids: &[I]) -> Vec<Arg>
where
    Arg: From<I>,
{
    ids.iter().map(|id| Arg::from(*id)).collect()
}
