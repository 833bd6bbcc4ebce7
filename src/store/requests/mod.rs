//! Requests: rows, and how they move. Lists of them are in `list`.

mod list;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::expiration::{Expiration, ExpirationKind};
use crate::domain::id::{AssignmentId, CatalogId, PackageId, PolicyId, PolicyVersionId, RequestId, UserId};
use crate::domain::question::Answer;
use crate::domain::request::{RequestKind, RequestState};
use crate::domain::user::AccountState;
use crate::{args, row};

use super::batch;
use super::changes::Change;
use super::dialect::{self, trusted_sql};
use super::list::List;
use super::row::WithColumn;
use super::tx::{Arg, StoreError, Tx, word};

pub use list::{item, list_of_assignment, list_of_package, list_of_person, open_of_person};

/// A request as it is kept.
#[derive(Clone, Debug)]
pub struct Request {
    /// The row.
    pub id: RequestId,
    /// For which package.
    pub package_id: PackageId,
    /// Under which policy.
    pub policy_id: PolicyId,
    /// Under which version of it.
    pub policy_version_id: PolicyVersionId,
    /// Whose access it is about.
    pub target_id: UserId,
    /// Who made it; `None` is the product itself.
    pub requestor_id: Option<UserId>,
    /// What it asks for.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// Why it stands there, in words, or empty.
    pub status: String,
    /// Why it was made, or empty.
    pub justification: String,
    /// Answers to the policy's questions.
    pub answers: Vec<Answer>,
    /// Access asked for from this instant on; `None`: at once.
    pub starts_at: Option<DateTime<Utc>>,
    /// Access asked for until this instant; `None`: as long as the policy gives it.
    pub ends_at: Option<DateTime<Utc>>,
    /// When access ends, as the policy said on that day; one half of a pair with the next field.
    pub expiration: ExpirationKind,
    /// The number or instant of it.
    pub expiration_value: Option<String>,
    /// The assignment that it made or ended.
    pub assignment_id: Option<AssignmentId>,
    /// The approval stage that it waits in, from 1 on.
    pub stage: Option<i64>,
    /// When that stage, or what else it waits for, is over.
    pub due_at: Option<DateTime<Utc>>,
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
    policy_version_id: id,
    target_id: id,
    requestor_id: opt_id,
    kind: word,
    state: word,
    status,
    justification,
    answers: json,
    starts_at,
    ends_at,
    expiration: word,
    expiration_value,
    assignment_id: opt_id,
    stage,
    due_at,
    submitted_at,
    completed_at,
    version
});

macro_rules! requests {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT r.id, r.package_id, r.policy_id, r.policy_version_id, r.target_id, r.requestor_id, r.kind, r.state, r.status,
                r.justification, r.answers, r.starts_at, r.ends_at, r.expiration, r.expiration_value, r.assignment_id, r.stage, r.due_at,
                r.submitted_at, r.completed_at, r.version",
            $columns,
            " FROM requests r ",
            $rest
        )
    };
}

impl Request {
    /// When access ends.
    pub fn expires(&self) -> Result<Expiration, StoreError> {
        Expiration::from_stored(self.expiration, self.expiration_value.as_deref())
            .ok_or_else(|| StoreError::Inconsistent(format!("the expiration of request {}", self.id)))
    }
}

/// One request.
pub async fn find(tx: &mut Tx, id: RequestId) -> Result<Option<Request>, StoreError> {
    tx.opt(requests!("", "WHERE r.id = $1"), args![id]).await
}

/// Whom and what a request is about, as they stand.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The package is there.
    pub package_present: bool,
    /// Whether the person can sign in.
    pub account: AccountState,
}

/// These requests, oldest first, each with how its person and its package stand; all of them stay as they are until the transaction ends.
pub async fn lock(tx: &mut Tx, ids: &[RequestId]) -> Result<Vec<(Request, Standing)>, StoreError> {
    let sql = dialect::in_list(
        requests!(
            ", CASE WHEN p.deleted_at IS NOT NULL THEN 'gone' WHEN u.deleted_at IS NOT NULL THEN 'deleted'
                WHEN u.enabled THEN 'active' ELSE 'blocked' END AS beside",
            "JOIN users u ON u.id = r.target_id JOIN packages p ON p.id = r.package_id WHERE r.id IN (?) ORDER BY r.id"
        ),
        ids.len(),
    );
    let args = ids.iter().map(|id| Arg::from(*id)).collect();
    let found: Vec<WithColumn<Request, String>> = tx.all(tx.for_update(sql, "FOR UPDATE OF r FOR SHARE OF p, u"), args).await?;
    let standing = |word: &str| Standing {
        package_present: word != "gone",
        account: word.parse().unwrap_or(AccountState::Active),
    };
    Ok(found.into_iter().map(|found| (found.row, standing(&found.beside))).collect())
}

