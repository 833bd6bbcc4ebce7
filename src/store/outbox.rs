//! The outbox: messages to the outside, enqueued in the transaction that made them necessary. A sender claims some by a lease, sends them
//! without a transaction, and writes down what came of each; when it dies, another takes them over after the lease.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::id::{MessageId, Named, UserId};
use crate::domain::outbox::{MailFilter, MailItem, OutboxKind, OutboxState, about, after_failure, lease};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::{args, row};

use super::dialect::CLAIM_MESSAGES;
use super::list::{Key, List, Order};
use super::tx::{StoreError, Tx, word};

/// A message to be enqueued.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Which way it goes.
    pub kind: OutboxKind,
    /// Two messages with one key are one message.
    pub key: String,
    /// To whom, where it goes to a user.
    pub recipient: Option<UserId>,
    /// What kind of news it brings: a kind of notification, or the daily mail.
    pub about: &'static str,
    /// What it says; its kind knows how to read it.
    pub payload: Value,
    /// Not before this instant.
    pub run_at: DateTime<Utc>,
}

/// A message that a sender has claimed.
#[derive(Clone, Debug)]
pub struct Message {
    /// The row.
    pub id: Uuid,
    /// Which way it goes.
    pub kind: OutboxKind,
    /// Its key: what the other side may tell a repetition by.
    pub key: String,
    /// To whom, where it goes to a user.
    pub recipient_id: Option<UserId>,
    /// What it says.
    pub payload: Value,
    /// Failed tries so far.
    pub attempts: i64,
    /// When it was due.
    pub run_at: DateTime<Utc>,
}
row!(Message {
    id,
    kind: word,
    key,
    recipient_id: opt_id,
    payload: json,
    attempts,
    run_at
});

/// Adds a message when the transaction commits, unless there is one with its key, sent or not.
pub fn enqueue(tx: &mut Tx, id: Uuid, now: DateTime<Utc>, message: NewMessage) {
    tx.insert_on_commit(
        "outbox (id, kind, key, recipient_id, about, payload, state, attempts, run_at, created_at)",
        "ON CONFLICT (key) DO NOTHING",
        args![
            id,
            word(message.kind),
            message.key,
            message.recipient,
            message.about,
            message.payload,
            word(OutboxState::Waiting),
            0_i64,
            message.run_at,
            now
        ],
    );
}

/// Claims up to `most` messages due at `now` for `owner`, oldest first. Nobody else gets them until the lease is over.
pub async fn claim(tx: &mut Tx, owner: Uuid, now: DateTime<Utc>, most: i64) -> Result<Vec<Message>, StoreError> {
    let mut messages: Vec<Message> = tx.all(tx.pick(CLAIM_MESSAGES), args![now, most, owner, now + lease()]).await?;
    messages.sort_unstable_by_key(|message| (message.run_at, message.id));
    Ok(messages)
}

/// A message was sent. Says whether `owner` still held it: if not, another may have sent it too.
pub async fn complete(tx: &mut Tx, id: Uuid, owner: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let touched = tx
        .exec(
            "UPDATE outbox SET state = 'sent', settled_at = $3, lease_owner = NULL, lease_until = NULL, last_error = NULL
             WHERE id = $1 AND lease_owner = $2 AND state = 'waiting'",
            args![id, owner, now],
        )
        .await?;
    Ok(touched == 1)
}

/// A try failed: the message waits and is tried again, or is given up. Says whether it was given up.
pub async fn fail(tx: &mut Tx, message: &Message, owner: Uuid, now: DateTime<Utc>, error: &str) -> Result<bool, StoreError> {
    let attempts = message.attempts + 1;
    let again = after_failure(attempts, now);
    let state = if again.is_some() {
        OutboxState::Waiting
    } else {
        OutboxState::Failed
    };
    tx.exec(
        "UPDATE outbox SET state = $3, attempts = $4, run_at = $5, last_error = $6, settled_at = $7, lease_owner = NULL, lease_until = NULL
         WHERE id = $1 AND lease_owner = $2",
        args![
            message.id,
            owner,
            word(state),
            attempts,
            again.unwrap_or(message.run_at),
            error,
            again.is_none().then_some(now)
        ],
    )
    .await?;
    Ok(again.is_none())
}

/// A message can never arrive: it is given up at once.
pub async fn give_up(tx: &mut Tx, message: &Message, owner: Uuid, now: DateTime<Utc>, error: &str) -> Result<(), StoreError> {
    settle(tx, message, owner, now, OutboxState::Failed, message.attempts + 1, error).await
}

