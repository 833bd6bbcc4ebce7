//! Notifications: server functions of the bell. All are about the signed-in user alone.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::NotificationId;
use crate::domain::notification::NotificationItem;
use crate::domain::page::{Page, PageQuery};

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::notifications};

/// A page of what one was told, newest first.
#[server(endpoint = "notifications/list", protocol = Call)]
pub async fn list_notifications(page: PageQuery) -> Result<Page<NotificationItem>, AppError> {
    serve(async |app, actor| notifications::list(app, actor, &page).await).await
}

/// How many of them one has not read.
#[server(endpoint = "notifications/unread", protocol = Call)]
pub async fn unread_notifications() -> Result<i64, AppError> {
    serve(async |app, actor| notifications::unread(app, actor).await).await
}

/// One has been opened.
#[server(endpoint = "notifications/read", protocol = Call)]
pub async fn read_notification(id: NotificationId) -> Result<(), AppError> {
    serve(async |app, actor| notifications::read(app, actor, id).await).await
}

/// All have been read.
#[server(endpoint = "notifications/read-all", protocol = Call)]
pub async fn read_all_notifications() -> Result<(), AppError> {
    serve(async |app, actor| notifications::read_all(app, actor).await).await
}
