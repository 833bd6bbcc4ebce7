//! Policies: server functions of their list, editor and versions.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::{PackageId, PolicyId, UserId};
use crate::domain::object::Subject;
use crate::domain::policy::{PolicyDetail, PolicyForm, PolicyMention, PolicyVersions};
use crate::domain::request::Assessment;

#[cfg(feature = "ssr")]
use {
    super::context::serve,
    crate::service::{policies, requests},
};

/// Which policies name a user or a group, and what for: what is said before either is deleted.
#[server(endpoint = "policies/naming", protocol = Call)]
pub async fn policies_naming(subject: Subject) -> Result<Vec<PolicyMention>, AppError> {
    serve(async |app, actor| policies::naming(app, actor, subject).await).await
}

/// One policy with the terms in force, and what may be done with it (F066).
#[server(endpoint = "policies/get", protocol = Call)]
pub async fn get_policy(id: PolicyId) -> Result<PolicyDetail, AppError> {
    serve(async |app, actor| policies::get(app, actor, id).await).await
}

/// Adds a policy to a package (F065).
#[server(endpoint = "policies/create", protocol = Call)]
pub async fn create_policy(package: PackageId, form: PolicyForm) -> Result<PolicyId, AppError> {
    serve(async |app, actor| policies::create(app, actor, package, &form).await).await
}

/// Changes a policy by a new version of its terms; gives the version for the next change (F066, F081).
#[server(endpoint = "policies/update", protocol = Call)]
pub async fn update_policy(id: PolicyId, version: i64, form: PolicyForm) -> Result<i64, AppError> {
    serve(async |app, actor| policies::update(app, actor, id, version, &form).await).await
}

/// Enables or disables a policy (F072).
#[server(endpoint = "policies/set-enabled", protocol = Call)]
pub async fn enable_policy(id: PolicyId, version: i64, enabled: bool) -> Result<i64, AppError> {
    serve(async |app, actor| policies::set_enabled(app, actor, id, version, enabled).await).await
}

/// Deletes a policy that nothing stands under (F067).
#[server(endpoint = "policies/delete", protocol = Call)]
pub async fn delete_policy(id: PolicyId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| policies::delete(app, actor, id, version).await).await
}

/// Puts a package's policies into an order.
#[server(endpoint = "policies/order", protocol = Call)]
pub async fn order_policies(package: PackageId, ids: Vec<PolicyId>) -> Result<(), AppError> {
    serve(async |app, actor| policies::order(app, actor, package, &ids).await).await
}

/// The versions of a policy, the newest first.
#[server(endpoint = "policies/versions", protocol = Call)]
pub async fn list_versions(id: PolicyId) -> Result<PolicyVersions, AppError> {
    serve(async |app, actor| policies::versions(app, actor, id).await).await
}

/// Puts an earlier version into force again, as a new one; gives the version for the next change.
#[server(endpoint = "policies/restore", protocol = Call)]
pub async fn restore_policy(id: PolicyId, version: i64, number: i64) -> Result<i64, AppError> {
    serve(async |app, actor| policies::restore(app, actor, id, version, number).await).await
}

/// What would become of a person's request, under the policy that they choose where they can; nothing is written.
#[server(endpoint = "policies/simulate", protocol = Call)]
pub async fn simulate_request(package: PackageId, user: UserId, policy: Option<PolicyId>) -> Result<Assessment, AppError> {
    serve(async |app, actor| requests::simulate(app, actor, package, user, policy).await).await
}
