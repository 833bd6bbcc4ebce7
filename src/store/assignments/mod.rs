//! Assignments: rows, what holds them still while they are changed, and their state. What they give is in `grants`, lists are in `list`.

mod list;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::access::Visible;
use crate::domain::assignment::{AssignmentState, EndReason, GrantCounts, GrantState, derive_state};
use crate::domain::id::{AssignmentId, CatalogId, PackageId, PolicyId, PolicyVersionId, RequestId, UserId};
use crate::domain::text::StringEnum;
use crate::{args, row};

use super::batch;
use super::deliverables::Deliverable;
use super::dialect::{self, trusted_sql};
use super::incompatibilities::{has_counterpart, not_excepted};
use super::list::List;
use super::tx::{Arg, StoreError, Tx, word};

pub use list::{item, list_of_package, policy_version};

/// Ids in one statement at the most.
const IDS_MAX: usize = 500;

/// An assignment as it is kept.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The row.
    pub id: AssignmentId,
    /// Of which package.
    pub package_id: PackageId,
    /// Under which policy.
    pub policy_id: PolicyId,
    /// Under which version of it.
    pub policy_version_id: PolicyVersionId,
    /// Who has it.
    pub target_id: UserId,
    /// The request that made it.
    pub request_id: RequestId,
    /// How far delivery has come, as last derived from its grants.
    pub state: AssignmentState,
    /// Since when.
    pub starts_at: DateTime<Utc>,
    /// Until when; `None` is without end.
    pub ends_at: Option<DateTime<Utc>>,
    /// Why it ended or will, if not by its date.
    pub end_reason: Option<EndReason>,
    /// When all that it gave was taken back.
    pub closed_at: Option<DateTime<Utc>>,
    /// For the next change.
    pub version: i64,
}
row!(Assignment {
    id: id,
    package_id: id,
    policy_id: id,
    policy_version_id: id,
    target_id: id,
    request_id: id,
    state: word,
    starts_at,
    ends_at,
    end_reason: opt_word,
    closed_at,
    version
});

