//! Tabs that are pages: a list of links, so Back, reload and a new window do what one expects.

use leptos::prelude::*;

use super::dynamic::CollectAny;

/// One tab.
#[derive(Clone, PartialEq)]
pub struct TabLink {
    pub href: String,
    pub label: String,
    /// How many are behind it; `None` shows none.
    pub count: Option<u64>,
    pub current: bool,
}

impl TabLink {
    /// A tab without a count, not the current one.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            count: None,
            current: false,
        }
    }

    /// With a count badge.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Marked as the page being shown, or not.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// A row of tabs; `label` names it for screen readers.
#[component]
pub fn TabLinks(#[prop(into)] label: String, #[prop(into)] items: Signal<Vec<TabLink>>) -> AnyView {
    view! {
        <nav class="tabs" aria-label=label>
            <ul class="tabs-list">
                {move || {
                    items
                        .get()
                        .into_iter()
                        .map(|tab| {
                            let label = tab.label.clone();
                            view! {
                                <li>
                                    <a class="tab" href=tab.href aria-current=tab.current.then_some("page")>
                                        <span class="tab-text" data-text=label>{tab.label}</span>
                                        {tab.count.map(|count| view! { <span class="badge">{count.to_string()}</span> })}
                                    </a>
                                </li>
                            }
                        })
                        .collect_any()
                }}
            </ul>
        </nav>
    }
    .into_any()
}
