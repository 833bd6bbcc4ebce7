//! Grants: what a package gives, what an assignment has given of it, and the few statements that give and take back.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::assignment::{GrantItem, GrantState};
use crate::domain::id::{AssignmentId, ObjectId, PackageId, RequestId, RoleId, UserId};
use crate::domain::package::PriorMembership;
use crate::{args, row};

use super::assignments::Assignment;
use super::batch;
pub use super::deliverables::{Deliverable, deliverables, lock_deliverable};
use super::tx::{StoreError, Tx, word};

/// A resource role for the person of an assignment.
pub type GrantRequest<'a> = (&'a Assignment, &'a Deliverable);

/// Records roles as given, or as failed with their reason. Gives those for which that is new; a grant that was given stays given.
pub async fn upsert(tx: &mut Tx, wanted: &[GrantRequest<'_>], now: DateTime<Utc>) -> Result<HashSet<(AssignmentId, RoleId)>, StoreError> {
    let values = wanted.iter().flat_map(|(to, role)| {
        let (state, given_at) = if role.present {
            (GrantState::Granted, Some(now))
        } else {
            (GrantState::Failed, None)
        };
        let fault = role.fault().unwrap_or_default();
        args![to.id, role.role_id, to.target_id, word(state), false, fault, given_at]
    });
    let head = "grants (assignment_id, role_id, user_id, state, was_direct, error, granted_at)";
    let tail = "ON CONFLICT (assignment_id, role_id) DO UPDATE SET state = excluded.state, error = excluded.error,
            was_direct = excluded.was_direct, granted_at = excluded.granted_at, revoked_at = NULL
        WHERE grants.state <> 'granted' RETURNING assignment_id, role_id";
    let new: Vec<(Uuid, Uuid)> = batch::returning(tx, head, 7, values.collect(), tail).await?;
    Ok(new.into_iter().map(|(to, role)| (AssignmentId(to), RoleId(role))).collect())
}

/// Remembers that the person held the role by hand before the assignment's grant.
pub async fn remember_direct(tx: &mut Tx, assignment: AssignmentId, role: RoleId) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE grants SET was_direct = TRUE WHERE assignment_id = $1 AND role_id = $2",
        args![assignment, role],
    )
    .await?;
    Ok(())
}

/// A grant that is in force, or was tried and failed.
#[derive(Clone, Debug)]
pub struct LiveGrant {
    /// By which assignment.
    pub assignment_id: AssignmentId,
    /// The request that made the assignment.
    pub request_id: RequestId,
    /// In force, or booked as failed.
    pub state: GrantState,
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
    request_id: id,
    state: word,
    role_id: id,
    user_id: id,
    was_direct,
    role_name,
    object_name,
    object_id: id
});

macro_rules! live_grants {
    ($rest:literal) => {
        concat!(
            "SELECT g.assignment_id, a.request_id, g.state, g.role_id, g.user_id, g.was_direct, r.name AS role_name, o.name AS object_name,
                o.id AS object_id
             FROM assignments a JOIN grants g ON g.assignment_id = a.id JOIN roles r ON r.id = g.role_id JOIN objects o ON o.id = r.object_id ",
            $rest
        )
    };
}

/// The grants in force of an assignment.
pub async fn live_grants(tx: &mut Tx, assignment: AssignmentId) -> Result<Vec<LiveGrant>, StoreError> {
    let sql = live_grants!("WHERE a.id = $1 AND g.state = 'granted' ORDER BY o.name_folded, r.position");
    tx.all(sql, args![assignment]).await
}

/// Up to `most` grants of a package's assignments, in force or failed, whose role the package no longer gives.
pub async fn orphaned_grants(tx: &mut Tx, package: PackageId, most: i64) -> Result<Vec<LiveGrant>, StoreError> {
    let sql = live_grants!(
        "WHERE a.package_id = $1 AND a.state <> 'expired' AND g.state <> 'revoked'
            AND NOT EXISTS (SELECT 1 FROM package_roles pr WHERE pr.package_id = a.package_id AND pr.role_id = g.role_id)
         LIMIT $2"
    );
    tx.all(sql, args![package, most]).await
}

/// Books a grant as taken back. Says whether it stood as it was read.
pub async fn revoke_grant(tx: &mut Tx, grant: &LiveGrant, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let touched = tx
        .exec(
            "UPDATE grants SET state = 'revoked', revoked_at = $3 WHERE assignment_id = $1 AND role_id = $2 AND state = $4",
            args![grant.assignment_id, grant.role_id, now, word(grant.state)],
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
        .map_err(|error: crate::domain::text::UnknownValue| StoreError::Inconsistent(error.to_string()))
}

/// Delivery of an assignment, one line a resource role.
pub async fn of_assignment(tx: &mut Tx, assignment: AssignmentId) -> Result<Vec<GrantItem>, StoreError> {
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
