//! What only a browser can do: modal dialogs, popovers, the clipboard, overflow, global keys. On the server each of
//! these does nothing, so the widgets read the same on both sides.

use std::time::Duration;

use leptos::{
    ev::{Event, KeyboardEvent, MouseEvent},
    html::{A, Button, Dialog, Div, ElementType, Input},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{self, HtmlDialogElement},
};

/// Whether this build runs in a browser; a constant, so that it also holds where no page is being rendered.
pub(super) const IN_BROWSER: bool = cfg!(target_family = "wasm");

/// Whether the page that the server rendered is just coming alive. Only then may a control hold what the reader has put there; one that is
/// made later may be an older one used again, with that one's text.
pub(super) fn is_coming_alive() -> bool {
    Owner::current_shared_context().is_some_and(|context| context.during_hydration())
}

/// Runs `then` soon, but not while a button of the mouse is down: a message that comes or goes moves what is being pressed, and the press
/// would be lost.
pub(super) fn after_press(then: Callback<()>) {
    after_press_in(Duration::ZERO, then);
}

fn after_press_in(pause: Duration, then: Callback<()>) {
    let look = move || {
        if document().query_selector(":active").ok().flatten().is_some() {
            after_press_in(Duration::from_millis(30), then);
        } else {
            // Nothing where the page was left meanwhile.
            let _ = then.try_run(());
        }
    };
    set_timeout(look, pause);
}

/// Opens and closes a modal dialog as its signal says. One that the server rendered open becomes modal. One that is made open is not always in
/// the page yet: what loads is built aside and put into the page when it is whole; the dialog opens then.
pub(super) fn follow_open(node: NodeRef<Dialog>, open: RwSignal<bool>) {
    Effect::new(move |was: Option<Option<bool>>| {
        let wanted = open.get();
        let dialog = node.get()?;
        if wanted && was.flatten() != Some(true) {
            show_once_in_page(dialog, node, open);
        } else if !wanted && dialog.open() {
            dialog.close();
        }
        Some(wanted)
    });
}

/// Shows a dialog modally, or looks again with the next frame while it is not in the page; gives up when it is closed, replaced or gone.
fn show_once_in_page(dialog: HtmlDialogElement, node: NodeRef<Dialog>, open: RwSignal<bool>) {
    if !dialog.is_connected() {
        request_animation_frame(move || {
            let is_wanted = open.try_get_untracked() == Some(true);
            if is_wanted && node.try_get_untracked().flatten().as_ref() == Some(&dialog) {
                show_once_in_page(dialog, node, open);
            }
        });
        return;
    }
    // A close() here would report a closing; taking the attribute off does not.
    dialog.set_open(false);
    // Fails only when the dialog is modal already.
    drop(dialog.show_modal());
    live::enter_pane(&dialog);
}

/// Keeps a popover open and, while a modal dialog is, above it: what comes last into the top layer stands highest.
pub(super) fn keep_on_top(node: NodeRef<Div>, changed: impl Fn() + 'static) {
    Effect::new(move |_| {
        changed();
        let Some(popover) = node.get() else { return };
        if popover.matches(":popover-open").unwrap_or(true) {
            if document().query_selector("dialog:modal").ok().flatten().is_none() {
                return;
            }
            drop(popover.hide_popover());
        }
        drop(popover.show_popover());
    });
}

/// Sets an attribute of the document's root, or takes it off.
pub(super) fn mark_document(attribute: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        // Fails only where the name is none of an attribute.
        drop(match value {
            Some(value) => root.set_attribute(attribute, value),
            None => root.remove_attribute(attribute),
        });
    }
}

/// Whether an event belongs to the element itself, not to something inside it.
pub(super) fn is_own<E>(node: NodeRef<E>, ev: &Event) -> bool
where
    E: ElementType + 'static,
    E::Output: JsCast + AsRef<web_sys::EventTarget> + Clone + 'static,
{
    node.get_untracked()
        .is_some_and(|element| ev.target().as_ref() == Some(element.as_ref()))
}

/// Follows a link as if it had been clicked.
pub(super) fn press(link: NodeRef<A>) {
    if let Some(link) = link.get_untracked() {
        link.click();
    }
}

/// Whether a box is wider inside than outside, now and after the window changes.
pub(super) fn overflows(node: NodeRef<Div>) -> ReadSignal<bool> {
    let (overflows, set_overflows) = signal(false);
    let measure = move || {
        if let Some(element) = node.get_untracked() {
            set_overflows.set(element.scroll_width() > element.client_width());
        }
    };
    Effect::new(move |_| {
        node.track();
        measure();
    });
    if IN_BROWSER {
        let listener = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || listener.remove());
    }
    overflows
}

/// Ctrl-K runs this, but not while a dialog or pane is open: that would lie over it.
pub(super) fn on_find_keys(run: Callback<()>) {
    if !IN_BROWSER {
        return;
    }
    let listener = window_event_listener(leptos::ev::keydown, move |ev: KeyboardEvent| {
        if (ev.ctrl_key() || ev.meta_key()) && ev.key().eq_ignore_ascii_case("k") {
            ev.prevent_default();
            if document().query_selector("dialog:modal").ok().flatten().is_none() {
                run.run(());
            }
        }
    });
    on_cleanup(move || listener.remove());
}

