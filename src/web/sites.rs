//! The two sites' pages: who may open them, and what they are rendered with. A page is rendered in full before it is sent.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{IntoResponse, Redirect, Response};
use futures::future::select;
use leptos::nonce::use_nonce;
use leptos::prelude::{AnyView, provide_context, use_context};
use leptos_axum::ResponseOptions;

use super::session::visitor;
use super::state::AppState;
use super::{answers, headers, zone};
use crate::admin;
use crate::app::{self, Bundle, Document};
use crate::auth_pages::{Notice, Visitor};
use crate::domain::access::Action;
use crate::my_access;
use crate::paths;
use crate::rpc::context::{self, CurrentPrincipal, TraceId};
use crate::rpc::viewer_time::Reader;
use crate::service::settings;

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
    let site = Site {
        bundle: state.bundles.admin.clone(),
        parts: admin::code_splitting::of(request.uri().path()),
        body: app::admin,
    };
    render(&state, site, request, |_| {}).await
}

/// A page of My Access.
pub async fn my_access(State(state): State<Arc<AppState>>, request: Request) -> Response {
    if let Err(redirect) = visitor(&request) {
        return redirect.into_response();
    }
    if arrives(&request) {
        let first = landing(&state, paths::MY_ACCESS).await;
        if first != paths::MY_ACCESS {
            return Redirect::to(first).into_response();
        }
    }
    render(&state, Site::my_access(&state, &request), request, |_| {}).await
}

/// Where somebody goes who was sent to `path`: to the Overview in place of the list of packages, where the tenant has chosen that (F149).
pub(super) async fn landing<'a>(state: &AppState, path: &'a str) -> &'a str {
    let overview = path == paths::MY_ACCESS && settings::overview_first(&state.app).await.unwrap_or_default();
    if overview { paths::MY_OVERVIEW } else { path }
}

/// Whether somebody comes to My Access from outside: by its bare address, and by no link of its own pages.
fn arrives(request: &Request) -> bool {
    let own = request.headers().get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    let uri = request.uri();
    !own && uri.path() == paths::MY_ACCESS && uri.query().is_none()
}

/// What a page of a site is made of.
pub(super) struct Site {
    bundle: Bundle,
    parts: &'static [&'static str],
    body: fn() -> AnyView,
}

impl Site {
    /// A page of My Access at this address.
    pub(super) fn my_access(state: &AppState, request: &Request) -> Self {
        let uri = request.uri();
        Self {
            bundle: state.bundles.my_access.clone(),
            parts: my_access::code_splitting::of(uri.path(), uri.query().unwrap_or_default()),
            body: app::my_access,
        }
    }
}

/// A page of a site with all that it is rendered with.
pub(super) async fn render(
    state: &Arc<AppState>,
    site: Site,
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
        bundle: site.bundle,
        parts: site.parts,
    };
    let render = leptos_axum::render_app_async_with_context(context, move || app::document(document.clone(), (site.body)()));
    // A page is made from the head of its request alone.
    let (head, _) = request.into_parts();
    once_or_twice(SECOND_RENDERING_AFTER, || render(Request::from_parts(head.clone(), Body::empty()))).await
}

/// A page that is still being rendered after so long is rendered once more beside it: the framework now and then loses the news that the
/// last of a page's data has arrived (docs/decisions.md), and a reader would wait until the request is given up.
const SECOND_RENDERING_AFTER: Duration = Duration::from_secs(5);

/// What `render` gives; where it is not done after this time, what the first of two gives.
async fn once_or_twice<T, F: Future<Output = T> + Unpin>(after: Duration, render: impl Fn() -> F) -> T {
    let mut first = render();
    if let Ok(done) = tokio::time::timeout(after, &mut first).await {
        return done;
    }
    tracing::warn!("a page is not rendered after {after:?}, and is rendered again beside the first");
    select(first, render()).await.factor_first().0
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::{pending, ready};

    use futures::FutureExt;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_page_is_rendered_once() {
        let renderings = Cell::new(0);
        let render = || {
            renderings.set(renderings.get() + 1);
            ready("a page")
        };
        assert_eq!((once_or_twice(LONG, render).await, renderings.get()), ("a page", 1));
    }

    #[tokio::test]
    async fn a_rendering_that_never_ends_is_done_again() {
        let renderings = Cell::new(0);
        let render = || {
            renderings.set(renderings.get() + 1);
            match renderings.get() {
                1 => pending().boxed(),
                _ => ready("a page").boxed(),
            }
        };
        assert_eq!((once_or_twice(Duration::ZERO, render).await, renderings.get()), ("a page", 2));
    }
}
