//! Separation of duties: server functions of a package's tabs and of the report Conflicts.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::{ExceptionId, IncompatibilityId, PackageId};
use crate::domain::incompatibility::{
    ConflictItem, ConflictPreview, ConflictQuery, Counterpart, ExceptionForm, ExceptionItem, ExceptionQuery, IncompatibilityItem,
    IncompatibilityQuery, IncompatibilitySummary, IncompatibleWithItem, IncompatibleWithQuery, PeopleItem, PeopleQuery,
};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::incompatibilities};

/// What stands above the tabs of a package.
#[server(endpoint = "incompatibilities/summary", protocol = Call)]
pub async fn get_incompatibilities(package: PackageId) -> Result<IncompatibilitySummary, AppError> {
    serve(async |app, actor| incompatibilities::summary(app, actor, package).await).await
}

/// The rules of a package that name packages, or groups (F128, F129).
#[server(endpoint = "incompatibilities/list", protocol = Call)]
pub async fn list_incompatibilities(query: IncompatibilityQuery) -> Result<Page<IncompatibilityItem>, AppError> {
    serve(async |app, actor| incompatibilities::list(app, actor, &query).await).await
}

/// The packages that name a package as incompatible (F131).
#[server(endpoint = "incompatibilities/with", protocol = Call)]
pub async fn list_incompatible_with(query: IncompatibleWithQuery) -> Result<Page<IncompatibleWithItem>, AppError> {
    serve(async |app, actor| incompatibilities::with(app, actor, &query).await).await
}

/// The people who have a package and what a rule names, or would name (F132).
#[server(endpoint = "incompatibilities/people", protocol = Call)]
pub async fn list_people_of_rule(query: PeopleQuery) -> Result<Page<PeopleItem>, AppError> {
    serve(async |app, actor| incompatibilities::people(app, actor, &query).await).await
}

/// Who would be in conflict at once if a rule were added.
#[server(endpoint = "incompatibilities/preview", protocol = Call)]
pub async fn preview_incompatibility(package: PackageId, counterpart: Counterpart) -> Result<ConflictPreview, AppError> {
    serve(async |app, actor| incompatibilities::preview(app, actor, package, counterpart).await).await
}

/// Makes a package or a group incompatible with a package (F128, F129).
#[server(endpoint = "incompatibilities/add", protocol = Call)]
pub async fn add_incompatibility(package: PackageId, counterpart: Counterpart) -> Result<IncompatibilityId, AppError> {
    serve(async |app, actor| incompatibilities::add(app, actor, package, counterpart).await).await
}

/// Removes a rule.
#[server(endpoint = "incompatibilities/remove", protocol = Call)]
pub async fn remove_incompatibility(package: PackageId, id: IncompatibilityId) -> Result<(), AppError> {
    serve(async |app, actor| incompatibilities::remove(app, actor, package, id).await).await
}

/// The exceptions from a package's rules.
#[server(endpoint = "incompatibilities/exceptions", protocol = Call)]
pub async fn list_exceptions(query: ExceptionQuery) -> Result<Page<ExceptionItem>, AppError> {
    serve(async |app, actor| incompatibilities::exceptions(app, actor, &query).await).await
}

/// Lets a person get a package in spite of a rule.
#[server(endpoint = "incompatibilities/grant-exception", protocol = Call)]
pub async fn grant_exception(form: ExceptionForm) -> Result<ExceptionId, AppError> {
    serve(async |app, actor| incompatibilities::grant_exception(app, actor, &form).await).await
}

/// Ends an exception before its date.
#[server(endpoint = "incompatibilities/end-exception", protocol = Call)]
pub async fn end_exception(package: PackageId, id: ExceptionId) -> Result<(), AppError> {
    serve(async |app, actor| incompatibilities::end_exception(app, actor, package, id).await).await
}

/// Who has incompatible things now.
#[server(endpoint = "reports/conflicts", protocol = Call)]
pub async fn report_conflicts(query: ConflictQuery) -> Result<Page<ConflictItem>, AppError> {
    serve(async |app, actor| incompatibilities::conflicts(app, actor, &query).await).await
}
