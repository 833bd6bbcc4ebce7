//! Approvals: what waits for one's decision and what was decided, over it the pane of one request, and who decides in one's place. Every
//! form of these pages is a plain one that posts to its own address; alive, it sends the same through `rpc`.

mod delegate;
mod detail;
mod list;
mod posted;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::arriving;
use super::route::Route;
use super::route::approvals::{self as route, ApprovalPane, href};
use crate::domain::approval::{ApprovalItem, ApprovalQuery, ApprovalTab};
use crate::domain::page::Page;
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::approvals::list_approvals;
use crate::ui::*;

type Approvals = Loading<Page<ApprovalItem>>;

/// The label of a tab.
fn tab_label(tab: ApprovalTab) -> &'static str {
    match tab {
        ApprovalTab::Pending => "Pending",
        ApprovalTab::History => "History",
    }
}

/// The page. It keeps its list while a pane opens and closes over it; `counted` is told when what waits has changed.
pub fn page(place: Memo<Route>, counted: Callback<()>) -> AnyView {
    let query = Memo::new(move |before: Option<&ApprovalQuery>| match place.get() {
        Route::Approvals(query, _) => query,
        _ => before.cloned().unwrap_or_else(|| route::beginning(ApprovalTab::Pending, "")),
    });
    let pane = Memo::new(move |_| match place.get() {
        Route::Approvals(_, pane) => pane,
        _ => None,
    });
    let approvals: Approvals = Loading::new(query, list_approvals);
    let changed = Callback::new(move |()| {
        approvals.refetch();
        counted.run(());
    });
    let first = pane.get_untracked();
    let returned = if first.is_none() {
        posted::returned()
    } else {
        posted::Returned::default()
    };
    view! {
        <DocumentTitle text="Approvals - My Access"/>
        <PageHead title="Approvals" subtitle=Some("Requests that you are asked to decide.".to_owned())/>
        {commands(query)}
        {arriving(6, move || approvals.get().map(|result| list::list(result, &query.get_untracked(), returned.clone(), changed)))}
        {move || pane.get().map(|pane| {
            let back = href(&query.get_untracked());
            let inline = first == Some(pane);
            match pane {
                ApprovalPane::Request(id) => detail::pane(id, back, inline, changed),
                ApprovalPane::Delegate(edited) => delegate::pane(edited, back, inline, changed),
            }
        })}
    }
    .into_any()
}

fn commands(query: Memo<ApprovalQuery>) -> AnyView {
    let go = use_navigate();
    let search = Callback::new(move |text: String| {
        let tab = query.with_untracked(|query| query.tab);
        go(&href(&route::beginning(tab, &text)), NavigateOptions::default());
    });
    let tabs = Signal::derive(move || {
        let query = query.get();
        let link = |tab: &ApprovalTab| TabLink::new(href(&route::beginning(*tab, "")), tab_label(*tab)).current(*tab == query.tab);
        ApprovalTab::ALL.iter().map(link).collect::<Vec<_>>()
    });
    let keep = move || vec![("tab".to_owned(), query.with_untracked(|query| query.tab.as_str().to_owned()))];
    view! {
        <TabLinks label="Approvals" items=tabs/>
        <CommandBar end=move || {
            view! {
                <SearchBox
                    label="Search packages and people"
                    action=paths::MY_APPROVALS
                    value=Signal::derive(move || query.with(|query| query.search.clone()))
                    keep=keep()
                    on_search=search
                />
            }
        }>
            <LinkButton pane=true href=paths::MY_DELEGATIONS icon=Icon::People>"Delegate approvals"</LinkButton>
        </CommandBar>
    }
    .into_any()
}
