//! Approvals: server functions of My Access. All are about what the signed-in user is asked to decide, or asked for.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::approval::{
    ApprovalDetail, ApprovalItem, ApprovalQuery, DecisionForm, DecisionOutcome, DelegateCandidate, DelegationForm, DelegationView,
};
use crate::domain::id::{DelegationId, RequestId};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::approvals};

/// A page of what waits for one's decision, or of what one was asked before (F144).
#[server(endpoint = "approvals/list", protocol = Call)]
pub async fn list_approvals(query: ApprovalQuery) -> Result<Page<ApprovalItem>, AppError> {
    serve(async |app, actor| approvals::list(app, actor, &query).await).await
}

/// Everything about a request that one is or was asked about (F145).
#[server(endpoint = "approvals/get", protocol = Call)]
pub async fn get_approval(id: RequestId) -> Result<ApprovalDetail, AppError> {
    serve(async |app, actor| approvals::detail(app, actor, id).await).await
}

/// How many requests wait for one's decision, counting no further than a hundred.
#[server(endpoint = "approvals/pending", protocol = Call)]
pub async fn count_pending() -> Result<i64, AppError> {
    serve(async |app, actor| approvals::pending(app, actor).await).await
}

/// Decides on requests, one or several (F087, F089).
#[server(endpoint = "approvals/decide", protocol = Call)]
pub async fn decide(form: DecisionForm) -> Result<Vec<DecisionOutcome>, AppError> {
    serve(async |app, actor| approvals::decide_many(app, actor, &form).await).await
}

/// Ends the access that came of a request which one approved (F146).
#[server(endpoint = "approvals/revoke", protocol = Call)]
pub async fn revoke_approval(id: RequestId, reason: String) -> Result<(), AppError> {
    serve(async |app, actor| approvals::revoke(app, actor, id, &reason).await).await
}

/// One's delegations, and what can be delegated (F147).
#[server(endpoint = "approvals/delegations", protocol = Call)]
pub async fn list_delegations() -> Result<DelegationView, AppError> {
    serve(async |app, actor| approvals::delegations(app, actor).await).await
}

/// People whom one could name as a delegate, by two letters of a name at least.
#[server(endpoint = "approvals/candidates", protocol = Call)]
pub async fn find_delegates(search: String) -> Result<Vec<DelegateCandidate>, AppError> {
    serve(async |app, actor| approvals::delegate_candidates(app, actor, &search).await).await
}

/// Delegates one's approvals, or changes a delegation as it was opened (F147).
#[server(endpoint = "approvals/delegate", protocol = Call)]
pub async fn save_delegation(changed: Option<(DelegationId, i64)>, form: DelegationForm) -> Result<DelegationId, AppError> {
    serve(async |app, actor| approvals::save_delegation(app, actor, changed, &form).await).await
}

/// Ends a delegation now.
#[server(endpoint = "approvals/end-delegation", protocol = Call)]
pub async fn end_delegation(id: DelegationId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| approvals::end_delegation(app, actor, id, version).await).await
}
