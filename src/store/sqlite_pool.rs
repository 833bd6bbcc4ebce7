//! Connections to a SQLite file, pooled to one user at a time. A file cannot go away as a server can, so a connection that comes back is
//! not asked for a sign of life: that would cost as much as a short statement, on its thread and on ours.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Object, PoolError, RecycleError, RecycleResult};
use futures::FutureExt;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions};
use sqlx::{ConnectOptions, Connection, Executor, SqlSafeStr, SqlStr, SqliteConnection};

use super::dialect::trusted_sql;

const BEGIN: &str = "BEGIN IMMEDIATE";
const ROLLBACK: &str = "ROLLBACK";
/// How long anyone waits for a connection; longer means that something holds one for good.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// Some connections to one file.
#[derive(Clone)]
pub struct SqlitePool(managed::Pool<ConnectionManager>);

impl SqlitePool {
    /// Up to `most` connections, the first of which is opened at once.
    pub async fn open(options: SqliteConnectOptions, most: usize) -> Result<Self, sqlx::Error> {
        let inner = managed::Pool::builder(ConnectionManager(options))
            .max_size(most)
            .wait_timeout(Some(ACQUIRE_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| sqlx::Error::Configuration(error.into()))?;
        let pool = Self(inner);
        pool.acquire().await?;
        Ok(pool)
    }

    /// A connection; waits for one.
    pub async fn acquire(&self) -> Result<PooledConnection, sqlx::Error> {
        match self.0.get().await {
            Ok(object) => Ok(PooledConnection(object)),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Closed) => Err(sqlx::Error::PoolClosed),
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// Gives no connection any more and closes those that are idle.
    pub async fn close(&self) {
        let idle = self.0.retain(|_, _| false).removed;
        self.0.close();
        for managed in idle {
            if let Err(error) = managed.connection.close().await {
                tracing::warn!(%error, "a connection to the database did not close cleanly");
            }
        }
    }
}

/// Opens connections for the pool.
struct ConnectionManager(SqliteConnectOptions);

/// A connection and what is known of it.
struct ManagedConnection {
    connection: SqliteConnection,
    transaction: Transaction,
    lost: bool,
}

/// How far a transaction has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transaction {
    /// There is none.
    None,
    /// Its first statement will begin it: each round trip to the connection's thread costs more than most statements.
    Due,
    /// Under way, or perhaps.
    Begun,
}

impl managed::Manager for ConnectionManager {
    type Type = ManagedConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<ManagedConnection, sqlx::Error> {
        Ok(ManagedConnection {
            connection: self.0.connect().await?,
            transaction: Transaction::None,
            lost: false,
        })
    }

    async fn recycle(&self, managed: &mut ManagedConnection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        if std::mem::replace(&mut managed.transaction, Transaction::None) == Transaction::Begun {
            // The one that was asked for at the drop may have found the driver's queue full; where it did not, this one fails.
            let done = managed.connection.execute(ROLLBACK).await;
            managed.lost |= matches!(done, Err(sqlx::Error::WorkerCrashed));
        }
        if managed.lost {
            Err(RecycleError::message("its thread has ended"))
        } else {
            Ok(())
        }
    }
}

/// A connection until it is dropped; a transaction that was not committed is then taken back.
pub struct PooledConnection(Object<ConnectionManager>);

impl PooledConnection {
    /// The connection itself.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.0.connection
    }

    /// The next statement begins a transaction that may write.
    pub fn begin(&mut self) {
        self.0.transaction = Transaction::Due;
    }

    /// A query, with the beginning of the transaction before it where that is due.
    pub fn with_begin(&mut self, query: SqlStr) -> SqlStr {
        if self.takes_begin() {
            trusted_sql(format!("{BEGIN}; {}", query.as_str())).into_sql_str()
        } else {
            query
        }
    }

    /// Begins the transaction where that is due: before a statement that counts what it changes, for the count would be of both.
    pub async fn begin_now(&mut self) -> Result<(), sqlx::Error> {
        if self.takes_begin() {
            self.0.connection.execute(BEGIN).await?;
        }
        Ok(())
    }

    /// Noted before it is so: whoever stops waiting leaves nothing open behind.
    fn takes_begin(&mut self) -> bool {
        let due = self.0.transaction == Transaction::Due;
        if due {
            self.0.transaction = Transaction::Begun;
        }
        due
    }

    /// Runs these statements and makes the transaction last; where none was begun, nothing.
    pub async fn commit(&mut self, mut statements: String, args: SqliteArguments) -> Result<(), sqlx::Error> {
        if self.0.transaction == Transaction::None || (self.0.transaction == Transaction::Due && statements.is_empty()) {
            self.0.transaction = Transaction::None;
            return Ok(());
        }
        if self.takes_begin() {
            statements = format!("{BEGIN}; {statements}");
        }
        statements.push_str("COMMIT");
        self.0
            .connection
            .execute(sqlx::query_with(trusted_sql(statements), args).persistent(false))
            .await?;
        self.0.transaction = Transaction::None;
        Ok(())
    }

    /// Notes what a statement came to: a connection whose thread has ended is not pooled again.
    pub fn note<T>(&mut self, done: &Result<T, sqlx::Error>) {
        self.0.lost |= matches!(done, Err(sqlx::Error::WorkerCrashed));
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        if self.0.transaction == Transaction::Begun {
            // Polled once, it is in the driver's queue where that has room, so that other programs wait no longer than they must.
            let _ = self.0.connection.execute(ROLLBACK).now_or_never();
        } else {
            self.0.transaction = Transaction::None;
        }
    }
}
