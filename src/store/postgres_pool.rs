//! Connections to Postgres, pooled to one user at a time. sqlx's own pool asks the server for a sign of life whenever a connection is
//! taken and again when it comes back, two round trips beside each statement, and cannot tell whether a transaction was begun. Here the
//! state of each connection is known: only one that has been idle is probed, and only what was begun is rolled back.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Object, PoolError, RecycleError, RecycleResult};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};

/// How long anyone waits for a connection; longer means that the service is overloaded, or that something holds one for good.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the server may take to open a connection, and to answer a probe.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);
/// A connection that nobody has used for so long is probed before it is used.
const PROBE_AFTER: Duration = Duration::from_secs(2);
/// A connection is replaced after so long: the server's part of it grows with what it has planned.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// What the server does by itself: nobody waits for a lock or an answer for ever, and a transaction that was forgotten ends. Compiling
/// plans costs more than it gains for statements as short as ours.
const SESSION: [(&str, &str); 4] = [
    ("lock_timeout", "5s"),
    ("statement_timeout", "30s"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("jit", "off"),
];

/// Some connections to one server.
#[derive(Clone)]
pub struct PostgresPool(managed::Pool<ConnectionManager>);

impl PostgresPool {
    /// Up to `most` connections, the first of which is opened at once.
    pub async fn open(options: PgConnectOptions, most: usize) -> Result<Self, sqlx::Error> {
        let options = options.options(SESSION).application_name("woodgate").statement_cache_capacity(256);
        let inner = managed::Pool::builder(ConnectionManager(options))
            .max_size(most)
            .wait_timeout(Some(ACQUIRE_TIMEOUT))
            .create_timeout(Some(CONNECT_TIMEOUT))
            .recycle_timeout(Some(PROBE_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| sqlx::Error::Configuration(error.into()))?;
        let pool = Self(inner);
        pool.acquire().await?;
        Ok(pool)
    }

    /// How a connection is opened.
    pub fn options(&self) -> PgConnectOptions {
        self.0.manager().0.clone()
    }

    /// A connection; waits for one.
    pub async fn acquire(&self) -> Result<PooledConnection, sqlx::Error> {
        match self.0.get().await {
            Ok(object) => Ok(PooledConnection(Some(object))),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Closed) => Err(sqlx::Error::PoolClosed),
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// A connection whose statements may take as long as they need, for migrations; to be discarded afterwards.
    pub async fn acquire_without_timeouts(&self) -> Result<PooledConnection, sqlx::Error> {
        let mut pooled = self.acquire().await?;
        let done = pooled.connection().execute("SET lock_timeout = 0; SET statement_timeout = 0").await;
        pooled.note(&done);
        done?;
        Ok(pooled)
    }

    /// Gives no connection any more and closes those that are idle.
    pub async fn close(&self) {
        let idle = self.0.retain(|_, _| false).removed;
        self.0.close();
        for managed in idle {
            if let Err(error) = managed.connection.close().await {
                tracing::debug!(%error, "a connection to the database did not close cleanly");
            }
        }
    }
}

/// Opens connections for the pool.
struct ConnectionManager(PgConnectOptions);

/// A connection and what is known of it.
struct ManagedConnection {
    connection: PgConnection,
    transaction: Transaction,
    /// An answer is outstanding: whoever asked may have stopped waiting.
    busy: bool,
    /// The server has ended it.
    lost: bool,
}

/// How far a transaction has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transaction {
    /// There is none.
    None,
    /// Its first statement will begin it.
    Due,
    /// Begun, as far as we have asked for it.
    Begun,
    /// COMMIT has been sent: there is nothing left to roll back.
    Ending,
}

impl managed::Manager for ConnectionManager {
    type Type = ManagedConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<ManagedConnection, sqlx::Error> {
        Ok(ManagedConnection {
            connection: self.0.connect().await?,
            transaction: Transaction::None,
            busy: false,
            lost: false,
        })
    }

    async fn recycle(&self, managed: &mut ManagedConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if managed.lost {
            return Err(RecycleError::message("the server has ended it"));
        }
        if metrics.age() > LIFETIME {
            return Err(RecycleError::message("it is old"));
        }
        if metrics.last_used() > PROBE_AFTER {
            managed.connection.ping().await?;
        }
        Ok(())
    }
}

/// A connection until it is dropped; a transaction that was not committed is then rolled back.
pub struct PooledConnection(Option<Object<ConnectionManager>>);

impl PooledConnection {
    fn managed(&mut self) -> &mut ManagedConnection {
        match &mut self.0 {
            Some(object) => object,
            None => unreachable!("a connection is given back only when it is dropped"),
        }
    }

    /// The connection itself, for one statement, whose outcome is to be noted.
    pub fn connection(&mut self) -> &mut PgConnection {
        let managed = self.managed();
        managed.busy = true;
        &mut managed.connection
    }

    /// The next statement begins a transaction.
    pub fn begin(&mut self) {
        self.managed().transaction = Transaction::Due;
    }

    /// Begins the transaction where that is due.
    pub async fn begin_now(&mut self) -> Result<(), sqlx::Error> {
        let managed = self.managed();
        if managed.transaction != Transaction::Due {
            return Ok(());
        }
        managed.transaction = Transaction::Begun;
        let done = self.connection().execute("BEGIN").await.map(|_| ());
        self.note(&done);
        done
    }

    /// Makes the transaction last; where none was begun, nothing.
    pub async fn commit(&mut self) -> Result<(), sqlx::Error> {
        let managed = self.managed();
        if managed.transaction != Transaction::Begun {
            managed.transaction = Transaction::None;
            return Ok(());
        }
        managed.transaction = Transaction::Ending;
        let done = self.connection().execute("COMMIT").await.map(|_| ());
        self.note(&done);
        if done.is_ok() {
            self.managed().transaction = Transaction::None;
        }
        done
    }

    /// Notes what a statement came to.
    pub fn note<T>(&mut self, done: &Result<T, sqlx::Error>) {
        let managed = self.managed();
        managed.busy = false;
        managed.lost |= done.as_ref().err().is_some_and(ends_connection);
    }

    /// Closes it instead of giving it back.
    pub fn discard(mut self) {
        self.managed().lost = true;
    }
}

/// Whether the connection cannot be used after this.
fn ends_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| code.starts_with("57P") || code.starts_with("08") || code == "25P03"),
        _ => false,
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        let Some(mut object) = self.0.take() else { return };
        if object.lost {
            // One that the server has ended is seldom alone.
            if let Some(pool) = Object::pool(&object) {
                pool.retain(|_, _| false);
            }
            return;
        }
        let clean = !object.busy && !matches!(object.transaction, Transaction::Begun | Transaction::Ending);
        if clean {
            object.transaction = Transaction::None;
            return;
        }
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(settle(object));
            }
            Err(_) => object.lost = true,
        }
    }
}

