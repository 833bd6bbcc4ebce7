//! The queue. Who does a job takes it out in the transaction that does the work: a worker that is killed gives its jobs back by dying, and
//! a job is gone exactly when its work is committed.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::job::{ATTEMPTS_MAX, JobKind, backoff};
use crate::{args, row};

use super::dialect::{TAKE_DELIVERIES, TAKE_JOBS};
use super::tx::{Arg, StoreError, Tx, word};

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// What is to be done.
    pub kind: JobKind,
    /// Two jobs with one key are one job.
    pub key: String,
    /// To what.
    pub subject: Option<Uuid>,
    /// Not before this instant.
    pub run_at: DateTime<Utc>,
}

/// A job in the queue.
#[derive(Clone, Debug)]
pub struct Job {
    /// The row.
    pub id: Uuid,
    /// What is to be done.
    pub kind: JobKind,
    /// Its key.
    pub key: String,
    /// To what.
    pub subject_id: Option<Uuid>,
    /// When it was due.
    pub run_at: DateTime<Utc>,
    /// Failed tries so far.
    pub attempts: i64,
}
row!(Job {
    id,
    kind: word,
    key,
    subject_id,
    run_at,
    attempts
});

/// Of a batch, so much is for deliveries before anything else; the rest is for whatever is due, oldest first.
const DELIVERIES_FIRST: i64 = 3;
const OF_SO_MANY: i64 = 4;

/// Adds a job when the transaction commits, unless one with its key waits by then.
pub fn enqueue(tx: &mut Tx, id: Uuid, now: DateTime<Utc>, job: NewJob) {
    insert(tx, args![id, word(job.kind), job.key, job.subject, job.run_at, 0_i64, now]);
}

/// Puts a job that was taken back as it was, when the transaction commits.
pub fn put_back(tx: &mut Tx, job: &Job, now: DateTime<Utc>) {
    let row = args![
        job.id,
        word(job.kind),
        job.key.as_str(),
        job.subject_id,
        job.run_at,
        job.attempts,
        now
    ];
    insert(tx, row);
}

fn insert(tx: &mut Tx, row: Vec<Arg>) {
    let head = "jobs (id, kind, key, subject_id, run_at, attempts, created_at)";
    tx.insert_on_commit(head, "ON CONFLICT (key) DO NOTHING", row);
}

/// Takes up to `most` jobs due at `now`: deliveries first, so that no bulk of other work keeps a person waiting, but not only deliveries.
pub async fn take(tx: &mut Tx, now: DateTime<Utc>, most: i64) -> Result<Vec<Job>, StoreError> {
    let first = (most * DELIVERIES_FIRST / OF_SO_MANY).max(1);
    let mut jobs: Vec<Job> = tx.all(tx.pick(TAKE_DELIVERIES), args![now, first]).await?;
    let left = most - jobs.len() as i64;
    if left > 0 {
        jobs.extend(tx.all::<Job>(tx.pick(TAKE_JOBS), args![now, left]).await?);
    }
    jobs.sort_unstable_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}

/// Drops the job with this key, be it given up or not.
pub async fn forget(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    tx.exec("DELETE FROM jobs WHERE key = $1", args![key]).await?;
    Ok(())
}

/// Takes one job; nothing if another has done it or it was given up.
pub async fn take_one(tx: &mut Tx, id: Uuid) -> Result<Option<Job>, StoreError> {
    tx.opt(
        "DELETE FROM jobs WHERE id = $1 AND failed_at IS NULL RETURNING id, kind, key, subject_id, run_at, attempts",
        args![id],
    )
    .await
}

/// Jobs due at `now`, for those who only want to look.
pub async fn due(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<Job>, StoreError> {
    tx.all(
        "SELECT id, kind, key, subject_id, run_at, attempts FROM jobs WHERE failed_at IS NULL AND run_at <= $1 ORDER BY run_at, id",
        args![now],
    )
    .await
}

/// What a job is about, for an operator to read: a package's name, and whose access it is.
pub async fn about(tx: &mut Tx, job: &Job) -> Result<Option<String>, StoreError> {
    let sql = match job.kind {
        JobKind::Deliver | JobKind::Approval | JobKind::Approvers => {
            "SELECT p.name, u.name FROM requests s JOIN packages p ON p.id = s.package_id JOIN users u ON u.id = s.target_id WHERE s.id = $1"
        }
        JobKind::End => {
            "SELECT p.name, u.name FROM assignments s JOIN packages p ON p.id = s.package_id JOIN users u ON u.id = s.target_id WHERE s.id = $1"
        }
        JobKind::AddRole => {
            "SELECT p.name, o.name FROM package_roles s JOIN packages p ON p.id = s.package_id JOIN roles r ON r.id = s.role_id
             JOIN objects o ON o.id = r.object_id WHERE s.id = $1"
        }
        JobKind::Delegation => {
            "SELECT a.name, b.name FROM delegations s JOIN users a ON a.id = s.delegator_id JOIN users b ON b.id = s.delegate_id WHERE s.id = $1"
        }
        JobKind::Import => "SELECT i.file_name, u.name FROM imports i JOIN users u ON u.id = i.owner_id WHERE i.id = $1",
        JobKind::RemoveRole | JobKind::EndPackage => {
            "SELECT p.name, c.name FROM packages p JOIN catalogs c ON c.id = p.catalog_id WHERE p.id = $1"
        }
    };
    let names: Option<(String, String)> = tx.opt(sql, args![job.subject_id]).await?;
    Ok(names.map(|(package, whose)| format!("{package}, {whose}")))
}

/// When the next job is due.
pub async fn next_due(tx: &mut Tx) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(tx
        .opt::<(DateTime<Utc>,)>("SELECT run_at FROM jobs WHERE failed_at IS NULL ORDER BY run_at LIMIT 1", args![])
        .await?
        .map(|(at,)| at))
}

/// A try failed: the job waits and is tried again, or is given up. Says whether it was given up.
pub async fn fail(tx: &mut Tx, job: &Job, now: DateTime<Utc>, error: &str) -> Result<bool, StoreError> {
    let attempts = job.attempts + 1;
    let given_up = attempts >= ATTEMPTS_MAX;
    tx.exec(
        "UPDATE jobs SET attempts = $2, run_at = $3, last_error = $4, failed_at = $5 WHERE id = $1",
        args![job.id, attempts, now + backoff(attempts), error, given_up.then_some(now)],
    )
    .await?;
    Ok(given_up)
}

/// Lets jobs that were given up begin anew at `now`. Says how many.
pub async fn revive(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    tx.exec(
        "UPDATE jobs SET failed_at = NULL, attempts = 0, run_at = $1 WHERE failed_at IS NOT NULL",
        args![now],
    )
    .await
}

/// The keys of jobs that were given up, each with its last error, oldest first.
pub async fn given_up(tx: &mut Tx, most: i64) -> Result<Vec<(String, Option<String>)>, StoreError> {
    tx.all(
        "SELECT key, last_error FROM jobs WHERE failed_at IS NOT NULL ORDER BY failed_at, id LIMIT $1",
        args![most],
    )
    .await
}
