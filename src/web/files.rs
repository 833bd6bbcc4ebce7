//! The built site's files. Bundles carry their content's hash in their names and may be kept for ever; what is in `public/` is asked for
//! again after an hour. Compressed copies from the build are sent where the browser takes them.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use tower::{Service, ServiceBuilder, service_fn};
use tower_http::services::ServeDir;
use tower_http::services::fs::ServeFileSystemResponseBody;

use super::state::AppState;
use crate::auth_pages::Notice;

/// Bundles and style sheets.
pub fn bundles(
    state: &Arc<AppState>,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send + 'static> + Clone + Send + Sync + 'static {
    let folder = state.config.site_root.join(&state.config.site_pkg_dir);
    kept(
        state,
        folder,
        const { HeaderValue::from_static("public, max-age=31536000, immutable") },
    )
}

/// Everything else of the site; where there is no such file, the page that says so.
pub fn assets(
    state: &Arc<AppState>,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send + 'static> + Clone + Send + Sync + 'static {
    let folder = state.config.site_root.clone();
    kept(state, folder, const { HeaderValue::from_static("public, max-age=3600") })
}

fn kept(
    state: &Arc<AppState>,
    folder: PathBuf,
    keep: HeaderValue,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send + 'static> + Clone + Send + Sync + 'static {
    let state = state.clone();
    let missing = service_fn(move |request: Request| {
        let answer = not_found(&state, &request);
        async { Ok::<_, Infallible>(answer) }
    });
    let files = ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(missing);
    ServiceBuilder::new()
        .map_response(move |response: axum::http::Response<ServeFileSystemResponseBody>| {
            let mut response = response.map(Body::new);
            if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
                response.headers_mut().insert(CACHE_CONTROL, keep.clone());
            }
            response
        })
        .service(files)
}

/// The page that says that there is none.
pub fn not_found(state: &AppState, request: &Request) -> Response {
    let gate = state.gate(request.headers());
    (StatusCode::NOT_FOUND, Html(Notice::NotFound.html(&gate))).into_response()
}
