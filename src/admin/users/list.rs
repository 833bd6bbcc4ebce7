//! The list of users.

use leptos::prelude::*;

use super::delete::{CONSEQUENCE, USER};
use super::labels::{kind_label, sign_in_label};
use crate::admin::bulk;
use crate::admin::deletion::{self, ToDelete};
use crate::admin::listing::{self, Column, Empty, List, Listing, Look, row_menu};
use crate::admin::person::said;
use crate::domain::user::{UserItem, UserQuery, UserSort};
use crate::paths;
use crate::rpc::users::list_users;
use crate::ui::*;

/// Users.
pub static USERS: List<UserQuery, UserItem> = List {
    look: Look {
        name: "users",
        title: "Users",
        about: "Everyone who can sign in: your own people and guests.",
        top: Some((Icon::Person, &[])),
        path: |_| Some(paths::USERS.to_owned()),
        search: "Search users",
        filters: &[],
        empty: |address| {
            if address.is_narrowed() {
                let title = format!("No user matches \u{201c}{}\u{201d}", address.search);
                let text = "The search looks at the beginnings of names, user names and departments.";
                Empty::found(title, text).next(paths::USERS, "Show all users")
            } else {
                let text = "People need an account before they can request access.";
                Empty::yet(Icon::Person, "No users on this page", text).next(paths::USER_NEW, "New user")
            }
        },
    },
    query: |address| {
        Some(UserQuery {
            search: address.search.clone(),
            deleted: false,
            sort: match address.sort {
                "user-name" => UserSort::UserName,
                "department" => UserSort::Department,
                _ => UserSort::Name,
            },
            direction: address.direction,
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view("Name", |user: &UserItem| user.name.clone(), |user, _| name(user)).sort(""),
        Column::text("User name", |user: &UserItem| user.user_name.clone()).sort("user-name"),
        Column::text("Type", |user| kind_label(user.kind).to_owned()),
        Column::text("Department", |user: &UserItem| user.department.clone()).sort("department"),
        Column::text("Job title", |user| user.job_title.clone()),
        Column::text("Directory role", |user| user.role.label().to_owned()),
        Column::view(
            "Status",
            |user| sign_in_label(user.enabled, user.has_password).1.to_owned(),
            |user, _| status(user),
        ),
    ],
    opens: None,
};

/// Avatar and name, which leads to the profile.
pub fn name(user: &UserItem) -> AnyView {
    view! {
        <span class="person">
            <Avatar name=user.name.clone()/>
            <a class="list-link" href=paths::user(user.id)>{user.name.clone()}</a>
        </span>
    }
    .into_any()
}

fn status(user: &UserItem) -> AnyView {
    let (tone, status) = sign_in_label(user.enabled, user.has_password);
    view! { <StatusDot tone=tone text=status/> }.into_any()
}

/// Users.
#[component]
pub fn UsersPage() -> AnyView {
    let users = Listing::new(&USERS, list_users);
    let deleting = RwSignal::new(None::<ToDelete>);
    let rows = listing::actions(move |user: &UserItem| actions(user, deleting));
    view! {
        {users.head()}
        <TabLinks label="Users" items=user_tabs(paths::USERS)/>
        {users.bar(view! {
            <LinkButton href=paths::USER_NEW icon=Icon::Add kind=ButtonKind::Primary>"New user"</LinkButton>
            {bulk::operations()}
        })}
        {users.rows(rows)}
        {deletion::question(USER, deleting, users.reload())}
    }
    .into_any()
}

fn actions(user: &UserItem, deleting: RwSignal<Option<ToDelete>>) -> AnyView {
    let ask = ToDelete {
        id: user.id.0,
        name: said(&user.name, &user.user_name),
        version: None,
        text: CONSEQUENCE.to_owned(),
    };
    let items = vec![
        view! { <MenuLink href=paths::user_edit(user.id) icon=Icon::Edit>"Edit"</MenuLink> }.into_any(),
        view! { <MenuItem icon=Icon::Delete danger=true on_click=move || deleting.set(Some(ask.clone()))>"Delete"</MenuItem> }.into_any(),
    ];
    row_menu(user.id, &user.name, items)
}

/// The tabs over the lists of users and what is kept about them; `here` is the address of the one that is shown.
pub fn user_tabs(here: &str) -> Vec<TabLink> {
    let tab = |path: &'static str, label| TabLink::new(path, label).current(path == here);
    vec![
        tab(paths::USERS, "All users"),
        tab(paths::USERS_DELETED, "Deleted users"),
        tab(paths::USERS_ATTRIBUTES, "Custom attributes"),
    ]
}
