//! Select an access package: one of the catalogs that one sees.

use leptos::prelude::*;

use super::pane::{Line, Sending, Source};
use super::select::SelectPane;
use crate::domain::id::{Named, PackageId};
use crate::domain::package::{PackageItem, PackageQuery};
use crate::domain::page::PageQuery;
use crate::rpc::packages::list_packages;
use crate::ui::*;

/// A pane to select one access package other than `itself`. It stays open until the caller closes it.
#[component]
pub fn PackagePicker(
    /// Makes the ids; one a page.
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    #[prop(into)] itself: Signal<Option<PackageId>>,
    #[prop(into)] on_select: Callback<Named<PackageId>>,
) -> AnyView {
    let find = |search: String, page: PageQuery| {
        list_packages(PackageQuery {
            search,
            page,
            ..PackageQuery::default()
        })
    };
    let source = Source::new(find, move |item: &PackageItem| {
        Some(line(item, itself.try_get_untracked().flatten()))
    });
    let empty = || {
        (
            "No access package found".to_owned(),
            "Try the beginning of a word in its name.".to_owned(),
        )
    };
    let take = move |keys: Vec<String>| {
        if let Some(package) = source.of(&keys).into_iter().next() {
            on_select.run(Named::new(package.id, package.name));
        }
    };
    view! {
        <SelectPane
            name=name
            title=title
            search_label="Search access packages"
            open=open
            look=source.look()
            scope=Signal::stored(0)
            empty=Signal::derive(empty)
            single=true
            nothing="Select an access package first."
            sending=Sending {
                stays: true,
                ..Sending::default()
            }
            on_select=take
        />
    }
    .into_any()
}

fn line(item: &PackageItem, itself: Option<PackageId>) -> Line {
    Line {
        key: item.id.to_string(),
        name: item.name.clone(),
        detail: format!("Catalog {}", item.catalog.name),
        icon: Icon::Package,
        closed: (Some(item.id) == itself).then(|| "This is the package itself.".to_owned()),
    }
}