/// A person's open requests, oldest first; they stay so until the transaction ends.
pub async fn lock_open_of_target(tx: &mut Tx, target: UserId) -> Result<Vec<Request>, StoreError> {
    let open = requests!(
        "",
        "WHERE r.target_id = $1 AND r.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering') ORDER BY r.id"
    );
    tx.all(tx.for_update(open, "FOR UPDATE OF r"), args![target]).await
}

/// The open requests for more time with this assignment; they stay so until the transaction ends.
pub async fn lock_open_extensions(tx: &mut Tx, assignment: AssignmentId) -> Result<Vec<Request>, StoreError> {
    let open = requests!(
        "",
        "WHERE r.assignment_id = $1 AND r.kind = 'user_extend' AND r.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
         ORDER BY r.id"
    );
    tx.all(tx.for_update(open, "FOR UPDATE OF r"), args![assignment]).await
}

/// Up to `most` open requests to have or change a package; they stay so until the transaction ends.
pub async fn lock_open_gains_of_package(tx: &mut Tx, package: PackageId, most: i64) -> Result<Vec<Request>, StoreError> {
    let open = requests!(
        "",
        "WHERE r.package_id = $1 AND r.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
            AND r.kind NOT IN ('user_remove', 'admin_remove', 'system_remove') ORDER BY r.id LIMIT $2"
    );
    tx.all(tx.for_update(open, "FOR UPDATE OF r"), args![package, most]).await
}

/// The open request that ends this assignment, if there is one; it stays so until the transaction ends.
pub async fn lock_open_end(tx: &mut Tx, assignment: AssignmentId) -> Result<Option<Request>, StoreError> {
    let open = requests!(
        "",
        "WHERE r.assignment_id = $1 AND r.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
            AND r.kind IN ('user_remove', 'admin_remove', 'system_remove') ORDER BY r.id LIMIT 1"
    );
    tx.opt(tx.for_update(open, "FOR UPDATE OF r"), args![assignment]).await
}

const HEAD: &str =
    "requests (id, package_id, policy_id, policy_version_id, target_id, requestor_id, kind, state, status, justification, answers,
    starts_at, ends_at, expiration, expiration_value, assignment_id, stage, due_at, submitted_at, completed_at, version)";
const COLUMNS: usize = 21;

fn values(request: &Request) -> Result<Vec<Arg>, StoreError> {
    let answers = serde_json::to_value(&request.answers).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    Ok(args![
        request.id,
        request.package_id,
        request.policy_id,
        request.policy_version_id,
        request.target_id,
        request.requestor_id,
        word(request.kind),
        word(request.state),
        request.status.as_str(),
        request.justification.as_str(),
        answers,
        request.starts_at,
        request.ends_at,
        word(request.expiration),
        request.expiration_value.clone(),
        request.assignment_id,
        request.stage,
        request.due_at,
        request.submitted_at,
        request.completed_at,
        request.version
    ])
}

/// Keeps a new request. A second open one of its sort (gain or end) for the same person and package is a conflict on `requests`.
pub async fn insert(tx: &mut Tx, request: &Request) -> Result<(), StoreError> {
    batch::insert(tx, HEAD, COLUMNS, values(request)?, "").await
}

/// Keeps new requests. Gives those that were kept: the others are of people who have an open one of that sort for the package.
pub async fn insert_new(tx: &mut Tx, requests: &[Request]) -> Result<Vec<RequestId>, StoreError> {
    let mut all = Vec::with_capacity(requests.len() * COLUMNS);
    for request in requests {
        all.extend(values(request)?);
    }
    let kept: Vec<(Uuid,)> = batch::returning(tx, HEAD, COLUMNS, all, "ON CONFLICT DO NOTHING RETURNING id").await?;
    Ok(kept.into_iter().map(|(id,)| RequestId(id)).collect())
}

