//! The Basics tab: what the package is called and where it is kept.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::saving::Wizard;
use crate::admin::catalogs::NewCatalog;
use crate::admin::error_view::loaded_quietly;
use crate::admin::frame::use_viewer;
use crate::domain::draft::Step;
use crate::domain::id::{CatalogId, Named};
use crate::domain::text::DESCRIPTION_MAX;
use crate::ui::*;

/// The tab, a part of the bundle of its own.
#[component]
pub(super) fn BasicsTab(wizard: Wizard) -> AnyView {
    arriving_part("wizard_basics", Box::pin(basics_view(wizard)), 4)
}

#[wasm_split(wizard_basics, wasm_split_path = ::leptos::wasm_split, preload(fetch_part), fallible)]
fn basics_view(wizard: Wizard) -> Result<AnyView, MissingPart> {
    Ok(basics(wizard))
}

/// Brings the part, if it is not there yet.
pub async fn fetch() -> Result<(), MissingPart> {
    Ok(fetch_part().await?)
}

/// Name, description, catalog (F010, F011, F056).
fn basics(wizard: Wizard) -> AnyView {
    let (fields, errors) = (wizard.fields, wizard.errors(Step::Basics));
    let catalogs = move || {
        wizard.known.with(|known| {
            let catalogs = known.catalogs.iter();
            catalogs
                .map(|catalog| (catalog.id.to_string(), catalog.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let creating = Creating::default();
    // The new one is offered and chosen (F056); the server names it too from the next save on.
    let created = move |catalog: Named<CatalogId>| {
        let id = catalog.id.to_string();
        wizard.known.update(|known| known.catalogs.push(catalog));
        fields.catalog.set(id);
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
                hint="The package gives roles of resources in this catalog."
            />
            {new_catalog(creating)}
        </section>
        {shown(
            move || creating.begun.get(),
            move || view! { <NewCatalog open=creating.open on_create=created/> }.into_any(),
        )}
    }
    .into_any()
}

/// The pane for a new catalog, which is on the page from the first time on that it is asked for: it has a Name as the page has.
#[derive(Clone, Copy, Default)]
struct Creating {
    begun: RwSignal<bool>,
    open: RwSignal<bool>,
}

/// The button that leads to a new catalog, for whoever may create one.
fn new_catalog(creating: Creating) -> AnyView {
    loaded_quietly(use_viewer(), move |viewer| {
        let why_not = viewer.create_catalogs.reason();
        let open = move || {
            creating.begun.set(true);
            creating.open.set(true);
        };
        view! {
            <div class="row">
                <Button id="create-catalog" icon=Icon::Add disabled_reason=why_not on_click=open>
                    "Create new catalog"
                </Button>
            </div>
        }
        .into_any()
    })
}
