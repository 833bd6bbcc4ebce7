//! Requests: server functions of a package's Requests page.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::bulk::ItemResult;
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

/// Tries failed deliveries again (F112).
#[server(endpoint = "requests/retry", protocol = Call)]
pub async fn retry_requests(ids: Vec<RequestId>) -> Result<Vec<ItemResult<RequestId>>, AppError> {
    serve(async |app, actor| requests::retry_all(app, actor, &ids).await).await
}

/// Takes requests that are over out of the lists; access stays as it is (F114).
#[server(endpoint = "requests/remove", protocol = Call)]
pub async fn remove_requests(ids: Vec<RequestId>) -> Result<Vec<ItemResult<RequestId>>, AppError> {
    serve(async |app, actor| requests::remove_all(app, actor, &ids).await).await
}

/// Calls a request off that is not delivered (F111).
#[server(endpoint = "requests/cancel", protocol = Call)]
pub async fn cancel_request(id: RequestId) -> Result<(), AppError> {
    serve(async |app, actor| requests::cancel(app, actor, id).await).await
}
