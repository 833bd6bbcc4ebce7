//! Groups as directory objects: finding, listing, keeping. Each group has two roles, Member and Owner. Who holds them is kept in
//! `memberships`; the lists of holders are in `members`.

use chrono::{DateTime, Utc};

use crate::domain::group::{GroupItem, GroupQuery, GroupRole, NamingPolicy, NewGroup};
use crate::domain::id::{CatalogId, Named, ObjectId, PackageId, RoleId, UserId};
use crate::domain::object::{GroupKind, MEMBER, MembershipType, OWNER};
use crate::domain::page::Page;
use crate::domain::text::fold;
use crate::domain::validate::Name;
use crate::{args, row};

use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{StoreError, Tx, word};

/// One group.
#[derive(Clone, Debug)]
pub struct Group {
    /// The object.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Security or Microsoft 365.
    pub kind: GroupKind,
    /// Assigned or Dynamic.
    pub membership: MembershipType,
    /// The rule of a dynamic group.
    pub rule: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Of the last change.
    pub version: i64,
}
row!(Group {
    id: id,
    name,
    description,
    kind: word,
    membership: word,
    rule,
    created_at,
    version
});

row!(GroupItem {
    id: id,
    name,
    description,
    kind: word,
    membership: word
});

/// A dynamic group as one user sees it.
#[derive(Clone, Debug)]
pub struct RuledGroup {
    /// The group.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    /// Its rule.
    pub rule: String,
    /// Its Member role.
    pub role_id: RoleId,
    /// The rule made the user a member.
    pub is_member: bool,
}
row!(RuledGroup {
    id: id,
    name,
    rule,
    role_id: id,
    is_member
});

/// The stored name of a group's role.
pub fn role_name(role: GroupRole) -> &'static str {
    match role {
        GroupRole::Member => MEMBER,
        GroupRole::Owner => OWNER,
    }
}

/// One group that has not been deleted.
pub async fn find(tx: &mut Tx, id: ObjectId) -> Result<Option<Group>, StoreError> {
    tx.opt(
        "SELECT id, name, description, group_kind AS kind, membership, rule, created_at, version
         FROM objects WHERE id = $1 AND kind = 'group' AND deleted_at IS NULL",
        args![id],
    )
    .await
}

/// The group of a name, as it is compared, that has not been deleted.
pub async fn id_of_name(tx: &mut Tx, folded: &str) -> Result<Option<ObjectId>, StoreError> {
    let sql = "SELECT id FROM objects WHERE kind = 'group' AND name_folded = $1 AND deleted_at IS NULL";
    let row: Option<(uuid::Uuid,)> = tx.opt(sql, args![folded]).await?;
    Ok(row.map(|(id,)| ObjectId(id)))
}

/// The id of a role of a group that has not been deleted.
pub async fn role(tx: &mut Tx, id: ObjectId, role: GroupRole) -> Result<Option<RoleId>, StoreError> {
    let row: Option<(uuid::Uuid,)> = tx
        .opt(
            "SELECT r.id FROM objects o JOIN roles r ON r.object_id = o.id
             WHERE o.id = $1 AND o.kind = 'group' AND o.deleted_at IS NULL AND r.name = $2",
            args![id, role_name(role)],
        )
        .await?;
    Ok(row.map(|(id,)| RoleId(id)))
}

/// A page of groups.
pub async fn list(tx: &mut Tx, query: &GroupQuery) -> Result<Page<GroupItem>, StoreError> {
    let mut list = List::new("o.id, o.name, o.description, o.group_kind AS kind, o.membership", "objects o");
    list.filter("o.kind = 'group' AND o.deleted_at IS NULL", args![]);
    if let Some(kind) = query.kind {
        list.filter("o.group_kind = ?", vec![word(kind)]);
    }
    if let Some(membership) = query.membership {
        list.filter("o.membership = ?", vec![word(membership)]);
    }
    search::narrow(
        &mut list,
        "o.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::Object,
        &query.search,
    );
    let order = Order {
        column: "o.name_folded",
        id: "o.id",
        time: false,
        direction: query.direction,
    };
    list.counted_page(tx, order, &query.page, |item: &GroupItem| (item.id.0, Key::Text(fold(&item.name))))
        .await
}

/// Stores a new group without members, its two roles and its words. A taken name is a conflict on `objects`.
pub async fn insert(
    tx: &mut Tx,
    id: ObjectId,
    group: &NewGroup,
    (member, owner): (RoleId, RoleId),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO objects (id, kind, name, name_folded, description, group_kind, membership, rule, created_at, version)
         VALUES ($1, 'group', $2, $3, $4, $5, $6, $7, $8, 1)",
        args![
            id,
            group.name.text.as_str(),
            group.name.folded.as_str(),
            group.description.as_str(),
            word(group.kind),
            word(group.membership),
            group.rule.clone(),
            now
        ],
    )
    .await?;
    tx.exec(
        "INSERT INTO roles (id, object_id, name, position) VALUES ($1, $3, $4, 0), ($2, $3, $5, 1)",
        args![member, owner, id, MEMBER, OWNER],
    )
    .await?;
    search::index(tx, Kind::Object, id, &[&group.name.text]).await
}

