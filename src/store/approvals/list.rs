//! Lists of approvals: what waits for a person, and what they were asked before.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::approval::{
    ApprovalItem, ApprovalQuery, ApprovalTab, ApproverItem, ApproverRole, ApproverState, Decision, EarlierAccess, StageState,
};
use crate::domain::id::{Named, PackageId, RequestId, UserId};
use crate::domain::page::{Direction, Page};
use crate::domain::request::{RequestKind, RequestState};
use crate::{args, row};

use super::super::list::{Key, List, Order};
use super::super::search::{self, Kind};
use super::super::tx::{Arg, StoreError, Tx};

struct ItemRow {
    request_id: RequestId,
    stage: i64,
    package_id: PackageId,
    package_name: String,
    requestor_id: UserId,
    requestor_name: String,
    target_id: UserId,
    target_name: String,
    kind: RequestKind,
    state: RequestState,
    submitted_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    via_id: Option<UserId>,
    via_name: Option<String>,
    outcome: StageState,
    decision: Option<Decision>,
    settled_at: Option<DateTime<Utc>>,
}
row!(ItemRow {
    request_id: id,
    stage,
    package_id: id,
    package_name,
    requestor_id: id,
    requestor_name,
    target_id: id,
    target_name,
    kind: word,
    state: word,
    submitted_at,
    due_at,
    via_id: opt_id,
    via_name,
    outcome: word,
    decision: opt_word,
    settled_at
});

impl From<ItemRow> for ApprovalItem {
    fn from(row: ItemRow) -> Self {
        Self {
            request: row.request_id,
            stage: row.stage,
            package: Named::new(row.package_id, row.package_name),
            requestor: Named::new(row.requestor_id, row.requestor_name),
            target: Named::new(row.target_id, row.target_name),
            kind: row.kind,
            state: row.state,
            submitted_at: row.submitted_at,
            due_at: row.due_at,
            origin: row.via_id.zip(row.via_name).map(|(id, name)| Named::new(id, name)),
            outcome: row.outcome,
            decision: row.decision,
            settled_at: row.settled_at,
        }
    }
}

const COLUMNS: &str = "a.request_id, a.stage, q.package_id, p.name AS package_name, coalesce(q.requestor_id, q.target_id) AS requestor_id,
    coalesce(r.name, t.name) AS requestor_name, q.target_id, t.name AS target_name, q.kind, q.state, q.submitted_at, a.due_at, a.via_id,
    v.name AS via_name, s.state AS outcome, a.decision, a.settled_at";
const TABLES: &str = "approvers a JOIN requests q ON q.id = a.request_id
    JOIN request_stages s ON s.request_id = a.request_id AND s.stage = a.stage
    JOIN packages p ON p.id = q.package_id JOIN users t ON t.id = q.target_id LEFT JOIN users r ON r.id = q.requestor_id
    LEFT JOIN users v ON v.id = a.via_id";

/// A page of what a person is asked to decide, the nearest deadline first, or was asked, the latest first (F144).
pub async fn page(tx: &mut Tx, user: UserId, query: &ApprovalQuery) -> Result<Page<ApprovalItem>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter("a.user_id = ?", args![user]);
    let pending = query.tab == ApprovalTab::Pending;
    let condition = if pending { "a.state = 'open'" } else { "a.settled_at IS NOT NULL" };
    list.filter(condition, Vec::new());
    search::narrow(
        &mut list,
        "EXISTS (SELECT 1 FROM search_words w WHERE w.kind IN (?, 'package') AND w.word >= ? AND w.word < ?
            AND w.owner_id IN (q.package_id, q.target_id, q.requestor_id))",
        Kind::User,
        &query.search,
    );
    let order = Order {
        column: if pending { "a.due_at" } else { "a.settled_at" },
        id: "a.request_id",
        time: true,
        direction: if pending { Direction::Up } else { Direction::Down },
    };
    let page = list
        .page(tx, order, &query.page, |row: &ItemRow| {
            let at = if pending {
                row.due_at
            } else {
                row.settled_at.unwrap_or(row.due_at)
            };
            (Uuid::from(row.request_id), Key::Time(at))
        })
        .await?;
    Ok(page.map(ApprovalItem::from))
}

