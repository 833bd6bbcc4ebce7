//! Requests: rows and lists of them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::expiration::{Expiration, ExpirationKind};
use crate::domain::id::{AssignmentId, CatalogId, Named, PackageId, PolicyId, RequestId, UserId};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::domain::request::{RequestItem, RequestKind, RequestState};
use crate::{args, row};

use super::batch;
use super::dialect::{self, trusted_sql};
use super::list::{Key, List, Order};
use super::row::WithColumn;
use super::search::{self, Kind};
use super::tx::{Arg, StoreError, Tx, word};

/// A request as it is kept.
#[derive(Clone, Debug)]
pub struct Request {
    /// The row.
    pub id: RequestId,
    /// For which package.
    pub package_id: PackageId,
    /// Under which policy.
    pub policy_id: PolicyId,
    /// Whose access it is about.
    pub target_id: UserId,
    /// Who made it; `None` is the product itself.
    pub requestor_id: Option<UserId>,
    /// What it asks for.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// Why, or empty.
    pub justification: String,
    /// When access ends, as the policy said on that day; one half of a pair with the next field.
    pub expiration: ExpirationKind,
    /// The number or instant of it.
    pub expiration_value: Option<String>,
    /// The assignment that it made or ended.
    pub assignment_id: Option<AssignmentId>,
    /// When it was made.
    pub submitted_at: DateTime<Utc>,
    /// When it came to its end.
    pub completed_at: Option<DateTime<Utc>>,
    /// For the next change.
    pub version: i64,
}
row!(Request {
    id: id,
    package_id: id,
    policy_id: id,
    target_id: id,
    requestor_id: opt_id,
    kind: word,
    state: word,
    justification,
    expiration: word,
    expiration_value,
    assignment_id: opt_id,
    submitted_at,
    completed_at,
    version
});

impl Request {
    /// When access ends.
    pub fn expires(&self) -> Result<Expiration, StoreError> {
        Expiration::from_stored(self.expiration, self.expiration_value.as_deref())
            .ok_or_else(|| StoreError::Inconsistent(format!("the expiration of request {}", self.id)))
    }
}

/// One request.
pub async fn find(tx: &mut Tx, id: RequestId) -> Result<Option<Request>, StoreError> {
    tx.opt(
        "SELECT id, package_id, policy_id, target_id, requestor_id, kind, state, justification, expiration, expiration_value, assignment_id,
            submitted_at, completed_at, version
         FROM requests WHERE id = $1",
        args![id],
    )
    .await
}

/// These requests, oldest first, each with whether its person and its package are both still there; all of them stay as they are until the
/// transaction ends.
pub async fn lock(tx: &mut Tx, ids: &[RequestId]) -> Result<Vec<(Request, bool)>, StoreError> {
    let sql = dialect::in_list(
        "SELECT r.id, r.package_id, r.policy_id, r.target_id, r.requestor_id, r.kind, r.state, r.justification, r.expiration,
            r.expiration_value, r.assignment_id, r.submitted_at, r.completed_at, r.version,
            (u.deleted_at IS NULL AND p.deleted_at IS NULL) AS beside
         FROM requests r JOIN users u ON u.id = r.target_id JOIN packages p ON p.id = r.package_id WHERE r.id IN (?) ORDER BY r.id",
        ids.len(),
    );
    let args = ids.iter().map(|id| Arg::from(*id)).collect();
    let found: Vec<WithColumn<Request, bool>> = tx.all(tx.for_update(sql, "FOR UPDATE OF r FOR SHARE OF p, u"), args).await?;
    Ok(found.into_iter().map(|found| (found.row, found.beside)).collect())
}

/// Keeps a new request. A second open one for the same person and package is a conflict on `requests`.
pub async fn insert(tx: &mut Tx, request: &Request) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO requests (id, package_id, policy_id, target_id, requestor_id, kind, state, justification, expiration, expiration_value,
            assignment_id, submitted_at, completed_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            request.id,
            request.package_id,
            request.policy_id,
            request.target_id,
            request.requestor_id,
            word(request.kind),
            word(request.state),
            request.justification.as_str(),
            word(request.expiration),
            request.expiration_value.clone(),
            request.assignment_id,
            request.submitted_at,
            request.completed_at,
            request.version
        ],
    )
    .await?;
    Ok(())
}

