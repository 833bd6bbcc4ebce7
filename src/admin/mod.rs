//! The admin area: Directory and Identity Governance. This file is its map of pages; each page is a file or folder beside it. Pages
//! call server functions and lay out widgets, and must not know services, the store or the other site.

mod assignments;
mod audit;
mod bell;
mod blade;
mod bulk;
mod catalogs;
mod clients;
pub mod code_splitting;
mod confirm;
mod deletion;
mod details;
mod directory_objects;
mod directory_roles;
mod error_view;
mod find;
mod form;
mod frame;
mod groups;
mod home;
mod impact;
mod imports;
mod incompatibilities;
pub mod listing;
mod objects;
mod organizations;
mod packages;
mod page_title;
mod person;
mod pickers;
mod policies;
mod reports;
mod requests;
mod role_holders;
mod sentences;
mod settings;
mod timestamp;
mod users;
mod wizard;

use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use assignments::{Assignments, NewAssignment};
use audit::Audit;
use catalogs::{Attributes, Catalog, CatalogContents, Catalogs};
use clients::ClientRoutes;
use directory_objects::DirectoryObjects;
use directory_roles::DirectoryRoles;
use error_view::NotFoundPage;
use frame::Frame;
use groups::{Group, Groups, People};
use home::HomePage;
use imports::ImportRoutes;
use incompatibilities::{Exceptions, Incompatibilities};
use organizations::OrganizationRoutes;
use packages::{Contents, Package, Packages};
use policies::{Policies, Policy, Simulator, Versions};
use reports::Reports;
use requests::Requests;
use settings::SettingsRoutes;
use users::{User, UserAttributes, Users};
use wizard::{BeginPackage, NewPackage};

use crate::ui::{Pages, at};

