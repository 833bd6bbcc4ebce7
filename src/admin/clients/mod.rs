//! API clients: the list, a new one, and one client with what it signs in with and what it may do.

mod credentials;
mod details;
mod form;
mod list;
mod permissions;

use leptos::prelude::*;
use leptos_router::SsrMode;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::components::{ParentRoute, Route};
use leptos_router::path;

use crate::ui::{Pages, at};

use details::ClientPage;
use form::NewClientPage;
#[cfg(feature = "ssr")]
pub use list::CLIENTS;
use list::ClientsPage;

crate::ui::part! {
    /// The list of API clients, and a new one.
    pub enum Clients in clients {
        List => ClientsPage,
        New => NewClientPage,
    }
}

crate::ui::part! {
    /// One API client.
    pub enum Client in client {
        Show => ClientPage,
    }
}

/// The pages of API clients.
#[component(transparent)]
pub fn ClientRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("clients")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Clients::List ssr=SsrMode::Async/>
            <Route path=at(path!("new")) view=Clients::New ssr=SsrMode::Async/>
            <Route path=at(path!(":id")) view=Client::Show ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
