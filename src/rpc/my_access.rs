//! My Access: server functions of the requestor site. All are about the signed-in user alone.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::{AssignmentId, PackageId, QuestionId, RequestId};
use crate::domain::offer::{OfferItem, OfferQuery, Overview, RequestPane};
use crate::domain::page::{Page, PageQuery};
use crate::domain::question::PatternedAnswer;
use crate::domain::request::{Assessment, ExtendForm, ExtendPane, OwnRequest, PaneQuery, RequestItem, SubmitForm};

#[cfg(feature = "ssr")]
use {
    super::context::{serve, wished_language},
    crate::service::{approvals, my_access},
};

/// What a form that was posted without scripting came back with: in the context of the page that is shown again.
#[derive(Clone, Debug, Default)]
pub struct Returned {
    /// Its fields, as typed.
    pub fields: Vec<(String, String)>,
    /// Why nothing was done, if something was to be.
    pub error: Option<AppError>,
    /// What would become of it, where that was asked.
    pub outlook: Option<Assessment>,
}

/// What waits for the user, what of theirs ends soon, and what they have asked for (F149).
#[server(endpoint = "my-access/overview", protocol = Call)]
pub async fn get_overview() -> Result<Overview, AppError> {
    serve(async |app, actor| my_access::overview(app, actor).await).await
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

/// The Request access pane for the choices made so far, in the browser's language (F074, F107, F143).
#[server(endpoint = "my-access/request-pane", protocol = Call)]
pub async fn get_request_pane(query: PaneQuery) -> Result<RequestPane, AppError> {
    serve(async |app, actor| my_access::request_pane(app, actor, &query, &wished_language()).await).await
}

/// What would become of a request; nothing is written.
#[server(endpoint = "my-access/would-it-work", protocol = Call)]
pub async fn would_it_work(form: SubmitForm) -> Result<Assessment, AppError> {
    serve(async |app, actor| my_access::would_it_work(app, actor, &form).await).await
}

/// Which answers do not match their patterns (F108): what the browser cannot find out by itself.
#[server(endpoint = "my-access/unmatched-answers", protocol = Call)]
pub async fn unmatched_answers(answers: Vec<PatternedAnswer>) -> Result<Vec<QuestionId>, AppError> {
    serve(async |_, actor| my_access::unmatched_answers(actor, &answers)).await
}

/// Requests a package (F032).
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
pub async fn get_own_request(id: RequestId) -> Result<OwnRequest, AppError> {
    serve(async |app, actor| my_access::request(app, actor, id).await).await
}

/// Takes a request back (F139).
#[server(endpoint = "my-access/cancel-request", protocol = Call)]
pub async fn cancel_own_request(id: RequestId) -> Result<(), AppError> {
    serve(async |app, actor| my_access::withdraw(app, actor, id).await).await
}

/// Reminds the approvers of a request, once a day.
#[server(endpoint = "my-access/remind", protocol = Call)]
pub async fn remind_approvers(id: RequestId) -> Result<(), AppError> {
    serve(async |app, actor| approvals::remind(app, actor, id).await).await
}

/// What can be done with access that one has (F082, F141).
#[server(endpoint = "my-access/access", protocol = Call)]
pub async fn get_own_access(id: AssignmentId) -> Result<ExtendPane, AppError> {
    serve(async |app, actor| my_access::extend_pane(app, actor, id).await).await
}

/// Asks for more time (F082).
#[server(endpoint = "my-access/extend", protocol = Call)]
pub async fn extend_access(form: ExtendForm) -> Result<RequestId, AppError> {
    serve(async |app, actor| my_access::extend(app, actor, &form).await).await
}

/// Gives access back (F141).
#[server(endpoint = "my-access/give-back", protocol = Call)]
pub async fn give_back_access(id: AssignmentId) -> Result<RequestId, AppError> {
    serve(async |app, actor| my_access::give_back(app, actor, id).await).await
}
