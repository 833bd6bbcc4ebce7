//! The list of users: search, order and pages in the URL.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use uuid::Uuid;

use super::delete::{CONSEQUENCE, USER};
use super::labels::{kind_label, role_label, status_label};
use crate::admin::deletion;
use crate::admin::error_view::loaded;
use crate::admin::frame::PageTitle;
use crate::admin::listing::{self, ListUrl, SEARCH};
use crate::domain::id::Named;
use crate::domain::page::Page;
use crate::domain::user::{UserItem, UserQuery, UserSort};
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::users::list_users;
use crate::ui::*;

/// Users.
#[component]
pub fn UsersPage() -> AnyView {
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(read_query));
    let users = Loading::new(query, list_users);
    let search = listing::use_search(move || list_url(&query.get_untracked()));
    let deleting = RwSignal::new(None::<Named<Uuid>>);
    let keep = list_url(&query.get_untracked()).beside(SEARCH);
    view! {
        <PageTitle text="Users"/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::here("Users")]/>
        <PageHead
            title="Users"
            subtitle="Everyone who can sign in: your own people and guests.".to_owned()
            icon=Icon::Person
            chip=move || listing::count(users)
        />
        <TabLinks label="Users" items=user_tabs(false)/>
        <CommandBar end=move || {
            view! {
                <SearchBox
                    label="Search users"
                    action=paths::USERS
                    value=Signal::derive(move || query.get().search)
                    keep=keep
                    on_search=search
                />
            }
        }>
            <LinkButton href=paths::USER_NEW icon=Icon::Add kind=ButtonKind::Primary>"New user"</LinkButton>
            <Button icon=Icon::Refresh kind=ButtonKind::Subtle on_click=move || users.refetch()>"Refresh"</Button>
        </CommandBar>
        {loaded(users, move |page| user_list(page, &query.get_untracked(), deleting))}
        {deletion::in_list(USER, CONSEQUENCE, deleting, Callback::new(move |()| users.refetch()))}
    }
    .into_any()
}

/// The tabs over both lists of users.
pub fn user_tabs(deleted: bool) -> Vec<TabLink> {
    vec![
        TabLink::new(paths::USERS, "All users").current(!deleted),
        TabLink::new(paths::USERS_DELETED, "Deleted users").current(deleted),
    ]
}

fn user_list(page: Page<UserItem>, query: &UserQuery, deleting: RwSignal<Option<Named<Uuid>>>) -> AnyView {
    if page.items.is_empty() {
        return nobody(&query.search);
    }
    let url = list_url(query);
    let pager = listing::pager(&url, &page);
    let (by, direction) = (query.sort, query.direction);
    let head = move || {
        let sorted = move |label: &'static str, column: UserSort| {
            let href = url
                .clone()
                .sorted(sort_word(column), listing::next_order(by == column, direction))
                .href();
            view! { <SortLink label=label href=href sort=listing::shown_order(by == column, direction)/> }
        };
        view! {
            {sorted("Name", UserSort::Name)}
            {sorted("User name", UserSort::UserName)}
            <HeadCell label="Type"/>
            {sorted("Department", UserSort::Department)}
            <HeadCell label="Job title"/>
            <HeadCell label="Directory role"/>
            <HeadCell label="Status"/>
            <HeadCell label="Actions" label_hidden=true/>
        }
    };
    view! {
        <Table caption="Users" head=head cards=true>
            {page.items.into_iter().map(|user| user_row(user, deleting)).collect_any()}
        </Table>
        {pager}
    }
    .into_any()
}

fn user_row(user: UserItem, deleting: RwSignal<Option<Named<Uuid>>>) -> AnyView {
    let named = Named::new(user.id.0, user.name.clone());
    let (tone, status) = status_label(user.enabled);
    view! {
        <tr>
            <td>
                <span class="person">
                    <Avatar name=user.name.clone()/>
                    <a class="list-link" href=paths::user(user.id)>{user.name}</a>
                </span>
            </td>
            <td data-label="User name" class="break">{user.user_name}</td>
            <td data-label="Type">{kind_label(user.kind)}</td>
            <td data-label="Department">{user.department}</td>
            <td data-label="Job title">{user.job_title}</td>
            <td data-label="Directory role">{role_label(user.role)}</td>
            <td data-label="Status"><StatusDot tone=tone text=status/></td>
            <td class="cell-end">
                <RowMenu id=["user-", &user.id.to_string()].concat() label=named.name.clone()>
                    <MenuLink href=paths::user_edit(user.id) icon=Icon::Edit>"Edit"</MenuLink>
                    <MenuItem icon=Icon::Delete danger=true on_click=move || deleting.set(Some(named.clone()))>"Delete"</MenuItem>
                </RowMenu>
            </td>
        </tr>
    }
    .into_any()
}

fn nobody(search: &str) -> AnyView {
    if search.is_empty() {
        view! {
            <EmptyState
                icon=Icon::Person
                title="No users on this page"
                text="People need an account before they can request access."
                action=|| view! { <LinkButton href=paths::USER_NEW icon=Icon::Add>"New user"</LinkButton> }
            />
        }
        .into_any()
    } else {
        view! {
            <EmptyState
                icon=Icon::Search
                title=["No user matches \u{201c}", search, "\u{201d}"].concat()
                text="The search looks at the beginnings of names, user names and departments."
                action=|| view! { <LinkButton href=paths::USERS>"Show all users"</LinkButton> }
            />
        }
        .into_any()
    }
}

fn read_query(params: &ParamsMap) -> UserQuery {
    UserQuery {
        search: listing::text(params, SEARCH),
        deleted: false,
        sort: match listing::sort(params) {
            "user-name" => UserSort::UserName,
            "department" => UserSort::Department,
            _ => UserSort::Name,
        },
        direction: listing::direction(params),
        page: listing::page(params),
    }
}

/// The usual column has no word of its own.
fn sort_word(sort: UserSort) -> &'static str {
    match sort {
        UserSort::Name => "",
        UserSort::UserName => "user-name",
        UserSort::Department => "department",
    }
}

fn list_url(query: &UserQuery) -> ListUrl {
    ListUrl::new(paths::USERS)
        .with(SEARCH, query.search.as_str())
        .sorted(sort_word(query.sort), query.direction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::Direction;

    #[test]
    fn a_list_s_address_and_its_query_say_the_same() {
        let query = UserQuery {
            search: "ada".into(),
            sort: UserSort::Department,
            direction: Direction::Down,
            ..UserQuery::default()
        };
        let mut params = ParamsMap::new();
        for (name, value) in list_url(&query).beside("") {
            params.insert(name, value);
        }
        assert_eq!(read_query(&params), query);
        assert_eq!(list_url(&UserQuery::default()).href(), "/admin/users");
    }
}
