//! Groups, applications and sites with their roles, as pickers, packages and catalogs show them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{CatalogId, ObjectId, RoleId, UserId};
use crate::domain::object::{GroupKind, MembershipType, OWNER, ObjectItem, ObjectKind, ObjectQuery, RoleItem, can_be_given, sub_kind};
use crate::domain::page::{Direction, Page};
use crate::{args, row};

use super::dialect::{LOCK_OBJECTS, in_list};
use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{Arg, StoreError, Tx, word};

/// An object beside one of its roles.
struct Part {
    id: ObjectId,
    name: String,
    kind: ObjectKind,
    group_kind: Option<GroupKind>,
    membership: Option<MembershipType>,
    in_catalog: bool,
    deleted: bool,
    role_id: Option<RoleId>,
    role_name: Option<String>,
}
row!(Part {
    id: id,
    name,
    kind: word,
    group_kind: opt_word,
    membership: opt_word,
    in_catalog,
    deleted,
    role_id: opt_id,
    role_name
});

impl Part {
    fn role(&self) -> Option<RoleItem> {
        let (id, name) = (self.role_id?, self.role_name.clone()?);
        can_be_given(self.dynamic(), &name).then_some(RoleItem { id, name })
    }

    fn dynamic(&self) -> bool {
        self.membership == Some(MembershipType::Dynamic)
    }

    fn item(self) -> ObjectItem {
        ObjectItem {
            id: self.id,
            kind: self.kind,
            sub_kind: sub_kind(self.kind, self.group_kind).to_owned(),
            dynamic: self.dynamic(),
            in_catalog: self.in_catalog,
            deleted: self.deleted,
            closed: None,
            roles: Vec::new(),
            name: self.name,
        }
    }
}

/// Keeps these objects from being deleted until the transaction ends.
pub async fn lock(tx: &mut Tx, ids: &[ObjectId]) -> Result<(), StoreError> {
    let sql = in_list(tx.pick(LOCK_OBJECTS), ids.len());
    tx.column::<Uuid>(sql, ids.iter().copied().map(Arg::from).collect()).await?;
    Ok(())
}

/// Holds an object alone until the transaction ends: no package begins to give a role of it meanwhile.
pub async fn lock_alone(tx: &mut Tx, id: ObjectId) -> Result<(), StoreError> {
    let sql = tx.for_update("SELECT id FROM objects WHERE id = $1", "FOR UPDATE");
    tx.column::<Uuid>(sql, args![id]).await?;
    Ok(())
}

/// These objects by name, each once, deleted ones too, with the roles that a package can give. Those that never were are missing.
/// `in_catalog` is about `catalog`.
pub async fn load(tx: &mut Tx, catalog: Option<CatalogId>, ids: &[ObjectId]) -> Result<Vec<ObjectItem>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "o.id, o.name, o.kind, o.group_kind, o.membership, o.deleted_at IS NOT NULL AS deleted,
            c.object_id IS NOT NULL AS in_catalog, r.id AS role_id, r.name AS role_name",
        "objects o LEFT JOIN catalog_resources c ON c.object_id = o.id AND c.catalog_id = $1 LEFT JOIN roles r ON r.object_id = o.id",
    )
    .with(args![catalog]);
    let unique: HashSet<ObjectId> = ids.iter().copied().collect();
    list.in_list("o.id", unique.into_iter().map(Arg::from).collect());
    let parts: Vec<Part> = list.all(tx, "ORDER BY o.name_folded, o.id, r.position, r.id").await?;
    let mut items: Vec<ObjectItem> = Vec::new();
    for part in parts {
        let role = part.role();
        if items.last().is_none_or(|item| item.id != part.id) {
            items.push(part.item());
        }
        if let Some(item) = items.last_mut() {
            item.roles.extend(role);
        }
    }
    Ok(items)
}

/// An object's place in a list.
struct Found {
    id: ObjectId,
    name_folded: String,
}
row!(Found { id: id, name_folded });

/// Those of these objects that a user owns at `now`.
pub async fn owned_by(tx: &mut Tx, user: UserId, ids: &[ObjectId], now: DateTime<Utc>) -> Result<Vec<ObjectId>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("r.object_id", "memberships m JOIN roles r ON r.id = m.role_id");
    list.filter("m.user_id = ? AND m.until > ? AND r.name = ?", args![user, now, OWNER]);
    list.in_list("r.object_id", ids.iter().copied().map(Arg::from).collect());
    let rows: Vec<(Uuid,)> = list.all(tx, "").await?;
    Ok(rows.into_iter().map(|(id,)| ObjectId(id)).collect())
}

/// A page of present objects of one kind: the catalog's resources, or all; only those that `owner` owns at `now`, if one is given.
pub async fn page(tx: &mut Tx, query: &ObjectQuery, owner: Option<UserId>, now: DateTime<Utc>) -> Result<Page<ObjectItem>, StoreError> {
    let mut list = List::new("o.id, o.name_folded", "objects o");
    list.filter("o.kind = ? AND o.deleted_at IS NULL", vec![word(query.kind)]);
    if !query.see_all {
        list.filter(
            "o.id IN (SELECT object_id FROM catalog_resources WHERE catalog_id = ?)",
            args![query.catalog],
        );
    }
    if let Some(owner) = owner {
        list.filter(
            "o.id IN (SELECT r.object_id FROM memberships m JOIN roles r ON r.id = m.role_id
                WHERE m.user_id = ? AND m.until > ? AND r.name = ?)",
            args![owner, now, OWNER],
        );
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
        direction: Direction::Up,
    };
    let page = list
        .page(tx, order, &query.page, |found: &Found| {
            (found.id.0, Key::Text(found.name_folded.clone()))
        })
        .await?;
    let ids: Vec<ObjectId> = page.items.iter().map(|found| found.id).collect();
    Ok(Page {
        items: load(tx, Some(query.catalog), &ids).await?,
        previous: page.previous,
        next: page.next,
        total: page.total,
        restarted: page.restarted,
    })
}
