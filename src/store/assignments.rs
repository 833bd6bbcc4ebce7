//! Assignments: rows and lists, and what holds them still while they are changed. What they give is in `grants`.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentState, EndReason, GrantState, shown_state};
use crate::domain::id::{AssignmentId, Named, PackageId, PolicyId, RequestId, UserId};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::domain::refusal::Permission;
use crate::{args, row};

use super::batch;
use super::grants::Deliverable;
use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{StoreError, Tx, word};

/// An assignment as it is kept.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The row.
    pub id: AssignmentId,
    /// Of which package.
    pub package_id: PackageId,
    /// Under which policy.
    pub policy_id: PolicyId,
    /// Who has it.
    pub target_id: UserId,
    /// The request that made it.
    pub request_id: RequestId,
    /// How far delivery has come.
    pub state: AssignmentState,
    /// Since when.
    pub starts_at: DateTime<Utc>,
    /// Until when; `None` is without end.
    pub ends_at: Option<DateTime<Utc>>,
    /// Why it ended or will, if not by its date.
    pub end_reason: Option<EndReason>,
    /// For the next change.
    pub version: i64,
}
row!(Assignment {
    id: id,
    package_id: id,
    policy_id: id,
    target_id: id,
    request_id: id,
    state: word,
    starts_at,
    ends_at,
    end_reason: opt_word,
    version
});

macro_rules! assignments {
    ($rest:literal) => {
        concat!(
            "SELECT id, package_id, policy_id, target_id, request_id, state, starts_at, ends_at, end_reason, version FROM assignments ",
            $rest
        )
    };
}

/// One assignment.
pub async fn find(tx: &mut Tx, id: AssignmentId) -> Result<Option<Assignment>, StoreError> {
    tx.opt(assignments!("WHERE id = $1"), args![id]).await
}

/// One assignment, which stays as it is until the transaction ends.
pub async fn lock(tx: &mut Tx, id: AssignmentId) -> Result<Option<Assignment>, StoreError> {
    tx.opt(tx.for_update(assignments!("WHERE id = $1"), "FOR UPDATE"), args![id]).await
}

/// The assignment of a package to a person that is not over in the books, if there is one; it stays so until the transaction ends.
pub async fn lock_live(tx: &mut Tx, package: PackageId, target: UserId) -> Result<Option<Assignment>, StoreError> {
    let live = assignments!("WHERE target_id = $1 AND package_id = $2 AND state <> 'expired'");
    tx.opt(tx.for_update(live, "FOR UPDATE"), args![target, package]).await
}

/// A person's assignments that are not over in the books; they stay so until the transaction ends.
pub async fn lock_live_of_target(tx: &mut Tx, target: UserId) -> Result<Vec<Assignment>, StoreError> {
    let live = assignments!("WHERE target_id = $1 AND state <> 'expired' ORDER BY id");
    tx.all(tx.for_update(live, "FOR UPDATE"), args![target]).await
}

/// Up to `most` assignments of a package that hold at `now` and have not given a role of it, or not booked that it cannot be given; they
/// stay as they are until the transaction ends.
pub async fn lock_assignments_missing_role(
    tx: &mut Tx,
    package: PackageId,
    role: &Deliverable,
    now: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Assignment>, StoreError> {
    let lacking = assignments!(
        "WHERE package_id = $1 AND state IN ('delivered', 'partially_delivered', 'delivery_failed') AND (ends_at IS NULL OR ends_at > $3)
            AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.assignment_id = assignments.id AND g.role_id = $2 AND g.state IN ('granted', $5))
         ORDER BY id LIMIT $4"
    );
    let booked = if role.present { GrantState::Granted } else { GrantState::Failed };
    let args = args![package, role.role_id, now, most, word(booked)];
    tx.all(tx.for_update(lacking, "FOR UPDATE"), args).await
}

