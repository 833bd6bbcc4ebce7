//! One catalog: its head and the menu of its pages, which stand below it as child routes.

use leptos::prelude::*;

use super::delete::{CATALOG, consequence};
use super::edit::EditCatalog;
use super::labels::enabled_label;
use crate::admin::blade::{Entry, blade};
use crate::admin::deletion::{self, ToDelete};
use crate::admin::error_view::use_id;
use crate::admin::page_title::PageTitle;
use crate::domain::catalog::{CatalogDetail, CatalogItem};
use crate::domain::id::CatalogId;
use crate::paths::{self, CatalogPage};
use crate::rpc::Loading;
use crate::rpc::catalogs::get_catalog;
use crate::ui::*;

/// The catalog of the blade around the caller.
pub fn use_catalog() -> Loading<CatalogDetail> {
    expect_context::<Loading<CatalogDetail>>()
}

/// The blade of one catalog.
#[component]
pub fn CatalogBlade() -> AnyView {
    let id = use_id::<CatalogId>();
    let catalog = Loading::named(id, get_catalog);
    provide_context(catalog);
    // Kept outside of what is loaded: a pane that was opened just before fresh data arrived stays open.
    let editing = RwSignal::new(false);
    let reload = Callback::new(move |()| catalog.refetch());
    blade(
        catalog,
        |catalog| pages(&catalog.item),
        move |catalog| head(catalog, editing, reload),
    )
}

fn pages(catalog: &CatalogItem) -> (String, Vec<Entry>) {
    let to = |page| paths::catalog(catalog.id, page);
    let entries = vec![
        (Icon::Home, "Overview", to(CatalogPage::Overview)),
        (Icon::App, "Resources", to(CatalogPage::Resources)),
        (Icon::Package, "Access packages", to(CatalogPage::Packages)),
        (Icon::Shield, "Roles and administrators", to(CatalogPage::Roles)),
        (Icon::Document, "History", to(CatalogPage::History)),
    ];
    (catalog.name.clone(), entries)
}

fn head(detail: CatalogDetail, editing: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let catalog = detail.item.clone();
    let (tone, enabled) = enabled_label(catalog.enabled);
    let deleting = RwSignal::new(None::<ToDelete>);
    let ask = ToDelete {
        id: catalog.id.0,
        name: catalog.name.clone(),
        version: Some(detail.version),
        text: consequence(&catalog),
    };
    let (edit, delete) = (detail.edit.reason(), detail.delete.reason());
    view! {
        <PageTitle text=catalog.name.clone()/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Identity Governance", paths::GOVERNANCE),
            Crumb::link("Catalogs", paths::CATALOGS),
            Crumb::here(catalog.name.clone()),
        ]/>
        <PageHead
            title=catalog.name
            subtitle="Catalog".to_owned()
            icon=Icon::Catalog
            chip=move || view! { <Chip tone=tone text=enabled/> }
            commands=move || {
                view! {
                    <Button id="edit-catalog" icon=Icon::Edit kind=ButtonKind::Subtle disabled_reason=edit on_click=move || editing.set(true)>
                        "Edit"
                    </Button>
                    <Button
                        id="delete-catalog"
                        icon=Icon::Delete
                        kind=ButtonKind::Subtle
                        disabled_reason=delete
                        on_click=move || deleting.set(Some(ask.clone()))
                    >
                        "Delete"
                    </Button>
                }
            }
        />
        <EditCatalog catalog=detail open=editing reload=reload/>
        {deletion::question(CATALOG, deleting, deletion::to_list(CATALOG))}
    }
    .into_any()
}
