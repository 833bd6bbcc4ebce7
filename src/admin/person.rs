//! A person: in a list by avatar and name, in a sentence by name and the name they sign in with, since two people can share a display
//! name and whoever decides must know which one it is about.

use leptos::prelude::*;

use crate::domain::user::AccountState;
use crate::ui::*;

/// The cell's content; the name leads to `href`, which may be a pane over the list.
pub fn person(name: String, user_name: String, href: String, pane: bool) -> AnyView {
    marked_person(name, user_name, AccountState::Active, href, pane)
}

/// The same, with a mark for whoever cannot sign in.
pub fn marked_person(name: String, user_name: String, state: AccountState, href: String, pane: bool) -> AnyView {
    let mark = state.mark().map(|mark| view! { <Chip tone=Tone::Warning text=mark/> });
    view! {
        <span class="person">
            <Avatar name=name.clone()/>
            <span class="two-line">
                <a class="list-link" href=href data-noscroll=pane.then_some("")>{name}</a>
                <small class="break">{user_name}</small>
            </span>
            {mark}
        </span>
    }
    .into_any()
}

/// A person in a sentence: `Alex Wilber (alex.wilber)`; the name alone where both are the same.
pub fn said(name: &str, user_name: &str) -> String {
    if user_name.is_empty() || name == user_name {
        name.to_owned()
    } else {
        format!("{name} ({user_name})")
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    // A9: two people of one display name.
    #[test]
    fn a_person_in_a_sentence_is_told_from_another_of_the_same_name() {
        assert_eq!(said("Alex Wilber", "alex.wilber"), "Alex Wilber (alex.wilber)");
        assert_ne!(said("Alex Wilber", "alex.wilber"), said("Alex Wilber", "alex.wilber2"));
        assert_eq!(said("ops", "ops"), "ops");
    }
}
