//! Assignments and their grants: rows, lists, and the few statements that deliver and take back.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentState, EndReason, GrantItem, GrantState, shown_state};
use crate::domain::id::{AssignmentId, Named, ObjectId, PackageId, PackageRoleId, PolicyId, RequestId, RoleId, UserId};
use crate::domain::package::PriorMembership;
use crate::domain::page::{Direction, Page, PageQuery};
use crate::{args, row};

use super::batch;
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

/// One assignment.
pub async fn find(tx: &mut Tx, id: AssignmentId) -> Result<Option<Assignment>, StoreError> {
    tx.opt(
        "SELECT id, package_id, policy_id, target_id, request_id, state, starts_at, ends_at, end_reason, version FROM assignments WHERE id = $1",
        args![id],
    )
    .await
}

/// The assignment of a package to a person that is not over in the books, if there is one.
pub async fn live(tx: &mut Tx, package: PackageId, target: UserId) -> Result<Option<Assignment>, StoreError> {
    tx.opt(
        "SELECT id, package_id, policy_id, target_id, request_id, state, starts_at, ends_at, end_reason, version FROM assignments
         WHERE target_id = $1 AND package_id = $2 AND state <> 'expired'",
        args![target, package],
    )
    .await
}

/// A person's assignments that are not over in the books.
pub async fn live_of_target(tx: &mut Tx, target: UserId) -> Result<Vec<Assignment>, StoreError> {
    tx.all(
        "SELECT id, package_id, policy_id, target_id, request_id, state, starts_at, ends_at, end_reason, version FROM assignments
         WHERE target_id = $1 AND state <> 'expired' ORDER BY starts_at, id",
        args![target],
    )
    .await
}

/// Everyone's assignments of a package that are not over in the books.
pub async fn live_of_package(tx: &mut Tx, package: PackageId) -> Result<Vec<Assignment>, StoreError> {
    tx.all(
        "SELECT id, package_id, policy_id, target_id, request_id, state, starts_at, ends_at, end_reason, version FROM assignments
         WHERE package_id = $1 AND state IN ('delivered', 'partially_delivered', 'delivery_failed')",
        args![package],
    )
    .await
}

/// Keeps a new assignment. False: the person has a live one of the package, and nothing was kept.
pub async fn insert(tx: &mut Tx, a: &Assignment) -> Result<bool, StoreError> {
    let kept = tx
        .exec(
            "INSERT INTO assignments (id, package_id, policy_id, target_id, request_id, state, starts_at, ends_at, end_reason, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (target_id, package_id) WHERE state <> 'expired' DO NOTHING",
            args![
                a.id,
                a.package_id,
                a.policy_id,
                a.target_id,
                a.request_id,
                word(a.state),
                a.starts_at,
                a.ends_at,
                a.end_reason.map(crate::domain::text::Word::word),
                a.version
            ],
        )
        .await?;
    Ok(kept == 1)
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
                a.end_reason.map(crate::domain::text::Word::word),
                a.version,
                a.version - 1
            ],
        )
        .await?;
    Ok(touched == 1)
}

/// A resource role that a package gives, as delivery meets it.
#[derive(Clone, Debug)]
pub struct Deliverable {
    /// The role.
    pub role_id: RoleId,
    /// Its name.
    pub role_name: String,
    /// Its object.
    pub object_id: ObjectId,
    /// The object's name.
    pub object_name: String,
    /// The object is still in the directory.
    pub present: bool,
}
row!(Deliverable {
    role_id: id,
    role_name,
    object_id: id,
    object_name,
    present
});

impl Deliverable {
    /// Why it cannot be given, if it cannot.
    pub fn fault(&self) -> Option<String> {
        (!self.present).then(|| format!("{} is no longer in the directory. Remove it from the package.", self.object_name))
    }
}

/// What a package gives.
pub async fn deliverables(tx: &mut Tx, package: PackageId) -> Result<Vec<Deliverable>, StoreError> {
    tx.all(
        "SELECT r.id AS role_id, r.name AS role_name, o.id AS object_id, o.name AS object_name, o.deleted_at IS NULL AS present
         FROM package_roles pr JOIN roles r ON r.id = pr.role_id JOIN objects o ON o.id = r.object_id
         WHERE pr.package_id = $1 ORDER BY pr.added_at, pr.id",
        args![package],
    )
    .await
}

/// One of them, by its place in the package, with the package.
pub async fn deliverable(tx: &mut Tx, id: PackageRoleId) -> Result<Option<(PackageId, Deliverable)>, StoreError> {
    let Some((package,)) = tx
        .opt::<(Uuid,)>("SELECT package_id FROM package_roles WHERE id = $1", args![id])
        .await?
    else {
        return Ok(None);
    };
    let found = tx
        .opt(
            "SELECT r.id AS role_id, r.name AS role_name, o.id AS object_id, o.name AS object_name, o.deleted_at IS NULL AS present
             FROM package_roles pr JOIN roles r ON r.id = pr.role_id JOIN objects o ON o.id = r.object_id WHERE pr.id = $1",
            args![id],
        )
        .await?;
    Ok(found.map(|found| (PackageId(package), found)))
}

