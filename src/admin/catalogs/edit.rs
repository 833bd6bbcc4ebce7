//! The panes in which a catalog is made and changed: name, description and the two switches. The pane for a new one opens from the list of
//! catalogs and from the wizard.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use crate::admin::form::{Form, PaneForm};
use crate::domain::catalog::{CatalogDetail, CatalogForm};
use crate::domain::id::{CatalogId, Named};
use crate::domain::text::DESCRIPTION_MAX;
use crate::rpc::catalogs::{create_catalog, get_catalog, update_catalog};
use crate::ui::*;

/// What is typed into a pane.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    description: RwSignal<String>,
    enabled: RwSignal<bool>,
    external: RwSignal<bool>,
}

impl Fields {
    fn of(form: &CatalogForm) -> Self {
        Self {
            name: RwSignal::new(form.name.clone()),
            description: RwSignal::new(form.description.clone()),
            enabled: RwSignal::new(form.enabled),
            external: RwSignal::new(form.external),
        }
    }

    fn fill(self, form: CatalogForm) {
        self.name.set(form.name);
        self.description.set(form.description);
        self.enabled.set(form.enabled);
        self.external.set(form.external);
    }

    /// Follows every one of them.
    fn form(self) -> CatalogForm {
        CatalogForm {
            name: self.name.get(),
            description: self.description.get(),
            enabled: self.enabled.get(),
            external: self.external.get(),
        }
    }

    fn controls(self, form: Form) -> AnyView {
        let enabled = "Packages of a catalog that is not enabled can't be requested. Who has one keeps it.";
        let external = "Guests can see and request its packages, where a policy names them.";
        view! {
            {form.field("name", "Name", self.name).id("catalog-name").required().line()}
            {form.field("description", "Description", self.description).id("catalog-description").area(Some(DESCRIPTION_MAX))}
            <YesNo name="catalog-enabled" legend="Enabled" value=self.enabled hint=enabled/>
            <YesNo name="catalog-external" legend="Enabled for external users" value=self.external hint=external/>
        }
        .into_any()
    }
}

/// One of the panes, which are a part of the bundle of their own.
enum CatalogPane {
    New(RwSignal<bool>, Callback<Named<CatalogId>>),
    Edit(Box<CatalogDetail>, RwSignal<bool>, Callback<()>),
}

#[wasm_split(catalog_pane, wasm_split_path = ::leptos::wasm_split, fallible)]
fn pane_view(pane: CatalogPane) -> Result<AnyView, MissingPart> {
    Ok(match pane {
        CatalogPane::New(open, on_create) => new_pane(open, on_create),
        CatalogPane::Edit(catalog, open, reload) => edit_pane(&catalog, open, reload),
    })
}

/// New catalog (F044, F056); `on_create` hears which one.
#[component]
pub fn NewCatalog(open: RwSignal<bool>, #[prop(into)] on_create: Callback<Named<CatalogId>>) -> AnyView {
    part_on_opening("catalog_pane", open, move || Box::pin(pane_view(CatalogPane::New(open, on_create))))
}

fn new_pane(open: RwSignal<bool>, on_create: Callback<Named<CatalogId>>) -> AnyView {
    let fields = Fields::of(&CatalogForm::default());
    let form = Form::new(move || fields.form().check());
    let toasts = use_toasts();
    let create = move |()| {
        let typed = untrack(|| fields.form());
        let name = typed.name.trim().to_owned();
        form.send(create_catalog(typed), move |id| {
            open.set(false);
            fields.fill(CatalogForm::default());
            toasts.success(format!("{name} was created"), "You are its owner.", None);
            on_create.run(Named::new(id, name));
        });
    };
    let forget = Callback::new(move |()| fields.fill(CatalogForm::default()));
    let pane = PaneForm {
        name: "new-catalog",
        title: "New catalog",
        open,
        dirty: Signal::derive(move || open.get() && fields.form() != CatalogForm::default()),
        save: Callback::new(create),
        forget,
        reload: forget,
    };
    form.pane_to("Create", pane, fields.controls(form))
}

fn kept(catalog: &CatalogDetail) -> (CatalogForm, i64) {
    let form = CatalogForm {
        name: catalog.item.name.clone(),
        description: catalog.item.description.clone(),
        enabled: catalog.item.enabled,
        external: catalog.item.external,
    };
    (form, catalog.version)
}

/// Edit (F048); `reload` fetches the catalog again once it is saved.
#[component]
pub fn EditCatalog(catalog: CatalogDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    part_on_opening("catalog_pane", open, move || {
        Box::pin(pane_view(CatalogPane::Edit(Box::new(catalog), open, reload)))
    })
}

fn edit_pane(catalog: &CatalogDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let id = catalog.item.id;
    let stored = RwSignal::new(kept(catalog));
    let fields = Fields::of(&stored.get_untracked().0);
    let form = Form::new(move || fields.form().check());
    let toasts = use_toasts();
    let save = move |()| {
        let changed = untrack(|| fields.form());
        let name = changed.name.trim().to_owned();
        let version = stored.with_untracked(|(_, version)| *version);
        form.send(update_catalog(id, version, changed), move |_| {
            open.set(false);
            toasts.success(format!("{name} was saved"), "", None);
            let _ = reload.try_run(());
        });
    };
    let forget = move |()| fields.fill(stored.get_untracked().0);
    let fetch = move |()| {
        form.submission.send(get_catalog(id), move |catalog| {
            stored.set(kept(&catalog));
            forget(());
        });
    };
    let pane = PaneForm {
        name: "edit-catalog-pane",
        title: "Edit catalog",
        open,
        dirty: Signal::derive(move || open.get() && stored.with(|(kept, _)| fields.form() != *kept)),
        save: Callback::new(save),
        forget: Callback::new(forget),
        reload: Callback::new(fetch),
    };
    form.pane(pane, fields.controls(form))
}
