//! Sessions: a random cookie in the browser, its SHA-256 in the database. Sign-in gives a new one; a minute's requests share one
//! write. When a session ends is told by the application's own clock.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{Redirect, Response};
use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::{Session, SessionManagerLayer, SessionStore, session_store};

use super::state::AppState;
use super::{address, answers};
use crate::domain::access::Principal;
use crate::domain::id::UserId;
use crate::paths;
use crate::rpc::context::{CurrentPrincipal, TraceId};
use crate::service::accounts::{self, Proven};
use crate::service::{App, Error};
use crate::store::sessions::{self, NewSession};
use crate::store::{StoreError, Tx};

const USER: &str = "user";
const SINCE: &str = "signed_in_at";
/// The password's hash by which the session begins and, if that is a sign-in, its address; on its way to the database, and never kept there.
const PROOF: &str = "proof";

/// The key of the session that a request came with.
#[derive(Clone, Debug)]
pub struct SessionKey(pub String);

/// Finds who asks, once for each request, and puts it where handlers look.
pub async fn identify(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    let id = request.extensions().get::<Session>().and_then(Session::id);
    let mut current = CurrentPrincipal(None);
    let address = address::client(request.headers(), request.extensions(), &state.config.trusted_proxy);
    if let Some(key) = id.map(|id| key(&id)) {
        match accounts::resume(&state.app, &key, state.idle()).await {
            Ok(Some(resumed)) => {
                if resumed.use_is_due {
                    note_use(&state, &key);
                }
                current.0 = Some(Principal {
                    address: address.to_string(),
                    ..resumed.actor
                });
            }
            Ok(None) => {}
            Err(error) => {
                let trace = request.extensions().get::<TraceId>().cloned().unwrap_or_default();
                return answers::failed(&state, request.uri().path(), request.headers(), &trace, &error);
            }
        }
        request.extensions_mut().insert(SessionKey(key));
    }
    request.extensions_mut().insert(current);
    next.run(request).await
}

/// Who asks, if they may see pages at all; else where they have to go first.
pub fn visitor(request: &Request) -> Result<Principal, Redirect> {
    let here = request.uri().path_and_query().map_or("", |path| path.as_str());
    let here = if request.method() == Method::GET {
        here
    } else {
        request.uri().path()
    };
    let current = request.extensions().get::<CurrentPrincipal>().cloned().unwrap_or_default();
    match current.0 {
        None => Err(Redirect::to(&paths::sign_in(here))),
        Some(actor) if actor.must_change_password => Err(Redirect::to(&paths::with_query(paths::PASSWORD, &[("return", here)]))),
        Some(actor) => Ok(actor),
    }
}

/// Notes the use of a session beside the answer: a busy or broken database keeps nobody from reading (B4).
fn note_use(state: &Arc<AppState>, key: &str) {
    if !state.uses.begin(key) {
        return;
    }
    let (state, key) = (state.clone(), key.to_owned());
    tokio::spawn(async move {
        if let Err(error) = accounts::note_use(&state.app, &key).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the use of a session could not be noted");
        }
        state.uses.end(&key);
    });
}

/// Gives the browser a new session for this person; one that it had before ends.
pub async fn begin(state: &AppState, session: &Session, proven: Proven, address: &str) -> Result<(), Error> {
    if session.id().is_some() {
        session.flush().await.map_err(internal)?;
    }
    session.insert(USER, proven.user).await.map_err(internal)?;
    session.insert(SINCE, state.app.clock.now()).await.map_err(internal)?;
    session.insert(PROOF, (proven.hash, Some(address))).await.map_err(internal)
}

/// Gives the browser a new cookie for the same session, after its user has chosen another password.
pub async fn rotate(session: &Session, proven: Proven) -> Result<(), Error> {
    session.insert(PROOF, (proven.hash, None::<&str>)).await.map_err(internal)?;
    session.cycle_id().await.map_err(internal)
}

