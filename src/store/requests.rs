//! Requests: rows and lists of them, and the facts on which a new one is decided.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::expiration::{Expiration, ExpirationKind};
use crate::domain::id::{AssignmentId, Named, PackageId, PolicyId, RequestId, UserId};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::domain::policy::Scope;
use crate::domain::request::{RequestItem, RequestKind, RequestState};
use crate::domain::user::UserKind;
use crate::{args, row};

use super::dialect::Both;
use super::list::{Key, List, Order};
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

/// Moves a request on through these states, if its state machine has each step; only the last one is seen from outside.
pub async fn advance(tx: &mut Tx, request: &mut Request, states: &[RequestState], now: DateTime<Utc>) -> Result<(), StoreError> {
    for state in states {
        if !request.state.may_become(*state) {
            return Err(StoreError::Inconsistent(format!(
                "request {} cannot go from {:?} to {state:?}",
                request.id, request.state
            )));
        }
        request.state = *state;
    }
    let state = request.state;
    request.completed_at = (!state.is_open()).then_some(now);
    request.version += 1;
    let touched = tx
        .exec(
            "UPDATE requests SET state = $2, completed_at = $3, assignment_id = $4, version = $5 WHERE id = $1 AND version = $6",
            args![
                request.id,
                word(state),
                request.completed_at,
                request.assignment_id,
                request.version,
                request.version - 1
            ],
        )
        .await?;
    if touched == 1 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent(format!("request {} was moved meanwhile", request.id)))
    }
}

/// Whether the person and the package of a request are both still there.
pub async fn target_is_present(tx: &mut Tx, request: &Request) -> Result<bool, StoreError> {
    let there: i64 = tx
        .value(
            "SELECT count(*) FROM users u, packages p WHERE u.id = $1 AND u.deleted_at IS NULL AND p.id = $2 AND p.deleted_at IS NULL",
            args![request.target_id, request.package_id],
        )
        .await?;
    Ok(there == 1)
}

/// What one needs to know to see whether a request has moved: whose it is, its state, its version.
pub async fn pulse(tx: &mut Tx, id: RequestId) -> Result<Option<(UserId, RequestState, i64)>, StoreError> {
    struct Pulse {
        target_id: UserId,
        state: RequestState,
        version: i64,
    }
    row!(Pulse {
        target_id: id,
        state: word,
        version
    });
    let pulse: Option<Pulse> = tx
        .opt("SELECT target_id, state, version FROM requests WHERE id = $1", args![id])
        .await?;
    Ok(pulse.map(|p| (p.target_id, p.state, p.version)))
}

/// A package as a request meets it, together with the person who asks.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The package's name.
    pub name: String,
    /// Its catalog takes requests.
    pub catalog_enabled: bool,
    /// Its catalog is open to guests.
    pub catalog_external: bool,
    /// Member or guest.
    pub user_kind: UserKind,
    /// The person's live assignment of it.
    pub assignment_id: Option<AssignmentId>,
    /// The person's open request for it.
    pub request_id: Option<RequestId>,
}
row!(Candidate {
    name,
    catalog_enabled,
    catalog_external,
    user_kind: word,
    assignment_id: opt_id,
    request_id: opt_id
});

macro_rules! candidate {
    ($lock:literal) => {
        concat!(
            "SELECT p.name, c.enabled AS catalog_enabled, c.external AS catalog_external, u.kind AS user_kind,
                (SELECT a.id FROM assignments a WHERE a.target_id = u.id AND a.package_id = p.id AND a.state <> 'expired'
                    AND (a.ends_at IS NULL OR a.ends_at > $3)) AS assignment_id,
                (SELECT r.id FROM requests r WHERE r.target_id = u.id AND r.package_id = p.id
                    AND r.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')) AS request_id
             FROM packages p JOIN catalogs c ON c.id = p.catalog_id JOIN users u ON u.id = $2
             WHERE p.id = $1 AND p.deleted_at IS NULL AND c.deleted_at IS NULL AND u.enabled AND u.deleted_at IS NULL",
            $lock
        )
    };
}

/// The facts about a package and a person who can sign in; nothing if either is gone.
pub async fn candidate(tx: &mut Tx, package: PackageId, user: UserId, now: DateTime<Utc>) -> Result<Option<Candidate>, StoreError> {
    tx.opt(candidate!(""), args![package, user, now]).await
}

/// The same facts, and the package and the person stay as they are until the transaction ends.
pub async fn hold_candidate(tx: &mut Tx, package: PackageId, user: UserId, now: DateTime<Utc>) -> Result<Option<Candidate>, StoreError> {
    let held = Both {
        sqlite: candidate!(""),
        postgres: candidate!(" FOR SHARE OF p, u"),
    };
    tx.opt(tx.pick(held), args![package, user, now]).await
}

/// A policy as a request meets it.
#[derive(Clone, Debug)]
pub struct PolicyFacts {
    /// The policy.
    pub id: PolicyId,
    /// Who can request.
    pub scope: Scope,
    /// Takes new requests.
    pub enabled: bool,
    /// When access ends, with the next field.
    pub expiration: ExpirationKind,
    /// The number or instant of it.
    pub expiration_value: Option<String>,
    /// Names the person, or a group that they are a member of.
    pub named: bool,
}
row!(PolicyFacts {
    id: id,
    scope: word,
    enabled,
    expiration: word,
    expiration_value,
    named
});

/// The policies of a package, oldest first, as they meet a person.
pub async fn policies_for(tx: &mut Tx, package: PackageId, user: UserId, now: DateTime<Utc>) -> Result<Vec<PolicyFacts>, StoreError> {
    tx.all(
        "SELECT po.id, po.scope, po.enabled, po.expiration, po.expiration_value,
            (po.scope = 'specific' AND EXISTS (SELECT 1 FROM policy_subjects s WHERE s.policy_id = po.id AND s.subject_id IN (
                SELECT u.id FROM users u WHERE u.id = $2
                UNION ALL
                SELECT o.id FROM memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id
                WHERE m.user_id = $2 AND m.until > $3 AND r.name = 'Member' AND o.kind = 'group' AND o.deleted_at IS NULL))) AS named
         FROM policies po WHERE po.package_id = $1 ORDER BY po.created_at, po.id",
        args![package, user, now],
    )
    .await
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
    list.among("q.state", states.iter().map(|state| word(*state)).collect::<Vec<Arg>>());
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

/// One line of the audit trail that belongs to a request.
#[derive(Clone, Debug)]
pub struct TrailRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name.
    pub actor_name: String,
    /// What was done.
    pub activity: crate::domain::audit::Activity,
    /// Anything worth knowing.
    pub detail: String,
}
row!(TrailRow {
    at,
    actor_name,
    activity: word,
    detail
});

/// The audit trail of a request, oldest first.
pub async fn trail(tx: &mut Tx, id: RequestId) -> Result<Vec<TrailRow>, StoreError> {
    tx.all(
        "SELECT at, actor_name, activity, detail FROM audit WHERE correlation_id = $1 ORDER BY at, id",
        args![id],
    )
    .await
}
