//! Separation of duties of a package: what it is incompatible with, what names it, who has both, and who is excepted. Each tab is a page.

mod adding;
mod exceptions;
mod granting;
mod people;
mod rules;
mod with;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::error_view::{loaded_quietly, use_id};
use crate::domain::id::PackageId;
use crate::domain::incompatibility::IncompatibilitySummary;
use crate::paths::{self, SeparationPage};
use crate::rpc::Loading;
use crate::rpc::incompatibilities::get_incompatibilities;
use crate::ui::*;

#[cfg(feature = "ssr")]
pub use exceptions::EXCEPTIONS;
use exceptions::ExceptionsPage;
#[cfg(feature = "ssr")]
pub use people::ADDITIONAL_ACCESS;
use people::PeoplePage;
#[cfg(feature = "ssr")]
pub use rules::{INCOMPATIBLE_GROUPS, INCOMPATIBLE_PACKAGES};
use rules::{IncompatibleGroupsPage, IncompatiblePackagesPage};
#[cfg(feature = "ssr")]
pub use with::INCOMPATIBLE_WITH;
use with::IncompatibleWithPage;

crate::ui::part! {
    /// Separation of duties of a package.
    pub enum Incompatibilities in incompatibilities {
        Packages => IncompatiblePackagesPage,
        Groups => IncompatibleGroupsPage,
        With => IncompatibleWithPage,
    }
}

crate::ui::part! {
    /// Who has what does not go together, and who may.
    pub enum Exceptions in incompatibility_exceptions {
        List => ExceptionsPage,
        People => PeoplePage,
    }
}

/// What stands above the tabs of the package in the page's address.
fn use_summary() -> Loading<IncompatibilitySummary> {
    Loading::named(use_id::<PackageId>(), get_incompatibilities)
}

/// The tabs.
fn tabs() -> AnyView {
    let id = use_id::<PackageId>();
    let path = use_location().pathname;
    let items = move || {
        let Some(id) = id.get() else { return Vec::new() };
        let tab = |(label, page)| {
            let href = paths::separation(id, page);
            let current = path.with(|path| *path == href);
            TabLink::new(href, label).current(current)
        };
        let tabs = [
            ("Incompatible access packages", SeparationPage::Packages),
            ("Incompatible groups", SeparationPage::Groups),
            ("Incompatible With", SeparationPage::With),
            ("Exceptions", SeparationPage::Exceptions),
        ];
        tabs.into_iter().map(tab).collect::<Vec<TabLink>>()
    };
    view! { <TabLinks label="Separation of duties" items=Signal::derive(items)/> }.into_any()
}

/// A command that may be used only by whoever manages the rules.
fn command(
    summary: Loading<IncompatibilitySummary>,
    id: &'static str,
    label: &'static str,
    press: impl Fn() + Clone + Send + Sync + 'static,
) -> AnyView {
    loaded_quietly(summary, move |summary| {
        let press = press.clone();
        view! {
            <Button id=id kind=ButtonKind::Primary icon=Icon::Add disabled_reason=summary.manage.reason() on_click=press>{label}</Button>
        }
        .into_any()
    })
}
