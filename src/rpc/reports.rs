//! Reports: server functions of their pages and of the home of Identity Governance.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::UserId;
use crate::domain::page::Page;
use crate::domain::report::{
    AccessItem, AccessQuery, Dashboard, HeldItem, HeldQuery, ReportSubject, RequestableItem, RequestableQuery, UsageItem, UsageQuery,
};

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::reports};

/// The person whom a report is about.
#[server(endpoint = "reports/user", protocol = Call)]
pub async fn report_user(id: UserId) -> Result<ReportSubject, AppError> {
    serve(async |app, actor| reports::user(app, actor, id).await).await
}

/// Who has or had which package (F169).
#[server(endpoint = "reports/access", protocol = Call)]
pub async fn report_access(query: AccessQuery) -> Result<Page<AccessItem>, AppError> {
    serve(async |app, actor| reports::access(app, actor, &query).await).await
}

/// Which resource roles a person holds, and why (F170).
#[server(endpoint = "reports/held", protocol = Call)]
pub async fn report_held(query: HeldQuery) -> Result<Page<HeldItem>, AppError> {
    serve(async |app, actor| reports::held(app, actor, &query).await).await
}

/// Which packages a person could ask for (F169).
#[server(endpoint = "reports/requestable", protocol = Call)]
pub async fn report_requestable(query: RequestableQuery) -> Result<Page<RequestableItem>, AppError> {
    serve(async |app, actor| reports::requestable(app, actor, &query).await).await
}

/// How packages were used.
#[server(endpoint = "reports/usage", protocol = Call)]
pub async fn report_usage(query: UsageQuery) -> Result<Page<UsageItem>, AppError> {
    serve(async |app, actor| reports::usage(app, actor, &query).await).await
}

/// How things stand, for who may see reports.
#[server(endpoint = "reports/dashboard", protocol = Call)]
pub async fn get_dashboard() -> Result<Option<Dashboard>, AppError> {
    serve(async |app, actor| reports::dashboard(app, actor).await).await
}
