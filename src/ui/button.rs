//! Buttons and the links that look like them. A button that cannot be used stays reachable and says why; it knows
//! nothing of what it sets off.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How much weight a button has on its page; one `Primary` a view.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    Primary,
    #[default]
    Secondary,
    /// No box until hovered: command bars and rows.
    Subtle,
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button",
            Self::Subtle => "button button-subtle",
            Self::Danger => "button button-danger",
        }
    }
}

/// A push button. `disabled_reason` keeps it focusable and shows the reason as a described tooltip; while `busy` it
/// ignores presses. With `submit` it is the form's submit button, and `name`/`value` travel with the form.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional)] submit: bool,
    /// Needed when `disabled_reason` is given: the id that ties the reason to the button.
    #[prop(optional, into)]
    id: Option<String>,
    /// The id of the form that it submits, where that is not around it.
    #[prop(optional, into)]
    form: Option<String>,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] disabled_reason: Signal<Option<String>>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] on_click: Option<Callback<()>>,
    /// Focus lands here when the dialog or pane around it opens.
    #[prop(optional)]
    autofocus: bool,
    children: Children,
) -> AnyView {
    let blocked = move || disabled_reason.with(Option::is_some) || busy.get();
    let reason_id = id.as_ref().map(|id| [id, "-reason"].concat());
    let described = reason_id.clone();
    let press = move |ev: leptos::ev::MouseEvent| {
        if disabled_reason.with_untracked(Option::is_some) || busy.get_untracked() {
            ev.prevent_default();
        } else if let Some(callback) = on_click {
            callback.run(());
        }
    };
    view! {
        <span class="button-wrap">
            <button
                type=if submit { "submit" } else { "button" }
                class=kind.class()
                id=id
                form=form
                name=name
                value=value
                autofocus=autofocus
                aria-disabled=move || blocked().then_some("true")
                aria-busy=move || busy.get().then_some("true")
                aria-describedby=move || described.clone().filter(|_| disabled_reason.with(Option::is_some))
                on:click=press
            >
                <span class="button-spin" aria-hidden="true"></span>
                {icon.map(|icon| view! { <Glyph icon=icon/> })}
                <span class="button-text">{children()}</span>
            </button>
            {move || {
                let id = reason_id.clone();
                disabled_reason.get().map(|reason| view! { <span class="button-reason" role="tooltip" id=id>{reason}</span> })
            }}
        </span>
    }
    .into_any()
}

/// A link with the look of a button.
#[component]
pub fn LinkButton(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] icon: Option<Icon>,
    /// A full page load instead of the router: downloads, the other site.
    #[prop(optional)]
    external: bool,
    /// To a pane over this page, which stays where it is.
    #[prop(optional)]
    pane: bool,
    children: Children,
) -> AnyView {
    view! {
        <a class=kind.class() href=move || href.get() rel=external.then_some("external") data-noscroll=pane.then_some("")>
            {icon.map(|icon| view! { <Glyph icon=icon/> })}
            <span class="button-text">{children()}</span>
        </a>
    }
    .into_any()
}

/// A square button with an icon alone; `label` is its name and its tooltip.
#[component]
pub fn IconButton(
    icon: Icon,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] submit: bool,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] expanded: Option<Signal<bool>>,
    #[prop(optional, into)] on_click: Option<Callback<()>>,
) -> AnyView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class="button button-subtle button-icon"
            name=name
            value=value
            aria-label=move || label.get()
            title=move || label.get()
            aria-expanded=move || expanded.map(|open| if open.get() { "true" } else { "false" })
            on:click=move |_| {
                if let Some(callback) = on_click {
                    callback.run(());
                }
            }
        >
            <Glyph icon=icon/>
        </button>
    }
    .into_any()
}
