//! Addresses that a mail server has refused for good: no mail goes there until somebody takes the row away.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::SuppressionId;
use crate::domain::outbox::SuppressedAddress;
use crate::domain::page::{Direction, Page, PageQuery};
use crate::{args, row};

use super::list::{Key, List, Order};
use super::tx::{StoreError, Tx};

row!(SuppressedAddress {
    id: id,
    address,
    reason,
    created_at
});

/// Which form of an address is compared: the part behind the @ knows no case, and no mail server in use tells apart the one before it.
fn folded(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Sends nothing to an address any more. One that is there already keeps its first reason.
pub async fn add(tx: &mut Tx, id: Uuid, address: &str, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO suppressed_addresses (id, address, reason, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (address) DO NOTHING",
        args![id, folded(address), reason, now],
    )
    .await?;
    Ok(())
}

/// Why nothing is sent to an address, if so.
pub async fn reason(tx: &mut Tx, address: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT reason FROM suppressed_addresses WHERE address = $1";
    let row: Option<(String,)> = tx.opt(sql, args![folded(address)]).await?;
    Ok(row.map(|(reason,)| reason))
}

/// A page of them, newest first.
pub async fn list(tx: &mut Tx, query: &PageQuery) -> Result<Page<SuppressedAddress>, StoreError> {
    let order = Order {
        column: "s.created_at",
        id: "s.id",
        time: true,
        direction: Direction::Down,
    };
    List::new("s.id, s.address, s.reason, s.created_at", "suppressed_addresses s")
        .counted_page(tx, order, query, |row: &SuppressedAddress| {
            (row.id.into(), Key::Time(row.created_at))
        })
        .await
}

/// Takes one away; gives the address.
pub async fn remove(tx: &mut Tx, id: SuppressionId) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx
        .opt("DELETE FROM suppressed_addresses WHERE id = $1 RETURNING address", args![id])
        .await?;
    Ok(row.map(|(address,)| address))
}
