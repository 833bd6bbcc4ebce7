//! How much there is to do and how much of it went wrong: what those who watch over the service ask for.

use chrono::{DateTime, Utc};

use crate::{args, row};

use super::tx::{StoreError, Tx};

/// Numbers of the whole installation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// Jobs that wait, for their time too.
    pub jobs_waiting: i64,
    /// Jobs that were given up.
    pub jobs_failed: i64,
    /// Since when the oldest job that is due waits.
    pub oldest_due: Option<DateTime<Utc>>,
    /// Requests that wait for something.
    pub open_requests: i64,
    /// Sessions that are not over.
    pub sessions: i64,
}
row!(Workload {
    jobs_waiting,
    jobs_failed,
    oldest_due,
    open_requests,
    sessions
});

/// The numbers at `now`; a session that was not used since `idle_since` is over.
pub async fn workload(tx: &mut Tx, now: DateTime<Utc>, idle_since: DateTime<Utc>) -> Result<Workload, StoreError> {
    tx.one(
        "SELECT (SELECT count(*) FROM jobs WHERE failed_at IS NULL) AS jobs_waiting,
            (SELECT count(*) FROM jobs WHERE failed_at IS NOT NULL) AS jobs_failed,
            (SELECT min(run_at) FROM jobs WHERE failed_at IS NULL AND run_at <= $1) AS oldest_due,
            (SELECT count(*) FROM requests WHERE state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')) AS open_requests,
            (SELECT count(*) FROM sessions WHERE expires_at > $1 AND seen_at > $2) AS sessions",
        args![now, idle_since],
    )
    .await
}
