//! Imports: one's own, a new one, and one with its rows: what will become of each, the word to begin, how far it has come, and what came
//! of it.

mod list;
mod new;
mod show;

use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::components::{ParentRoute, Route};
use leptos_router::{SsrMode, path};

use crate::ui::*;

#[cfg(feature = "ssr")]
pub use list::IMPORTS;
use list::ImportsPage;
use new::NewImportPage;
#[cfg(feature = "ssr")]
pub use show::IMPORT_ROWS;
use show::ImportPage;

crate::ui::part! {
    /// The pages of imports.
    pub enum Imports in imports {
        List => ImportsPage,
        New => NewImportPage,
        Show => ImportPage,
    }
}

/// The pages of imports.
#[component(transparent)]
pub fn ImportRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("imports")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Imports::List ssr=SsrMode::Async/>
            <Route path=at(path!("new/:kind")) view=Imports::New ssr=SsrMode::Async/>
            <Route path=at(path!(":id")) view=Imports::Show ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
