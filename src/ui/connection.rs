//! The banner that says the connection is lost, and goes when it is back; or that the session is over, or the server was upgraded.

use leptos::prelude::*;

use super::{
    dom,
    icon::{Glyph, Icon},
    live::Connection,
};

/// Shown while the browser is offline, or while the caller's own stream is not well, and once the server is newer than the page. Signing in
/// again leads back to the page.
#[component]
pub fn ConnectionBanner(#[prop(optional, into)] connection: Signal<Connection>, #[prop(optional, into)] upgraded: Signal<bool>) -> AnyView {
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
                let state = connection.get();
                let lost = || view! { "Connection lost. Trying again..." }.into_any();
                let over = || view! { "Your session is over. " <a href="">"Sign in again"</a> }.into_any();
                let newer = || view! { <span>"Woodgate was upgraded. " <a href="" rel="external">"Reload the page"</a></span> }.into_any();
                let text = match state {
                    _ if upgraded.get() => Some(newer()),
                    Connection::SessionOver => Some(over()),
                    Connection::Lost => Some(lost()),
                    Connection::Up => offline.get().then(lost),
                };
                text.map(|text| view! { <p class="connection-text"><Glyph icon=Icon::Warning/>{text}</p> })
            }}
        </div>
    }
    .into_any()
}
