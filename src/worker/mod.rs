//! The worker: takes due jobs and runs them, many in one transaction while all goes well, one by one when something does not. A job that
//! fails, panics or does not come back harms itself alone. Knows when, not what: what a job does is the engine's.

mod check;
pub mod mail;
mod run;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::domain::text::StringEnum;
use crate::service::ports::{Clock, Wake};
use crate::service::{App, audit, schedules};
use crate::store::jobs::{self, Job};
use crate::store::{StoreError, Tx};

pub use check::{Report, check};
use run::{Engine, Runner};

/// Jobs in one transaction at the most; so many share one write to disk.
const BATCH: i64 = 64;
/// How long the worker sleeps while another copy holds what is due.
const TAKEN_INTERVAL: Duration = Duration::from_millis(100);
/// How long the worker sleeps at the most: another copy's jobs are seen after that.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How services wake the worker.
#[derive(Default)]
pub struct WorkerNotifier {
    work: Notify,
    mail: Notify,
}

impl Wake for WorkerNotifier {
    fn wake(&self) {
        self.work.notify_one();
    }

    fn wake_mail(&self) {
        self.mail.notify_one();
    }
}

/// Runs jobs and schedules as they fall due until told to stop; what is running then is finished first.
pub async fn run(app: App, notifier: Arc<WorkerNotifier>, stop: CancellationToken) {
    let owner = app.ids.id(app.clock.now());
    let mut looked_at = None;
    while !stop.is_cancelled() {
        if let Err(error) = audit::seal(&app).await {
            tracing::error!(error = &error as &dyn std::error::Error, "the audit trail could not be sealed");
        }
        look_at_schedules(&app, owner, &mut looked_at).await;
        let wait = match drain(&app).await {
            Ok(done) => {
                if done > 0 {
                    continue;
                }
                until_next(&app).await
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the worker could not reach its queue");
                POLL_INTERVAL
            }
        };
        tokio::select! {
            () = notifier.work.notified() => {}
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Runs due schedules, unless it was seen a moment ago that none is. They are no jobs: a rehearsed instant (`tick --at`) must sign nobody out
/// and lose nothing.
async fn look_at_schedules(app: &App, owner: Uuid, looked_at: &mut Option<DateTime<Utc>>) {
    let now = app.clock.now();
    if looked_at.is_some_and(|at| at <= now && now < at + POLL_INTERVAL) {
        return;
    }
    *looked_at = Some(now);
    if let Err(error) = schedules::run_due(app, owner).await {
        tracing::error!(error = &error as &dyn std::error::Error, "schedules could not be run");
    }
}

async fn until_next(app: &App) -> Duration {
    let next = async {
        let mut tx = app.store.read().await?;
        jobs::next_due(&mut tx).await
    };
    match next.await {
        // One that is due and was not taken is in another copy's hands.
        Ok(Some(at)) => (at - app.clock.now()).to_std().unwrap_or(TAKEN_INTERVAL).min(POLL_INTERVAL),
        _ => POLL_INTERVAL,
    }
}

/// Runs one batch of due jobs. Gives how many were taken up.
pub async fn drain(app: &App) -> Result<usize, StoreError> {
    Ok(batch(app, &Engine).await?.len())
}

/// Runs one batch of due jobs, reading the clock once. Gives those that were taken up.
async fn batch(app: &App, runner: &dyn Runner) -> Result<Vec<Job>, StoreError> {
    let app = &at(app, app.clock.now());
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let mut batch = jobs::take(&mut tx, now, BATCH).await?;
    if batch.is_empty() {
        return Ok(batch);
    }
    match run::together(app, runner, tx, &batch, now).await {
        Ok(later) => batch.retain(|job| !later.contains(&job.id)),
        Err(failure) => {
            tracing::debug!(%failure, "a batch failed; its jobs run one by one");
            for job in &batch {
                run::alone(app, runner, job, now).await?;
            }
        }
    }
    Ok(batch)
}

/// A clock that stands at one instant.
struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The application as if it were that instant, however long it takes.
fn at(app: &App, at: DateTime<Utc>) -> App {
    App {
        clock: Arc::new(At(at)),
        ..app.clone()
    }
}

/// Takes up again what was given up after too many failures. Says how many jobs.
pub async fn retry(app: &App) -> Result<u64, StoreError> {
    let mut tx = app.store.write().await?;
    let revived = jobs::revive(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    Ok(revived)
}

/// Carries out all that is due by `at`, as if it were that instant. Gives a line for each job. A dry run only tells.
pub async fn tick(app: &App, instant: DateTime<Utc>, dry_run: bool) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    if dry_run {
        let mut tx = app.store.read().await?;
        for job in jobs::due(&mut tx, instant).await? {
            lines.push(line(&mut tx, &job).await?);
        }
        return Ok(lines);
    }
    let then = at(app, instant);
    loop {
        let done = batch(&then, &Engine).await?;
        if done.is_empty() {
            return Ok(lines);
        }
        let mut tx = then.store.read().await?;
        for job in &done {
            lines.push(line(&mut tx, job).await?);
        }
    }
}

/// A job in words: when it was due, what it does, with what and for whom.
async fn line(tx: &mut Tx, job: &Job) -> Result<String, StoreError> {
    let due = job.run_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let about = jobs::about(tx, job).await?.unwrap_or_default();
    Ok(format!("{due} {} {about}", job.kind.as_str()))
}
