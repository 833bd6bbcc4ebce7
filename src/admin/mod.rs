//! The admin area.

use leptos::prelude::*;

/// The admin area: its frame and its routes.
#[component]
pub fn AdminSite() -> impl IntoView {
    view! { <main id="content"><h1>"Home"</h1></main> }
}
