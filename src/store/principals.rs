//! Who acts where no session says so: a person for whom work goes on after they have asked for it.

use chrono::{DateTime, Utc};

use crate::domain::access::{HeldRole, Principal, Role};
use crate::domain::id::{CatalogId, UserId};
use crate::domain::user::UserKind;
use crate::{args, row};

use super::tx::{StoreError, Tx};

/// A user as a principal with every role that they hold now, directly or through a group; none while they may not sign in.
pub async fn load(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<Option<Principal>, StoreError> {
    let found: Option<UserRow> = tx
        .opt(
            "SELECT u.id, u.name, u.user_name, u.kind, COALESCE(c.must_change_password, FALSE) AS must_change_password,
                (SELECT value FROM settings WHERE key = 'strict_roles') AS strict_roles
             FROM users u LEFT JOIN credentials c ON c.user_id = u.id WHERE u.id = $1 AND u.enabled = TRUE AND u.deleted_at IS NULL",
            args![user],
        )
        .await?;
    let Some(found) = found else { return Ok(None) };
    let held: Vec<HeldRow> = tx
        .all(
            "SELECT a.role, a.catalog_id FROM role_assignments a WHERE a.user_id = $1
             UNION
             SELECT a.role, a.catalog_id FROM memberships m
                JOIN roles r ON r.id = m.role_id AND r.name = 'Member'
                JOIN objects o ON o.id = r.object_id AND o.deleted_at IS NULL
                JOIN role_assignments a ON a.group_id = r.object_id
             WHERE m.user_id = $1 AND m.until > $2",
            args![user, now],
        )
        .await?;
    Ok(Some(Principal {
        roles: held
            .into_iter()
            .map(|row| HeldRole {
                role: row.role,
                catalog: row.catalog_id,
            })
            .collect(),
        strict_roles: found.strict_roles.as_deref() == Some("true"),
        must_change_password: found.must_change_password,
        ..Principal::user(found.id, found.name, found.user_name, found.kind)
    }))
}

struct UserRow {
    id: UserId,
    name: String,
    user_name: String,
    kind: UserKind,
    must_change_password: bool,
    strict_roles: Option<String>,
}
row!(UserRow {
    id: id,
    name,
    user_name,
    kind: word,
    must_change_password,
    strict_roles
});

struct HeldRow {
    role: Role,
    catalog_id: Option<CatalogId>,
}
row!(HeldRow {
    role: word,
    catalog_id: opt_id
});