/// Ends the browser's session.
pub async fn end(session: &Session) -> Result<(), Error> {
    session.flush().await.map_err(internal)
}

fn internal(error: tower_sessions::session::Error) -> Error {
    Error::Internal(format!("the session: {error}"))
}

/// The layer that reads and sets the cookie.
pub fn layer(state: &AppState) -> SessionManagerLayer<Sessions> {
    let secure = state.config.is_secure();
    SessionManagerLayer::new(Sessions {
        app: state.app.clone(),
        idle: state.idle(),
        absolute: Duration::hours(state.config.session_absolute_hours),
    })
    .with_name(if secure { "__Host-woodgate" } else { "woodgate" })
    .with_secure(secure)
    .with_http_only(true)
    .with_same_site(SameSite::Lax)
    .with_path("/")
}

/// Browsers leave a `__Host-` cookie where it is unless its removal is `Secure` too, which the layer above does not say.
pub async fn secure_removal(mut response: Response) -> Response {
    for (name, value) in response.headers_mut() {
        let removal = value.to_str().ok().filter(|text| {
            let host_cookie = *name == SET_COOKIE && text.starts_with("__Host-");
            host_cookie && !text.contains("; Secure")
        });
        let secured = removal.and_then(|text| HeaderValue::from_str(&format!("{text}; Secure")).ok());
        if let Some(secured) = secured {
            *value = secured;
        }
    }
    response
}

fn key(id: &Id) -> String {
    Sha256::digest(id.to_string().as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Keeps sessions in the product's own database.
#[derive(Clone)]
pub struct Sessions {
    app: App,
    idle: Duration,
    absolute: Duration,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

impl Sessions {
    async fn write<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>) -> session_store::Result<T> {
        let work = async {
            let mut tx = self.app.store.write().await?;
            let done = work(&mut tx).await?;
            tx.commit().await?;
            Ok(done)
        };
        work.await.map_err(backend)
    }
}

fn backend(error: StoreError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

/// One value that a new session carries.
fn carried<T: serde::de::DeserializeOwned>(value: Option<serde_json::Value>) -> session_store::Result<T> {
    serde_json::from_value(value.unwrap_or_default()).map_err(|error| session_store::Error::Decode(error.to_string()))
}

fn data(record: &Record) -> session_store::Result<serde_json::Value> {
    serde_json::to_value(&record.data).map_err(|error| session_store::Error::Encode(error.to_string()))
}

#[async_trait]
impl SessionStore for Sessions {
    /// Always under a new id, so that no id from before sign-in lives on.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        record.id = Id::default();
        let now = self.app.clock.now();
        let (hash, signs_in): (String, Option<String>) = carried(record.data.remove(PROOF))?;
        let user: UserId = carried(record.data.get(USER).cloned())?;
        let created_at: DateTime<Utc> = carried(record.data.get(SINCE).cloned())?;
        let session = NewSession {
            key: key(&record.id),
            user,
            data: data(record)?,
            created_at,
            seen_at: now,
            expires_at: created_at + self.absolute,
        };
        let begun = accounts::begin(&self.app, session, &hash, signs_in.as_deref()).await;
        if !begun.map_err(|error| session_store::Error::Backend(error.to_string()))? {
            // The cookie opens nothing: as if the session had begun a moment earlier, and ended with the old password.
            tracing::info!(user = %user, "a session did not begin: the account has changed since the password was checked");
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let data = data(record)?;
        self.write(async |tx| sessions::update(tx, &key(&record.id), data).await).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let now = self.app.clock.now();
        let mut tx = self.app.store.read().await.map_err(backend)?;
        let found = sessions::data(&mut tx, &key(id), now, now - self.idle).await.map_err(backend)?;
        let Some(data) = found else { return Ok(None) };
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_value(data).map_err(|error| session_store::Error::Decode(error.to_string()))?,
            // Told by the database alone.
            expiry_date: OffsetDateTime::UNIX_EPOCH,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.write(async |tx| sessions::end(tx, &key(id)).await.map(|_| ())).await
    }
}
