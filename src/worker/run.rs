//! Runs jobs under guard: what an error, a panic or a job that does not come back leaves behind is a rolled-back transaction and a failure
//! that is written down on that job.

use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::FutureExt;
use uuid::Uuid;

use crate::service::{App, jobs as service};
use crate::store::jobs::{self, Job};
use crate::store::{StoreError, Tx};

/// How long one batch may take. A batch is bounded, so this is never reached by work that goes on.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Who runs jobs, and how long it may take.
#[async_trait]
pub(super) trait Runner: Send + Sync {
    /// Runs jobs in the transaction that took them; gives those that it put back.
    async fn run(&self, app: &App, tx: &mut Tx, jobs: &[Job], now: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError>;
    /// Returns when these jobs have taken too long.
    async fn time_is_up(&self, jobs: &[Job]);
}

/// The engine.
pub(super) struct Engine;

#[async_trait]
impl Runner for Engine {
    async fn run(&self, app: &App, tx: &mut Tx, jobs: &[Job], now: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
        service::run(app, tx, jobs, now).await
    }

    async fn time_is_up(&self, _jobs: &[Job]) {
        tokio::time::sleep(TIME_LIMIT).await;
    }
}

/// Why jobs did not come to their end. What it displays is for the log and the operator.
#[derive(Debug)]
pub(super) enum Failure {
    Store(StoreError),
    Panicked(String),
    TookTooLong,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Panicked(text) => write!(f, "panicked: {text}"),
            Self::TookTooLong => f.write_str("took too long"),
        }
    }
}

impl Failure {
    /// The same for everyone to read, without what is inside.
    fn reason(&self) -> &'static str {
        match self {
            Self::Store(StoreError::Driver(_)) => "The database could not be used.",
            Self::Store(_) => "What is stored about it does not fit together.",
            Self::Panicked(_) => "There is a fault in the program.",
            Self::TookTooLong => "It took too long.",
        }
    }
}

/// Jobs together, in the transaction that has taken them.
pub(super) async fn together(app: &App, runner: &dyn Runner, mut tx: Tx, jobs: &[Job], now: DateTime<Utc>) -> Result<Vec<Uuid>, Failure> {
    let work = async move {
        let later = runner.run(app, &mut tx, jobs, now).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(later)
    };
    tokio::select! {
        biased;
        done = AssertUnwindSafe(work).catch_unwind() => Ok(done.map_err(|panic| Failure::Panicked(message(panic.as_ref())))??),
        () = runner.time_is_up(jobs) => Err(Failure::TookTooLong),
    }
}

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// One job in a transaction of its own; its failure is written down, and only its own.
pub(super) async fn alone(app: &App, runner: &dyn Runner, job: &Job, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut tx = app.store.write().await?;
    let Some(job) = jobs::take_one(&mut tx, job.id).await? else {
        return Ok(());
    };
    let Err(failure) = together(app, runner, tx, std::slice::from_ref(&job), now).await else {
        return Ok(());
    };
    if let Err(error) = record(app, &job, &failure, now, true).await {
        tracing::error!(job = job.key, %error, "a failure could not be told on what the job was about");
        record(app, &job, &failure, now, false).await?;
    }
    Ok(())
}

/// Writes a failure down on the job and, where that gives it up, on what it was about.
async fn record(app: &App, job: &Job, failure: &Failure, now: DateTime<Utc>, on_object: bool) -> Result<(), StoreError> {
    let mut tx = app.store.write().await?;
    let given_up = jobs::fail(&mut tx, job, now, &failure.to_string()).await?;
    if given_up && on_object {
        service::give_up(app, &mut tx, job, failure.reason(), now).await?;
    }
    tracing::error!(job = job.key, attempts = job.attempts + 1, given_up, %failure, "a job failed");
    tx.commit().await
}