/// Whether the person of a request has another open one to have or change the package.
pub async fn another_is_open(tx: &mut Tx, request: &Request) -> Result<bool, StoreError> {
    tx.value(
        "SELECT EXISTS (SELECT 1 FROM requests WHERE target_id = $1 AND package_id = $2 AND id <> $3
            AND state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
            AND kind NOT IN ('user_remove', 'admin_remove', 'system_remove'))",
        args![request.target_id, request.package_id, request.id],
    )
    .await
}

/// Says in words why a request stands where it does; says whether that is new.
pub async fn set_status(tx: &mut Tx, id: RequestId, status: &str) -> Result<bool, StoreError> {
    let touched = tx
        .exec(
            "UPDATE requests SET status = $2, version = version + 1 WHERE id = $1 AND status <> $2",
            args![id, status],
        )
        .await?;
    if touched == 1 {
        tx.announce(Change::Requests);
    }
    Ok(touched == 1)
}

/// Moves held requests on through these states, if the state machine has each step; only the last one is seen from outside, with `status`
/// as the reason in words. A request that has made an assignment learns of it.
pub async fn advance(
    tx: &mut Tx,
    requests: &[&Request],
    states: &[RequestState],
    status: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(last) = states.last().filter(|_| !requests.is_empty()) else {
        return Ok(());
    };
    for request in requests {
        let mut at = request.state;
        for next in states {
            if at != *next && !at.may_become(*next, request.kind) {
                let id = request.id;
                return Err(StoreError::Inconsistent(format!("request {id} cannot go from {at:?} to {next:?}")));
            }
            at = *next;
        }
    }
    let mut args: Vec<Arg> = requests.iter().map(|request| request.id.into()).collect();
    let n = args.len();
    args.extend(args![word(*last), (!last.is_open()).then_some(now), status]);
    let touched = tx
        .exec(
            trusted_sql(format!(
                "UPDATE requests SET state = ${}, completed_at = ${}, status = ${}, stage = NULL, due_at = NULL, removed_at = NULL, version = version + 1,
                    assignment_id = coalesce(assignment_id, (SELECT a.id FROM assignments a WHERE a.request_id = requests.id))
                 WHERE id IN ({})",
                n + 1,
                n + 2,
                n + 3,
                batch::numbered(1, n)
            )),
            args,
        )
        .await?;
    if touched == n as u64 {
        tx.announce(Change::Requests);
        Ok(())
    } else {
        Err(StoreError::Inconsistent("a request went away while it was held".into()))
    }
}

/// Takes a request out of the lists; says whether it was in them. Whatever moves it on brings it back.
pub async fn put_out_of_sight(tx: &mut Tx, id: RequestId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let sql = "UPDATE requests SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL";
    Ok(tx.exec(sql, args![id, now]).await? == 1)
}

/// What one needs to know to see whether a request has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestStatus {
    /// The request.
    pub id: RequestId,
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
    id: id,
    target_id: id,
    catalog_id: id,
    state: word,
    version
});

/// Ids in one statement at the most.
const IDS_MAX: usize = 500;

fn moving() -> List {
    List::new(
        "q.id, q.target_id, p.catalog_id, q.state, q.version",
        "requests q JOIN packages p ON p.id = q.package_id",
    )
}

/// Where these requests stand.
pub async fn statuses(tx: &mut Tx, ids: &[RequestId]) -> Result<Vec<RequestStatus>, StoreError> {
    let mut found = Vec::new();
    for ids in ids.chunks(IDS_MAX) {
        let mut list = moving();
        list.in_list("q.id", ids.iter().copied().map(Arg::from).collect());
        found.extend(list.all::<RequestStatus>(tx, "").await?);
    }
    Ok(found)
}

/// Where these people's requests stand that wait for something, each person's in one order.
pub async fn open_of(tx: &mut Tx, targets: &[UserId]) -> Result<Vec<RequestStatus>, StoreError> {
    let mut found = Vec::new();
    for targets in targets.chunks(IDS_MAX) {
        let mut list = moving();
        list.in_list("q.target_id", targets.iter().copied().map(Arg::from).collect());
        list.filter(
            "q.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')",
            Vec::new(),
        );
        found.extend(list.all::<RequestStatus>(tx, "ORDER BY q.target_id, q.id").await?);
    }
    Ok(found)
}