/// Books grants as given, or as failed with their reason. Gives the roles for which that is new; a grant that was given stays given.
pub async fn book_grants(
    tx: &mut Tx,
    assignment: &Assignment,
    roles: &[(RoleId, Option<String>)],
    now: DateTime<Utc>,
) -> Result<Vec<RoleId>, StoreError> {
    let values = roles
        .iter()
        .flat_map(|(role, error)| {
            let state = if error.is_some() { GrantState::Failed } else { GrantState::Granted };
            let given_at = error.is_none().then_some(now);
            let error = error.as_deref().unwrap_or_default();
            args![assignment.id, *role, assignment.target_id, word(state), false, error, given_at]
        })
        .collect();
    let head = "grants (assignment_id, role_id, user_id, state, was_direct, error, granted_at)";
    let tail = "ON CONFLICT (assignment_id, role_id) DO UPDATE SET state = excluded.state, error = excluded.error,
            granted_at = excluded.granted_at, revoked_at = NULL
        WHERE grants.state <> 'granted' RETURNING role_id";
    let new: Vec<(Uuid,)> = batch::returning(tx, head, 7, values, tail).await?;
    Ok(new.into_iter().map(|(id,)| RoleId(id)).collect())
}

/// Remembers that the person held these roles by hand before the assignment's grants.
pub async fn remember_direct(tx: &mut Tx, assignment: AssignmentId, roles: &[RoleId]) -> Result<(), StoreError> {
    for role in roles {
        tx.exec(
            "UPDATE grants SET was_direct = TRUE WHERE assignment_id = $1 AND role_id = $2",
            args![assignment, *role],
        )
        .await?;
    }
    Ok(())
}

/// A grant that is in force.
#[derive(Clone, Debug)]
pub struct LiveGrant {
    /// By which assignment.
    pub assignment_id: AssignmentId,
    /// Of which role.
    pub role_id: RoleId,
    /// To whom.
    pub user_id: UserId,
    /// The person held the role by hand before.
    pub was_direct: bool,
    /// The role's name.
    pub role_name: String,
    /// The object's name.
    pub object_name: String,
    /// The object.
    pub object_id: ObjectId,
}
row!(LiveGrant {
    assignment_id: id,
    role_id: id,
    user_id: id,
    was_direct,
    role_name,
    object_name,
    object_id: id
});

/// The grants in force of an assignment.
pub async fn live_grants(tx: &mut Tx, assignment: AssignmentId) -> Result<Vec<LiveGrant>, StoreError> {
    tx.all(
        "SELECT g.assignment_id, g.role_id, g.user_id, g.was_direct, r.name AS role_name, o.name AS object_name, o.id AS object_id
         FROM grants g JOIN roles r ON r.id = g.role_id JOIN objects o ON o.id = r.object_id
         WHERE g.assignment_id = $1 AND g.state = 'granted' ORDER BY o.name_folded, r.position",
        args![assignment],
    )
    .await
}

/// The grants in force of a package's assignments whose role the package no longer gives.
pub async fn stray_grants(tx: &mut Tx, package: PackageId) -> Result<Vec<LiveGrant>, StoreError> {
    tx.all(
        "SELECT g.assignment_id, g.role_id, g.user_id, g.was_direct, r.name AS role_name, o.name AS object_name, o.id AS object_id
         FROM assignments a JOIN grants g ON g.assignment_id = a.id JOIN roles r ON r.id = g.role_id JOIN objects o ON o.id = r.object_id
         WHERE a.package_id = $1 AND g.state = 'granted'
            AND NOT EXISTS (SELECT 1 FROM package_roles pr WHERE pr.package_id = a.package_id AND pr.role_id = g.role_id)",
        args![package],
    )
    .await
}

/// Books a grant as taken back. Says whether it was in force.
pub async fn revoke_grant(tx: &mut Tx, grant: &LiveGrant, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let touched = tx
        .exec(
            "UPDATE grants SET state = 'revoked', revoked_at = $3 WHERE assignment_id = $1 AND role_id = $2 AND state = 'granted'",
            args![grant.assignment_id, grant.role_id, now],
        )
        .await?;
    Ok(touched == 1)
}

/// What becomes of memberships held before, as the package says.
pub async fn prior_membership(tx: &mut Tx, package: PackageId) -> Result<PriorMembership, StoreError> {
    let text: String = tx
        .value("SELECT prior_membership FROM packages WHERE id = $1", args![package])
        .await?;
    text.parse()
        .map_err(|error: crate::domain::text::UnknownWord| StoreError::Inconsistent(error.to_string()))
}

/// Delivery of an assignment, one line a resource role.
pub async fn grants(tx: &mut Tx, assignment: AssignmentId) -> Result<Vec<GrantItem>, StoreError> {
    tx.all(
        "SELECT o.name AS object, r.name AS role, g.state, g.error, g.granted_at, g.revoked_at
         FROM grants g JOIN roles r ON r.id = g.role_id JOIN objects o ON o.id = r.object_id
         WHERE g.assignment_id = $1 ORDER BY o.name_folded, r.position",
        args![assignment],
    )
    .await
}
row!(GrantItem {
    object,
    role,
    state: word,
    error,
    granted_at,
    revoked_at
});

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
        remove: None,
    }))
}
