//! Requests that move while someone looks on: a stream of events for one request, which ends when the request has come to rest. What the
//! worker tells is only a hint; every two seconds the stream looks by itself, since another copy may have done the work.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use serde::Serialize;

use super::edge::Edge;
use super::session::SessionKey;
use crate::domain::id::{RequestId, UserId};
use crate::domain::request::RequestState;
use crate::rpc::context::CurrentActor;
use crate::service::{Error, accounts, requests};

/// Streams that one person may have open.
const STREAMS_MAX: usize = 10;
/// How long a stream relies on hints alone.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Hints closer together than this are one.
const SETTLE: Duration = Duration::from_millis(40);

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

/// What an event tells: enough to know that the page should load the request again.
#[derive(Serialize)]
struct Moved {
    state: RequestState,
    version: i64,
    /// Nothing more will come.
    done: bool,
}

/// The stream of one request, for its target and for those who may read governance.
pub async fn request(State(edge): State<Arc<Edge>>, Path(id): Path<String>, request: Request) -> Response {
    let current = request.extensions().get::<CurrentActor>().cloned().unwrap_or_default();
    let session = request.extensions().get::<SessionKey>().cloned();
    let (Some(actor), Some(SessionKey(session))) = (current.0, session) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Ok(id) = id.parse::<RequestId>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let pulse = match requests::pulse(&edge.app, &actor, id).await {
        Ok(pulse) => pulse,
        Err(Error::NotFound) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a stream of events could not begin");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    if !pulse.0.is_open() && last_seen(request.headers()) == Some(pulse.1) {
        // The browser came back for more; this answer tells it to stay away.
        return StatusCode::NO_CONTENT.into_response();
    }
    let Some(slot) = edge.streams.open(actor.id) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let watch = Watch {
        edge,
        id,
        session,
        seen: None,
        over: false,
        _slot: slot,
    };
    Sse::new(watch.events())
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

fn last_seen(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

/// One stream's place in its request's story.
struct Watch {
    edge: Arc<Edge>,
    id: RequestId,
    session: String,
    seen: Option<i64>,
    over: bool,
    _slot: Slot,
}

impl Watch {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        futures::stream::unfold(self, async |mut watch| {
            let event = watch.next().await?;
            Some((Ok(event), watch))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        while !self.over {
            let done = self.edge.done.clone();
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
                () = hint => tokio::time::sleep(SETTLE).await,
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.edge.stop.cancelled() => return None,
            }
        }
        None
    }

    /// The event of a move since the last look, while the session that asked still holds and its user may still know.
    async fn look(&mut self) -> Result<Option<Event>, Error> {
        let Some(actor) = accounts::still_there(&self.edge.app, &self.session, self.edge.idle()).await? else {
            self.over = true;
            return Ok(None);
        };
        let (state, version) = match requests::pulse(&self.edge.app, &actor, self.id).await {
            Err(Error::NotFound) => {
                self.over = true;
                return Ok(None);
            }
            found => found?,
        };
        if self.seen == Some(version) {
            return Ok(None);
        }
        self.seen = Some(version);
        self.over = !state.is_open();
        let moved = Moved {
            state,
            version,
            done: self.over,
        };
        let data = serde_json::to_string(&moved).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Some(Event::default().id(version.to_string()).data(data)))
    }
}
