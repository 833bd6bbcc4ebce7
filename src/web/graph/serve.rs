//! One call from end to end: reads what was sent, finds the row of the table, runs its handler, again where the database broke it off, and
//! dresses what comes back.

use std::sync::Arc;

use axum::body::{Body as Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::answer::{Answer, Ids};
use super::body::Body;
use super::call::{Call, IfMatch, Version};
use super::fault::Fault;
use super::route::{self, Found, Route, Verb};
use super::{
    address, approvals, assignments, batch, beta, catalogs, groups, incompatibilities, metadata, offers, organizations, package_roles,
    packages, permission, policies, projection, requests, resources, roles, service_principals, settings, users,
};
use crate::domain::access::Principal;
use crate::domain::odata::QueryOptions;
use crate::domain::question::preferred_language;
use crate::rpc::context::{BrokenOff, CurrentPrincipal, refused};
use crate::service::App;
use crate::web::meter::Meter;
use crate::web::state::AppState;
use crate::web::{BODY_MAX, address as network, api};

/// All tables of routes.
pub const TABLES: &[&[Route]] = &[
    catalogs::ROUTES,
    policies::ROUTES,
    requests::ROUTES,
    assignments::ROUTES,
    approvals::ROUTES,
    offers::ROUTES,
    resources::ROUTES,
    packages::ROUTES,
    organizations::ROUTES,
    settings::ROUTES,
    package_roles::ROUTES,
    incompatibilities::ROUTES,
    users::ROUTES,
    groups::ROUTES,
    service_principals::ROUTES,
    roles::ROUTES,
    metadata::ROUTES,
    batch::ROUTES,
];

/// What is asked, before it is known of whom.
pub struct Asked {
    /// Who asks.
    pub actor: Principal,
    /// By which method.
    pub verb: Option<Verb>,
    /// In which shape.
    pub version: Version,
    /// Scheme and host.
    pub origin: String,
    /// The path behind the version.
    pub path: String,
    /// The query.
    pub query: String,
    /// What was sent.
    pub body: Body,
    /// The version that a change is meant for.
    pub if_match: IfMatch,
    /// The language that is asked for.
    pub language: String,
    /// Counts the calls of who asks.
    pub meter: Option<Meter>,
}

/// Answers whatever is asked under `/v1.0` and `/beta`.
pub async fn serve(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let ids = Ids::of(&parts.headers, &parts.extensions, state.app.clock.now());
    let answer = match read(&state, &parts, body).await {
        Ok(asked) => perform(&state.app, asked, &ids).await,
        Err(fault) => Answer::of_fault(&fault, &ids, parts.uri.path()),
    };
    answer.into_response()
}

async fn read(state: &AppState, parts: &Parts, body: Bytes) -> Result<Asked, Fault> {
    let actor = parts.extensions.get::<CurrentPrincipal>().cloned().unwrap_or_default().0;
    let actor = actor.ok_or_else(Fault::unauthenticated)?;
    let path = parts.uri.path().trim_start_matches('/');
    let (version, path) = path.split_once('/').unwrap_or((path, ""));
    let verb = Verb::of(&parts.method);
    let body = match verb {
        Some(Verb::Get) | None => Body::default(),
        _ => sent(&parts.headers, body).await?,
    };
    Ok(Asked {
        actor,
        verb,
        version: if version.eq_ignore_ascii_case("beta") {
            Version::Beta
        } else {
            Version::V1
        },
        origin: network::origin(parts, &state.config),
        path: path.to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body,
        if_match: if_match(parts.headers.get(IF_MATCH).map(|value| value.to_str().unwrap_or_default())),
        language: language(&parts.headers),
        meter: parts.extensions.get::<Meter>().cloned(),
    })
}

async fn sent(headers: &HeaderMap, body: Bytes) -> Result<Body, Fault> {
    let bytes = to_bytes(body, BODY_MAX).await.map_err(|_| Fault::too_large())?;
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !bytes.is_empty() && !kind.is_empty() && !kind.to_ascii_lowercase().contains("json") {
        let message = format!("The body has to be application/json, not {kind}.");
        return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message));
    }
    Body::parse(&bytes)
}