macro_rules! assignments {
    ($rest:literal) => {
        concat!(
            "SELECT id, package_id, policy_id, policy_version_id, target_id, request_id, state, starts_at, ends_at, end_reason, closed_at,
                version
             FROM assignments ",
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

/// The assignment of a package to a person that is not closed, if there is one; it stays so until the transaction ends.
pub async fn lock_live(tx: &mut Tx, package: PackageId, target: UserId) -> Result<Option<Assignment>, StoreError> {
    let live = assignments!("WHERE target_id = $1 AND package_id = $2 AND state <> 'expired'");
    tx.opt(tx.for_update(live, "FOR UPDATE"), args![target, package]).await
}

/// A catalog among these of which a person has or had a package.
pub async fn catalog_of_target(tx: &mut Tx, target: UserId, catalogs: &[CatalogId]) -> Result<Option<CatalogId>, StoreError> {
    let mut list = List::new("p.catalog_id", "assignments a JOIN packages p ON p.id = a.package_id");
    list.filter("a.target_id = ?", args![target]);
    list.visible("p.catalog_id", &Visible::Catalogs(catalogs.to_vec()));
    let rows: Vec<(Uuid,)> = list.all(tx, "ORDER BY p.catalog_id LIMIT 1").await?;
    Ok(rows.into_iter().next().map(|(id,)| CatalogId(id)))
}

/// A person's assignments that are not closed; they stay so until the transaction ends.
pub async fn lock_live_of_target(tx: &mut Tx, target: UserId) -> Result<Vec<Assignment>, StoreError> {
    let live = assignments!("WHERE target_id = $1 AND state <> 'expired' ORDER BY id");
    tx.all(tx.for_update(live, "FOR UPDATE"), args![target]).await
}

/// Up to `most` assignments of a package that are not closed; they stay so until the transaction ends.
pub async fn lock_live_of_package(tx: &mut Tx, package: PackageId, most: i64) -> Result<Vec<Assignment>, StoreError> {
    let live = assignments!("WHERE package_id = $1 AND state <> 'expired' ORDER BY id LIMIT $2");
    tx.all(tx.for_update(live, "FOR UPDATE"), args![package, most]).await
}

/// Up to `most` assignments that gave something and end behind `from` (an instant, and the last one seen at it), by `until`, in the order
/// of their ends.
pub async fn ending(tx: &mut Tx, from: (DateTime<Utc>, Uuid), until: DateTime<Utc>, most: i64) -> Result<Vec<Assignment>, StoreError> {
    let ending = assignments!(
        "WHERE state <> 'expired' AND state IN ('delivered', 'partially_delivered') AND ends_at IS NOT NULL
            AND (ends_at, id) > ($1, $2) AND ends_at >= $1 AND ends_at <= $3
         ORDER BY ends_at, id LIMIT $4"
    );
    tx.all(ending, args![from.0, from.1, until, most]).await
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
    // Of whom nothing could be given has nothing yet, and is given nothing against separation of duties.
    let lacking = concat!(
        assignments!(
            "WHERE package_id = $1 AND state <> 'expired' AND (ends_at IS NULL OR ends_at > $3)
                AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.assignment_id = assignments.id AND g.role_id = $2 AND g.state IN ('granted', $5))
                AND (state <> 'delivery_failed' OR NOT EXISTS (SELECT 1 FROM incompatibilities i WHERE i.package_id = $1 AND "
        ),
        has_counterpart!("assignments.target_id", "$3"),
        " AND ",
        not_excepted!("assignments.target_id", "$3"),
        ")) ORDER BY id LIMIT $4"
    );
    let booked = if role.present { GrantState::Granted } else { GrantState::Failed };
    let args = args![package, role.role_id, now, most, word(booked)];
    tx.all(tx.for_update(lacking, "FOR UPDATE"), args).await
}

/// Keeps new assignments, as being delivered until `refresh_state` has looked at their grants. Gives those that were kept: the others are
/// for people who have a live one of the package.
pub async fn insert(tx: &mut Tx, assignments: &[Assignment]) -> Result<Vec<AssignmentId>, StoreError> {
    let values = assignments.iter().flat_map(|a| {
        args![
            a.id,
            a.package_id,
            a.policy_id,
            a.policy_version_id,
            a.target_id,
            a.request_id,
            word(AssignmentState::Delivering),
            a.starts_at,
            a.ends_at,
            a.end_reason.map(StringEnum::as_str),
            a.version
        ]
    });
    let head =
        "assignments (id, package_id, policy_id, policy_version_id, target_id, request_id, state, starts_at, ends_at, end_reason, version)";
    let tail = "ON CONFLICT (target_id, package_id) WHERE state <> 'expired' DO NOTHING RETURNING id";
    let kept: Vec<(Uuid,)> = batch::returning(tx, head, 11, values.collect(), tail).await?;
    Ok(kept.into_iter().map(|(id,)| AssignmentId(id)).collect())
}

/// Stores an assignment's end and its reason. Says whether nobody else changed it meanwhile.
pub async fn update(tx: &mut Tx, a: &mut Assignment) -> Result<bool, StoreError> {
    a.version += 1;
    let touched = tx
        .exec(
            "UPDATE assignments SET ends_at = $2, end_reason = $3, closed_at = $4, version = $5 WHERE id = $1 AND version = $6",
            args![
                a.id,
                a.ends_at,
                a.end_reason.map(StringEnum::as_str),
                a.closed_at,
                a.version,
                a.version - 1
            ],
        )
        .await?;
    Ok(touched == 1)
}

struct Count {
    id: AssignmentId,
    state: AssignmentState,
    closed: bool,
    grants: Option<GrantState>,
    count: i64,
}
row!(Count {
    id: id,
    state: word,
    closed,
    grants: opt_word,
    count
});

/// Derives the state of assignments from their grants and writes down where it is another. Whatever changes a grant, or closes an
/// assignment, calls this afterwards; nothing else writes the column. Gives each with its state.
pub async fn refresh_state(tx: &mut Tx, ids: &[AssignmentId]) -> Result<HashMap<AssignmentId, AssignmentState>, StoreError> {
    let mut found: HashMap<AssignmentId, (AssignmentState, bool, GrantCounts)> = HashMap::new();
    for chunk in ids.chunks(IDS_MAX) {
        let sql = dialect::in_list(
            "SELECT a.id, a.state, a.closed_at IS NOT NULL AS closed, g.state AS grants, count(*) AS count
             FROM assignments a LEFT JOIN grants g ON g.assignment_id = a.id WHERE a.id IN (?)
             GROUP BY a.id, a.state, a.closed_at, g.state",
            chunk.len(),
        );
        let rows: Vec<Count> = tx.all(sql, chunk.iter().map(|id| Arg::from(*id)).collect()).await?;
        for row in rows {
            let (_, _, counts) = found.entry(row.id).or_insert((row.state, row.closed, GrantCounts::default()));
            match row.grants {
                Some(GrantState::Pending) => counts.pending += row.count,
                Some(GrantState::Granted) => counts.granted += row.count,
                Some(GrantState::Failed) => counts.failed += row.count,
                Some(GrantState::Revoked) | None => {}
            }
        }
    }
    let mut states = HashMap::with_capacity(found.len());
    let mut changed: BTreeMap<AssignmentState, Vec<AssignmentId>> = BTreeMap::new();
    for (id, (before, closed, counts)) in found {
        let state = derive_state(closed, counts);
        if state != before {
            changed.entry(state).or_default().push(id);
        }
        states.insert(id, state);
    }
    for (state, mut ids) in changed {
        ids.sort_unstable();
        for chunk in ids.chunks(IDS_MAX) {
            let mut args: Vec<Arg> = chunk.iter().map(|id| Arg::from(*id)).collect();
            args.push(word(state));
            let n = chunk.len();
            let places = batch::numbered(1, n);
            let sql = format!(
                "UPDATE assignments SET state = ${}, version = version + 1 WHERE id IN ({places})",
                n + 1
            );
            tx.exec(trusted_sql(sql), args).await?;
        }
    }
    Ok(states)
}
