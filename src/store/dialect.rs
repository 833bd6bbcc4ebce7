//! What truly differs between the two databases, side by side, and the one word that lets a built statement through.

use sqlx::AssertSqlSafe;

/// A statement in both tongues.
#[derive(Clone, Copy)]
pub struct Both {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For Postgres.
    pub postgres: &'static str,
}

/// Takes up to $3 due jobs at $1 under a lease until $2, oldest first. Postgres skips rows that another copy is taking.
pub const CLAIM_JOBS: Both = Both {
    sqlite: "UPDATE jobs SET leased_until = $2, attempts = attempts + 1
        WHERE id IN (SELECT id FROM jobs WHERE failed_at IS NULL AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1) ORDER BY run_at, id LIMIT $3)
        RETURNING id, kind, key, subject_id, run_at, attempts",
    postgres: "UPDATE jobs SET leased_until = $2, attempts = attempts + 1
        WHERE id IN (SELECT id FROM jobs WHERE failed_at IS NULL AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1) ORDER BY run_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING id, kind, key, subject_id, run_at, attempts",
};

/// Marks a statement that `list` has put together from constants and numbered placeholders only; no value ever stands in its text.
pub(super) fn built(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}
