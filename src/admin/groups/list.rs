//! The list of groups.

use leptos::prelude::*;

use super::delete::{CONSEQUENCE, GROUP};
use super::labels::{kind_label, membership_label};
use crate::admin::bulk;
use crate::admin::deletion::{self, ToDelete};
use crate::admin::listing::{self, Column, Empty, Filter, List, Listing, Look, or_all, row_menu};
use crate::domain::group::{GroupItem, GroupQuery};
use crate::paths::{self, GroupPage};
use crate::rpc::groups::list_groups;
use crate::ui::*;

/// Groups.
pub static GROUPS: List<GroupQuery, GroupItem> = List {
    look: Look {
        name: "groups",
        title: "Groups",
        about: "People who belong together. A group can be a resource of access packages.",
        top: Some((Icon::Group, &[])),
        path: |_| Some(paths::GROUPS.to_owned()),
        search: "Search groups",
        filters: &[
            Filter::menu("type", "Group type", || or_all(kind_label)),
            Filter::menu("membership", "Membership type", || or_all(membership_label)),
        ],
        empty: |address| {
            if address.is_narrowed() {
                Empty::found("No group matches", "The search looks at the beginnings of the words in a name.")
                    .next(paths::GROUPS, "Show all groups")
            } else {
                let text =
                    "A group holds the people who may use something. Access packages put people into groups and take them out again.";
                Empty::yet(Icon::Group, "No groups yet", text).next(paths::GROUP_NEW, "New group")
            }
        },
    },
    query: |address| {
        Some(GroupQuery {
            search: address.search.clone(),
            kind: address.word("type"),
            membership: address.word("membership"),
            direction: address.direction,
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view("Name", |group: &GroupItem| group.name.clone(), |group, _| name(group)).sort(""),
        Column::text("Type", |group| kind_label(group.kind).to_owned()),
        Column::text("Membership type", |group| membership_label(group.membership).to_owned()),
        Column::text("Description", |group| group.description.clone()),
    ],
    opens: None,
};

fn name(group: &GroupItem) -> AnyView {
    view! {
        <span class="person">
            <Avatar name=group.name.clone() square=true/>
            <a class="list-link" href=paths::group(group.id, GroupPage::Overview)>{group.name.clone()}</a>
        </span>
    }
    .into_any()
}

/// Groups.
#[component]
pub fn GroupsPage() -> AnyView {
    let groups = Listing::new(&GROUPS, list_groups);
    let deleting = RwSignal::new(None::<ToDelete>);
    let rows = listing::actions(move |group: &GroupItem| actions(group, deleting));
    view! {
        {groups.head()}
        {groups.bar(view! {
            <LinkButton href=paths::GROUP_NEW icon=Icon::Add kind=ButtonKind::Primary>"New group"</LinkButton>
            {bulk::operations()}
        })}
        {groups.rows(rows)}
        {deletion::question(GROUP, deleting, groups.reload())}
    }
    .into_any()
}

fn actions(group: &GroupItem, deleting: RwSignal<Option<ToDelete>>) -> AnyView {
    let ask = ToDelete {
        id: group.id.0,
        name: group.name.clone(),
        version: None,
        text: CONSEQUENCE.to_owned(),
    };
    let items = vec![
        view! { <MenuLink href=paths::group(group.id, GroupPage::Members) icon=Icon::People>"Members"</MenuLink> }.into_any(),
        view! { <MenuItem icon=Icon::Delete danger=true on_click=move || deleting.set(Some(ask.clone()))>"Delete"</MenuItem> }.into_any(),
    ];
    row_menu(group.id, &group.name, items)
}
