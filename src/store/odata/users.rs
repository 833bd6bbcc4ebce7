//! Users as the API lists them.

use chrono::{DateTime, Utc};

use crate::args;
use crate::domain::group::GroupRole;
use crate::domain::id::{ObjectId, UserId};
use crate::domain::odata::ListQuery;
use crate::domain::user::UserRecord;
use crate::row;

use super::super::groups::role_name;
use super::super::list::List;
use super::super::search::{self, Kind as Searched};
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Pair, Properties, Property, page};

row!(UserRecord {
    id: id,
    name,
    user_name,
    kind: word,
    mail,
    job_title,
    department,
    company,
    office,
    phone,
    manager_id: opt_id,
    enabled,
    created_at,
    deleted_at,
    version
});

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("displayName", "u.name_folded", Kind::Folded).sorting(),
        Property::new("id", "u.id", Kind::Id),
        Property::new("userPrincipalName", "u.user_name_folded", Kind::Folded).sorting(),
        Property::new("mail", "u.mail", Kind::Text),
        Property::new("department", "u.department_folded", Kind::Folded).sorting(),
        Property::new("jobTitle", "u.job_title_folded", Kind::Folded),
        Property::new("companyName", "u.company", Kind::Text),
        Property::new("officeLocation", "u.office", Kind::Text),
        Property::new("mobilePhone", "u.phone", Kind::Text),
        Property::new("userType", "u.kind", Kind::Words(&[("Member", "member"), ("Guest", "guest")])),
        Property::new("accountEnabled", "u.enabled", Kind::Flag),
        Property::new("createdDateTime", "u.created_at", Kind::Time),
        Property::new("deletedDateTime", "u.deleted_at", Kind::Time).optional(),
        Property::new("manager/id", "u.manager_id", Kind::Id).optional(),
    ],
    pairs: &[Pair {
        paths: ["department", "displayName"],
        columns: ["u.department_folded", "u.name_folded"],
        both: "u.department_folded || '\u{1f}' || u.name_folded",
    }],
    id: "u.id",
};

const COLUMNS: &str = "u.id, u.name, u.user_name, u.kind, u.mail, u.job_title, u.department, u.company, u.office, u.phone, u.manager_id,
    u.enabled, u.created_at, u.deleted_at, u.version";

/// Which users are meant.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// Those who are there.
    Present,
    /// Those who were deleted and can be restored.
    Deleted,
    /// Those who hold a role of a group at a time.
    Holding(ObjectId, GroupRole, DateTime<Utc>),
}

fn narrowed(query: &ListQuery, which: Which) -> List {
    let mut list = List::new(COLUMNS, "users u");
    match which {
        Which::Present => list.filter("u.deleted_at IS NULL", Vec::new()),
        Which::Deleted => list.filter("u.deleted_at IS NOT NULL AND u.erased_at IS NULL", Vec::new()),
        Which::Holding(group, role, now) => {
            list.filter("u.deleted_at IS NULL", Vec::new());
            list.filter(
                "u.id IN (SELECT m.user_id FROM roles r JOIN memberships m ON m.role_id = r.id
                    WHERE r.object_id = ? AND r.name = ? AND m.until > ?)",
                args![group, role_name(role), now],
            );
        }
    }
    search::narrow(
        &mut list,
        "u.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Searched::User,
        query.search.as_deref().unwrap_or_default(),
    );
    list
}

/// A page of users.
pub async fn list(tx: &mut Tx, query: &ListQuery, which: Which) -> Result<Found<UserRecord>, ListFault> {
    page(tx, narrowed(query, which), &PROPERTIES, query, |user: &UserRecord| user.id.0).await
}

/// The statement of such a page.
#[cfg(test)]
pub fn statement(query: &ListQuery, which: Which) -> (String, Vec<Arg>) {
    super::asked(narrowed(query, which), &PROPERTIES, query)
}

/// These users, deleted ones too unless their data are erased.
pub async fn by_ids(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<UserRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(COLUMNS, "users u");
    list.filter("u.erased_at IS NULL", Vec::new());
    list.in_list("u.id", ids.iter().copied().map(Arg::from).collect());
    list.all(tx, "").await
}
