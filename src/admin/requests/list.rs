//! The list of a package's requests, newest first; one of them open in a pane with an address of its own.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::details::RequestPane;
use super::labels::{filter_label, tone};
use crate::admin::bulk;
use crate::admin::confirm::{Doing, Question};
use crate::admin::details::use_named;
use crate::admin::listing::{Address, Column, Empty, Filter, List, Listing, Look, Ticks, options, or_all};
use crate::admin::packages::{package_list_head, policies_of_package};
use crate::admin::person::marked_person;
use crate::domain::bulk::ItemResult;
use crate::domain::id::RequestId;
use crate::domain::request::{RequestFilter, RequestItem, RequestKind, RequestQuery};
use crate::paths::{self, PackagePage};
use crate::rpc::requests::{list_requests, remove_requests, retry_requests};
use crate::ui::*;

/// The requests of a package.
pub static REQUESTS: List<RequestQuery, RequestItem> = List {
    look: Look {
        name: "requests",
        title: "Requests",
        about: "Everything that changed who has the package: people asking, administrators removing, end dates.",
        top: None,
        path: |id| Some(paths::package(id.parse().ok()?, PackagePage::Requests)),
        search: "Search by requestor",
        filters: &[
            Filter::select("status", "Status", || options(filter_label)),
            Filter::select("type", "Request type", || or_all(RequestKind::label)),
            Filter::loaded("policy", "Policy", policies_of_package),
        ],
        empty,
    },
    query: |address| {
        Some(RequestQuery {
            package: address.id.parse().ok()?,
            filter: filter(address),
            kind: address.word("type"),
            policy: address.word("policy"),
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Requestor",
            |item| item.target.name.clone(),
            |item, address| {
                let (name, user_name) = (item.target.name.clone(), item.target_user_name.clone());
                marked_person(name, user_name, item.target_state, href(item, address), true)
            },
        ),
        Column::filed("User name", |item| item.target_user_name.clone()),
        Column::text("Policy", |item| item.policy.name.clone()),
        Column::text("Request type", |item| item.kind.label().to_owned()),
        Column::time("Requested date", |item| Some(item.submitted_at)),
        Column::view("Status", |item| item.state.label().to_owned(), |item, _| status(item)),
        Column::time("Completed", |item| item.completed_at),
    ],
    opens: Some(href),
};

fn filter(address: &Address) -> RequestFilter {
    address.word("status").unwrap_or(RequestFilter::All)
}

/// The details of a request, over this page of the list.
fn href(item: &RequestItem, address: &Address) -> String {
    address.href(&paths::package_request(item.package.id, item.id))
}

fn empty(address: &Address) -> Empty {
    let (title, text) = match filter(address) {
        _ if !address.search.is_empty() => ("No request matches", "Try another name, or set Status to All."),
        RequestFilter::All => (
            "No requests yet",
            "Send people the My Access portal link from Overview; their requests appear here.",
        ),
        _ => ("No request with this status", "Set Status to All to see every one."),
    };
    Empty::yet(Icon::History, title, text)
}

/// The state, and below it why it stands there.
fn status(item: &RequestItem) -> AnyView {
    let why = (!item.status.is_empty()).then(|| view! { <small class="break">{item.status.clone()}</small> });
    view! {
        <span class="two-line">
            <StatusDot tone=tone(item.state) text=item.state.label()/>
            {why}
        </span>
    }
    .into_any()
}

/// The requests of a package, and the details of one (F034, F035).
#[component]
pub fn PackageRequestsPage() -> AnyView {
    let (requests, ticked) = Listing::new(&REQUESTS, list_requests).selectable(Ticks {
        key: |item| item.id.to_string(),
        name: |item| format!("the request of {}", item.target.name),
    });
    let named = use_named("request");
    let close = Signal::derive(move || requests.address().with(|address| requests.href(address)));
    let toasts = use_toasts();
    let retry = move |rows: Vec<RequestItem>| {
        spawn_local(async move {
            let outcome = retry_requests(rows.iter().map(|row| row.id).collect()).await;
            match outcome {
                Ok(results) => tell_retried(toasts, &rows, &results),
                Err(error) => drop(toasts.error("Not reprocessed", error.text(), None)),
            }
            let _ = requests.reload().try_run(());
        });
    };
    let removing = RwSignal::new(None::<Vec<RequestItem>>);
    let commands = move || {
        view! {
            {ticked.command("reprocess", "Reprocess", Icon::Refresh, |item| &item.retry, retry)}
            {ticked.command("remove", "Remove", Icon::Delete, |item| &item.remove, move |rows| removing.set(Some(rows)))}
        }
        .into_any()
    };
    let removed = Callback::new(move |()| {
        ticked.clear();
        requests.reload().run(());
    });
    view! {
        {package_list_head(requests, commands)}
        {requests.rows(None)}
        <RequestPane request=named close=close on_moved=requests.reload()/>
        {removal(removing, removed)}
    }
    .into_any()
}

/// The question before requests are taken out of the list (F114).
fn removal(chosen: RwSignal<Option<Vec<RequestItem>>>, done: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let came = StoredValue::new(Vec::<ItemResult<RequestId>>::new());
    let remove = move |rows: Vec<RequestItem>| -> Doing {
        let call = remove_requests(rows.iter().map(|row| row.id).collect());
        Box::pin(async move {
            let _ = came.try_set_value(call.await?);
            Ok(())
        })
    };
    Question::new(
        "remove-requests",
        |rows: &Vec<RequestItem>| match rows.len() {
            1 => "Remove 1 request?".to_owned(),
            count => format!("Remove {count} requests?"),
        },
        |_| "They disappear from the lists of requests. Access stays as it is, and the audit logs and reports keep them.".to_owned(),
        remove,
        move |rows: Vec<RequestItem>| {
            let name = |id: &RequestId| rows.iter().find(|row| row.id == *id).map(|row| row.target.name.clone());
            let done_with = |count: usize| match count {
                1 => "1 request removed".to_owned(),
                count => format!("{count} requests removed"),
            };
            came.with_value(|results| bulk::tell(toasts, results, done_with, |id| name(id).unwrap_or_default()));
            done.run(());
        },
    )
    .view(chosen)
}

/// What came of Reprocess.
pub(super) fn tell_retried(toasts: Toasts, rows: &[RequestItem], results: &[ItemResult<RequestId>]) {
    let name = |id: &RequestId| rows.iter().find(|row| row.id == *id).map(|row| row.target.name.clone());
    let done = |count: usize| match count {
        1 => "The request is delivered again".to_owned(),
        count => format!("{count} requests are delivered again"),
    };
    bulk::tell(toasts, results, done, |id| name(id).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = "00000000-0000-0000-0000-000000000007";

    #[test]
    fn f035_details_lie_over_the_list_that_they_were_opened_from() {
        let get = |name: &str| match name {
            "q" => Some("ada".to_owned()),
            "status" => Some("open".to_owned()),
            "after" => Some("k3y".to_owned()),
            _ => None,
        };
        let address = REQUESTS.address(PACKAGE, get);
        let package = PACKAGE.parse().expect("an id");
        let over = address.href(&paths::package_request(package, uuid::Uuid::from_u128(9).into()));
        let tail = "?q=ada&status=open&after=k3y";
        assert!(
            over.ends_with(&format!("/requests/00000000-0000-0000-0000-000000000009{tail}")),
            "{over}"
        );
        // Closed, the same list is there again: filter and page.
        assert!(
            address
                .href(&paths::package(package, PackagePage::Requests))
                .ends_with(&format!("/requests{tail}"))
        );
        let query = (REQUESTS.query)(&address).expect("a query");
        assert_eq!((query.filter, query.page.after.as_deref()), (RequestFilter::Open, Some("k3y")));
        assert!((REQUESTS.query)(&REQUESTS.address("no id", |_| None)).is_none());
    }
}
