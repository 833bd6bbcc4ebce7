//! The seam between one SQL text and two native drivers. Only this file knows which database it is; all other store code is plain
//! Rust on `&mut Tx`. Arguments travel as `Arg`, which both drivers can bind.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{Arguments, Connection as _, FromRow, PgConnection, Postgres, SqlSafeStr, SqlStr, Sqlite, SqliteConnection};
use thiserror::Error;
use uuid::Uuid;

use super::batch::{self, Insert};
use super::dialect::{SqlVariants, trusted_sql};
use super::migrations;
use super::sqlite_pool::{PooledConnection, SqlitePool};

/// What can go wrong in the store. "Not found" is not among it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A unique index refused; its name (SQLite: the columns) says which.
    #[error("conflict with {0}")]
    Conflict(String),
    /// A row that this version cannot read, or that rules say cannot be.
    #[error("inconsistent data: {0}")]
    Inconsistent(String),
    /// The database failed.
    #[error("database: {0}")]
    Driver(#[source] sqlx::Error),
    /// The database was written by a newer version.
    #[error("the database has migration {0}, which this version does not know: it was upgraded by a newer Woodgate")]
    Newer(i64),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(db) if db.is_unique_violation() => {
                Self::Conflict(db.constraint().map_or_else(|| db.message().to_owned(), str::to_owned))
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) => Self::Inconsistent(error.to_string()),
            _ => Self::Driver(error),
        }
    }
}

impl StoreError {
    /// Whether a unique index over this table refused. Both databases name the table in what they say.
    pub fn is_conflict_on(&self, table: &str) -> bool {
        matches!(self, Self::Conflict(what) if what.contains(table))
    }
}

/// One bound value.
#[derive(Clone, Debug)]
pub enum Arg {
    /// An id.
    Uuid(Option<Uuid>),
    /// Text.
    Text(Option<String>),
    /// A whole number.
    Int(Option<i64>),
    /// A flag.
    Bool(Option<bool>),
    /// An instant.
    Time(Option<DateTime<Utc>>),
    /// A document, stored whole.
    Json(serde_json::Value),
}

macro_rules! arg_from {
    ($($type:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$type> for Arg {
            fn from(value: $type) -> Self {
                Self::$variant(Some(value.into()))
            }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(Into::into))
            }
        }
    )+};
}
use crate::domain::id::{
    AssignmentId, CatalogId, DraftId, ObjectId, PackageId, PackageRoleId, PolicyId, PolicyVersionId, RequestId, RoleId, UserId,
};
arg_from! {
    Uuid => Uuid, UserId => Uuid, ObjectId => Uuid, RoleId => Uuid, CatalogId => Uuid, PackageId => Uuid, PackageRoleId => Uuid,
    PolicyId => Uuid, PolicyVersionId => Uuid, RequestId => Uuid, AssignmentId => Uuid, DraftId => Uuid,
    String => Text, &str => Text, i64 => Int, bool => Bool, DateTime<Utc> => Time,
}
impl From<serde_json::Value> for Arg {
    fn from(value: serde_json::Value) -> Self {
        Self::Json(value)
    }
}
/// A domain enum is kept as its word.
pub fn word<W: crate::domain::text::StringEnum>(value: W) -> Arg {
    Arg::Text(Some(value.as_str().to_owned()))
}

/// Makes the `Vec<Arg>` of a statement, in the order of its placeholders.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Arg::from($value)),*] };
}

macro_rules! bind {
    ($name:ident, $arguments:ty) => {
        fn $name(args: Vec<Arg>) -> Result<$arguments, sqlx::Error> {
            let mut bound = <$arguments>::default();
            for arg in args {
                match arg {
                    Arg::Uuid(v) => bound.add(v),
                    Arg::Text(v) => bound.add(v),
                    Arg::Int(v) => bound.add(v),
                    Arg::Bool(v) => bound.add(v),
                    Arg::Time(v) => bound.add(v),
                    Arg::Json(v) => bound.add(sqlx::types::Json(v)),
                }
                .map_err(sqlx::Error::Encode)?;
            }
            Ok(bound)
        }
    };
}
bind!(sqlite_args, SqliteArguments);
bind!(pg_args, PgArguments);

