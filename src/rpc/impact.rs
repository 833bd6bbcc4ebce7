//! What a change would do to whom, before it is made: server functions of the dialogs that ask.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::{CatalogId, ObjectId, PackageId, PolicyId, RoleAssignmentId, UserId};
use crate::domain::impact::{Impact, MoreNames, PackageChange, PolicyChange, RoleChange, UserChange};

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::impact};

/// Of a change of a package, or further names of one effect of it.
#[server(endpoint = "packages/impact", protocol = Call)]
pub async fn package_impact(id: PackageId, change: PackageChange, more: Option<MoreNames>) -> Result<Impact, AppError> {
    serve(async |app, actor| impact::of_package(app, actor, id, change, more).await).await
}

/// Of a change of a policy.
#[server(endpoint = "policies/impact", protocol = Call)]
pub async fn policy_impact(id: PolicyId, change: PolicyChange, more: Option<MoreNames>) -> Result<Impact, AppError> {
    serve(async |app, actor| impact::of_policy(app, actor, id, &change, more).await).await
}

/// Of taking a role of a catalog back.
#[server(endpoint = "catalog-roles/impact", protocol = Call)]
pub async fn catalog_role_impact(catalog: CatalogId, id: RoleAssignmentId, more: Option<MoreNames>) -> Result<Impact, AppError> {
    serve(async |app, actor| impact::of_catalog_role(app, actor, catalog, id, more).await).await
}

/// Of taking back or giving a role of the directory, but not that of catalog creators.
#[server(endpoint = "directory-roles/impact", protocol = Call)]
pub async fn directory_role_impact(change: RoleChange, more: Option<MoreNames>) -> Result<Impact, AppError> {
    serve(async |app, actor| impact::of_directory_role(app, actor, &change, more).await).await
}

/// Of taking back or giving the role of catalog creator.
#[server(endpoint = "catalog-creators/impact", protocol = Call)]
pub async fn catalog_creator_impact(change: RoleChange, more: Option<MoreNames>) -> Result<Impact, AppError> {
    serve(async |app, actor| impact::of_catalog_creators(app, actor, &change, more).await).await
}

/// Of deleting a catalog.
#[server(endpoint = "catalogs/impact", protocol = Call)]
pub async fn catalog_impact(id: CatalogId, more: Option<MoreNames>) -> Result<Impact, AppError> {
    serve(async |app, actor| impact::of_catalog(app, actor, id, more).await).await
}

/// Of blocking or deleting a user.
#[server(endpoint = "users/impact", protocol = Call)]
pub async fn user_impact(id: UserId, change: UserChange, more: Option<MoreNames>) -> Result<Impact, AppError> {
    serve(async |app, actor| impact::of_user(app, actor, id, change, more).await).await
}

/// Of deleting a group.
#[server(endpoint = "groups/impact", protocol = Call)]
pub async fn group_impact(id: ObjectId, more: Option<MoreNames>) -> Result<Impact, AppError> {
    serve(async |app, actor| impact::of_group(app, actor, id, more).await).await
}
