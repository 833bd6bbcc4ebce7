//! Lists of requests, of a package and of a person.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{Named, PackageId, PolicyId, RequestId, UserId};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::domain::request::{RequestItem, RequestKind, RequestState};
use crate::domain::text::StringEnum;
use crate::domain::user::AccountState;
use crate::{args, row};

use super::super::list::{Key, List, Order};
use super::super::search::{self, Kind};
use super::super::tx::{Arg, StoreError, Tx, word};

struct ItemRow {
    id: RequestId,
    target_id: UserId,
    target_name: String,
    target_user_name: String,
    target_state: AccountState,
    package_id: PackageId,
    package_name: String,
    policy_id: PolicyId,
    policy_name: String,
    kind: RequestKind,
    state: RequestState,
    submitted_at: DateTime<Utc>,
    completed_at: Option<DateTime<Utc>>,
    status: String,
}
row!(ItemRow {
    id: id,
    target_id: id,
    target_name,
    target_user_name,
    target_state: word,
    package_id: id,
    package_name,
    policy_id: id,
    policy_name,
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
            target: Named::new(row.target_id, row.target_name),
            target_user_name: row.target_user_name,
            target_state: row.target_state,
            package: Named::new(row.package_id, row.package_name),
            policy: Named::new(row.policy_id, row.policy_name),
            kind: row.kind,
            state: row.state,
            submitted_at: row.submitted_at,
            completed_at: row.completed_at,
            status: row.status,
        }
    }
}

macro_rules! columns {
    () => {
        "q.id, q.target_id, u.name AS target_name, u.user_name AS target_user_name,
            CASE WHEN u.deleted_at IS NOT NULL THEN 'deleted' WHEN u.enabled THEN 'active' ELSE 'blocked' END AS target_state,
            q.package_id, p.name AS package_name, q.policy_id, po.name AS policy_name, q.kind, q.state, q.submitted_at, q.completed_at, q.status"
    };
}
macro_rules! tables {
    () => {
        "requests q JOIN users u ON u.id = q.target_id JOIN packages p ON p.id = q.package_id JOIN policies po ON po.id = q.policy_id"
    };
}

async fn page(list: List, tx: &mut Tx, query: &PageQuery) -> Result<Page<RequestItem>, StoreError> {
    let order = Order {
        column: "q.submitted_at",
        id: "q.id",
        time: true,
        direction: Direction::Down,
    };
    let page = list
        .page(tx, order, query, |row: &ItemRow| (Uuid::from(row.id), Key::Time(row.submitted_at)))
        .await?;
    Ok(page.map(RequestItem::from))
}

/// A page of a package's requests, newest first, in these states (none: all), of people whose name has these words.
pub async fn list_of_package(
    tx: &mut Tx,
    package: PackageId,
    states: &[RequestState],
    search: &str,
    query: &PageQuery,
) -> Result<Page<RequestItem>, StoreError> {
    let mut list = List::new(columns!(), tables!());
    list.filter("q.package_id = ?", args![package]);
    list.in_list("q.state", states.iter().map(|state| word(*state)).collect::<Vec<Arg>>());
    search::narrow(
        &mut list,
        "q.target_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        search,
    );
    page(list, tx, query).await
}

/// A page of the requests about one person's access, and of those that they made for others, newest first.
pub async fn list_of_person(tx: &mut Tx, person: UserId, query: &PageQuery) -> Result<Page<RequestItem>, StoreError> {
    let mut list = List::new(columns!(), tables!());
    list.filter(
        "(q.target_id = ? OR (q.requestor_id = ? AND q.kind = 'on_behalf_add'))",
        args![person, person],
    );
    page(list, tx, query).await
}

/// The open requests about one person's access, and those that they made for others, the newest first.
pub async fn open_of_person(tx: &mut Tx, person: UserId, most: i64) -> Result<Vec<RequestItem>, StoreError> {
    let mut list = List::new(columns!(), tables!());
    list.filter(
        "(q.target_id = ? OR (q.requestor_id = ? AND q.kind = 'on_behalf_add'))",
        args![person, person],
    );
    let open = RequestState::ALL.iter().filter(|state| state.is_open());
    list.in_list("q.state", open.map(|state| word(*state)).collect::<Vec<Arg>>());
    let mut found: Vec<ItemRow> = list.all(tx, "ORDER BY q.submitted_at DESC, q.id DESC LIMIT 100").await?;
    found.truncate(usize::try_from(most).unwrap_or_default());
    Ok(found.into_iter().map(RequestItem::from).collect())
}

/// One request as lists show it.
pub async fn item(tx: &mut Tx, id: RequestId) -> Result<Option<RequestItem>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM ", tables!(), " WHERE q.id = $1");
    let row: Option<ItemRow> = tx.opt(sql, args![id]).await?;
    Ok(row.map(RequestItem::from))
}
