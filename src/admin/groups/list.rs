//! The list of groups: search, filters, order and pages in the URL.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use uuid::Uuid;

use super::delete::{CONSEQUENCE, GROUP};
use super::labels::{kind_label, membership_label};
use crate::admin::deletion;
use crate::admin::error_view::loaded;
use crate::admin::frame::PageTitle;
use crate::admin::listing::{self, ListUrl, SEARCH};
use crate::domain::group::{GroupItem, GroupQuery};
use crate::domain::id::Named;
use crate::domain::object::{GroupKind, MembershipType};
use crate::domain::page::Page;
use crate::domain::text::StringEnum;
use crate::paths::{self, GroupPage};
use crate::rpc::Loading;
use crate::rpc::groups::list_groups;
use crate::ui::*;

const KIND: &str = "type";
const MEMBERSHIP: &str = "membership";

/// Groups.
#[component]
pub fn GroupsPage() -> AnyView {
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(read_query));
    let groups = Loading::new(query, list_groups);
    let search = listing::use_search(move || list_url(&query.get_untracked()));
    let deleting = RwSignal::new(None::<Named<Uuid>>);
    let keep = list_url(&query.get_untracked()).beside(SEARCH);
    view! {
        <PageTitle text="Groups"/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::here("Groups")]/>
        <PageHead
            title="Groups"
            subtitle="People who belong together. A group can be a resource of access packages.".to_owned()
            icon=Icon::Group
            chip=move || listing::count(groups)
        />
        <CommandBar end=move || {
            view! {
                {move || query.with(filters)}
                <SearchBox
                    label="Search groups"
                    action=paths::GROUPS
                    value=Signal::derive(move || query.get().search)
                    keep=keep
                    on_search=search
                />
            }
        }>
            <LinkButton href=paths::GROUP_NEW icon=Icon::Add kind=ButtonKind::Primary>"New group"</LinkButton>
            <Button icon=Icon::Refresh kind=ButtonKind::Subtle on_click=move || groups.refetch()>"Refresh"</Button>
        </CommandBar>
        {loaded(groups, move |page| group_list(page, &query.get_untracked(), deleting))}
        {deletion::in_list(GROUP, CONSEQUENCE, deleting, Callback::new(move |()| groups.refetch()))}
    }
    .into_any()
}

/// Both filters as menus of links, so that they work at once and stay in the URL.
fn filters(query: &GroupQuery) -> AnyView {
    let url = list_url(query);
    let kinds = GroupKind::ALL.iter().map(|&kind| (kind.as_str(), kind_label(kind)));
    let memberships = MembershipType::ALL
        .iter()
        .map(|&membership| (membership.as_str(), membership_label(membership)));
    view! {
        {filter(&url, KIND, "Group type", query.kind.map(kind_label), kinds)}
        {filter(&url, MEMBERSHIP, "Membership type", query.membership.map(membership_label), memberships)}
    }
    .into_any()
}

fn filter(
    url: &ListUrl,
    name: &'static str,
    label: &'static str,
    chosen: Option<&'static str>,
    options: impl Iterator<Item = (&'static str, &'static str)>,
) -> AnyView {
    let text = [label, ": ", chosen.unwrap_or("All")].concat();
    let trigger = text.clone();
    let links = std::iter::once(("", "All"))
        .chain(options)
        .map(|(value, label)| view! { <MenuLink href=url.clone().with(name, value).href()>{label}</MenuLink> })
        .collect_any();
    view! {
        <Menu id=["filter-", name].concat() label=text trigger=move || view! { <Glyph icon=Icon::Filter/> {trigger} }>
            {links}
        </Menu>
    }
    .into_any()
}

