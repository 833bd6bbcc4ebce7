//! How often someone was refused, by address and hour, so that the trail has one row and a number in place of a row for each.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::tx::{StoreError, Tx};
use crate::domain::access::{Principal, PrincipalKind};
use crate::domain::text::StringEnum;
use crate::{args, row};

/// Addresses that are told apart for one caller in one hour; what is refused at more of them is counted together, under no address.
pub const ADDRESSES_MAX: i64 = 200;

/// What was refused within an hour that is over.
pub struct Refused {
    /// A user, or a client.
    pub kind: PrincipalKind,
    /// Who.
    pub actor: Uuid,
    /// Their name then.
    pub name: String,
    /// When the hour began.
    pub hour: DateTime<Utc>,
    /// Where; empty for all that were too many to be told apart.
    pub address: String,
    /// How often.
    pub number: i64,
}

struct RefusedRow {
    actor_kind: PrincipalKind,
    actor_id: Uuid,
    actor_name: String,
    hour: DateTime<Utc>,
    address: String,
    number: i64,
}
row!(RefusedRow {
    actor_kind: word,
    actor_id,
    actor_name,
    hour,
    address,
    number
});

/// Counts one refusal in the hour that began at `hour`; gives how many there are by now of those that it is counted with.
pub async fn count(tx: &mut Tx, actor: &Principal, hour: DateTime<Utc>, address: &str) -> Result<i64, StoreError> {
    let others: i64 = tx
        .value(
            "SELECT count(*) FROM refusals WHERE actor_id = $1 AND hour = $2 AND address <> $3",
            args![actor.id, hour, address],
        )
        .await?;
    let address = if others < ADDRESSES_MAX { address } else { "" };
    tx.value(
        "INSERT INTO refusals (actor_id, hour, address, actor_kind, actor_name, number) VALUES ($1, $2, $3, $4, $5, 1)
         ON CONFLICT (actor_id, hour, address) DO UPDATE SET number = refusals.number + 1 RETURNING number",
        args![actor.id, hour, address, actor.kind.as_str(), actor.name.as_str()],
    )
    .await
}

/// Takes some of the hours that began before `hour`.
pub async fn take(tx: &mut Tx, hour: DateTime<Utc>) -> Result<Vec<Refused>, StoreError> {
    let rows: Vec<RefusedRow> = tx
        .all(
            "SELECT actor_kind, actor_id, actor_name, hour, address, number FROM refusals WHERE hour < $1 ORDER BY hour, actor_id, address LIMIT 500",
            args![hour],
        )
        .await?;
    for row in &rows {
        tx.exec(
            "DELETE FROM refusals WHERE actor_id = $1 AND hour = $2 AND address = $3",
            args![row.actor_id, row.hour, row.address.as_str()],
        )
        .await?;
    }
    let refused = |row: RefusedRow| Refused {
        kind: row.actor_kind,
        actor: row.actor_id,
        name: row.actor_name,
        hour: row.hour,
        address: row.address,
        number: row.number,
    };
    Ok(rows.into_iter().map(refused).collect())
}
