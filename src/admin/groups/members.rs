//! A group's Members and Owners: who, since when, and where it came from (F036). Both are one page with two roles.

use leptos::prelude::*;

use super::blade::use_group;
use super::labels::{after_removal, keeps};
use crate::admin::confirm::{Doing, Question};
use crate::admin::error_view::{loaded_quietly, use_id};
use crate::admin::form::Submission;
use crate::admin::listing::{self, Address, Column, Empty, List, Listing, Look, row_menu};
use crate::admin::person::{marked_person, said};
use crate::admin::pickers::UserPicker;
use crate::admin::reports::why;
use crate::admin::timestamp::{day, moment};
use crate::domain::group::{GroupDetail, GroupRole, MemberItem, MemberQuery};
use crate::domain::id::{Named, ObjectId, UserId};
use crate::domain::refusal::Permission;
use crate::paths::{self, GroupPage, PackagePage};
use crate::rpc::AppError;
use crate::rpc::groups::{add_members, list_members, remove_member};
use crate::ui::*;

/// The members of a group.
pub static MEMBERS: List<MemberQuery, MemberItem> = List {
    look: Look {
        name: "members",
        title: "Members",
        about: "",
        top: None,
        path: |id| Some(paths::group(id.parse().ok()?, GroupPage::Members)),
        search: "Search members",
        filters: &[],
        empty: |address| {
            let why = "Add people by hand, or give the group in an access package that people request.";
            empty(address, "No members yet", why)
        },
    },
    query: |address| query(address, GroupRole::Member),
    columns: COLUMNS,
    opens: None,
};

/// The owners of a group.
pub static OWNERS: List<MemberQuery, MemberItem> = List {
    look: Look {
        name: "owners",
        title: "Owners",
        about: "",
        top: None,
        path: |id| Some(paths::group(id.parse().ok()?, GroupPage::Owners)),
        search: "Search owners",
        filters: &[],
        empty: |address| empty(address, "No owners yet", "An owner answers for the group: who is in it and why."),
    },
    query: |address| query(address, GroupRole::Owner),
    columns: COLUMNS,
    opens: None,
};

const COLUMNS: &[Column<MemberItem>] = &[
    Column::view(
        "Name",
        |member| member.user.name.clone(),
        |member, _| {
            marked_person(
                member.user.name.clone(),
                member.user_name.clone(),
                member.state,
                paths::user(member.user.id),
                false,
            )
        },
    ),
    Column::filed("User name", |member| member.user_name.clone()),
    Column::view("Source", source_names, |member, _| sources(member)),
    Column::time_as("Since", |member| Some(member.since), moment),
    Column::time_as("Until", |member: &MemberItem| member.until, day).or("No end"),
];

fn query(address: &Address, role: GroupRole) -> Option<MemberQuery> {
    Some(MemberQuery {
        group: address.id.parse().ok()?,
        role,
        search: address.search.clone(),
        page: address.page.clone(),
    })
}

fn empty(address: &Address, title: &str, why: &'static str) -> Empty {
    if address.is_narrowed() {
        Empty::found("Nobody matches", "Try the beginning of a name or user name.")
    } else {
        Empty::yet(Icon::People, title, why)
    }
}

/// Everything that gives a membership.
fn source_names(member: &MemberItem) -> String {
    let mut names: Vec<String> = Vec::new();
    names.extend(member.direct.then(|| "Direct".to_owned()));
    names.extend(member.by_rule.then(|| "Rule".to_owned()));
    names.extend(member.packages.iter().map(|package| format!("Package: {}", package.name)));
    names.join("; ")
}

/// The same, one below the other.
fn sources(member: &MemberItem) -> AnyView {
    let packages = member.packages.iter().map(|package| {
        let href = paths::package(package.id, PackagePage::Overview);
        view! { <div><a href=href>"Package: " {package.name.clone()}</a></div> }
    });
    view! {
        {member.direct.then(|| view! { <div>"Direct"</div> })}
        {member.by_rule.then(|| view! { <div>"Rule"</div> })}
        {packages.collect_any()}
    }
    .into_any()
}

/// Members.
#[component]
pub fn GroupMembersPage() -> AnyView {
    view! { <People role=GroupRole::Member list=&MEMBERS add="Add members"/> }.into_any()
}

/// Owners.
#[component]
pub fn GroupOwnersPage() -> AnyView {
    view! { <People role=GroupRole::Owner list=&OWNERS add="Add owners"/> }.into_any()
}