fn group_list(page: Page<GroupItem>, query: &GroupQuery, deleting: RwSignal<Option<Named<Uuid>>>) -> AnyView {
    if page.items.is_empty() {
        return no_group(query);
    }
    let url = list_url(query);
    let pager = listing::pager(&url, &page);
    let direction = query.direction;
    let head = move || {
        view! {
            <SortLink
                label="Name"
                href=url.sorted("", direction.turned()).href()
                sort=listing::shown_order(true, direction)
            />
            <HeadCell label="Type"/>
            <HeadCell label="Membership type"/>
            <HeadCell label="Description"/>
            <HeadCell label="Actions" label_hidden=true/>
        }
    };
    view! {
        <Table caption="Groups" head=head cards=true>
            {page.items.into_iter().map(|group| group_row(group, deleting)).collect_any()}
        </Table>
        {pager}
    }
    .into_any()
}

fn group_row(group: GroupItem, deleting: RwSignal<Option<Named<Uuid>>>) -> AnyView {
    let named = Named::new(group.id.0, group.name.clone());
    view! {
        <tr>
            <td>
                <span class="person">
                    <Avatar name=group.name.clone() square=true/>
                    <a class="list-link" href=paths::group(group.id, GroupPage::Overview)>{group.name}</a>
                </span>
            </td>
            <td data-label="Type">{kind_label(group.kind)}</td>
            <td data-label="Membership type">{membership_label(group.membership)}</td>
            <td data-label="Description" class="break">{group.description}</td>
            <td class="cell-end">
                <RowMenu id=["group-", &group.id.to_string()].concat() label=named.name.clone()>
                    <MenuLink href=paths::group(group.id, GroupPage::Members) icon=Icon::People>"Members"</MenuLink>
                    <MenuItem icon=Icon::Delete danger=true on_click=move || deleting.set(Some(named.clone()))>"Delete"</MenuItem>
                </RowMenu>
            </td>
        </tr>
    }
    .into_any()
}

fn no_group(query: &GroupQuery) -> AnyView {
    let filtered = !query.search.is_empty() || query.kind.is_some() || query.membership.is_some();
    if filtered {
        view! {
            <EmptyState
                icon=Icon::Search
                title="No group matches"
                text="The search looks at the beginnings of the words in a name."
                action=|| view! { <LinkButton href=paths::GROUPS>"Show all groups"</LinkButton> }
            />
        }
        .into_any()
    } else {
        view! {
            <EmptyState
                icon=Icon::Group
                title="No groups yet"
                text="A group holds the people who may use something. Access packages put people into groups and take them out again."
                action=|| view! { <LinkButton href=paths::GROUP_NEW icon=Icon::Add>"New group"</LinkButton> }
            />
        }
        .into_any()
    }
}

fn read_query(params: &ParamsMap) -> GroupQuery {
    GroupQuery {
        search: listing::text(params, SEARCH),
        kind: params.get_str(KIND).and_then(|word| word.parse().ok()),
        membership: params.get_str(MEMBERSHIP).and_then(|word| word.parse().ok()),
        direction: listing::direction(params),
        page: listing::page(params),
    }
}

fn list_url(query: &GroupQuery) -> ListUrl {
    ListUrl::new(paths::GROUPS)
        .with(SEARCH, query.search.as_str())
        .with(KIND, query.kind.map_or("", StringEnum::as_str))
        .with(MEMBERSHIP, query.membership.map_or("", StringEnum::as_str))
        .sorted("", query.direction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::Direction;

    #[test]
    fn a_list_s_address_and_its_query_say_the_same() {
        let query = GroupQuery {
            search: "marketing".into(),
            kind: Some(GroupKind::Microsoft365),
            membership: Some(MembershipType::Assigned),
            direction: Direction::Down,
            ..GroupQuery::default()
        };
        let mut params = ParamsMap::new();
        for (name, value) in list_url(&query).beside("") {
            params.insert(name, value);
        }
        assert_eq!(read_query(&params), query);
    }

    #[test]
    fn an_unknown_filter_is_none() {
        let mut params = ParamsMap::new();
        params.insert("type", "secret".into());
        assert_eq!(read_query(&params), GroupQuery::default());
    }
}
