//! Sending what waits in the outbox: claimed by a lease, sent without a transaction, written down one by one. A message may arrive twice
//! when a sender dies between sending and writing; its key lets the other side tell.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use uuid::Uuid;

use crate::store::{StoreError, outbox};

use super::App;
use super::ports::{OutgoingMessage, Sender};

/// Messages that one claim takes at the most: few enough to be sent within the lease.
const CLAIMED_MAX: i64 = 20;

/// Sends what is due; `owner` is this copy. Gives how many messages were claimed.
pub async fn send_due(app: &App, sender: &dyn Sender, owner: Uuid) -> Result<usize, StoreError> {
    let mut tx = app.store.write().await?;
    let claimed = outbox::claim(&mut tx, owner, app.clock.now(), CLAIMED_MAX).await?;
    tx.commit().await?;
    for message in &claimed {
        let outgoing = OutgoingMessage {
            kind: message.kind,
            key: message.key.clone(),
            recipient: message.recipient_id,
            payload: message.payload.clone(),
        };
        let sent = AssertUnwindSafe(sender.send(&outgoing)).catch_unwind().await;
        let now = app.clock.now();
        let mut tx = app.store.write().await?;
        match sent.unwrap_or_else(|_| Err("the sender panicked".into())) {
            Ok(()) => {
                outbox::complete(&mut tx, message.id, owner, now).await?;
            }
            Err(reason) => {
                let given_up = outbox::fail(&mut tx, message, owner, now, &reason).await?;
                tracing::warn!(
                    message = message.key,
                    attempts = message.attempts + 1,
                    given_up,
                    reason,
                    "a message was not sent"
                );
            }
        }
        tx.commit().await?;
    }
    Ok(claimed.len())
}
