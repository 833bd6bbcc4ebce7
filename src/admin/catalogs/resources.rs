//! A catalog's Resources (F014): what its packages can give, and which of them do.

use leptos::prelude::*;

use super::blade::use_catalog;
use super::labels::{kind_icon, kind_label};
use crate::admin::confirm::{Doing, Question};
use crate::admin::error_view::{loaded_quietly, use_id};
use crate::admin::form::Submission;
use crate::admin::listing::{self, Column, Empty, List, Listing, Look, row_menu};
use crate::admin::pickers::SelectNewResources;
use crate::domain::catalog::{CatalogDetail, ResourceItem, ResourceQuery, may_remove_resource};
use crate::domain::id::CatalogId;
use crate::domain::object::{ObjectItem, ObjectKind};
use crate::domain::refusal::Permission;
use crate::paths::{self, CatalogPage, PackagePage};
use crate::rpc::AppError;
use crate::rpc::catalogs::{add_resources, list_resources, remove_resource};
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
                let text = "Add groups, applications and sites here; what an access package of this catalog gives is added with it.";
                Empty::yet(Icon::App, "No resources yet", text)
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
    let (catalog, id) = (use_catalog(), use_id::<CatalogId>());
    let resources = Listing::new(&RESOURCES, list_resources);
    let adding = Adding::new();
    let removing = RwSignal::new(None::<ResourceItem>);
    let refresh = Callback::new(move |()| {
        resources.loading.refetch();
        catalog.refetch();
    });
    let rows = move |catalog: CatalogDetail| {
        let may_remove = catalog.remove_resources;
        resources.rows(listing::actions(move |resource: &ResourceItem| {
            actions(id.get_untracked(), resource, &may_remove, removing)
        }))
    };
    view! {
        {resources.head()}
        {resources.bar(loaded_quietly(catalog, move |catalog| add_buttons(&catalog.add_resources, adding)))}
        {loaded_quietly(catalog, rows)}
        <AddPane adding=adding refresh=refresh/>
        {removal(removing, refresh)}
    }
    .into_any()
}

/// What the pane adds.
#[derive(Clone, Copy)]
struct Adding {
    open: RwSignal<bool>,
    kind: RwSignal<ObjectKind>,
}

impl Adding {
    fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            kind: RwSignal::new(ObjectKind::Group),
        }
    }
}

/// A button for each kind of resource (F050).
fn add_buttons(permission: &Permission, adding: Adding) -> AnyView {
    let button = |(kind, id, label): (ObjectKind, &'static str, &'static str)| {
        let add = move || {
            adding.kind.set(kind);
            adding.open.set(true);
        };
        view! {
            <Button id=id icon=Icon::Add disabled_reason=permission.reason() on_click=add>
                {label}
            </Button>
        }
    };
    [
        (ObjectKind::Group, "add-groups", "Groups and Teams"),
        (ObjectKind::Application, "add-applications", "Applications"),
        (ObjectKind::Site, "add-sites", "SharePoint sites"),
    ]
    .into_iter()
    .map(button)
    .collect_any()
    .into_any()
}

#[component]
fn AddPane(adding: Adding, refresh: Callback<()>) -> AnyView {
    let id = use_id::<CatalogId>();
    let submission = Submission::new();
    let toasts = use_toasts();
    let add = move |objects: Vec<ObjectItem>| {
        let Some(id) = id.get_untracked() else { return };
        let ids = objects.iter().map(|object| object.id).collect();
        submission.send(add_resources(id, ids), move |added| {
            adding.open.set(false);
            let added = if added == 1 {
                "1 resource added.".to_owned()
            } else {
                format!("{added} resources added.")
            };
            toasts.success("Resources", added, None);
            refresh.run(());
        });
    };
    // What went wrong belongs to one opening of the pane.
    Effect::new(move |_| {
        if adding.open.get() {
            submission.clear();
        }
    });
    view! {
        <SelectNewResources
            kind=adding.kind
            open=adding.open
            catalog=id
            busy=submission.busy()
            error=submission.text()
            on_select=add
        />
    }
    .into_any()
}

fn actions(
    catalog: Option<CatalogId>,
    resource: &ResourceItem,
    may_remove: &Permission,
    removing: RwSignal<Option<ResourceItem>>,
) -> AnyView {
    let why_not = may_remove
        .clone()
        .and(may_remove_resource(&resource.object.name, &resource.packages))
        .reason();
    let asked = resource.clone();
    let remove = move || removing.set(Some(asked.clone()));
    let item = view! {
        <MenuItem icon=Icon::Delete danger=true nostrip:disabled_reason=why_not on_click=remove>"Remove resource"</MenuItem>
    };
    let attributes = catalog.map(|catalog| {
        let href = paths::resource_attributes(catalog, resource.object.id);
        view! { <MenuLink href=href icon=Icon::Edit>"Require attributes"</MenuLink> }.into_any()
    });
    let items = attributes.into_iter().chain([item.into_any()]).collect();
    row_menu(resource.object.id, &resource.object.name, items)
}

/// The question before a resource is removed (F051).
fn removal(removing: RwSignal<Option<ResourceItem>>, refresh: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let id = use_id::<CatalogId>();
    let remove = move |resource: ResourceItem| -> Doing {
        let catalog = id.get_untracked();
        Box::pin(async move { remove_resource(catalog.ok_or(AppError::NotFound)?, resource.object.id).await })
    };
    Question::new(
        "remove-resource",
        |resource: &ResourceItem| format!("Remove {}?", resource.object.name),
        |_| {
            "No access package of this catalog gives a role of it. It stays in the directory, and who has access to it keeps it.".to_owned()
        },
        remove,
        move |resource: ResourceItem| {
            toasts.success("Resource removed", resource.object.name, None);
            refresh.run(());
        },
    )
    .gone(
        |resource| format!("{} had been removed already", resource.object.name),
        move |_| refresh.run(()),
    )
    .view(removing)
}

/// What is still there leads to its page.
fn resource_name(object: &ObjectItem) -> AnyView {
    let name = object.name.clone();
    let name = if object.deleted {
        view! { <span class="list-link">{name}</span> }.into_any()
    } else {
        view! { <a class="list-link" href=paths::object(object.kind, object.id)>{name}</a> }.into_any()
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
