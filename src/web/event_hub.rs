//! All open event streams of this copy. One task watches what changes and looks for all of them at once, so that streams cost no statement
//! while nothing moves; a stream only waits for its news. It also ends streams whose session is over.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::domain::id::UserId;
use crate::service::following::{self, Follower, Position, Subject};
use crate::service::{App, Error};
use crate::store::Change;

/// Streams of one sort that one person may have open: bells, and all others.
const STREAMS_PER_USER: usize = 10;
/// Changes closer together than this are looked at together.
const DEBOUNCE: Duration = Duration::from_millis(40);
/// How long after a failure the database is asked again.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);
/// The longest sleep; nothing depends on it.
const SLEEP_MAX: Duration = Duration::from_secs(60 * 60);

/// What a stream is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing yet.
    None,
    /// Where the subject stands now.
    Moved(Position),
    /// The session has ended.
    SessionOver,
    /// The user may not follow this any more.
    Refused,
}

/// Who opens a stream, and for what.
pub struct Opening {
    /// What is followed.
    pub subject: Subject,
    /// By whom.
    pub user: UserId,
    /// The key of the session.
    pub session: String,
    /// When the session ends unless it is used.
    pub session_ends_at: DateTime<Utc>,
}

struct OpenStream {
    opening: Opening,
    position: Option<Position>,
    news: watch::Sender<News>,
}

/// The streams and what watches for them.
pub struct EventHub {
    app: App,
    /// Without use for so long, a session ends.
    idle: chrono::Duration,
    /// Streams in all at the most.
    most: usize,
    stop: CancellationToken,
    streams: Mutex<HashMap<u64, OpenStream>>,
    next_id: AtomicU64,
    joined: Notify,
    watching: AtomicBool,
}

/// What is to be looked at.
#[derive(Default)]
struct Outdated {
    requests: bool,
    all_sessions: bool,
    users: HashSet<UserId>,
    all_notifications: bool,
    told: HashSet<UserId>,
}

impl Outdated {
    fn add(&mut self, change: Change) {
        match change {
            Change::Requests => self.requests = true,
            Change::Sessions(user) => {
                self.users.insert(user);
            }
            Change::Notifications(user) => {
                self.told.insert(user);
            }
            Change::Everything => (self.requests, self.all_sessions, self.all_notifications) = (true, true, true),
        }
    }

    /// Whether something may have changed about what a stream follows.
    fn concerns(&self, subject: Subject) -> bool {
        match subject {
            Subject::OwnNotifications(user) => self.all_notifications || self.told.contains(&user),
            Subject::OwnRequests(_) | Subject::Request { .. } => self.requests,
        }
    }
}

impl EventHub {
    /// For up to `most` streams, until `stop` is cancelled.
    pub fn new(app: App, idle: chrono::Duration, most: usize, stop: CancellationToken) -> Self {
        Self {
            app,
            idle,
            most,
            stop,
            streams: Mutex::default(),
            next_id: AtomicU64::new(0),
            joined: Notify::new(),
            watching: AtomicBool::new(false),
        }
    }