/// What a person is or was asked about a request, in the last stage in which they were.
pub async fn item(tx: &mut Tx, user: UserId, request: RequestId) -> Result<Option<ApprovalItem>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter("a.user_id = ? AND a.request_id = ? AND a.state <> 'left'", args![user, request]);
    let rows: Vec<ItemRow> = list.all(tx, "ORDER BY a.stage DESC LIMIT 1").await?;
    Ok(rows.into_iter().next().map(ApprovalItem::from))
}

/// How many requests wait for a person's decision, counting no further than `most`.
pub async fn pending_count(tx: &mut Tx, user: UserId, most: i64) -> Result<i64, StoreError> {
    let mut list = List::new("a.request_id", "approvers a");
    list.filter("a.user_id = ? AND a.state = 'open'", args![user]);
    list.count(tx, most).await
}

struct NamedApprover {
    request_id: RequestId,
    stage: i64,
    user_id: UserId,
    name: String,
    mail: String,
    role: ApproverRole,
    via_id: Option<UserId>,
    via_name: Option<String>,
    state: ApproverState,
    decision: Option<Decision>,
    reason: String,
    decided_at: Option<DateTime<Utc>>,
}
row!(NamedApprover {
    request_id: id,
    stage,
    user_id: id,
    name,
    mail,
    role: word,
    via_id: opt_id,
    via_name,
    state: word,
    decision: opt_word,
    reason,
    decided_at
});

impl NamedApprover {
    fn item(self) -> ApproverItem {
        ApproverItem {
            user: Named::new(self.user_id, self.name),
            mail: self.mail,
            role: self.role,
            origin: self.via_id.zip(self.via_name).map(|(id, name)| Named::new(id, name)),
            state: self.state,
            decision: self.decision,
            reason: self.reason,
            decided_at: self.decided_at,
        }
    }
}

/// The same of several requests, each with its request and stage.
pub async fn approvers_of(tx: &mut Tx, requests: &[RequestId]) -> Result<Vec<((RequestId, i64), ApproverItem)>, StoreError> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "a.request_id, a.stage, a.user_id, u.name, u.mail, a.role, a.via_id, v.name AS via_name, a.state, a.decision, a.reason, a.decided_at",
        "approvers a JOIN users u ON u.id = a.user_id LEFT JOIN users v ON v.id = a.via_id",
    );
    list.filter("(a.state <> 'left' OR a.decision IS NOT NULL)", Vec::new());
    list.in_list("a.request_id", requests.iter().copied().map(Arg::from).collect());
    let rows: Vec<NamedApprover> = list.all(tx, "ORDER BY a.request_id, a.stage, u.name_folded, u.id").await?;
    Ok(rows.into_iter().map(|row| ((row.request_id, row.stage), row.item())).collect())
}

/// Everyone who is or was asked about a request, by name, each with the stage; whoever has left it without a word is not among them.
pub async fn approvers_named(tx: &mut Tx, request: RequestId) -> Result<Vec<(i64, ApproverItem)>, StoreError> {
    let rows: Vec<NamedApprover> = tx
        .all(
            "SELECT a.request_id, a.stage, a.user_id, u.name, u.mail, a.role, a.via_id, v.name AS via_name, a.state, a.decision, a.reason, a.decided_at
             FROM approvers a JOIN users u ON u.id = a.user_id LEFT JOIN users v ON v.id = a.via_id
             WHERE a.request_id = $1 AND (a.state <> 'left' OR a.decision IS NOT NULL) ORDER BY a.stage, u.name_folded, u.id",
            args![request],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.stage, row.item())).collect())
}

row!(EarlierAccess {
    object,
    role,
    package,
    starts_at,
    ends_at
});

/// What a person has or had of what a package gives now, the latest first, twenty at the most (F145).
pub async fn earlier_access(tx: &mut Tx, user: UserId, package: PackageId) -> Result<Vec<EarlierAccess>, StoreError> {
    tx.all(
        "SELECT o.name AS object, r.name AS role, p.name AS package, a.starts_at, a.ends_at
         FROM grants g JOIN package_roles pr ON pr.role_id = g.role_id AND pr.package_id = $2
            JOIN assignments a ON a.id = g.assignment_id JOIN packages p ON p.id = a.package_id
            JOIN roles r ON r.id = g.role_id JOIN objects o ON o.id = r.object_id
         WHERE g.user_id = $1 AND g.granted_at IS NOT NULL ORDER BY a.starts_at DESC, a.id DESC, o.name_folded LIMIT 20",
        args![user, package],
    )
    .await
}
