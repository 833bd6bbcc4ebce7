//! Settings of the tenant, and what becomes of its mails: the outbox, the addresses that are left out, and how every mail looks.

mod form;
mod limits;
mod mails;
mod suppressed;
mod templates;

use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::components::{ParentRoute, Route};
use leptos_router::{SsrMode, path};

use crate::paths;
use crate::ui::*;

use form::SettingsPage;
use limits::LimitsPage;
use mails::MailsPage;
use suppressed::SuppressedPage;
use templates::TemplatesPage;

#[cfg(feature = "ssr")]
pub use {mails::MAILS, suppressed::SUPPRESSED_ADDRESSES};

crate::ui::part! {
    /// The pages of Settings.
    pub enum Settings in settings {
        Tenant => SettingsPage,
        Mails => MailsPage,
        Suppressed => SuppressedPage,
        Templates => TemplatesPage,
    }
}

crate::ui::part! {
    /// The page of limits.
    pub enum LimitSettings in limit_settings {
        Page => LimitsPage,
    }
}

/// The pages below Settings.
#[component(transparent)]
pub fn SettingsRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=at(path!("settings")) view=Pages ssr=SsrMode::Async>
            <Route path=at(path!("")) view=Settings::Tenant ssr=SsrMode::Async/>
            <Route path=at(path!("limits")) view=LimitSettings::Page ssr=SsrMode::Async/>
            <Route path=at(path!("mails/:mail?")) view=Settings::Mails ssr=SsrMode::Async/>
            <Route path=at(path!("suppressed-addresses")) view=Settings::Suppressed ssr=SsrMode::Async/>
            <Route path=at(path!("mail-templates/:template?")) view=Settings::Templates ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// The pages of Settings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Settings,
    Limits,
    Mails,
    Suppressed,
    Templates,
}

/// The way from one page of Settings to the others.
fn tabs(here: Tab) -> AnyView {
    let tab = |tab, href, label| TabLink::new(href, label).current(tab == here);
    let items = vec![
        tab(Tab::Settings, paths::SETTINGS, "Settings"),
        tab(Tab::Limits, paths::LIMITS, "Limits"),
        tab(Tab::Mails, paths::MAILS, "Mails"),
        tab(Tab::Suppressed, paths::SUPPRESSED_ADDRESSES, "Suppressed addresses"),
        tab(Tab::Templates, paths::MAIL_TEMPLATES, "Mail templates"),
    ];
    view! { <TabLinks label="Settings" items=items/> }.into_any()
}

/// The HTML of a mail in a frame that may do nothing.
fn preview(src: String) -> AnyView {
    view! { <SandboxedFrame title="How it looks" src=src/> }.into_any()
}
