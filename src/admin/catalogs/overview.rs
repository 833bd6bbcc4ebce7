//! A catalog's Overview: what it holds and what it allows.

use leptos::prelude::*;

use super::blade::use_catalog;
use super::labels::yes_no;
use crate::admin::error_view::loaded_quietly;
use crate::admin::home::count_card;
use crate::admin::timestamp::moment;
use crate::domain::catalog::CatalogDetail;
use crate::paths::{self, CatalogPage};
use crate::ui::*;

/// A catalog's Overview.
#[component]
pub fn CatalogOverviewPage() -> AnyView {
    view! { {loaded_quietly(use_catalog(), overview)} }.into_any()
}

fn overview(catalog: CatalogDetail) -> AnyView {
    let catalog = catalog.item;
    let description = if catalog.description.is_empty() {
        "None".to_owned()
    } else {
        catalog.description
    };
    view! {
        <div class="stack-24">
            <div class="cols-2">
                {count_card(if catalog.resources == 1 { "Resource" } else { "Resources" }, catalog.resources, paths::catalog(catalog.id, CatalogPage::Resources))}
                {count_card(if catalog.packages == 1 { "Access package" } else { "Access packages" }, catalog.packages, paths::catalog(catalog.id, CatalogPage::Packages))}
            </div>
            <Card title="Properties">
                <PropertyList>
                    <Property label="Description">{description}</Property>
                    <Property label="Enabled">{yes_no(catalog.enabled)}</Property>
                    <Property label="Enabled for external users">{yes_no(catalog.external)}</Property>
                    <Property label="Created">{moment(catalog.created_at)}</Property>
                </PropertyList>
                {catalog
                    .built_in
                    .then(|| view! { <p class="muted">"This catalog came with the product and is always there."</p> })}
            </Card>
        </div>
    }
    .into_any()
}
