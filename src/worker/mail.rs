//! Sends mails as they come due, beside the jobs. At rest it looks at the queue once a minute; news of a notification wakes it at once.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::WorkerNotifier;
use crate::service::App;
use crate::service::outbox::send_due;
use crate::service::ports::MailSender;
use crate::store::{Change, outbox};

/// How long it sleeps at the most: mails of another copy's making are seen after that, if no news came.
const POLL_INTERVAL: Duration = Duration::from_secs(60);
/// How long it sleeps when the mail server cannot be used, and when the database cannot.
const RETRY_INTERVAL: Duration = Duration::from_secs(10);
/// How long it sleeps at the least, so that what another copy is sending is not asked for again and again.
const REST: Duration = Duration::from_millis(200);

/// Sends until told to stop; what is on its way then is finished first.
pub async fn run(app: App, sender: Arc<dyn MailSender>, notifier: Arc<WorkerNotifier>, stop: CancellationToken) {
    let owner = app.ids.id(app.clock.now());
    let mut changes = app.store.changes();
    while !stop.is_cancelled() {
        let sent = send_due(&app, sender.as_ref(), owner).await;
        let (wait, hears) = match sent {
            Ok(sent) if sent.unreachable => (RETRY_INTERVAL, false),
            Ok(sent) if sent.claimed > 0 => continue,
            Ok(_) => (until_next(&app).await, true),
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

async fn until_next(app: &App) -> Duration {
    let next = async {
        let mut tx = app.store.read().await?;
        outbox::next_due(&mut tx).await
    };
    match next.await {
        Ok(Some(at)) => (at - app.clock.now()).to_std().unwrap_or_default().clamp(REST, POLL_INTERVAL),
        _ => POLL_INTERVAL,
    }
}
