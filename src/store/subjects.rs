//! Users and groups in one list, for whoever picks whom a policy names.

use std::collections::HashSet;

use uuid::Uuid;

use crate::domain::object::{GroupKind, Subject, SubjectItem, SubjectKind, SubjectQuery};
use crate::domain::page::{Direction, Page};
use crate::domain::text::StringEnum;
use crate::row;

use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{Arg, StoreError, Tx};

const COLUMNS: &str = "s.id, s.kind, s.name, s.name_folded, s.detail, s.deleted_at IS NOT NULL AS deleted";
const USERS: &str = "(SELECT u.id, 'user' AS kind, u.name, u.name_folded, u.user_name AS detail, u.deleted_at FROM users u) s";
const GROUPS: &str = "(SELECT o.id, 'group' AS kind, o.name, o.name_folded, o.group_kind AS detail, o.deleted_at FROM objects o
    WHERE o.kind = 'group') s";
const USERS_AND_GROUPS: &str = "(SELECT u.id, 'user' AS kind, u.name, u.name_folded, u.user_name AS detail, u.deleted_at FROM users u
    UNION ALL SELECT o.id, 'group', o.name, o.name_folded, o.group_kind, o.deleted_at FROM objects o WHERE o.kind = 'group') s";

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
    }
}

/// The stored halves of a subject.
pub fn halves(subject: Subject) -> (SubjectKind, Uuid) {
    match subject {
        Subject::User(id) => (SubjectKind::User, id.0),
        Subject::Group(id) => (SubjectKind::Group, id.0),
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

/// These users and groups by name, deleted ones too. Those that never were are missing.
pub async fn load(tx: &mut Tx, subjects: &[Subject]) -> Result<Vec<SubjectItem>, StoreError> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let ids: HashSet<Uuid> = subjects.iter().map(|subject| halves(*subject).1).collect();
    let mut list = List::new(COLUMNS, USERS_AND_GROUPS);
    list.in_list("s.id", ids.into_iter().map(Arg::from).collect());
    let found: Vec<Found> = list.all(tx, "ORDER BY s.name_folded, s.id").await?;
    Ok(found
        .into_iter()
        .map(SubjectItem::from)
        .filter(|item| subjects.contains(&item.subject))
        .collect())
}

/// A page of present users and groups, by name.
pub async fn page(tx: &mut Tx, query: &SubjectQuery) -> Result<Page<SubjectItem>, StoreError> {
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
