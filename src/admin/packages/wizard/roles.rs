//! The Resource roles tab: what everyone with the package is given. The same pane adds groups, applications and sites.

use leptos::prelude::*;

use super::super::pick::SelectObjects;
use super::super::role_table::{KindButtons, PriorChoice, RoleRow, RoleTable, unknown};
use super::faults;
use super::saving::Wizard;
use crate::domain::id::ObjectId;
use crate::domain::object::{ObjectItem, ObjectKind};
use crate::ui::*;

/// Groups and Teams, Applications, SharePoint sites, and a role for each (F012 to F016).
#[component]
pub(super) fn RolesTab(wizard: Wizard) -> AnyView {
    let fields = wizard.fields;
    let kind = RwSignal::new(ObjectKind::Group);
    let open = RwSignal::new(false);
    let choose = move |what: ObjectKind| {
        kind.set(what);
        open.set(true);
    };
    let add = move |chosen: Vec<ObjectItem>| {
        let rows: Vec<RoleRow> = chosen.iter().map(|object| fields.row(object.id, None)).collect();
        wizard.known.update(|known| {
            known.objects.retain(|object| !chosen.iter().any(|other| other.id == object.id));
            known.objects.extend(chosen);
        });
        fields.roles.update(|list| list.extend(rows));
    };
    let object = move |id: ObjectId| {
        let found = wizard
            .known
            .with(|known| known.objects.iter().find(|object| object.id == id).cloned());
        found.unwrap_or_else(|| unknown(id, wizard.is_settled()))
    };
    let error = move |at: usize| wizard.error_where(|error| faults::row_of(&error.path) == Some(at));
    let listed = move || fields.roles.with(|rows| rows.iter().map(|row| row.object).collect::<Vec<_>>());
    let (object, error) = (Callback::new(object), Callback::new(error));
    view! {
        <section class="stack-24">
            <SectionTitle
                title="Resource roles"
                text="Everyone who has the package is given these roles, and loses them when their access ends. You can also add them later."
            />
            <KindButtons on_choose=choose/>
            {either(
                move || fields.roles.with(|rows| !rows.is_empty()),
                move || view! { <RoleTable rows=fields.roles object=object error=error/> }.into_any(),
                none_yet,
            )}
            <div class="form">
                <PriorChoice value=fields.prior/>
            </div>
        </section>
        <SelectObjects
            kind=kind
            open=open
            catalog=Signal::derive(move || fields.catalog.with(|id| id.parse().ok()))
            listed=Signal::derive(listed)
            on_select=add
        />
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
