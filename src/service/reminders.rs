//! What people are told because a day has come: that their access ends in 14 days and in one (F165), and once a day what waits for an
//! approver's decision. Each run goes on where the last one stopped, so what came due while no copy was up is told once.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Timelike, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::domain::id::PolicyVersionId;
use crate::domain::notification::NotificationKind;
use crate::domain::outbox::{DIGEST, OutboxKind};
use crate::domain::setting::ApproverMails;
use crate::store::assignments::{self, Assignment};
use crate::store::outbox::{self, NewMessage};
use crate::store::{StoreError, Tx, accounts, notifications, policies, settings};

use super::App;
use super::notifications::{Notice, tell, waiting_for};

/// Days before the end on which people are reminded, the longest first.
const DAYS: [i64; 2] = [14, 1];
/// People who are reminded in one transaction.
const CHUNK_SIZE: i64 = 200;
/// The setting that holds the day of the last daily mail.
const DIGEST_SENT: &str = "digest_sent";

/// Reminds everybody whose access ends soon.
pub(super) async fn of_ends(app: &App) -> Result<(), StoreError> {
    for (position, days) in DAYS.into_iter().enumerate() {
        // Who would be reminded again at once is reminded then.
        let later = DAYS.get(position + 1).copied().unwrap_or(0);
        while remind(app, days, later).await? {}
    }
    Ok(())
}

/// Reminds some of those whose access ends in so many days, and not within `later`. Says whether there may be more.
async fn remind(app: &App, days: i64, later: i64) -> Result<bool, StoreError> {
    let now = app.clock.now();
    let key = format!("reminded.{days}");
    let end = (now + Duration::days(days), Uuid::max());
    let mut tx = app.store.write().await?;
    let Some(from) = settings::mark(&mut tx, &key).await? else {
        // What ended sooner when the product was first started had no such day before it.
        settings::keep_mark(&mut tx, &key, end).await?;
        tx.commit().await?;
        return Ok(false);
    };
    let from = from.max((now + Duration::days(later), Uuid::max()));
    if from >= end {
        return Ok(false);
    }
    let ending = assignments::ending(&mut tx, from, end.0, CHUNK_SIZE).await?;
    let mut terms = HashMap::new();
    for assignment in &ending {
        let extension = extension(&mut tx, &mut terms, assignment.policy_version_id).await?;
        remind_one(app, &mut tx, assignment, days, extension, now);
    }
    let more = ending.len() as i64 == CHUNK_SIZE;
    let last = ending.last().and_then(|last| Some((last.ends_at?, last.id.0)));
    settings::keep_mark(&mut tx, &key, last.filter(|_| more).unwrap_or(end)).await?;
    tx.commit().await?;
    Ok(more)
}

/// Whether the policy under which access was given lets people ask for more time.
async fn extension(tx: &mut Tx, known: &mut HashMap<PolicyVersionId, bool>, id: PolicyVersionId) -> Result<bool, StoreError> {
    if let Some(allowed) = known.get(&id) {
        return Ok(*allowed);
    }
    let version = policies::version(tx, id).await?;
    let allowed = version.is_some_and(|(_, terms)| terms.lifecycle.extension_allowed && terms.requestor.self_update);
    known.insert(id, allowed);
    Ok(allowed)
}

fn remind_one(app: &App, tx: &mut Tx, assignment: &Assignment, days: i64, extension: bool, now: DateTime<Utc>) {
    let Some(end) = assignment.ends_at else { return };
    // An end that was moved is another event.
    let notice = Notice::about_assignment(NotificationKind::AccessEnding, assignment.package_id, assignment.id)
        .occasion(format!("{days} {}", end.timestamp_micros()))
        .fact("ends_at", json!(end))
        .fact("extension", extension);
    tell(app, tx, &notice, &[assignment.target_id], now);
}

/// Sends the daily mail to every approver for whom something waits, once its hour has come, where the tenant wants it.
pub(super) async fn digest(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let day = now.format("%Y-%m-%d").to_string();
    let mut tx = app.store.read().await?;
    let set = settings::tenant(&mut tx).await?;
    let due = set.approver_mails == ApproverMails::Digest && i64::from(now.hour()) >= set.digest_hour;
    if !due || accounts::setting(&mut tx, DIGEST_SENT).await?.as_ref() == Some(&day) {
        return Ok(());
    }
    drop(tx);
    let mut tx = app.store.write().await?;
    for user in notifications::asked(&mut tx).await? {
        if waiting_for(&mut tx, user).await?.is_empty() {
            continue;
        }
        let message = NewMessage {
            kind: OutboxKind::Mail,
            key: format!("mail {user} {DIGEST} {day}"),
            recipient: Some(user),
            about: DIGEST,
            payload: json!({ DIGEST: day }),
            run_at: now,
        };
        outbox::enqueue(&mut tx, app.ids.id(now), now, message);
    }
    accounts::keep_setting(&mut tx, DIGEST_SENT, &day).await?;
    tx.commit().await?;
    app.wake.wake_mail();
    Ok(())
}
