//! My Access.

use leptos::prelude::*;

/// My Access: its frame and its routes.
#[component]
pub fn MyAccessSite() -> impl IntoView {
    view! { <main id="content"><h1>"Access packages"</h1></main> }
}
