//! Requests: everything that changed who has the package, newest first; one of them open in a pane with an address of its own.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::super::{query, show};
use super::details::RequestPane;
use super::tools::ListTools;
use super::use_package;
use crate::admin::error_view::{loaded_below, loaded_quietly, use_id};
use crate::admin::listing;
use crate::admin::person::person;
use crate::admin::timestamp::moment;
use crate::domain::id::PackageId;
use crate::domain::page::Page;
use crate::domain::request::{RequestFilter, RequestItem, RequestQuery};
use crate::domain::text::StringEnum;
use crate::rpc::Loading;
use crate::rpc::requests::list_requests;
use crate::ui::*;

/// The requests of a package, and the details of one (F034, F035).
#[component]
pub fn PackageRequestsPage() -> AnyView {
    let id = use_id::<PackageId>();
    let (search, params) = (use_query_map(), use_params_map());
    let query = Memo::new(move |_| id.get().map(|id| search.with(|params| query::requests(id, params))));
    let requests = Loading::named(query, list_requests);
    let reload = Callback::new(move |()| requests.refetch());
    let named = Memo::new(move |_| params.with(|params| params.get("request").filter(|id| !id.is_empty())));
    let navigate = use_navigate();
    let open = Callback::new(move |url: String| {
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&url, options);
    });
    let close = move || {
        query
            .get()
            .map(|query| query::requests_url(&query, None).href())
            .unwrap_or_default()
    };
    let list = move |page: Page<RequestItem>| {
        let query = query.get_untracked();
        query.map(|query| table(page, &query, open)).into_any()
    };
    // Only over a package that is there.
    let head = move |_| {
        view! {
            <SectionTitle title="Requests" text="Everything that changed who has the package: people asking, administrators removing, end dates."/>
            {query.get_untracked().map(|begun| view! { <Tools begun=begun query=query reload=reload/> })}
        }
        .into_any()
    };
    view! {
        {loaded_quietly(use_package(), head)}
        {loaded_below(requests, list)}
        <RequestPane request=named close=Signal::derive(close) on_moved=reload/>
    }
    .into_any()
}

#[component]
fn Tools(begun: RequestQuery, query: Memo<Option<RequestQuery>>, reload: Callback<()>) -> AnyView {
    let url = query::requests_url(&begun, None);
    let now = Memo::new(move |_| query.get().unwrap_or_else(|| begun.clone()));
    let option = |filter: &RequestFilter| (filter.as_str().to_owned(), show::request_filter(*filter).to_owned());
    let statuses: Vec<(String, String)> = RequestFilter::ALL.iter().map(option).collect();
    view! {
        <ListTools
            search_label="Search by requestor"
            begun=url
            url=Signal::derive(move || query::requests_url(&now.get(), None))
            search=Signal::derive(move || now.get().search)
            status=Signal::derive(move || now.get().filter.as_str().to_owned())
            statuses=statuses
            reload=reload
        />
    }
    .into_any()
}

fn table(page: Page<RequestItem>, query: &RequestQuery, open: Callback<String>) -> AnyView {
    if page.items.is_empty() && page.previous.is_none() {
        return empty(query);
    }
    let pager = listing::pager(&query::requests_url(query, None), &page);
    let rows = page.items.into_iter().map(|item| row(item, query, open)).collect_any();
    view! {
        <Table
            caption="Requests"
            cards=true
            head=|| {
                view! {
                    <HeadCell label="Requestor"/>
                    <HeadCell label="Policy"/>
                    <HeadCell label="Request type"/>
                    <HeadCell label="Requested date"/>
                    <HeadCell label="Status"/>
                    <HeadCell label="Completed"/>
                }
            }
        >
            {rows}
        </Table>
        {pager}
    }
    .into_any()
}

fn row(item: RequestItem, query: &RequestQuery, open: Callback<String>) -> AnyView {
    let href = query::requests_url(query, Some(item.id)).href();
    let url = href.clone();
    let press = move |ev: leptos::ev::MouseEvent| {
        if !on_link(&ev) {
            open.run(url.clone());
        }
    };
    view! {
        <tr class="row-opens" on:click=press>
            <td>{person(item.target.name, item.target_user_name, href, true)}</td>
            <td data-label="Policy">{item.policy.name}</td>
            <td data-label="Request type">{item.kind.label()}</td>
            <td data-label="Requested date" class="nowrap">{moment(item.submitted_at)}</td>
            <td data-label="Status"><StatusDot tone=show::request_tone(item.state) text=item.state.label()/></td>
            <td data-label="Completed" class="nowrap">{item.completed_at.map(moment)}</td>
        </tr>
    }
    .into_any()
}

/// Whether a click was on a link, which knows its own way.
fn on_link(ev: &leptos::ev::MouseEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let target = ev.target().and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("a").ok().flatten().is_some())
}

fn empty(query: &RequestQuery) -> AnyView {
    let (title, text) = match query.filter {
        _ if !query.search.is_empty() => ("No request matches", "Try another name, or set Status to All."),
        RequestFilter::All => (
            "No requests yet",
            "Send people the My Access portal link from Overview; their requests appear here.",
        ),
        _ => ("No request with this status", "Set Status to All to see every one."),
    };
    view! { <EmptyState icon=Icon::History title=title text=text/> }.into_any()
}
