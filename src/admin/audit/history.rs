//! What the trail has of one thing: the page History of a user, a group, an application, a site, a catalog and a package, the last of which
//! also shows one policy's alone. A row leads to its details over the whole
//! trail of that thing.

use leptos::prelude::*;

use super::list::{query, result};
use crate::admin::listing::{Address, Column, Empty, Filter, List, Listing, Look, or_all};
use crate::admin::users::user_head;
use crate::domain::audit::{AuditItem, AuditQuery, Outcome};
use crate::paths::{self, CatalogPage, GroupPage, ObjectPage, PackagePage};
use crate::rpc::audit::list_audit;
use crate::ui::*;

type History = List<AuditQuery, AuditItem>;

/// A user's.
pub static USER_HISTORY: History = history("user-history", |id| Some(paths::user_history(id.parse().ok()?)));
/// A group's.
pub static GROUP_HISTORY: History = history("group-history", |id| Some(paths::group(id.parse().ok()?, GroupPage::History)));
/// An application's.
pub static APPLICATION_HISTORY: History = history("application-history", |id| {
    Some(paths::application(id.parse().ok()?, ObjectPage::History))
});
/// A site's.
pub static SITE_HISTORY: History = history("site-history", |id| Some(paths::site(id.parse().ok()?, ObjectPage::History)));
/// A catalog's.
pub static CATALOG_HISTORY: History = history("catalog-history", |id| Some(paths::catalog(id.parse().ok()?, CatalogPage::History)));
/// A package's; narrowed to one of its policies, that policy's.
pub static PACKAGE_HISTORY: History = List {
    look: Look {
        filters: &[FROM, UNTIL, RESULT, Filter::given("policy", "This policy only")],
        ..history("package-history", |id| Some(paths::package(id.parse().ok()?, PackagePage::History))).look
    },
    query: |address| {
        let package = address.id.parse().ok()?;
        Some(AuditQuery {
            target: Some(address.word("policy").unwrap_or(package)),
            ..query(address)
        })
    },
    columns: COLUMNS_HERE,
    opens: Some(href),
};

const FROM: Filter = Filter::date("from", "From (UTC)");
const UNTIL: Filter = Filter::date("until", "Until (UTC)");
const RESULT: Filter = Filter::select("result", "Result", || or_all(Outcome::label));

const fn history(name: &'static str, path: fn(&str) -> Option<String>) -> History {
    List {
        look: Look {
            name,
            title: "History",
            about: "What was done to it, and by whom, newest first.",
            top: None,
            path,
            search: "",
            filters: &[FROM, UNTIL, RESULT],
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

/// What the trail has of an application.
#[component]
pub fn ApplicationHistoryPage() -> AnyView {
    page(&APPLICATION_HISTORY)
}

/// What the trail has of a site.
#[component]
pub fn SiteHistoryPage() -> AnyView {
    page(&SITE_HISTORY)
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
