//! What the home of Identity Governance counts. Every count stops at a bound, and every list is short.

use chrono::{DateTime, Utc};

use crate::domain::access::Visible;
use crate::domain::id::{Named, PackageId, RequestId, UserId};
use crate::domain::report::{AccessItem, Failure};
use crate::{args, row};

use super::super::list::List;
use super::super::tx::{Arg, StoreError, Tx};
use super::{AccessRow, assignments};

/// Counts of one week.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Requests to have something.
    pub requests: i64,
    /// Assignments that began.
    pub began: i64,
    /// Assignments that ended.
    pub ended: i64,
}

/// One of the counts, up to `most`.
async fn count(
    tx: &mut Tx,
    from: &'static str,
    condition: &'static str,
    values: Vec<Arg>,
    visible: &Visible,
    most: i64,
) -> Result<i64, StoreError> {
    let mut list = List::new("1", from);
    list.filter(condition, values);
    list.visible("p.catalog_id", visible);
    list.count(tx, most).await
}

const REQUESTS: &str = "requests q JOIN packages p ON p.id = q.package_id";
const ASSIGNMENTS: &str = "assignments a JOIN packages p ON p.id = a.package_id";

/// The counts of one week.
pub async fn counts(
    tx: &mut Tx,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    visible: &Visible,
    most: i64,
) -> Result<Counts, StoreError> {
    let asked = "q.submitted_at > ? AND q.submitted_at <= ? AND q.kind NOT IN ('user_remove', 'admin_remove', 'system_remove')";
    let began = "a.starts_at > ? AND a.starts_at <= ?";
    let ended = "a.ends_at > ? AND a.ends_at <= ?";
    Ok(Counts {
        requests: count(tx, REQUESTS, asked, args![from, until], visible, most).await?,
        began: count(tx, ASSIGNMENTS, began, args![from, until], visible, most).await?,
        ended: count(tx, ASSIGNMENTS, ended, args![from, until], visible, most).await?,
    })
}

/// Assignments that hold at `now`, up to `most`.
pub async fn active(tx: &mut Tx, now: DateTime<Utc>, visible: &Visible, most: i64) -> Result<i64, StoreError> {
    let holds = "a.state <> 'expired' AND a.starts_at <= ? AND (a.ends_at IS NULL OR a.ends_at > ?)";
    count(tx, ASSIGNMENTS, holds, args![now, now], visible, most).await
}

/// Assignments that end after `now` and by `until`: how many, up to `most`, and the first five.
pub async fn ending(
    tx: &mut Tx,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
    visible: &Visible,
    most: i64,
) -> Result<(i64, Vec<AccessItem>), StoreError> {
    let ends = "a.state <> 'expired' AND a.ends_at IS NOT NULL AND a.ends_at > ? AND a.ends_at <= ?";
    let number = count(tx, ASSIGNMENTS, ends, args![now, until], visible, most).await?;
    let mut list = assignments(visible);
    list.filter(ends, args![now, until]);
    let rows: Vec<AccessRow> = list.all(tx, "ORDER BY a.ends_at, a.id LIMIT 5").await?;
    Ok((number, rows.into_iter().map(|row| row.item(now)).collect()))
}

struct FailureRow {
    id: RequestId,
    user_id: UserId,
    user_name: String,
    package_id: PackageId,
    package_name: String,
    status: String,
    submitted_at: DateTime<Utc>,
}
row!(FailureRow {
    id: id,
    user_id: id,
    user_name,
    package_id: id,
    package_name,
    status,
    submitted_at
});

/// Requests that wait for a decision, oldest first; or else those whose delivery failed, newest first: how many, up to `most`, and five.
pub async fn failures(tx: &mut Tx, waiting: bool, visible: &Visible, most: i64) -> Result<(i64, Vec<Failure>), StoreError> {
    let (states, tail) = if waiting {
        ("q.state = 'pending_approval'", "ORDER BY q.submitted_at, q.id LIMIT 5")
    } else {
        (
            "q.state IN ('delivery_failed', 'partially_delivered')",
            "ORDER BY q.submitted_at DESC, q.id DESC LIMIT 5",
        )
    };
    let number = count(tx, REQUESTS, states, args![], visible, most).await?;
    if number == 0 {
        return Ok((0, Vec::new()));
    }
    let mut list = List::new(
        "q.id, u.id AS user_id, u.name AS user_name, p.id AS package_id, p.name AS package_name, q.status, q.submitted_at",
        "requests q JOIN packages p ON p.id = q.package_id JOIN users u ON u.id = q.target_id",
    );
    list.filter(states, args![]);
    list.visible("p.catalog_id", visible);
    let rows: Vec<FailureRow> = list.all(tx, tail).await?;
    let items = rows.into_iter().map(|row| Failure {
        id: row.id,
        user: Named::new(row.user_id, row.user_name),
        package: Named::new(row.package_id, row.package_name),
        status: row.status,
        at: row.submitted_at,
    });
    Ok((number, items.collect()))
}

/// Work that was given up, and messages that could not be sent.
pub async fn given_up(tx: &mut Tx, most: i64) -> Result<(i64, i64), StoreError> {
    let jobs = "SELECT count(*) FROM (SELECT 1 AS one FROM jobs WHERE failed_at IS NOT NULL LIMIT $1) AS counted";
    let messages = "SELECT count(*) FROM (SELECT 1 AS one FROM outbox WHERE state = 'failed' LIMIT $1) AS counted";
    Ok((tx.value(jobs, args![most]).await?, tx.value(messages, args![most]).await?))
}
