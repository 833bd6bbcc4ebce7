//! A person in a list: avatar, name and, below it, the name they sign in with.

use leptos::prelude::*;

use crate::ui::*;

/// The cell's content; the name leads to `href`, which may be a pane over the list.
pub fn person(name: String, user_name: String, href: String, pane: bool) -> AnyView {
    view! {
        <span class="person">
            <Avatar name=name.clone()/>
            <span class="two-line">
                <a class="list-link" href=href data-noscroll=pane.then_some("")>{name}</a>
                <small class="break">{user_name}</small>
            </span>
        </span>
    }
    .into_any()
}
