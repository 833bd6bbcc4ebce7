//! A group's Members and Owners: who, since when, and where it came from (F036). Both are one page with two roles.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::blade::use_group;
use super::labels::{after_removal, keeps};
use crate::admin::error_view::{loaded_below, loaded_quietly, use_id};
use crate::admin::form::Submission;
use crate::admin::listing::{self, ListUrl, SEARCH};
use crate::admin::person::person;
use crate::admin::pickers::UserPicker;
use crate::admin::timestamp::{day, moment};
use crate::domain::group::{GroupDetail, GroupRole, MemberItem, MemberQuery};
use crate::domain::id::{Named, ObjectId, UserId};
use crate::domain::page::Page;
use crate::domain::refusal::Permission;
use crate::paths::{self, GroupPage, PackagePage};
use crate::rpc::Loading;
use crate::rpc::groups::{add_members, list_members, remove_member};
use crate::ui::*;

/// Members.
#[component]
pub fn GroupMembersPage() -> AnyView {
    view! { <People role=GroupRole::Member/> }.into_any()
}

/// Owners.
#[component]
pub fn GroupOwnersPage() -> AnyView {
    view! { <People role=GroupRole::Owner/> }.into_any()
}

/// The words that differ between members and owners.
struct Words {
    page: GroupPage,
    title: &'static str,
    add: &'static str,
    search: &'static str,
    empty: &'static str,
    why: &'static str,
}

fn words(role: GroupRole) -> Words {
    match role {
        GroupRole::Member => Words {
            page: GroupPage::Members,
            title: "Members",
            add: "Add members",
            search: "Search members",
            empty: "No members yet",
            why: "Add people by hand, or give the group in an access package that people request.",
        },
        GroupRole::Owner => Words {
            page: GroupPage::Owners,
            title: "Owners",
            add: "Add owners",
            search: "Search owners",
            empty: "No owners yet",
            why: "An owner answers for the group: who is in it and why.",
        },
    }
}

