//! The seam between one SQL text and two native drivers. Only this file and `database.rs`, which opens the database, know which it is;
//! all other store code is plain Rust on `&mut Tx`. Arguments travel as `Arg`, which both drivers can bind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, FromRow, PgConnection, Postgres, SqlSafeStr, SqlStr, Sqlite, SqliteConnection};
use thiserror::Error;

use super::changes::{CHANNEL, Change, Changes};
use super::dialect::{SqlVariants, trusted_sql};
use super::insert::{self, Insert};
use super::{postgres_pool, sqlite_pool};

pub use super::arg::{Arg, word};

/// Changes that one statement tells other copies.
const NOTIFIED_MAX: usize = 500;

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
    /// There is no such file.
    #[error("there is no database {0}")]
    Missing(String),
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
    /// Whether the database broke a transaction off for the sake of another (a deadlock, a failure to serialise): the same work may succeed
    /// when it is done again from its beginning.
    pub fn is_transient(&self) -> bool {
        let Self::Driver(sqlx::Error::Database(error)) = self else {
            return false;
        };
        matches!(error.code().as_deref(), Some("40001" | "40P01"))
    }

    /// Whether a unique index over this table refused. Both databases name the table in what they say.
    pub fn is_conflict_on(&self, table: &str) -> bool {
        matches!(self, Self::Conflict(what) if what.contains(table))
    }
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

pub(super) enum Inner {
    Sqlite(sqlite_pool::PooledConnection),
    Postgres(postgres_pool::PooledConnection),
}

enum Connection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// What all connections of one store share.
#[derive(Clone, Default)]
pub(super) struct Shared {
    /// Who is told of changes.
    pub changes: Changes,
    /// Statements sent so far.
    pub statements: Arc<AtomicU64>,
}

/// The statements of a savepoint. Each that is set within another needs a name of its own.
#[derive(Clone, Copy, Debug)]
pub struct SavepointName {
    set: &'static str,
    rollback: &'static str,
    release: &'static str,
}

/// Around many rows of a file.
pub const AROUND_ROWS: SavepointName = SavepointName {
    set: "SAVEPOINT around_rows",
    rollback: "ROLLBACK TO SAVEPOINT around_rows",
    release: "RELEASE SAVEPOINT around_rows",
};

/// Around one row of a file.
pub const AROUND_ROW: SavepointName = SavepointName {
    set: "SAVEPOINT around_row",
    rollback: "ROLLBACK TO SAVEPOINT around_row",
    release: "RELEASE SAVEPOINT around_row",
};

/// A point of a transaction; see `Tx::savepoint`.
#[derive(Debug)]
pub struct Savepoint {
    name: SavepointName,
    later: Vec<(&'static str, usize)>,
    announced: usize,
}

/// A connection or transaction of either database.
pub struct Tx {
    inner: Inner,
    shared: Shared,
    /// What waits for the end of the transaction.
    later: Vec<Insert>,
    /// What others are told once it has ended well.
    announced: Vec<Change>,
}

impl Tx {
    pub(super) fn new(inner: Inner, shared: Shared) -> Self {
        Self {
            inner,
            shared,
            later: Vec::new(),
            announced: Vec::new(),
        }
    }

    /// Tells whoever waits for such changes, in this copy and in others, when the transaction has been committed.
    pub fn announce(&mut self, change: Change) {
        if !self.announced.contains(&change) {
            self.announced.push(change);
        }
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

    /// The connection, and a query as it is to be sent there: the first of a transaction begins it.
    async fn ask(&mut self, sql: impl SqlSafeStr) -> Result<(Connection<'_>, SqlStr), StoreError> {
        let mut sql = sql.into_sql_str();
        match &mut self.inner {
            Inner::Sqlite(pooled) => sql = pooled.with_begin(sql),
            Inner::Postgres(pooled) => pooled.begin_now().await?,
        }
        Ok((self.connection(), sql))
    }

    fn connection(&mut self) -> Connection<'_> {
        self.shared.statements.fetch_add(1, Ordering::Relaxed);
        match &mut self.inner {
            Inner::Sqlite(pooled) => Connection::Sqlite(pooled.connection()),
            Inner::Postgres(pooled) => Connection::Postgres(pooled.connection()),
        }
    }

    /// The statement in this database's dialect.
    pub fn pick(&self, both: SqlVariants) -> &'static str {
        match self.inner {
            Inner::Sqlite(_) => both.sqlite,
            Inner::Postgres(_) => both.postgres,
        }
    }

