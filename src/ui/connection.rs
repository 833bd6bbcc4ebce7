//! The banner that says the connection is lost, and goes when it is back.

use leptos::prelude::*;

use super::{
    dom,
    icon::{Glyph, Icon},
};

/// Shown while the browser is offline, or while the caller's own stream says that it is `lost`.
#[component]
pub fn ConnectionBanner(#[prop(optional, into)] lost: Signal<bool>) -> AnyView {
    let offline = RwSignal::new(false);
    if dom::IN_BROWSER {
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
    .into_any()
}
