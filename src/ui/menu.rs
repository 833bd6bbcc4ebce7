//! A button that opens a menu, built on the native popover: it opens without scripting, closes on Esc and outside
//! clicks, and hands the focus back. With scripting the arrow keys walk it.

use leptos::{
    html::{Button, Div},
    prelude::*,
};

use super::{
    dom,
    icon::{Glyph, Icon},
};

/// The "..." of a row. `id` must be unique on the page; `label` names the row ("Marketing Campaign").
#[component]
pub fn RowMenu(#[prop(into)] id: String, #[prop(into)] label: String, children: Children) -> AnyView {
    view! { <Menu id=id label=["More actions for ", &label].concat() icon=Icon::More children=children/> }.into_any()
}

/// Any menu behind a button: with `trigger` the button shows that, else its `icon`. The button's name is `label`.
#[component]
pub fn Menu(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] trigger: Option<ViewFnOnce>,
    /// Holds text and links to read instead of menu entries.
    #[prop(optional)]
    panel: bool,
    #[prop(optional, into)] on_open: Option<Callback<()>>,
    children: Children,
) -> AnyView {
    let button = NodeRef::<Button>::new();
    let list = NodeRef::<Div>::new();
    let plain = trigger.is_none();
    view! {
        <span class="menu">
            <button
                node_ref=button
                type="button"
                class="button button-subtle menu-button"
                class:button-icon=plain
                popovertarget=id.clone()
                aria-haspopup=if panel { "dialog" } else { "menu" }
                aria-label=label.clone()
                title=plain.then(|| label.clone())
                on:click=move |_| dom::place_menu(button, list)
            >
                {icon.map(|icon| view! { <Glyph icon=icon/> })}
                {trigger.map(ViewFnOnce::run)}
            </button>
            <div
                class="menu-list"
                node_ref=list
                id=id
                popover="auto"
                role=if panel { "dialog" } else { "menu" }
                class:menu-panel=panel
                aria-label=label
                on:keydown=move |ev| dom::walk_menu(list, &ev)
                on:toggle=move |_| {
                    if dom::enter_menu(list)
                        && let Some(callback) = on_open
                    {
                        callback.run(());
                    }
                }
            >
                {children()}
            </div>
        </span>
    }
    .into_any()
}

/// An action of a menu. The menu closes first, so a dialog opened from here returns the focus to the "..." button.
#[component]
pub fn MenuItem(
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional)] danger: bool,
    /// Why it cannot be used now; shown under its text.
    #[prop(optional, into)]
    disabled_reason: Option<String>,
    /// Submits the form around it instead (sign out without scripting).
    #[prop(optional)]
    submit: bool,
    #[prop(optional, into)] on_click: Option<Callback<()>>,
    children: Children,
) -> AnyView {
    let disabled = disabled_reason.is_some();
    let press = move |ev: leptos::ev::MouseEvent| {
        if disabled {
            ev.prevent_default();
            return;
        }
        dom::leave_menu(&ev);
        if let Some(callback) = on_click {
            callback.run(());
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class="menu-item"
            class:menu-danger=danger
            role="menuitem"
            aria-disabled=disabled.then_some("true")
            on:click=press
        >
            {icon.map(|icon| view! { <Glyph icon=icon/> })}
            <span class="menu-text">
                {children()}
                {disabled_reason.map(|reason| view! { <span class="menu-reason">{reason}</span> })}
            </span>
        </button>
    }
    .into_any()
}

/// A link of a menu.
#[component]
pub fn MenuLink(
    #[prop(into)] href: String,
    #[prop(optional, into)] icon: Option<Icon>,
    /// A full page load instead of the router.
    #[prop(optional)]
    external: bool,
    children: Children,
) -> AnyView {
    view! {
        <a class="menu-item" role="menuitem" href=href rel=external.then_some("external") on:click=move |ev| dom::leave_menu(&ev)>
            {icon.map(|icon| view! { <Glyph icon=icon/> })}
            <span class="menu-text">{children()}</span>
        </a>
    }
    .into_any()
}