/// A row that both drivers can read; every struct with `row!` is one.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// Rows that SQLite's thread may read before they are asked for: a whole page, so that it hands a page over without a pause.
const ROWS_AHEAD: usize = 256;

/// The database. Cheap to clone.
#[derive(Clone)]
pub enum Store {
    /// An embedded file: one connection that writes, several that read.
    Sqlite {
        /// Readers.
        read: SqlitePool,
        /// The one writer.
        write: SqlitePool,
    },
    /// A server that several copies may share.
    Postgres(PgPool),
}

impl Store {
    /// Opens the database at `sqlite://PATH` (made if missing) or `postgres://...`, without changing it.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(url)?;
            // The pool would try again and again, and then tell of its own patience instead of the server that does not answer.
            PgConnection::connect_with(&options).await?.close().await?;
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options)
                .await?;
            return Ok(Self::Postgres(pool));
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", "-16384")
            .row_buffer_size(ROWS_AHEAD)
            .statement_cache_capacity(256);
        let write = SqlitePool::open(options.clone(), 1).await?;
        let readers = std::thread::available_parallelism().map_or(4, |n| n.get() + 2);
        let read = SqlitePool::open(options.pragma("query_only", "ON"), readers).await?;
        Ok(Self::Sqlite { read, write })
    }

    /// Brings the schema up to date. Refuses a database that a newer version has changed.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let done = match self {
            Self::Sqlite { write, .. } => migrations::SQLITE.run(write.acquire().await?.connection()).await,
            Self::Postgres(pool) => migrations::POSTGRES.run(pool).await,
        };
        done.map_err(|error| match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => StoreError::Newer(version),
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => StoreError::Inconsistent(other.to_string()),
        })
    }

    /// Whether the schema is the one that this version knows, neither older nor newer.
    pub async fn is_current(&self) -> Result<bool, StoreError> {
        let known = match self {
            Self::Sqlite { .. } => &migrations::SQLITE,
            Self::Postgres(_) => &migrations::POSTGRES,
        };
        let newest = known.iter().map(|migration| migration.version).max();
        let done: Option<i64> = self
            .read()
            .await?
            .value("SELECT max(version) FROM _sqlx_migrations WHERE success = TRUE", Vec::new())
            .await?;
        Ok(done == newest)
    }

    /// A connection to read on; each statement sees what is committed when it runs.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(Tx::new(match self {
            Self::Sqlite { read, .. } => Inner::Sqlite(read.acquire().await?),
            Self::Postgres(pool) => Inner::PostgresRead(pool.acquire().await?),
        }))
    }

    /// A transaction; nothing of it lasts unless `commit` is reached.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(Tx::new(match self {
            Self::Sqlite { write, .. } => {
                let mut pooled = write.acquire().await?;
                pooled.begin();
                Inner::Sqlite(pooled)
            }
            Self::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        }))
    }

    /// Lets running statements finish and closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

enum Inner {
    Sqlite(PooledConnection),
    PostgresRead(sqlx::pool::PoolConnection<Postgres>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

enum Connection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// A connection or transaction of either database.
pub struct Tx {
    inner: Inner,
    /// What waits for the end of the transaction.
    later: Vec<Insert>,
}

impl Tx {
    fn new(inner: Inner) -> Self {
        Self { inner, later: Vec::new() }
    }

    /// Inserts a row when the transaction commits, together with all others for `head` (`table (columns)`), with `tail` behind them: for
    /// what nothing reads before.
    pub fn insert_on_commit(&mut self, head: &'static str, tail: &'static str, row: Vec<Arg>) {
        match self.later.iter_mut().find(|later| later.head == head) {
            Some(later) => later.values.extend(row),
            None => self.later.push(Insert {
                head,
                tail,
                columns: row.len(),
                values: row,
            }),
        }
    }

    /// The connection, and a query as it is to be sent there: the first of a transaction on SQLite begins it.
    fn ask(&mut self, sql: impl SqlSafeStr) -> (Connection<'_>, SqlStr) {
        let mut sql = sql.into_sql_str();
        if let Inner::Sqlite(pooled) = &mut self.inner {
            sql = pooled.with_begin(sql);
        }
        (self.connection(), sql)
    }

    fn connection(&mut self) -> Connection<'_> {
        match &mut self.inner {
            Inner::Sqlite(pooled) => Connection::Sqlite(pooled.connection()),
            Inner::PostgresRead(c) => Connection::Postgres(c),
            Inner::Postgres(t) => Connection::Postgres(t),
        }
    }

    /// The statement in this database's tongue.
    pub fn pick(&self, both: SqlVariants) -> &'static str {
        match self.inner {
            Inner::Sqlite(_) => both.sqlite,
            Inner::PostgresRead(_) | Inner::Postgres(_) => both.postgres,
        }
    }

