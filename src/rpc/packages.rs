//! Access packages: server functions of the list and the blade.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::attribute::RequiredAttribute;
use crate::domain::draft::DraftRole;
use crate::domain::drift::Drift;
use crate::domain::id::{CatalogId, PackageId, PackageRoleId};
use crate::domain::package::{PackageDetail, PackageForm, PackageItem, PackageQuery};
use crate::domain::package_move::MoveCheck;
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {
    super::context::serve,
    crate::service::{attributes, drift, packages},
};

/// A page of packages (F007).
#[server(endpoint = "packages/list", protocol = Call)]
pub async fn list_packages(query: PackageQuery) -> Result<Page<PackageItem>, AppError> {
    serve(async |app, actor| packages::list(app, actor, &query).await).await
}

/// One package with its resource roles and policies.
#[server(endpoint = "packages/get", protocol = Call)]
pub async fn get_package(id: PackageId) -> Result<PackageDetail, AppError> {
    serve(async |app, actor| packages::get(app, actor, id).await).await
}

/// Changes name, description, Hidden and what becomes of prior memberships; gives the new version.
#[server(endpoint = "packages/update", protocol = Call)]
pub async fn update_package(id: PackageId, version: i64, form: PackageForm) -> Result<i64, AppError> {
    serve(async |app, actor| packages::update(app, actor, id, version, &form).await).await
}

/// Deletes a package that nobody has (F041, F042).
#[server(endpoint = "packages/delete", protocol = Call)]
pub async fn delete_package(id: PackageId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| packages::delete(app, actor, id, version).await).await
}

/// Ends all assignments of a package, cancels open requests, and deletes it when that is done; `told`: the people concerned are told.
#[server(endpoint = "packages/end-and-delete", protocol = Call)]
pub async fn end_and_delete_package(id: PackageId, version: i64, told: bool) -> Result<(), AppError> {
    serve(async |app, actor| packages::end_and_delete(app, actor, id, version, told).await).await
}

/// What was given or taken away beside the package since it gives its roles.
#[server(endpoint = "packages/drift", protocol = Call)]
pub async fn get_drift(id: PackageId) -> Result<Drift, AppError> {
    serve(async |app, actor| drift::of_package(app, actor, id).await).await
}

/// Adds resource roles; everyone who has the package is given them (F061).
#[server(endpoint = "packages/add-roles", protocol = Call)]
pub async fn add_package_roles(id: PackageId, roles: Vec<DraftRole>) -> Result<(), AppError> {
    serve(async |app, actor| packages::add_roles(app, actor, id, &roles).await).await
}

/// Removes a resource role; everyone who has it only through this package loses it (F040, F062).
#[server(endpoint = "packages/remove-role", protocol = Call)]
pub async fn remove_package_role(id: PackageId, role: PackageRoleId) -> Result<(), AppError> {
    serve(async |app, actor| packages::remove_role(app, actor, id, role).await).await
}

/// Where a package can be moved to and, once a target is chosen, what stands in the way and what the move changes.
#[server(endpoint = "packages/check-move", protocol = Call)]
pub async fn check_move(id: PackageId, target: Option<CatalogId>) -> Result<MoveCheck, AppError> {
    serve(async |app, actor| packages::check_move(app, actor, id, target).await).await
}

/// Moves a package to another catalog; with `bring` the resources that are missing there are added. Gives the new version.
#[server(endpoint = "packages/move", protocol = Call)]
pub async fn move_package(id: PackageId, version: i64, target: CatalogId, bring: bool) -> Result<i64, AppError> {
    serve(async |app, actor| packages::move_to(app, actor, id, version, target, bring).await).await
}

/// What the resources of a package ask of requestors (F054).
#[server(endpoint = "packages/attributes", protocol = Call)]
pub async fn get_required_attributes(id: PackageId) -> Result<Vec<RequiredAttribute>, AppError> {
    serve(async |app, actor| attributes::required_by(app, actor, id).await).await
}
