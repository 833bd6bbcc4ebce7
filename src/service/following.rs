//! What a page follows live: one's own open requests, or one request. Who may follow what is decided here; where things stand is read for
//! many followers at once. Must not know how news travels to a browser.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Duration, Utc};

use crate::domain::access::{Action, Principal, Scope};
use crate::domain::id::{CatalogId, RequestId, UserId};
use crate::store::notifications::{self, Unread};
use crate::store::{requests, sessions};

use super::{App, Error, accounts};

/// What is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// All requests of a person that wait for something.
    OwnRequests(UserId),
    /// What a person was told and has not read.
    OwnNotifications(UserId),
    /// One request: one's own, or as a reader of its catalog's requests.
    Request {
        /// Which.
        id: RequestId,
        /// The catalog of its package, where it is not the follower's own.
        catalog: Option<CatalogId>,
    },
}

/// Where a subject stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Another one with each move.
    pub tag: String,
    /// Nothing more will come.
    pub settled: bool,
}

/// One's own open requests.
pub fn own_requests(actor: &Principal) -> Result<Subject, Error> {
    actor.authorize_somewhere(Action::ReadMyAccess)?;
    Ok(Subject::OwnRequests(actor.user_id().ok_or(Error::NotFound)?))
}

/// What one was told. It never settles.
pub fn own_notifications(actor: &Principal) -> Result<Subject, Error> {
    actor.authorize_somewhere(Action::ReadMyAccess)?;
    Ok(Subject::OwnNotifications(actor.user_id().ok_or(Error::NotFound)?))
}

/// One request, for its target and for those who may see the requests of its catalog; for others it is not there.
pub async fn request(app: &App, actor: &Principal, id: RequestId) -> Result<Subject, Error> {
    let mut tx = app.store.read().await?;
    let found = requests::statuses(&mut tx, &[id]).await?;
    let subject = found.first().map(|status| Subject::Request {
        id,
        catalog: (!actor.is(status.target_id)).then_some(status.catalog_id),
    });
    subject.filter(|subject| may_follow(actor, *subject)).ok_or(Error::NotFound)
}

/// Whether someone who began to follow may go on.
fn may_follow(actor: &Principal, subject: Subject) -> bool {
    let own = actor.permission(Action::ReadMyAccess, Scope::Tenant).is_allowed();
    match subject {
        Subject::OwnRequests(user) | Subject::OwnNotifications(user) => actor.is(user) && own,
        Subject::Request { catalog: None, .. } => own,
        Subject::Request {
            catalog: Some(catalog), ..
        } => {
            let visible = actor.visible(Action::ReadRequests);
            visible.is_ok_and(|visible| visible.includes(catalog))
        }
    }
}

/// What became of a follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follower {
    /// The session is over: signed out, idle for too long, or its user may not sign in any more.
    SessionOver,
    /// The user may not follow this any more.
    Refused,
    /// All is well until this instant, when the session ends unless it has been used.
    Until(DateTime<Utc>),
}

/// Whether the session still holds and its user may still follow. Not a use of the session.
pub async fn follower(app: &App, session: &str, idle: Duration, subject: Subject) -> Result<Follower, Error> {
    let Some(actor) = accounts::still_there(app, session, idle).await? else {
        return Ok(Follower::SessionOver);
    };
    if !may_follow(&actor, subject) {
        return Ok(Follower::Refused);
    }
    let mut tx = app.store.read().await?;
    let ends_at = sessions::ends_at(&mut tx, session, idle).await?;
    Ok(ends_at.map_or(Follower::SessionOver, Follower::Until))
}

/// Where these subjects stand, by three statements at the most, however many they are.
pub async fn positions(app: &App, subjects: &[Subject]) -> Result<HashMap<Subject, Position>, Error> {
    let (mut people, mut ids, mut readers) = (Vec::new(), Vec::new(), Vec::new());
    for subject in subjects {
        match subject {
            Subject::OwnRequests(user) => people.push(*user),
            Subject::OwnNotifications(user) => readers.push(*user),
            Subject::Request { id, .. } => ids.push(*id),
        }
    }
    let mut tx = app.store.read().await?;
    let mut open: HashMap<UserId, Vec<(RequestId, i64)>> = HashMap::new();
    for status in requests::open_of(&mut tx, &people).await? {
        open.entry(status.target_id).or_default().push((status.id, status.version));
    }
    let one: HashMap<RequestId, (i64, bool)> = requests::statuses(&mut tx, &ids)
        .await?
        .into_iter()
        .map(|status| (status.id, (status.version, !status.state.is_open())))
        .collect();
    let unread: HashMap<UserId, Unread> = notifications::unread(&mut tx, &readers)
        .await?
        .into_iter()
        .map(|unread| (unread.user_id, unread))
        .collect();
    let position = |subject: &Subject| match subject {
        Subject::OwnNotifications(user) => Position {
            tag: unread
                .get(user)
                .map_or_else(String::new, |of| format!("{}-{}", of.number, of.newest.timestamp_micros())),
            settled: false,
        },
        Subject::OwnRequests(user) => of_many(open.get(user).map_or(&[], Vec::as_slice)),
        Subject::Request { id, .. } => {
            let (version, settled) = one.get(id).copied().unwrap_or((0, true));
            Position {
                tag: version.to_string(),
                settled,
            }
        }
    };
    Ok(subjects.iter().map(|subject| (*subject, position(subject))).collect())
}

/// Where a person's open requests stand together; the tag need only differ, and is compared with none but its own kind.
fn of_many(open: &[(RequestId, i64)]) -> Position {
    let mut hasher = DefaultHasher::new();
    open.hash(&mut hasher);
    Position {
        tag: format!("{}-{:016x}", open.len(), hasher.finish()),
        settled: open.is_empty(),
    }
}
