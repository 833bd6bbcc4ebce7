//! Resources with a role to select for each: the table that the wizard and Add resource roles share, and the choice that goes with it.
//! What the rows are kept in, and what is wrong with them, is the caller's.

use leptos::prelude::*;

use crate::admin::objects;
use crate::admin::pickers::SelectObjects;
use crate::domain::draft::DraftRole;
use crate::domain::id::{CatalogId, ObjectId, RoleId};
use crate::domain::object::{ObjectItem, ObjectKind};
use crate::domain::package::PriorMembership;
use crate::domain::text::StringEnum;
use crate::ui::*;

/// A row, with a key that it keeps while others come and go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoleRow {
    /// The row's key.
    pub key: u32,
    /// The group, application or site.
    pub object: ObjectId,
    /// The selected role.
    pub role: Option<RoleId>,
}

/// The rows of a form.
#[derive(Clone, Copy)]
pub struct RoleRows {
    /// The rows.
    pub rows: RwSignal<Vec<RoleRow>>,
    next_key: StoredValue<u32>,
}

impl RoleRows {
    /// None yet.
    pub fn new() -> Self {
        Self {
            rows: RwSignal::default(),
            next_key: StoredValue::new(0),
        }
    }

    /// Shows these in place of what there is.
    pub fn set(self, roles: &[DraftRole]) {
        let rows = roles.iter().map(|role| self.row(role.object, role.role)).collect();
        self.rows.set(rows);
    }

    /// What they ask for; follows them.
    pub fn wanted(self) -> Vec<DraftRole> {
        let role = |row: &RoleRow| DraftRole {
            object: row.object,
            role: row.role,
        };
        self.rows.with(|rows| rows.iter().map(role).collect())
    }

    /// There are none; follows them.
    pub fn is_empty(self) -> bool {
        self.rows.with(Vec::is_empty)
    }

    fn row(self, object: ObjectId, role: Option<RoleId>) -> RoleRow {
        let key = self.next_key.get_value();
        self.next_key.set_value(key.wrapping_add(1));
        RoleRow { key, object, role }
    }
}

/// The buttons, the rows, and the Select pane over them (F012 to F016). `object` finds a row's object, `error` the fault of the row at an
/// index, `remember` hears of what was just selected; `present` is what is given already. `none` stands in place of no rows.
#[component]
pub fn RoleChooser(
    rows: RoleRows,
    catalog: Signal<Option<CatalogId>>,
    #[prop(optional, into)] present: Signal<Vec<ObjectId>>,
    object: Callback<ObjectId, ObjectItem>,
    error: Callback<usize, Option<String>>,
    remember: Callback<Vec<ObjectItem>>,
    none: fn() -> AnyView,
) -> AnyView {
    let kind = RwSignal::new(ObjectKind::Group);
    let open = RwSignal::new(false);
    let choose = move |what: ObjectKind| {
        kind.set(what);
        open.set(true);
    };
    let take = move |chosen: Vec<ObjectItem>| {
        let new: Vec<RoleRow> = chosen.iter().map(|object| rows.row(object.id, None)).collect();
        remember.run(chosen);
        rows.rows.update(|rows| rows.extend(new));
    };
    let listed = move || {
        let mut listed = present.get();
        rows.rows.with(|rows| listed.extend(rows.iter().map(|row| row.object)));
        listed
    };
    view! {
        <KindButtons on_choose=choose/>
        {either(
            move || !rows.is_empty(),
            move || view! { <RoleTable rows=rows.rows object=object error=error/> }.into_any(),
            none,
        )}
        <SelectObjects kind=kind open=open catalog=catalog listed=Signal::derive(listed) on_select=take/>
    }
    .into_any()
}

/// An object that the server has not named yet, or (`settled`) does not know any more: its row can still be seen and removed.
pub fn unknown(id: ObjectId, settled: bool) -> ObjectItem {
    ObjectItem {
        id,
        name: if settled { "Deleted resource" } else { "..." }.into(),
        kind: ObjectKind::Group,
        sub_kind: String::new(),
        dynamic: false,
        in_catalog: false,
        deleted: settled,
        closed: None,
        roles: Vec::new(),
    }
}

/// The table (F015, F016). `object` finds a row's object, `error` the fault of the row at an index.
#[component]
fn RoleTable(
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
            <td>{move || object.with(objects::object_name)}</td>
            <td data-label="Type">{move || object.with(|object| objects::kind_word(object.kind))}</td>
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
fn KindButtons(#[prop(into)] on_choose: Callback<ObjectKind>) -> AnyView {
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
pub fn PriorChoice(value: RwSignal<String>) -> AnyView {
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
