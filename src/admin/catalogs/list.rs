//! The list of catalogs.

use leptos::prelude::*;

use super::labels::{enabled_label, yes_no};
use crate::admin::listing::{Column, Empty, List, Listing, Look};
use crate::domain::catalog::{CatalogItem, CatalogQuery};
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
        filters: &[],
        empty: |_| {
            let text = "The search looks at the beginnings of the words in a name.";
            Empty::found("No catalog matches", text).next(paths::CATALOGS, "Show all catalogs")
        },
    },
    query: |address| {
        Some(CatalogQuery {
            search: address.search.clone(),
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
    view! {
        {catalogs.head()}
        {catalogs.bar(())}
        {catalogs.rows(None)}
    }
    .into_any()
}
