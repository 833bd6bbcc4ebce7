//! What `make bench` puts beside the product: the same statements on the same database behind bare handlers, without cookies, checks of
//! where a call comes from, server functions, log and pages. The difference is what those cost. Not part of the product: it believes
//! whatever session key it is told and must listen on loopback alone.

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use woodgate::args;
use woodgate::domain::access::{Principal, Visible};
use woodgate::domain::group::{GroupItem, GroupQuery, MemberItem, MemberQuery};
use woodgate::domain::id::{PackageId, RequestId};
use woodgate::domain::odata::{ListQuery, QueryOptions};
use woodgate::domain::package::{PackageItem, PackageQuery};
use woodgate::domain::page::Page;
use woodgate::domain::request::SubmitForm;
use woodgate::domain::user::{UserItem, UserQuery};
use woodgate::service::ports::{Passwords, SystemClock, SystemIds};
use woodgate::service::{App, Error, Site, my_access};
use woodgate::store::odata::ListFault;
use woodgate::store::{Store, StoreError, Tx, clients, groups, members, odata, packages, sessions, users};
use woodgate::worker::{self, WorkerNotifier};

/// The header that names a session's key.
const SESSION: &str = "x-session-key";

/// Anything that goes wrong; the load stops at the first.
struct Wrong(String);

impl From<StoreError> for Wrong {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<ListFault> for Wrong {
    fn from(error: ListFault) -> Self {
        Self(error.to_string())
    }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self(format!("{error:?}"))
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0).into_response()
    }
}

type Answer<T> = Result<Json<T>, Wrong>;

/// Nobody signs in here.
struct NoPasswords;

#[async_trait]
impl Passwords for NoPasswords {
    async fn hash(&self, _: String) -> Result<String, Error> {
        Err(Error::Internal("passwords are not hashed here".into()))
    }
    async fn verify(&self, _: String, _: Option<String>) -> Result<bool, Error> {
        Ok(false)
    }
}

/// The statement with which the product finds who asks.
async fn who(app: &App, tx: &mut Tx, headers: &HeaderMap) -> Result<Principal, Wrong> {
    let key = headers.get(SESSION).and_then(|key| key.to_str().ok()).unwrap_or_default();
    let now = app.clock.now();
    let live = sessions::live(tx, key, now, now - Duration::hours(1)).await?;
    live.map(|live| live.actor)
        .ok_or_else(|| Wrong(format!("{SESSION} names no session")))
}

async fn list_groups(State(app): State<App>, headers: HeaderMap, Json(query): Json<GroupQuery>) -> Answer<Page<GroupItem>> {
    let mut tx = app.store.read().await?;
    who(&app, &mut tx, &headers).await?;
    Ok(Json(groups::list(&mut tx, &query).await?))
}

async fn list_packages(State(app): State<App>, headers: HeaderMap, Json(query): Json<PackageQuery>) -> Answer<Page<PackageItem>> {
    let mut tx = app.store.read().await?;
    who(&app, &mut tx, &headers).await?;
    let page = packages::page(&mut tx, &query, &Visible::All).await?;
    let ids: Vec<PackageId> = page.items.iter().map(|package| package.id).collect();
    let active = packages::active_bounded(&mut tx, &ids, app.clock.now()).await?;
    Ok(Json(page.map(|package| {
        let count = active.get(&package.id).copied().unwrap_or(0);
        package.item(count)
    })))
}

async fn list_users(State(app): State<App>, headers: HeaderMap, Json(query): Json<UserQuery>) -> Answer<Page<UserItem>> {
    let mut tx = app.store.read().await?;
    who(&app, &mut tx, &headers).await?;
    Ok(Json(users::list(&mut tx, &query).await?))
}

async fn list_members(State(app): State<App>, headers: HeaderMap, Json(query): Json<MemberQuery>) -> Answer<Page<MemberItem>> {
    let mut tx = app.store.read().await?;
    who(&app, &mut tx, &headers).await?;
    Ok(Json(members::list(&mut tx, &query, app.clock.now()).await?))
}

/// The header that names a client of the API.
const CLIENT: &str = "x-client-id";

/// The statement with which the product finds which client calls.
async fn client_calls(tx: &mut Tx, headers: &HeaderMap) -> Result<(), Wrong> {
    let id = headers.get(CLIENT).and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| Wrong(format!("{CLIENT} names no client")))?;
    let caller = clients::caller(tx, id).await?;
    caller.map(drop).ok_or_else(|| Wrong(format!("{CLIENT} names no client")))
}

type Pairs = Query<Vec<(String, String)>>;

fn options(pairs: &Pairs) -> Result<ListQuery, Wrong> {
    QueryOptions::parse(pairs)
        .map(|options| options.list)
        .map_err(|fault| Wrong(fault.to_string()))
}

async fn api_users(State(app): State<App>, headers: HeaderMap, pairs: Pairs) -> Answer<Value> {
    let query = options(&pairs)?;
    let mut tx = app.store.read().await?;
    client_calls(&mut tx, &headers).await?;
    let found = odata::users::list(&mut tx, &query, odata::users::Which::Present).await?;
    let rows = found.rows.iter().map(|user| {
        json!({
            "id": user.id, "displayName": user.name, "userPrincipalName": user.user_name, "mail": user.mail, "jobTitle": user.job_title,
            "officeLocation": user.office, "mobilePhone": user.phone, "businessPhones": [user.phone],
        })
    });
    Ok(Json(json!({ "value": rows.collect::<Vec<_>>(), "next": found.next })))
}

