//! Add resource roles: choose resources in the same panes as the wizard, select a role for each, add them all at once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::pick::SelectObjects;
use super::super::role_table::{KindButtons, RoleRow, RoleTable, unknown};
use crate::admin::form::form_problem;
use crate::domain::draft::{DraftRole, check_roles};
use crate::domain::id::{CatalogId, ObjectId, RoleId};
use crate::domain::message;
use crate::domain::object::{ObjectItem, ObjectKind};
use crate::domain::package::PackageDetail;
use crate::domain::validate::{Checker, FieldError};
use crate::rpc::AppError;
use crate::rpc::packages::add_package_roles;
use crate::ui::*;

/// The pane (F061).
#[component]
pub(super) fn AddRoles(package: PackageDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let item = package.item.clone();
    let present: StoredValue<Vec<RoleId>> = StoredValue::new(package.roles.iter().map(|role| role.role).collect());
    let there: StoredValue<Vec<ObjectId>> = StoredValue::new(package.roles.iter().map(|role| role.object.id).collect());
    let rows = RwSignal::new(Vec::<RoleRow>::new());
    let objects = RwSignal::new(Vec::<ObjectItem>::new());
    let faults = RwSignal::new(Vec::<FieldError>::new());
    let failed = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if is && was == Some(false) {
            rows.set(Vec::new());
            faults.set(Vec::new());
            failed.set(None);
        }
        is
    });
    let name = StoredValue::new(item.name.clone());
    let add = Callback::new(move |()| {
        let wanted = rows.with_untracked(|rows| wanted(rows));
        let mut check = Checker::default();
        present.with_value(|present| check_roles(&mut check, &wanted, present));
        faults.set(check.into_errors());
        if busy.get_untracked() || faults.with_untracked(|faults| !faults.is_empty()) {
            return;
        }
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = add_package_roles(item.id, wanted).await;
            busy.set(false);
            match outcome {
                Ok(()) => {
                    open.set(false);
                    let title = ["Resource roles were added to ", &name.get_value()].concat();
                    toasts.success(title, "Everyone who has the package is given them now.", None);
                    let _ = reload.try_run(());
                }
                Err(error) if error.fields().iter().any(|error| row_of(&error.path).is_some()) => faults.set(error.fields().to_vec()),
                Err(error) => failed.set(Some(error)),
            }
        });
    });
    let nothing = move || rows.with(Vec::is_empty).then(|| "Choose a resource first.".to_owned());
    let foot = move || {
        view! {
            <Button
                id="add-roles-take"
                kind=ButtonKind::Primary
                busy=busy
                disabled_reason=Signal::derive(nothing)
                on_click=move || add.run(())
            >
                "Add"
            </Button>
            <Button on_click=move || open.set(false)>"Cancel"</Button>
        }
    };
    let dirty = Signal::derive(move || rows.with(|rows| !rows.is_empty()));
    view! {
        <Pane name="add-roles-pane" title="Add resource roles" open=open width=PaneWidth::Wide dirty=dirty foot=foot>
            {move || failed.get().map(|error| form_problem(&error, None))}
            <Chooser catalog=package.item.catalog.id there=there rows=rows objects=objects faults=faults/>
        </Pane>
    }
    .into_any()
}

/// The buttons, the rows, and the Select pane over them.
#[component]
fn Chooser(
    catalog: CatalogId,
    there: StoredValue<Vec<ObjectId>>,
    rows: RwSignal<Vec<RoleRow>>,
    objects: RwSignal<Vec<ObjectItem>>,
    faults: RwSignal<Vec<FieldError>>,
) -> AnyView {
    let kind = RwSignal::new(ObjectKind::Group);
    let open = RwSignal::new(false);
    let next = StoredValue::new(0_u32);
    let choose = move |what: ObjectKind| {
        kind.set(what);
        open.set(true);
    };
    let take = move |chosen: Vec<ObjectItem>| {
        let new: Vec<RoleRow> = chosen
            .iter()
            .map(|object| {
                let key = next.get_value();
                next.set_value(key.wrapping_add(1));
                RoleRow {
                    key,
                    object: object.id,
                    role: None,
                }
            })
            .collect();
        objects.update(|objects| {
            objects.retain(|object| !chosen.iter().any(|other| other.id == object.id));
            objects.extend(chosen);
        });
        rows.update(|rows| rows.extend(new));
    };
    let object = Callback::new(move |id: ObjectId| {
        let found = objects.with(|objects| objects.iter().find(|object| object.id == id).cloned());
        found.unwrap_or_else(|| unknown(id, true))
    });
    let error = Callback::new(move |at: usize| {
        faults.with(|faults| {
            let error = faults.iter().find(|error| row_of(&error.path) == Some(at));
            error.map(|error| message::text(&error.code, "Role"))
        })
    });
    let listed = move || {
        let mut listed = there.get_value();
        rows.with(|rows| listed.extend(rows.iter().map(|row| row.object)));
        listed
    };
    view! {
        <p>"Choose resources, then select a role for each. Everyone who has the package is given them at once."</p>
        <KindButtons on_choose=choose/>
        {shown(
            move || rows.with(|rows| !rows.is_empty()),
            move || view! { <RoleTable rows=rows object=object error=error/> }.into_any(),
        )}
        <SelectObjects kind=kind open=open catalog=Signal::stored(Some(catalog)) listed=Signal::derive(listed) on_select=take/>
    }
    .into_any()
}

fn wanted(rows: &[RoleRow]) -> Vec<DraftRole> {
    let role = |row: &RoleRow| DraftRole {
        object: row.object,
        role: row.role,
    };
    rows.iter().map(role).collect()
}

/// The row in a path such as `roles.2.role`.
fn row_of(path: &str) -> Option<usize> {
    path.split('.').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::row_of;

    #[test]
    fn f061_a_fault_finds_its_row() {
        assert_eq!(row_of("roles.2.role"), Some(2));
        assert_eq!(row_of("name"), None);
    }
}