/// Changes what can change of a group. False: not at this version, or not there. A taken name is a conflict on `objects`.
pub async fn update(
    tx: &mut Tx,
    id: ObjectId,
    version: i64,
    name: &Name,
    description: &str,
    rule: Option<&str>,
) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE objects SET name = $3, name_folded = $4, description = $5, rule = $6, version = version + 1
             WHERE id = $1 AND version = $2 AND kind = 'group' AND deleted_at IS NULL",
            args![id, version, name.text.as_str(), name.folded.as_str(), description, rule],
        )
        .await?;
    if changed == 1 {
        search::index(tx, Kind::Object, id, &[&name.text]).await?;
    }
    Ok(changed == 1)
}

/// Deletes a group; its row, roles and words stay for whatever names it. False: not at this version, or not there.
pub async fn delete(tx: &mut Tx, id: ObjectId, version: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE objects SET deleted_at = $3, version = version + 1
             WHERE id = $1 AND version = $2 AND kind = 'group' AND deleted_at IS NULL",
            args![id, version, now],
        )
        .await?;
    Ok(changed == 1)
}

/// The packages that give a role of a group, by name.
pub async fn packages(tx: &mut Tx, id: ObjectId) -> Result<Vec<(Named<PackageId>, CatalogId)>, StoreError> {
    let rows: Vec<(uuid::Uuid, String, uuid::Uuid)> = tx
        .all(
            "SELECT DISTINCT p.id, p.name, p.catalog_id FROM roles r
                JOIN package_roles pr ON pr.role_id = r.id
                JOIN packages p ON p.id = pr.package_id AND p.deleted_at IS NULL
             WHERE r.object_id = $1 ORDER BY p.name, p.id",
            args![id],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, name, catalog)| (Named::new(PackageId(id), name), CatalogId(catalog)))
        .collect())
}

struct Naming {
    package_id: PackageId,
    catalog_id: CatalogId,
    package: String,
    policy: String,
    names_others: bool,
}
row!(Naming {
    package_id: id,
    catalog_id: id,
    package,
    policy,
    names_others
});

/// The policies that name a group among those who can request, by package, each with its catalog; whether it names anybody else who has
/// not been deleted.
pub async fn naming_policies(tx: &mut Tx, id: ObjectId) -> Result<Vec<(NamingPolicy, CatalogId)>, StoreError> {
    let rows: Vec<Naming> = tx
        .all(
            "SELECT p.id AS package_id, p.catalog_id, p.name AS package, po.name AS policy, EXISTS (
                SELECT 1 FROM policy_subjects x
                    LEFT JOIN users u ON x.subject_kind = 'user' AND u.id = x.subject_id AND u.deleted_at IS NULL
                    LEFT JOIN objects o ON x.subject_kind = 'group' AND o.id = x.subject_id AND o.deleted_at IS NULL
                WHERE x.policy_id = po.id AND x.purpose = 'requestor' AND x.subject_id <> $1 AND (u.id IS NOT NULL OR o.id IS NOT NULL)) AS names_others
             FROM policy_subjects s
                JOIN policies po ON po.id = s.policy_id AND po.scope = 'specific'
                JOIN packages p ON p.id = po.package_id AND p.deleted_at IS NULL
             WHERE s.subject_id = $1 AND s.purpose = 'requestor' AND s.subject_kind = 'group' ORDER BY p.name_folded, po.name_folded, po.id",
            args![id],
        )
        .await?;
    let naming = rows.into_iter().map(|row| {
        let naming = NamingPolicy {
            package: Named::new(row.package_id, row.package),
            policy: row.policy,
            names_others: row.names_others,
        };
        (naming, row.catalog_id)
    });
    Ok(naming.collect())
}

/// Every dynamic group, and whether its rule has made this user a member.
pub async fn ruled(tx: &mut Tx, user: UserId) -> Result<Vec<RuledGroup>, StoreError> {
    tx.all(
        "SELECT o.id, o.name, o.rule, r.id AS role_id, coalesce(m.by_rule, FALSE) AS is_member FROM objects o
            JOIN roles r ON r.object_id = o.id AND r.name = $2
            LEFT JOIN memberships m ON m.role_id = r.id AND m.user_id = $1
         WHERE o.membership = 'dynamic' AND o.deleted_at IS NULL ORDER BY o.name_folded, o.id",
        args![user, MEMBER],
    )
    .await
}
