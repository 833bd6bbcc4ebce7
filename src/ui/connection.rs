//! The banner that says the connection is lost, and goes when it is back.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// Shown while the browser is offline, or while the caller's own stream says that it is `lost`.
#[component]
pub fn ConnectionBanner(#[prop(optional, into)] lost: Signal<bool>) -> impl IntoView {
    let offline = RwSignal::new(false);
    if !is_server() {
        let down = window_event_listener(leptos::ev::offline, move |_| offline.set(true));
        let up = window_event_listener(leptos::ev::online, move |_| offline.set(false));
        on_cleanup(move || {
            down.remove();
            up.remove();
        });
    }
    view! {
        <div class="connection" role="status">
            {move || {
                (offline.get() || lost.get())
                    .then(|| view! { <p class="connection-text"><Glyph icon=Icon::Warning/>"Connection lost. Trying again..."</p> })
            }}
        </div>
    }
}
