//! The Edit pane of a package: name, description, Hidden, and what becomes of roles that people had before.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::super::role_table::PriorChoice;
use crate::admin::form::{Form, PaneForm};
use crate::domain::package::{PackageDetail, PackageForm, PriorMembership};
use crate::domain::text::{DESCRIPTION_MAX, StringEnum};
use crate::rpc::packages::{get_package, update_package};
use crate::ui::*;

/// What stands in the pane, and what is kept.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    description: RwSignal<String>,
    hidden: RwSignal<bool>,
    prior: RwSignal<String>,
    kept: RwSignal<(PackageForm, i64)>,
}

impl Fields {
    fn of(package: &PackageDetail) -> Self {
        let fields = Self {
            name: RwSignal::default(),
            description: RwSignal::default(),
            hidden: RwSignal::default(),
            prior: RwSignal::default(),
            kept: RwSignal::new(kept(package)),
        };
        fields.forget();
        fields
    }

    fn forget(self) {
        let (form, _) = self.kept.get_untracked();
        self.name.set(form.name);
        self.description.set(form.description);
        self.hidden.set(form.hidden);
        self.prior.set(form.prior_membership.as_str().to_owned());
    }

    fn form(self) -> PackageForm {
        PackageForm {
            name: self.name.get(),
            description: self.description.get(),
            hidden: self.hidden.get(),
            prior_membership: self.prior.with(|word| word.parse().unwrap_or(PriorMembership::Keep)),
        }
    }
}

fn kept(package: &PackageDetail) -> (PackageForm, i64) {
    let form = PackageForm {
        name: package.item.name.clone(),
        description: package.item.description.clone(),
        hidden: package.item.hidden,
        prior_membership: package.prior_membership,
    };
    (form, package.item.version)
}

/// Edit (F059), a part of the bundle of its own.
#[component]
pub(super) fn EditPackage(package: PackageDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    part_on_opening("package_edit", open, move || Box::pin(edit_view(package, open, reload)))
}

#[wasm_split(package_edit, wasm_split_path = ::leptos::wasm_split, fallible)]
fn edit_view(package: PackageDetail, open: RwSignal<bool>, reload: Callback<()>) -> Result<AnyView, MissingPart> {
    Ok(pane(package, open, reload))
}

fn pane(package: PackageDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let id = package.item.id;
    let fields = Fields::of(&package);
    let form = Form::new(move || fields.form().check());
    let save = move |()| {
        let changed = untrack(|| fields.form());
        let name = changed.name.trim().to_owned();
        let version = fields.kept.with_untracked(|(_, version)| *version);
        form.send(update_package(id, version, changed), move |_| {
            open.set(false);
            toasts.success(format!("{name} was saved"), "", None);
            let _ = reload.try_run(());
        });
    };
    let fetch = move |()| {
        form.submission.send(get_package(id), move |package| {
            fields.kept.set(kept(&package));
            fields.forget();
        });
    };
    let pane = PaneForm {
        name: "edit-package",
        title: "Edit access package",
        open,
        dirty: Signal::derive(move || open.get() && fields.kept.with(|(kept, _)| fields.form() != *kept)),
        save: Callback::new(save),
        forget: Callback::new(move |()| fields.forget()),
        reload: Callback::new(fetch),
    };
    let hint = "A hidden package is not listed in My Access; who has the link can still request it.";
    let inside = view! {
        {form.field("name", "Name", fields.name).required().line()}
        {form.field("description", "Description", fields.description).required().area(Some(DESCRIPTION_MAX))}
        <YesNo name="hidden" legend="Hidden" value=fields.hidden hint=hint/>
        <PriorChoice value=fields.prior/>
    };
    form.pane(pane, inside.into_any())
}
