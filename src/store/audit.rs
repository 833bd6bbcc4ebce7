//! Reads the audit trail. Writing it is the services', with each change.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::audit::{Activity, Change};
use crate::{args, row};

use super::tx::{StoreError, Tx};

/// One line of a story in the trail.
#[derive(Clone, Debug)]
pub struct TrailRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name.
    pub actor_name: String,
    /// What was done.
    pub activity: Activity,
    /// What was changed.
    pub changes: Vec<Change>,
    /// Anything worth knowing.
    pub detail: String,
}
row!(TrailRow {
    at,
    actor_name,
    activity: word,
    changes: json,
    detail
});

/// The lines of one story, such as a request's, oldest first.
pub async fn trail(tx: &mut Tx, story: impl Into<Uuid>) -> Result<Vec<TrailRow>, StoreError> {
    tx.all(
        "SELECT at, actor_name, activity, changes, detail FROM audit WHERE correlation_id = $1 ORDER BY at, id",
        args![story.into()],
    )
    .await
}

/// The latest of them that changed the thing itself; what only happens around it is in nobody's way who edits it.
pub async fn latest_change(tx: &mut Tx, story: impl Into<Uuid>) -> Result<Option<TrailRow>, StoreError> {
    tx.opt(
        "SELECT at, actor_name, activity, changes, detail FROM audit WHERE correlation_id = $1
            AND activity NOT IN ('sign_in', 'sign_out', 'add_member', 'remove_member', 'add_resource', 'add_resource_role',
                'remove_resource_role', 'grant_role', 'grant_failed', 'revoke_role')
         ORDER BY at DESC, id DESC LIMIT 1",
        args![story.into()],
    )
    .await
}