async fn api_packages(State(app): State<App>, headers: HeaderMap, pairs: Pairs) -> Answer<Value> {
    let query = options(&pairs)?;
    let mut tx = app.store.read().await?;
    client_calls(&mut tx, &headers).await?;
    let found = odata::packages::list(&mut tx, &query, &odata::packages::Which::Visible(Visible::All)).await?;
    let rows = found.rows.iter().map(|package| {
        json!({
            "id": package.id, "displayName": package.name, "description": package.description, "isHidden": package.hidden,
            "createdDateTime": package.created_at, "modifiedDateTime": package.updated_at,
        })
    });
    Ok(Json(json!({ "value": rows.collect::<Vec<_>>(), "next": found.next })))
}

async fn api_assignments(State(app): State<App>, headers: HeaderMap, pairs: Pairs) -> Answer<Value> {
    let query = options(&pairs)?;
    let mut tx = app.store.read().await?;
    client_calls(&mut tx, &headers).await?;
    let whose = odata::assignments::Whose::Visible(&Visible::All);
    let found = odata::assignments::list(&mut tx, &query, whose, app.clock.now()).await?;
    let rows = found.rows.iter().map(|assignment| {
        json!({
            "id": assignment.id, "state": assignment.state, "status": assignment.state,
            "schedule": { "startDateTime": assignment.starts_at, "expiration": { "endDateTime": assignment.ends_at } },
        })
    });
    Ok(Json(json!({ "value": rows.collect::<Vec<_>>(), "next": found.next })))
}

/// The use case itself, its transaction and its job, for whoever the session says.
async fn submit(State(app): State<App>, headers: HeaderMap, Json(form): Json<SubmitForm>) -> Answer<RequestId> {
    let mut tx = app.store.read().await?;
    let actor = who(&app, &mut tx, &headers).await?;
    drop(tx);
    Ok(Json(my_access::submit(&app, &actor, &form).await?))
}

#[derive(Deserialize)]
struct Since {
    since: DateTime<Utc>,
}

/// What was delivered of the requests since an instant, by the database's own times.
#[derive(Serialize)]
struct Deliveries {
    submitted: i64,
    delivered: i64,
    first_submit: Option<DateTime<Utc>>,
    last_delivery: Option<DateTime<Utc>>,
}

async fn deliveries(State(app): State<App>, Query(Since { since }): Query<Since>) -> Answer<Deliveries> {
    let begun = "SELECT count(*), min(submitted_at) FROM requests WHERE submitted_at >= $1";
    let ended = "SELECT count(*), max(completed_at) FROM requests WHERE submitted_at >= $1 AND state = 'delivered'";
    progress(&app, since, begun, ended).await
}

/// Decisions of approvers since an instant, and what was delivered of them.
async fn decisions(State(app): State<App>, Query(Since { since }): Query<Since>) -> Answer<Deliveries> {
    let begun = "SELECT count(*), min(decided_at) FROM approvers WHERE decided_at >= $1";
    let ended = "SELECT count(*), max(completed_at) FROM requests WHERE completed_at >= $1 AND state = 'delivered'";
    progress(&app, since, begun, ended).await
}

/// How many began since an instant and when the first did, and how many ended and when the last did.
async fn progress(app: &App, since: DateTime<Utc>, begun: &'static str, ended: &'static str) -> Answer<Deliveries> {
    let mut tx = app.store.read().await?;
    let (submitted, first_submit): (i64, Option<DateTime<Utc>>) = tx.one(begun, args![since]).await?;
    let (delivered, last_delivery): (i64, Option<DateTime<Utc>>) = tx.one(ended, args![since]).await?;
    Ok(Json(Deliveries {
        submitted,
        delivered,
        first_submit,
        last_delivery,
    }))
}

/// `bare DATABASE_URL ADDRESS [--worker]`: with the last, requests are delivered too.
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, address, rest @ ..] = arguments.as_slice() else {
        return Err("Usage: bare DATABASE_URL ADDRESS [--worker]".into());
    };
    let bell = Arc::new(WorkerNotifier::default());
    let app = App {
        store: Store::connect(url).await?,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds::default()),
        passwords: Arc::new(NoPasswords),
        wake: bell.clone(),
        site: Arc::new(Site {
            tenant: "Woodgrove Bank".into(),
            public_url: format!("http://{address}"),
            mail: woodgate::service::MailRoute::Folder(String::new()),
        }),
    };
    if rest.iter().any(|argument| argument == "--worker") {
        tokio::spawn(worker::run(app.clone(), bell, CancellationToken::new()));
    }
    let router = Router::new()
        .route("/groups", post(list_groups))
        .route("/packages", post(list_packages))
        .route("/users", post(list_users))
        .route("/members", post(list_members))
        .route("/api/users", get(api_users))
        .route("/api/accessPackages", get(api_packages))
        .route("/api/assignments", get(api_assignments))
        .route("/submit", post(submit))
        .route("/deliveries", get(deliveries))
        .route("/decisions", get(decisions))
        .with_state(app);
    let listener = tokio::net::TcpListener::bind(address.parse::<SocketAddr>()?).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
