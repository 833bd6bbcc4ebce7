//! What the trail has of one thing: the page History of a user, a group, a catalog and a package. A row leads to its details over the whole
//! trail of that thing.

use leptos::prelude::*;

use super::list::{query, result};
use crate::admin::listing::{Address, Column, Empty, Filter, List, Listing, Look, or_all};
use crate::admin::users::user_head;
use crate::domain::audit::{AuditItem, AuditQuery, Outcome};
use crate::paths::{self, CatalogPage, GroupPage, PackagePage};
use crate::rpc::audit::list_audit;
use crate::ui::*;

type History = List<AuditQuery, AuditItem>;

/// A user's.
pub static USER_HISTORY: History = history("user-history", |id| Some(paths::user_history(id.parse().ok()?)));
/// A group's.
pub static GROUP_HISTORY: History = history("group-history", |id| Some(paths::group(id.parse().ok()?, GroupPage::History)));
/// A catalog's.
pub static CATALOG_HISTORY: History = history("catalog-history", |id| Some(paths::catalog(id.parse().ok()?, CatalogPage::History)));
/// A package's.
pub static PACKAGE_HISTORY: History = history("package-history", |id| Some(paths::package(id.parse().ok()?, PackagePage::History)));

const FILTERS: &[Filter] = &[
    Filter::date("from", "From (UTC)"),
    Filter::date("until", "Until (UTC)"),
    Filter::select("result", "Result", || or_all(Outcome::label)),
];

const fn history(name: &'static str, path: fn(&str) -> Option<String>) -> History {
    List {
        look: Look {
            name,
            title: "History",
            about: "What was done to it, and by whom, newest first.",
            top: None,
            path,
            search: "",
            filters: FILTERS,
            empty,
        },
        query: |address| {
            Some(AuditQuery {
                target: Some(address.id.parse().ok()?),
                ..query(address)
            })
        },
        columns: COLUMNS_HERE,
        opens: Some(href),
    }
}

/// The same columns, whose first leads to the details.
const COLUMNS_HERE: &[Column<AuditItem>] = &[
    Column::view("Activity", |item| item.activity.label(), activity),
    COLUMN_DATE,
    Column::text("Actor", |item| item.actor_name.clone()),
    Column::text("Targets", AuditItem::target_names),
    Column::view("Result", |item| item.outcome.label().to_owned(), |item, _| result(item.outcome)),
    Column::text("Details", |item| item.detail.clone()),
];

const COLUMN_DATE: Column<AuditItem> = Column::time("Date", |item| Some(item.at));

fn href(item: &AuditItem, address: &Address) -> String {
    paths::with_query(&paths::audit_row(item.id), &[("target", &address.id)])
}

fn activity(item: &AuditItem, address: &Address) -> AnyView {
    view! { <a class="list-link" href=href(item, address)>{item.activity.label()}</a> }.into_any()
}

fn empty(address: &Address) -> Empty {
    if address.is_narrowed() {
        return Empty::found("Nothing matches", "Try another time, or set Result to All.");
    }
    Empty::yet(Icon::History, "Nothing yet", "Every change of it appears here.")
}

fn page(list: &'static History) -> AnyView {
    let rows = Listing::new(list, list_audit);
    view! {
        {rows.head()}
        {rows.bar(())}
        {rows.rows(None)}
    }
    .into_any()
}

/// What the trail has of a user.
#[component]
pub fn UserHistoryPage() -> AnyView {
    view! {
        {user_head("History", paths::user_history)}
        {page(&USER_HISTORY)}
    }
    .into_any()
}

/// What the trail has of a group.
#[component]
pub fn GroupHistoryPage() -> AnyView {
    page(&GROUP_HISTORY)
}

/// What the trail has of a catalog.
#[component]
pub fn CatalogHistoryPage() -> AnyView {
    page(&CATALOG_HISTORY)
}

/// What the trail has of a package.
#[component]
pub fn PackageHistoryPage() -> AnyView {
    page(&PACKAGE_HISTORY)
}
