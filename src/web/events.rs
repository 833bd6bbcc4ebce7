//! Requests that move while someone looks on: a stream of events for those that a page shows, which ends when all have come to rest. One
//! stream a page, since browsers allow six connections to a server over all their windows. What the worker tells is only a hint; every two
//! seconds the stream looks by itself, since another copy may have done the work.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;

use super::session::SessionKey;
use super::state::AppState;
use crate::domain::id::{RequestId, UserId};
use crate::paths::FOLLOWED_MAX;
use crate::rpc::context::CurrentPrincipal;
use crate::service::{Error, accounts, requests};
use crate::store::requests::RequestStatus;

/// Streams that one person may have open.
const STREAMS_MAX: usize = 10;
/// How long a stream relies on hints alone.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Hints closer together than this are one.
const DEBOUNCE: Duration = Duration::from_millis(40);

/// Open streams by person.
#[derive(Clone, Debug, Default)]
pub struct Streams(Arc<Mutex<HashMap<UserId, usize>>>);

impl Streams {
    fn open(&self, user: UserId) -> Option<Slot> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user).or_default();
        if *count >= STREAMS_MAX {
            return None;
        }
        *count += 1;
        Some(Slot {
            streams: self.clone(),
            user,
        })
    }
}

/// One open stream; given back when the browser goes.
struct Slot {
    streams: Streams,
    user: UserId,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}

/// The stream of up to `FOLLOWED_MAX` requests, their ids parted by commas, for their target and for those who may see the requests of their catalog.
pub async fn requests(State(state): State<Arc<AppState>>, Path(ids): Path<String>, request: Request) -> Response {
    let current = request.extensions().get::<CurrentPrincipal>().cloned().unwrap_or_default();
    let session = request.extensions().get::<SessionKey>().cloned();
    let (Some(actor), Some(SessionKey(session))) = (current.0, session) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Some(user) = actor.user_id() else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let ids: Result<Vec<RequestId>, _> = ids.split(',').take(FOLLOWED_MAX).map(str::parse).collect();
    let Ok(ids) = ids else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let statuses = match requests::statuses(&state.app, &actor, &ids).await {
        Ok(statuses) => statuses,
        Err(Error::NotFound) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a stream of events could not begin");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    if all_settled(&statuses) && last_seen(request.headers()) == Some(&version_tag(&statuses)) {
        // The browser came back for more; this answer tells it to stay away.
        return StatusCode::NO_CONTENT.into_response();
    }
    let Some(slot) = state.streams.open(user) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let watch = RequestStream {
        state,
        ids,
        session,
        seen: None,
        over: false,
        _slot: slot,
    };
    Sse::new(watch.events())
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

fn last_seen(headers: &HeaderMap) -> Option<&str> {
    headers.get("last-event-id")?.to_str().ok()
}

/// Whether nothing more will come.
fn all_settled(statuses: &[RequestStatus]) -> bool {
    !statuses.iter().any(|pulse| pulse.state.is_open())
}

/// Another one with each move: the versions in order.
fn version_tag(statuses: &[RequestStatus]) -> String {
    let versions: Vec<String> = statuses.iter().map(|pulse| pulse.version.to_string()).collect();
    versions.join("-")
}

/// One stream's place in the story of its requests.
struct RequestStream {
    state: Arc<AppState>,
    ids: Vec<RequestId>,
    session: String,
    seen: Option<String>,
    over: bool,
    _slot: Slot,
}

impl RequestStream {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        futures::stream::unfold(self, async |mut watch| {
            let event = watch.next().await?;
            Some((Ok(event), watch))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        while !self.over {
            let done = self.state.done.clone();
            let hint = done.notified();
            match self.look().await {
                Ok(Some(event)) => return Some(event),
                Ok(None) if self.over => return None,
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "a stream of events broke off");
                    return None;
                }
            }
            tokio::select! {
                () = hint => tokio::time::sleep(DEBOUNCE).await,
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.state.stop.cancelled() => return None,
            }
        }
        None
    }

    /// The event of a move since the last look, while the session that asked still holds and its user may still know.
    async fn look(&mut self) -> Result<Option<Event>, Error> {
        let Some(actor) = accounts::still_there(&self.state.app, &self.session, self.state.idle()).await? else {
            self.over = true;
            return Ok(None);
        };
        let statuses = match requests::statuses(&self.state.app, &actor, &self.ids).await {
            Err(Error::NotFound) => {
                self.over = true;
                return Ok(None);
            }
            found => found?,
        };
        let version_tag = version_tag(&statuses);
        if self.seen.as_ref() == Some(&version_tag) {
            return Ok(None);
        }
        self.over = all_settled(&statuses);
        let event = Event::default().id(&version_tag).data(format!(r#"{{"done":{}}}"#, self.over));
        self.seen = Some(version_tag);
        Ok(Some(event))
    }
}
