//! Resources with a role to select for each: the table that the wizard and Add resource roles share, and the choice that goes with it.
//! What the rows are kept in, and what is wrong with them, is the caller's.

use leptos::prelude::*;

use super::show;
use crate::domain::id::{ObjectId, RoleId};
use crate::domain::object::{ObjectItem, ObjectKind};
use crate::domain::package::PriorMembership;
use crate::domain::text::StringEnum;
use crate::ui::*;

/// A row, with a key that it keeps while others come and go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RoleRow {
    /// The row's key.
    pub key: u32,
    /// The group, application or site.
    pub object: ObjectId,
    /// The selected role.
    pub role: Option<RoleId>,
}

/// An object that the server has not named yet, or (`settled`) does not know any more: its row can still be seen and removed.
pub(super) fn unknown(id: ObjectId, settled: bool) -> ObjectItem {
    ObjectItem {
        id,
        name: if settled { "Deleted resource" } else { "..." }.into(),
        kind: ObjectKind::Group,
        sub_kind: String::new(),
        dynamic: false,
        in_catalog: false,
        deleted: settled,
        roles: Vec::new(),
    }
}

/// The table (F015, F016). `object` finds a row's object, `error` the fault of the row at an index.
#[component]
pub(super) fn RoleTable(
    rows: RwSignal<Vec<RoleRow>>,
    #[prop(into)] object: Callback<ObjectId, ObjectItem>,
    #[prop(into)] error: Callback<usize, Option<String>>,
) -> AnyView {
    view! {
        <div class="role-table">
            <Table
                caption="Resource roles"
                cards=true
                head=|| {
                    view! {
                        <HeadCell label="Resource"/>
                        <HeadCell label="Type"/>
                        <HeadCell label="Sub type"/>
                        <HeadCell label="Role"/>
                        <HeadCell label="Remove" label_hidden=true/>
                    }
                }
            >
                {keyed(
                    move || rows.get(),
                    |row| row.key.to_string(),
                    move |row| view! { <Row rows=rows row=row object=object error=error/> }.into_any(),
                )}
            </Table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(
    rows: RwSignal<Vec<RoleRow>>,
    row: RoleRow,
    #[prop(into)] object: Callback<ObjectId, ObjectItem>,
    #[prop(into)] error: Callback<usize, Option<String>>,
) -> AnyView {
    let object = Memo::new(move |_| object.run(row.object));
    let role = RwSignal::new(row.role.map(|role| role.to_string()).unwrap_or_default());
    let choose = move |role: String| {
        rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|other| other.key == row.key) {
                row.role = role.parse().ok();
            }
        });
    };
    let remove = move || rows.update(|rows| rows.retain(|other| other.key != row.key));
    let error = move || {
        let at = rows.with(|rows| rows.iter().position(|other| other.key == row.key));
        at.and_then(|at| error.run(at))
    };
    let options = move || {
        object.with(|object| {
            let roles = object.roles.iter();
            roles.map(|role| (role.id.to_string(), role.name.clone())).collect::<Vec<_>>()
        })
    };
    let name = Memo::new(move |_| object.with(|object| object.name.clone()));
    let (options, error) = (Signal::derive(options), Signal::derive(error));
    let choice = move || {
        view! {
            <SelectField
                name=format!("role-{}", row.key)
                label=["Role of ", &name.get()].concat()
                label_hidden=true
                placeholder="Select role"
                value=role
                options=options
                error=error
                on_change=choose
            />
        }
    };
    view! {
        <tr>
            <td>{move || object.with(show::object_name)}</td>
            <td data-label="Type">{move || object.with(|object| show::kind_word(object.kind))}</td>
            <td data-label="Sub type">{move || object.with(|object| object.sub_kind.clone())}</td>
            <td data-label="Role">{choice}</td>
            <td class="cell-end">
                <IconButton icon=Icon::Delete label=Signal::derive(move || ["Remove ", &name.get()].concat()) on_click=remove/>
            </td>
        </tr>
    }
    .into_any()
}

/// The three buttons that open the Select panes.
#[component]
pub(super) fn KindButtons(#[prop(into)] on_choose: Callback<ObjectKind>) -> AnyView {
    view! {
        <div class="row">
            <Button icon=Icon::Group on_click=move || on_choose.run(ObjectKind::Group)>"Groups and Teams"</Button>
            <Button icon=Icon::App on_click=move || on_choose.run(ObjectKind::Application)>"Applications"</Button>
            <Button icon=Icon::Site on_click=move || on_choose.run(ObjectKind::Site)>"SharePoint sites"</Button>
        </div>
    }
    .into_any()
}

/// What becomes of memberships that people had before (feature map, section 7 row 38).
#[component]
pub(super) fn PriorChoice(value: RwSignal<String>) -> AnyView {
    view! {
        <RadioGroup
            name="prior"
            legend="People who had one of these roles before they were given the package"
            value=value
            options=vec![
                Choice::new(PriorMembership::Keep.as_str(), "Keep it when access ends")
                    .hint("Only what the package itself gave is taken back."),
                Choice::new(PriorMembership::Remove.as_str(), "Lose it when access ends")
                    .hint("The role is taken back even though they had it before."),
            ]
        />
    }
    .into_any()
}
