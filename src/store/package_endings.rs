//! Packages whose assignments are all being ended before they are deleted.

use chrono::{DateTime, Utc};

use crate::domain::id::{PackageId, UserId};
use crate::{args, row};

use super::tx::{StoreError, Tx};

/// An ending that has begun.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Who asked for it, if that was a user.
    pub started_by: Option<UserId>,
    /// Their name.
    pub started_by_name: String,
    /// The people concerned are told.
    pub told: bool,
    /// Assignments that there were when it began.
    pub assignments: i64,
    /// It was given up after too many failures.
    pub given_up: bool,
}
row!(Ending {
    started_by: opt_id,
    started_by_name,
    told,
    assignments,
    given_up
});

/// Begins one. False: it has begun already.
pub async fn insert(tx: &mut Tx, package: PackageId, ending: &Ending, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let made = tx
        .exec(
            "INSERT INTO package_endings (package_id, started_at, started_by, started_by_name, told, assignments)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (package_id) DO NOTHING",
            args![
                package,
                now,
                ending.started_by,
                ending.started_by_name.as_str(),
                ending.told,
                ending.assignments
            ],
        )
        .await?;
    Ok(made == 1)
}

/// The ending of a package, if one has begun; `key` is that of its job.
pub async fn find(tx: &mut Tx, package: PackageId, key: &str) -> Result<Option<Ending>, StoreError> {
    tx.opt(
        "SELECT e.started_by, e.started_by_name, e.told, e.assignments,
            EXISTS (SELECT 1 FROM jobs j WHERE j.key = $2 AND j.failed_at IS NOT NULL) AS given_up
         FROM package_endings e WHERE e.package_id = $1",
        args![package, key],
    )
    .await
}

/// Assignments of a package that have not ended yet.
pub async fn left(tx: &mut Tx, package: PackageId) -> Result<i64, StoreError> {
    tx.value(
        "SELECT count(*) FROM assignments WHERE package_id = $1 AND state <> 'expired'",
        args![package],
    )
    .await
}
