//! What tests stand on: a fresh database of either kind, a clock that is moved by hand, cheap passwords, and `both_databases!`, which runs
//! a story on SQLite and again on Postgres.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use sqlx::{Connection, PgConnection};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::domain::access::Principal;
use crate::domain::expiration::Expiration;
use crate::domain::id::{PackageId, PolicyId, PolicyVersionId, UserId};
use crate::domain::policy::{INITIAL_POLICY, LifecycleTerms, PolicyTerms, Scope};
use crate::domain::user::{DirectoryRole, UserKind};
use crate::domain::validate::Name;
use crate::service::outbox::send_due;
use crate::service::ports::{Clock, Ids, MailSender, OutgoingMail, Passwords, SendError, SystemIds, Wake};
use crate::service::{App, Error, MailRoute, Site};
use crate::store::policies::{self, NewPolicy};
use crate::store::{Store, Tx, migrations};

/// A clock that stands still until it is moved.
pub struct HandClock(Mutex<DateTime<Utc>>);

impl HandClock {
    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().expect("the clock") += by;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("the clock")
    }
}

/// Passwords without their cost, counted.
#[derive(Default)]
pub struct Plain {
    compared: AtomicUsize,
}

impl Plain {
    /// How many times a password was compared since the last call.
    pub fn compared(&self) -> usize {
        self.compared.swap(0, Ordering::Relaxed)
    }
}

#[async_trait]
impl Passwords for Plain {
    async fn hash(&self, password: String) -> Result<String, Error> {
        Ok(format!("plain:{password}"))
    }
    async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        self.compared.fetch_add(1, Ordering::Relaxed);
        Ok(hash.is_some_and(|hash| hash == format!("plain:{password}")))
    }
}

struct Silent;

impl Wake for Silent {
    fn wake(&self) {}
}

/// An application over a fresh database that goes when this does.
pub struct TestApp {
    /// The application.
    pub app: App,
    /// Its clock.
    pub clock: Arc<HandClock>,
    /// Its passwords.
    pub passwords: Arc<Plain>,
    /// The database's address, for a second connection to it.
    pub url: String,
    _kept: Kept,
}

/// What a test's database lies in, which goes with it.
enum Kept {
    Folder { _folder: tempfile::TempDir },
    Database { server: String, name: String },
}

impl Drop for Kept {
    /// Drops the database. A thread of its own, since what drops a test cannot wait for a connection.
    fn drop(&mut self) {
        let Self::Database { server, name } = self else { return };
        let (server, sql) = (std::mem::take(server), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let mut admin = connect(&server).await;
                command(&mut admin, sql).await;
                admin.close().await.expect("closed");
            });
        });
        if thread.join().is_err() {
            eprintln!("the database {name} stays behind");
        }
    }
}

impl TestApp {
    /// Over a new SQLite file.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("woodgate.db");
        std::fs::write(&file, sqlite_template().await).expect("a file");
        Self::over(format!("sqlite://{}", file.display()), Kept::Folder { _folder: folder }).await
    }

    /// Over a new database in the server at TEST_DATABASE_URL.
    pub async fn postgres() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let server =
            std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a Postgres server for tests; `make test` starts one");
        let template = postgres_template(&server).await;
        let name = format!("woodgate_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut admin = connect(&server).await;
        command(&mut admin, format!("DROP DATABASE IF EXISTS {name}")).await;
        // Copied as files: the template is small and nobody is in it.
        command(&mut admin, format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")).await;
        admin.close().await.expect("closed");
        Self::over(in_server(&server, &name), Kept::Database { server, name }).await
    }

    async fn over(url: String, kept: Kept) -> Self {
        let store = Store::connect(&url).await.expect("a database");
        let clock = Arc::new(HandClock(Mutex::new("2026-11-23T10:00:00Z".parse().expect("an instant"))));
        let passwords = Arc::<Plain>::default();
        let app = App {
            store,
            clock: clock.clone(),
            ids: Arc::new(SystemIds::default()),
            passwords: passwords.clone(),
            wake: Arc::new(Silent),
            site: Arc::new(Site {
                tenant: "Woodgrove Bank".into(),
                public_url: "http://127.0.0.1:3000".into(),
                mail: MailRoute::Folder("data/mail".into()),
            }),
        };
        Self {
            app,
            clock,
            passwords,
            url,
            _kept: kept,
        }
    }
}

/// The bytes of an SQLite database with the schema and nothing in it; it is made once.
async fn sqlite_template() -> &'static [u8] {
    static MADE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let make = || async {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("template.db");
        migrate(&format!("sqlite://{}", file.display())).await;
        assert!(!folder.path().join("template.db-wal").exists(), "all is in the one file");
        std::fs::read(file).expect("a database")
    };
    MADE.get_or_init(make).await
}

