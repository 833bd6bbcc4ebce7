//! The page behind a sign-in link: whoever was sent one chooses the first password of their account, once, and is signed in. Opening it
//! changes nothing, for mail servers open links before people do.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use tower_sessions::Session;

use super::answers::{app_error, failed, notice, status};
use super::auth::{read, refused, whole};
use super::state::AppState;
use super::{address, session};
use crate::auth_pages::{FirstPasswordPage, Notice};
use crate::domain::password::FirstPasswordForm;
use crate::paths;
use crate::rpc::context::TraceId;
use crate::service::{Error, sign_in_links};

/// The form, as posted.
#[derive(Debug, Default, Deserialize)]
struct Posted {
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

/// The page, while the link serves.
pub async fn page(
    State(state): State<Arc<AppState>>,
    Extension(trace): Extension<TraceId>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    match sign_in_links::open(&state.app, &token).await {
        Ok(user_name) => {
            let page = FirstPasswordPage {
                token,
                user_name,
                ..FirstPasswordPage::default()
            };
            Html(page.html(&state.gate(&headers))).into_response()
        }
        Err(Error::NotFound) => notice(&state, &headers, StatusCode::NOT_FOUND, Notice::SignInLinkOver),
        Err(error) => failed(&state, &paths::sign_in_link(""), &headers, &trace, &error),
    }
}

/// Chooses the password and signs in, or shows the page again.
pub async fn choose(
    State(state): State<Arc<AppState>>,
    Extension(session): Extension<Session>,
    Path(token): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let client = address::client(&headers, request.extensions(), &state.config.trusted_proxy).to_string();
    let extensions = request.extensions().clone();
    let posted: Posted = match read(&state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let form = FirstPasswordForm {
        new: posted.new,
        again: posted.again,
    };
    let chosen = async {
        let user_name = sign_in_links::open(&state.app, &token).await?;
        let proven = match sign_in_links::choose_password(&state.app, &token, &form, &client).await {
            Ok(proven) => proven,
            Err(Error::NotFound) => return Err(Error::NotFound),
            Err(error) => return Ok(Err((user_name, error))),
        };
        session::begin(&state, &session, proven, &client).await?;
        Ok(Ok(()))
    };
    match chosen.await {
        Ok(Ok(())) => Redirect::to(paths::ROOT).into_response(),
        Err(Error::NotFound) => notice(&state, &headers, StatusCode::NOT_FOUND, Notice::SignInLinkOver),
        Err(error) => {
            let trace = extensions.get::<TraceId>().cloned().unwrap_or_default();
            failed(&state, &paths::sign_in_link(""), &headers, &trace, &error)
        }
        Ok(Err((user_name, error))) => {
            let error = app_error(&extensions, error);
            let page = FirstPasswordPage {
                token,
                user_name,
                errors: error.fields().to_vec(),
                error: whole(&error),
            };
            refused(status(&error), &error, page.html(&state.gate(&headers)))
        }
    }
}
