//! The list of catalogs.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::labels::{enabled_label, yes_no};
use crate::admin::error_view::loaded;
use crate::admin::frame::PageTitle;
use crate::admin::listing::{self, ListUrl, SEARCH};
use crate::domain::catalog::{CatalogItem, CatalogQuery};
use crate::domain::page::Page;
use crate::paths::{self, CatalogPage};
use crate::rpc::Loading;
use crate::rpc::catalogs::list_catalogs;
use crate::ui::*;

/// Catalogs.
#[component]
pub fn CatalogsPage() -> AnyView {
    let params = use_query_map();
    let query = Memo::new(move |_| {
        params.with(|params| CatalogQuery {
            search: listing::text(params, SEARCH),
            page: listing::page(params),
        })
    });
    let catalogs = Loading::new(query, list_catalogs);
    let search = listing::use_search(move || ListUrl::new(paths::CATALOGS));
    view! {
        <PageTitle text="Catalogs"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Identity Governance", paths::GOVERNANCE),
            Crumb::here("Catalogs"),
        ]/>
        <PageHead
            title="Catalogs"
            subtitle="Containers of resources and the access packages made of them.".to_owned()
            icon=Icon::Catalog
            chip=move || listing::count(catalogs)
        />
        <CommandBar end=move || {
            view! {
                <SearchBox
                    label="Search catalogs"
                    action=paths::CATALOGS
                    value=Signal::derive(move || query.get().search)
                    on_search=search
                />
            }
        }>
            <Button icon=Icon::Refresh kind=ButtonKind::Subtle on_click=move || catalogs.refetch()>"Refresh"</Button>
        </CommandBar>
        {loaded(catalogs, move |page| catalog_list(page, &query.get_untracked()))}
    }
    .into_any()
}

fn catalog_list(page: Page<CatalogItem>, query: &CatalogQuery) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Search
                title="No catalog matches"
                text="The search looks at the beginnings of the words in a name."
                action=|| view! { <LinkButton href=paths::CATALOGS>"Show all catalogs"</LinkButton> }
            />
        }
        .into_any();
    }
    let pager = listing::pager(&ListUrl::new(paths::CATALOGS).with(SEARCH, query.search.as_str()), &page);
    let head = || {
        view! {
            <HeadCell label="Name"/>
            <HeadCell label="Description"/>
            <HeadCell label="Resources" end=true/>
            <HeadCell label="Access packages" end=true/>
            <HeadCell label="Enabled"/>
            <HeadCell label="Enabled for external users"/>
        }
    };
    view! {
        <Table caption="Catalogs" head=head cards=true>
            {page.items.into_iter().map(catalog_row).collect_any()}
        </Table>
        {pager}
    }
    .into_any()
}

fn catalog_row(catalog: CatalogItem) -> AnyView {
    let (tone, enabled) = enabled_label(catalog.enabled);
    view! {
        <tr>
            <td>
                <a class="list-link" href=paths::catalog(catalog.id, CatalogPage::Overview)>{catalog.name}</a>
            </td>
            <td data-label="Description" class="break">{catalog.description}</td>
            <td data-label="Resources" class="table-end">{catalog.resources.to_string()}</td>
            <td data-label="Access packages" class="table-end">{catalog.packages.to_string()}</td>
            <td data-label="Enabled"><StatusDot tone=tone text=enabled/></td>
            <td data-label="Enabled for external users">{yes_no(catalog.external)}</td>
        </tr>
    }
    .into_any()
}
