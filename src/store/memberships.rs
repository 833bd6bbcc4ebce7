//! Who holds a resource role, and by what: by hand, by rule, or by so many grants. One row a person and role; it is there as long as
//! anything gives the role, and `until` is the last instant at which something does, so a reader compares one column with the time.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::args;
use crate::domain::id::{AssignmentId, RoleId, UserId};

use super::batch;
use super::tx::{StoreError, Tx};

/// The `until` of what has no end.
pub fn forever() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// A role for a person until an instant; `None` is without end.
pub type MembershipIncrement = (RoleId, UserId, Option<DateTime<Utc>>);

/// Counts one more grant for each of these. Gives those roles that a person held by hand before.
pub async fn add_grants(tx: &mut Tx, gains: &[MembershipIncrement], now: DateTime<Utc>) -> Result<HashSet<(RoleId, UserId)>, StoreError> {
    // One row a person and role, for a statement may change a row only once; in order, so that two copies never wait for each other.
    let mut rows: BTreeMap<(RoleId, UserId), (i64, DateTime<Utc>)> = BTreeMap::new();
    for (role, user, until) in gains {
        let until = until.unwrap_or_else(forever);
        let (grants, last) = rows.entry((*role, *user)).or_insert((0, until));
        *grants += 1;
        *last = until.max(*last);
    }
    let values = rows
        .into_iter()
        .flat_map(|((role, user), (grants, until))| args![role, user, false, false, grants, now, until]);
    let head = "memberships (role_id, user_id, direct, by_rule, grants, since, until)";
    let tail = "ON CONFLICT (role_id, user_id) DO UPDATE SET grants = memberships.grants + excluded.grants,
            until = CASE WHEN excluded.until > memberships.until THEN excluded.until ELSE memberships.until END
        RETURNING role_id, user_id, direct";
    let held: Vec<(Uuid, Uuid, bool)> = batch::returning(tx, head, 7, values.collect(), tail).await?;
    let by_hand = held.into_iter().filter(|(_, _, direct)| *direct);
    Ok(by_hand.map(|(role, user, _)| (RoleId(role), UserId(user))).collect())
}

/// Holds all memberships that an assignment gives, in the order in which deliveries hold them: so that a removal and a delivery never wait
/// for each other.
pub async fn lock_of_assignment(tx: &mut Tx, assignment: AssignmentId) -> Result<(), StoreError> {
    let sql = "SELECT m.grants FROM memberships m JOIN grants g ON g.role_id = m.role_id AND g.user_id = m.user_id
        WHERE g.assignment_id = $1 AND g.state = 'granted' ORDER BY m.role_id, m.user_id";
    let _: Vec<i64> = tx.column(tx.for_update(sql, "FOR UPDATE OF m"), args![assignment]).await?;
    Ok(())
}

/// Gives the role by hand. Says whether that is new.
pub async fn add_direct(tx: &mut Tx, role: RoleId, user: UserId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "INSERT INTO memberships (role_id, user_id, direct, by_rule, grants, since, until) VALUES ($1, $2, TRUE, FALSE, 0, $3, $4)
             ON CONFLICT (role_id, user_id) DO UPDATE SET direct = TRUE, until = excluded.until WHERE NOT memberships.direct",
            args![role, user, now, forever()],
        )
        .await?;
    Ok(changed == 1)
}

/// Takes back what was given by hand. Says whether there was anything.
pub async fn remove_direct(tx: &mut Tx, role: RoleId, user: UserId) -> Result<bool, StoreError> {
    match lock(tx, role, user).await? {
        Some((true, by_rule)) => write_back(tx, role, user, false, by_rule).await.map(|_| true),
        _ => Ok(false),
    }
}

/// Gives the role by rule. Says whether that is new.
pub async fn add_by_rule(tx: &mut Tx, role: RoleId, user: UserId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "INSERT INTO memberships (role_id, user_id, direct, by_rule, grants, since, until) VALUES ($1, $2, FALSE, TRUE, 0, $3, $4)
             ON CONFLICT (role_id, user_id) DO UPDATE SET by_rule = TRUE, until = excluded.until WHERE NOT memberships.by_rule",
            args![role, user, now, forever()],
        )
        .await?;
    Ok(changed == 1)
}

/// Takes back what the rule gave. Says whether there was anything.
pub async fn remove_by_rule(tx: &mut Tx, role: RoleId, user: UserId) -> Result<bool, StoreError> {
    match lock(tx, role, user).await? {
        Some((direct, true)) => write_back(tx, role, user, direct, false).await.map(|_| true),
        _ => Ok(false),
    }
}

/// Counts a person's grants of a role anew after one was taken back or its end was moved; the row goes when nothing gives the role.
/// Says whether the person still holds it.
pub async fn recount(tx: &mut Tx, role: RoleId, user: UserId) -> Result<bool, StoreError> {
    match lock(tx, role, user).await? {
        Some((direct, by_rule)) => write_back(tx, role, user, direct, by_rule).await,
        None => Ok(false),
    }
}

/// Counts a person's grants of a role anew, of which there is one at least, also where the row was taken away by other ways.
pub async fn restore(tx: &mut Tx, role: RoleId, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO memberships (role_id, user_id, direct, by_rule, grants, since, until) VALUES ($1, $2, FALSE, FALSE, 1, $3, $3)
         ON CONFLICT (role_id, user_id) DO NOTHING",
        args![role, user, now],
    )
    .await?;
    recount(tx, role, user).await.map(drop)
}

/// Whether a person holds a role by hand and by rule, if at all; it stays so until the transaction ends.
async fn lock(tx: &mut Tx, role: RoleId, user: UserId) -> Result<Option<(bool, bool)>, StoreError> {
    let sql = "SELECT direct, by_rule FROM memberships WHERE role_id = $1 AND user_id = $2";
    tx.opt(tx.for_update(sql, "FOR UPDATE"), args![role, user]).await
}

/// Writes down what gives the role, or takes the row away where nothing does. Says whether it stays.
async fn write_back(tx: &mut Tx, role: RoleId, user: UserId, direct: bool, by_rule: bool) -> Result<bool, StoreError> {
    let (grants, last): (i64, Option<DateTime<Utc>>) = tx
        .one(
            "SELECT count(*), max(coalesce(a.ends_at, $3)) FROM grants g JOIN assignments a ON a.id = g.assignment_id
             WHERE g.role_id = $1 AND g.user_id = $2 AND g.state = 'granted'",
            args![role, user, forever()],
        )
        .await?;
    if !direct && !by_rule && grants == 0 {
        tx.exec("DELETE FROM memberships WHERE role_id = $1 AND user_id = $2", args![role, user])
            .await?;
        return Ok(false);
    }
    let until = if direct || by_rule {
        forever()
    } else {
        last.unwrap_or_else(forever)
    };
    tx.exec(
        "UPDATE memberships SET direct = $3, by_rule = $4, grants = $5, until = $6 WHERE role_id = $1 AND user_id = $2",
        args![role, user, direct, by_rule, grants, until],
    )
    .await?;
    Ok(true)
}
