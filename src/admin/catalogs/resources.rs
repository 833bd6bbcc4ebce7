//! A catalog's Resources (F014): what its packages can give, and which of them do.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::labels::{kind_icon, kind_label};
use crate::admin::error_view::{loaded_below, use_id};
use crate::admin::listing::{self, ListUrl, SEARCH};
use crate::admin::timestamp::moment;
use crate::domain::catalog::{ResourceItem, ResourceQuery};
use crate::domain::id::{CatalogId, Named, PackageId};
use crate::domain::object::{ObjectItem, ObjectKind};
use crate::domain::page::Page;
use crate::paths::{self, CatalogPage, GroupPage, PackagePage};
use crate::rpc::Loading;
use crate::rpc::catalogs::list_resources;
use crate::ui::*;

/// Resources.
#[component]
pub fn CatalogResourcesPage() -> AnyView {
    let id = use_id::<CatalogId>();
    let params = use_query_map();
    let query = Memo::new(move |_| {
        id.get().map(|catalog| {
            params.with(|params| ResourceQuery {
                catalog,
                search: listing::text(params, SEARCH),
                page: listing::page(params),
            })
        })
    });
    let resources = Loading::named(query, list_resources);
    let path = move || {
        id.get_untracked()
            .map_or_else(String::new, |id| paths::catalog(id, CatalogPage::Resources))
    };
    let searched = Signal::derive(move || query.get().map(|query| query.search).unwrap_or_default());
    let search = listing::use_search(move || ListUrl::new(path()));
    view! {
        <SectionTitle title="Resources" text="Groups, applications and sites that the packages of this catalog can give."/>
        <CommandBar end=move || view! { <SearchBox label="Search resources" action=path() value=searched on_search=search/> }>
            <Button icon=Icon::Refresh kind=ButtonKind::Subtle on_click=move || resources.refetch()>"Refresh"</Button>
        </CommandBar>
        {loaded_below(resources, move |page| {
            let url = ListUrl::new(path()).with(SEARCH, searched.get_untracked());
            resource_list(page, &url)
        })}
    }
    .into_any()
}

fn resource_list(page: Page<ResourceItem>, url: &ListUrl) -> AnyView {
    if page.items.is_empty() && page.previous.is_none() {
        return nothing(!url.beside("").is_empty());
    }
    let pager = listing::pager(url, &page);
    let head = || {
        view! {
            <HeadCell label="Resource"/>
            <HeadCell label="Type"/>
            <HeadCell label="Sub type"/>
            <HeadCell label="Access packages"/>
            <HeadCell label="Added"/>
        }
    };
    view! {
        <Table caption="Resources" head=head cards=true>
            {page.items.into_iter().map(resource_row).collect_any()}
        </Table>
        {pager}
    }
    .into_any()
}

fn resource_row(resource: ResourceItem) -> AnyView {
    let object = resource.object;
    view! {
        <tr>
            <td>
                <span class="person">
                    <Glyph icon=kind_icon(object.kind)/>
                    {name(&object)}
                    {object.deleted.then(|| view! { <Chip tone=Tone::Danger text="Deleted from directory"/> })}
                </span>
            </td>
            <td data-label="Type">{kind_label(object.kind)}</td>
            <td data-label="Sub type">{object.sub_kind}</td>
            <td data-label="Access packages">{package_links(resource.packages)}</td>
            <td data-label="Added">{moment(resource.added_at)}</td>
        </tr>
    }
    .into_any()
}

/// A group that is still there leads to its page; applications and sites have none yet.
fn name(object: &ObjectItem) -> AnyView {
    let name = object.name.clone();
    if object.kind == ObjectKind::Group && !object.deleted {
        view! { <a class="list-link" href=paths::group(object.id, GroupPage::Overview)>{name}</a> }.into_any()
    } else {
        view! { <span class="list-link">{name}</span> }.into_any()
    }
}

fn package_links(packages: Vec<Named<PackageId>>) -> AnyView {
    if packages.is_empty() {
        return view! { <span class="muted">"Not used"</span> }.into_any();
    }
    packages
        .into_iter()
        .map(|package| view! { <div><a href=paths::package(package.id, PackagePage::Overview)>{package.name}</a></div> })
        .collect_any()
        .into_any()
}

fn nothing(searched: bool) -> AnyView {
    if searched {
        view! { <EmptyState icon=Icon::Search title="No resource matches" text="Try the beginning of a word in its name."/> }.into_any()
    } else {
        view! {
            <EmptyState
                icon=Icon::App
                title="No resources yet"
                text="A group, application or site is added here when an access package of this catalog first gives a role of it."
                action=|| view! { <LinkButton href=paths::PACKAGE_NEW icon=Icon::Add>"New access package"</LinkButton> }
            />
        }
        .into_any()
    }
}
