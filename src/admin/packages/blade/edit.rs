//! The Edit pane of a package: name, description, Hidden, and what becomes of roles that people had before.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::role_table::PriorChoice;
use crate::admin::form::form_problem;
use crate::domain::message;
use crate::domain::package::{PackageDetail, PackageForm, PriorMembership};
use crate::domain::text::{DESCRIPTION_MAX, StringEnum};
use crate::domain::validate::FieldError;
use crate::rpc::AppError;
use crate::rpc::packages::update_package;
use crate::ui::*;

/// What stands in the pane.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    description: RwSignal<String>,
    hidden: RwSignal<bool>,
    prior: RwSignal<String>,
}

impl Fields {
    fn form(self) -> PackageForm {
        PackageForm {
            name: self.name.get(),
            description: self.description.get(),
            hidden: self.hidden.get(),
            prior_membership: self.prior.with(|word| word.parse().unwrap_or(PriorMembership::Keep)),
        }
    }

    fn load(self, form: &PackageForm) {
        self.name.set(form.name.clone());
        self.description.set(form.description.clone());
        self.hidden.set(form.hidden);
        self.prior.set(form.prior_membership.as_str().to_owned());
    }
}

fn form_of(package: &PackageDetail) -> PackageForm {
    PackageForm {
        name: package.item.name.clone(),
        description: package.item.description.clone(),
        hidden: package.item.hidden,
        prior_membership: package.prior_membership,
    }
}

/// Edit (F059).
#[component]
pub(super) fn EditPackage(package: PackageDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let (id, version) = (package.item.id, package.item.version);
    let before = StoredValue::new(form_of(&package));
    let fields = Fields {
        name: RwSignal::new(package.item.name),
        description: RwSignal::new(package.item.description),
        hidden: RwSignal::new(package.item.hidden),
        prior: RwSignal::new(package.prior_membership.as_str().to_owned()),
    };
    let faults = RwSignal::new(Vec::<FieldError>::new());
    let failed = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if is && was == Some(false) {
            before.with_value(|before| fields.load(before));
            faults.set(Vec::new());
            failed.set(None);
        }
        is
    });
    let save = Callback::new(move |()| {
        let form = untrack(|| fields.form());
        faults.set(form.check().err().unwrap_or_default());
        if busy.get_untracked() || faults.with_untracked(|faults| !faults.is_empty()) {
            return;
        }
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = update_package(id, version, form.clone()).await;
            busy.set(false);
            match outcome {
                Ok(_) => {
                    open.set(false);
                    toasts.success([form.name.trim(), " was saved"].concat(), "", None);
                    let _ = reload.try_run(());
                }
                Err(error) if !error.fields().is_empty() => faults.set(error.fields().to_vec()),
                Err(error) => failed.set(Some(error)),
            }
        });
    });
    let dirty = move || open.get() && before.with_value(|before| fields.form() != *before);
    let foot = move || {
        view! {
            <Button kind=ButtonKind::Primary busy=busy on_click=move || save.run(())>"Save"</Button>
            <Button on_click=move || open.set(false)>"Cancel"</Button>
        }
    };
    view! {
        <Pane name="edit-package" title="Edit access package" open=open dirty=Signal::derive(dirty) foot=foot>
            {move || failed.get().map(|error| form_problem(&error, Some(reload)))}
            <Controls fields=fields faults=faults/>
        </Pane>
    }
    .into_any()
}

#[component]
fn Controls(fields: Fields, faults: RwSignal<Vec<FieldError>>) -> AnyView {
    let at = move |path: &'static str, label: &'static str| {
        Signal::derive(move || {
            faults.with(|faults| {
                faults
                    .iter()
                    .find(|error| error.path == path)
                    .map(|error| message::text(&error.code, label))
            })
        })
    };
    view! {
        <TextField name="edit-name" label="Name" required=true value=fields.name error=at("name", "Name") autocomplete="off"/>
        <TextArea
            name="edit-description"
            label="Description"
            required=true
            value=fields.description
            error=at("description", "Description")
            limit=DESCRIPTION_MAX
        />
        <YesNo
            name="hidden"
            legend="Hidden"
            value=fields.hidden
            hint="A hidden package is not listed in My Access; who has the link can still request it."
        />
        <PriorChoice value=fields.prior/>
    }
    .into_any()
}
