//! The admin area: Directory and Identity Governance. This file is its map of pages; each page is a file or folder beside it. Pages
//! call server functions and lay out widgets, and must not know services, the store or the other site.

mod assignments;
mod audit;
mod bell;
mod blade;
mod bulk;
mod catalogs;
mod confirm;
mod deletion;
mod details;
mod directory_objects;
mod directory_roles;
mod error_view;
mod form;
mod frame;
mod governance;
mod groups;
mod home;
pub mod listing;
mod objects;
mod packages;
mod page_title;
mod person;
mod pickers;
mod policies;
mod reports;
mod requests;
mod role_holders;
mod settings;
mod timestamp;
mod users;
mod wizard;

use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use assignments::{NewAssignmentPage, PackageAssignmentsPage};
use audit::{AuditPage, CatalogHistoryPage, GroupHistoryPage, PackageHistoryPage, UserHistoryPage};
use catalogs::{CatalogBlade, CatalogOverviewPage, CatalogPackagesPage, CatalogResourcesPage, CatalogRolesPage, CatalogsPage};
use directory_objects::{
    ApplicationHoldersPage, ApplicationsPage, DirectoryObjectBlade, DirectoryObjectOverviewPage, SiteHoldersPage, SitesPage,
};
use directory_roles::DirectoryRolesPage;
use error_view::NotFoundPage;
use frame::Frame;
use governance::GovernancePage;
use groups::{GroupBlade, GroupMembersPage, GroupOverviewPage, GroupOwnersPage, GroupsPage, NewGroupPage};
use home::HomePage;
use packages::{NewPackagePage, PackageBlade, PackageOverviewPage, PackageRolesPage, PackagesPage};
use policies::{EditPolicyPage, NewPolicyPage, PackagePoliciesPage, PolicyVersionsPage, SimulatorPage};
use reports::{ActivityPage, DayPage, ReportsPage, UnusedPage, UserCanRequestPage, UserPackagesPage, UserResourcesPage};
use requests::PackageRequestsPage;
use settings::SettingsRoutes;
use users::{DeletedUsersPage, EditUserPage, NewUserPage, UserPage, UsersPage};
use wizard::WizardPage;

/// The lists that can be had as a file.
#[cfg(feature = "ssr")]
pub mod lists {
    pub use crate::admin::assignments::ASSIGNMENTS;
    pub use crate::admin::audit::{AUDIT, CATALOG_HISTORY, GROUP_HISTORY, PACKAGE_HISTORY, USER_HISTORY};
    pub use crate::admin::catalogs::{CATALOG_PACKAGES, CATALOG_ROLES, CATALOGS, RESOURCES};
    pub use crate::admin::directory_objects::{APPLICATION_HOLDERS, APPLICATIONS, SITE_HOLDERS, SITES};
    pub use crate::admin::directory_roles::ROLES;
    pub use crate::admin::groups::{GROUPS, MEMBERS, OWNERS};
    pub use crate::admin::packages::PACKAGES;
    pub use crate::admin::reports::{ACCESS_ON_DAY, PACKAGE_ACTIVITY, UNUSED_PACKAGES, USER_CAN_REQUEST, USER_PACKAGES, USER_RESOURCES};
    pub use crate::admin::requests::REQUESTS;
    pub use crate::admin::settings::{MAILS, SUPPRESSED_ADDRESSES};
    pub use crate::admin::users::{DELETED_USERS, USERS};
}

/// The whole site: frame, router and pages.
#[component]
pub fn AdminSite() -> impl IntoView {
    view! {
        <Router>
            <Frame>
                <Routes fallback=NotFoundPage>
                    <ParentRoute path=path!("/admin") view=Outlet>
                        <Route path=path!("") view=HomePage ssr=SsrMode::Async/>
                        <Route path=path!("governance") view=GovernancePage ssr=SsrMode::Async/>
                        <Route path=path!("audit/:row?") view=AuditPage ssr=SsrMode::Async/>
                        <ReportRoutes/>
                        <UserRoutes/>
                        <GroupRoutes/>
                        <DirectoryObjectRoutes/>
                        <CatalogRoutes/>
                        <PackageRoutes/>
                        <SettingsRoutes/>
                    </ParentRoute>
                </Routes>
            </Frame>
        </Router>
    }
}

