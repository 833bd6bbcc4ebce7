//! My Access: server functions of the requestor site. All are about the signed-in user alone.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::{PackageId, RequestId};
use crate::domain::offer::{OfferItem, OfferQuery};
use crate::domain::page::{Page, PageQuery};
use crate::domain::request::{RequestDetail, RequestItem, SubmitForm};

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::my_access};

/// What a form that was posted without scripting came to grief over: in the context of the page that is shown again.
#[derive(Clone, Debug)]
pub struct SubmitFailure {
    /// As typed.
    pub justification: String,
    /// Why the request was not made.
    pub error: AppError,
}

/// A page of packages under a tab (F028).
#[server(endpoint = "my-access/packages", protocol = Call)]
pub async fn list_offers(query: OfferQuery) -> Result<Page<OfferItem>, AppError> {
    serve(async |app, actor| my_access::offers(app, actor, &query).await).await
}

/// One package by its link, hidden ones included; not found unless a policy covers the user or they have or had it (F027).
#[server(endpoint = "my-access/package", protocol = Call)]
pub async fn get_offer(id: PackageId) -> Result<OfferItem, AppError> {
    serve(async |app, actor| my_access::offer(app, actor, id).await).await
}

/// Requests a package for oneself (F032).
#[server(endpoint = "my-access/request", protocol = Call)]
pub async fn submit_request(form: SubmitForm) -> Result<RequestId, AppError> {
    serve(async |app, actor| my_access::submit(app, actor, &form).await).await
}

/// A page of one's own requests, newest first (F033).
#[server(endpoint = "my-access/requests", protocol = Call)]
pub async fn list_own_requests(page: PageQuery) -> Result<Page<RequestItem>, AppError> {
    serve(async |app, actor| my_access::requests(app, actor, &page).await).await
}

/// One of one's own requests.
#[server(endpoint = "my-access/request-details", protocol = Call)]
pub async fn get_own_request(id: RequestId) -> Result<RequestDetail, AppError> {
    serve(async |app, actor| my_access::request(app, actor, id).await).await
}