#[component]
fn People(role: GroupRole) -> AnyView {
    let words = words(role);
    let group = use_group();
    let id = use_id::<ObjectId>();
    let params = use_query_map();
    let query = Memo::new(move |_| {
        id.get().map(|group| {
            params.with(|params| MemberQuery {
                group,
                role,
                search: listing::text(params, SEARCH),
                page: listing::page(params),
            })
        })
    });
    let people = Loading::named(query, list_members);
    let adding = RwSignal::new(false);
    let removing = RwSignal::new(None::<MemberItem>);
    let refresh = Callback::new(move |()| {
        people.refetch();
        group.refetch();
    });
    let path = move || id.get_untracked().map_or_else(String::new, |id| paths::group(id, words.page));
    let search = listing::use_search(move || ListUrl::new(path()));
    let searched = Signal::derive(move || query.get().map(|query| query.search).unwrap_or_default());
    view! {
        <SectionTitle title=words.title/>
        <CommandBar end=move || view! { <SearchBox label=words.search action=path() value=searched on_search=search/> }>
            {loaded_quietly(group, move |group| add_button(words.add, &may_change(&group, role), adding))}
            <Button icon=Icon::Refresh kind=ButtonKind::Subtle on_click=move || people.refetch()>"Refresh"</Button>
        </CommandBar>
        {loaded_below(people, move |page| {
            let url = ListUrl::new(path()).with(SEARCH, searched.get_untracked());
            loaded_quietly(group, move |group| people_list(page.clone(), role, &url, may_change(&group, role), removing))
        })}
        <AddPane role=role title=words.add id=id open=adding refresh=refresh/>
        <RemoveDialog role=role id=id removing=removing refresh=refresh/>
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

fn people_list(
    page: Page<MemberItem>,
    role: GroupRole,
    url: &ListUrl,
    may_change: Permission,
    removing: RwSignal<Option<MemberItem>>,
) -> AnyView {
    let words = words(role);
    if page.items.is_empty() && page.previous.is_none() {
        let searched = !url.beside("").is_empty();
        return if searched {
            view! { <EmptyState icon=Icon::Search title="Nobody matches" text="Try the beginning of a name or user name."/> }.into_any()
        } else {
            view! { <EmptyState icon=Icon::People title=words.empty text=words.why/> }.into_any()
        };
    }
    let pager = listing::pager(url, &page);
    let head = || {
        view! {
            <HeadCell label="Name"/>
            <HeadCell label="Source"/>
            <HeadCell label="Since"/>
            <HeadCell label="Until"/>
            <HeadCell label="Actions" label_hidden=true/>
        }
    };
    view! {
        <Table caption=words.title head=head cards=true>
            {page
                .items
                .into_iter()
                .map(|member| {
                    let actions = row_menu(member.clone(), &may_change, removing);
                    view! {
                        <tr>
                            {cells(member)}
                            <td class="cell-end">{actions}</td>
                        </tr>
                    }
                })
                .collect_any()}
        </Table>
        {pager}
    }
    .into_any()
}

fn cells(member: MemberItem) -> AnyView {
    let until = match member.until {
        Some(until) => day(until),
        None => view! { <span class="muted">"No end"</span> }.into_any(),
    };
    view! {
        <td>{person(member.user.name, member.user_name, paths::user(member.user.id), false)}</td>
        <td data-label="Source">{sources(member.direct, member.by_rule, member.packages)}</td>
        <td data-label="Since">{moment(member.since)}</td>
        <td data-label="Until">{until}</td>
    }
    .into_any()
}

/// Everything that gives a membership, one below the other.
fn sources(direct: bool, by_rule: bool, packages: Vec<Named<crate::domain::id::PackageId>>) -> AnyView {
    view! {
        {direct.then(|| view! { <div>"Direct"</div> })}
        {by_rule.then(|| view! { <div>"Rule"</div> })}
        {packages
            .into_iter()
            .map(|package| {
                view! {
                    <div>
                        <a href=paths::package(package.id, PackagePage::Overview)>"Package: " {package.name}</a>
                    </div>
                }
            })
            .collect_any()}
    }
    .into_any()
}

fn row_menu(member: MemberItem, permission: &Permission, removing: RwSignal<Option<MemberItem>>) -> AnyView {
    let why_not = keeps(&member, permission);
    let name = member.user.name.clone();
    view! {
        <RowMenu id=["member-", &member.user.id.to_string()].concat() label=name>
            <MenuItem icon=Icon::Delete danger=true nostrip:disabled_reason=why_not on_click=move || removing.set(Some(member.clone()))>
                "Remove"
            </MenuItem>
        </RowMenu>
    }
    .into_any()
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
            toasts.success(words(role).title, added_text(added, chosen), None);
            refresh.run(());
        });
    };
    view! {
        <UserPicker name="add-people-pane" title=title.to_owned() open=open busy=submission.busy() error=submission.text() on_select=add/>
    }
    .into_any()
}

/// How many were added; who was there before is told apart.
fn added_text(added: i64, chosen: usize) -> String {
    let before = i64::try_from(chosen).unwrap_or(i64::MAX) - added;
    let people = |count: i64| {
        if count == 1 {
            "1 person".to_owned()
        } else {
            [&count.to_string(), " people"].concat()
        }
    };
    if before > 0 {
        [&people(added), " added; ", &people(before), " already there."].concat()
    } else {
        [&people(added), " added."].concat()
    }
}

#[component]
fn RemoveDialog(role: GroupRole, id: Memo<Option<ObjectId>>, removing: RwSignal<Option<MemberItem>>, refresh: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let group = use_group();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(removing.with(Option::is_some)));
    let name = move || removing.with(|member| member.as_ref().map(|member| member.user.name.clone()).unwrap_or_default());
    let yes = move || {
        let (Some(id), Some(member)) = (id.get_untracked(), removing.get_untracked()) else {
            return;
        };
        submission.send(remove_member(id, role, member.user.id), move |()| {
            removing.set(None);
            toasts.success("Removed", member.user.name, None);
            refresh.run(());
        });
    };
    let no = move || {
        removing.set(None);
        submission.clear();
    };
    view! {
        <YesNoDialog
            name="remove-person"
            title=Signal::derive(move || ["Remove ", &name(), "?"].concat())
            open=open
            busy=submission.busy()
            error=submission.text()
            on_no=no
            on_yes=yes
            danger=true
        >
            {loaded_quietly(group, move |group| {
                let text = move || removing.get().map(|member| after_removal(&member, &group.item.name));
                view! { <p>{text}</p> }.into_any()
            })}
        </YesNoDialog>
    }
    .into_any()
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