#[component]
fn People(role: GroupRole, list: &'static List<MemberQuery, MemberItem>, add: &'static str) -> AnyView {
    let group = use_group();
    let id = use_id::<ObjectId>();
    let people = Listing::new(list, list_members);
    let adding = RwSignal::new(false);
    let removing = RwSignal::new(None::<MemberItem>);
    let refresh = Callback::new(move |()| {
        people.loading.refetch();
        group.refetch();
    });
    let named = Memo::new(move |_| {
        group
            .get()
            .and_then(Result::ok)
            .map(|group| Named::new(group.item.id, group.item.name))
    });
    let rows = move |group: GroupDetail| {
        let (id, may_change) = (group.item.id, may_change(&group, role));
        people.rows(listing::actions(move |member: &MemberItem| {
            actions(member, id, &may_change, removing)
        }))
    };
    view! {
        {people.head()}
        {people.bar(loaded_quietly(group, move |group| add_button(add, &may_change(&group, role), adding)))}
        {loaded_quietly(group, rows)}
        <AddPane role=role title=add id=id open=adding refresh=refresh/>
        {removal(role, named, removing, refresh)}
    }
    .into_any()
}

/// Members of a dynamic group come by its rule; owners are always added by hand.
fn may_change(group: &GroupDetail, role: GroupRole) -> Permission {
    match role {
        GroupRole::Member => group.edit_members.clone(),
        GroupRole::Owner => group.edit.clone(),
    }
}

fn add_button(label: &'static str, permission: &Permission, open: RwSignal<bool>) -> AnyView {
    let why_not = permission.reason();
    view! {
        <Button id="add-people" kind=ButtonKind::Primary icon=Icon::Add disabled_reason=why_not on_click=move || open.set(true)>
            {label}
        </Button>
    }
    .into_any()
}

fn actions(member: &MemberItem, group: ObjectId, may_change: &Permission, removing: RwSignal<Option<MemberItem>>) -> AnyView {
    let why_not = keeps(member, may_change);
    let asked = member.clone();
    let remove = move || removing.set(Some(asked.clone()));
    let item = view! { <MenuItem icon=Icon::Delete danger=true nostrip:disabled_reason=why_not on_click=remove>"Remove"</MenuItem> };
    row_menu(member.user.id, &member.user.name, vec![why(member.user.id, group), item.into_any()])
}

#[component]
fn AddPane(role: GroupRole, title: &'static str, id: Memo<Option<ObjectId>>, open: RwSignal<bool>, refresh: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let add = move |users: Vec<Named<UserId>>| {
        let Some(id) = id.get_untracked() else { return };
        let ids = users.iter().map(|user| user.id).collect();
        let chosen = users.len();
        submission.send(add_members(id, role, ids), move |added| {
            open.set(false);
            toasts.success(title_of(role), added_text(added, chosen), None);
            refresh.run(());
        });
    };
    view! {
        <UserPicker name="add-people-pane" title=title.to_owned() open=open busy=submission.busy() error=submission.text() on_select=add/>
    }
    .into_any()
}

fn title_of(role: GroupRole) -> &'static str {
    match role {
        GroupRole::Member => MEMBERS.look.title,
        GroupRole::Owner => OWNERS.look.title,
    }
}

/// How many were added; who was there before is told apart.
fn added_text(added: i64, chosen: usize) -> String {
    let before = i64::try_from(chosen).unwrap_or(i64::MAX) - added;
    let people = |count: i64| {
        if count == 1 {
            "1 person".to_owned()
        } else {
            format!("{count} people")
        }
    };
    if before > 0 {
        format!("{} added; {} already there.", people(added), people(before))
    } else {
        format!("{} added.", people(added))
    }
}

/// The question before a membership that was given by hand is taken back.
fn removal(
    role: GroupRole,
    group: Memo<Option<Named<ObjectId>>>,
    removing: RwSignal<Option<MemberItem>>,
    refresh: Callback<()>,
) -> AnyView {
    let toasts = use_toasts();
    let who = |member: &MemberItem| said(&member.user.name, &member.user_name);
    let remove = move |member: MemberItem| -> Doing {
        let group = group.get_untracked();
        Box::pin(async move {
            let group = group.ok_or(AppError::NotFound)?;
            remove_member(group.id, role, member.user.id).await
        })
    };
    Question::new(
        "remove-person",
        move |member| format!("Remove {}?", who(member)),
        move |member| group.with(|group| after_removal(member, group.as_ref().map_or("the group", |group| group.name.as_str()))),
        remove,
        move |member: MemberItem| {
            toasts.success("Removed", member.user.name, None);
            refresh.run(());
        },
    )
    .gone(
        move |member| format!("{} had been removed already", who(member)),
        move |_| refresh.run(()),
    )
    .view(removing)
}

#[cfg(test)]
mod tests {
    use super::added_text;

    #[test]
    fn who_was_there_before_is_told_apart() {
        assert_eq!(added_text(1, 1), "1 person added.");
        assert_eq!(added_text(2, 3), "2 people added; 1 person already there.");
        assert_eq!(added_text(0, 2), "0 people added; 2 people already there.");
    }
}
