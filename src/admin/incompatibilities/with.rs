//! The tab Incompatible With (F131): the packages whose rules name this one. It is read only: each is changed where its rule is.

use leptos::prelude::*;

use super::{tabs, use_summary};
use crate::admin::error_view::loaded_quietly;
use crate::admin::listing::{Address, Column, Empty, List, Listing, Look};
use crate::admin::packages::package_list_head;
use crate::domain::incompatibility::{IncompatibleWithItem, IncompatibleWithQuery};
use crate::paths::{self, CatalogPage, SeparationPage};
use crate::rpc::incompatibilities::list_incompatible_with;

/// The packages that a package excludes.
pub static INCOMPATIBLE_WITH: List<IncompatibleWithQuery, IncompatibleWithItem> = List {
    look: Look {
        name: "incompatible-with",
        title: "Incompatible With",
        about: "Access packages that name this one: whoever has this one can't get them.",
        top: None,
        path: |id| Some(paths::separation(id.parse().ok()?, SeparationPage::With)),
        search: "",
        filters: &[],
        empty: |_| {
            let text = "An access package that names this one as incompatible is listed here.";
            Empty::yet(crate::ui::Icon::Lock, "No access package that you see names this one", text)
        },
    },
    query: |address| {
        Some(IncompatibleWithQuery {
            package: address.id.parse().ok()?,
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view("Access package", |item| item.package.name.clone(), package),
        Column::view("Catalog", |item| item.catalog.name.clone(), catalog),
        Column::time("Added", |item: &IncompatibleWithItem| Some(item.added_at)),
    ],
    opens: None,
};

fn package(item: &IncompatibleWithItem, _: &Address) -> AnyView {
    view! { <a class="list-link" href=paths::separation(item.package.id, SeparationPage::Packages)>{item.package.name.clone()}</a> }
        .into_any()
}

fn catalog(item: &IncompatibleWithItem, _: &Address) -> AnyView {
    view! { <a href=paths::catalog(item.catalog.id, CatalogPage::Overview)>{item.catalog.name.clone()}</a> }.into_any()
}

/// The tab.
#[component]
pub fn IncompatibleWithPage() -> AnyView {
    let packages = Listing::new(&INCOMPATIBLE_WITH, list_incompatible_with);
    let unseen = loaded_quietly(use_summary(), |summary| {
        unseen_text(summary.unseen)
            .map(|text| view! { <p class="muted">{text}</p> })
            .into_any()
    });
    view! {
        {tabs()}
        {package_list_head(packages, || ().into_any())}
        {packages.rows(None)}
        {unseen}
    }
    .into_any()
}

fn unseen_text(count: i64) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 access package of a catalog that you can't see names this one too.".to_owned()),
        count => Some(format!("{count} access packages of catalogs that you can't see name this one too.")),
    }
}

#[cfg(test)]
mod tests {
    use super::unseen_text;

    #[test]
    fn f131_what_is_not_seen_is_counted() {
        assert_eq!(unseen_text(0), None);
        assert!(unseen_text(1).expect("a text").starts_with("1 access package of a catalog"));
        assert!(unseen_text(2).expect("a text").starts_with("2 access packages"));
    }
}
