//! The Resource roles tab: what everyone with the package is given. The same pane adds groups, applications and sites.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::faults;
use super::saving::Wizard;
use crate::admin::packages::role_table::{PriorChoice, RoleChooser, unknown};
use crate::domain::id::ObjectId;
use crate::domain::object::ObjectItem;
use crate::ui::*;

/// The tab, a part of the bundle of its own.
#[component]
pub(super) fn RolesTab(wizard: Wizard) -> AnyView {
    arriving_part("wizard_roles", Box::pin(roles_view(wizard)), 4)
}

#[wasm_split(wizard_roles, wasm_split_path = ::leptos::wasm_split, preload(fetch_part), fallible)]
fn roles_view(wizard: Wizard) -> Result<AnyView, MissingPart> {
    Ok(roles(wizard))
}

/// Brings the part, if it is not there yet.
pub async fn fetch() -> Result<(), MissingPart> {
    Ok(fetch_part().await?)
}

/// Groups and Teams, Applications, SharePoint sites, and a role for each (F012 to F016).
fn roles(wizard: Wizard) -> AnyView {
    let fields = wizard.fields;
    let object = move |id: ObjectId| {
        let found = wizard
            .known
            .with(|known| known.objects.iter().find(|object| object.id == id).cloned());
        found.unwrap_or_else(|| unknown(id, wizard.is_settled()))
    };
    let error = move |at: usize| wizard.error_where(|error| faults::row_of(&error.path) == Some(at));
    let remember = move |chosen: Vec<ObjectItem>| {
        wizard.known.update(|known| {
            known.objects.retain(|object| !chosen.iter().any(|other| other.id == object.id));
            known.objects.extend(chosen);
        });
    };
    view! {
        <section class="stack-24">
            <SectionTitle
                title="Resource roles"
                text="Everyone who has the package is given these roles, and loses them when their access ends. You can also add them later."
            />
            <RoleChooser
                rows=fields.roles
                catalog=Signal::derive(move || fields.catalog.with(|id| id.parse().ok()))
                object=Callback::new(object)
                error=Callback::new(error)
                remember=Callback::new(remember)
                none=none_yet
            />
            <div class="form">
                <PriorChoice value=fields.prior/>
            </div>
        </section>
    }
    .into_any()
}

fn none_yet() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Package
            title="No resource roles yet"
            text="Add the groups, applications and sites that this package opens, then select a role for each."
        />
    }
    .into_any()
}
