//! Who holds a package's resource roles against what the package has given.

use chrono::{DateTime, Utc};

use crate::domain::drift::{Missing, Outside, TOLD_MAX};
use crate::domain::id::{AssignmentId, Named, PackageId, UserId};
use crate::{args, row};

use super::tx::{StoreError, Tx};

struct MissingRow {
    assignment_id: AssignmentId,
    user_id: UserId,
    name: String,
    user_name: String,
    role: String,
}
row!(MissingRow {
    assignment_id: id,
    user_id: id,
    name,
    user_name,
    role
});

/// Roles that assignments which hold at `now` have given and that their people do not hold; says whether there are more.
pub async fn missing(tx: &mut Tx, package: PackageId, now: DateTime<Utc>) -> Result<(Vec<Missing>, bool), StoreError> {
    let rows: Vec<MissingRow> = tx
        .all(
            "SELECT a.id AS assignment_id, u.id AS user_id, u.name, u.user_name, r.name || ' of ' || o.name AS role
             FROM assignments a JOIN grants g ON g.assignment_id = a.id AND g.state = 'granted'
                JOIN users u ON u.id = a.target_id AND u.deleted_at IS NULL
                JOIN roles r ON r.id = g.role_id JOIN objects o ON o.id = r.object_id AND o.deleted_at IS NULL
             WHERE a.package_id = $1 AND a.state <> 'expired' AND (a.ends_at IS NULL OR a.ends_at > $2)
                AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.role_id = g.role_id AND m.user_id = g.user_id AND m.grants > 0 AND m.until > $2)
             ORDER BY u.name_folded, u.id, r.id LIMIT $3",
            args![package, now, TOLD_MAX as i64 + 1],
        )
        .await?;
    let more = rows.len() > TOLD_MAX;
    let missing = rows.into_iter().take(TOLD_MAX).map(|row| Missing {
        assignment: row.assignment_id,
        user: Named::new(row.user_id, row.name),
        user_name: row.user_name,
        role: row.role,
    });
    Ok((missing.collect(), more))
}

struct OutsideRow {
    user_id: UserId,
    name: String,
    user_name: String,
    role: String,
    since: DateTime<Utc>,
}
row!(OutsideRow {
    user_id: id,
    name,
    user_name,
    role,
    since
});

/// Roles of a package's that people were given by hand since the package gives them, without any package that gives them; says whether there
/// are more.
pub async fn outside(tx: &mut Tx, package: PackageId, now: DateTime<Utc>) -> Result<(Vec<Outside>, bool), StoreError> {
    let rows: Vec<OutsideRow> = tx
        .all(
            "SELECT u.id AS user_id, u.name, u.user_name, r.name || ' of ' || o.name AS role, m.since
             FROM package_roles pr JOIN roles r ON r.id = pr.role_id JOIN objects o ON o.id = r.object_id AND o.deleted_at IS NULL
                JOIN memberships m ON m.role_id = r.id AND m.direct AND m.grants = 0 AND m.until > $2 AND m.since >= pr.added_at
                JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL
             WHERE pr.package_id = $1 ORDER BY u.name_folded, u.id, r.id LIMIT $3",
            args![package, now, TOLD_MAX as i64 + 1],
        )
        .await?;
    let more = rows.len() > TOLD_MAX;
    let outside = rows.into_iter().take(TOLD_MAX).map(|row| Outside {
        user: Named::new(row.user_id, row.name),
        user_name: row.user_name,
        role: row.role,
        since: row.since,
    });
    Ok((outside.collect(), more))
}
