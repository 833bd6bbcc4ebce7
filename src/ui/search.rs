//! The search box of a list: a real GET form, so it works before and without scripting; alive, it reports what is
//! typed after a short pause.

use leptos::{ev::SubmitEvent, html::Input, leptos_dom::helpers::TimeoutHandle, prelude::*};

use std::time::Duration;

use super::{
    dom,
    dynamic::CollectAny,
    icon::{Glyph, Icon},
};

/// How long typing must pause before the search runs.
const PAUSE: Duration = Duration::from_millis(250);

/// A search box that posts `q` to `action` by GET. `value` is the text in force (from the URL); `keep` are the other
/// query parameters that a search must not lose.
#[component]
pub fn SearchBox(
    #[prop(into)] label: String,
    #[prop(into)] action: String,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(default = "q".to_owned(), into)] name: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] keep: Vec<(String, String)>,
    #[prop(optional, into)] on_search: Option<Callback<String>>,
) -> AnyView {
    let node = NodeRef::<Input>::new();
    let sent = StoredValue::new(value.get_untracked());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let cancel = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    let run = move |text: String| {
        cancel();
        if let Some(callback) = on_search
            && sent.with_value(|sent| *sent != text)
        {
            sent.set_value(text.clone());
            callback.run(text);
        }
    };
    let typed = move |text: String| {
        cancel();
        if on_search.is_some()
            && let Ok(handle) = set_timeout_with_handle(move || run(text), PAUSE)
        {
            waiting.set_value(Some(handle));
        }
    };
    let submit = move |ev: SubmitEvent| {
        if on_search.is_some() {
            ev.prevent_default();
            if let Some(input) = node.get_untracked() {
                run(input.value());
            }
        }
    };
    on_cleanup(move || {
        if dom::IN_BROWSER {
            cancel();
        }
    });
    // A text that came by the URL (Back, a saved link) is shown; one that was typed here is already there. What was typed before the
    // page came alive is searched for.
    let coming_alive = dom::is_coming_alive();
    Effect::new(move |seen: Option<bool>| {
        let wanted = value.get();
        let Some(input) = node.get() else { return false };
        let first = seen != Some(true);
        if first && coming_alive {
            untrack(|| run(input.value()));
        } else if first || sent.with_value(|sent| *sent != wanted) {
            sent.set_value(wanted.clone());
            input.set_value(&wanted);
        }
        true
    });
    let id = id.unwrap_or_else(|| name.clone());
    view! {
        <form class="search" method="get" action=action on:submit=submit>
            <label class="sr-only" for=id.clone()>{label.clone()}</label>
            <Glyph icon=Icon::Search/>
            <input
                node_ref=node
                class="input-control search-control"
                type="search"
                id=id
                name=name
                value=value.get_untracked()
                placeholder=placeholder.unwrap_or(label)
                autocomplete="off"
                on:input:target=move |ev| typed(ev.target().value())
            />
            {keep
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_any()}
        </form>
    }
    .into_any()
}