/// The lists that can be had as a file.
#[cfg(feature = "ssr")]
pub mod lists {
    pub use crate::admin::assignments::ASSIGNMENTS;
    pub use crate::admin::audit::{
        APPLICATION_HISTORY, AUDIT, CATALOG_HISTORY, GROUP_HISTORY, PACKAGE_HISTORY, SITE_HISTORY, USER_HISTORY,
    };
    pub use crate::admin::catalogs::{CATALOG_PACKAGES, CATALOG_ROLES, CATALOGS, RESOURCES};
    pub use crate::admin::clients::CLIENTS;
    pub use crate::admin::directory_objects::{APPLICATION_HOLDERS, APPLICATIONS, SITE_HOLDERS, SITES};
    pub use crate::admin::directory_roles::ROLES;
    pub use crate::admin::groups::{GROUPS, MEMBERS, OWNERS};
    pub use crate::admin::imports::{IMPORT_ROWS, IMPORTS};
    pub use crate::admin::incompatibilities::{
        ADDITIONAL_ACCESS, EXCEPTIONS, INCOMPATIBLE_GROUPS, INCOMPATIBLE_PACKAGES, INCOMPATIBLE_WITH,
    };
    pub use crate::admin::organizations::ORGANIZATIONS;
    pub use crate::admin::packages::PACKAGES;
    pub use crate::admin::reports::{
        ACCESS_ON_DAY, CONFLICTS, PACKAGE_ACTIVITY, UNUSED_PACKAGES, USER_CAN_REQUEST, USER_PACKAGES, USER_RESOURCES,
    };
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
                    <ParentRoute path=at(path!("/admin")) view=Outlet>
                        <Route path=at(path!("")) view=HomePage ssr=SsrMode::Async/>
                        <Route path=at(path!("governance")) view=Reports::Governance ssr=SsrMode::Async/>
                        <Route path=at(path!("audit/:row?")) view=Audit::List ssr=SsrMode::Async/>
                        <ReportRoutes/>
                        <Route path=at(path!("users/:id/history")) view=Audit::OfUser ssr=SsrMode::Async/>
                        <UserRoutes/>
                        <GroupRoutes/>
                        <Route path=at(path!("roles")) view=DirectoryRoles::Page ssr=SsrMode::Async/>
                        <DirectoryObjectRoutes/>
                        <CatalogRoutes/>
                        <NewPackageRoutes/>
                        <PackageRoutes/>
                        <ImportRoutes/>
                        <ClientRoutes/>
                        <OrganizationRoutes/>
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
        <ParentRoute path=at(path!("reports")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Reports::Home ssr=SsrMode::Async/>
            <Route path=at(path!("day")) view=Reports::Day ssr=SsrMode::Async/>
            <Route path=at(path!("activity")) view=Reports::Activity ssr=SsrMode::Async/>
            <Route path=at(path!("unused")) view=Reports::Unused ssr=SsrMode::Async/>
            <Route path=at(path!("conflicts")) view=Reports::Conflicts ssr=SsrMode::Async/>
            <Route path=at(path!("user/:id")) view=Reports::UserPackages ssr=SsrMode::Async/>
            <Route path=at(path!("user/:id/can-request")) view=Reports::UserCanRequest ssr=SsrMode::Async/>
            <Route path=at(path!("user/:id/resources")) view=Reports::UserResources ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn UserRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("users")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Users::List ssr=SsrMode::Async/>
            <Route path=at(path!("new")) view=User::New ssr=SsrMode::Async/>
            <Route path=at(path!("deleted")) view=Users::Deleted ssr=SsrMode::Async/>
            <Route path=at(path!("attributes")) view=UserAttributes::Page ssr=SsrMode::Async/>
            <Route path=at(path!(":id")) view=User::Show ssr=SsrMode::Async/>
            <Route path=at(path!(":id/edit")) view=User::Edit ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn GroupRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("groups")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Groups::List ssr=SsrMode::Async/>
            <Route path=at(path!("new")) view=Groups::New ssr=SsrMode::Async/>
            <ParentRoute path=at(path!(":id")) view=Group::Blade ssr=SsrMode::Async>
                <Route path=at(path!("")) view=People::Overview ssr=SsrMode::Async/>
                <Route path=at(path!("members")) view=People::Members ssr=SsrMode::Async/>
                <Route path=at(path!("owners")) view=People::Owners ssr=SsrMode::Async/>
                <Route path=at(path!("history")) view=Audit::OfGroup ssr=SsrMode::Async/>
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn DirectoryObjectRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("applications")) view=DirectoryObjects::Applications ssr=SsrMode::Async/>
            <ParentRoute path=at(path!("applications/:id")) view=DirectoryObjects::Blade ssr=SsrMode::Async>
                <Route path=at(path!("")) view=DirectoryObjects::Overview ssr=SsrMode::Async/>
                <Route path=at(path!("holders")) view=DirectoryObjects::ApplicationHolders ssr=SsrMode::Async/>
                <Route path=at(path!("history")) view=Audit::OfApplication ssr=SsrMode::Async/>
            </ParentRoute>
            <Route path=at(path!("sites")) view=DirectoryObjects::Sites ssr=SsrMode::Async/>
            <ParentRoute path=at(path!("sites/:id")) view=DirectoryObjects::Blade ssr=SsrMode::Async>
                <Route path=at(path!("")) view=DirectoryObjects::Overview ssr=SsrMode::Async/>
                <Route path=at(path!("holders")) view=DirectoryObjects::SiteHolders ssr=SsrMode::Async/>
                <Route path=at(path!("history")) view=Audit::OfSite ssr=SsrMode::Async/>
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn CatalogRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("catalogs")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Catalogs::List ssr=SsrMode::Async/>
            <ParentRoute path=at(path!(":id")) view=Catalog::Blade ssr=SsrMode::Async>
                <Route path=at(path!("")) view=CatalogContents::Overview ssr=SsrMode::Async/>
                <Route path=at(path!("resources")) view=CatalogContents::Resources ssr=SsrMode::Async/>
                <Route path=at(path!("resources/:resource/attributes")) view=Attributes::Page ssr=SsrMode::Async/>
                <Route path=at(path!("packages")) view=CatalogContents::Packages ssr=SsrMode::Async/>
                <Route path=at(path!("roles")) view=CatalogContents::Roles ssr=SsrMode::Async/>
                <Route path=at(path!("history")) view=Audit::OfCatalog ssr=SsrMode::Async/>
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn NewPackageRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("packages/new")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=BeginPackage::Page ssr=SsrMode::Async/>
            <Route path=at(path!(":draft/:step")) view=NewPackage::Draft ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn PackageRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("packages")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Packages::List ssr=SsrMode::Async/>
            <ParentRoute path=at(path!(":id")) view=Package::Blade ssr=SsrMode::Async>
                <Route path=at(path!("")) view=Contents::Overview ssr=SsrMode::Async/>
                <Route path=at(path!("resource-roles")) view=Contents::Roles ssr=SsrMode::Async/>
                <Route path=at(path!("policies")) view=Policies::OfPackage ssr=SsrMode::Async/>
                <SeparationRoutes/>
                <Route path=at(path!("simulator")) view=Simulator::Page ssr=SsrMode::Async/>
                <Route path=at(path!("policies/new")) view=Policy::New ssr=SsrMode::Async/>
                <Route path=at(path!("policies/:policy/edit")) view=Policy::Edit ssr=SsrMode::Async/>
                <Route path=at(path!("policies/:policy/versions")) view=Versions::Page ssr=SsrMode::Async/>
                <Route path=at(path!("assignments/new")) view=NewAssignment::Page ssr=SsrMode::Async/>
                <Route path=at(path!("assignments/:assignment?")) view=Assignments::OfPackage ssr=SsrMode::Async/>
                <Route path=at(path!("requests/:request?")) view=Requests::OfPackage ssr=SsrMode::Async/>
                <Route path=at(path!("history")) view=Audit::OfPackage ssr=SsrMode::Async/>
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn SeparationRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("separation-of-duties")) view=Outlet ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Incompatibilities::Packages ssr=SsrMode::Async/>
            <Route path=at(path!("groups")) view=Incompatibilities::Groups ssr=SsrMode::Async/>
            <Route path=at(path!("incompatible-with")) view=Incompatibilities::With ssr=SsrMode::Async/>
            <Route path=at(path!("exceptions")) view=Exceptions::List ssr=SsrMode::Async/>
            <Route path=at(path!("people")) view=Exceptions::People ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
