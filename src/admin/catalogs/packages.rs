//! A catalog's Access packages.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::admin::error_view::{loaded_below, use_id};
use crate::admin::listing::{self, ListUrl};
use crate::domain::id::CatalogId;
use crate::domain::package::{PackageItem, PackageQuery};
use crate::domain::page::Page;
use crate::paths::{self, CatalogPage, PackagePage};
use crate::rpc::Loading;
use crate::rpc::packages::list_packages;
use crate::ui::*;

/// Access packages of a catalog.
#[component]
pub fn CatalogPackagesPage() -> AnyView {
    let id = use_id::<CatalogId>();
    let params = use_query_map();
    let query = Memo::new(move |_| {
        id.get().map(|catalog| PackageQuery {
            catalog: Some(catalog),
            page: params.with(listing::page),
            ..PackageQuery::default()
        })
    });
    let packages = Loading::named(query, list_packages);
    let path = move || {
        id.get_untracked()
            .map_or_else(String::new, |id| paths::catalog(id, CatalogPage::Packages))
    };
    view! {
        <SectionTitle title="Access packages" text="The packages of this catalog."/>
        <CommandBar>
            <LinkButton href=paths::PACKAGE_NEW icon=Icon::Add kind=ButtonKind::Primary>"New access package"</LinkButton>
            <Button icon=Icon::Refresh kind=ButtonKind::Subtle on_click=move || packages.refetch()>"Refresh"</Button>
        </CommandBar>
        {loaded_below(packages, move |page| package_list(page, &ListUrl::new(path())))}
    }
    .into_any()
}

fn package_list(page: Page<PackageItem>, url: &ListUrl) -> AnyView {
    if page.items.is_empty() && page.previous.is_none() {
        return view! {
            <EmptyState
                icon=Icon::Package
                title="No access packages yet"
                text="An access package bundles resource roles that people can request together."
                action=|| view! { <LinkButton href=paths::PACKAGE_NEW icon=Icon::Add>"New access package"</LinkButton> }
            />
        }
        .into_any();
    }
    let pager = listing::pager(url, &page);
    let head = || {
        view! {
            <HeadCell label="Name"/>
            <HeadCell label="Description"/>
            <HeadCell label="Active assignments" end=true/>
        }
    };
    view! {
        <Table caption="Access packages" head=head cards=true>
            {page.items.into_iter().map(package_row).collect_any()}
        </Table>
        {pager}
    }
    .into_any()
}

fn package_row(package: PackageItem) -> AnyView {
    view! {
        <tr>
            <td>
                <a class="list-link" href=paths::package(package.id, PackagePage::Overview)>{package.name}</a>
                {package.hidden.then(|| view! { " " <Chip text="Hidden"/> })}
            </td>
            <td data-label="Description" class="break">{package.description}</td>
            <td data-label="Active assignments" class="table-end">{package.active_assignments.to_string()}</td>
        </tr>
    }
    .into_any()
}
