//! Users: server functions of the Directory section.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::UserId;
use crate::domain::page::Page;
use crate::domain::user::{UserDetail, UserForm, UserItem, UserQuery};

#[cfg(feature = "ssr")]
use {
    super::context::serve,
    crate::service::{sign_in_links, users},
};

/// A page of users.
#[server(endpoint = "users/list", protocol = Call)]
pub async fn list_users(query: UserQuery) -> Result<Page<UserItem>, AppError> {
    serve(async |app, actor| users::list(app, actor, &query).await).await
}

/// One user, deleted ones included.
#[server(endpoint = "users/get", protocol = Call)]
pub async fn get_user(id: UserId) -> Result<UserDetail, AppError> {
    serve(async |app, actor| users::get(app, actor, id).await).await
}

/// Creates a user (F003, F004).
#[server(endpoint = "users/create", protocol = Call)]
pub async fn create_user(form: UserForm) -> Result<UserId, AppError> {
    serve(async |app, actor| users::create(app, actor, &form).await).await
}

/// Changes a user's profile and role; gives the new version.
#[server(endpoint = "users/update", protocol = Call)]
pub async fn update_user(id: UserId, version: i64, form: UserForm) -> Result<i64, AppError> {
    serve(async |app, actor| users::update(app, actor, id, version, &form).await).await
}

/// Blocks a user's sign-in (false) or allows it again (true).
#[server(endpoint = "users/set-enabled", protocol = Call)]
pub async fn set_user_enabled(id: UserId, version: i64, enabled: bool) -> Result<i64, AppError> {
    serve(async |app, actor| users::set_enabled(app, actor, id, version, enabled).await).await
}

/// Gives a user a new initial password, which is shown once.
#[server(endpoint = "users/reset-password", protocol = Call)]
pub async fn reset_password(id: UserId, version: i64) -> Result<String, AppError> {
    serve(async |app, actor| users::reset_password(app, actor, id, version).await).await
}

/// Sends a user without a password a link by which they choose one.
#[server(endpoint = "users/send-sign-in-link", protocol = Call)]
pub async fn send_sign_in_link(id: UserId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| sign_in_links::send(app, actor, id, version).await).await
}

/// Deletes a user; 30 days to restore (F043).
#[server(endpoint = "users/delete", protocol = Call)]
pub async fn delete_user(id: UserId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| users::delete(app, actor, id, version).await).await
}

/// Restores a deleted user.
#[server(endpoint = "users/restore", protocol = Call)]
pub async fn restore_user(id: UserId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| users::restore(app, actor, id, version).await).await
}
