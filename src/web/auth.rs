//! The forms before either site: sign in and out, one's own password, set-up. A form that failed is shown again by the same answer, so
//! nothing typed ever travels in an address.

use std::sync::Arc;

use axum::Extension;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, Request, State};
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use tower_sessions::Session;

use super::answers::{app_error, failed, notice, status, unreadable};
use super::session::{self, SessionKey};
use super::state::AppState;
use super::{address, known_browser, sites};
use crate::auth_pages::{Notice, PasswordPage, SetUpPage, SignInPage};
use crate::domain::access::{Action, Principal};
use crate::domain::password::PasswordForm;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::context::{CurrentPrincipal, TraceId};
use crate::service::accounts::{self, Caller};
use crate::service::set_up::SetUpForm;
use crate::service::{Error, set_up as service};

type Filled<T> = Result<Form<T>, FormRejection>;

/// Sends each visitor where they belong.
pub async fn front_door(State(state): State<Arc<AppState>>, request: Request) -> Response {
    match session::visitor(&request) {
        Ok(actor) => Redirect::to(sites::landing(&state, home(&actor)).await).into_response(),
        Err(redirect) => redirect.into_response(),
    }
}

fn home(actor: &Principal) -> &'static str {
    if actor.authorize_somewhere(Action::UseAdminArea).is_ok() {
        paths::ADMIN
    } else {
        paths::MY_ACCESS
    }
}

/// What an address of the gate may carry.
#[derive(Debug, Default, Deserialize)]
pub struct RequestContext {
    #[serde(default, rename = "return")]
    return_to: String,
    #[serde(default)]
    token: String,
    #[serde(default, rename = "signed-out")]
    signed_out: String,
}

/// The sign-in form.
#[derive(Debug, Default, Deserialize)]
pub struct SignIn {
    #[serde(default, rename = "return")]
    return_to: String,
    #[serde(default)]
    user_name: String,
    #[serde(default)]
    password: String,
}

/// The sign-in page, unless someone is signed in.
pub async fn sign_in_page(
    State(state): State<Arc<AppState>>,
    Extension(current): Extension<CurrentPrincipal>,
    asked: Result<Query<RequestContext>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    if current.0.is_some() {
        return Redirect::to(&paths::safe_return(&asked.return_to)).into_response();
    }
    let page = SignInPage {
        return_to: asked.return_to,
        signed_out: !asked.signed_out.is_empty(),
        ..SignInPage::default()
    };
    Html(page.html(&state.gate(&headers))).into_response()
}

/// Signs in, or shows the page again.
pub async fn sign_in(
    State(state): State<Arc<AppState>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let caller = caller(&state, &headers, &request);
    let extensions = request.extensions().clone();
    let form: SignIn = match read(&state, request).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let tried = accounts::SignInForm {
        user_name: form.user_name.clone(),
        password: form.password,
    };
    let signed_in = async {
        let proven = accounts::sign_in(&state.app, &state.limits, &tried, &caller).await?;
        let user = proven.user;
        session::begin(&state, &session, proven, &caller.address).await?;
        known_browser::remember(&state, user, caller.browser.as_deref()).await
    };
    match signed_in.await {
        Ok(cookie) => (
            AppendHeaders([(SET_COOKIE, cookie)]),
            Redirect::to(sites::landing(&state, &paths::safe_return(&form.return_to)).await),
        )
            .into_response(),
        Err(error) => {
            let error = app_error(&extensions, error);
            let page = SignInPage {
                return_to: form.return_to,
                user_name: form.user_name,
                error: Some(error.text()),
                signed_out: false,
            };
            let status = match error {
                AppError::Refused(_) => StatusCode::UNAUTHORIZED,
                ref error => status(error),
            };
            refused(status, &error, page.html(&state.gate(&headers)))
        }
    }
}

/// Where a sign-in comes from.
fn caller(state: &AppState, headers: &HeaderMap, request: &Request) -> Caller {
    let (extensions, proxy) = (request.extensions(), &state.config.trusted_proxy);
    Caller {
        network: address::of(headers, extensions, proxy),
        address: address::client(headers, extensions, proxy).to_string(),
        browser: known_browser::key(state, headers),
    }
}

/// Ends the session; what the browser has kept of its pages goes too.
pub async fn sign_out(
    State(state): State<Arc<AppState>>,
    Extension(session): Extension<Session>,
    Extension(current): Extension<CurrentPrincipal>,
    request: Request,
) -> Response {
    let key = request.extensions().get::<SessionKey>();
    let ended = async {
        if let (Some(actor), Some(SessionKey(key))) = (&current.0, key) {
            accounts::sign_out(&state.app, actor, key).await?;
        }
        session::end(&session).await
    };
    if let Err(error) = ended.await {
        let trace = request.extensions().get::<TraceId>().cloned().unwrap_or_default();
        return failed(&state, request.uri().path(), request.headers(), &trace, &error);
    }
    let mut response = Redirect::to(&paths::with_query(paths::SIGN_IN, &[("signed-out", "1")])).into_response();
    response.headers_mut().insert(
        const { HeaderName::from_static("clear-site-data") },
        const { HeaderValue::from_static("\"cache\"") },
    );
    response
}

