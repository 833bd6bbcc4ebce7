//! Assignments: server functions of a package's Assignments page.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::assignment::{AssignmentItem, AssignmentQuery};
use crate::domain::id::{AssignmentId, RequestId};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::assignments};

/// A page of a package's assignments (F037, F120).
#[server(endpoint = "assignments/list", protocol = Call)]
pub async fn list_assignments(query: AssignmentQuery) -> Result<Page<AssignmentItem>, AppError> {
    serve(async |app, actor| assignments::list(app, actor, &query).await).await
}

/// Ends an assignment; gives the request that records it (F038, F039).
#[server(endpoint = "assignments/remove", protocol = Call)]
pub async fn remove_assignment(id: AssignmentId, version: i64) -> Result<RequestId, AppError> {
    serve(async |app, actor| assignments::remove(app, actor, id, version).await).await
}
