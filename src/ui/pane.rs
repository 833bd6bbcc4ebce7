//! The pane that comes in from the right, on the native modal dialog. It keeps typed text from being lost: Esc, the
//! cross and a click outside ask first when the caller says that something was typed.

use leptos::{
    ev::{Event, KeyboardEvent, MouseEvent},
    html::Dialog,
    prelude::*,
};

use super::{button::IconButton, dialog::YesNoDialog, dom, icon::Icon};

/// How wide a pane is where there is room; under 640 px each fills the page.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum PaneWidth {
    /// 480 px: details and forms.
    #[default]
    Normal,
    /// 640 px: pickers.
    Wide,
}

/// A pane: the children scroll, `foot` stays below them. `name` makes its ids and must be unique on the page. Give
/// `close_href` (and `inline_open` while the URL says so) to a pane that is a URL: it then opens and closes without
/// scripting too.
#[component]
pub fn Pane(
    #[prop(into)] name: String,
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    #[prop(optional)] width: PaneWidth,
    #[prop(optional, into)] subtitle: Signal<Option<String>>,
    #[prop(optional, into)] dirty: Signal<bool>,
    /// What is asked before a dirty pane closes: title and text.
    #[prop(default = ("Discard what you typed?", "What you typed here has not been saved."))]
    discard: (&'static str, &'static str),
    #[prop(optional)] inline_open: bool,
    #[prop(optional, into)] close_href: Option<Signal<String>>,
    #[prop(optional, into)] on_close: Option<Callback<()>>,
    #[prop(optional, into)] foot: Option<ViewFnOnce>,
    children: Children,
) -> AnyView {
    let node = NodeRef::<Dialog>::new();
    let close_link = NodeRef::<leptos::html::A>::new();
    let asking = RwSignal::new(false);
    dom::follow_open(node, open);
    let has_link = close_href.is_some();
    let close = move || {
        asking.set(false);
        open.set(false);
        if let Some(callback) = on_close {
            callback.run(());
        }
        if has_link {
            dom::press(close_link);
        }
    };
    let ask = move || {
        if dirty.get_untracked() {
            asking.set(true);
        } else {
            close();
        }
    };
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Escape" {
            ev.prevent_default();
            // A pane around this one stays as it is.
            ev.stop_propagation();
            ask();
        }
    };
    let on_cancel = move |ev: Event| {
        if dom::is_own(node, &ev) {
            ev.prevent_default();
            ask();
        }
    };
    let on_down = move |ev: MouseEvent| {
        if dom::is_own(node, &ev) {
            ask();
        }
    };
    let title_id = [&name, "-title"].concat();
    let labelled = title_id.clone();
    let ask_name = [&name, "-discard"].concat();
    let cross = match close_href {
        Some(href) => view! {
            <a
                class="button button-subtle button-icon"
                node_ref=close_link
                href=move || href.get()
                data-noscroll=""
                aria-label="Close"
                title="Close"
                on:click=move |ev: MouseEvent| {
                    if open.get_untracked() && dirty.get_untracked() {
                        ev.prevent_default();
                        asking.set(true);
                    } else {
                        open.set(false);
                    }
                }
            >
                <super::icon::Glyph icon=Icon::Dismiss/>
            </a>
        }
        .into_any(),
        None => view! { <IconButton icon=Icon::Dismiss label="Close" on_click=ask/> }.into_any(),
    };
    view! {
        <dialog
            class="pane"
            class:pane-wide=width == PaneWidth::Wide
            node_ref=node
            open=inline_open
            aria-labelledby=labelled
            on:keydown=on_key
            on:cancel=on_cancel
            on:mousedown=on_down
            on:close=move |ev| {
                if dom::is_own(node, &ev) {
                    open.set(false);
                }
            }
        >
            <div class="pane-frame">
                <header class="pane-head">
                    <div class="grow">
                        <h2 class="pane-title" id=title_id tabindex="-1">{move || title.get()}</h2>
                        {move || subtitle.get().map(|text| view! { <p class="pane-subtitle">{text}</p> })}
                    </div>
                    {cross}
                </header>
                <div class="pane-body">{children()}</div>
                {foot.map(|foot| view! { <footer class="pane-foot">{foot.run()}</footer> })}
            </div>
            <YesNoDialog name=ask_name title=discard.0 open=asking on_yes=close danger=true yes="Discard" no="Go back">
                <p>{discard.1}</p>
            </YesNoDialog>
        </dialog>
    }
    .into_any()
}
