//! A search in a dialog whose results are walked by keyboard (the combobox pattern of WAI-ARIA): the cursor stays in the field, arrows move
//! the choice, Enter opens it. What is found, and where, is the caller's.

use leptos::ev::KeyboardEvent;
use leptos::html::{Dialog, Input};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use std::time::Duration;

use super::dom;
use super::dynamic::CollectAny;
use super::icon::{Glyph, Icon};
use super::status::{MessageBar, Spinner, Tone};

/// How long typing must pause before the search runs.
const PAUSE: Duration = Duration::from_millis(120);

/// One result.
#[derive(Clone, Debug, PartialEq)]
pub struct FinderItem {
    /// The heading that it stands under; results of one heading come together.
    pub group: &'static str,
    /// Its name.
    pub label: String,
    /// What tells it from others; may be empty.
    pub detail: String,
    /// Where it leads.
    pub href: String,
    /// Leads out of the area, so the browser loads the page.
    pub external: bool,
}

/// What is known of the search.
#[derive(Clone, Debug, PartialEq)]
pub enum FinderState {
    /// On its way.
    Loading,
    /// What was found.
    Found(Vec<FinderItem>),
    /// Why nothing is known.
    Failed(String),
}

/// The button that opens a finder, in the place of a search field; Ctrl-K does the same.
#[component]
pub fn FinderButton(#[prop(into)] label: String, #[prop(into)] on_press: Callback<()>) -> AnyView {
    dom::on_find_keys(on_press);
    view! {
        <button
            type="button"
            class="finder-button needs-script"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K"
            on:click=move |_| on_press.run(())
        >
            <Glyph icon=Icon::Search/>
            <span class="finder-label">{label}</span>
            <kbd class="search-key" aria-hidden="true">"Ctrl K"</kbd>
        </button>
    }
    .into_any()
}

/// The dialog. `on_text` hears what is typed, and the empty text when it opens.
#[component]
pub fn Finder(
    open: RwSignal<bool>,
    #[prop(into)] label: String,
    state: Signal<FinderState>,
    #[prop(into)] on_text: Callback<String>,
    /// What is said when nothing was found.
    #[prop(into)]
    nothing: String,
) -> AnyView {
    let node = NodeRef::<Dialog>::new();
    dom::follow_open(node, open);
    let field = NodeRef::<Input>::new();
    let active = RwSignal::new(0_usize);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let ask = move |text: String, pause: Duration| {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
        let run = move || {
            active.set(0);
            on_text.run(text);
        };
        if let Ok(handle) = set_timeout_with_handle(run, pause) {
            waiting.set_value(Some(handle));
        }
    };
    Effect::new(move |_| {
        if open.get()
            && let Some(input) = field.get()
        {
            input.set_value("");
            drop(input.focus());
            ask(String::new(), Duration::ZERO);
        }
    });
    let count = Signal::derive(move || state.with(|state| found(state).len()));
    let on_key = move |ev: KeyboardEvent| walk(&ev, active, count, open);
    let named = label.clone();
    let chosen = move || (count.get() > 0).then(|| option_id(active.get().min(count.get() - 1)));
    view! {
        <dialog class="dialog finder" node_ref=node aria-label=named on:close=move |_| open.set(false)>
            <div class="search">
                <Glyph icon=Icon::Search/>
                <input
                    node_ref=field
                    class="input-control search-control"
                    type="text"
                    role="combobox"
                    aria-label=label
                    aria-expanded=move || (count.get() > 0).to_string()
                    aria-controls="finder-results"
                    aria-autocomplete="list"
                    aria-activedescendant=chosen
                    autocomplete="off"
                    spellcheck="false"
                    autofocus=true
                    placeholder="People, groups, packages, catalogs, requests, pages"
                    on:input:target=move |ev| ask(ev.target().value(), PAUSE)
                    on:keydown=on_key
                />
            </div>
            {move || results(state.get(), active, open, nothing.clone())}
            <p class="sr-only" role="status">{move || said(&state.get())}</p>
        </dialog>
    }
    .into_any()
}

fn found(state: &FinderState) -> &[FinderItem] {
    match state {
        FinderState::Found(items) => items,
        _ => &[],
    }
}