/// `W/"3"`, `"3"` or `*`.
pub fn if_match(header: Option<&str>) -> IfMatch {
    match header.map(str::trim) {
        None | Some("" | "*") => IfMatch::Any,
        Some(tag) => {
            let number = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').parse();
            number.map_or(IfMatch::Unknown, IfMatch::Version)
        }
    }
}

fn language(headers: &HeaderMap) -> String {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    preferred_language(header.unwrap_or_default())
}

/// Runs what is asked and dresses what comes back.
pub async fn perform(app: &App, asked: Asked, ids: &Ids) -> Answer {
    let address = format!("/{}/{}", asked.version.as_str(), asked.path);
    let actor = asked.actor.clone();
    let result = match prepare(app, asked) {
        Err(fault) => Err(fault),
        Ok(call) => run(&call).await.and_then(|reply| Answer::of_reply(reply, &call, ids)),
    };
    match result {
        Ok(answer) => answer,
        Err(fault) => {
            if let Some(cause) = &fault.cause {
                tracing::error!(
                    trace_id = ids.request,
                    error = &**cause as &dyn std::error::Error,
                    "a call of the API failed"
                );
            }
            if let Some(refusal) = &fault.refusal {
                refused(app, &actor, &address, refusal).await;
            }
            Answer::of_fault(&fault, ids, &address)
        }
    }
}

async fn run(call: &Call) -> Result<super::reply::Reply, Fault> {
    let run = |broken_off: BrokenOff| async move {
        let result = (call.route.run)(call).await;
        broken_off.note(result.as_ref().is_err_and(Fault::is_transient));
        result
    };
    api::until_settled(&call.app, run).await
}

/// The character that no text here holds; PostgreSQL keeps none with it.
const NUL: char = '\0';

/// Refuses what is sent with a NUL in it before anything is done with it.
fn refuse_nul(segments: &[address::Segment], pairs: &[(String, String)], body: &Body) -> Result<(), Fault> {
    if segments.iter().any(|segment| segment.text.contains(NUL)) {
        return Err(Fault::not_found());
    }
    let arguments = segments.iter().filter_map(|segment| segment.arguments.as_ref()).flatten();
    if arguments
        .chain(pairs)
        .any(|(name, value)| name.contains(NUL) || value.contains(NUL))
    {
        return Err(Fault::bad("The address holds a NUL character (%00), which no text here has."));
    }
    if body.contains(NUL) {
        return Err(Fault::bad("The body holds a NUL character (\\u0000), which no text here has."));
    }
    Ok(())
}

fn prepare(app: &App, asked: Asked) -> Result<Call, Fault> {
    let mut segments = address::segments(&asked.path);
    let counts_only = asked.verb == Some(Verb::Get) && segments.last().is_some_and(|last| last.text.eq_ignore_ascii_case("$count"));
    if counts_only {
        segments.pop();
    }
    let (route, matched) = match route::find(TABLES, asked.verb, &segments) {
        Found::Route(route, matched) => (route, matched),
        Found::Methods(methods) => return Err(Fault::method(methods)),
        Found::Nothing => return Err(Fault::no_address(&asked.path)),
    };
    permission::check(&asked.actor, route)?;
    let pairs = address::pairs(&asked.query);
    refuse_nul(&segments, &pairs, &asked.body)?;
    let mut options = QueryOptions::parse(&pairs)?;
    beta::options(route.kind, &mut options);
    projection::check(route.kind, &options)?;
    if counts_only {
        options.list.count = true;
        options.list.top = Some(0);
    }
    let mut body = asked.body.value();
    beta::incoming(route.kind, &mut body);
    Ok(Call {
        app: app.clone(),
        actor: asked.actor,
        version: asked.version,
        route,
        matched,
        base: format!("{}/{}", asked.origin, asked.version.as_str()),
        path: asked.path.trim_matches('/').to_owned(),
        set: route::set_of(&segments),
        query: asked.query,
        pairs,
        options,
        counts_only,
        body: Body::of(body)?,
        if_match: asked.if_match,
        language: asked.language,
        meter: asked.meter,
    })
}
