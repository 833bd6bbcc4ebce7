//! Who is looking: what the frames of both sites show of the signed-in user.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::error::AppError;
use crate::domain::id::{Named, UserId};
use crate::domain::refusal::Permission;
use crate::domain::user::DirectoryRole;

#[cfg(feature = "ssr")]
use {
    super::context::serve,
    crate::domain::access::{Action, Scope},
    crate::service::{catalogs, my_access, organizations},
};

/// The signed-in user and the installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The account.
    pub user: Named<UserId>,
    /// Its sign-in name.
    pub user_name: String,
    /// Its highest directory role.
    pub role: DirectoryRole,
    /// The organisation.
    pub tenant: String,
    /// May they use the admin area? Why not, if not (F008).
    pub admin: Permission,
    /// May they create catalogs? (F044)
    pub create_catalogs: Permission,
    /// May they see users and groups?
    pub directory: Permission,
    /// May they create and change groups?
    pub groups: Permission,
    /// May they create and change users?
    pub users: Permission,
    /// May they create access packages, in some catalog?
    pub packages: Permission,
    /// May they open the list of access packages?
    pub package_list: Permission,
    /// May they open the list of catalogs?
    pub catalog_list: Permission,
    /// May they change the settings?
    pub settings: Permission,
    /// May they open the list of connected organizations?
    pub organization_list: Permission,
    /// May they add and change connected organizations?
    pub organizations: Permission,
    /// May they manage API clients?
    pub clients: Permission,
    /// May they see reports and the audit trail?
    pub reports: Permission,
    /// Does My Access suggest packages (F148)?
    pub suggestions: bool,
}

/// The signed-in user.
#[server(endpoint = "viewer/get", protocol = Call)]
pub async fn get_viewer() -> Result<Viewer, AppError> {
    serve(async |app, actor| {
        let suggestions = my_access::suggests(app).await?;
        Ok(Viewer {
            suggestions,
            user: Named::new(actor.person()?.id, actor.name.clone()),
            user_name: actor.user_name.clone(),
            role: actor.directory_role(),
            tenant: app.site.tenant.clone(),
            admin: actor.authorize_somewhere(Action::UseAdminArea).into(),
            create_catalogs: catalogs::may_create(actor),
            directory: actor.authorize_somewhere(Action::ReadDirectory).into(),
            groups: actor.authorize_somewhere(Action::ManageGroups).into(),
            users: actor.authorize_somewhere(Action::ManageUsers).into(),
            packages: actor.authorize_somewhere(Action::ManagePackages).into(),
            package_list: actor.authorize_somewhere(Action::ReadCatalogs).into(),
            catalog_list: catalogs::may_list(actor).into(),
            settings: actor.permission(Action::ManageSettings, Scope::Tenant),
            organization_list: actor.authorize_somewhere(Action::ReadConnectedOrganizations).into(),
            organizations: organizations::may_manage(actor),
            clients: actor.permission(Action::ManageClients, Scope::Tenant),
            reports: actor.authorize_somewhere(Action::ReadReports).into(),
        })
    })
    .await
}
