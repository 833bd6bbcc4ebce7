//! The Basics tab: what the package is called and where it is kept.

use leptos::prelude::*;

use super::saving::Wizard;
use crate::domain::draft::Step;
use crate::domain::text::DESCRIPTION_MAX;
use crate::ui::*;

/// Name, description, catalog (F010, F011).
#[component]
pub(super) fn BasicsTab(wizard: Wizard) -> AnyView {
    let (fields, errors) = (wizard.fields, wizard.errors(Step::Basics));
    let catalogs = move || {
        wizard.known.with(|known| {
            let catalogs = known.catalogs.iter();
            catalogs
                .map(|catalog| (catalog.id.to_string(), catalog.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    view! {
        <section class="form">
            <SectionTitle
                title="Basics"
                text="People read the name and the description in My Access before they request the package."
            />
            <TextField name="name" label="Name" required=true value=fields.name error=errors.at("name") autocomplete="off"/>
            <TextArea
                name="description"
                label="Description"
                required=true
                value=fields.description
                error=errors.at("description")
                limit=DESCRIPTION_MAX
            />
            <SelectField
                name="catalog"
                label="Catalog"
                required=true
                value=fields.catalog
                options=Signal::derive(catalogs)
                error=errors.at("catalog")
                hint="The package gives roles of resources in this catalog, and stays in it."
            />
        </section>
    }
    .into_any()
}
