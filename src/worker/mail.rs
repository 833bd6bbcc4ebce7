//! Sends mails as they come due, beside the jobs. At rest it looks at the queue every fifteen seconds; news of a notification wakes it at
//! once.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::WorkerNotifier;
use crate::service::App;
use crate::service::outbox::{Sent, send_due};
use crate::service::ports::MailSender;
use crate::store::{Change, StoreError, outbox};

/// How long it sleeps at the most: mails of another copy's making are seen after that, if no news came.
const POLL_INTERVAL: Duration = Duration::from_secs(15);
/// How long it sleeps when the mail server cannot be used, and when the database cannot.
const RETRY_INTERVAL: Duration = Duration::from_secs(10);
/// How long it sleeps while another copy is sending what is due.
const TAKEN_INTERVAL: Duration = Duration::from_secs(1);

/// Sends until told to stop; what is on its way then is finished first.
pub async fn run(app: App, sender: Arc<dyn MailSender>, notifier: Arc<WorkerNotifier>, stop: CancellationToken) {
    let owner = app.ids.id(app.clock.now());
    let mut changes = app.store.changes();
    while !stop.is_cancelled() {
        let (wait, hears) = match round(&app, sender.as_ref(), owner).await {
            Ok(Round::Sent) => continue,
            Ok(Round::Nothing(wait)) => (wait, true),
            Ok(Round::Unreachable) => (RETRY_INTERVAL, false),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "mails could not be taken from the outbox");
                (RETRY_INTERVAL, false)
            }
        };
        let news = async {
            if !hears {
                std::future::pending::<()>().await;
            }
            while !matches!(changes.next().await, Change::Notifications(_) | Change::Everything) {}
        };
        tokio::select! {
            () = news => {}
            () = notifier.mail.notified() => {}
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => {}
        }
        while changes.waiting().is_some() {}
    }
}

/// What a look at the queue came to.
enum Round {
    /// Something was sent, or decided.
    Sent,
    /// Nothing is due for so long.
    Nothing(Duration),
    /// The mail server cannot be used.
    Unreachable,
}

/// Looks on a reader first, so that a queue with nothing due costs no write.
async fn round(app: &App, sender: &dyn MailSender, owner: Uuid) -> Result<Round, StoreError> {
    let mut tx = app.store.read().await?;
    let next = outbox::next_due(&mut tx).await?;
    drop(tx);
    let wait = next.map_or(POLL_INTERVAL, |at| (at - app.clock.now()).to_std().unwrap_or_default());
    if !wait.is_zero() {
        return Ok(Round::Nothing(wait.min(POLL_INTERVAL)));
    }
    let sent = send_due(app, sender, owner).await?;
    Ok(match sent {
        Sent { unreachable: true, .. } => Round::Unreachable,
        Sent { claimed: 0, .. } => Round::Nothing(TAKEN_INTERVAL),
        Sent { .. } => Round::Sent,
    })
}
