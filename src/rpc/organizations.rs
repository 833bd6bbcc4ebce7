//! Connected organizations: server functions of the admin area's pages about them.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::OrganizationId;
use crate::domain::object::Subject;
use crate::domain::organization::{Organization, OrganizationDetail, OrganizationForm, OrganizationQuery, SponsorSide};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::organizations};

/// A page of organizations.
#[server(endpoint = "organizations/list", protocol = Call)]
pub async fn list_organizations(query: OrganizationQuery) -> Result<Page<Organization>, AppError> {
    serve(async |app, actor| organizations::list(app, actor, &query).await).await
}

/// One organization with its sponsors.
#[server(endpoint = "organizations/get", protocol = Call)]
pub async fn get_organization(id: OrganizationId) -> Result<OrganizationDetail, AppError> {
    serve(async |app, actor| organizations::get(app, actor, id).await).await
}

/// Makes an organization.
#[server(endpoint = "organizations/create", protocol = Call)]
pub async fn create_organization(form: OrganizationForm) -> Result<OrganizationId, AppError> {
    serve(async |app, actor| organizations::create(app, actor, &form).await).await
}

/// Changes an organization; gives the new version.
#[server(endpoint = "organizations/update", protocol = Call)]
pub async fn update_organization(id: OrganizationId, version: i64, form: OrganizationForm) -> Result<i64, AppError> {
    serve(async |app, actor| organizations::update(app, actor, id, version, &form).await).await
}

/// Deletes an organization.
#[server(endpoint = "organizations/delete", protocol = Call)]
pub async fn delete_organization(id: OrganizationId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| organizations::delete(app, actor, id, version).await).await
}

/// Lets users and groups vouch for an organization; gives how many came to it.
#[server(endpoint = "organizations/add-sponsors", protocol = Call)]
pub async fn add_sponsors(id: OrganizationId, side: SponsorSide, sponsors: Vec<Subject>) -> Result<usize, AppError> {
    serve(async |app, actor| organizations::add_sponsors(app, actor, id, side, &sponsors).await).await
}

/// Lets a user or group vouch no more.
#[server(endpoint = "organizations/remove-sponsor", protocol = Call)]
pub async fn remove_sponsor(id: OrganizationId, side: SponsorSide, sponsor: Subject) -> Result<(), AppError> {
    serve(async |app, actor| organizations::remove_sponsor(app, actor, id, side, sponsor.id()).await).await
}
