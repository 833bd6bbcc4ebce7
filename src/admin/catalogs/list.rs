//! The list of catalogs.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::delete::{CATALOG, consequence};
use super::edit::NewCatalog;
use super::labels::{enabled_label, switch_label, yes_no};
use crate::admin::deletion::{self, ToDelete};
use crate::admin::error_view::loaded_quietly;
use crate::admin::frame::use_viewer;
use crate::admin::listing::{self, Column, Empty, Filter, List, Listing, Look, or_all, row_menu};
use crate::domain::catalog::{CatalogItem, CatalogQuery};
use crate::domain::id::{CatalogId, Named};
use crate::paths::{self, CatalogPage};
use crate::rpc::catalogs::list_catalogs;
use crate::ui::*;

/// Catalogs.
pub static CATALOGS: List<CatalogQuery, CatalogItem> = List {
    look: Look {
        name: "catalogs",
        title: "Catalogs",
        about: "Containers of resources and the access packages made of them.",
        top: Some((Icon::Catalog, &[("Identity Governance", paths::GOVERNANCE)])),
        path: |_| Some(paths::CATALOGS.to_owned()),
        search: "Search catalogs",
        filters: &[
            Filter::menu("enabled", "Enabled", || or_all(switch_label)),
            Filter::menu("external", "Enabled for external users", || or_all(switch_label)),
        ],
        empty: |address| {
            if address.is_narrowed() {
                let text = "The search looks at the beginnings of the words in a name.";
                Empty::found("No catalog matches", text).next(paths::CATALOGS, "Show all catalogs")
            } else {
                let text = "A catalog holds resources and the access packages made of them. Whoever creates one owns it.";
                Empty::yet(Icon::Catalog, "No catalogs that you can see", text)
            }
        },
    },
    query: |address| {
        Some(CatalogQuery {
            search: address.search.clone(),
            enabled: address.word("enabled"),
            external: address.word("external"),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Name",
            |catalog| catalog.name.clone(),
            |catalog, _| {
                let href = paths::catalog(catalog.id, CatalogPage::Overview);
                view! { <a class="list-link" href=href>{catalog.name.clone()}</a> }.into_any()
            },
        ),
        Column::text("Description", |catalog| catalog.description.clone()),
        Column::number("Resources", |catalog| catalog.resources.to_string()),
        Column::number("Access packages", |catalog| catalog.packages.to_string()),
        Column::view(
            "Enabled",
            |catalog| enabled_label(catalog.enabled).1.to_owned(),
            |catalog, _| {
                let (tone, enabled) = enabled_label(catalog.enabled);
                view! { <StatusDot tone=tone text=enabled/> }.into_any()
            },
        ),
        Column::text("Enabled for external users", |catalog| yes_no(catalog.external).to_owned()),
    ],
    opens: None,
};

/// Catalogs.
#[component]
pub fn CatalogsPage() -> AnyView {
    let catalogs = Listing::new(&CATALOGS, list_catalogs);
    let creating = RwSignal::new(false);
    let deleting = RwSignal::new(None::<ToDelete>);
    let navigate = use_navigate();
    let created = move |catalog: Named<CatalogId>| navigate(&paths::catalog(catalog.id, CatalogPage::Overview), Default::default());
    let rows = listing::actions(move |catalog: &CatalogItem| actions(catalog, deleting));
    view! {
        {catalogs.head()}
        {catalogs.bar(loaded_quietly(use_viewer(), move |viewer| new_button(viewer.create_catalogs.reason(), creating)))}
        {catalogs.rows(rows)}
        <NewCatalog open=creating on_create=created/>
        {deletion::question(CATALOG, deleting, catalogs.reload())}
    }
    .into_any()
}

fn new_button(why_not: Option<String>, open: RwSignal<bool>) -> AnyView {
    view! {
        <Button id="new-catalog-button" kind=ButtonKind::Primary icon=Icon::Add disabled_reason=why_not on_click=move || open.set(true)>
            "New catalog"
        </Button>
    }
    .into_any()
}

fn actions(catalog: &CatalogItem, deleting: RwSignal<Option<ToDelete>>) -> AnyView {
    let ask = ToDelete {
        id: catalog.id.0,
        name: catalog.name.clone(),
        version: None,
        text: consequence(catalog),
    };
    let to = |page| paths::catalog(catalog.id, page);
    let items = vec![
        view! { <MenuLink href=to(CatalogPage::Resources) icon=Icon::App>"Resources"</MenuLink> }.into_any(),
        view! { <MenuLink href=to(CatalogPage::Roles) icon=Icon::Shield>"Roles and administrators"</MenuLink> }.into_any(),
        view! { <MenuItem icon=Icon::Delete danger=true on_click=move || deleting.set(Some(ask.clone()))>"Delete"</MenuItem> }.into_any(),
    ];
    row_menu(catalog.id, &catalog.name, items)
}
