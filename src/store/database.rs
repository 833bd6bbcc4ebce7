//! Opening the database: an embedded SQLite file or a Postgres server, its schema, its pools. Must not know what is kept in it.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::changes::{self, ChangeListener};
use super::dialect::SCHEMA_TABLES;
use super::migrations;
use super::postgres_pool::PostgresPool;
use super::sqlite_file;
use super::sqlite_pool::SqlitePool;
use super::tx::{Inner, Shared, StoreError, Tx};

/// Rows that SQLite's thread may read before they are asked for: a whole page, so that it hands a page over without a pause.
const ROWS_AHEAD: usize = 256;
/// Connections to Postgres unless a setting says otherwise.
pub const CONNECTIONS: usize = 16;

/// How a database is opened.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// Connections to Postgres at the most.
    pub connections: usize,
    /// Whether a SQLite file that is missing is made.
    pub create: bool,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS,
            create: true,
        }
    }
}

/// What a database holds, compared with what this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Nothing of ours.
    Absent,
    /// The tables of an older version.
    Older,
    /// The tables of this version.
    Current,
    /// The tables of a newer version, with its last migration.
    Newer(i64),
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    shared: Shared,
}

#[derive(Clone)]
enum Engine {
    /// An embedded file: one connection that writes, several that read.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
        file: PathBuf,
    },
    /// A server that several copies may share.
    Postgres(PostgresPool),
}

impl Store {
    /// Opens the database at `sqlite://PATH` (made if missing) or `postgres://...`, without changing what is in it.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_with(url, StoreOptions::default()).await
    }

    /// The same with options.
    pub async fn connect_with(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        let engine = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Engine::Postgres(PostgresPool::open(PgConnectOptions::from_str(url)?, options.connections).await?)
        } else {
            sqlite(url, options.create).await?
        };
        Ok(Self {
            engine,
            shared: Shared::default(),
        })
    }

    /// Brings the schema up to date. Refuses a database that a newer version has changed.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let done = match &self.engine {
            Engine::Sqlite { write, .. } => migrations::SQLITE.run(write.acquire().await?.connection()).await,
            Engine::Postgres(pool) => {
                let mut pooled = pool.acquire_without_timeouts().await?;
                let done = migrations::POSTGRES.run(pooled.connection()).await;
                pooled.discard();
                done
            }
        };
        done.map_err(|error| match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => StoreError::Newer(version),
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => StoreError::Inconsistent(other.to_string()),
        })
    }

    /// Which version's schema the database has.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        let known = match &self.engine {
            Engine::Sqlite { .. } => &migrations::SQLITE,
            Engine::Postgres(_) => &migrations::POSTGRES,
        };
        let newest = known.iter().map(|migration| migration.version).max();
        let mut tx = self.read().await?;
        if tx.value::<i64>(tx.pick(SCHEMA_TABLES), Vec::new()).await? == 0 {
            return Ok(Schema::Absent);
        }
        let done: Option<i64> = tx
            .value("SELECT max(version) FROM _sqlx_migrations WHERE success = TRUE", Vec::new())
            .await?;
        Ok(match done {
            None => Schema::Absent,
            Some(version) if Some(version) > newest => Schema::Newer(version),
            Some(version) if Some(version) < newest => Schema::Older,
            Some(_) => Schema::Current,
        })
    }

    /// A connection to read on; each statement sees what is committed when it runs.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        let inner = match &self.engine {
            Engine::Sqlite { read, .. } => Inner::Sqlite(read.acquire().await?),
            Engine::Postgres(pool) => Inner::Postgres(pool.acquire().await?),
        };
        Ok(Tx::new(inner, self.shared.clone()))
    }

    /// A transaction; nothing of it lasts unless `commit` is reached.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        let inner = match &self.engine {
            Engine::Sqlite { write, .. } => {
                let mut pooled = write.acquire().await?;
                pooled.begin();
                Inner::Sqlite(pooled)
            }
            Engine::Postgres(pool) => {
                let mut pooled = pool.acquire().await?;
                pooled.begin();
                Inner::Postgres(pooled)
            }
        };
        Ok(Tx::new(inner, self.shared.clone()))
    }

    /// Hears of what is committed from now on: by this copy, and while `watch_others` runs, by others.
    pub fn changes(&self) -> ChangeListener {
        self.shared.changes.listen()
    }

    /// Passes on to `changes` what other copies, or other programs on the same file, commit. Runs until it is dropped, and sends no
    /// statement while nothing changes.
    pub fn watch_others(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let changes = self.shared.changes.clone();
        match &self.engine {
            Engine::Sqlite { file, .. } => Box::pin(changes::watch_file(file.clone(), changes)),
            Engine::Postgres(pool) => Box::pin(changes::pass_on_notifications(pool.options(), changes)),
        }
    }

    /// How many statements were sent since the store was opened.
    pub fn statements(&self) -> u64 {
        self.shared.statements.load(Ordering::Relaxed)
    }

    /// Lets running statements finish and closes every connection.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

async fn sqlite(url: &str, create: bool) -> Result<Engine, StoreError> {
    let mut options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(create)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-16384")
        .row_buffer_size(ROWS_AHEAD)
        .statement_cache_capacity(256);
    let file = options.get_filename().to_path_buf();
    if !create && !file.exists() {
        return Err(StoreError::Missing(file.display().to_string()));
    }
    if create {
        sqlite_file::prepare(&file).map_err(|error| StoreError::Driver(sqlx::Error::Io(error)))?;
        options = options.journal_mode(SqliteJournalMode::Wal);
    }
    let write = SqlitePool::open(options.clone(), 1).await?;
    let readers = std::thread::available_parallelism().map_or(4, |n| n.get() + 2);
    let read = SqlitePool::open(options.pragma("query_only", "ON"), readers).await?;
    Ok(Engine::Sqlite { read, write, file })
}
