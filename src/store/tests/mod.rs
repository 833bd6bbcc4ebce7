//! The seam itself, on both databases: every kind of value comes back as it went in, conflicts are told by table, and a newer
//! database is refused.

mod bounded;
mod odata;
mod outbox;
mod parity;
mod requests;
mod rules;
mod size;
mod trail;

use chrono::{DateTime, Utc};
use futures::FutureExt;

use crate::args;
use crate::both_databases;
use crate::store::dialect::{SqlVariants, trusted_sql};
use crate::store::{Arg, StoreError, Tx};
use crate::testing::{TestApp, unknown};

both_databases!(
    values_come_back_as_they_went_in,
    a_taken_name_is_a_conflict,
    a_transaction_that_is_dropped_leaves_nothing,
    a_statement_that_nobody_waits_for_leaves_nothing,
    a_transaction_may_begin_by_reading_and_counts_its_own_changes,
    a_newer_database_is_refused
);

struct Stored {
    id: uuid::Uuid,
    enabled: bool,
    created_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
    version: i64,
}

crate::row!(Stored {
    id,
    enabled,
    created_at,
    deleted_at,
    version
});

const INSERT: &str =
    "INSERT INTO catalogs (id, name, name_folded, description, enabled, external, built_in, created_at, deleted_at, version)
    VALUES ($1, $2, $3, '', $4, FALSE, FALSE, $5, $6, 1)";

async fn values_come_back_as_they_went_in(bench: TestApp) {
    let (id, at): (_, DateTime<Utc>) = (unknown(), "2026-11-23T10:00:00.123456Z".parse().expect("an instant"));
    let mut tx = bench.app.store.write().await.expect("tx");
    tx.exec(INSERT, args![id, "Überall", "überall", true, at, None::<DateTime<Utc>>])
        .await
        .expect("insert");
    let row: Stored = tx
        .one(
            "SELECT id, enabled, created_at, deleted_at, version FROM catalogs WHERE id = $1 AND created_at = $2",
            args![id, at],
        )
        .await
        .expect("row");
    assert_eq!(
        (row.id, row.enabled, row.created_at, row.deleted_at, row.version),
        (id, true, at, None, 1)
    );
}

async fn a_taken_name_is_a_conflict(bench: TestApp) {
    let mut tx = bench.app.store.write().await.expect("tx");
    let insert = |name: &'static str| args![unknown(), name, name, true, bench.app.clock.now(), None::<DateTime<Utc>>];
    tx.exec(INSERT, insert("twice")).await.expect("first");
    let error = tx.exec(INSERT, insert("twice")).await.expect_err("second");
    assert!(error.is_conflict_on("catalogs"), "{error}");
    assert!(!error.is_conflict_on("packages"), "{error}");
}

async fn a_transaction_that_is_dropped_leaves_nothing(bench: TestApp) {
    let mut tx = bench.app.store.write().await.expect("tx");
    tx.exec(
        INSERT,
        args![unknown(), "gone", "gone", true, bench.app.clock.now(), None::<DateTime<Utc>>],
    )
    .await
    .expect("insert");
    drop(tx);
    let mut tx = bench.app.store.read().await.expect("tx");
    let left: i64 = tx
        .value("SELECT count(*) FROM catalogs WHERE name = 'gone'", args![])
        .await
        .expect("count");
    assert_eq!(left, 0);
}

async fn a_statement_that_nobody_waits_for_leaves_nothing(bench: TestApp) {
    let insert = |name: &'static str| args![unknown(), name, name, true, bench.app.clock.now(), None::<DateTime<Utc>>];
    // A quick server may have answered before it is asked for the first time; that transaction is dropped as well. A slow one has more to
    // take back than its queue holds.
    let mut abandoned = false;
    for _ in 0..100 {
        let mut tx = bench.app.store.write().await.expect("tx");
        abandoned |= tx.exec(INSERT, insert("left")).now_or_never().is_none();
        drop(tx);
    }
    assert!(abandoned, "each of the statements was done at once");
    let mut tx = bench.app.store.write().await.expect("the next writer");
    tx.exec(INSERT, insert("kept")).await.expect("insert");
    tx.commit().await.expect("commit");
    let mut tx = bench.app.store.read().await.expect("tx");
    let names: Vec<String> = tx
        .column("SELECT name FROM catalogs WHERE name IN ('left', 'kept')", args![])
        .await
        .expect("names");
    assert_eq!(names, ["kept"]);
}

