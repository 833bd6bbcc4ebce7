//! News of what has been committed, for whoever shows it live. A writer announces a change in its transaction; once that has ended well,
//! everybody in this process hears of it, and on Postgres every other copy by LISTEN and NOTIFY. News may be told twice and may tell too
//! much, never too little: whoever hears it looks for himself.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::domain::id::UserId;

/// The channel of Postgres.
pub(super) const CHANNEL: &str = "woodgate";
/// News that a slow listener may leave unread before he is told that everything may have changed.
const BACKLOG: usize = 256;
/// How often a SQLite file is looked at for what another program has written.
const FILE_INTERVAL: Duration = Duration::from_secs(1);
/// How long after a failure Postgres is asked again.
const RETRY_INTERVAL: Duration = Duration::from_secs(2);

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Requests have moved.
    Requests,
    /// Sessions of a user have ended, or what the user may do is another.
    Sessions(UserId),
    /// A user was told something, or has read it.
    Notifications(UserId),
    /// Unknown: some news was missed.
    Everything,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requests => f.write_str("requests"),
            Self::Sessions(user) => write!(f, "sessions {user}"),
            Self::Notifications(user) => write!(f, "notifications {user}"),
            Self::Everything => f.write_str("everything"),
        }
    }
}

impl FromStr for Change {
    type Err = std::convert::Infallible;

    /// What a later version may send is anything.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let user = |what: &str| text.strip_prefix(what).and_then(|id| Uuid::parse_str(id).ok()).map(UserId);
        Ok(match (text, user("sessions "), user("notifications ")) {
            ("requests", ..) => Self::Requests,
            (_, Some(user), _) => Self::Sessions(user),
            (_, _, Some(user)) => Self::Notifications(user),
            _ => Self::Everything,
        })
    }
}

/// Tells changes to all listeners in this process.
#[derive(Clone)]
pub struct Changes(broadcast::Sender<Change>);

impl Default for Changes {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Changes {
    /// Tells of a change; that nobody listens is no failure.
    pub(super) fn tell(&self, change: Change) {
        let _ = self.0.send(change);
    }

    /// Hears of everything from now on.
    pub fn listen(&self) -> ChangeListener {
        ChangeListener(self.0.subscribe())
    }
}

/// Hears of changes.
pub struct ChangeListener(broadcast::Receiver<Change>);

impl ChangeListener {
    /// The next change; waits for ever once there is nobody who could tell one.
    pub async fn next(&mut self) -> Change {
        match self.0.recv().await {
            Ok(change) => change,
            Err(broadcast::error::RecvError::Lagged(_)) => Change::Everything,
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }

    /// A change that has been told already, if there is one.
    pub fn waiting(&mut self) -> Option<Change> {
        match self.0.try_recv() {
            Ok(change) => Some(change),
            Err(broadcast::error::TryRecvError::Lagged(_)) => Some(Change::Everything),
            Err(_) => None,
        }
    }
}

/// Passes on what other copies tell over Postgres, for ever. What was told while nobody listened is made up for by `Everything`.
pub(super) async fn pass_on_notifications(options: PgConnectOptions, changes: Changes) {
    loop {
        if let Err(error) = listen(options.clone(), &changes).await {
            tracing::warn!(%error, "changes made by other copies are not heard of; trying again");
        }
        tokio::time::sleep(RETRY_INTERVAL).await;
    }
}

async fn listen(options: PgConnectOptions, changes: &Changes) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .connect_with(options)
        .await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.ignore_pool_close_event(true);
    listener.listen(CHANNEL).await?;
    changes.tell(Change::Everything);
    loop {
        match listener.try_recv().await? {
            Some(notification) => {
                let Ok(change) = notification.payload().parse();
                changes.tell(change);
            }
            None => changes.tell(Change::Everything),
        }
    }
}

/// Looks, without a query, whether the write-ahead log of a SQLite file was written to, for ever. Another program on the same file is a
/// command of an operator: it moves requests and ends no session.
pub(super) async fn watch_file(database: PathBuf, changes: Changes) {
    let mut log = database.into_os_string();
    log.push("-wal");
    let stamp = async || -> Option<(u64, SystemTime)> {
        let metadata = tokio::fs::metadata(&log).await.ok()?;
        Some((metadata.len(), metadata.modified().ok()?))
    };
    let mut seen = None;
    loop {
        let now = stamp().await;
        if now != seen {
            seen = now;
            changes.tell(Change::Requests);
        }
        tokio::time::sleep(FILE_INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_read_back_from_its_word() {
        let user = UserId(Uuid::from_u128(7));
        for change in [
            Change::Requests,
            Change::Sessions(user),
            Change::Notifications(user),
            Change::Everything,
        ] {
            assert_eq!(change.to_string().parse(), Ok(change));
        }
        assert_eq!("of a later version".parse(), Ok(Change::Everything));
    }

    #[tokio::test]
    async fn who_listens_too_slowly_is_told_of_everything() {
        let changes = Changes::default();
        let mut listener = changes.listen();
        for _ in 0..=BACKLOG {
            changes.tell(Change::Requests);
        }
        assert_eq!(listener.next().await, Change::Everything);
        assert_eq!(listener.next().await, Change::Requests);
    }
}
