//! A catalog's Resources (F014): what its packages can give, and which of them do.

use leptos::prelude::*;

use super::labels::{kind_icon, kind_label};
use crate::admin::listing::{Column, Empty, List, Listing, Look};
use crate::domain::catalog::{ResourceItem, ResourceQuery};
use crate::domain::object::{ObjectItem, ObjectKind};
use crate::paths::{self, CatalogPage, GroupPage, PackagePage};
use crate::rpc::catalogs::list_resources;
use crate::ui::*;

/// The resources of a catalog.
pub static RESOURCES: List<ResourceQuery, ResourceItem> = List {
    look: Look {
        name: "resources",
        title: "Resources",
        about: "Groups, applications and sites that the packages of this catalog can give.",
        top: None,
        path: |id| Some(paths::catalog(id.parse().ok()?, CatalogPage::Resources)),
        search: "Search resources",
        filters: &[],
        empty: |address| {
            if address.is_narrowed() {
                Empty::found("No resource matches", "Try the beginning of a word in its name.")
            } else {
                let text = "A group, application or site is added here when an access package of this catalog first gives a role of it.";
                Empty::yet(Icon::App, "No resources yet", text).next(paths::PACKAGE_NEW, "New access package")
            }
        },
    },
    query: |address| {
        Some(ResourceQuery {
            catalog: address.id.parse().ok()?,
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Resource",
            |resource| resource.object.name.clone(),
            |resource, _| resource_name(&resource.object),
        ),
        Column::text("Type", |resource| kind_label(resource.object.kind).to_owned()),
        Column::text("Sub type", |resource| resource.object.sub_kind.clone()),
        Column::view("Access packages", package_names, |resource, _| package_links(resource)),
        Column::time("Added", |resource| Some(resource.added_at)),
        Column::filed("Deleted from directory", |resource| {
            super::labels::yes_no(resource.object.deleted).to_owned()
        }),
    ],
    opens: None,
};

/// Resources.
#[component]
pub fn CatalogResourcesPage() -> AnyView {
    let resources = Listing::new(&RESOURCES, list_resources);
    view! {
        {resources.head()}
        {resources.bar(())}
        {resources.rows(None)}
    }
    .into_any()
}

/// A group that is still there leads to its page; applications and sites have none yet.
fn resource_name(object: &ObjectItem) -> AnyView {
    let name = object.name.clone();
    let name = if object.kind == ObjectKind::Group && !object.deleted {
        view! { <a class="list-link" href=paths::group(object.id, GroupPage::Overview)>{name}</a> }.into_any()
    } else {
        view! { <span class="list-link">{name}</span> }.into_any()
    };
    view! {
        <span class="person">
            <Glyph icon=kind_icon(object.kind)/>
            {name}
            {object.deleted.then(|| view! { <Chip tone=Tone::Danger text="Deleted from directory"/> })}
        </span>
    }
    .into_any()
}

fn package_names(resource: &ResourceItem) -> String {
    let names: Vec<&str> = resource.packages.iter().map(|package| package.name.as_str()).collect();
    names.join("; ")
}

fn package_links(resource: &ResourceItem) -> AnyView {
    if resource.packages.is_empty() {
        return view! { <span class="muted">"Not used"</span> }.into_any();
    }
    let link = |package: &crate::domain::id::Named<_>| {
        view! { <div><a href=paths::package(package.id, PackagePage::Overview)>{package.name.clone()}</a></div> }
    };
    resource.packages.iter().map(link).collect_any().into_any()
}
