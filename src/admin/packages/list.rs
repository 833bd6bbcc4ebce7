//! The list of access packages: find one, make one, delete one. What it shows stands in the URL; what may be deleted is decided by the
//! server.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::delete::{DeletePackage, Doomed};
use super::query::{self, CATALOG};
use crate::admin::error_view::{loaded, loaded_quietly};
use crate::admin::frame::PageTitle;
use crate::admin::listing::{self, SEARCH};
use crate::admin::timestamp::moment;
use crate::domain::catalog::{CatalogItem, CatalogQuery};
use crate::domain::package::{PackageItem, PackageQuery, PackageSort};
use crate::domain::page::{PAGE_SIZE_MAX, Page, PageQuery};
use crate::paths::{self, CatalogPage, PackagePage};
use crate::rpc::Loading;
use crate::rpc::catalogs::list_catalogs;
use crate::rpc::packages::list_packages;
use crate::ui::*;

/// Access packages (F007).
#[component]
pub fn PackagesPage() -> AnyView {
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(query::packages));
    let packages = Loading::new(query, list_packages);
    let doomed = RwSignal::new(None::<Doomed>);
    let reload = Callback::new(move |()| packages.refetch());
    view! {
        <PageTitle text="Access packages"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Identity Governance", paths::GOVERNANCE),
            Crumb::here("Access packages"),
        ]/>
        <PageHead
            title="Access packages"
            subtitle="What a team or project needs, in bundles that people request and that end by themselves.".to_owned()
            icon=Icon::Package
            chip=move || listing::count(packages)
        />
        <Commands query=query reload=reload/>
        {loaded(packages, move |page| rows(page, &query.get_untracked(), doomed))}
        <DeletePackage doomed=doomed on_deleted=reload/>
    }
    .into_any()
}

/// New, Refresh, the catalog filter, search.
#[component]
fn Commands(query: Memo<PackageQuery>, reload: Callback<()>) -> AnyView {
    let search = listing::use_search(move || query::packages_url(&query.get_untracked()));
    let every = CatalogQuery {
        page: PageQuery {
            size: PAGE_SIZE_MAX,
            ..PageQuery::default()
        },
        ..CatalogQuery::default()
    };
    let catalogs = Loading::once(move || list_catalogs(every.clone()));
    let keep = query::packages_url(&query.get_untracked()).beside(SEARCH);
    view! {
        <CommandBar end=move || {
            view! {
                {loaded_quietly(catalogs, move |page| view! { {move || catalog_filter(&page, &query.get())} }.into_any())}
                <SearchBox
                    id="search-packages"
                    label="Search access packages"
                    action=paths::PACKAGES
                    value=Signal::derive(move || query.get().search)
                    keep=keep
                    on_search=search
                />
            }
        }>
            <LinkButton href=paths::PACKAGE_NEW kind=ButtonKind::Primary icon=Icon::Add>"New access package"</LinkButton>
            <Button kind=ButtonKind::Subtle icon=Icon::Refresh on_click=move || reload.run(())>"Refresh"</Button>
        </CommandBar>
    }
    .into_any()
}

/// The catalogs as a menu of links.
fn catalog_filter(catalogs: &Page<CatalogItem>, query: &PackageQuery) -> AnyView {
    let url = query::packages_url(query);
    let chosen = catalogs.items.iter().find(|catalog| Some(catalog.id) == query.catalog);
    let text = ["Catalog: ", chosen.map_or("All", |catalog| &catalog.name)].concat();
    let trigger = text.clone();
    let links = catalogs
        .items
        .iter()
        .map(|catalog| (catalog.id.to_string(), catalog.name.clone()))
        .map(|(id, name)| view! { <MenuLink href=url.clone().with(CATALOG, id).href()>{name}</MenuLink> })
        .collect_any();
    view! {
        <Menu id="filter-catalog" label=text trigger=move || view! { <Glyph icon=Icon::Filter/> {trigger} }>
            <MenuLink href=url.with(CATALOG, "").href()>"All"</MenuLink>
            {links}
        </Menu>
    }
    .into_any()
}

/// The table, or what stands in its place.
fn rows(page: Page<PackageItem>, query: &PackageQuery, doomed: RwSignal<Option<Doomed>>) -> AnyView {
    if page.items.is_empty() && page.previous.is_none() {
        return empty(query);
    }
    let pager = listing::pager(&query::packages_url(query), &page);
    let name = head(query, PackageSort::Name, "Name");
    let created = head(query, PackageSort::Created, "Created");
    let rows = page.items.into_iter().map(|item| row(item, doomed)).collect_any();
    view! {
        <Table
            caption="Access packages"
            cards=true
            head=move || {
                view! {
                    {name}
                    <HeadCell label="Description"/>
                    <HeadCell label="Catalog"/>
                    <HeadCell label="Active assignments" end=true/>
                    {created}
                    <HeadCell label="Actions" label_hidden=true/>
                }
            }
        >
            {rows}
        </Table>
        {pager}
    }
    .into_any()
}

/// A head cell that sorts; pressed again it turns the order.
fn head(query: &PackageQuery, sort: PackageSort, label: &'static str) -> AnyView {
    let decides = query.sort == sort;
    let url = query::packages_url(&PackageQuery {
        sort,
        direction: listing::next_order(decides, query.direction),
        ..query.clone()
    });
    view! { <SortLink label=label href=url.href() sort=listing::shown_order(decides, query.direction)/> }.into_any()
}

fn row(item: PackageItem, doomed: RwSignal<Option<Doomed>>) -> AnyView {
    let ask = Doomed::from(&item);
    view! {
        <tr>
            <td>
                <span class="row">
                    <a class="list-link" href=paths::package(item.id, PackagePage::Overview)>{item.name.clone()}</a>
                    {item.hidden.then(|| view! { <Chip text="Hidden"/> })}
                </span>
            </td>
            <td data-label="Description" class="break">{item.description}</td>
            <td data-label="Catalog">
                <a href=paths::catalog(item.catalog.id, CatalogPage::Overview)>{item.catalog.name}</a>
            </td>
            <td data-label="Active assignments" class="table-end">{item.active_assignments.to_string()}</td>
            <td data-label="Created" class="nowrap">{moment(item.created_at)}</td>
            <td class="cell-end">
                <RowMenu id=["menu-", &item.id.to_string()].concat() label=item.name>
                    <MenuLink href=paths::package(item.id, PackagePage::Overview) icon=Icon::Package>"Open"</MenuLink>
                    <MenuItem icon=Icon::Delete danger=true on_click=move || doomed.set(Some(ask.clone()))>"Delete"</MenuItem>
                </RowMenu>
            </td>
        </tr>
    }
    .into_any()
}

fn empty(query: &PackageQuery) -> AnyView {
    if query.search.is_empty() && query.catalog.is_none() {
        view! {
            <EmptyState
                icon=Icon::Package
                title="No access packages yet"
                text="An access package bundles what a team or project needs, with a policy that says who can request it and for how long."
                action=|| view! { <LinkButton href=paths::PACKAGE_NEW kind=ButtonKind::Primary icon=Icon::Add>"New access package"</LinkButton> }
            />
        }
        .into_any()
    } else {
        view! {
            <EmptyState
                icon=Icon::Search
                title="No access package matches"
                text="The search looks at the beginnings of the words in a name. Try another, or look in all catalogs."
                action=|| view! { <LinkButton href=paths::PACKAGES>"Show all"</LinkButton> }
            />
        }
        .into_any()
    }
}