/// The arrow keys, Home and End among the entries of a menu.
pub(super) fn walk_menu(list: NodeRef<Div>, ev: &KeyboardEvent) {
    let entries = live::menu_entries(list);
    let Some(last) = entries.len().checked_sub(1) else { return };
    let focused = document().active_element();
    let here = entries.iter().position(|entry| focused.as_deref() == Some(entry.as_ref()));
    let to = match (ev.key().as_str(), here) {
        ("ArrowDown", Some(at)) if at < last => at + 1,
        ("ArrowUp", Some(at)) if at > 0 => at - 1,
        ("ArrowDown" | "Home", _) => 0,
        ("ArrowUp" | "End", _) => last,
        _ => return,
    };
    ev.prevent_default();
    drop(entries[to].focus());
}

/// Tells a menu where its button is, for browsers that cannot anchor it by style alone.
pub(super) fn place_menu(button: NodeRef<Button>, list: NodeRef<Div>) {
    live::place_menu(button, list);
}

/// After a menu has opened: the focus on its first entry. Returns whether it is open.
pub(super) fn enter_menu(list: NodeRef<Div>) -> bool {
    let open = list
        .get_untracked()
        .is_some_and(|list| list.matches(":popover-open").unwrap_or(false));
    if open && let Some(first) = live::menu_entries(list).first() {
        drop(first.focus());
    }
    open
}

/// Closes the menu or drawer around the target of a click on one of its entries; the focus goes back to its button.
pub(super) fn leave_menu(ev: &MouseEvent) {
    live::leave_menu(ev);
}

/// Copies a field's text; `done` hears whether it worked. If not, the text stands selected.
pub(super) fn copy_text(node: NodeRef<Input>, done: impl Fn(bool) + 'static) {
    live::copy_text(node, done);
}

/// The reader's time of day, as `17:05`.
pub(super) fn time_of_day() -> String {
    live::time_of_day()
}

#[cfg(feature = "hydrate")]
mod live {
    use leptos::{
        ev::MouseEvent,
        html::{Button, Div, Input},
        prelude::*,
        wasm_bindgen::{JsCast, JsValue},
        web_sys,
    };
    use wasm_bindgen_futures::JsFuture;

    /// The focus into a pane's first field, else onto its title; left alone it would start on the cross.
    pub(super) fn enter_pane(dialog: &web_sys::HtmlDialogElement) {
        let wanted = [
            ".pane-body [autofocus]",
            ".pane-body :is(input:not([type=hidden],:disabled),textarea,select)",
            ".pane-title",
        ];
        let found = wanted.iter().find_map(|place| dialog.query_selector(place).ok().flatten());
        if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(element.focus());
        }
    }

    pub(super) fn place_menu(button: NodeRef<Button>, list: NodeRef<Div>) {
        let (Some(button), Some(list)) = (button.get_untracked(), list.get_untracked()) else {
            return;
        };
        let place = button.get_bounding_client_rect();
        let style = web_sys::HtmlElement::style(&list);
        drop(style.set_property("--menu-end", &[&(place.right() as i32).to_string(), "px"].concat()));
        drop(style.set_property("--menu-top", &[&(place.bottom() as i32).to_string(), "px"].concat()));
    }

    pub(super) fn menu_entries(list: NodeRef<Div>) -> Vec<web_sys::HtmlElement> {
        let Some(list) = list.get_untracked() else { return Vec::new() };
        let Ok(found) = list.query_selector_all("[role=menuitem]") else {
            return Vec::new();
        };
        (0..found.length())
            .filter_map(|at| found.get(at))
            .filter_map(|node| node.dyn_into().ok())
            .collect()
    }

    pub(super) fn leave_menu(ev: &MouseEvent) {
        let popover = ev
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .filter(|target| target.closest("a,[role=menuitem]").ok().flatten().is_some())
            .and_then(|target| target.closest("[popover]:popover-open").ok().flatten())
            .and_then(|popover| popover.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(popover) = popover {
            drop(popover.hide_popover());
        }
    }

    pub(super) fn copy_text(node: NodeRef<Input>, done: impl Fn(bool) + 'static) {
        let Some(input) = node.get_untracked() else { return };
        // Absent outside of a secure context (plain http on a host name), though the binding thinks it always there.
        let clipboard = window().navigator().clipboard();
        if AsRef::<JsValue>::as_ref(&clipboard).is_undefined() {
            input.select();
            done(false);
            return;
        }
        let written = JsFuture::from(clipboard.write_text(&input.value()));
        leptos::task::spawn_local(async move {
            let copied = written.await.is_ok();
            if !copied {
                input.select();
            }
            done(copied);
        });
    }

    pub(super) fn time_of_day() -> String {
        let now = js_sys::Date::new_0();
        let two = |number: u32| {
            if number < 10 {
                ["0", &number.to_string()].concat()
            } else {
                number.to_string()
            }
        };
        [two(now.get_hours()), two(now.get_minutes())].join(":")
    }
}

#[cfg(not(feature = "hydrate"))]
mod live {
    use leptos::{
        ev::MouseEvent,
        html::{Button, Div, Input},
        prelude::NodeRef,
    };

    pub(super) fn enter_pane(_: &leptos::web_sys::HtmlDialogElement) {}
    pub(super) fn place_menu(_: NodeRef<Button>, _: NodeRef<Div>) {}
    pub(super) fn menu_entries(_: NodeRef<Div>) -> Vec<leptos::web_sys::HtmlElement> {
        Vec::new()
    }
    pub(super) fn leave_menu(_: &MouseEvent) {}
    pub(super) fn copy_text(_: NodeRef<Input>, _: impl Fn(bool) + 'static) {}
    pub(super) fn time_of_day() -> String {
        String::new()
    }
}
