//! Sending what waits in the outbox: claimed by a lease, sent without a transaction, written down together. A mail may arrive twice when a
//! sender dies between sending and writing; it has the same id then. What a mail says is made here, with names as they are now, and so is
//! the decision that it is not sent at all.

use std::panic::AssertUnwindSafe;

use chrono::{DateTime, Utc};
use futures::{FutureExt, StreamExt, stream};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::id::UserId;
use crate::domain::mail::{self, Mail};
use crate::domain::notification::NotificationKind;
use crate::domain::outbox::{DIGEST, SIGN_IN_LINK};
use crate::domain::setting::TenantSettings;
use crate::domain::user::AccountState;
use crate::paths;
use crate::store::outbox::Message;
use crate::store::{StoreError, Tx, notifications, outbox, settings, sign_in_links, suppressed_addresses, users};

use super::notifications::{mail_facts, waiting_for};
use super::ports::{MailSender, OutgoingMail, SendError};
use super::{App, links};

/// Mails that one claim takes at the most: few enough to be sent within the lease, by a server that takes its time.
const CLAIMED_MAX: i64 = 32;
/// Mails on their way at the same time.
const AT_ONCE: usize = 4;

/// What one round of sending came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Mails that were claimed.
    pub claimed: usize,
    /// The mail server could not be used for any of them.
    pub unreachable: bool,
}

/// Why a mail is not sent, or what is.
enum Prepared {
    Mail(OutgoingMail),
    Suppressed(String),
}

/// What came of a message.
enum Outcome {
    Sent,
    Suppressed(String),
    Failed { address: String, error: SendError },
}

/// Sends what is due; `owner` is this copy.
pub async fn send_due(app: &App, sender: &dyn MailSender, owner: Uuid) -> Result<Sent, StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let claimed = outbox::claim(&mut tx, owner, now, CLAIMED_MAX).await?;
    if claimed.is_empty() {
        return Ok(Sent::default());
    }
    let key = links::key(app, &mut tx).await?;
    tx.commit().await?;
    let mut tx = app.store.read().await?;
    let context = Context::new(&mut tx, key).await?;
    let (mut ready, mut outcomes) = (Vec::new(), Vec::new());
    let number = claimed.len();
    for message in claimed {
        match context.prepare(app, &mut tx, &message, now).await? {
            Prepared::Mail(mail) => ready.push(send_one(sender, message, mail)),
            Prepared::Suppressed(reason) => outcomes.push((message, Outcome::Suppressed(reason))),
        }
    }
    drop(tx);
    let tried = ready.len();
    let sent: Vec<(Message, Outcome)> = stream::iter(ready).buffer_unordered(AT_ONCE).collect().await;
    let unusable = |outcome: &Outcome| {
        let Outcome::Failed { error, .. } = outcome else { return false };
        matches!(error, SendError::Unreachable(_))
    };
    let unreachable = tried > 0 && sent.iter().all(|(_, outcome)| unusable(outcome));
    outcomes.extend(sent);
    write_down(app, owner, &outcomes).await?;
    Ok(Sent {
        claimed: number,
        unreachable,
    })
}

async fn send_one(sender: &dyn MailSender, message: Message, mail: OutgoingMail) -> (Message, Outcome) {
    let sent = AssertUnwindSafe(sender.send(&mail)).catch_unwind().await;
    let sent = sent.unwrap_or_else(|_| Err(SendError::Later("The sender broke down.".into())));
    let failed = |error| Outcome::Failed {
        address: mail.address,
        error,
    };
    (message, sent.map_or_else(failed, |()| Outcome::Sent))
}

/// What came of each message.
async fn write_down(app: &App, owner: Uuid, outcomes: &[(Message, Outcome)]) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    for (message, outcome) in outcomes {
        match outcome {
            Outcome::Sent => {
                outbox::complete(&mut tx, message.id, owner, now).await?;
            }
            Outcome::Suppressed(reason) => outbox::suppress(&mut tx, message, owner, now, reason).await?,
            Outcome::Failed { address, error } => write_failure(app, &mut tx, owner, message, (address, error), now).await?,
        }
    }
    tx.commit().await
}

