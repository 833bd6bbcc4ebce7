//! One catalog: its head and the menu of its pages, which stand below it as child routes.

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use super::labels::enabled_label;
use crate::admin::error_view::{loaded, loaded_quietly, use_id};
use crate::admin::frame::PageTitle;
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
    let path = use_location().pathname;
    let menu = move || {
        loaded_quietly(catalog, move |catalog| {
            let id = catalog.id;
            view! { <SubMenu label=catalog.name items=Signal::derive(move || path.with(|path| pages(id, path)))/> }.into_any()
        })
    };
    view! {
        <Blade menu=menu>
            {loaded(catalog, head)}
            <Outlet/>
        </Blade>
    }
    .into_any()
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

fn pages(id: CatalogId, here: &str) -> Vec<NavItem> {
    let item = |icon, label, page| {
        let href = paths::catalog(id, page);
        let current = href == here.trim_end_matches('/');
        NavItem::new(icon, label, href).current(current)
    };
    vec![
        item(Icon::Home, "Overview", CatalogPage::Overview),
        item(Icon::App, "Resources", CatalogPage::Resources),
        item(Icon::Package, "Access packages", CatalogPage::Packages),
    ]
}
