//! How packages were used over a time, and which are not.

use leptos::prelude::*;

use crate::admin::listing::{Address, Column, Empty, Filter, List, Listing, Look, options};
use crate::admin::timestamp::moment;
use crate::domain::report::{Span, UsageItem, UsageQuery};
use crate::paths::{self, PackagePage};
use crate::rpc::reports::report_usage;
use crate::ui::*;

type Usage = List<UsageQuery, UsageItem>;

const WAY: &[(&str, &str)] = &[("Identity Governance", paths::GOVERNANCE), ("Reports", paths::REPORTS)];
const SPANS: &[Filter] = &[Filter::select("span", "Over the last", || options(Span::label))];

/// What was done with each package over a time.
pub static PACKAGE_ACTIVITY: Usage = List {
    look: Look {
        name: "package-activity",
        title: "Access package activity",
        about: "Requests made in the time, what became of them, and assignments that ended in it.",
        top: Some((Icon::Package, WAY)),
        path: |_| Some(paths::REPORT_ACTIVITY.to_owned()),
        search: "Search access packages",
        filters: SPANS,
        empty: |_| Empty::found("No access package", "Search for another name."),
    },
    query: |address| Some(query(address, false)),
    columns: &[
        Column::view("Access package", |item| item.package.name.clone(), package),
        Column::text("Catalog", |item| item.catalog.name.clone()),
        Column::number("Requests", |item| item.requests.to_string()),
        Column::number("Delivered", |item| item.delivered.to_string()),
        Column::number("Came to nothing", |item| item.refused.to_string()),
        Column::number("Ended", |item| item.ended.to_string()),
        Column::number("Active now", |item| item.active.to_string()),
        Column::view("Audit logs", |item| item.package.id.to_string(), history),
    ],
    opens: None,
};

/// Packages that nobody uses.
pub static UNUSED_PACKAGES: Usage = List {
    look: Look {
        name: "unused-packages",
        title: "Unused access packages",
        about: "Nobody has these packages, and nobody has asked for one in the time. They are older than that.",
        top: Some((Icon::Catalog, WAY)),
        path: |_| Some(paths::REPORT_UNUSED.to_owned()),
        search: "Search access packages",
        filters: SPANS,
        empty: |_| Empty::yet(Icon::Package, "Every access package is used", "Choose a shorter time to see more."),
    },
    query: |address| Some(query(address, true)),
    columns: &[
        Column::view("Access package", |item| item.package.name.clone(), package),
        Column::text("Catalog", |item| item.catalog.name.clone()),
        Column::time_as("Last request", |item: &UsageItem| item.last_request, moment).or("Never"),
    ],
    opens: None,
};

fn query(address: &Address, unused: bool) -> UsageQuery {
    UsageQuery {
        span: address.word("span").unwrap_or(Span::Month),
        unused,
        search: address.search.clone(),
        page: address.page.clone(),
    }
}

fn package(item: &UsageItem, _: &Address) -> AnyView {
    view! { <a class="list-link" href=paths::package(item.package.id, PackagePage::Overview)>{item.package.name.clone()}</a> }.into_any()
}

fn history(item: &UsageItem, _: &Address) -> AnyView {
    view! { <a href=paths::audit_of(item.package.id)>"Events"<span class="sr-only">" of "{item.package.name.clone()}</span></a> }.into_any()
}

/// What was done with each package over a time.
#[component]
pub fn ActivityPage() -> AnyView {
    page(&PACKAGE_ACTIVITY)
}

/// Packages that nobody uses.
#[component]
pub fn UnusedPage() -> AnyView {
    page(&UNUSED_PACKAGES)
}

fn page(list: &'static Usage) -> AnyView {
    let rows = Listing::new(list, report_usage);
    view! {
        {rows.head()}
        {rows.bar(())}
        {rows.rows(None)}
    }
    .into_any()
}