async fn write_failure(
    app: &App,
    tx: &mut Tx,
    owner: Uuid,
    message: &Message,
    (address, error): (&str, &SendError),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let reason = error.reason();
    let given_up = match error {
        SendError::Never { bad_address, .. } => {
            outbox::give_up(tx, message, owner, now, reason).await?;
            if *bad_address {
                suppressed_addresses::add(tx, app.ids.id(now), address, reason, now).await?;
            }
            true
        }
        SendError::Later(_) | SendError::Unreachable(_) => outbox::fail(tx, message, owner, now, reason).await?,
    };
    let attempts = message.attempts + 1;
    tracing::warn!(message = message.key, attempts, given_up, reason, "a mail was not sent");
    Ok(())
}

/// What all mails of a round share.
pub(super) struct Context {
    settings: TenantSettings,
    key: String,
}

impl Context {
    /// With the key that signs links.
    pub(super) async fn new(tx: &mut Tx, key: String) -> Result<Self, StoreError> {
        let settings = settings::tenant(tx).await?;
        Ok(Self { settings, key })
    }

    /// Decides whether a message is sent, and what it says.
    async fn prepare(&self, app: &App, tx: &mut Tx, message: &Message, now: DateTime<Utc>) -> Result<Prepared, StoreError> {
        let suppressed = |reason: &str| Ok(Prepared::Suppressed(reason.to_owned()));
        let account = match message.recipient_id {
            Some(user) => users::recipient(tx, user).await?,
            None => None,
        };
        let Some(account) = account else {
            return suppressed("It names nobody to send it to.");
        };
        match account.state {
            AccountState::Active => {}
            AccountState::Blocked => return suppressed("Sign-in of this person is blocked."),
            AccountState::Deleted => return suppressed("The account was deleted."),
        }
        if account.mail.trim().is_empty() {
            return suppressed("This person has no mail address.");
        }
        if let Some(reason) = suppressed_addresses::reason(tx, &account.mail).await? {
            return suppressed(&format!("A mail server has refused this address before: {reason}"));
        }
        let kind = kind(&message.payload);
        let off = match kind {
            Some(kind) => self.settings.no_mail(kind),
            None if self.settings.mail => None,
            None => Some("Mails are switched off in Settings."),
        };
        if let Some(reason) = off {
            return suppressed(reason);
        }
        let Some(mail) = self.content(app, tx, &message.payload, account.id, &account.name).await? else {
            return suppressed("What it would tell is over.");
        };
        Ok(Prepared::Mail(OutgoingMail {
            id: message.id,
            name: account.name,
            address: account.mail.trim().to_owned(),
            mail,
            at: now,
        }))
    }

    /// What a message says to somebody; nothing where that is over.
    pub(super) async fn content(
        &self,
        app: &App,
        tx: &mut Tx,
        payload: &Value,
        user: UserId,
        name: &str,
    ) -> Result<Option<Mail>, StoreError> {
        let url = &app.site.public_url;
        if payload.get(DIGEST).is_some() {
            let waiting = waiting_for(tx, user).await?;
            let link = format!("{url}{}", paths::MY_APPROVALS);
            return Ok((!waiting.is_empty()).then(|| mail::digest(name, &app.site.tenant, &waiting, &link)));
        }
        if let Some(link) = payload.get(SIGN_IN_LINK).and_then(Value::as_str).and_then(|id| id.parse().ok()) {
            let found = sign_in_links::find(tx, link).await?.filter(|found| found.serves(app.clock.now()));
            let to = format!("{url}{}", links::sign_in_path(&self.key, link));
            return Ok(found.map(|found| mail::sign_in_link(name, &app.site.tenant, &found.user_name, found.expires_at, &to)));
        }
        let Some(event) = payload.get("event").and_then(Value::as_str) else {
            return Ok(None);
        };
        let Some(told) = notifications::of_event(tx, user, event).await? else {
            return Ok(None);
        };
        let path = match told.request_id {
            Some(request) if told.kind.asks_to_decide() => links::path(&self.key, request, user),
            _ => super::notifications::href(&told),
        };
        let mut facts = mail_facts(tx, &told).await?;
        facts.recipient = name.to_owned();
        facts.tenant.clone_from(&app.site.tenant);
        facts.link = format!("{url}{path}");
        Ok(Some(mail::mail(told.kind, &facts)))
    }
}

/// What kind of notification a message is about; `None` for the daily mail.
fn kind(payload: &Value) -> Option<NotificationKind> {
    payload.get("kind").and_then(Value::as_str).and_then(|word| word.parse().ok())
}
