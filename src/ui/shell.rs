//! The frames that pages stand in: the admin area, My Access, and the single card of sign-in. They take words, menus
//! and slots, and know neither who is signed in nor what the pages are.

use leptos::prelude::*;

use super::{
    blade::NavItem,
    connection::ConnectionBanner,
    dom,
    icon::{Glyph, Icon},
};

/// The frame of the admin area: top bar, left menu (icons under 1024 px, a drawer under 640), content. `menu` is the
/// left menu: a `SideMenu`.
#[component]
pub fn AdminFrame(
    #[prop(into)] product: String,
    #[prop(into)] tenant: ViewFnOnce,
    #[prop(into)] home: String,
    #[prop(into)] menu: ViewFnOnce,
    #[prop(optional, into)] search: Option<ViewFnOnce>,
    /// The bell and the account menu, at the end of the top bar.
    #[prop(optional, into)]
    tools: Option<ViewFnOnce>,
    /// Whether the server is newer than the page.
    #[prop(into)]
    upgraded: Signal<bool>,
    children: Children,
) -> AnyView {
    view! {
        <div class="admin">
            <SkipLink/>
            <header class="top-bar">
                <button type="button" class="button button-subtle button-icon top-menu" popovertarget="side-menu" aria-label="Menu">
                    <Glyph icon=Icon::Menu/>
                </button>
                <a class="top-product" href=home><Mark/>{product}</a>
                <span class="top-tenant">{tenant.run()}</span>
                <div class="top-search">{search.map(ViewFnOnce::run)}</div>
                <div class="top-tools">{tools.map(ViewFnOnce::run)}</div>
            </header>
            <div class="admin-side" id="side-menu" popover="auto" on:click=move |ev| dom::leave_menu(&ev)>
                {menu.run()}
            </div>
            <main class="admin-main" id="content" tabindex="-1">
                <ConnectionBanner upgraded=upgraded/>
                {children()}
            </main>
        </div>
    }
    .into_any()
}

/// The frame of My Access: lighter and larger; its menu is a bar at the bottom of a phone.
#[component]
pub fn MyAccessFrame(
    #[prop(into)] product: String,
    #[prop(into)] tenant: String,
    #[prop(into)] home: String,
    #[prop(into)] menu: Signal<Vec<NavItem>>,
    /// The bell and the account menu, at the end of the top bar.
    #[prop(optional, into)]
    tools: Option<ViewFnOnce>,
    /// Whether the server is newer than the page.
    #[prop(into)]
    upgraded: Signal<bool>,
    children: Children,
) -> AnyView {
    view! {
        <div class="my">
            <SkipLink/>
            <header class="my-bar">
                <a class="my-product" href=home><Mark/>{product}</a>
                <span class="my-tenant">{tenant}</span>
                <div class="top-tools">{tools.map(ViewFnOnce::run)}</div>
            </header>
            <div class="my-side">
                <super::blade::SubMenu label="Main menu" items=menu/>
            </div>
            <main class="my-main" id="content" tabindex="-1">
                <ConnectionBanner upgraded=upgraded/>
                {children()}
            </main>
        </div>
    }
    .into_any()
}

/// One card in the middle of the page: sign-in, first set-up, access denied. `title` is the page's `h1`.
#[component]
pub fn CardFrame(
    #[prop(into)] product: String,
    #[prop(optional, into)] tenant: Option<String>,
    #[prop(into)] title: String,
    #[prop(optional, into)] text: Option<String>,
    children: Children,
) -> AnyView {
    view! {
        <div class="sign">
            <main class="sign-card" id="content">
                <p class="sign-product"><Mark/>{product}</p>
                <h1 class="sign-title">{title}</h1>
                {tenant.map(|tenant| view! { <p class="sign-tenant">{tenant}</p> })}
                {text.map(|text| view! { <p class="sign-text">{text}</p> })}
                {children()}
            </main>
        </div>
    }
    .into_any()
}

/// The first stop of the keyboard: past the menus.
#[component]
fn SkipLink() -> AnyView {
    view! { <a class="skip-link" href="#content" rel="external">"Skip to content"</a> }.into_any()
}

/// The mark of the product: a gate with a shoot in it.
#[component]
fn Mark() -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="mark-ground" width="32" height="32" rx="7"></rect>
            <path class="mark-gate" d="M8 25.5V15a8 8 0 0 1 16 0v10.5M16 25.5v-6"></path>
            <path class="mark-leaf" d="M16 20.5c-3.4 0-4.9-2.2-4.9-5.2 3.4 0 4.9 2.2 4.9 5.2zM16 18.5c0-2.8 1.5-4.8 4.9-4.8 0 2.9-1.5 4.8-4.9 4.8z"></path>
        </svg>
    }
    .into_any()
}