async fn a_transaction_may_begin_by_reading_and_counts_its_own_changes(bench: TestApp) {
    let count = "SELECT count(*) FROM catalogs WHERE name LIKE 'read %'";
    let insert = |name: &'static str| args![unknown(), name, name, true, bench.app.clock.now(), None::<DateTime<Utc>>];
    for (keep, left) in [(false, 0), (true, 2)] {
        let mut tx = bench.app.store.write().await.expect("tx");
        assert_eq!(tx.value::<i64>(count, args![]).await.expect("read first"), 0);
        tx.exec(INSERT, insert("read 1")).await.expect("insert");
        tx.exec(INSERT, insert("read 2")).await.expect("insert");
        if keep {
            tx.commit().await.expect("commit");
        } else {
            drop(tx);
        }
        let mut tx = bench.app.store.read().await.expect("tx");
        assert_eq!(tx.value::<i64>(count, args![]).await.expect("count"), left);
    }
    for (sql, changed) in [
        ("UPDATE catalogs SET description = 'x' WHERE name LIKE 'read %'", 2),
        ("DELETE FROM catalogs WHERE name = 'read 1'", 1),
        ("DELETE FROM catalogs WHERE name = 'read 3'", 0),
    ] {
        let mut tx = bench.app.store.write().await.expect("tx");
        assert_eq!(tx.exec(sql, args![]).await.expect(sql), changed);
        tx.commit().await.expect("commit");
    }
}

async fn a_newer_database_is_refused(bench: TestApp) {
    let mut tx = bench.app.store.write().await.expect("tx");
    tx.exec(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES ($1, 'from the future', TRUE, CAST('x' AS TEXT), 1)"
            .replace("CAST('x' AS TEXT)", if bench.url.starts_with("sqlite") { "X'00'" } else { "'\\x00'" })
            .leak() as &'static str,
        args![9_999_i64],
    )
    .await
    .expect("insert");
    tx.commit().await.expect("commit");
    assert!(matches!(bench.app.store.migrate().await, Err(StoreError::Newer(9_999))));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_at_once() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port");
    let began = std::time::Instant::now();
    let Err(error) = crate::store::Store::connect(&format!("postgres://nobody@{free}/nothing")).await else {
        panic!("nothing listens there");
    };
    let text = error.to_string();
    assert!(text.contains("refused") && began.elapsed().as_secs() < 5, "{text}");
}

/// How a statement is carried out, a step a line. What counts is which index leads to the rows, so on Postgres, whose planner would read
/// all of a small table, reading all and sorting are the last resort.
async fn plan(tx: &mut Tx, sql: String, values: Vec<Arg>) -> String {
    const EXPLAIN: SqlVariants = SqlVariants {
        sqlite: "EXPLAIN QUERY PLAN ",
        postgres: "EXPLAIN ",
    };
    let explain = format!("{}{sql}", tx.pick(EXPLAIN));
    if tx.pick(EXPLAIN) == EXPLAIN.sqlite {
        let steps: Vec<(i64, i64, i64, String)> = tx.all(trusted_sql(explain), values).await.expect("a plan");
        return steps.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("\n");
    }
    for setting in ["enable_seqscan", "enable_sort", "enable_bitmapscan"] {
        let off = format!("SET LOCAL {setting} = off");
        tx.exec(trusted_sql(off), args![]).await.expect("a setting");
    }
    tx.column::<String>(trusted_sql(explain), values).await.expect("a plan").join("\n")
}
