//! Deleted users: each can be restored for 30 days.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::list::user_tabs;
use crate::admin::error_view::loaded;
use crate::admin::form::Submission;
use crate::admin::frame::PageTitle;
use crate::admin::listing::{self, ListUrl};
use crate::admin::timestamp::{day, moment};
use crate::domain::id::UserId;
use crate::domain::page::Page;
use crate::domain::user::{RESTORE_WINDOW, UserItem, UserQuery};
use crate::paths;
use crate::rpc::users::{get_user, list_users, restore_user};
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// Deleted users.
#[component]
pub fn DeletedUsersPage() -> AnyView {
    let params = use_query_map();
    let query = Memo::new(move |_| UserQuery {
        deleted: true,
        page: params.with(listing::page),
        ..UserQuery::default()
    });
    let users = Loading::new(query, list_users);
    let toasts = use_toasts();
    let restoring = Submission::new();
    let restore = Callback::new(move |(id, name): (UserId, String)| {
        restoring.send(restore_as_it_is(id), move |()| {
            toasts.success("User restored", name, Some(ToastLink::new(paths::user(id), "Open")));
            users.refetch();
        });
    });
    Effect::new(move |_| {
        if let Some(text) = restoring.text().get() {
            toasts.error("User not restored", text, None);
        }
    });
    view! {
        <PageTitle text="Deleted users"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Users", paths::USERS),
            Crumb::here("Deleted users"),
        ]/>
        <PageHead
            title="Deleted users"
            subtitle="Users can be restored for 30 days after they were deleted.".to_owned()
            icon=Icon::Person
            chip=move || listing::count(users)
        />
        <TabLinks label="Users" items=user_tabs(true)/>
        {loaded(users, move |page| deleted_list(page, restore, restoring.busy()))}
    }
    .into_any()
}

/// A list's row does not carry what a change needs, so the user is fetched first.
async fn restore_as_it_is(id: UserId) -> Result<(), AppError> {
    let user = get_user(id).await?;
    restore_user(id, user.version).await
}

fn deleted_list(page: Page<UserItem>, restore: Callback<(UserId, String)>, busy: Signal<bool>) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Person
                title="No deleted users"
                text="Whoever is deleted stands here for 30 days and can be restored."
                action=|| view! { <LinkButton href=paths::USERS>"All users"</LinkButton> }
            />
        }
        .into_any();
    }
    let pager = listing::pager(&ListUrl::new(paths::USERS_DELETED), &page);
    let head = || {
        view! {
            <HeadCell label="Name"/>
            <HeadCell label="User name"/>
            <HeadCell label="Deleted"/>
            <HeadCell label="Restore until"/>
            <HeadCell label="Actions" label_hidden=true/>
        }
    };
    view! {
        <Table caption="Deleted users" head=head cards=true>
            {page.items.into_iter().map(|user| deleted_row(user, restore, busy)).collect_any()}
        </Table>
        {pager}
    }
    .into_any()
}

fn deleted_row(user: UserItem, restore: Callback<(UserId, String)>, busy: Signal<bool>) -> AnyView {
    let id = user.id;
    let name = user.name.clone();
    let press = move || restore.run((id, name.clone()));
    view! {
        <tr>
            <td>
                <span class="person">
                    <Avatar name=user.name.clone()/>
                    <a class="list-link" href=paths::user(id)>{user.name.clone()}</a>
                </span>
            </td>
            <td data-label="User name" class="break">{user.user_name}</td>
            <td data-label="Deleted">{user.deleted_at.map(moment)}</td>
            <td data-label="Restore until">{user.deleted_at.map(last_day).map(day)}</td>
            <td class="cell-end">
                <Button busy=busy on_click=press>"Restore"<span class="sr-only">" "{user.name}</span></Button>
            </td>
        </tr>
    }
    .into_any()
}

fn last_day(deleted_at: DateTime<Utc>) -> DateTime<Utc> {
    deleted_at + RESTORE_WINDOW
}
