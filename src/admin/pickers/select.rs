//! The Select pane as the pickers place it: a part of the bundle of its own, fetched when it is opened for the first time.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::pane::{Lines, Look, Sending, select_pane};
use crate::admin::confirm::Doing;
use crate::ui::{MissingPart, part_on_opening};

/// A Select pane. `scope` is anything whose change means another list (See all); of a `single` choice the last one stays.
#[component]
pub(super) fn SelectPane(
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    look: Callback<Look, Doing<Lines>>,
    scope: Signal<u8>,
    #[prop(into)] on_select: Callback<Vec<String>>,
    #[prop(into)] search_label: Signal<String>,
    /// What an empty list says.
    empty: Signal<(String, String)>,
    #[prop(optional)] single: bool,
    #[prop(optional)] sending: Sending,
    /// Why nothing can be taken yet.
    #[prop(default = "Tick at least one line of the list.")]
    nothing: &'static str,
    /// Between the search box and the list: See all.
    #[prop(optional, into)]
    tools: Option<ViewFnOnce>,
) -> AnyView {
    let asked = Asked {
        name,
        title,
        open,
        look,
        scope,
        on_select,
        search_label,
        empty,
        single,
        sending,
        nothing,
        tools,
    };
    part_on_opening("select", open, move || Box::pin(select_view(asked)))
}

/// What a Select pane is opened for; the fields are the component's.
pub(super) struct Asked {
    pub(super) name: &'static str,
    pub(super) title: Signal<String>,
    pub(super) open: RwSignal<bool>,
    pub(super) look: Callback<Look, Doing<Lines>>,
    pub(super) scope: Signal<u8>,
    pub(super) on_select: Callback<Vec<String>>,
    pub(super) search_label: Signal<String>,
    pub(super) empty: Signal<(String, String)>,
    pub(super) single: bool,
    pub(super) sending: Sending,
    pub(super) nothing: &'static str,
    pub(super) tools: Option<ViewFnOnce>,
}

#[wasm_split(select, wasm_split_path = ::leptos::wasm_split, fallible)]
fn select_view(asked: Asked) -> Result<AnyView, MissingPart> {
    Ok(select_pane(asked))
}