    /// A query that on Postgres holds what it finds until the transaction ends, by a clause such as `FOR UPDATE`; SQLite's writer is alone
    /// anyway.
    pub fn for_update(&self, sql: impl SqlSafeStr, lock: &'static str) -> SqlStr {
        let sql = sql.into_sql_str();
        match self.inner {
            Inner::Sqlite(_) => sql,
            Inner::PostgresRead(_) | Inner::Postgres(_) => trusted_sql(format!("{} {lock}", sql.as_str())).into_sql_str(),
        }
    }

    /// Every row.
    pub async fn all<T: Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Vec<T>, StoreError> {
        let done = match self.ask(sql) {
            (Connection::Sqlite(c), sql) => sqlx::query_as_with::<Sqlite, T, _>(sql, sqlite_args(args)?).fetch_all(c).await,
            (Connection::Postgres(c), sql) => sqlx::query_as_with::<Postgres, T, _>(sql, pg_args(args)?).fetch_all(c).await,
        };
        self.noted(done)
    }

    /// The only row, if there is one.
    pub async fn opt<T: Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Option<T>, StoreError> {
        let done = match self.ask(sql) {
            (Connection::Sqlite(c), sql) => sqlx::query_as_with::<Sqlite, T, _>(sql, sqlite_args(args)?).fetch_optional(c).await,
            (Connection::Postgres(c), sql) => sqlx::query_as_with::<Postgres, T, _>(sql, pg_args(args)?).fetch_optional(c).await,
        };
        self.noted(done)
    }

    /// The only row, which must be there.
    pub async fn one<T: Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<T, StoreError> {
        self.opt(sql, args)
            .await?
            .ok_or_else(|| StoreError::Inconsistent("a row that must be there is missing".into()))
    }

    /// The first column of every row.
    pub async fn column<T>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Vec<T>, StoreError>
    where
        (T,): Row,
    {
        Ok(self.all::<(T,)>(sql, args).await?.into_iter().map(|(value,)| value).collect())
    }

    /// The first column of the only row, such as a count.
    pub async fn value<T>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<T, StoreError>
    where
        (T,): Row,
    {
        Ok(self.one::<(T,)>(sql, args).await?.0)
    }

    /// Runs a statement; gives the number of rows that it touched.
    pub async fn exec(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<u64, StoreError> {
        if let Inner::Sqlite(pooled) = &mut self.inner {
            let begun = pooled.begin_now().await;
            self.noted(begun)?;
        }
        let done = match self.connection() {
            Connection::Sqlite(c) => sqlx::query_with::<Sqlite, _>(sql, sqlite_args(args)?)
                .execute(c)
                .await
                .map(|done| done.rows_affected()),
            Connection::Postgres(c) => sqlx::query_with::<Postgres, _>(sql, pg_args(args)?)
                .execute(c)
                .await
                .map(|done| done.rows_affected()),
        };
        self.noted(done)
    }

    fn noted<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        if let Inner::Sqlite(pooled) = &mut self.inner {
            pooled.note(&done);
        }
        Ok(done?)
    }

    /// Makes the transaction's changes last. On a reader it only gives the connection back.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let later = std::mem::take(&mut self.later);
        if let Inner::Sqlite(pooled) = &mut self.inner {
            let (statements, args) = batch::joined(later);
            let done = pooled.commit(statements, sqlite_args(args)?).await;
            return self.noted(done);
        }
        for rows in later {
            batch::insert(&mut self, rows.head, rows.columns, rows.values, rows.tail).await?;
        }
        match self.inner {
            Inner::Postgres(transaction) => transaction.commit().await?,
            Inner::Sqlite(_) | Inner::PostgresRead(_) => {}
        }
        Ok(())
    }
}
