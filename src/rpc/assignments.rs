//! Assignments: server functions of a package's Assignments page.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::assignment::{AssignmentDetail, AssignmentItem, AssignmentQuery, DirectForm, DirectOptions, Removal};
use crate::domain::bulk::ItemResult;
use crate::domain::id::{AssignmentId, PackageId, UserId};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::assignments};

/// A page of a package's assignments (F037, F120).
#[server(endpoint = "assignments/list", protocol = Call)]
pub async fn list_assignments(query: AssignmentQuery) -> Result<Page<AssignmentItem>, AppError> {
    serve(async |app, actor| assignments::list(app, actor, &query).await).await
}

/// One assignment with what it gives and what changed it.
#[server(endpoint = "assignments/get", protocol = Call)]
pub async fn get_assignment(id: AssignmentId) -> Result<AssignmentDetail, AppError> {
    serve(async |app, actor| assignments::get(app, actor, id).await).await
}

/// Ends assignments, each by a request that records it; with `tell` their people are told (F038, F039, F123).
#[server(endpoint = "assignments/remove", protocol = Call)]
pub async fn remove_assignments(items: Vec<Removal>, tell: bool) -> Result<Vec<ItemResult<AssignmentId>>, AppError> {
    serve(async |app, actor| assignments::remove_all(app, actor, &items, tell).await).await
}

/// Gives anew what assignments give (F122).
#[server(endpoint = "assignments/reprocess", protocol = Call)]
pub async fn reprocess_assignments(ids: Vec<AssignmentId>) -> Result<Vec<ItemResult<AssignmentId>>, AppError> {
    serve(async |app, actor| assignments::reprocess(app, actor, &ids).await).await
}

/// Marks the guests of assignments as governed (F162).
#[server(endpoint = "assignments/govern", protocol = Call)]
pub async fn govern_guests(ids: Vec<AssignmentId>) -> Result<Vec<ItemResult<AssignmentId>>, AppError> {
    serve(async |app, actor| assignments::govern(app, actor, &ids).await).await
}

/// The policies under which a package can be assigned, each with what it asks.
#[server(endpoint = "assignments/options", protocol = Call)]
pub async fn assignment_options(package: PackageId) -> Result<DirectOptions, AppError> {
    serve(async |app, actor| assignments::options(app, actor, package, "").await).await
}

/// Assigns a package to people; gives what came of it for each (F116).
#[server(endpoint = "assignments/new", protocol = Call)]
pub async fn assign_package(form: DirectForm) -> Result<Vec<ItemResult<UserId>>, AppError> {
    serve(async |app, actor| assignments::assign(app, actor, &form).await).await
}
