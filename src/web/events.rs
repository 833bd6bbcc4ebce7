//! Requests that move while someone looks on: a stream of events of what a page shows, which ends when all of it has settled, or with the
//! session. One stream a page, since browsers allow six connections to a server over all their windows. An event carries no data; the page
//! asks again for what it shows.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;

use super::event_hub::{News, Opening, Subscription};
use super::session::SessionKey;
use super::state::AppState;
use crate::domain::access::Principal;
use crate::rpc::context::CurrentPrincipal;
use crate::service::Error;
use crate::service::following::{self, Follower, Subject};

/// How often a stream on which nothing happens shows that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// The last event of a stream whose session has ended.
const SESSION_OVER: &str = r#"{"done":true,"session":"over"}"#;

/// The stream of all one's own open requests.
pub async fn own_requests(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let Some((actor, session)) = caller(request.extensions()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let subject = following::own_requests(&actor);
    answer(&state, &actor, session, subject, request.headers()).await
}

/// The stream of what one is told.
pub async fn own_notifications(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let Some((actor, session)) = caller(request.extensions()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let subject = following::own_notifications(&actor);
    answer(&state, &actor, session, subject, request.headers()).await
}

/// The stream of one request.
pub async fn request(State(state): State<Arc<AppState>>, Path(id): Path<String>, request: Request) -> Response {
    let Some((actor, session)) = caller(request.extensions()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let subject = match id.parse() {
        Ok(id) => following::request(&state.app, &actor, id).await,
        Err(_) => Err(Error::NotFound),
    };
    answer(&state, &actor, session, subject, request.headers()).await
}

fn caller(extensions: &Extensions) -> Option<(Principal, String)> {
    let actor = extensions.get::<CurrentPrincipal>()?.0.clone()?;
    let SessionKey(session) = extensions.get::<SessionKey>()?.clone();
    Some((actor, session))
}

async fn answer(state: &AppState, actor: &Principal, session: String, subject: Result<Subject, Error>, headers: &HeaderMap) -> Response {
    let opened = async {
        let subject = subject?;
        let user = actor.user_id().ok_or(Error::NotFound)?;
        let stood = following::positions(&state.app, &[subject]).await?.remove(&subject);
        let follower = following::follower(&state.app, &session, state.idle(), subject).await?;
        Ok::<_, Error>((subject, user, stood, follower))
    };
    let (subject, user, position, session_ends_at) = match opened.await {
        Ok((subject, user, position, Follower::Until(at))) => (subject, user, position, at),
        Ok(_) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(Error::NotFound) => return StatusCode::NOT_FOUND.into_response(),
        Err(Error::Refused(_)) => return StatusCode::FORBIDDEN.into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a stream of events could not begin");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    if position.is_some_and(|position| position.settled && last_seen(headers) == Some(&position.tag)) {
        // The browser came back for more; this answer tells it to stay away.
        return StatusCode::NO_CONTENT.into_response();
    }
    let opening = Opening {
        subject,
        user,
        session,
        session_ends_at,
    };
    let Some(subscription) = state.events.open(opening) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    Sse::new(events(subscription))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response()
}

fn last_seen(headers: &HeaderMap) -> Option<&str> {
    headers.get("last-event-id")?.to_str().ok()
}

fn events(subscription: Subscription) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(Some(subscription), async |subscription| {
        let mut subscription = subscription?;
        let (event, over) = match subscription.next().await? {
            News::None | News::Refused => return None,
            News::SessionOver => (Event::default().data(SESSION_OVER), true),
            News::Moved(position) => {
                let data = format!(r#"{{"done":{}}}"#, position.settled);
                (Event::default().id(&position.tag).data(data), position.settled)
            }
        };
        Some((Ok(event), (!over).then_some(subscription)))
    })
}