/// A message is not sent, for a reason.
pub async fn suppress(tx: &mut Tx, message: &Message, owner: Uuid, now: DateTime<Utc>, reason: &str) -> Result<(), StoreError> {
    settle(tx, message, owner, now, OutboxState::Suppressed, message.attempts, reason).await
}

async fn settle(
    tx: &mut Tx,
    message: &Message,
    owner: Uuid,
    now: DateTime<Utc>,
    state: OutboxState,
    attempts: i64,
    reason: &str,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE outbox SET state = $3, attempts = $4, last_error = $5, settled_at = $6, lease_owner = NULL, lease_until = NULL
         WHERE id = $1 AND lease_owner = $2 AND state = 'waiting'",
        args![message.id, owner, word(state), attempts, reason, now],
    )
    .await?;
    Ok(())
}

/// When the next message is due that nobody holds, or holds no longer; `None` while none waits.
pub async fn next_due(tx: &mut Tx) -> Result<Option<DateTime<Utc>>, StoreError> {
    let due: Option<(DateTime<Utc>,)> = tx
        .opt(
            "SELECT CASE WHEN lease_until IS NOT NULL AND lease_until > run_at THEN lease_until ELSE run_at END AS due
             FROM outbox WHERE state = 'waiting' ORDER BY run_at, id LIMIT 1",
            args![],
        )
        .await?;
    Ok(due.map(|(at,)| at))
}

struct ItemRow {
    id: MessageId,
    recipient_id: UserId,
    recipient_name: String,
    address: String,
    about: String,
    state: OutboxState,
    attempts: i64,
    reason: String,
    created_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
    run_at: DateTime<Utc>,
}
row!(ItemRow {
    id: id,
    recipient_id: id,
    recipient_name,
    address,
    about,
    state: word,
    attempts,
    reason,
    created_at,
    settled_at,
    run_at
});

impl From<ItemRow> for MailItem {
    fn from(row: ItemRow) -> Self {
        Self {
            id: row.id,
            recipient: Named::new(row.recipient_id, row.recipient_name),
            address: row.address,
            about: about(&row.about).to_owned(),
            state: row.state,
            attempts: row.attempts,
            reason: row.reason,
            created_at: row.created_at,
            settled_at: row.settled_at,
            next_at: (row.state == OutboxState::Waiting).then_some(row.run_at),
        }
    }
}

fn mails() -> List {
    let mut list = List::new(
        "o.id, o.recipient_id, u.name AS recipient_name, u.mail AS address, o.about, o.state, o.attempts,
            coalesce(o.last_error, '') AS reason, o.created_at, o.settled_at, o.run_at",
        "outbox o JOIN users u ON u.id = o.recipient_id",
    );
    list.filter("o.kind = 'mail'", Vec::new());
    list
}

/// A page of the mails, newest first.
pub async fn list_mails(tx: &mut Tx, filter: MailFilter, query: &PageQuery) -> Result<Page<MailItem>, StoreError> {
    let mut list = mails();
    if let Some(state) = filter.state() {
        list.filter("o.state = ?", vec![word(state)]);
    }
    let order = Order {
        column: "o.created_at",
        id: "o.id",
        time: true,
        direction: Direction::Down,
    };
    let page = list
        .counted_page(tx, order, query, |row: &ItemRow| (row.id.into(), Key::Time(row.created_at)))
        .await?;
    Ok(page.map(MailItem::from))
}

/// One mail, as lists show it, and the message itself.
pub async fn find_mail(tx: &mut Tx, id: MessageId) -> Result<Option<(MailItem, Message)>, StoreError> {
    let mut list = mails();
    list.filter("o.id = ?", args![id]);
    let Some(item) = list.all::<ItemRow>(tx, "").await?.pop() else {
        return Ok(None);
    };
    let message = tx
        .one(
            "SELECT id, kind, key, recipient_id, payload, attempts, run_at FROM outbox WHERE id = $1",
            args![id],
        )
        .await?;
    Ok(Some((item.into(), message)))
}

/// Sends a message once more, be it given up or sent. Says whether there was one that nobody holds.
pub async fn resend(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let touched = tx
        .exec(
            "UPDATE outbox SET state = 'waiting', attempts = 0, run_at = $2, settled_at = NULL, last_error = NULL
             WHERE id = $1 AND (lease_until IS NULL OR lease_until <= $2)",
            args![id, now],
        )
        .await?;
    Ok(touched == 1)
}

/// How many messages wait, and how many were given up.
pub async fn counts(tx: &mut Tx) -> Result<(i64, i64), StoreError> {
    tx.one(
        "SELECT (SELECT count(*) FROM outbox WHERE state = 'waiting'), (SELECT count(*) FROM outbox WHERE state = 'failed')",
        args![],
    )
    .await
}
