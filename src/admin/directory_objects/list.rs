//! The lists of applications and of sites.

use leptos::prelude::*;

use super::blade::page_of;
use crate::admin::listing::{Address, Column, Empty, List, Listing, Look};
use crate::admin::objects::kind_icon;
use crate::domain::directory_object::{DirectoryObjectItem, DirectoryObjectQuery};
use crate::domain::object::ObjectKind;
use crate::paths::{self, ObjectPage};
use crate::rpc::directory_objects::list_directory_objects;
use crate::ui::*;

/// Applications.
pub static APPLICATIONS: List<DirectoryObjectQuery, DirectoryObjectItem> = List {
    look: Look {
        name: "applications",
        title: "Applications",
        about: "What people work with. Access packages give the roles of an application.",
        top: Some((Icon::App, &[])),
        path: |_| Some(paths::APPLICATIONS.to_owned()),
        search: "Search applications",
        filters: &[],
        empty: |address| empty(address, Icon::App, "No applications yet", "No application matches"),
    },
    query: |address| query(address, ObjectKind::Application),
    columns: COLUMNS,
    opens: None,
};

/// Sites.
pub static SITES: List<DirectoryObjectQuery, DirectoryObjectItem> = List {
    look: Look {
        name: "sites",
        title: "Sites",
        about: "Where people keep files and pages. Access packages give the roles of a site.",
        top: Some((Icon::Site, &[])),
        path: |_| Some(paths::SITES.to_owned()),
        search: "Search sites",
        filters: &[],
        empty: |address| empty(address, Icon::Site, "No sites yet", "No site matches"),
    },
    query: |address| query(address, ObjectKind::Site),
    columns: COLUMNS,
    opens: None,
};

const COLUMNS: &[Column<DirectoryObjectItem>] = &[
    Column::view("Name", |item: &DirectoryObjectItem| item.name.clone(), |item, _| name(item)).sort(""),
    Column::text("Description", |item| item.description.clone()),
    Column::text("Address", |item| item.url.clone()),
    Column::number("People with access", |item| item.holders.to_string()),
];

fn query(address: &Address, kind: ObjectKind) -> Option<DirectoryObjectQuery> {
    Some(DirectoryObjectQuery {
        kind,
        search: address.search.clone(),
        direction: address.direction,
        page: address.page.clone(),
    })
}

fn empty(address: &Address, icon: Icon, none: &str, unmatched: &'static str) -> Empty {
    if address.is_narrowed() {
        Empty::found(unmatched, "The search looks at the beginnings of the words in a name.")
    } else {
        Empty::yet(icon, none, "The directory holds none of them.")
    }
}

fn name(item: &DirectoryObjectItem) -> AnyView {
    view! {
        <span class="person">
            <Glyph icon=kind_icon(item.kind)/>
            <a class="list-link" href=page_of(item, ObjectPage::Overview)>{item.name.clone()}</a>
        </span>
    }
    .into_any()
}

/// Applications.
#[component]
pub fn ApplicationsPage() -> AnyView {
    page(&APPLICATIONS)
}

/// Sites.
#[component]
pub fn SitesPage() -> AnyView {
    page(&SITES)
}

fn page(list: &'static List<DirectoryObjectQuery, DirectoryObjectItem>) -> AnyView {
    let objects = Listing::new(list, list_directory_objects);
    view! {
        {objects.head()}
        {objects.bar(())}
        {objects.rows(None)}
    }
    .into_any()
}
