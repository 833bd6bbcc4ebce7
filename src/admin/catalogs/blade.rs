//! One catalog: its head and the menu of its pages, which stand below it as child routes.

use leptos::prelude::*;

use super::labels::enabled_label;
use crate::admin::blade::{Entry, blade};
use crate::admin::error_view::use_id;
use crate::admin::page_title::PageTitle;
use crate::domain::catalog::CatalogItem;
use crate::domain::id::CatalogId;
use crate::paths::{self, CatalogPage};
use crate::rpc::Loading;
use crate::rpc::catalogs::get_catalog;
use crate::ui::*;

/// The catalog of the blade around the caller.
pub fn use_catalog() -> Loading<CatalogItem> {
    expect_context::<Loading<CatalogItem>>()
}

/// The blade of one catalog.
#[component]
pub fn CatalogBlade() -> AnyView {
    let id = use_id::<CatalogId>();
    let catalog = Loading::named(id, get_catalog);
    provide_context(catalog);
    blade(catalog, pages, head)
}

fn pages(catalog: &CatalogItem) -> (String, Vec<Entry>) {
    let to = |page| paths::catalog(catalog.id, page);
    let entries = vec![
        (Icon::Home, "Overview", to(CatalogPage::Overview)),
        (Icon::App, "Resources", to(CatalogPage::Resources)),
        (Icon::Package, "Access packages", to(CatalogPage::Packages)),
    ];
    (catalog.name.clone(), entries)
}

fn head(catalog: CatalogItem) -> AnyView {
    let (tone, enabled) = enabled_label(catalog.enabled);
    view! {
        <PageTitle text=catalog.name.clone()/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Identity Governance", paths::GOVERNANCE),
            Crumb::link("Catalogs", paths::CATALOGS),
            Crumb::here(catalog.name.clone()),
        ]/>
        <PageHead title=catalog.name subtitle="Catalog".to_owned() icon=Icon::Catalog chip=move || view! { <Chip tone=tone text=enabled/> }/>
    }
    .into_any()
}
