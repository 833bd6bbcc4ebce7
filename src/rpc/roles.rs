//! Who holds which role: server functions of a catalog's Roles and administrators, and of the directory's.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::access::Role;
use crate::domain::id::{CatalogId, RoleAssignmentId};
use crate::domain::object::Subject;
use crate::domain::page::Page;
use crate::domain::role_assignment::{RoleHolder, RoleQuery, RoleSummary};

#[cfg(feature = "ssr")]
use {
    super::context::serve,
    crate::service::roles::{self, Roles},
};

/// A page of those who hold a role in the catalog that is named (F052).
#[server(endpoint = "catalog-roles/list", protocol = Call)]
pub async fn list_catalog_roles(query: RoleQuery) -> Result<Page<RoleHolder>, AppError> {
    match query.catalog {
        Some(_) => serve(async |app, actor| roles::holders(app, actor, &query).await).await,
        None => Err(AppError::NotFound),
    }
}

/// Gives a role of a catalog to users and groups; gives how many hold it newly (F052).
#[server(endpoint = "catalog-roles/give", protocol = Call)]
pub async fn give_catalog_role(catalog: CatalogId, role: Role, holders: Vec<Subject>) -> Result<usize, AppError> {
    serve(async |app, actor| {
        let given = roles::give(app, actor, Roles::OfCatalog(catalog), role, &holders).await?;
        Ok(given.len())
    })
    .await
}

/// Takes a role of a catalog back (F052).
#[server(endpoint = "catalog-roles/take", protocol = Call)]
pub async fn take_catalog_role(catalog: CatalogId, id: RoleAssignmentId) -> Result<(), AppError> {
    serve(async |app, actor| roles::take(app, actor, Roles::OfCatalog(catalog), id).await).await
}

/// A page of those who hold a role of the directory.
#[server(endpoint = "directory-roles/list", protocol = Call)]
pub async fn list_directory_roles(query: RoleQuery) -> Result<Page<RoleHolder>, AppError> {
    let query = RoleQuery { catalog: None, ..query };
    serve(async |app, actor| roles::holders(app, actor, &query).await).await
}

/// The roles of the directory: how many hold each, and whether one may give it.
#[server(endpoint = "directory-roles/summary", protocol = Call)]
pub async fn summarize_directory_roles() -> Result<Vec<RoleSummary>, AppError> {
    serve(async |app, actor| roles::summary(app, actor).await).await
}

/// Gives a role of the directory, but not that of catalog creators; gives how many hold it newly.
#[server(endpoint = "directory-roles/give", protocol = Call)]
pub async fn give_directory_role(role: Role, holders: Vec<Subject>) -> Result<usize, AppError> {
    serve(async |app, actor| {
        let given = roles::give(app, actor, Roles::OfDirectory, role, &holders).await?;
        Ok(given.len())
    })
    .await
}

/// Takes such a role back.
#[server(endpoint = "directory-roles/take", protocol = Call)]
pub async fn take_directory_role(id: RoleAssignmentId) -> Result<(), AppError> {
    serve(async |app, actor| roles::take(app, actor, Roles::OfDirectory, id).await).await
}

/// Makes users and groups catalog creators; gives how many are so newly (F163).
#[server(endpoint = "catalog-creators/add", protocol = Call)]
pub async fn add_catalog_creators(holders: Vec<Subject>) -> Result<usize, AppError> {
    serve(async |app, actor| {
        let given = roles::give(app, actor, Roles::Creators, Role::CatalogCreator, &holders).await?;
        Ok(given.len())
    })
    .await
}

/// Takes the role of catalog creator back (F163).
#[server(endpoint = "catalog-creators/remove", protocol = Call)]
pub async fn remove_catalog_creator(id: RoleAssignmentId) -> Result<(), AppError> {
    serve(async |app, actor| roles::take(app, actor, Roles::Creators, id).await).await
}