/// Keeps new assignments. Gives those that were kept: the others are for people who have a live one of the package.
pub async fn insert(tx: &mut Tx, assignments: &[Assignment]) -> Result<Vec<AssignmentId>, StoreError> {
    let values = assignments.iter().flat_map(|a| {
        let reason = a.end_reason.map(crate::domain::text::StringEnum::as_str);
        let (id, state) = (a.id, word(a.state));
        args![
            id,
            a.package_id,
            a.policy_id,
            a.target_id,
            a.request_id,
            state,
            a.starts_at,
            a.ends_at,
            reason,
            a.version
        ]
    });
    let head = "assignments (id, package_id, policy_id, target_id, request_id, state, starts_at, ends_at, end_reason, version)";
    let tail = "ON CONFLICT (target_id, package_id) WHERE state <> 'expired' DO NOTHING RETURNING id";
    let kept: Vec<(Uuid,)> = batch::returning(tx, head, 10, values.collect(), tail).await?;
    Ok(kept.into_iter().map(|(id,)| AssignmentId(id)).collect())
}

/// Stores an assignment's state, end and reason. Says whether nobody else changed it meanwhile.
pub async fn update(tx: &mut Tx, a: &mut Assignment) -> Result<bool, StoreError> {
    a.version += 1;
    let touched = tx
        .exec(
            "UPDATE assignments SET state = $2, ends_at = $3, end_reason = $4, version = $5 WHERE id = $1 AND version = $6",
            args![
                a.id,
                word(a.state),
                a.ends_at,
                a.end_reason.map(crate::domain::text::StringEnum::as_str),
                a.version,
                a.version - 1
            ],
        )
        .await?;
    Ok(touched == 1)
}

struct ItemRow {
    id: AssignmentId,
    target_id: UserId,
    target_name: String,
    target_user_name: String,
    package_id: PackageId,
    package_name: String,
    policy_id: PolicyId,
    policy_name: String,
    state: AssignmentState,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    end_reason: Option<EndReason>,
    request_id: RequestId,
    version: i64,
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
    state: word,
    starts_at,
    ends_at,
    end_reason: opt_word,
    request_id: id,
    version
});

/// A page of a package's assignments, newest first, as they stand at `now`.
pub async fn list_of_package(
    tx: &mut Tx,
    package: PackageId,
    filter: AssignmentFilter,
    search: &str,
    query: &PageQuery,
    now: DateTime<Utc>,
) -> Result<Page<AssignmentItem>, StoreError> {
    let mut list = List::new(
        "a.id, a.target_id, u.name AS target_name, u.user_name AS target_user_name, a.package_id, p.name AS package_name, a.policy_id,
         po.name AS policy_name, a.state, a.starts_at, a.ends_at, a.end_reason, a.request_id, a.version",
        "assignments a JOIN users u ON u.id = a.target_id JOIN packages p ON p.id = a.package_id JOIN policies po ON po.id = a.policy_id",
    );
    list.filter("a.package_id = ?", args![package]);
    const RUNNING: &str = "(a.ends_at IS NULL OR a.ends_at > ?)";
    match filter {
        AssignmentFilter::All => {}
        AssignmentFilter::Delivered => {
            list.filter("a.state = 'delivered'", args![]);
            list.filter(RUNNING, args![now]);
        }
        AssignmentFilter::Delivering => {
            list.filter("a.state = 'delivering'", args![]);
            list.filter(RUNNING, args![now]);
        }
        AssignmentFilter::Failed => {
            list.filter("a.state IN ('partially_delivered', 'delivery_failed')", args![]);
            list.filter(RUNNING, args![now]);
        }
        AssignmentFilter::Expired => list.filter("(a.state = 'expired' OR a.ends_at <= ?)", args![now]),
    }
    search::narrow(
        &mut list,
        "a.target_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        search,
    );
    let order = Order {
        column: "a.starts_at",
        id: "a.id",
        time: true,
        direction: Direction::Down,
    };
    let page = list
        .page(tx, order, query, |row: &ItemRow| (Uuid::from(row.id), Key::Time(row.starts_at)))
        .await?;
    Ok(page.map(|row| AssignmentItem {
        id: row.id,
        target: Named::new(row.target_id, row.target_name),
        target_user_name: row.target_user_name,
        package: Named::new(row.package_id, row.package_name),
        policy: Named::new(row.policy_id, row.policy_name),
        state: shown_state(row.state, row.ends_at, now),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        end_reason: row.end_reason,
        request: row.request_id,
        version: row.version,
        remove: Permission::Allowed,
    }))
}
