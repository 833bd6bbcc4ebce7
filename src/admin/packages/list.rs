//! The list of access packages: find one, make one, delete one. What may be deleted is decided by the server.

use leptos::prelude::*;

use super::delete::{self, ToDelete};
use crate::admin::listing::{self, Column, Empty, Filter, List, Listing, Look, row_menu};
use crate::domain::catalog::CatalogQuery;
use crate::domain::package::{PackageItem, PackageQuery, PackageSort};
use crate::domain::page::{PAGE_SIZE_MAX, PageQuery};
use crate::paths::{self, CatalogPage, PackagePage};
use crate::rpc::Loading;
use crate::rpc::catalogs::list_catalogs;
use crate::rpc::packages::list_packages;
use crate::ui::*;

/// Access packages.
pub static PACKAGES: List<PackageQuery, PackageItem> = List {
    look: Look {
        name: "packages",
        title: "Access packages",
        about: "What a team or project needs, in bundles that people request and that end by themselves.",
        top: Some((Icon::Package, &[("Identity Governance", paths::GOVERNANCE)])),
        path: |_| Some(paths::PACKAGES.to_owned()),
        search: "Search access packages",
        filters: &[Filter::loaded("catalog", "Catalog", catalogs)],
        empty: |address| {
            if address.is_narrowed() {
                let text = "The search looks at the beginnings of the words in a name. Try another, or look in all catalogs.";
                Empty::found("No access package matches", text).next(paths::PACKAGES, "Show all")
            } else {
                let text =
                    "An access package bundles what a team or project needs, with a policy that says who can request it and for how long.";
                Empty::yet(Icon::Package, "No access packages yet", text).next(paths::PACKAGE_NEW, "New access package")
            }
        },
    },
    query: |address| {
        Some(PackageQuery {
            search: address.search.clone(),
            catalog: address.word("catalog"),
            sort: address.sort.parse().unwrap_or(PackageSort::Name),
            direction: address.direction,
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Name",
            |package: &PackageItem| package.name.clone(),
            |package, _| package_name(package),
        )
        .sort(""),
        Column::text("Description", |package| package.description.clone()),
        Column::view(
            "Catalog",
            |package| package.catalog.name.clone(),
            |package, _| catalog_link(package),
        ),
        Column::number("Active assignments", |package| package.active_text()),
        Column::time("Created", |package: &PackageItem| Some(package.created_at)).sort("created"),
        Column::filed("Hidden", |package| if package.hidden { "Yes" } else { "No" }.to_owned()),
    ],
    opens: None,
};

/// What the catalog filter offers.
fn catalogs() -> Loading<Vec<(String, String)>> {
    Loading::once(async || {
        let every = CatalogQuery {
            page: PageQuery {
                size: PAGE_SIZE_MAX,
                ..PageQuery::default()
            },
            ..CatalogQuery::default()
        };
        let page = list_catalogs(every).await?;
        Ok(page
            .items
            .into_iter()
            .map(|catalog| (catalog.id.to_string(), catalog.name))
            .collect())
    })
}

/// The name of a package, which leads to it, and whether it is hidden.
pub fn package_name(package: &PackageItem) -> AnyView {
    view! {
        <span class="row">
            <a class="list-link" href=paths::package(package.id, PackagePage::Overview)>{package.name.clone()}</a>
            {package.hidden.then(|| view! { <Chip text="Hidden"/> })}
        </span>
    }
    .into_any()
}

fn catalog_link(package: &PackageItem) -> AnyView {
    view! { <a href=paths::catalog(package.catalog.id, CatalogPage::Overview)>{package.catalog.name.clone()}</a> }.into_any()
}

/// Access packages (F007).
#[component]
pub fn PackagesPage() -> AnyView {
    let packages = Listing::new(&PACKAGES, list_packages);
    let chosen = RwSignal::new(None::<ToDelete>);
    let rows = listing::actions(move |package: &PackageItem| actions(package, chosen));
    let new = || view! { <LinkButton href=paths::PACKAGE_NEW kind=ButtonKind::Primary icon=Icon::Add>"New access package"</LinkButton> };
    view! {
        {packages.head()}
        {packages.bar(new())}
        {packages.rows(rows)}
        {delete::question(chosen, packages.reload())}
    }
    .into_any()
}

fn actions(package: &PackageItem, chosen: RwSignal<Option<ToDelete>>) -> AnyView {
    let ask = ToDelete::from(package);
    let items = vec![
        view! { <MenuLink href=paths::package(package.id, PackagePage::Overview) icon=Icon::Package>"Open"</MenuLink> }.into_any(),
        view! { <MenuItem icon=Icon::Delete danger=true on_click=move || chosen.set(Some(ask.clone()))>"Delete"</MenuItem> }.into_any(),
    ];
    row_menu(package.id, &package.name, items)
}
