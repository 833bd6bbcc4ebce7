//! Lists of requests, of a package, of a person and of an assignment.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{AssignmentId, RequestId, UserId};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::domain::refusal::Permission;
use crate::domain::request::{RequestItem, RequestKind, RequestQuery, RequestState};
use crate::domain::text::StringEnum;
use crate::{args, row};

use super::super::list::{Key, List, Order};
use super::super::parties::{self, Parties, joined_parties, with_parties};
use super::super::tx::{Arg, StoreError, Tx, word};

struct ItemRow {
    id: RequestId,
    parties: Parties,
    kind: RequestKind,
    state: RequestState,
    submitted_at: DateTime<Utc>,
    completed_at: Option<DateTime<Utc>>,
    status: String,
}
row!(ItemRow {
    id: id,
    parties: columns,
    kind: word,
    state: word,
    submitted_at,
    completed_at,
    status
});

impl From<ItemRow> for RequestItem {
    fn from(row: ItemRow) -> Self {
        Self {
            id: row.id,
            target: row.parties.target(),
            package: row.parties.package(),
            policy: row.parties.policy(),
            target_user_name: row.parties.target_user_name,
            target_state: row.parties.target_state,
            kind: row.kind,
            state: row.state,
            submitted_at: row.submitted_at,
            completed_at: row.completed_at,
            status: row.status,
            retry: Permission::Allowed,
            remove: Permission::Allowed,
        }
    }
}

const COLUMNS: &str = with_parties!("t.id, t.kind, t.state, t.submitted_at, t.completed_at, t.status");
const TABLES: &str = joined_parties!("requests");

async fn page(list: List, tx: &mut Tx, query: &PageQuery) -> Result<Page<RequestItem>, StoreError> {
    let order = Order {
        column: "t.submitted_at",
        id: "t.id",
        time: true,
        direction: Direction::Down,
    };
    let page = list
        .page(tx, order, query, |row: &ItemRow| (Uuid::from(row.id), Key::Time(row.submitted_at)))
        .await?;
    Ok(page.map(RequestItem::from))
}

/// A page of a package's requests, newest first.
pub async fn list_of_package(tx: &mut Tx, query: &RequestQuery) -> Result<Page<RequestItem>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter("t.removed_at IS NULL", args![]);
    let states = query.filter.states().iter().map(|state| word(*state));
    list.in_list("t.state", states.collect::<Vec<Arg>>());
    list.in_list("t.kind", query.kind.into_iter().map(word).collect());
    parties::narrow(&mut list, query.package, query.policy, &query.search);
    page(list, tx, &query.page).await
}

/// A page of the requests about one person's access, and of those that they made for others, newest first.
pub async fn list_of_person(tx: &mut Tx, person: UserId, query: &PageQuery) -> Result<Page<RequestItem>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter(
        "(t.target_id = ? OR (t.requestor_id = ? AND t.kind = 'on_behalf_add'))",
        args![person, person],
    );
    list.filter("t.removed_at IS NULL", args![]);
    page(list, tx, query).await
}

/// The open requests about one person's access, and those that they made for others, the newest first.
pub async fn open_of_person(tx: &mut Tx, person: UserId, most: i64) -> Result<Vec<RequestItem>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter(
        "(t.target_id = ? OR (t.requestor_id = ? AND t.kind = 'on_behalf_add'))",
        args![person, person],
    );
    let open = RequestState::ALL.iter().filter(|state| state.is_open());
    list.in_list("t.state", open.map(|state| word(*state)).collect::<Vec<Arg>>());
    let mut found: Vec<ItemRow> = list.all(tx, "ORDER BY t.submitted_at DESC, t.id DESC LIMIT 100").await?;
    found.truncate(usize::try_from(most).unwrap_or_default());
    Ok(found.into_iter().map(RequestItem::from).collect())
}

/// The requests that made, changed and ended an assignment, oldest first.
pub async fn list_of_assignment(tx: &mut Tx, assignment: AssignmentId) -> Result<Vec<RequestItem>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter("t.assignment_id = ?", args![assignment]);
    let rows: Vec<ItemRow> = list.all(tx, "ORDER BY t.submitted_at, t.id LIMIT 100").await?;
    Ok(rows.into_iter().map(RequestItem::from).collect())
}

/// One request as lists show it.
pub async fn item(tx: &mut Tx, id: RequestId) -> Result<Option<RequestItem>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter("t.id = ?", args![id]);
    let rows: Vec<ItemRow> = list.all(tx, "").await?;
    Ok(rows.into_iter().next().map(RequestItem::from))
}
