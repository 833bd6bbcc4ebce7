//! Applications and sites as the directory lists them, and who holds their roles. Deleted users keep their rows and are never shown or
//! counted.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::access::Visible;
use crate::domain::directory_object::{
    DirectoryObjectItem, DirectoryObjectQuery, HeldObjectRole, ObjectHolder, ObjectHolderQuery, RoleCount,
};
use crate::domain::id::{CatalogId, Named, ObjectId, PackageId, RoleId, UserId};
use crate::domain::page::{Direction, Page};
use crate::domain::text::fold;
use crate::{args, row};

use super::list::{Key, List, Order};
use super::members;
use super::memberships::forever;
use super::search::{self, Kind};
use super::tx::{Arg, StoreError, Tx, word};

row!(DirectoryObjectItem {
    id: id,
    kind: word,
    name,
    description,
    url,
    holders
});

fn present(now: DateTime<Utc>) -> List {
    let mut list = List::new(
        "o.id, o.kind, o.name, o.description, COALESCE(o.url, '') AS url,
            (SELECT count(DISTINCT m.user_id) FROM roles r JOIN memberships m ON m.role_id = r.id AND m.until > $1
                JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL WHERE r.object_id = o.id) AS holders",
        "objects o",
    )
    .with(args![now]);
    list.filter("o.kind <> 'group' AND o.deleted_at IS NULL", args![]);
    list
}

/// A page of applications, or of sites, by name, with how many people hold a role of each at `now`.
pub async fn page(tx: &mut Tx, query: &DirectoryObjectQuery, now: DateTime<Utc>) -> Result<Page<DirectoryObjectItem>, StoreError> {
    let mut list = present(now);
    list.filter("o.kind = ?", vec![word(query.kind)]);
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
    list.page(tx, order, &query.page, |item: &DirectoryObjectItem| {
        (item.id.0, Key::Text(fold(&item.name)))
    })
    .await
}

/// One application or site that has not been deleted, and when it was made.
pub async fn find(tx: &mut Tx, id: ObjectId, now: DateTime<Utc>) -> Result<Option<(DirectoryObjectItem, DateTime<Utc>)>, StoreError> {
    let mut list = present(now);
    list.filter("o.id = ?", args![id]);
    let Some(item) = list.all(tx, "").await?.pop() else {
        return Ok(None);
    };
    let created_at = tx.value("SELECT created_at FROM objects WHERE id = $1", args![id]).await?;
    Ok(Some((item, created_at)))
}

row!(RoleCount { id: id, name, holders });

/// The roles of an object in order, with how many people hold each at `now`.
pub async fn roles(tx: &mut Tx, id: ObjectId, now: DateTime<Utc>) -> Result<Vec<RoleCount>, StoreError> {
    tx.all(
        "SELECT r.id, r.name, (SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL
                WHERE m.role_id = r.id AND m.until > $2) AS holders
         FROM roles r WHERE r.object_id = $1 ORDER BY r.position, r.id",
        args![id, now],
    )
    .await
}

/// The visible catalogs that hold an object, by name.
pub async fn catalogs(tx: &mut Tx, id: ObjectId, visible: &Visible) -> Result<Vec<Named<CatalogId>>, StoreError> {
    let mut list = List::new("c.id, c.name", "catalogs c JOIN catalog_resources r ON r.catalog_id = c.id");
    list.filter("r.object_id = ? AND c.deleted_at IS NULL", args![id]);
    list.visible("c.id", visible);
    let rows: Vec<(Uuid, String)> = list.all(tx, "ORDER BY c.name_folded, c.id").await?;
    Ok(rows.into_iter().map(|(id, name)| Named::new(CatalogId(id), name)).collect())
}

struct Person {
    id: UserId,
    name: String,
    user_name: String,
}
row!(Person { id: id, name, user_name });

struct Membership {
    user_id: UserId,
    role_id: RoleId,
    name: String,
    direct: bool,
    grants: i64,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}
row!(Membership {
    user_id: id,
    role_id: id,
    name,
    direct,
    grants,
    since,
    until
});

/// A page of those who hold a role of an object at `now`, by name, each with their roles and what gives them.
pub async fn holders(tx: &mut Tx, query: &ObjectHolderQuery, now: DateTime<Utc>) -> Result<Page<ObjectHolder>, StoreError> {
    let mut list = List::new("u.id, u.name, u.user_name", "users u");
    list.filter(
        "u.deleted_at IS NULL AND u.id IN (SELECT m.user_id FROM memberships m JOIN roles r ON r.id = m.role_id
            WHERE r.object_id = ? AND m.until > ?)",
        args![query.object, now],
    );
    if let Some(role) = query.role {
        list.filter(
            "u.id IN (SELECT m.user_id FROM memberships m WHERE m.role_id = ? AND m.until > ?)",
            args![role, now],
        );
    }
    search::narrow(
        &mut list,
        "u.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        &query.search,
    );
    let order = Order {
        column: "u.name_folded",
        id: "u.id",
        time: false,
        direction: Direction::Up,
    };
    let page = list
        .counted_page(tx, order, &query.page, |person: &Person| {
            (person.id.0, Key::Text(fold(&person.name)))
        })
        .await?;
    let users: Vec<UserId> = page.items.iter().map(|person| person.id).collect();
    let held = held(tx, query.object, &users, now).await?;
    Ok(page.map(|person| ObjectHolder {
        roles: held
            .iter()
            .filter(|(user, _)| *user == person.id)
            .map(|(_, role)| role.clone())
            .collect(),
        user: Named::new(person.id, person.name),
        user_name: person.user_name,
    }))
}

/// The roles of an object that these users hold at `now`, with each the user, in the order of the roles.
async fn held(tx: &mut Tx, object: ObjectId, users: &[UserId], now: DateTime<Utc>) -> Result<Vec<(UserId, HeldObjectRole)>, StoreError> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "m.user_id, m.role_id, r.name, m.direct, m.grants, m.since, m.until",
        "roles r JOIN memberships m ON m.role_id = r.id",
    );
    list.filter("r.object_id = ? AND m.until > ?", args![object, now]);
    list.in_list("m.user_id", users.iter().copied().map(Arg::from).collect());
    let rows: Vec<Membership> = list.all(tx, "ORDER BY r.position, r.id").await?;
    let mut roles: Vec<RoleId> = rows.iter().filter(|row| row.grants > 0).map(|row| row.role_id).collect();
    roles.dedup();
    let mut given: Vec<(RoleId, UserId, Named<PackageId>)> = Vec::new();
    for role in roles {
        let packages = members::packages(tx, role, users, now).await?;
        given.extend(packages.into_iter().map(|(user, package)| (role, user, package)));
    }
    let packages = |row: &Membership| {
        let own = given.iter().filter(|(role, user, _)| *role == row.role_id && *user == row.user_id);
        own.map(|(_, _, package)| package.clone()).collect()
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let role = HeldObjectRole {
                packages: packages(&row),
                name: row.name,
                direct: row.direct,
                since: row.since,
                until: (row.until < forever()).then_some(row.until),
            };
            (row.user_id, role)
        })
        .collect())
}
