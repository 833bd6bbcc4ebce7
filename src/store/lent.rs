//! Connections to a SQLite file, lent to one user at a time. A file cannot go away as a server can, so a connection that comes back is
//! not asked for a sign of life: that would cost as much as a short statement, on its thread and on ours.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Object, PoolError, RecycleError, RecycleResult};
use futures::FutureExt;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions};
use sqlx::{ConnectOptions, Connection, Executor, SqlSafeStr, SqlStr, SqliteConnection};

use super::dialect::built;

const BEGIN: &str = "BEGIN IMMEDIATE";
const ROLLBACK: &str = "ROLLBACK";
/// How long anyone waits for a connection; longer means that something holds one for good.
const PATIENCE: Duration = Duration::from_secs(30);

/// Some connections to one file.
#[derive(Clone)]
pub struct Lender(managed::Pool<Opener>);

impl Lender {
    /// Up to `most` connections, the first of which is opened at once.
    pub async fn open(options: SqliteConnectOptions, most: usize) -> Result<Self, sqlx::Error> {
        let pool = managed::Pool::builder(Opener(options))
            .max_size(most)
            .wait_timeout(Some(PATIENCE))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| sqlx::Error::Configuration(error.into()))?;
        let lender = Self(pool);
        lender.lend().await?;
        Ok(lender)
    }

    /// A connection; waits for one.
    pub async fn lend(&self) -> Result<Lent, sqlx::Error> {
        match self.0.get().await {
            Ok(object) => Ok(Lent(object)),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Closed) => Err(sqlx::Error::PoolClosed),
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// Lends nothing any more and closes what is not lent.
    pub async fn close(&self) {
        let idle = self.0.retain(|_, _| false).removed;
        self.0.close();
        for link in idle {
            if let Err(error) = link.connection.close().await {
                tracing::warn!(%error, "a connection to the database did not close cleanly");
            }
        }
    }
}

/// Opens connections for the pool.
struct Opener(SqliteConnectOptions);

/// A connection and what is known of it.
struct Link {
    connection: SqliteConnection,
    transaction: Transaction,
    lost: bool,
}

/// How far a transaction has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transaction {
    /// There is none.
    None,
    /// Its first statement will begin it: each word to the connection's thread and back costs more than most statements.
    Due,
    /// Under way, or perhaps.
    Begun,
}

impl managed::Manager for Opener {
    type Type = Link;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Link, sqlx::Error> {
        Ok(Link {
            connection: self.0.connect().await?,
            transaction: Transaction::None,
            lost: false,
        })
    }

    async fn recycle(&self, link: &mut Link, _: &Metrics) -> RecycleResult<sqlx::Error> {
        if std::mem::replace(&mut link.transaction, Transaction::None) == Transaction::Begun {
            // The one that was asked for at the drop may have found the driver's queue full; where it did not, this one fails.
            let done = link.connection.execute(ROLLBACK).await;
            link.lost |= matches!(done, Err(sqlx::Error::WorkerCrashed));
        }
        if link.lost {
            Err(RecycleError::message("its thread has ended"))
        } else {
            Ok(())
        }
    }
}

/// A connection until it is dropped; a transaction that was not committed is then taken back.
pub struct Lent(Object<Opener>);

impl Lent {
    /// The connection itself.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.0.connection
    }

    /// The next statement begins a transaction that may write.
    pub fn begin(&mut self) {
        self.0.transaction = Transaction::Due;
    }

    /// A query, with the beginning of the transaction before it where that is due.
    pub fn led(&mut self, query: SqlStr) -> SqlStr {
        if self.takes_begin() {
            built(format!("{BEGIN}; {}", query.as_str())).into_sql_str()
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
            .execute(sqlx::query_with(built(statements), args).persistent(false))
            .await?;
        self.0.transaction = Transaction::None;
        Ok(())
    }

    /// Notes what a statement came to: a connection whose thread has ended is not lent again.
    pub fn note<T>(&mut self, done: &Result<T, sqlx::Error>) {
        self.0.lost |= matches!(done, Err(sqlx::Error::WorkerCrashed));
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if self.0.transaction == Transaction::Begun {
            // Asked once, it is in the driver's queue where that has room, so that other programs wait no longer than they must.
            let _ = self.0.connection.execute(ROLLBACK).now_or_never();
        } else {
            self.0.transaction = Transaction::None;
        }
    }
}
