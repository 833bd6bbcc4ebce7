//! Lists as real tables: a caption, heads that sort by link, pages by link. Sorting and paging happen on the server;
//! nothing here knows what a row is.

use leptos::{html::Div, prelude::*};

use super::{
    dom,
    icon::{Glyph, Icon},
};

/// How a column is sorted now.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    None,
    Ascending,
    Descending,
}

/// A table: `head` gives the cells of its head row, the children are its rows. With `cards` each row becomes a card on
/// a phone; its cells then carry `data-label`.
#[component]
pub fn Table(#[prop(into)] caption: String, #[prop(into)] head: ViewFnOnce, #[prop(optional)] cards: bool, children: Children) -> AnyView {
    let region = NodeRef::<Div>::new();
    let label = caption.clone();
    let overflows = dom::overflows(region);
    view! {
        <div
            class="table-scroll"
            node_ref=region
            role=move || overflows.get().then_some("region")
            aria-label=move || overflows.get().then(|| label.clone())
            tabindex=move || overflows.get().then_some("0")
        >
            <table class="table" class:table-cards=cards>
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>{head.run()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A plain head cell; an empty `label` with `hidden_label` names a column that shows none (row menus).
#[component]
pub fn HeadCell(#[prop(into)] label: String, #[prop(optional)] label_hidden: bool, #[prop(optional)] end: bool) -> AnyView {
    view! {
        <th scope="col" class:table-end=end>
            <span class:sr-only=label_hidden>{label}</span>
        </th>
    }
    .into_any()
}

/// A head cell that sorts: a link to the same list in the next order.
#[component]
pub fn SortLink(
    #[prop(into)] label: String,
    #[prop(into)] href: Signal<String>,
    #[prop(optional, into)] sort: Signal<Sort>,
    #[prop(optional)] end: bool,
) -> AnyView {
    let order = move || match sort.get() {
        Sort::None => None,
        Sort::Ascending => Some("ascending"),
        Sort::Descending => Some("descending"),
    };
    view! {
        <th scope="col" aria-sort=order class:table-end=end>
            <a class="sort-link" href=move || href.get()>
                {label}
                <Glyph icon=Icon::ChevronUp/>
            </a>
        </th>
    }
    .into_any()
}

/// Previous and Next as links, with what is shown between them ("1-50 of 312"). A missing link says that there is none.
#[component]
pub fn Pager(
    #[prop(optional, into)] previous: Signal<Option<String>>,
    #[prop(optional, into)] next: Signal<Option<String>>,
    #[prop(optional, into)] text: Signal<String>,
) -> AnyView {
    let step = |label: &'static str, rel: &'static str, href: Signal<Option<String>>| {
        move || match href.get() {
            Some(href) => view! { <a class="button" rel=rel href=href>{label}</a> }.into_any(),
            None => view! { <span class="button" role="link" aria-disabled="true">{label}</span> }.into_any(),
        }
    };
    view! {
        <nav class="pager" aria-label="Pages">
            <span class="pager-text" aria-live="polite">{move || text.get()}</span>
            {step("Previous", "prev", previous)}
            {step("Next", "next", next)}
        </nav>
    }
    .into_any()
}
