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
use crate::domain::outbox::DIGEST;
use crate::domain::setting::TenantSettings;
use crate::domain::user::AccountState;
use crate::paths;
use crate::store::outbox::Message;
use crate::store::{StoreError, Tx, notifications, outbox, settings, suppressed_addresses, users};

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
pub(super) enum Prepared {
    Mail(OutgoingMail),
    Suppressed(String),
}

/// Sends what is due; `owner` is this copy.
pub async fn send_due(app: &App, sender: &dyn MailSender, owner: Uuid) -> Result<Sent, StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let claimed = outbox::claim(&mut tx, owner, now, CLAIMED_MAX).await?;
    let mut ready = Vec::new();
    if !claimed.is_empty() {
        let context = Context::load(app, &mut tx).await?;
        for message in &claimed {
            match context.prepare(app, &mut tx, message, now).await? {
                Prepared::Mail(mail) => ready.push((message, mail)),
                Prepared::Suppressed(reason) => outbox::suppress(&mut tx, message, owner, now, &reason).await?,
            }
        }
    }
    tx.commit().await?;
    let send = async |(message, mail): (&Message, OutgoingMail)| {
        let sent = AssertUnwindSafe(sender.send(&mail)).catch_unwind().await;
        let sent = sent.unwrap_or_else(|_| Err(SendError::Later("The sender broke down.".into())));
        (message.clone(), mail.address, sent)
    };
    let results: Vec<_> = stream::iter(ready).map(send).buffer_unordered(AT_ONCE).collect().await;
    let unreachable = !results.is_empty() && results.iter().all(|(_, _, sent)| matches!(sent, Err(SendError::Unreachable(_))));
    write_down(app, owner, &results).await?;
    Ok(Sent {
        claimed: claimed.len(),
        unreachable,
    })
}

/// What came of each mail.
async fn write_down(app: &App, owner: Uuid, results: &[(Message, String, Result<(), SendError>)]) -> Result<(), StoreError> {
    if results.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    for (message, address, sent) in results {
        let Err(error) = sent else {
            outbox::complete(&mut tx, message.id, owner, now).await?;
            continue;
        };
        let reason = error.reason();
        let given_up = match error {
            SendError::Never { bad_address, .. } => {
                outbox::give_up(&mut tx, message, owner, now, reason).await?;
                if *bad_address {
                    suppressed_addresses::add(&mut tx, app.ids.id(now), address, reason, now).await?;
                }
                true
            }
            SendError::Later(_) | SendError::Unreachable(_) => outbox::fail(&mut tx, message, owner, now, reason).await?,
        };
        let attempts = message.attempts + 1;
        tracing::warn!(message = message.key, attempts, given_up, reason, "a mail was not sent");
    }
    tx.commit().await
}

/// What all mails of a round share.
pub(super) struct Context {
    settings: TenantSettings,
    key: String,
}

impl Context {
    pub(super) async fn load(app: &App, tx: &mut Tx) -> Result<Self, StoreError> {
        Ok(Self {
            settings: settings::tenant(tx).await?,
            key: links::key(app, tx).await?,
        })
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