    /// A query that on Postgres holds what it finds until the transaction ends, by a clause such as `FOR UPDATE`; SQLite's writer is alone
    /// anyway.
    pub fn for_update(&self, sql: impl SqlSafeStr, lock: &'static str) -> SqlStr {
        let sql = sql.into_sql_str();
        match self.inner {
            Inner::Sqlite(_) => sql,
            Inner::Postgres(_) => trusted_sql(format!("{} {lock}", sql.as_str())).into_sql_str(),
        }
    }

    /// Every row.
    pub async fn all<T: Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Vec<T>, StoreError> {
        let done = match self.ask(sql).await? {
            (Connection::Sqlite(c), sql) => sqlx::query_as_with::<Sqlite, T, _>(sql, sqlite_args(args)?).fetch_all(c).await,
            (Connection::Postgres(c), sql) => sqlx::query_as_with::<Postgres, T, _>(sql, pg_args(args)?).fetch_all(c).await,
        };
        self.noted(done)
    }

    /// The only row, if there is one.
    pub async fn opt<T: Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Option<T>, StoreError> {
        let done = match self.ask(sql).await? {
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
        let begun = match &mut self.inner {
            Inner::Sqlite(pooled) => pooled.begin_now().await,
            Inner::Postgres(pooled) => pooled.begin_now().await,
        };
        self.noted(begun)?;
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
        match &mut self.inner {
            Inner::Sqlite(pooled) => pooled.note(&done),
            Inner::Postgres(pooled) => pooled.note(&done),
        }
        Ok(done?)
    }

    /// A point to which the transaction can be taken back, such as to where a row of a file began.
    pub async fn savepoint(&mut self, name: SavepointName) -> Result<Savepoint, StoreError> {
        self.exec(name.set, Vec::new()).await?;
        Ok(Savepoint {
            name,
            later: self.later.iter().map(|insert| (insert.head, insert.values.len())).collect(),
            announced: self.announced.len(),
        })
    }

    /// Takes back all that was done since, what waits for the end of the transaction included; also after a statement has failed.
    pub async fn rollback_to(&mut self, savepoint: Savepoint) -> Result<(), StoreError> {
        self.exec(savepoint.name.rollback, Vec::new()).await?;
        self.exec(savepoint.name.release, Vec::new()).await?;
        self.later.retain_mut(|insert| {
            let before = savepoint.later.iter().find(|(head, _)| *head == insert.head);
            let kept = before.map_or(0, |(_, values)| *values);
            insert.values.truncate(kept);
            kept > 0
        });
        self.announced.truncate(savepoint.announced);
        Ok(())
    }

    /// Keeps what was done since.
    pub async fn release(&mut self, savepoint: Savepoint) -> Result<(), StoreError> {
        self.exec(savepoint.name.release, Vec::new()).await.map(drop)
    }

    /// Makes the transaction's changes last, and tells of them. On a reader it only gives the connection back.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let later = std::mem::take(&mut self.later);
        if let Inner::Sqlite(pooled) = &mut self.inner {
            let (statements, args) = insert::joined(later);
            let done = pooled.commit(statements, sqlite_args(args)?).await;
            self.noted(done)?;
        } else {
            for rows in later {
                for (sql, args) in rows.statements() {
                    self.exec(sql, args).await?;
                }
            }
            self.notify_others().await?;
        }
        if let Inner::Postgres(pooled) = &mut self.inner {
            let done = pooled.commit().await;
            self.noted(done)?;
        }
        for change in self.announced {
            self.shared.changes.tell(change);
        }
        Ok(())
    }

    /// On Postgres other copies hear of changes by NOTIFY, which the server sends when the transaction commits.
    async fn notify_others(&mut self) -> Result<(), StoreError> {
        if self.announced.is_empty() {
            return Ok(());
        }
        let words: Vec<Arg> = self.announced.iter().map(|change| Arg::from(change.to_string())).collect();
        for words in words.chunks(NOTIFIED_MAX) {
            let calls: Vec<String> = (2..=words.len() + 1).map(|n| format!("pg_notify($1, ${n})")).collect();
            let mut args = crate::args![CHANNEL];
            args.extend(words.iter().cloned());
            self.exec(trusted_sql(format!("SELECT {}", calls.join(", "))), args).await?;
        }
        Ok(())
    }
}
