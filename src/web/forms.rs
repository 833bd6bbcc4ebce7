//! The forms of My Access as a browser without scripting posts them: read, carried out, and answered with the next page or with the same page
//! and what was typed.

use std::sync::Arc;

use axum::Form;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Offset;
use leptos::prelude::provide_context;

use super::session::visitor;
use super::sites::{Site, render};
use super::state::AppState;
use super::{answers, zone};
use crate::domain::access::Principal;
use crate::domain::id::{AssignmentId, ClientId, PackageId, RequestId};
use crate::domain::request::{ExtendForm, GivenAnswer, SubmitForm};
use crate::domain::typed_time::instant_of;
use crate::paths;
use crate::rpc::my_access::Returned;
use crate::service::{Error, approvals, clients, my_access as service};

/// Fields as they were posted.
pub(super) type Fields = Vec<(String, String)>;

/// What came of a form.
pub(super) enum Outcome {
    /// Done: the next page.
    Next(String),
    /// The same page again.
    Again(Box<Returned>),
}

/// The Request access form: makes the request, or says whether it would work; else the page is shown again with what was typed and why not
/// (F032).
pub async fn request_access(State(state): State<Arc<AppState>>, Path(package): Path<String>, request: Request) -> Response {
    let Posted { parts, actor, fields } = match Posted::read(&state, request).await {
        Ok(posted) => posted,
        Err(answer) => return *answer,
    };
    let result = match package.parse::<PackageId>() {
        Err(_) => Err(Error::NotFound),
        Ok(package) => {
            let form = submit_form(package, &parts, &fields);
            if value(&fields, "do") == "check" {
                let outlook = service::would_it_work(&state.app, &actor, &form).await;
                outlook.map(|outlook| {
                    Outcome::Again(Box::new(Returned {
                        fields: fields.clone(),
                        error: None,
                        outlook: Some(outlook),
                    }))
                })
            } else {
                let made = service::submit(&state.app, &actor, &form).await;
                made.map(|id| Outcome::Next(paths::my_request(id)))
            }
        }
    };
    answer(&state, &parts, fields, result).await
}

/// What can be done with one's own request: Cancel and Remind (F139).
pub async fn own_request(State(state): State<Arc<AppState>>, Path(id): Path<String>, request: Request) -> Response {
    let Posted { parts, actor, fields } = match Posted::read(&state, request).await {
        Ok(posted) => posted,
        Err(answer) => return *answer,
    };
    let result = match (id.parse::<RequestId>(), value(&fields, "do")) {
        (Ok(id), "cancel") => service::withdraw(&state.app, &actor, id)
            .await
            .map(|()| Outcome::Next(paths::my_request(id))),
        (Ok(id), "remind") => approvals::remind(&state.app, &actor, id)
            .await
            .map(|()| Outcome::Next(paths::my_request(id))),
        _ => Err(Error::NotFound),
    };
    answer(&state, &parts, fields, result).await
}

/// More time for access that one has (F082).
pub async fn extend(State(state): State<Arc<AppState>>, Path(id): Path<String>, request: Request) -> Response {
    let Posted { parts, actor, fields } = match Posted::read(&state, request).await {
        Ok(posted) => posted,
        Err(answer) => return *answer,
    };
    let result = match id.parse::<AssignmentId>() {
        Err(_) => Err(Error::NotFound),
        Ok(assignment) => {
            let form = ExtendForm {
                assignment,
                justification: value(&fields, "justification").to_owned(),
                asked_until: instant(&parts, value(&fields, "asked_until")),
            };
            let asked = service::extend(&state.app, &actor, &form).await;
            asked.map(|id| Outcome::Next(paths::my_request(id)))
        }
    };
    answer(&state, &parts, fields, result).await
}

/// Access is given back (F141).
pub async fn give_back(State(state): State<Arc<AppState>>, Path(id): Path<String>, request: Request) -> Response {
    let Posted { parts, actor, fields } = match Posted::read(&state, request).await {
        Ok(posted) => posted,
        Err(answer) => return *answer,
    };
    let result = match id.parse::<AssignmentId>() {
        Err(_) => Err(Error::NotFound),
        Ok(id) => service::give_back(&state.app, &actor, id)
            .await
            .map(|id| Outcome::Next(paths::my_request(id))),
    };
    answer(&state, &parts, fields, result).await
}

