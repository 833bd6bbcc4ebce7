//! Resource roles: what the package gives, one row a role; add some, remove one.

use std::sync::Arc;

use leptos::prelude::*;

use super::add_roles::AddRoles;
use super::drift::DriftButton;
use super::use_package;
use crate::admin::confirm::Question;
use crate::admin::error_view::loaded_below;
use crate::admin::objects;
use crate::admin::timestamp::moment;
use crate::domain::impact::PackageChange;
use crate::domain::package::{PackageDetail, PackageItem, PackageRoleItem};
use crate::rpc::impact::package_impact;
use crate::rpc::packages::remove_package_role;
use crate::ui::*;

/// The Resource roles of a package (F040, F061, F062).
#[component]
pub fn PackageRolesPage() -> AnyView {
    let package = use_package();
    let reload = Callback::new(move |()| package.refetch());
    loaded_below(package, move |package| roles(package, reload))
}

fn roles(package: PackageDetail, reload: Callback<()>) -> AnyView {
    let adding = RwSignal::new(false);
    let chosen = RwSignal::new(None::<PackageRoleItem>);
    let why_not = StoredValue::new(package.edit.reason());
    let rows = package.roles.clone();
    let list = if rows.is_empty() {
        view! {
            <EmptyState
                icon=Icon::Key
                title="No resource roles"
                text="This package gives nothing yet. Add a role of a group, an application or a site."
            />
        }
        .into_any()
    } else {
        table(rows, chosen)
    };
    view! {
        <SectionTitle title="Resource roles" text="Everyone who has the package is given these, and loses them when their access ends."/>
        <CommandBar>
            <Button
                id="add-roles"
                kind=ButtonKind::Primary
                icon=Icon::Add
                disabled_reason=Signal::derive(move || why_not.get_value())
                on_click=move || adding.set(true)
            >
                "Add resource roles"
            </Button>
            <DriftButton package=package.item.id/>
            <Button kind=ButtonKind::Subtle icon=Icon::Refresh on_click=move || reload.run(())>"Refresh"</Button>
        </CommandBar>
        {list}
        <AddRoles package=package.clone() open=adding reload=reload/>
        {removal(&package.item, chosen, reload)}
    }
    .into_any()
}

fn table(rows: Vec<PackageRoleItem>, chosen: RwSignal<Option<PackageRoleItem>>) -> AnyView {
    let rows = rows.into_iter().map(|role| row(role, chosen)).collect_any();
    view! {
        <Table
            caption="Resource roles"
            cards=true
            head=|| {
                view! {
                    <HeadCell label="Resource"/>
                    <HeadCell label="Type"/>
                    <HeadCell label="Sub type"/>
                    <HeadCell label="Role"/>
                    <HeadCell label="Added"/>
                    <HeadCell label="Actions" label_hidden=true/>
                }
            }
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row(role: PackageRoleItem, chosen: RwSignal<Option<PackageRoleItem>>) -> AnyView {
    let asked = role.clone();
    view! {
        <tr>
            <td>{objects::object_name(&role.object)}</td>
            <td data-label="Type">{objects::kind_word(role.object.kind)}</td>
            <td data-label="Sub type">{role.object.sub_kind}</td>
            <td data-label="Role">{role.role_name}</td>
            <td data-label="Added" class="nowrap">{moment(role.added_at)}</td>
            <td class="cell-end">
                <RowMenu id=["menu-", &role.id.to_string()].concat() label=role.object.name>
                    <MenuItem icon=Icon::Delete danger=true on_click=move || chosen.set(Some(asked.clone()))>"Remove resource role"</MenuItem>
                </RowMenu>
            </td>
        </tr>
    }
    .into_any()
}

/// The question before a role is removed.
fn removal(package: &PackageItem, chosen: RwSignal<Option<PackageRoleItem>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let (id, name) = (package.id, package.name.clone());
    let role_name = |role: &PackageRoleItem| format!("{} of {}", role.role_name, role.object.name);
    Question::new(
        "remove-role",
        |_: &PackageRoleItem| "Remove resource role".to_owned(),
        move |role: &PackageRoleItem| format!("Remove {} from {name}?", role_name(role)),
        move |role: PackageRoleItem| Box::pin(remove_package_role(id, role.id)),
        move |role: PackageRoleItem| {
            toasts.success(format!("{} was removed", role_name(&role)), "", None);
            reload.run(());
        },
    )
    .impact(move |role: &PackageRoleItem| {
        let change = PackageChange::RemoveRole(role.id);
        Arc::new(move |more| Box::pin(package_impact(id, change, more)))
    })
    .gone(
        move |role| format!("{} had been removed already", role_name(role)),
        move |_| reload.run(()),
    )
    .view(chosen)
}