/// Moves held requests on through these states, if the state machine has each step; only the last one is seen from outside. A request
/// that has made an assignment learns of it.
pub async fn advance(tx: &mut Tx, requests: &[&Request], states: &[RequestState], now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(last) = states.last().filter(|_| !requests.is_empty()) else {
        return Ok(());
    };
    for request in requests {
        let mut at = request.state;
        for next in states {
            if at != *next && !at.may_become(*next) {
                let id = request.id;
                return Err(StoreError::Inconsistent(format!("request {id} cannot go from {at:?} to {next:?}")));
            }
            at = *next;
        }
    }
    let mut args: Vec<Arg> = requests.iter().map(|request| request.id.into()).collect();
    let n = args.len();
    args.extend(args![word(*last), (!last.is_open()).then_some(now)]);
    let touched = tx
        .exec(
            trusted_sql(format!(
                "UPDATE requests SET state = ${}, completed_at = ${}, version = version + 1,
                    assignment_id = coalesce(assignment_id, (SELECT a.id FROM assignments a WHERE a.request_id = requests.id))
                 WHERE id IN ({})",
                n + 1,
                n + 2,
                batch::numbered(1, n)
            )),
            args,
        )
        .await?;
    if touched == n as u64 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("a request went away while it was held".into()))
    }
}

/// What one needs to know to see whether a request has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestStatus {
    /// Whose it is.
    pub target_id: UserId,
    /// The catalog of its package.
    pub catalog_id: CatalogId,
    /// Where it stands.
    pub state: RequestState,
    /// Another with each move.
    pub version: i64,
}
row!(RequestStatus {
    target_id: id,
    catalog_id: id,
    state: word,
    version
});

/// Where these requests stand, oldest first.
pub async fn statuses(tx: &mut Tx, ids: &[RequestId]) -> Result<Vec<RequestStatus>, StoreError> {
    let sql = dialect::in_list(
        "SELECT q.target_id, p.catalog_id, q.state, q.version FROM requests q JOIN packages p ON p.id = q.package_id
         WHERE q.id IN (?) ORDER BY q.id",
        ids.len(),
    );
    tx.all(sql, ids.iter().map(|id| Arg::from(*id)).collect()).await
}

struct ItemRow {
    id: RequestId,
    target_id: UserId,
    target_name: String,
    target_user_name: String,
    package_id: PackageId,
    package_name: String,
    policy_id: PolicyId,
    policy_name: String,
    kind: RequestKind,
    state: RequestState,
    submitted_at: DateTime<Utc>,
    completed_at: Option<DateTime<Utc>>,
}
row!(ItemRow {
    id: id,
    target_id: id,
    target_name,
    target_user_name,
    package_id: id,
    package_name,
    policy_id: id,
    policy_name,
    kind: word,
    state: word,
    submitted_at,
    completed_at
});

impl From<ItemRow> for RequestItem {
    fn from(row: ItemRow) -> Self {
        Self {
            id: row.id,
            target: Named::new(row.target_id, row.target_name),
            target_user_name: row.target_user_name,
            package: Named::new(row.package_id, row.package_name),
            policy: Named::new(row.policy_id, row.policy_name),
            kind: row.kind,
            state: row.state,
            submitted_at: row.submitted_at,
            completed_at: row.completed_at,
        }
    }
}

const ITEM: &str = "q.id, q.target_id, u.name AS target_name, u.user_name AS target_user_name, q.package_id, p.name AS package_name,
    q.policy_id, po.name AS policy_name, q.kind, q.state, q.submitted_at, q.completed_at";
const ITEM_FROM: &str =
    "requests q JOIN users u ON u.id = q.target_id JOIN packages p ON p.id = q.package_id JOIN policies po ON po.id = q.policy_id";

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
    let mut list = List::new(ITEM, ITEM_FROM);
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

/// A page of the requests about one person's access that they made themselves or that changed it, newest first.
pub async fn list_of_target(tx: &mut Tx, target: UserId, query: &PageQuery) -> Result<Page<RequestItem>, StoreError> {
    let mut list = List::new(ITEM, ITEM_FROM);
    list.filter("q.target_id = ?", args![target]);
    page(list, tx, query).await
}

/// One request as lists show it.
pub async fn item(tx: &mut Tx, id: RequestId) -> Result<Option<RequestItem>, StoreError> {
    let row: Option<ItemRow> = tx
        .opt(
            "SELECT q.id, q.target_id, u.name AS target_name, u.user_name AS target_user_name, q.package_id, p.name AS package_name,
                q.policy_id, po.name AS policy_name, q.kind, q.state, q.submitted_at, q.completed_at
             FROM requests q JOIN users u ON u.id = q.target_id JOIN packages p ON p.id = q.package_id JOIN policies po ON po.id = q.policy_id
             WHERE q.id = $1",
            args![id],
        )
        .await?;
    Ok(row.map(RequestItem::from))
}
