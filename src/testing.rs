//! What tests stand on: a fresh database of either kind, a clock that is moved by hand, cheap passwords, and `both_databases!`, which runs
//! a story on SQLite and again on Postgres.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::domain::access::Principal;
use crate::domain::expiration::Expiration;
use crate::domain::id::{PackageId, PolicyId, PolicyVersionId, UserId};
use crate::domain::policy::{INITIAL_POLICY, LifecycleTerms, PolicyTerms, Scope};
use crate::domain::user::{DirectoryRole, UserKind};
use crate::domain::validate::Name;
use crate::service::ports::{Clock, Ids, Passwords, SystemIds, Wake};
use crate::service::{App, Error, Site};
use crate::store::policies::{self, NewPolicy};
use crate::store::{Store, Tx};

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
    _folder: Option<tempfile::TempDir>,
}

impl TestApp {
    /// Over a new SQLite file.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("woodgate.db").display());
        Self::over(url, Some(folder)).await
    }

    /// Over a new database in the server at TEST_DATABASE_URL.
    pub async fn postgres() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let server =
            std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a Postgres server for tests; `make test` starts one");
        let name = format!("woodgate_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let admin = sqlx::PgPool::connect(&server)
            .await
            .expect("the Postgres server of TEST_DATABASE_URL");
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}")))
            .execute(&admin)
            .await
            .expect("drop");
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&admin)
            .await
            .expect("create");
        admin.close().await;
        let (base, query) = server
            .split_once('?')
            .map_or((server.as_str(), String::new()), |(base, query)| (base, format!("?{query}")));
        let root = base.rsplit_once('/').map_or(base, |(root, _)| root);
        Self::over(format!("{root}/{name}{query}"), None).await
    }

    async fn over(url: String, folder: Option<tempfile::TempDir>) -> Self {
        let store = Store::connect(&url).await.expect("a database");
        store.migrate().await.expect("migrations");
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
            }),
        };
        Self {
            app,
            clock,
            passwords,
            url,
            _folder: folder,
        }
    }
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
