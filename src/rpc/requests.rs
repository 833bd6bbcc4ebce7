//! Requests: server functions of a package's Requests page.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::RequestId;
use crate::domain::page::Page;
use crate::domain::request::{RequestDetail, RequestItem, RequestQuery};

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::requests};

/// A page of a package's requests (F034).
#[server(endpoint = "requests/list", protocol = Call)]
pub async fn list_requests(query: RequestQuery) -> Result<Page<RequestItem>, AppError> {
    serve(async |app, actor| requests::list(app, actor, &query).await).await
}

/// One request with delivery and history (F035).
#[server(endpoint = "requests/get", protocol = Call)]
pub async fn get_request(id: RequestId) -> Result<RequestDetail, AppError> {
    serve(async |app, actor| requests::get(app, actor, id).await).await
}

/// Tries a failed delivery again (F112).
#[server(endpoint = "requests/retry", protocol = Call)]
pub async fn retry_request(id: RequestId) -> Result<(), AppError> {
    serve(async |app, actor| requests::retry(app, actor, id).await).await
}
