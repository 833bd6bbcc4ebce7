//! How a user is deleted, and what that means for the user.

use std::sync::Arc;

use crate::admin::deletion::Deletion;
use crate::domain::id::UserId;
use crate::domain::impact::UserChange;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::impact::user_impact;
use crate::rpc::users::{delete_user, get_user};
use crate::ui::*;

/// A user, who can be restored for some time.
pub const USER: Deletion = Deletion {
    dialog: "delete-user",
    list: paths::USERS,
    delete: |id, version| Box::pin(delete(id.into(), version)),
    impact: Some(|id| Arc::new(move |more| Box::pin(user_impact(id.into(), UserChange::Delete, more)))),
    tell: |toasts, name| {
        let text = format!("{name} can be restored within 30 days.");
        toasts.success("User deleted", text, Some(ToastLink::new(paths::USERS_DELETED, "Deleted users")));
    },
};

/// What is said before.
pub const CONSEQUENCE: &str = "All access from packages ends now.";

async fn delete(id: UserId, version: Option<i64>) -> Result<(), AppError> {
    let version = match version {
        Some(version) => version,
        None => get_user(id).await?.version,
    };
    delete_user(id, version).await
}
