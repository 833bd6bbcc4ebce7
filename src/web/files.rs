//! The built site's files. Bundles carry their content's hash in their names and may be kept for ever; what is in `public/` is asked for
//! again after an hour. Compressed copies from the build are sent where the browser takes them.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::handler::HandlerWithoutStateExt;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_http::services::ServeDir;

use super::edge::Edge;
use crate::gate::Notice;

/// Bundles and style sheets.
pub fn bundles(
    edge: &Arc<Edge>,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send + 'static> + Clone + Send + Sync + 'static {
    let folder = edge.config.site_root.join(&edge.config.site_pkg_dir);
    kept(edge, folder, const { HeaderValue::from_static("public, max-age=31536000, immutable") })
}

/// Everything else of the site; where there is no such file, the page that says so.
pub fn assets(
    edge: &Arc<Edge>,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send + 'static> + Clone + Send + Sync + 'static {
    let folder = edge.config.site_root.clone();
    kept(edge, folder, const { HeaderValue::from_static("public, max-age=3600") })
}

fn kept(
    edge: &Arc<Edge>,
    folder: std::path::PathBuf,
    keep: HeaderValue,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send + 'static> + Clone + Send + Sync + 'static {
    let edge = edge.clone();
    let missing = async move |request: Request| not_found(&edge, &request);
    let files = ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(missing.into_service());
    ServiceBuilder::new()
        .map_response(move |response: Response<_>| {
            let mut response = response.map(Body::new);
            if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
                response.headers_mut().insert(CACHE_CONTROL, keep.clone());
            }
            response
        })
        .service(files)
        .map_err(|error: Infallible| match error {})
}

/// The page that says that there is none.
pub fn not_found(edge: &Edge, request: &Request) -> Response {
    let gate = edge.gate(request.headers());
    (StatusCode::NOT_FOUND, Html(Notice::NotFound.html(&gate))).into_response()
}
