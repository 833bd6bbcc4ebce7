//! Users and groups in one list, for whoever picks whom a policy names.

use std::collections::HashSet;

use uuid::Uuid;

use crate::domain::object::{GroupKind, Subject, SubjectItem, SubjectKind, SubjectQuery};
use crate::domain::organization::OrganizationState;
use crate::domain::page::{Direction, Page};
use crate::domain::text::StringEnum;
use crate::row;

use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{Arg, StoreError, Tx};

const COLUMNS: &str = "s.id, s.kind, s.name, s.name_folded, s.detail, s.deleted_at IS NOT NULL AS deleted";
const ORGANIZATION_COLUMNS: &str = "s.id, s.kind, s.name, s.name_folded, s.detail, FALSE AS deleted";
const USERS: &str = "(SELECT u.id, 'user' AS kind, u.name, u.name_folded, u.user_name AS detail, u.deleted_at FROM users u) s";
const GROUPS: &str = "(SELECT o.id, 'group' AS kind, o.name, o.name_folded, o.group_kind AS detail, o.deleted_at FROM objects o
    WHERE o.kind = 'group') s";
const USERS_AND_GROUPS: &str = "(SELECT u.id, 'user' AS kind, u.name, u.name_folded, u.user_name AS detail, u.deleted_at FROM users u
    UNION ALL SELECT o.id, 'group', o.name, o.name_folded, o.group_kind, o.deleted_at FROM objects o WHERE o.kind = 'group') s";
const ORGANIZATIONS: &str = "(SELECT c.id, 'organization' AS kind, c.name, c.name_folded, c.state AS detail
    FROM connected_organizations c) s";

struct Found {
    id: Uuid,
    kind: SubjectKind,
    name: String,
    name_folded: String,
    detail: String,
    deleted: bool,
}
row!(Found {
    id,
    kind: word,
    name,
    name_folded,
    detail,
    deleted
});

impl From<Found> for SubjectItem {
    fn from(found: Found) -> Self {
        Self {
            subject: subject(found.kind, found.id),
            name: found.name,
            detail: match found.kind {
                SubjectKind::User => found.detail,
                SubjectKind::Group => group_detail(&found.detail),
                SubjectKind::Organization => organization_detail(&found.detail),
            },
            deleted: found.deleted,
        }
    }
}

/// A subject from its stored halves.
pub fn subject(kind: SubjectKind, id: Uuid) -> Subject {
    match kind {
        SubjectKind::User => Subject::User(id.into()),
        SubjectKind::Group => Subject::Group(id.into()),
        SubjectKind::Organization => Subject::Organization(id.into()),
    }
}

/// The stored halves of a subject.
pub fn halves(subject: Subject) -> (SubjectKind, Uuid) {
    match subject {
        Subject::User(id) => (SubjectKind::User, id.0),
        Subject::Group(id) => (SubjectKind::Group, id.0),
        Subject::Organization(id) => (SubjectKind::Organization, id.0),
    }
}

/// What is shown beside a group's name, from its stored kind.
pub fn group_detail(kind: &str) -> String {
    if kind == GroupKind::Microsoft365.as_str() {
        "Microsoft 365 group".into()
    } else {
        "Security group".into()
    }
}

/// What is shown beside an organization's name, from its stored state.
pub fn organization_detail(state: &str) -> String {
    if state == OrganizationState::Proposed.as_str() {
        "Proposed connected organization".into()
    } else {
        "Connected organization".into()
    }
}

/// These users, groups and organizations by name, deleted users and groups too. Those that never were are missing.
pub async fn load(tx: &mut Tx, subjects: &[Subject]) -> Result<Vec<SubjectItem>, StoreError> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let of_kind = |organizations: bool| -> HashSet<Uuid> {
        let kept = |subject: &&Subject| matches!(subject, Subject::Organization(_)) == organizations;
        subjects.iter().filter(kept).map(|subject| subject.id()).collect()
    };
    let mut found: Vec<Found> = Vec::new();
    for (columns, tables, ids) in [
        (COLUMNS, USERS_AND_GROUPS, of_kind(false)),
        (ORGANIZATION_COLUMNS, ORGANIZATIONS, of_kind(true)),
    ] {
        if !ids.is_empty() {
            let mut list = List::new(columns, tables);
            list.in_list("s.id", ids.into_iter().map(Arg::from).collect());
            found.extend(list.all::<Found>(tx, "ORDER BY s.name_folded, s.id").await?);
        }
    }
    Ok(found
        .into_iter()
        .map(SubjectItem::from)
        .filter(|item| subjects.contains(&item.subject))
        .collect())
}

/// A page of present users and groups, or of connected organizations, by name.
pub async fn page(tx: &mut Tx, query: &SubjectQuery) -> Result<Page<SubjectItem>, StoreError> {
    let list = if query.organizations {
        organizations(&query.search)
    } else {
        users_and_groups(query)
    };
    let order = Order {
        column: "s.name_folded",
        id: "s.id",
        time: false,
        direction: Direction::Up,
    };
    let page = list
        .page(tx, order, &query.page, |found: &Found| {
            (found.id, Key::Text(found.name_folded.clone()))
        })
        .await?;
    Ok(page.map(SubjectItem::from))
}

fn users_and_groups(query: &SubjectQuery) -> List {
    let tables = match (query.users_only, query.groups_only) {
        (true, _) => USERS,
        (false, true) => GROUPS,
        (false, false) => USERS_AND_GROUPS,
    };
    let mut list = List::new(COLUMNS, tables);
    list.filter("s.deleted_at IS NULL", Vec::new());
    search::narrow(
        &mut list,
        "s.id IN (SELECT owner_id FROM search_words WHERE kind IN (?, 'object') AND word >= ? AND word < ?)",
        Kind::User,
        &query.search,
    );
    list
}

fn organizations(search: &str) -> List {
    let mut list = List::new(ORGANIZATION_COLUMNS, ORGANIZATIONS);
    search::narrow(
        &mut list,
        "s.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::Organization,
        search,
    );
    list
}
