//! The table of a described list: head cells, rows, pager, and what stands in the place of no rows. It knows cells, not what a row is.

use leptos::prelude::*;

use super::column::Head;
use super::page::Going;
use super::{Address, Empty};
use crate::ui::*;

/// The table without its rows.
pub(super) struct Frame {
    /// What it is called, for whoever hears it.
    pub caption: &'static str,
    /// The head cell above the ticks, if rows can be ticked.
    pub tick: Option<AnyView>,
    /// The other head cells.
    pub heads: Vec<Head>,
    /// Rows end in what can be done with them.
    pub actions: bool,
}

/// The table and its pager.
pub(super) fn table(frame: Frame, address: Address, path: String, body: Vec<AnyView>, pager: Option<AnyView>) -> AnyView {
    let Frame {
        caption,
        tick,
        heads,
        actions,
    } = frame;
    let cell = move |head: Head| match head.sort {
        Some(sort) => {
            view! { <SortLink label=head.label href=address.pressed(sort).href(&path) sort=address.order(sort) end=head.end/> }.into_any()
        }
        None => view! { <HeadCell label=head.label end=head.end/> }.into_any(),
    };
    let head = move || {
        let mut cells: Vec<AnyView> = tick.into_iter().collect();
        cells.extend(heads.into_iter().map(cell));
        if actions {
            cells.push(view! { <HeadCell label="Actions" label_hidden=true/> }.into_any());
        }
        cells
    };
    view! {
        <Table caption=caption head=head cards=true>{body}</Table>
        {pager}
    }
    .into_any()
}

/// A row: its tick, its cells, what can be done with it, and where a press on it leads.
pub(super) fn row(
    tick: Option<AnyView>,
    cells: Vec<(Head, AnyView)>,
    actions: Option<AnyView>,
    opens: Option<(Callback<Going>, String)>,
) -> AnyView {
    let tick = tick.map(|tick| view! { <td class="cell-tick">{tick}</td> });
    let cells = cells
        .into_iter()
        .enumerate()
        .map(|(at, (head, cell))| {
            let label = (at > 0).then_some(head.label);
            view! { <td data-label=label class=head.class>{cell}</td> }
        })
        .collect_any();
    let actions = actions.map(|actions| view! { <td class="cell-end">{actions}</td> });
    match opens {
        None => view! { <tr>{tick}{cells}{actions}</tr> }.into_any(),
        Some((go, href)) => {
            let press = move |ev: leptos::ev::MouseEvent| {
                if !on_control(&ev) {
                    go.run(Going::Over(href.clone()));
                }
            };
            view! { <tr class="row-opens" on:click=press>{tick}{cells}{actions}</tr> }.into_any()
        }
    }
}

/// Whether a click was on a link or a control, which know what to do themselves.
fn on_control(ev: &leptos::ev::MouseEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let target = ev.target().and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("a, button, input, label").ok().flatten().is_some())
}

/// Previous and Next, where there is more than this page; and that a key led nowhere, so that this is the beginning.
pub(super) fn pager((previous, next): (Option<String>, Option<String>), text: Option<String>, restarted: bool) -> Option<AnyView> {
    let note = restarted.then(|| {
        view! { <p class="muted" role="status">"The link led to a page of this list that is not there. This is the first page."</p> }
    });
    let more = previous.is_some() || next.is_some();
    let pager = more.then(|| view! { <Pager previous=previous next=next text=text.unwrap_or_default()/> });
    (restarted || more).then(|| (note, pager).into_any())
}

/// What stands in the place of no rows.
pub(super) fn empty(empty: Empty) -> AnyView {
    match empty.next {
        None => view! { <EmptyState icon=empty.icon title=empty.title text=empty.text/> }.into_any(),
        Some((href, label)) => {
            let icon = label.starts_with("New ").then_some(Icon::Add);
            view! {
                <EmptyState
                    icon=empty.icon
                    title=empty.title
                    text=empty.text
                    action=move || view! { <LinkButton href=href nostrip:icon=icon>{label}</LinkButton> }
                />
            }
            .into_any()
        }
    }
}