/// What a program may do in one's name is taken back.
pub async fn withdraw_consent(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let Posted { parts, actor, fields } = match Posted::read(&state, request).await {
        Ok(posted) => posted,
        Err(answer) => return *answer,
    };
    let result = match value(&fields, "client").parse::<ClientId>() {
        Err(_) => Err(Error::NotFound),
        Ok(client) => clients::withdraw_consent(&state.app, &actor, client)
            .await
            .map(|()| Outcome::Next(paths::MY_APPS.to_owned())),
    };
    answer(&state, &parts, fields, result).await
}

/// A form that somebody who is signed in has posted.
pub(super) struct Posted {
    /// The request that brought it, without its body.
    pub parts: Parts,
    /// Who.
    pub actor: Principal,
    /// Its fields.
    pub fields: Fields,
}

impl Posted {
    /// Reads it; an answer for whoever is not signed in, and for what is no form.
    pub async fn read(state: &AppState, request: Request) -> Result<Self, Box<Response>> {
        let actor = visitor(&request).map_err(|redirect| Box::new(redirect.into_response()))?;
        let (parts, body) = request.into_parts();
        let mut posted = page(&parts, Method::POST);
        *posted.body_mut() = body;
        match <Form<Fields> as axum::extract::FromRequest<()>>::from_request(posted, &()).await {
            Ok(Form(fields)) => Ok(Self { parts, actor, fields }),
            Err(rejection) => Err(Box::new(unreadable(state, &parts, &rejection))),
        }
    }
}

/// The same request, with another method and nothing in it.
fn page(parts: &Parts, method: Method) -> Request {
    let mut page = Request::new(Body::empty());
    *page.method_mut() = method;
    *page.uri_mut() = parts.uri.clone();
    *page.headers_mut() = parts.headers.clone();
    *page.extensions_mut() = parts.extensions.clone();
    page
}

fn unreadable(state: &AppState, parts: &Parts, rejection: &FormRejection) -> Response {
    answers::notice(state, &parts.headers, rejection.status(), answers::unreadable(rejection))
}

/// The next page, or the same page with what was typed and what came of it.
pub(super) async fn answer(state: &Arc<AppState>, parts: &Parts, fields: Fields, result: Result<Outcome, Error>) -> Response {
    let returned = match result {
        Ok(Outcome::Next(path)) => return Redirect::to(&path).into_response(),
        Ok(Outcome::Again(returned)) => *returned,
        Err(error) => Returned {
            fields,
            error: Some(answers::app_error(&parts.extensions, error)),
            outlook: None,
        },
    };
    let status = returned.error.as_ref().map_or(StatusCode::OK, answers::status);
    let page = page(parts, Method::GET);
    render(state, Site::my_access(state, &page), page, move |options| {
        provide_context(returned.clone());
        options.set_status(status);
    })
    .await
}

/// The first field of a name.
pub(super) fn value<'a>(fields: &'a Fields, name: &str) -> &'a str {
    let found = fields.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// A date and time as typed in the reader's zone.
fn instant(parts: &Parts, typed: &str) -> String {
    let zone = zone::of(&parts.headers);
    instant_of(typed, |at| at.with_timezone(&zone).offset().fix().local_minus_utc())
}

fn submit_form(package: PackageId, parts: &Parts, fields: &Fields) -> SubmitForm {
    let period = value(fields, "period") == "true";
    let at = |name: &str| {
        if period {
            instant(parts, value(fields, name))
        } else {
            String::new()
        }
    };
    let answers = fields.iter().filter_map(|(name, value)| {
        let question = name.strip_prefix("answer-")?.parse::<uuid::Uuid>().ok()?;
        Some(GivenAnswer {
            question: crate::domain::id::QuestionId(question),
            value: value.clone(),
        })
    });
    SubmitForm {
        package,
        policy: value(fields, "policy").parse().ok(),
        target: value(fields, "for").parse().ok(),
        answers: answers.collect(),
        justification: value(fields, "justification").to_owned(),
        asked_from: at("asked_from"),
        asked_until: at("asked_until"),
        language: value(fields, "language").to_owned(),
    }
}
