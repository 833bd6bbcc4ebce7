//! The worker: takes due jobs and runs them, many in one transaction while all goes well, one by one when something does not. Knows
//! when, not what: what a job does is the engine's.

mod check;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::domain::text::StringEnum;
use crate::service::ports::{Clock, Wake};
use crate::service::{App, engine, users};
use crate::store::jobs::{self, Job};
use crate::store::{StoreError, Tx, sessions};

pub use check::{Report, check};

/// Jobs in one transaction at the most; so many share one write to disk.
const BATCH: i64 = 64;
/// How long the worker sleeps at the most: another copy's jobs are seen after that.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// The worker's door: services knock, the worker wakes; whoever watches for finished work is told too.
#[derive(Default)]
pub struct WorkerNotifier {
    work: Notify,
    done: Arc<Notify>,
}

impl WorkerNotifier {
    /// Rung for all who wait whenever jobs have been done.
    pub fn done(&self) -> Arc<Notify> {
        self.done.clone()
    }
}

impl Wake for WorkerNotifier {
    fn wake(&self) {
        self.work.notify_one();
    }
}

/// Runs jobs as they fall due until told to stop; what is running then is finished first.
pub async fn run(app: App, bell: Arc<WorkerNotifier>, stop: CancellationToken) {
    let mut cleaned = None;
    while !stop.is_cancelled() {
        if let Err(error) = clean_up(&app, &mut cleaned).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "sessions and deleted accounts could not be cleaned up"
            );
        }
        let wait = match drain(&app).await {
            Ok(done) => {
                if done > 0 {
                    bell.done.notify_waiters();
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
            () = bell.work.notified() => {}
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Throws away sessions that are over and what is left of accounts that can no longer be restored, once an hour. Not a job: a rehearsed
/// instant (`tick --at`) must sign nobody out and lose nothing.
async fn clean_up(app: &App, cleaned: &mut Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let now = app.clock.now();
    if cleaned.is_some_and(|at| now < at + chrono::Duration::hours(1)) {
        return Ok(());
    }
    let mut tx = app.store.write().await?;
    sessions::clean_up(&mut tx, now).await?;
    tx.commit().await?;
    while users::erase_deleted(app).await? > 0 {}
    *cleaned = Some(now);
    Ok(())
}

async fn until_next(app: &App) -> Duration {
    let next = async {
        let mut tx = app.store.read().await?;
        jobs::next_due(&mut tx).await
    };
    match next.await {
        Ok(Some(at)) => (at - app.clock.now()).to_std().unwrap_or_default().min(POLL_INTERVAL),
        _ => POLL_INTERVAL,
    }
}

/// Runs one batch of due jobs. Gives how many were taken up.
pub async fn drain(app: &App) -> Result<usize, StoreError> {
    let mut tx = app.store.write().await?;
    let batch = jobs::take(&mut tx, app.clock.now(), BATCH).await?;
    if batch.is_empty() {
        return Ok(0);
    }
    if let Err(error) = carry_out(app, tx, &batch).await {
        tracing::debug!(error = &error as &dyn std::error::Error, "a batch failed; its jobs run one by one");
        for job in &batch {
            alone(app, job).await?;
        }
    }
    Ok(batch.len())
}

/// Jobs, in the transaction that has taken them.
async fn carry_out(app: &App, mut tx: Tx, jobs: &[Job]) -> Result<(), StoreError> {
    engine::run(app, &mut tx, jobs).await?;
    tx.commit().await
}

/// One job in a transaction of its own; its failure is booked, and only its own.
async fn alone(app: &App, job: &Job) -> Result<(), StoreError> {
    let mut tx = app.store.write().await?;
    let Some(job) = jobs::take_one(&mut tx, job.id).await? else {
        return Ok(());
    };
    let Err(error) = carry_out(app, tx, std::slice::from_ref(&job)).await else {
        return Ok(());
    };
    let mut tx = app.store.write().await?;
    let given_up = jobs::fail(&mut tx, &job, app.clock.now(), &error.to_string()).await?;
    tracing::error!(
        job = job.key,
        attempts = job.attempts + 1,
        given_up,
        error = &error as &dyn std::error::Error,
        "a job failed"
    );
    tx.commit().await
}

/// A clock that stands at one instant: the time that `tick --at` rehearses.
struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
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
pub async fn tick(app: &App, at: DateTime<Utc>, dry_run: bool) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    if dry_run {
        let mut tx = app.store.read().await?;
        for job in jobs::due(&mut tx, at).await? {
            lines.push(line(&mut tx, &job).await?);
        }
        return Ok(lines);
    }
    let then = App {
        clock: Arc::new(At(at)),
        ..app.clone()
    };
    loop {
        let mut tx = then.store.read().await?;
        let due = jobs::due(&mut tx, at).await?;
        for job in due.iter().take(usize::try_from(BATCH).unwrap_or(usize::MAX)) {
            lines.push(line(&mut tx, job).await?);
        }
        drop(tx);
        if due.is_empty() || drain(&then).await? == 0 {
            return Ok(lines);
        }
    }
}

/// A job in words: when it was due, what it does, with what and for whom.
async fn line(tx: &mut Tx, job: &Job) -> Result<String, StoreError> {
    let due = job.run_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let about = jobs::about(tx, job).await?.unwrap_or_default();
    Ok(format!("{due} {} {about}", job.kind.as_str()))
}