/// The name of a Postgres database with the schema and nothing in it. It is made once for each schema, and stays for the next run.
async fn postgres_template(server: &str) -> &'static str {
    static MADE: OnceCell<String> = OnceCell::const_new();
    let make = || async {
        let name = format!("woodgate_template_{:016x}", migrations::postgres_schema());
        let mut admin = connect(server).await;
        // Held until this connection ends: of several test programs, one makes it.
        command(&mut admin, "SELECT pg_advisory_lock(7106)".into()).await;
        let there = sqlx::query("SELECT FROM pg_database WHERE datname = $1").bind(&name);
        if there.fetch_optional(&mut admin).await.expect("an answer").is_none() {
            let unfinished = format!("{name}_{}", std::process::id());
            command(&mut admin, format!("CREATE DATABASE {unfinished}")).await;
            migrate(&in_server(server, &unfinished)).await;
            command(&mut admin, format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
        }
        admin.close().await.expect("closed");
        name
    };
    MADE.get_or_init(make).await
}

async fn migrate(url: &str) {
    let store = Store::connect(url).await.expect("a database");
    store.migrate().await.expect("migrations");
    store.close().await;
}

async fn connect(server: &str) -> PgConnection {
    PgConnection::connect(server)
        .await
        .expect("the Postgres server of TEST_DATABASE_URL")
}

async fn command(admin: &mut PgConnection, sql: String) {
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .execute(admin)
        .await
        .expect("a command for databases");
}

/// The address of a database beside the one that an address names.
fn in_server(server: &str, name: &str) -> String {
    let (base, query) = server
        .split_once('?')
        .map_or((server, String::new()), |(base, query)| (base, format!("?{query}")));
    let root = base.rsplit_once('/').map_or(base, |(root, _)| root);
    format!("{root}/{name}{query}")
}

/// An administrator, or a plain user, who need not be in the database.
pub fn actor(role: DirectoryRole) -> Principal {
    Principal::user(UserId(Uuid::from_u128(1)), "Admin1", "admin1", UserKind::Member).with_directory_role(role)
}

/// The account of a principal that is a user.
pub fn id_of(principal: &Principal) -> UserId {
    principal.user_id().expect("a user")
}

/// A package's policy with these terms, called Initial Policy.
pub async fn policy(app: &App, tx: &mut Tx, package: PackageId, terms: &PolicyTerms) -> (PolicyId, PolicyVersionId) {
    let now = app.clock.now();
    let (id, version_id) = (PolicyId(app.ids.id(now)), PolicyVersionId(app.ids.id(now)));
    let new = NewPolicy {
        id,
        version_id,
        package,
        name: &Name::of(INITIAL_POLICY.into()),
        position: 0,
        terms,
        by: None,
    };
    policies::insert(tx, &new, now).await.expect("a policy");
    (id, version_id)
}

/// The terms of a policy for this scope whose access ends like this.
pub fn terms(scope: Scope, expires: Expiration) -> PolicyTerms {
    let lifecycle = LifecycleTerms {
        expires,
        ..LifecycleTerms::default()
    };
    PolicyTerms {
        scope,
        lifecycle,
        ..PolicyTerms::default()
    }
}

/// Keeps the mails that it is given.
#[derive(Default)]
pub struct Mailbox(Mutex<Vec<OutgoingMail>>);

#[async_trait]
impl MailSender for Mailbox {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError> {
        self.0.lock().expect("the mails").push(mail.clone());
        Ok(())
    }
}

/// Sends every mail that is due; gives them in the order of recipients and subjects.
pub async fn sent_mails(app: &App) -> Vec<OutgoingMail> {
    let mailbox = Mailbox::default();
    while send_due(app, &mailbox, unknown()).await.expect("mails").claimed > 0 {}
    let mut mails = mailbox.0.into_inner().expect("the mails");
    mails.sort_by(|one, other| (&one.name, &one.mail.subject).cmp(&(&other.name, &other.mail.subject)));
    mails
}

/// The same, as names and subjects.
pub async fn sent_subjects(app: &App) -> Vec<(String, String)> {
    let mails = sent_mails(app).await;
    mails.into_iter().map(|mail| (mail.name, mail.mail.subject)).collect()
}

/// Gives everybody an address.
pub async fn give_addresses(app: &App) {
    let mut tx = app.store.write().await.expect("tx");
    let sql = "UPDATE users SET mail = user_name_folded || '@example.com'";
    tx.exec(sql, Vec::new()).await.expect("addresses");
    tx.commit().await.expect("commit");
}

/// A random id for what is not there.
pub fn unknown() -> Uuid {
    SystemIds::default().id(DateTime::UNIX_EPOCH)
}

/// Runs `async fn story(bench: TestApp)` on both databases as two tests.
#[macro_export]
macro_rules! both_databases {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[tokio::test]
            async fn sqlite() {
                super::$story($crate::testing::TestApp::sqlite().await).await;
            }
            #[tokio::test]
            async fn postgres() {
                super::$story($crate::testing::TestApp::postgres().await).await;
            }
        }
    )+};
}
