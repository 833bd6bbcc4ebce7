//! Small things that tell a state: dot, chip, face, message, empty list, skeleton, spinner. Colour never stands alone;
//! a word goes with it.

use leptos::prelude::*;

use super::dynamic::CollectAny;
use super::icon::{Glyph, Icon};

/// What a state means to the reader.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Success,
    Warning,
    Danger,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Info => "tone-info",
            Self::Success => "tone-success",
            Self::Warning => "tone-warning",
            Self::Danger => "tone-danger",
        }
    }

    pub(super) fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Info => Icon::Info,
            Self::Success => Icon::Success,
            Self::Warning => Icon::Warning,
            Self::Danger => Icon::Error,
        }
    }
}

/// A state in a list: a coloured dot and its word.
#[component]
pub fn StatusDot(tone: Tone, #[prop(into)] text: String) -> AnyView {
    view! {
        <span class=["status ", tone.class()].concat()>
            <span class="status-dot" aria-hidden="true"></span>
            {text}
        </span>
    }
    .into_any()
}

/// A state or a kind beside a title: a word in a tinted box.
#[component]
pub fn Chip(#[prop(optional)] tone: Tone, #[prop(into)] text: String) -> AnyView {
    view! { <span class=["chip ", tone.class()].concat()>{text}</span> }.into_any()
}

/// A count in a pill; `label` says of what, for screen readers.
#[component]
pub fn Badge(#[prop(into)] count: Signal<u64>, #[prop(optional, into)] label: Option<String>) -> AnyView {
    view! {
        <span class="badge">
            {move || count.get().to_string()}
            {label.map(|label| view! { <span class="sr-only">" "{label}</span> })}
        </span>
    }
    .into_any()
}

/// Initials in a circle whose colour follows the name. Decoration: the name stands beside it.
#[component]
pub fn Avatar(#[prop(into)] name: String, #[prop(optional)] large: bool, #[prop(optional)] square: bool) -> AnyView {
    let class = [
        "avatar avatar-",
        COLOURS[colour_of(&name)],
        if large { " avatar-large" } else { "" },
        if square { " avatar-square" } else { "" },
    ]
    .concat();
    view! { <span class=class aria-hidden="true">{initials(&name)}</span> }.into_any()
}

const COLOURS: [&str; 8] = ["blue", "teal", "green", "gold", "orange", "red", "plum", "slate"];

/// The colour of a name: the same on every page and at every visit.
fn colour_of(name: &str) -> usize {
    name.chars()
        .fold(7_usize, |sum, char| sum.wrapping_mul(31).wrapping_add(char as usize))
        % COLOURS.len()
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|char| char.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// A message on the page: what happened in `title`, what to do in the children, a button or link in `action`.
#[component]
pub fn MessageBar(
    #[prop(optional)] tone: Tone,
    #[prop(into)] title: String,
    #[prop(optional, into)] action: Option<ViewFnOnce>,
    /// Given, it can be dismissed.
    #[prop(optional, into)]
    on_dismiss: Option<Callback<()>>,
    #[prop(optional)] children: Option<Children>,
) -> AnyView {
    view! {
        <div class=["message ", tone.class()].concat() role=if tone == Tone::Danger { "alert" } else { "status" }>
            <Glyph icon=tone.icon()/>
            <div class="message-text">
                <p class="message-title">{title}</p>
                {children.map(|children| view! { <div class="message-more">{children()}</div> })}
            </div>
            {action.map(|action| view! { <div class="message-action">{action.run()}</div> })}
            {on_dismiss
                .map(|dismiss| {
                    view! { <super::button::IconButton icon=Icon::Dismiss label="Dismiss" on_click=dismiss/> }
                })}
        </div>
    }
    .into_any()
}

/// An empty list: what it is for, and the next step.
#[component]
pub fn EmptyState(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(optional, into)] text: Option<String>,
    #[prop(optional, into)] action: Option<ViewFnOnce>,
) -> AnyView {
    view! {
        <div class="empty">
            <span class="empty-icon">
                <Glyph icon=icon/>
            </span>
            <p class="empty-title">{title}</p>
            {text.map(|text| view! { <p class="empty-text">{text}</p> })}
            {action.map(|action| view! { <div class="empty-action">{action.run()}</div> })}
        </div>
    }
    .into_any()
}

/// Grey rows in place of a list on its way; they appear only when it takes longer than a blink.
#[component]
pub fn SkeletonRows(#[prop(default = 6)] rows: usize, #[prop(default = "Loading".to_owned(), into)] label: String) -> AnyView {
    view! {
        <div class="skeleton" role="status" aria-label=label>
            {(0..rows).map(|_| view! { <div class="skeleton-row"></div> }).collect_any()}
        </div>
    }
    .into_any()
}

/// Work under way, with its word.
#[component]
pub fn Spinner(#[prop(into)] label: String, #[prop(optional)] label_hidden: bool) -> AnyView {
    view! {
        <span class="spinner" role="status">
            <span class="spinner-ring" aria-hidden="true"></span>
            <span class:sr-only=label_hidden>{label}</span>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{colour_of, initials};

    #[test]
    fn a_face_has_the_first_and_the_last_initial() {
        assert_eq!(initials("Requestor1"), "R");
        assert_eq!(initials("ada (guest) lovelace"), "AL");
        assert_eq!(initials("  "), "");
        assert_eq!(colour_of("Admin1"), colour_of("Admin1"));
    }
}
