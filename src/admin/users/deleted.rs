//! Deleted users: each can be restored for 30 days.

use leptos::prelude::*;

use super::list::{name, user_tabs};
use crate::admin::form::Submission;
use crate::admin::listing::{self, Column, Empty, List, Listing, Look};
use crate::admin::timestamp::day;
use crate::domain::id::UserId;
use crate::domain::user::{RESTORE_WINDOW, UserItem, UserQuery};
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::users::{get_user, list_users, restore_user};
use crate::ui::*;

/// Deleted users.
pub static DELETED_USERS: List<UserQuery, UserItem> = List {
    look: Look {
        name: "deleted-users",
        title: "Deleted users",
        about: "Users can be restored for 30 days after they were deleted.",
        top: Some((Icon::Person, &[("Users", paths::USERS)])),
        path: |_| Some(paths::USERS_DELETED.to_owned()),
        search: "",
        filters: &[],
        empty: |_| {
            let text = "Whoever is deleted stands here for 30 days and can be restored.";
            Empty::yet(Icon::Person, "No deleted users", text).next(paths::USERS, "All users")
        },
    },
    query: |address| {
        Some(UserQuery {
            deleted: true,
            page: address.page.clone(),
            ..UserQuery::default()
        })
    },
    columns: &[
        Column::view("Name", |user| user.name.clone(), |user, _| name(user)),
        Column::text("User name", |user| user.user_name.clone()),
        Column::time("Deleted", |user| user.deleted_at),
        Column::time_as("Restore until", |user| user.deleted_at.map(|at| at + RESTORE_WINDOW), day),
    ],
    opens: None,
};

/// Deleted users.
#[component]
pub fn DeletedUsersPage() -> AnyView {
    let users = Listing::new(&DELETED_USERS, list_users);
    let toasts = use_toasts();
    let restoring = Submission::new();
    let restore = Callback::new(move |(id, name): (UserId, String)| {
        restoring.send(restore_as_it_is(id), move |()| {
            toasts.success("User restored", name, Some(ToastLink::new(paths::user(id), "Open")));
            users.loading.refetch();
        });
    });
    Effect::new(move |_| {
        if let Some(text) = restoring.text().get() {
            toasts.error("User not restored", text, None);
        }
    });
    let button = move |user: &UserItem| {
        let (id, name) = (user.id, user.name.clone());
        let press = move || restore.run((id, name.clone()));
        let who = user.name.clone();
        view! { <Button busy=restoring.busy() on_click=press>"Restore"<span class="sr-only">" "{who}</span></Button> }.into_any()
    };
    view! {
        {users.head()}
        <TabLinks label="Users" items=user_tabs(paths::USERS_DELETED)/>
        {users.bar(())}
        {users.rows(listing::actions(button))}
    }
    .into_any()
}

/// A list's row does not carry what a change needs, so the user is fetched first.
async fn restore_as_it_is(id: UserId) -> Result<(), AppError> {
    let user = get_user(id).await?;
    restore_user(id, user.version).await
}
