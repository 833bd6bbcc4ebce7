//! How a user is deleted, and what that means for the user.

use crate::admin::deletion::Deletion;
use crate::domain::id::UserId;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::users::{delete_user, get_user};
use crate::ui::*;

/// A user, who can be restored for some time.
pub const USER: Deletion = Deletion {
    dialog: "delete-user",
    list: paths::USERS,
    delete: |id, version| Box::pin(delete(id.into(), version)),
    warning: None,
    tell: |toasts, name| {
        let text = format!("{name} can be restored within 30 days.");
        toasts.success("User deleted", text, Some(ToastLink::new(paths::USERS_DELETED, "Deleted users")));
    },
};

/// What is said before.
pub const CONSEQUENCE: &str = "The user can't sign in any more, and all access from packages ends now. For 30 days the user can be restored \
    under Deleted users; access from packages doesn't come back.";

async fn delete(id: UserId, version: Option<i64>) -> Result<(), AppError> {
    let version = match version {
        Some(version) => version,
        None => get_user(id).await?.version,
    };
    delete_user(id, version).await
}
