//! Connections to a SQLite file, lent to one user at a time. A file cannot go away as a server can, so a connection that comes back is
//! not asked for a sign of life: that would cost as much as a short statement, on its thread and on ours.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Object, PoolError, RecycleError, RecycleResult};
use futures::FutureExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection};

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
    in_transaction: bool,
    lost: bool,
}

impl managed::Manager for Opener {
    type Type = Link;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Link, sqlx::Error> {
        Ok(Link {
            connection: self.0.connect().await?,
            in_transaction: false,
            lost: false,
        })
    }

    async fn recycle(&self, link: &mut Link, _: &Metrics) -> RecycleResult<sqlx::Error> {
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

    /// Begins a transaction that may write.
    pub async fn begin(&mut self) -> Result<(), sqlx::Error> {
        // Said before it is so: whoever stops waiting leaves nothing open behind.
        self.0.in_transaction = true;
        self.0.connection.execute("BEGIN IMMEDIATE").await?;
        Ok(())
    }

    /// Makes the transaction last; where none was begun, nothing.
    pub async fn commit(&mut self) -> Result<(), sqlx::Error> {
        if !self.0.in_transaction {
            return Ok(());
        }
        self.0.connection.execute("COMMIT").await?;
        self.0.in_transaction = false;
        Ok(())
    }

    /// Notes what a statement came to: a connection whose thread has ended is not lent again.
    pub fn note<T>(&mut self, done: &Result<T, sqlx::Error>) {
        self.0.lost |= matches!(done, Err(sqlx::Error::WorkerCrashed));
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if std::mem::take(&mut self.0.in_transaction) {
            // Asked once, the driver has the statement in its queue, ahead of whatever the next user sends. Where nothing was begun it fails.
            let _ = self.0.connection.execute("ROLLBACK").now_or_never();
        }
    }
}