#[component(transparent)]
fn ReportRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("reports") view=Outlet>
            <Route path=path!("") view=ReportsPage ssr=SsrMode::Async/>
            <Route path=path!("day") view=DayPage ssr=SsrMode::Async/>
            <Route path=path!("activity") view=ActivityPage ssr=SsrMode::Async/>
            <Route path=path!("unused") view=UnusedPage ssr=SsrMode::Async/>
            <Route path=path!("user/:id") view=UserPackagesPage ssr=SsrMode::Async/>
            <Route path=path!("user/:id/can-request") view=UserCanRequestPage ssr=SsrMode::Async/>
            <Route path=path!("user/:id/resources") view=UserResourcesPage ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn UserRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("users") view=Outlet>
            <Route path=path!("") view=UsersPage ssr=SsrMode::Async/>
            <Route path=path!("new") view=NewUserPage ssr=SsrMode::Async/>
            <Route path=path!("deleted") view=DeletedUsersPage ssr=SsrMode::Async/>
            <Route path=path!(":id") view=UserPage ssr=SsrMode::Async/>
            <Route path=path!(":id/edit") view=EditUserPage ssr=SsrMode::Async/>
            <Route path=path!(":id/history") view=UserHistoryPage ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn GroupRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("groups") view=Outlet>
            <Route path=path!("") view=GroupsPage ssr=SsrMode::Async/>
            <Route path=path!("new") view=NewGroupPage ssr=SsrMode::Async/>
            <ParentRoute path=path!(":id") view=GroupBlade ssr=SsrMode::Async>
                <Route path=path!("") view=GroupOverviewPage ssr=SsrMode::Async/>
                <Route path=path!("members") view=GroupMembersPage ssr=SsrMode::Async/>
                <Route path=path!("owners") view=GroupOwnersPage ssr=SsrMode::Async/>
                <Route path=path!("history") view=GroupHistoryPage ssr=SsrMode::Async/>
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn DirectoryObjectRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("roles") view=DirectoryRolesPage ssr=SsrMode::Async/>
            <Route path=path!("applications") view=ApplicationsPage ssr=SsrMode::Async/>
            <ParentRoute path=path!("applications/:id") view=DirectoryObjectBlade ssr=SsrMode::Async>
                <Route path=path!("") view=DirectoryObjectOverviewPage ssr=SsrMode::Async/>
                <Route path=path!("holders") view=ApplicationHoldersPage ssr=SsrMode::Async/>
            </ParentRoute>
            <Route path=path!("sites") view=SitesPage ssr=SsrMode::Async/>
            <ParentRoute path=path!("sites/:id") view=DirectoryObjectBlade ssr=SsrMode::Async>
                <Route path=path!("") view=DirectoryObjectOverviewPage ssr=SsrMode::Async/>
                <Route path=path!("holders") view=SiteHoldersPage ssr=SsrMode::Async/>
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn CatalogRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("catalogs") view=Outlet>
            <Route path=path!("") view=CatalogsPage ssr=SsrMode::Async/>
            <ParentRoute path=path!(":id") view=CatalogBlade ssr=SsrMode::Async>
                <Route path=path!("") view=CatalogOverviewPage ssr=SsrMode::Async/>
                <Route path=path!("resources") view=CatalogResourcesPage ssr=SsrMode::Async/>
                <Route path=path!("packages") view=CatalogPackagesPage ssr=SsrMode::Async/>
                <Route path=path!("roles") view=CatalogRolesPage ssr=SsrMode::Async/>
                <Route path=path!("history") view=CatalogHistoryPage ssr=SsrMode::Async/>
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn PackageRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("packages") view=Outlet>
            <Route path=path!("") view=PackagesPage ssr=SsrMode::Async/>
            <Route path=path!("new") view=NewPackagePage ssr=SsrMode::Async/>
            <Route path=path!("new/:draft/:step") view=WizardPage ssr=SsrMode::Async/>
            <ParentRoute path=path!(":id") view=PackageBlade ssr=SsrMode::Async>
                <Route path=path!("") view=PackageOverviewPage ssr=SsrMode::Async/>
                <Route path=path!("resource-roles") view=PackageRolesPage ssr=SsrMode::Async/>
                <Route path=path!("policies") view=PackagePoliciesPage ssr=SsrMode::Async/>
                <Route path=path!("simulator") view=SimulatorPage ssr=SsrMode::Async/>
                <Route path=path!("policies/new") view=NewPolicyPage ssr=SsrMode::Async/>
                <Route path=path!("policies/:policy/edit") view=EditPolicyPage ssr=SsrMode::Async/>
                <Route path=path!("policies/:policy/versions") view=PolicyVersionsPage ssr=SsrMode::Async/>
                <Route path=path!("assignments/new") view=NewAssignmentPage ssr=SsrMode::Async/>
                <Route path=path!("assignments/:assignment?") view=PackageAssignmentsPage ssr=SsrMode::Async/>
                <Route path=path!("requests/:request?") view=PackageRequestsPage ssr=SsrMode::Async/>
                <Route path=path!("history") view=PackageHistoryPage ssr=SsrMode::Async/>
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