/// Waits for what is still to be answered and ends the transaction; only then can another use the connection.
async fn settle(mut object: Object<ConnectionManager>) {
    let managed = &mut *object;
    let done = match managed.transaction {
        Transaction::Begun => managed.connection.execute("ROLLBACK").await.map(|_| ()),
        Transaction::None | Transaction::Due | Transaction::Ending => managed.connection.ping().await,
    };
    managed.lost = done.is_err();
    managed.transaction = Transaction::None;
    managed.busy = false;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::FutureExt;

    use crate::args;
    use crate::store::{Store, StoreOptions, Tx};
    use crate::testing::TestApp;

    async fn single() -> (TestApp, Store) {
        let bench = TestApp::postgres().await;
        let options = StoreOptions {
            connections: 1,
            ..StoreOptions::default()
        };
        let store = Store::connect_with(&bench.url, options).await.expect("a database");
        (bench, store)
    }

    /// Whether the server holds a transaction open for this reader, asked from outside.
    async fn in_transaction(bench: &TestApp, tx: &mut Tx) -> bool {
        let pid: i64 = tx.value("SELECT pg_backend_pid()::bigint", args![]).await.expect("a process");
        let mut outside = bench.app.store.read().await.expect("tx");
        let state = "SELECT state FROM pg_stat_activity WHERE pid = $1::int";
        outside.value::<String>(state, args![pid]).await.expect("a state") != "idle"
    }

    /// Faults B10 and C22: the one connection is clean for whoever comes next, whatever became of the one before.
    #[tokio::test]
    async fn a_connection_that_was_dropped_in_the_middle_is_clean_again() {
        let (bench, store) = single().await;
        let insert = "INSERT INTO settings (key, value) VALUES ($1, 'x')";
        for abandoned in 0..30 {
            let mut tx = store.write().await.expect("tx");
            let key = format!("left {abandoned}");
            match abandoned % 3 {
                // Before the first statement, while it begins, after it.
                0 => drop(tx),
                1 => {
                    let _ = tx.exec(insert, args![key]).now_or_never();
                }
                _ => {
                    tx.exec(insert, args![key]).await.expect("a row");
                }
            }
        }
        let mut tx = store.read().await.expect("tx");
        assert!(!in_transaction(&bench, &mut tx).await);
        let left: i64 = tx
            .value("SELECT count(*) FROM settings WHERE key LIKE 'left %'", args![])
            .await
            .expect("a count");
        assert_eq!(left, 0);
        drop(tx);
        // COMMIT was sent and nobody waits for it: it lasts, and nothing is rolled back behind it.
        let mut tx = store.write().await.expect("tx");
        tx.exec(insert, args!["kept"]).await.expect("a row");
        let mut commit = Box::pin(tx.commit());
        let _ = commit.as_mut().now_or_never();
        drop(commit);
        let mut tx = store.read().await.expect("tx");
        assert!(!in_transaction(&bench, &mut tx).await);
        let kept: i64 = tx
            .value("SELECT count(*) FROM settings WHERE key = 'kept'", args![])
            .await
            .expect("a count");
        assert_eq!(kept, 1);
    }

    #[tokio::test]
    async fn a_connection_that_the_server_has_ended_is_replaced() {
        let (bench, store) = single().await;
        let mut tx = store.read().await.expect("tx");
        let pid: i64 = tx.value("SELECT pg_backend_pid()::bigint", args![]).await.expect("a process");
        drop(tx);
        let mut other = bench.app.store.write().await.expect("tx");
        other.exec("SELECT pg_terminate_backend($1::int)", args![pid]).await.expect("ended");
        other.commit().await.expect("commit");
        // The server ends it in its own time; one statement may meet the end.
        let mut answers = Vec::new();
        for _ in 0..100 {
            let mut tx = store.read().await.expect("a connection");
            let found = tx.value::<i64>("SELECT pg_backend_pid()::bigint", args![]).await;
            answers.push(found.is_ok());
            if found.is_ok_and(|found| found != pid) {
                assert!(answers.iter().filter(|well| !**well).count() <= 1, "{answers:?}");
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the connection was not replaced: {answers:?}");
    }

    /// Fault B10.
    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let (_bench, store) = single().await;
        let mut tx = store.read().await.expect("tx");
        for (setting, value) in [
            ("SHOW lock_timeout", "5s"),
            ("SHOW statement_timeout", "30s"),
            ("SHOW idle_in_transaction_session_timeout", "1min"),
        ] {
            assert_eq!(tx.value::<String>(setting, args![]).await.expect("a setting"), value, "{setting}");
        }
    }
}
