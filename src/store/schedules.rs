//! Schedules: one row each, which the copy that does the work holds by a lease.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::args;
use crate::domain::schedule::ScheduleName;

use super::tx::{StoreError, Tx, word};

/// Claims a schedule that is due at `now`; gives when it was due. One that never ran is due at once.
pub async fn claim(tx: &mut Tx, name: ScheduleName, owner: Uuid, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    tx.exec(
        "INSERT INTO schedules (name, next_run_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        args![word(name), now],
    )
    .await?;
    let due: Option<(DateTime<Utc>,)> = tx
        .opt(
            "UPDATE schedules SET lease_owner = $2, lease_until = $3
             WHERE name = $1 AND next_run_at <= $4 AND (lease_until IS NULL OR lease_until <= $4) RETURNING next_run_at",
            args![word(name), owner, now + name.lease(), now],
        )
        .await?;
    Ok(due.map(|(at,)| at))
}

/// The work is done: the schedule is due again at `next`. Says whether `owner` still held it.
pub async fn complete(tx: &mut Tx, name: ScheduleName, owner: Uuid, next: DateTime<Utc>) -> Result<bool, StoreError> {
    let touched = tx
        .exec(
            "UPDATE schedules SET next_run_at = $3, lease_owner = NULL, lease_until = NULL WHERE name = $1 AND lease_owner = $2",
            args![word(name), owner, next],
        )
        .await?;
    Ok(touched == 1)
}

/// Whether any schedule may be due at `now`; asked on a reader, so that a copy with nothing to do writes nothing.
pub async fn any_due(tx: &mut Tx, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let waiting: i64 = tx
        .value(
            "SELECT count(*) FROM schedules WHERE next_run_at > $1 OR lease_until > $1",
            args![now],
        )
        .await?;
    Ok(waiting < <ScheduleName as crate::domain::text::StringEnum>::ALL.len() as i64)
}
