//! Who holds which role, directly or through a group, in the tenant or in one catalog. Must not know what a role gives.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::access::{HeldRole, Role};
use crate::domain::id::{CatalogId, ObjectId, RoleAssignmentId, UserId};
use crate::domain::object::SubjectKind;
use crate::domain::page::{Direction, Page};
use crate::domain::refusal::Permission;
use crate::domain::role_assignment::{RoleHolder, RoleQuery};
use crate::domain::user::DirectoryRole;
use crate::{args, row};

use super::changes::Change;
use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::subjects::{group_detail, subject};
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

/// One of them.
pub async fn find(tx: &mut Tx, id: RoleAssignmentId) -> Result<Option<RoleAssignment>, StoreError> {
    let sql = "SELECT id, role, catalog_id, user_id, group_id, created_at, created_by FROM role_assignments WHERE id = $1";
    tx.opt(sql, args![id]).await
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

struct Holder {
    id: RoleAssignmentId,
    role: Role,
    kind: SubjectKind,
    holder_id: Uuid,
    name: String,
    name_folded: String,
    detail: String,
    deleted: bool,
    since: DateTime<Utc>,
}
row!(Holder {
    id: id,
    role: word,
    kind: word,
    holder_id,
    name,
    name_folded,
    detail,
    deleted,
    since
});

impl Holder {
    /// The holder; whether the role may be taken back is the service's to say.
    fn item(self) -> RoleHolder {
        RoleHolder {
            id: self.id,
            role: self.role,
            holder: subject(self.kind, self.holder_id),
            name: self.name,
            detail: match self.kind {
                SubjectKind::User | SubjectKind::Organization => self.detail,
                SubjectKind::Group => group_detail(&self.detail),
            },
            deleted: self.deleted,
            since: self.since,
            take: Permission::Allowed,
        }
    }
}

/// Users and groups that hold a role, each with its name.
const HOLDERS: &str = "(SELECT a.id, a.role, a.catalog_id, 'user' AS kind, u.id AS holder_id, u.name, u.name_folded, u.user_name AS detail,
        u.deleted_at IS NOT NULL AS deleted, a.created_at AS since FROM role_assignments a JOIN users u ON u.id = a.user_id
    UNION ALL SELECT a.id, a.role, a.catalog_id, 'group', o.id, o.name, o.name_folded, o.group_kind,
        o.deleted_at IS NOT NULL, a.created_at FROM role_assignments a JOIN objects o ON o.id = a.group_id) h";

/// A page of those who hold a role in one catalog, or with none in the whole tenant, by name.
pub async fn holders(tx: &mut Tx, query: &RoleQuery) -> Result<Page<RoleHolder>, StoreError> {
    let mut list = List::new(
        "h.id, h.role, h.kind, h.holder_id, h.name, h.name_folded, h.detail, h.deleted, h.since",
        HOLDERS,
    );
    match query.catalog {
        Some(catalog) => list.filter("h.catalog_id = ?", args![catalog]),
        None => list.filter("h.catalog_id IS NULL", Vec::new()),
    }
    if let Some(role) = query.role {
        list.filter("h.role = ?", vec![word(role)]);
    }
    search::narrow(
        &mut list,
        "h.holder_id IN (SELECT owner_id FROM search_words WHERE kind IN (?, 'object') AND word >= ? AND word < ?)",
        Kind::User,
        &query.search,
    );
    let order = Order {
        column: "h.name_folded",
        id: "h.id",
        time: false,
        direction: Direction::Up,
    };
    let page = list
        .counted_page(tx, order, &query.page, |holder: &Holder| {
            (holder.id.0, Key::Text(holder.name_folded.clone()))
        })
        .await?;
    Ok(page.map(Holder::item))
}

/// How many present users and groups each role of the tenant was given to.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(Role, i64)>, StoreError> {
    let mut list = List::new("h.role, count(*)", HOLDERS);
    list.filter("h.catalog_id IS NULL AND NOT h.deleted", Vec::new());
    let rows: Vec<(String, i64)> = list.all(tx, "GROUP BY h.role").await?;
    rows.into_iter().map(|(role, count)| Ok((held(&role, None)?.role, count))).collect()
}

/// Who holds a role in a catalog, as a sentence names them: `Ada Lovelace (Catalog owner)`; a hundred at the most.
pub async fn names_in_catalog(tx: &mut Tx, catalog: CatalogId) -> Result<Vec<String>, StoreError> {
    let mut list = List::new("h.name, h.role", HOLDERS);
    list.filter("h.catalog_id = ? AND NOT h.deleted", args![catalog]);
    let rows: Vec<(String, String)> = list.all(tx, "ORDER BY h.name_folded, h.id LIMIT 100").await?;
    rows.into_iter()
        .map(|(name, role)| Ok(format!("{name} ({})", held(&role, None)?.role.label())))
        .collect()
}

/// Ends every role that was held in a catalog; gives how many there were.
pub async fn delete_of_catalog(tx: &mut Tx, catalog: CatalogId) -> Result<u64, StoreError> {
    tx.announce(Change::Everything);
    tx.exec("DELETE FROM role_assignments WHERE catalog_id = $1", args![catalog]).await
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

/// Those of these groups whose members hold a directory role above this one through them.
pub async fn groups_above(tx: &mut Tx, groups: &[ObjectId], own: DirectoryRole) -> Result<Vec<ObjectId>, StoreError> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("a.group_id, a.role", "role_assignments a");
    list.filter("a.catalog_id IS NULL", Vec::new());
    list.in_list("a.group_id", groups.iter().copied().map(Arg::from).collect());
    let rows: Vec<(Uuid, String)> = list.all(tx, "").await?;
    let above = rows
        .into_iter()
        .filter(|(_, role)| role.parse::<DirectoryRole>().is_ok_and(|role| role > own));
    Ok(above.map(|(group, _)| ObjectId(group)).collect())
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
