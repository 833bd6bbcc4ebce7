//! Groups as the API lists them.

use chrono::{DateTime, Utc};

use crate::args;
use crate::domain::group::GroupRecord;
use crate::domain::id::{ObjectId, PackageId, UserId};
use crate::domain::object::MEMBER;
use crate::domain::odata::ListQuery;
use crate::row;

use super::super::list::List;
use super::super::search::{self, Kind as Searched};
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Properties, Property, page};

row!(GroupRecord {
    id: id,
    name,
    description,
    kind: word,
    membership: word,
    rule,
    created_at,
    version
});

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("displayName", "o.name_folded", Kind::Folded).sorting(),
        Property::new("id", "o.id", Kind::Id),
        Property::new("description", "o.description", Kind::Text),
        Property::new(
            "securityEnabled",
            "(CASE o.group_kind WHEN 'security' THEN 1 ELSE 0 END)",
            Kind::Number(&[("true", 1), ("false", 0)]),
        ),
        Property::new(
            "mailEnabled",
            "(CASE o.group_kind WHEN 'microsoft365' THEN 1 ELSE 0 END)",
            Kind::Number(&[("true", 1), ("false", 0)]),
        ),
        Property::new(
            "groupTypes",
            "o.group_kind",
            Kind::Among(&[
                ("Unified", "o.group_kind = 'microsoft365'"),
                ("DynamicMembership", "o.membership = 'dynamic'"),
            ]),
        ),
        Property::new("membershipRule", "o.rule", Kind::Text).optional(),
        Property::new("createdDateTime", "o.created_at", Kind::Time),
    ],
    pairs: &[],
    id: "o.id",
};

const COLUMNS: &str = "o.id, o.name, o.description, o.group_kind AS kind, o.membership, o.rule, o.created_at, o.version";

/// Which groups are meant.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// All.
    All,
    /// Those of which a user is a member at a time.
    Of(UserId, DateTime<Utc>),
    /// Those that a package names as incompatible.
    IncompatibleOf(PackageId),
}

/// A page of groups.
pub async fn list(tx: &mut Tx, query: &ListQuery, which: Which) -> Result<Found<GroupRecord>, ListFault> {
    let mut list = List::new(COLUMNS, "objects o");
    list.filter("o.kind = 'group' AND o.deleted_at IS NULL", Vec::new());
    match which {
        Which::All => {}
        Which::Of(user, now) => list.filter(
            "o.id IN (SELECT r.object_id FROM memberships m JOIN roles r ON r.id = m.role_id WHERE m.user_id = ? AND m.until > ? AND r.name = ?)",
            args![user, now, MEMBER],
        ),
        Which::IncompatibleOf(package) => list.filter(
            "o.id IN (SELECT i.incompatible_group_id FROM incompatibilities i WHERE i.package_id = ? AND i.incompatible_group_id IS NOT NULL)",
            args![package],
        ),
    }
    search::narrow(
        &mut list,
        "o.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Searched::Object,
        query.search.as_deref().unwrap_or_default(),
    );
    page(tx, list, &PROPERTIES, query, |group: &GroupRecord| group.id.0).await
}

/// These groups, those of them that are there.
pub async fn by_ids(tx: &mut Tx, ids: &[ObjectId]) -> Result<Vec<GroupRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(COLUMNS, "objects o");
    list.filter("o.kind = 'group' AND o.deleted_at IS NULL", Vec::new());
    list.in_list("o.id", ids.iter().copied().map(Arg::from).collect());
    list.all(tx, "").await
}
