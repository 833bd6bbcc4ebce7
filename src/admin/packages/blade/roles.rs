//! Resource roles: what the package gives, one row a role; add some, remove one.

use leptos::prelude::*;

use super::super::confirm::{Confirm, Doing};
use super::super::show;
use super::add_roles::AddRoles;
use super::use_package;
use crate::admin::error_view::loaded_below;
use crate::admin::timestamp::moment;
use crate::domain::package::{PackageDetail, PackageItem, PackageRoleItem};
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
    let asking = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    let chosen = RwSignal::new(None::<PackageRoleItem>);
    let why_not = StoredValue::new(package.edit.reason());
    let ask = Callback::new(move |role: PackageRoleItem| {
        refusal.set(None);
        chosen.set(Some(role));
        asking.set(true);
    });
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
        table(rows, ask)
    };
    let held = package.item.active_assignments;
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
            <Button kind=ButtonKind::Subtle icon=Icon::Refresh on_click=move || reload.run(())>"Refresh"</Button>
        </CommandBar>
        {list}
        <AddRoles package=package.clone() open=adding reload=reload/>
        {removal(&package.item, held, chosen, asking, refusal, reload)}
    }
    .into_any()
}

fn table(rows: Vec<PackageRoleItem>, ask: Callback<PackageRoleItem>) -> AnyView {
    let rows = rows.into_iter().map(|role| row(role, ask)).collect_any();
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

fn row(role: PackageRoleItem, ask: Callback<PackageRoleItem>) -> AnyView {
    let asked = role.clone();
    view! {
        <tr>
            <td>{show::object_name(&role.object)}</td>
            <td data-label="Type">{show::kind_word(role.object.kind)}</td>
            <td data-label="Sub type">{role.object.sub_kind}</td>
            <td data-label="Role">{role.role_name}</td>
            <td data-label="Added" class="nowrap">{moment(role.added_at)}</td>
            <td class="cell-end">
                <RowMenu id=["menu-", &role.id.to_string()].concat() label=role.object.name>
                    <MenuItem icon=Icon::Delete danger=true on_click=move || ask.run(asked.clone())>"Remove resource role"</MenuItem>
                </RowMenu>
            </td>
        </tr>
    }
    .into_any()
}

/// The question before a role is removed.
fn removal(
    package: &PackageItem,
    held: i64,
    chosen: RwSignal<Option<PackageRoleItem>>,
    asking: RwSignal<bool>,
    refusal: RwSignal<Option<String>>,
    reload: Callback<()>,
) -> AnyView {
    let toasts = use_toasts();
    let (id, name) = (package.id, StoredValue::new(package.name.clone()));
    let role_name = move || {
        chosen.with(|role| {
            let role = role.as_ref();
            role.map(|role| [&role.role_name, " of ", &role.object.name].concat())
                .unwrap_or_default()
        })
    };
    let text = move || question(&role_name(), &name.get_value(), held);
    let yes = Callback::new(move |()| -> Doing {
        let role = chosen.with_untracked(|role| role.as_ref().map(|role| role.id));
        Box::pin(async move {
            match role {
                Some(role) => remove_package_role(id, role).await,
                None => Ok(()),
            }
        })
    });
    let done = Callback::new(move |()| {
        toasts.success([&untrack(role_name), " was removed"].concat(), "", None);
        reload.run(());
    });
    view! {
        <Confirm
            name="remove-role"
            title="Remove resource role"
            text=Signal::derive(text)
            open=asking
            error=refusal
            on_yes=yes
            on_done=done
        />
    }
    .into_any()
}

/// What removing a role means for those who have the package.
fn question(role: &str, package: &str, held: i64) -> String {
    let loses = match held {
        0 => "Nobody has the package now.".to_owned(),
        1 => "The 1 person who has the package loses it, unless something else gives it.".to_owned(),
        count => format!("The {count} people who have the package lose it, unless something else gives it."),
    };
    format!("Remove {role} from {package}? {loses}")
}

#[cfg(test)]
mod tests {
    use super::question;

    #[test]
    fn f040_the_question_says_who_loses_what() {
        assert_eq!(
            question("Member of Marketing resources", "Marketing Campaign", 0),
            "Remove Member of Marketing resources from Marketing Campaign? Nobody has the package now."
        );
        assert!(question("a", "b", 1).contains("The 1 person who has the package loses it"));
        assert!(question("a", "b", 2).contains("The 2 people who have the package lose it"));
    }
}
