//! Add resource roles: choose resources in the same panes as the wizard, select a role for each, add them all at once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::role_table::{RoleChooser, RoleRows, unknown};
use crate::admin::form::form_problem;
use crate::domain::draft::check_roles;
use crate::domain::id::{ObjectId, RoleId};
use crate::domain::message;
use crate::domain::object::ObjectItem;
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
    let rows = RoleRows::new();
    let objects = RwSignal::new(Vec::<ObjectItem>::new());
    let faults = RwSignal::new(Vec::<FieldError>::new());
    let failed = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if is && was == Some(false) {
            rows.set(&[]);
            faults.set(Vec::new());
            failed.set(None);
        }
        is
    });
    let name = StoredValue::new(item.name.clone());
    let add = Callback::new(move |()| {
        let wanted = untrack(|| rows.wanted());
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
                    let title = format!("Resource roles were added to {}", name.get_value());
                    toasts.success(title, "Everyone who has the package is given them now.", None);
                    let _ = reload.try_run(());
                }
                Err(error) if error.fields().iter().any(|error| row_of(&error.path).is_some()) => faults.set(error.fields().to_vec()),
                Err(error) => failed.set(Some(error)),
            }
        });
    });
    let object = move |id: ObjectId| {
        let found = objects.with(|objects| objects.iter().find(|object| object.id == id).cloned());
        found.unwrap_or_else(|| unknown(id, true))
    };
    let error = move |at: usize| {
        faults.with(|faults| {
            let error = faults.iter().find(|error| row_of(&error.path) == Some(at));
            error.map(|error| message::text(&error.code, "Role"))
        })
    };
    let remember = move |chosen: Vec<ObjectItem>| {
        objects.update(|objects| {
            objects.retain(|object| !chosen.iter().any(|other| other.id == object.id));
            objects.extend(chosen);
        });
    };
    let nothing = move || rows.is_empty().then(|| "Choose a resource first.".to_owned());
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
    let dirty = Signal::derive(move || !rows.is_empty());
    view! {
        <Pane name="add-roles-pane" title="Add resource roles" open=open width=PaneWidth::Wide dirty=dirty foot=foot>
            {move || failed.get().map(|error| form_problem(&error, None))}
            <p>"Choose resources, then select a role for each. Everyone who has the package is given them at once."</p>
            <RoleChooser
                rows=rows
                catalog=Signal::stored(Some(package.item.catalog.id))
                present=Signal::derive(move || there.get_value())
                object=Callback::new(object)
                error=Callback::new(error)
                remember=Callback::new(remember)
                none=|| ().into_any()
            />
        </Pane>
    }
    .into_any()
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