fn option_id(at: usize) -> String {
    format!("finder-{at}")
}

/// What is announced: how many there are.
fn said(state: &FinderState) -> String {
    match state {
        FinderState::Found(items) => match items.len() {
            1 => "1 result".to_owned(),
            count => format!("{count} results"),
        },
        _ => String::new(),
    }
}

/// Arrows move the choice round; Enter opens it.
fn walk(ev: &KeyboardEvent, active: RwSignal<usize>, count: Signal<usize>, open: RwSignal<bool>) {
    let count = count.get_untracked();
    if ev.key() == "Escape" {
        ev.prevent_default();
        open.set(false);
        return;
    }
    if count == 0 {
        return;
    }
    match ev.key().as_str() {
        "ArrowDown" | "ArrowUp" => {
            ev.prevent_default();
            active.update(|at| *at = next(*at, count, ev.key() == "ArrowDown"));
            if let Some(option) = option(active.get_untracked()) {
                option.scroll_into_view_with_bool(false);
            }
        }
        "Enter" => {
            ev.prevent_default();
            if let Some(option) = option(active.get_untracked().min(count - 1)) {
                option.click();
            }
        }
        _ => {}
    }
}

fn next(at: usize, count: usize, down: bool) -> usize {
    if down { (at + 1) % count } else { (at + count - 1) % count }
}

fn option(at: usize) -> Option<HtmlElement> {
    document().get_element_by_id(&option_id(at))?.dyn_into().ok()
}

fn results(state: FinderState, active: RwSignal<usize>, open: RwSignal<bool>, nothing: String) -> AnyView {
    match state {
        FinderState::Loading => view! { <Spinner label="Searching"/> }.into_any(),
        FinderState::Failed(text) => {
            view! { <MessageBar tone=Tone::Danger title="The search failed"><p>{text}</p></MessageBar> }.into_any()
        }
        FinderState::Found(items) if items.is_empty() => view! { <p class="muted">{nothing}</p> }.into_any(),
        FinderState::Found(items) => {
            let mut groups: Vec<(&'static str, Vec<AnyView>)> = Vec::new();
            for (at, item) in items.into_iter().enumerate() {
                let group = item.group;
                let shown = entry(at, item, active, open);
                match groups.last_mut() {
                    Some((last, entries)) if *last == group => entries.push(shown),
                    _ => groups.push((group, vec![shown])),
                }
            }
            let groups = groups.into_iter().map(|(name, entries)| {
                view! {
                    <div role="group" aria-label=name>
                        <div class="finder-group" aria-hidden="true">{name}</div>
                        {entries.into_iter().collect_any()}
                    </div>
                }
            });
            view! { <div class="finder-results" id="finder-results" role="listbox" aria-label="Results">{groups.collect_any()}</div> }
                .into_any()
        }
    }
}

fn entry(at: usize, item: FinderItem, active: RwSignal<usize>, open: RwSignal<bool>) -> AnyView {
    let detail = (!item.detail.is_empty()).then(|| view! { <small class="muted">{item.detail}</small> });
    view! {
        <a
            class="finder-option"
            role="option"
            id=option_id(at)
            href=item.href
            rel=item.external.then_some("external")
            tabindex="-1"
            aria-selected=move || (active.get() == at).to_string()
            on:click=move |_| open.set(false)
        >
            <span>{item.label}</span>
            {detail}
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_goes_round() {
        assert_eq!(next(0, 3, true), 1);
        assert_eq!(next(2, 3, true), 0);
        assert_eq!(next(0, 3, false), 2);
        assert_eq!(next(0, 1, false), 0);
    }

    #[test]
    fn how_many_there_are_is_announced() {
        let item = FinderItem {
            group: "People",
            label: "Ada".into(),
            detail: String::new(),
            href: "/admin".into(),
            external: false,
        };
        assert_eq!(said(&FinderState::Found(vec![item.clone()])), "1 result");
        assert_eq!(said(&FinderState::Found(vec![item.clone(), item])), "2 results");
        assert_eq!(said(&FinderState::Found(Vec::new())), "0 results");
        assert_eq!(said(&FinderState::Loading), "");
    }
}
