//! A catalog's Access packages.

use leptos::prelude::*;

use crate::admin::listing::{Column, Empty, List, Listing, Look};
use crate::admin::packages::package_name;
use crate::domain::package::{PackageItem, PackageQuery};
use crate::paths::{self, CatalogPage};
use crate::rpc::packages::list_packages;
use crate::ui::*;

/// Access packages of a catalog.
pub static CATALOG_PACKAGES: List<PackageQuery, PackageItem> = List {
    look: Look {
        name: "catalog-packages",
        title: "Access packages",
        about: "The packages of this catalog.",
        top: None,
        path: |id| Some(paths::catalog(id.parse().ok()?, CatalogPage::Packages)),
        search: "",
        filters: &[],
        empty: |_| {
            let text = "An access package bundles resource roles that people can request together.";
            Empty::yet(Icon::Package, "No access packages yet", text).next(paths::PACKAGE_NEW, "New access package")
        },
    },
    query: |address| {
        Some(PackageQuery {
            catalog: Some(address.id.parse().ok()?),
            page: address.page.clone(),
            ..PackageQuery::default()
        })
    },
    columns: &[
        Column::view("Name", |package| package.name.clone(), |package, _| package_name(package)),
        Column::text("Description", |package| package.description.clone()),
        Column::number("Active assignments", |package| package.active_text()),
    ],
    opens: None,
};

/// Access packages of a catalog.
#[component]
pub fn CatalogPackagesPage() -> AnyView {
    let packages = Listing::new(&CATALOG_PACKAGES, list_packages);
    let new = || view! { <LinkButton href=paths::PACKAGE_NEW icon=Icon::Add kind=ButtonKind::Primary>"New access package"</LinkButton> };
    view! {
        {packages.head()}
        {packages.bar(new())}
        {packages.rows(None)}
    }
    .into_any()
}
