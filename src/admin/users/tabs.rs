//! The tabs of one user: profile, what they have and why, and what the audit trail has of them. Each is a page with an address of its own.

use leptos::prelude::*;

use super::blade::{use_user, user_crumbs};
use crate::admin::error_view::loaded;
use crate::admin::page_title::PageTitle;
use crate::domain::id::UserId;
use crate::domain::user::UserDetail;
use crate::paths::{self, UserReport};
use crate::ui::*;

/// The tabs, of which Access is a report; `here` is the address of the one that is shown.
pub fn user_tabs(id: UserId, here: String) -> AnyView {
    let tabs = [
        ("Profile", paths::user(id)),
        ("Access", paths::report_user(id, UserReport::Resources)),
        ("Access packages", paths::report_user(id, UserReport::Packages)),
        ("History", paths::user_history(id)),
    ];
    let items: Vec<TabLink> = tabs
        .into_iter()
        .map(|(label, href)| TabLink::new(href.clone(), label).current(href == here))
        .collect();
    view! { <TabLinks label="User" items=items/> }.into_any()
}

/// The head of one of a user's pages beside the profile.
pub fn user_head(page: &'static str, address: fn(UserId) -> String) -> AnyView {
    let head = move |user: UserDetail| {
        view! {
            <PageTitle text=format!("{} - {page}", user.item.name)/>
            <Breadcrumb items=user_crumbs(&user, Some(page))/>
            <PageHead title=user.item.name.clone() subtitle=user.item.user_name.clone() icon=Icon::Person/>
            {user_tabs(user.item.id, address(user.item.id))}
        }
        .into_any()
    };
    loaded(use_user(), head)
}
