//! How a group is deleted, and what that means for those who are in it.

use std::sync::Arc;

use crate::admin::deletion::Deletion;
use crate::domain::id::ObjectId;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::groups::{delete_group, get_group};
use crate::rpc::impact::group_impact;

/// A group, which does not come back.
pub const GROUP: Deletion = Deletion {
    dialog: "delete-group-dialog",
    list: paths::GROUPS,
    delete: |id, version| Box::pin(delete(id.into(), version)),
    impact: Some(|id| Arc::new(move |more| Box::pin(group_impact(id.into(), more)))),
    tell: |toasts, name| {
        toasts.success("Group deleted", name, None);
    },
};

/// What is said before, above whom it concerns.
pub const CONSEQUENCE: &str = "Whoever is in it loses what it gives. This can't be undone.";

async fn delete(id: ObjectId, version: Option<i64>) -> Result<(), AppError> {
    let version = match version {
        Some(version) => version,
        None => get_group(id).await?.version,
    };
    delete_group(id, version).await
}