    /// Opens a stream; `None` while too many are open, of this person or in all.
    pub fn open(self: &Arc<Self>, opening: Opening) -> Option<Subscription> {
        let mut streams = self.streams();
        // Every page that is looked at has a bell, which takes no place from what the page itself follows.
        let is_bell = |opening: &Opening| matches!(opening.subject, Subject::OwnNotifications(_));
        let alike = |stream: &&OpenStream| stream.opening.user == opening.user && is_bell(&stream.opening) == is_bell(&opening);
        let own = streams.values().filter(alike).count();
        if streams.len() >= self.most || own >= STREAMS_PER_USER {
            return None;
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let (sender, news) = watch::channel(News::None);
        streams.insert(
            id,
            OpenStream {
                opening,
                position: None,
                news: sender,
            },
        );
        drop(streams);
        if !self.watching.swap(true, Ordering::Relaxed) {
            tokio::spawn(watch(self.clone()));
        }
        self.joined.notify_one();
        Some(Subscription {
            hub: self.clone(),
            id,
            news,
        })
    }

    /// How many streams are open.
    pub fn count(&self) -> usize {
        self.streams().len()
    }

    fn streams(&self) -> MutexGuard<'_, HashMap<u64, OpenStream>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long until the next session ends by itself.
    fn until_next_end(&self) -> Duration {
        let next = self.streams().values().map(|stream| stream.opening.session_ends_at).min();
        let now = self.app.clock.now();
        next.map_or(SLEEP_MAX, |at| (at - now).to_std().unwrap_or_default().min(SLEEP_MAX))
    }

    async fn look(&self, outdated: &Outdated) -> Result<(), Error> {
        self.look_at_sessions(outdated).await?;
        let subjects: HashSet<Subject> = self
            .streams()
            .values()
            .filter(|stream| outdated.concerns(stream.opening.subject) || stream.position.is_none())
            .map(|stream| stream.opening.subject)
            .collect();
        if subjects.is_empty() {
            return Ok(());
        }
        let subjects: Vec<Subject> = subjects.into_iter().collect();
        let positions = following::positions(&self.app, &subjects).await?;
        for stream in self.streams().values_mut() {
            let Some(position) = positions.get(&stream.opening.subject) else {
                continue;
            };
            if stream.position.as_ref() != Some(position) {
                stream.position = Some(position.clone());
                stream.news.send_replace(News::Moved(position.clone()));
            }
        }
        Ok(())
    }

    /// Looks whether the sessions still hold that someone has changed, or whose time has come.
    async fn look_at_sessions(&self, outdated: &Outdated) -> Result<(), Error> {
        let now = self.app.clock.now();
        let doubtful: Vec<(u64, String, Subject)> = self
            .streams()
            .iter()
            .filter(|(_, stream)| {
                let Opening { user, session_ends_at, .. } = &stream.opening;
                outdated.all_sessions || outdated.users.contains(user) || *session_ends_at <= now
            })
            .map(|(id, stream)| (*id, stream.opening.session.clone(), stream.opening.subject))
            .collect();
        for (id, session, subject) in doubtful {
            let found = following::follower(&self.app, &session, self.idle, subject).await?;
            let mut streams = self.streams();
            let Some(stream) = streams.get_mut(&id) else { continue };
            let news = match found {
                Follower::Until(at) => {
                    stream.opening.session_ends_at = at;
                    continue;
                }
                Follower::SessionOver => News::SessionOver,
                Follower::Refused => News::Refused,
            };
            stream.news.send_replace(news);
            streams.remove(&id);
        }
        Ok(())
    }
}

/// Looks whenever something has changed, someone has joined, or a session may have ended.
async fn watch(hub: Arc<EventHub>) {
    let mut changes = hub.app.store.changes();
    let mut others = hub.app.store.watch_others();
    let mut outdated = Outdated::default();
    loop {
        tokio::select! {
            change = changes.next() => {
                outdated.add(change);
                tokio::time::sleep(DEBOUNCE).await;
            }
            () = hub.joined.notified() => {}
            () = tokio::time::sleep(hub.until_next_end()) => {}
            () = &mut others => {}
            () = hub.stop.cancelled() => return,
        }
        while let Some(change) = changes.waiting() {
            outdated.add(change);
        }
        match hub.look(&outdated).await {
            Ok(()) => outdated = Outdated::default(),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "event streams could not be brought up to date"
                );
                hub.joined.notify_one();
                tokio::time::sleep(RETRY_INTERVAL).await;
            }
        }
    }
}

/// One open stream's place; given back when the browser goes.
pub struct Subscription {
    hub: Arc<EventHub>,
    id: u64,
    news: watch::Receiver<News>,
}

impl Subscription {
    /// The next news; none once the service stops. What was told in between is not.
    pub async fn next(&mut self) -> Option<News> {
        let stop = self.hub.stop.clone();
        tokio::select! {
            changed = self.news.changed() => changed.ok().map(|()| self.news.borrow_and_update().clone()),
            () = stop.cancelled() => None,
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub.streams().remove(&self.id);
    }
}
