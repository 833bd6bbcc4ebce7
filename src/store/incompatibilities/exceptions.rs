//! Exceptions of single people from rules.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{CatalogId, ExceptionId, IncompatibilityId, ObjectId, PackageId, UserId};
use crate::domain::incompatibility::{Counterpart, ExceptionQuery};
use crate::domain::page::{Direction, Page};
use crate::{args, row};

use super::super::batch;
use super::super::list::{Key, List, Order};
use super::super::tx::{StoreError, Tx};
use super::counterpart;

/// An exception, with what its rule names.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The exception.
    pub id: ExceptionId,
    /// From which rule.
    pub rule: IncompatibilityId,
    /// Of which package.
    pub package_id: PackageId,
    with_package: Option<PackageId>,
    with_group: Option<ObjectId>,
    /// The name of what the rule names.
    pub name: String,
    /// The catalog of a package.
    pub catalog_id: Option<CatalogId>,
    /// For whom.
    pub user_id: UserId,
    /// Their name.
    pub person: String,
    /// Their sign-in name.
    pub user_name: String,
    /// Why.
    pub reason: String,
    /// Who granted it; blank for the product itself.
    pub granted_by: String,
    /// When.
    pub granted_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// When it was ended before.
    pub ended_at: Option<DateTime<Utc>>,
}
row!(Exception {
    id: id,
    rule: id,
    package_id: id,
    with_package: opt_id,
    with_group: opt_id,
    name,
    catalog_id: opt_id,
    user_id: id,
    person,
    user_name,
    reason,
    granted_by,
    granted_at,
    ends_at,
    ended_at
});

impl Exception {
    /// What its rule names.
    pub fn counterpart(&self) -> Option<Counterpart> {
        counterpart(self.with_package, self.with_group)
    }
}

fn all() -> List {
    List::new(
        "e.id, e.incompatibility_id AS rule, e.package_id, i.incompatible_package_id AS with_package,
            i.incompatible_group_id AS with_group, COALESCE(p.name, o.name) AS name, p.catalog_id, e.user_id, u.name AS person, u.user_name,
            e.reason, COALESCE(g.name, '') AS granted_by, e.granted_at, e.ends_at, e.ended_at",
        "incompatibility_exceptions e JOIN incompatibilities i ON i.id = e.incompatibility_id JOIN users u ON u.id = e.user_id
            LEFT JOIN users g ON g.id = e.granted_by LEFT JOIN packages p ON p.id = i.incompatible_package_id
            LEFT JOIN objects o ON o.id = i.incompatible_group_id",
    )
}

/// One exception.
pub async fn exception(tx: &mut Tx, id: ExceptionId) -> Result<Option<Exception>, StoreError> {
    let mut list = all();
    list.filter("e.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// The exception of a person from a rule that was not ended; it may be over.
pub async fn live_exception(tx: &mut Tx, rule: IncompatibilityId, user: UserId) -> Result<Option<Exception>, StoreError> {
    let mut list = all();
    list.filter(
        "e.incompatibility_id = ? AND e.user_id = ? AND e.ended_at IS NULL",
        args![rule, user],
    );
    Ok(list.all(tx, "").await?.pop())
}

/// A page of the exceptions from a package's rules, newest first.
pub async fn exceptions(tx: &mut Tx, query: &ExceptionQuery) -> Result<Page<Exception>, StoreError> {
    let mut list = all();
    list.filter("e.package_id = ?", args![query.package]);
    let order = Order {
        column: "e.granted_at",
        id: "e.id",
        time: true,
        direction: Direction::Down,
    };
    list.page(tx, order, &query.page, |row: &Exception| {
        (Uuid::from(row.id), Key::Time(row.granted_at))
    })
    .await
}

/// An exception to be kept.
#[derive(Clone, Debug)]
pub struct NewExceptionRow<'a> {
    /// The exception.
    pub id: ExceptionId,
    /// From which rule.
    pub rule: IncompatibilityId,
    /// Of which package.
    pub package: PackageId,
    /// For whom.
    pub user: UserId,
    /// Why.
    pub reason: &'a str,
    /// Who grants it.
    pub by: Option<UserId>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
}

/// Keeps an exception. A second one that was not ended is a conflict on incompatibility_exceptions.
pub async fn insert_exception(tx: &mut Tx, new: NewExceptionRow<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let values = args![new.id, new.rule, new.package, new.user, new.reason, now, new.by, new.ends_at];
    let head = "incompatibility_exceptions (id, incompatibility_id, package_id, user_id, reason, granted_at, granted_by, ends_at)";
    batch::insert(tx, head, 8, values, "").await
}

/// Ends an exception at an instant; says whether it had not been ended before.
pub async fn end_exception(tx: &mut Tx, id: ExceptionId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let sql = "UPDATE incompatibility_exceptions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    Ok(tx.exec(sql, args![id, at]).await? == 1)
}
