//! Who holds which role, directly or through a group, in the tenant or in one catalog. Must not know what a role gives.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::access::{HeldRole, Role};
use crate::domain::id::{CatalogId, ObjectId, RoleAssignmentId, UserId};
use crate::domain::user::DirectoryRole;
use crate::{args, row};

use super::changes::Change;
use super::list::List;
use super::tx::{Arg, StoreError, Tx, word};

/// A role given to a user or to a group.
#[derive(Clone, Debug)]
pub struct RoleAssignment {
    /// Which one.
    pub id: RoleAssignmentId,
    /// The role.
    pub role: Role,
    /// The catalog that it is held in; none for the whole tenant.
    pub catalog_id: Option<CatalogId>,
    /// The user who holds it, or none.
    pub user_id: Option<UserId>,
    /// The group whose members hold it, or none.
    pub group_id: Option<ObjectId>,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// Who gave it, if that was a user.
    pub created_by: Option<UserId>,
}
row!(RoleAssignment {
    id: id,
    role: word,
    catalog_id: opt_id,
    user_id: opt_id,
    group_id: opt_id,
    created_at,
    created_by: opt_id
});

/// Gives a role. False: it is held in just this way already.
pub async fn insert(tx: &mut Tx, given: &RoleAssignment) -> Result<bool, StoreError> {
    // Whoever follows something live may have to stop, or through a group many may.
    tx.announce(given.user_id.map_or(Change::Everything, Change::Sessions));
    let made = tx
        .exec(
            "INSERT INTO role_assignments (id, role, catalog_id, user_id, group_id, created_at, created_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            args![
                given.id,
                word(given.role),
                given.catalog_id,
                given.user_id,
                given.group_id,
                given.created_at,
                given.created_by
            ],
        )
        .await?;
    Ok(made == 1)
}

/// One of them, held until the transaction ends.
pub async fn lock(tx: &mut Tx, id: RoleAssignmentId) -> Result<Option<RoleAssignment>, StoreError> {
    let sql = "SELECT id, role, catalog_id, user_id, group_id, created_at, created_by FROM role_assignments WHERE id = $1";
    tx.opt(tx.for_update(sql, "FOR UPDATE"), args![id]).await
}

/// Takes one back; says whether it was there.
pub async fn delete(tx: &mut Tx, id: RoleAssignmentId) -> Result<bool, StoreError> {
    tx.announce(Change::Everything);
    Ok(tx.exec("DELETE FROM role_assignments WHERE id = $1", args![id]).await? == 1)
}

/// The roles that are held in one catalog, or with none in the whole tenant, oldest first.
pub async fn list(tx: &mut Tx, catalog: Option<CatalogId>) -> Result<Vec<RoleAssignment>, StoreError> {
    let mut list = List::new(
        "a.id, a.role, a.catalog_id, a.user_id, a.group_id, a.created_at, a.created_by",
        "role_assignments a",
    );
    match catalog {
        Some(catalog) => list.filter("a.catalog_id = ?", args![catalog]),
        None => list.filter("a.catalog_id IS NULL", Vec::new()),
    }
    list.all(tx, "ORDER BY a.created_at, a.id").await
}

/// Makes this the one directory role that a user holds directly; `id` is the new assignment's. A plain user holds none.
pub async fn set_directory_role(
    tx: &mut Tx,
    user: UserId,
    role: DirectoryRole,
    id: RoleAssignmentId,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.announce(Change::Sessions(user));
    tx.exec(
        "DELETE FROM role_assignments WHERE user_id = $1 AND catalog_id IS NULL",
        args![user],
    )
    .await?;
    let Some(role) = role.role() else { return Ok(()) };
    let given = RoleAssignment {
        id,
        role,
        catalog_id: None,
        user_id: Some(user),
        group_id: None,
        created_at: now,
        created_by: by,
    };
    insert(tx, &given).await?;
    Ok(())
}

/// The highest directory role that the members of one of these groups hold through it.
pub async fn highest_of_groups(tx: &mut Tx, groups: &[ObjectId]) -> Result<DirectoryRole, StoreError> {
    if groups.is_empty() {
        return Ok(DirectoryRole::User);
    }
    let mut list = List::new("a.role", "role_assignments a");
    list.filter("a.catalog_id IS NULL", Vec::new());
    list.in_list("a.group_id", groups.iter().copied().map(Arg::from).collect());
    let rows: Vec<(String,)> = list.all(tx, "").await?;
    Ok(rows
        .into_iter()
        .filter_map(|(role,)| role.parse::<DirectoryRole>().ok())
        .max()
        .unwrap_or(DirectoryRole::User))
}

/// Ends every role that a group's members held through it; gives which roles, with their catalogs.
pub async fn delete_of_group(tx: &mut Tx, group: ObjectId) -> Result<Vec<HeldRole>, StoreError> {
    tx.announce(Change::Everything);
    let rows: Vec<(String, Option<Uuid>)> = tx
        .all(
            "DELETE FROM role_assignments WHERE group_id = $1 RETURNING role, catalog_id",
            args![group],
        )
        .await?;
    rows.into_iter().map(|(role, catalog)| held(&role, catalog)).collect()
}

/// A role with its catalog, from the stored words.
pub(super) fn held(role: &str, catalog: Option<Uuid>) -> Result<HeldRole, StoreError> {
    Ok(HeldRole {
        role: role
            .parse()
            .map_err(|error: crate::domain::text::UnknownValue| StoreError::Inconsistent(error.to_string()))?,
        catalog: catalog.map(CatalogId),
    })
}
