//! The two schemas, table by table: the same tables, columns in the same order with matching types, the same columns that may be empty,
//! the same indexes over the same columns, alike in being unique and partial.

use std::collections::BTreeMap;

use crate::testing::TestApp;

/// Columns of every table: name, type, may be empty.
type Tables = BTreeMap<String, Vec<(String, String, bool)>>;
/// Indexes by name: table, columns, unique, partial.
type Indexes = BTreeMap<String, (String, Vec<String>, bool, bool)>;

/// The type that a column of SQLite stands for in Postgres may be any of these.
fn stands_for(sqlite: &str) -> &'static [&'static str] {
    match sqlite {
        "BLOB" => &["uuid"],
        "INTEGER" => &["bigint", "boolean"],
        "TEXT" => &["text", "timestamp with time zone", "jsonb"],
        other => panic!("no column should be {other}"),
    }
}

async fn sqlite_tables(bench: &TestApp) -> Tables {
    let mut tx = bench.app.store.read().await.expect("tx");
    let rows: Vec<(String, String, String, bool)> = tx
        .all(
            "SELECT t.name, c.name, c.type, c.\"notnull\" = 0 AND c.pk = 0 FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> '_sqlx_migrations' ORDER BY t.name, c.cid",
            Vec::new(),
        )
        .await
        .expect("tables");
    gathered(rows)
}

async fn postgres_tables(bench: &TestApp) -> Tables {
    let mut tx = bench.app.store.read().await.expect("tx");
    let rows: Vec<(String, String, String, bool)> = tx
        .all(
            "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES' FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' ORDER BY table_name, ordinal_position",
            Vec::new(),
        )
        .await
        .expect("tables");
    gathered(rows)
}

fn gathered(rows: Vec<(String, String, String, bool)>) -> Tables {
    let mut tables = Tables::new();
    for (table, column, kind, empty) in rows {
        tables.entry(table).or_default().push((column, kind, empty));
    }
    tables
}

async fn sqlite_indexes(bench: &TestApp) -> Indexes {
    let mut tx = bench.app.store.read().await.expect("tx");
    let rows: Vec<(String, String, String, bool, bool)> = tx
        .all(
            "SELECT i.name, t.name, c.name, i.\"unique\" = 1, i.partial = 1
             FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
             WHERE t.type = 'table' AND i.origin = 'c' AND t.name <> '_sqlx_migrations' ORDER BY i.name, c.seqno",
            Vec::new(),
        )
        .await
        .expect("indexes");
    indexed(rows)
}

async fn postgres_indexes(bench: &TestApp) -> Indexes {
    let mut tx = bench.app.store.read().await.expect("tx");
    let rows: Vec<(String, String, String, bool, bool)> = tx
        .all(
            "SELECT c.relname::text, t.relname::text, a.attname::text, i.indisunique, i.indpred IS NOT NULL
             FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
                JOIN pg_namespace n ON n.oid = t.relnamespace
                CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
             WHERE n.nspname = 'public' AND NOT i.indisprimary AND t.relname <> '_sqlx_migrations' ORDER BY c.relname, k.place",
            Vec::new(),
        )
        .await
        .expect("indexes");
    indexed(rows)
}

fn indexed(rows: Vec<(String, String, String, bool, bool)>) -> Indexes {
    let mut indexes = Indexes::new();
    for (index, table, column, unique, partial) in rows {
        let entry = indexes.entry(index).or_insert_with(|| (table, Vec::new(), unique, partial));
        entry.1.push(column);
    }
    indexes
}

#[tokio::test]
async fn the_two_schemas_are_alike() {
    let (sqlite, postgres) = (TestApp::sqlite().await, TestApp::postgres().await);
    let (ours, theirs) = (sqlite_tables(&sqlite).await, postgres_tables(&postgres).await);
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    assert!(ours.len() > 15, "{} tables", ours.len());
    for (table, columns) in &ours {
        let others = &theirs[table];
        let names = |columns: &[(String, String, bool)]| columns.iter().map(|(name, _, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(columns), names(others), "columns of {table}");
        for ((name, kind, empty), (_, other, other_empty)) in columns.iter().zip(others) {
            assert!(stands_for(kind).contains(&other.as_str()), "{table}.{name} is {kind} and {other}");
            assert_eq!(empty, other_empty, "whether {table}.{name} may be empty");
        }
    }
    assert_eq!(sqlite_indexes(&sqlite).await, postgres_indexes(&postgres).await);
}
