//! Assignments as the API lists them. Whether one is over is read from its end and the time, as everywhere.

use chrono::{DateTime, Utc};

use crate::args;
use crate::domain::access::Visible;
use crate::domain::assignment::AssignmentRecord;
use crate::domain::id::{AssignmentId, PackageId, UserId};
use crate::domain::odata::ListQuery;
use crate::row;

use super::super::list::List;
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Properties, Property, page};

row!(AssignmentRecord {
    id: id,
    package_id: id,
    catalog_id: id,
    policy_id: id,
    target_id: id,
    request_id: id,
    state: word,
    starts_at,
    ends_at,
    version
});

const STATE: &str = "CASE WHEN over.id IS NOT NULL THEN 'expired' ELSE t.state END";

/// The API's words for where an assignment stands, each with the word that is stored.
pub const STATES: &[(&str, &str)] = &[
    ("delivering", "delivering"),
    ("partiallyDelivered", "partially_delivered"),
    ("delivered", "delivered"),
    ("expired", "expired"),
    ("deliveryFailed", "delivery_failed"),
];

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("schedule/startDateTime", "t.starts_at", Kind::Time).sorting(),
        Property::new("id", "t.id", Kind::Id),
        Property::new("state", STATE, Kind::Words(STATES)),
        Property::new("accessPackage/id", "t.package_id", Kind::Id),
        Property::new("accessPackageId", "t.package_id", Kind::Id),
        Property::new("accessPackage/displayName", "p.name_folded", Kind::Folded),
        Property::new("accessPackage/catalog/id", "p.catalog_id", Kind::Id),
        Property::new("catalogId", "p.catalog_id", Kind::Id),
        Property::new("assignmentPolicy/id", "t.policy_id", Kind::Id),
        Property::new("assignmentPolicyId", "t.policy_id", Kind::Id),
        Property::new("target/objectId", "t.target_id", Kind::Id),
        Property::new("target/id", "t.target_id", Kind::Id),
        Property::new("targetId", "t.target_id", Kind::Id),
        Property::new("target/email", "u.mail", Kind::Text),
        Property::new("target/displayName", "u.name_folded", Kind::Folded),
        Property::new("target/principalName", "u.user_name_folded", Kind::Folded),
        Property::new("expiredDateTime", "over.ends_at", Kind::Time).optional(),
    ],
    pairs: &[],
    id: "t.id",
};

/// Which assignments.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// Those of visible catalogs.
    Visible(&'a Visible),
    /// Somebody's own.
    Target(UserId),
    /// Those that came of somebody's requests.
    Requestor(UserId),
    /// Those of a package that hold while their people hold another that is named too.
    Both(PackageId, PackageId),
    /// Those of visible catalogs that hold while their people hold a package that theirs is incompatible with.
    InConflict(&'a Visible),
}

/// Assignments as they stand at `now`, which is the first value of the list.
fn records(now: DateTime<Utc>) -> List {
    List::new(
        "t.id, t.package_id, p.catalog_id, t.policy_id, t.target_id, t.request_id,
            CASE WHEN over.id IS NOT NULL THEN 'expired' ELSE t.state END AS state, t.starts_at, t.ends_at, t.version",
        "assignments t JOIN packages p ON p.id = t.package_id JOIN users u ON u.id = t.target_id
            LEFT JOIN assignments over ON over.id = t.id AND over.ends_at <= $1",
    )
    .with(args![now])
}

fn narrow(list: &mut List, whose: Whose<'_>) {
    const LIVE: &str = "over.id IS NULL AND t.state NOT IN ('expired', 'delivery_failed')";
    match whose {
        Whose::Visible(visible) => list.visible("p.catalog_id", visible),
        Whose::Target(user) => list.filter("t.target_id = ?", args![user]),
        Whose::Requestor(user) => list.filter(
            "t.request_id IN (SELECT q.id FROM requests q WHERE q.requestor_id = ?)",
            args![user],
        ),
        Whose::Both(package, other) => {
            list.filter(LIVE, Vec::new());
            list.filter("t.package_id = ?", args![package]);
            list.filter(
                "EXISTS (SELECT 1 FROM assignments o WHERE o.target_id = t.target_id AND o.package_id = ?
                    AND o.state NOT IN ('expired', 'delivery_failed') AND (o.ends_at IS NULL OR o.ends_at > $1))",
                args![other],
            );
        }
        Whose::InConflict(visible) => {
            list.visible("p.catalog_id", visible);
            list.filter(LIVE, Vec::new());
            list.filter(
                "EXISTS (SELECT 1 FROM incompatibilities i JOIN assignments o ON o.package_id = i.incompatible_package_id
                    WHERE i.package_id = t.package_id AND o.target_id = t.target_id AND o.state NOT IN ('expired', 'delivery_failed')
                    AND (o.ends_at IS NULL OR o.ends_at > $1))",
                Vec::new(),
            );
        }
    }
}

/// A page of assignments.
pub async fn list(tx: &mut Tx, query: &ListQuery, whose: Whose<'_>, now: DateTime<Utc>) -> Result<Found<AssignmentRecord>, ListFault> {
    let mut list = records(now);
    narrow(&mut list, whose);
    page(tx, list, &PROPERTIES, query, |assignment: &AssignmentRecord| assignment.id.0).await
}

/// One assignment.
pub async fn get(tx: &mut Tx, id: AssignmentId, now: DateTime<Utc>) -> Result<Option<AssignmentRecord>, StoreError> {
    let mut list = records(now);
    list.filter("t.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// These assignments; an id of none is missing from the answer.
pub async fn by_ids(tx: &mut Tx, ids: &[AssignmentId], now: DateTime<Utc>) -> Result<Vec<AssignmentRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = records(now);
    list.in_list("t.id", ids.iter().copied().map(Arg::from).collect());
    list.all(tx, "").await
}

/// The last assignment of a package to somebody that is not over.
pub async fn live(tx: &mut Tx, package: PackageId, user: UserId, now: DateTime<Utc>) -> Result<Option<AssignmentRecord>, StoreError> {
    let mut list = records(now);
    list.filter("t.package_id = ? AND t.target_id = ?", args![package, user]);
    list.filter("over.id IS NULL AND t.state <> 'expired'", Vec::new());
    Ok(list.all(tx, "").await?.pop())
}
