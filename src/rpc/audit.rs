//! The audit trail: the server function of its pages.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::audit::{AuditItem, AuditQuery};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::audit};

/// A page of the trail, newest first (F167, F168).
#[server(endpoint = "audit/list", protocol = Call)]
pub async fn list_audit(query: AuditQuery) -> Result<Page<AuditItem>, AppError> {
    serve(async |app, actor| audit::list(app, actor, &query).await).await
}
