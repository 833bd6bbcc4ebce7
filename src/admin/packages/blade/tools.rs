//! The bar over a list of a package's assignments or requests: Refresh, search, status. What it changes stands in the URL.

use leptos::prelude::*;

use super::super::query::STATUS;
use crate::admin::listing::{self, ListUrl, SEARCH};
use crate::ui::*;

/// Refresh, search, and the status filter. `begun` is the list's URL as the page was opened, `url` as it is now.
#[component]
pub(super) fn ListTools(
    search_label: &'static str,
    begun: ListUrl,
    url: Signal<ListUrl>,
    search: Signal<String>,
    status: Signal<String>,
    /// Words and labels; the first one is the usual.
    statuses: Vec<(String, String)>,
    reload: Callback<()>,
) -> AnyView {
    let go = listing::use_in_place();
    let chosen = RwSignal::new(status.get_untracked());
    Effect::new(move |_| chosen.set(status.get()));
    let usual = StoredValue::new(statuses.first().map(|(word, _)| word.clone()).unwrap_or_default());
    let filter = move |word: String| {
        let word = if usual.with_value(|usual| *usual == word) {
            String::new()
        } else {
            word
        };
        go.run(url.get_untracked().with(STATUS, word));
    };
    let run = move |text: String| go.run(url.get_untracked().with(SEARCH, text.trim()));
    let (action, keep) = (begun.clone().with(SEARCH, "").with(STATUS, "").href(), begun.beside(SEARCH));
    view! {
        <CommandBar end=move || {
            view! {
                <SelectField name="status" label="Status" value=chosen options=statuses on_change=filter/>
                <SearchBox id="search-list" label=search_label action=action value=search keep=keep on_search=run/>
            }
        }>
            <Button kind=ButtonKind::Subtle icon=Icon::Refresh on_click=move || reload.run(())>"Refresh"</Button>
        </CommandBar>
    }
    .into_any()
}
