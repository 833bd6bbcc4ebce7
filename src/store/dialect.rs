//! What truly differs between the two databases, side by side, and the one word that lets a built statement through.

use sqlx::AssertSqlSafe;

/// A statement in both dialects.
#[derive(Clone, Copy)]
pub struct SqlVariants {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For Postgres.
    pub postgres: &'static str,
}

/// Whether the table of migrations is there: 0 or 1.
pub const SCHEMA_TABLES: SqlVariants = SqlVariants {
    sqlite: "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
    postgres: "SELECT count(*) FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')",
};

/// Takes up to $2 jobs due at $1, oldest first, out of the queue. Postgres passes over those that another copy is taking; SQLite's writer
/// is alone anyway.
pub const TAKE_JOBS: SqlVariants = SqlVariants {
    sqlite: "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE failed_at IS NULL AND run_at <= $1 ORDER BY run_at, id LIMIT $2)
        RETURNING id, kind, key, subject_id, run_at, attempts",
    postgres: "WITH due AS MATERIALIZED (
            SELECT id FROM jobs WHERE failed_at IS NULL AND run_at <= $1 ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
        DELETE FROM jobs USING due WHERE jobs.id = due.id
        RETURNING jobs.id, jobs.kind, jobs.key, jobs.subject_id, jobs.run_at, jobs.attempts",
};

/// The same, of deliveries only.
pub const TAKE_DELIVERIES: SqlVariants = SqlVariants {
    sqlite: "DELETE FROM jobs WHERE id IN (
            SELECT id FROM jobs WHERE failed_at IS NULL AND kind = 'deliver' AND run_at <= $1 ORDER BY run_at, id LIMIT $2)
        RETURNING id, kind, key, subject_id, run_at, attempts",
    postgres: "WITH due AS MATERIALIZED (
            SELECT id FROM jobs WHERE failed_at IS NULL AND kind = 'deliver' AND run_at <= $1 ORDER BY run_at, id LIMIT $2
            FOR UPDATE SKIP LOCKED)
        DELETE FROM jobs USING due WHERE jobs.id = due.id
        RETURNING jobs.id, jobs.kind, jobs.key, jobs.subject_id, jobs.run_at, jobs.attempts",
};

/// Claims up to $2 messages due at $1 for $3 until $4. Postgres passes over those that another copy is claiming.
pub const CLAIM_MESSAGES: SqlVariants = SqlVariants {
    sqlite: "UPDATE outbox SET lease_owner = $3, lease_until = $4
        WHERE id IN (SELECT id FROM outbox WHERE state = 'waiting' AND run_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
            ORDER BY run_at, id LIMIT $2)
        RETURNING id, kind, key, recipient_id, payload, attempts, run_at",
    postgres: "WITH due AS MATERIALIZED (
            SELECT id FROM outbox WHERE state = 'waiting' AND run_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
            ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
        UPDATE outbox SET lease_owner = $3, lease_until = $4 FROM due WHERE outbox.id = due.id
        RETURNING outbox.id, outbox.kind, outbox.key, outbox.recipient_id, outbox.payload, outbox.attempts, outbox.run_at",
};

/// Keeps membership rules as they are while a user is changed. Any number may hold it together.
pub const LOCK_RULES: SqlVariants = SqlVariants {
    sqlite: "SELECT 1",
    postgres: "SELECT pg_advisory_xact_lock_shared(7305)",
};

/// Keeps users as they are, as far as rules can see them, while a rule is changed.
pub const LOCK_USERS: SqlVariants = SqlVariants {
    sqlite: "SELECT 1",
    postgres: "SELECT pg_advisory_xact_lock(7305)",
};

/// Keeps the lines of managers as they are while one is changed.
pub const LOCK_MANAGERS: SqlVariants = SqlVariants {
    sqlite: "SELECT 1",
    postgres: "SELECT pg_advisory_xact_lock(7306)",
};

/// After a column: compared and turned into lower case letter by letter, whatever the language of the database.
pub const BINARY_ORDER: SqlVariants = SqlVariants {
    sqlite: "",
    postgres: " COLLATE \"C\"",
};

/// Keeps what one person has as it is, as far as separation of duties is about it, while they are given something; $1 stands for the person.
pub const LOCK_PERSON: SqlVariants = SqlVariants {
    sqlite: "SELECT $1",
    postgres: "SELECT pg_advisory_xact_lock(7307, CAST($1 AS int4))",
};

/// Holds objects until the transaction ends, so that none is deleted while a package begins to give it. Any number may hold them together.
pub const LOCK_OBJECTS: SqlVariants = SqlVariants {
    sqlite: "SELECT id FROM objects WHERE id IN (?)",
    postgres: "SELECT id FROM objects WHERE id IN (?) ORDER BY id FOR SHARE",
};

/// Marks a statement that `list` has put together from constants and numbered placeholders only; no value ever stands in its text.
pub(super) fn trusted_sql(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}

/// A statement whose one `(?)` takes `count` values from $1 on; with none it finds nothing.
pub(super) fn in_list(sql: &'static str, count: usize) -> AssertSqlSafe<String> {
    let placeholders: Vec<String> = (1..=count).map(|n| format!("${n}")).collect();
    let placeholders = if placeholders.is_empty() {
        "NULL".to_owned()
    } else {
        placeholders.join(", ")
    };
    AssertSqlSafe(sql.replacen("(?)", &format!("({placeholders})"), 1))
}