/// The Change password form.
#[derive(Debug, Default, Deserialize)]
pub struct ChangePassword {
    #[serde(default, rename = "return")]
    return_to: String,
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

/// The page for one's own password.
pub async fn password_page(
    State(state): State<Arc<AppState>>,
    Extension(current): Extension<CurrentPrincipal>,
    asked: Result<Query<RequestContext>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Some(actor) = current.0 else {
        return Redirect::to(&paths::sign_in(paths::PASSWORD)).into_response();
    };
    let page = PasswordPage {
        return_to: asked.map(|Query(asked)| asked.return_to).unwrap_or_default(),
        due: actor.must_change_password,
        user_name: actor.user_name,
        ..PasswordPage::default()
    };
    Html(page.html(&state.gate(&headers))).into_response()
}

/// Changes one's own password, or shows the page again.
pub async fn change_password(
    State(state): State<Arc<AppState>>,
    Extension(session): Extension<Session>,
    Extension(current): Extension<CurrentPrincipal>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let Some(actor) = current.0 else {
        return Redirect::to(&paths::sign_in(paths::PASSWORD)).into_response();
    };
    let extensions = request.extensions().clone();
    let form: ChangePassword = match read(&state, request).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let wanted = PasswordForm {
        current: form.current,
        new: form.new,
        again: form.again,
    };
    let key = extensions.get::<SessionKey>().map(|key| key.0.as_str());
    let changed = async {
        let proven = accounts::change_password(&state.app, &state.limits, &actor, &wanted, key).await?;
        session::rotate(&session, proven).await
    };
    match changed.await {
        Ok(()) => Redirect::to(&paths::safe_return(&form.return_to)).into_response(),
        Err(error) => {
            let error = app_error(&extensions, error);
            let page = PasswordPage {
                return_to: form.return_to,
                due: actor.must_change_password,
                user_name: actor.user_name,
                errors: error.fields().to_vec(),
                error: whole(&error),
            };
            refused(status(&error), &error, page.html(&state.gate(&headers)))
        }
    }
}

/// The set-up form.
#[derive(Debug, Default, Deserialize)]
pub struct SetUp {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    user_name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// The set-up page, for who holds the link.
pub async fn set_up_page(
    State(state): State<Arc<AppState>>,
    Extension(trace): Extension<TraceId>,
    asked: Result<Query<RequestContext>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let token = asked.map(|Query(asked)| asked.token).unwrap_or_default();
    match service::is_open(&state.app, &token).await {
        Ok(true) => {
            let page = SetUpPage {
                token,
                ..SetUpPage::default()
            };
            Html(page.html(&state.gate(&headers))).into_response()
        }
        Ok(false) => notice(&state, &headers, StatusCode::NOT_FOUND, Notice::LinkUsed),
        Err(error) => failed(&state, paths::SET_UP, &headers, &trace, &error),
    }
}

/// Makes the first Global administrator and signs them in, or shows the page again.
pub async fn set_up(
    State(state): State<Arc<AppState>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let client = address::client(&headers, request.extensions(), &state.config.trusted_proxy).to_string();
    let extensions = request.extensions().clone();
    let form: SetUp = match read(&state, request).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let wanted = SetUpForm {
        name: form.name.clone(),
        user_name: form.user_name.clone(),
        password: form.password,
        again: form.again,
    };
    let made = async {
        let proven = service::by_link(&state.app, &form.token, &wanted).await?;
        session::begin(&state, &session, proven, &client).await
    };
    match made.await {
        Ok(()) => Redirect::to(paths::ADMIN).into_response(),
        Err(Error::NotFound) => notice(&state, &headers, StatusCode::NOT_FOUND, Notice::LinkUsed),
        Err(error) => {
            let error = app_error(&extensions, error);
            let page = SetUpPage {
                token: form.token,
                name: form.name,
                user_name: form.user_name,
                errors: error.fields().to_vec(),
                error: whole(&error),
            };
            refused(status(&error), &error, page.html(&state.gate(&headers)))
        }
    }
}

/// A posted form, or the answer that says why it cannot be read.
pub(super) async fn read<T: serde::de::DeserializeOwned>(state: &AppState, request: Request) -> Result<T, Response> {
    let headers = request.headers().clone();
    let filled: Filled<T> = <Form<T> as axum::extract::FromRequest<()>>::from_request(request, &()).await;
    match filled {
        Ok(Form(form)) => Ok(form),
        Err(rejection) => Err(notice(state, &headers, rejection.status(), unreadable(&rejection))),
    }
}

/// What to say of the form as a whole, where no field says it.
pub(super) fn whole(error: &AppError) -> Option<String> {
    error.fields().is_empty().then(|| error.text())
}

pub(super) fn refused(status: StatusCode, error: &AppError, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    if let AppError::Limited(seconds) | AppError::Busy(seconds) = error {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}
