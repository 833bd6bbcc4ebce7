//! Connected organizations: the list, a new one, and one organization with those who vouch for it.

mod details;
mod form;
mod list;
mod sponsors;

use leptos::prelude::*;
use leptos_router::SsrMode;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::components::{ParentRoute, Route};
use leptos_router::path;

use crate::ui::{Pages, at};

use details::OrganizationPage;
use form::NewOrganizationPage;
#[cfg(feature = "ssr")]
pub use list::ORGANIZATIONS;
use list::OrganizationsPage;

crate::ui::part! {
    /// The list of connected organizations, and a new one.
    pub enum Organizations in organizations {
        List => OrganizationsPage,
        New => NewOrganizationPage,
    }
}

crate::ui::part! {
    /// One connected organization.
    pub enum Organization in organization {
        Show => OrganizationPage,
    }
}

/// The pages of connected organizations.
#[component(transparent)]
pub fn OrganizationRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("connected-organizations")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Organizations::List ssr=SsrMode::Async/>
            <Route path=at(path!("new")) view=Organizations::New ssr=SsrMode::Async/>
            <Route path=at(path!(":id")) view=Organization::Show ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
