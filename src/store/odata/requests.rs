//! Requests as the API lists them, and those in which somebody has a part.

use uuid::Uuid;

use crate::args;
use crate::domain::access::Visible;
use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::odata::ListQuery;
use crate::domain::request::RequestRecord;
use crate::row;

use super::super::list::List;
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Properties, Property, page};

row!(RequestRecord {
    id: id,
    package_id: id,
    catalog_id: id,
    policy_id: id,
    target_id: id,
    requestor_id: opt_id,
    kind: word,
    state: word,
    justification,
    answers: json,
    starts_at,
    ends_at,
    assignment_id: opt_id,
    submitted_at,
    completed_at,
    version
});

/// The API's words for kinds of requests, each with the word that is stored. More time is an update to it.
pub const KINDS: &[(&str, &str)] = &[
    ("userAdd", "user_add"),
    ("userUpdate", "user_update"),
    ("userRemove", "user_remove"),
    ("adminAdd", "admin_add"),
    ("adminUpdate", "admin_update"),
    ("adminRemove", "admin_remove"),
    ("systemAdd", "system_add"),
    ("systemUpdate", "system_update"),
    ("systemRemove", "system_remove"),
    ("onBehalfAdd", "on_behalf_add"),
];

/// The API's words for where a request stands. One on which nobody decided in time is denied to it.
pub const STATES: &[(&str, &str)] = &[
    ("submitted", "submitted"),
    ("pendingApproval", "pending_approval"),
    ("scheduled", "scheduled"),
    ("delivering", "delivering"),
    ("delivered", "delivered"),
    ("partiallyDelivered", "partially_delivered"),
    ("deliveryFailed", "delivery_failed"),
    ("denied", "denied"),
    ("canceled", "canceled"),
];

const REQUESTOR: &str = "CASE WHEN t.kind = 'on_behalf_add' THEN t.requestor_id ELSE t.target_id END";

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("createdDateTime", "t.submitted_at", Kind::Time).sorting(),
        Property::new("id", "t.id", Kind::Id),
        Property::new("completedDateTime", "t.completed_at", Kind::Time).optional(),
        Property::new(
            "requestType",
            "CASE t.kind WHEN 'user_extend' THEN 'user_update' ELSE t.kind END",
            Kind::Words(KINDS),
        ),
        Property::new(
            "state",
            "CASE t.state WHEN 'expired' THEN 'denied' ELSE t.state END",
            Kind::Words(STATES),
        ),
        Property::new("accessPackage/id", "t.package_id", Kind::Id),
        Property::new("accessPackageId", "t.package_id", Kind::Id),
        Property::new("accessPackage/displayName", "p.name_folded", Kind::Folded),
        Property::new("accessPackage/catalog/id", "p.catalog_id", Kind::Id),
        Property::new("assignment/id", "t.assignment_id", Kind::Id).optional(),
        Property::new("assignment/accessPackage/id", "t.package_id", Kind::Id),
        Property::new("assignment/accessPackageId", "t.package_id", Kind::Id),
        Property::new("assignment/assignmentPolicy/id", "t.policy_id", Kind::Id),
        Property::new("assignment/assignmentPolicyId", "t.policy_id", Kind::Id),
        Property::new("assignment/target/objectId", "t.target_id", Kind::Id),
        Property::new("assignment/targetId", "t.target_id", Kind::Id),
        Property::new("requestor/objectId", REQUESTOR, Kind::Id).optional(),
        Property::new("requestor/id", REQUESTOR, Kind::Id).optional(),
    ],
    pairs: &[],
    id: "t.id",
};

/// Which requests.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// Those of visible catalogs.
    Visible(&'a Visible),
    /// Those about somebody's access.
    Target(UserId),
    /// Those that somebody made.
    Requestor(UserId),
    /// Those that somebody is or was asked to decide.
    Approver(UserId),
}

fn records() -> List {
    let mut list = List::new(
        "t.id, t.package_id, p.catalog_id, t.policy_id, t.target_id, t.requestor_id, t.kind, t.state, t.justification, t.answers,
            t.starts_at, t.ends_at, t.assignment_id, t.submitted_at, t.completed_at, t.version",
        "requests t JOIN packages p ON p.id = t.package_id",
    );
    list.filter("t.removed_at IS NULL", Vec::new());
    list
}

fn narrow(list: &mut List, whose: Whose<'_>) {
    match whose {
        Whose::Visible(visible) => list.visible("p.catalog_id", visible),
        Whose::Target(user) => list.filter("t.target_id = ?", args![user]),
        Whose::Requestor(user) => list.filter("t.requestor_id = ?", args![user]),
        Whose::Approver(user) => list.filter(
            "t.id IN (SELECT a.request_id FROM approvers a WHERE a.user_id = ? AND a.state = 'open'
                UNION SELECT a.request_id FROM approvers a WHERE a.user_id = ? AND a.settled_at IS NOT NULL AND a.state <> 'left')",
            args![user, user],
        ),
    }
}

/// A page of requests.
pub async fn list(tx: &mut Tx, query: &ListQuery, whose: Whose<'_>) -> Result<Found<RequestRecord>, ListFault> {
    let mut list = records();
    narrow(&mut list, whose);
    page(tx, list, &PROPERTIES, query, |request: &RequestRecord| request.id.0).await
}

/// One request.
pub async fn get(tx: &mut Tx, id: RequestId) -> Result<Option<RequestRecord>, StoreError> {
    let mut list = records();
    list.filter("t.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// One request, where somebody has this part in it.
pub async fn part_of(tx: &mut Tx, id: RequestId, whose: Whose<'_>) -> Result<Option<RequestRecord>, StoreError> {
    let mut list = records();
    list.filter("t.id = ?", args![id]);
    narrow(&mut list, whose);
    Ok(list.all(tx, "").await?.pop())
}

/// Those of these packages of which somebody has a part in a request.
pub async fn packages_of(tx: &mut Tx, user: UserId, ids: &[PackageId]) -> Result<Vec<PackageId>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("t.package_id", "requests t");
    list.filter(
        "(t.target_id = ? OR t.requestor_id = ? OR t.id IN (SELECT a.request_id FROM approvers a WHERE a.user_id = ?
            AND (a.state = 'open' OR a.settled_at IS NOT NULL)))",
        args![user, user, user],
    );
    list.in_list("t.package_id", ids.iter().copied().map(Arg::from).collect());
    let rows: Vec<(Uuid,)> = list.all(tx, "GROUP BY t.package_id").await?;
    Ok(rows.into_iter().map(|(id,)| PackageId(id)).collect())
}
