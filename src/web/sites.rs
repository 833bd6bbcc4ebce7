//! The two sites' pages: who may open them, and what they are rendered with. A page is rendered in full before it is sent.

use std::sync::Arc;

use axum::Form;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::nonce::use_nonce;
use leptos::prelude::{AnyView, provide_context, use_context};
use leptos_axum::ResponseOptions;
use serde::Deserialize;

use super::session::visitor;
use super::state::AppState;
use super::{answers, headers, zone};
use crate::app::{self, Bundle, Document};
use crate::auth_pages::{Notice, Visitor};
use crate::domain::access::Action;
use crate::domain::id::PackageId;
use crate::domain::request::SubmitForm;
use crate::paths;
use crate::rpc::context::{self, CurrentPrincipal, TraceId};
use crate::rpc::my_access::SubmitFailure;
use crate::rpc::viewer_time::Reader;
use crate::service::my_access as service;

/// A page of the admin area. Who has no role sees only that (F008).
pub async fn admin(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let actor = match visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    if let Err(refusal) = actor.authorize_somewhere(Action::UseAdminArea) {
        context::refused(&state.app, &actor, request.uri().path(), &refusal).await;
        let notice = Notice::Denied(Visitor {
            name: actor.name,
            user_name: actor.user_name,
        });
        return answers::notice(&state, request.headers(), StatusCode::FORBIDDEN, notice);
    }
    render(&state, state.bundles.admin.clone(), app::admin, request, |_| {}).await
}

/// A page of My Access.
pub async fn my_access(State(state): State<Arc<AppState>>, request: Request) -> Response {
    if let Err(redirect) = visitor(&request) {
        return redirect.into_response();
    }
    render(&state, state.bundles.my_access.clone(), app::my_access, request, |_| {}).await
}

/// What the Request access form sends without scripting.
#[derive(Debug, Default, Deserialize)]
pub struct Submission {
    #[serde(default)]
    justification: String,
}

/// The Request access form without scripting: makes the request, or shows the page again with what was typed and why not (F032).
pub async fn submit(State(state): State<Arc<AppState>>, Path(package): Path<String>, request: Request) -> Response {
    let actor = match visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    let (parts, body) = request.into_parts();
    let page = |method: Method| {
        let mut page = Request::new(Body::empty());
        *page.method_mut() = method;
        *page.uri_mut() = parts.uri.clone();
        *page.headers_mut() = parts.headers.clone();
        *page.extensions_mut() = parts.extensions.clone();
        page
    };
    let read = <Form<Submission> as axum::extract::FromRequest<()>>::from_request(with_body(page(Method::POST), body), &()).await;
    let form = match read {
        Ok(Form(form)) => form,
        Err(rejection) => return unreadable(&state, &page(Method::GET), &rejection),
    };
    let made = match package.parse::<PackageId>() {
        Ok(package) => {
            let form = SubmitForm::new(package, form.justification.clone());
            service::submit(&state.app, &actor, &form).await
        }
        Err(_) => Err(crate::service::Error::NotFound),
    };
    let error = match made {
        Ok(id) => return Redirect::to(&paths::my_request(id)).into_response(),
        Err(error) => answers::app_error(&parts.extensions, error),
    };
    let failure = SubmitFailure {
        justification: form.justification,
        error: error.clone(),
    };
    let bundle = state.bundles.my_access.clone();
    render(&state, bundle, app::my_access, page(Method::GET), move |options| {
        provide_context(failure.clone());
        if let Ok(status) = StatusCode::from_u16(error.status()) {
            options.set_status(status);
        }
    })
    .await
}

fn with_body(mut request: Request, body: Body) -> Request {
    *request.body_mut() = body;
    request
}

fn unreadable(state: &AppState, request: &Request, rejection: &FormRejection) -> Response {
    answers::notice(state, request.headers(), rejection.status(), answers::unreadable(rejection))
}

async fn render(
    state: &Arc<AppState>,
    bundle: Bundle,
    site: fn() -> AnyView,
    request: Request,
    more: impl Fn(&ResponseOptions) + Clone + Send + Sync + 'static,
) -> Response {
    let zone = zone::of(request.headers());
    let reader = Reader {
        zone,
        now: state.app.clock.now(),
    };
    let current = request.extensions().get::<CurrentPrincipal>().cloned().unwrap_or_default();
    let trace = request.extensions().get::<TraceId>().cloned().unwrap_or_default();
    let app = state.app.clone();
    let context = move || {
        provide_context(app.clone());
        provide_context(current.clone());
        provide_context(trace.clone());
        provide_context(reader);
        if let Some(options) = use_context::<ResponseOptions>() {
            if let Some(policy) = use_nonce().and_then(|nonce| headers::policy_with_nonce(&nonce)) {
                options.insert_header(CONTENT_SECURITY_POLICY, policy);
            }
            more(&options);
        }
    };
    let document = Document {
        zone: zone.name().to_owned(),
        bundle,
    };
    leptos_axum::render_app_async_with_context(context, move || app::document(document.clone(), site()))(request).await
}
