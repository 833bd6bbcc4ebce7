//! Catalogs, and the directory objects placed in them as resources.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::domain::access::Visible;
use crate::domain::catalog::{CatalogEdit, CatalogItem, CatalogQuery, ResourceItem, ResourceQuery};
use crate::domain::id::{CatalogId, Named, ObjectId, PackageId, ResourceId};
use crate::domain::page::{Direction, Page};
use crate::domain::text::fold;
use crate::domain::validate::Name;
use crate::{args, row};

use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{Arg, StoreError, Tx};
use super::{batch, objects};

row!(CatalogItem {
    id: id,
    name,
    description,
    enabled,
    external,
    built_in,
    resources,
    packages,
    created_at
});

/// Catalogs that a drop-down offers at the most.
const CHOICES_MAX: &str = "ORDER BY c.name_folded, c.id LIMIT 200";

fn items() -> List {
    let mut list = List::new(
        "c.id, c.name, c.description, c.enabled, c.external, c.built_in, c.created_at,
            (SELECT count(*) FROM catalog_resources r WHERE r.catalog_id = c.id) AS resources,
            (SELECT count(*) FROM packages p WHERE p.catalog_id = c.id AND p.deleted_at IS NULL) AS packages",
        "catalogs c",
    );
    list.filter("c.deleted_at IS NULL", Vec::new());
    list
}

/// A page of the visible catalogs, by name.
pub async fn page(tx: &mut Tx, query: &CatalogQuery, visible: &Visible) -> Result<Page<CatalogItem>, StoreError> {
    let mut list = items();
    list.visible("c.id", visible);
    if let Some(enabled) = query.enabled {
        list.filter("c.enabled = ?", args![enabled.is_on()]);
    }
    if let Some(external) = query.external {
        list.filter("c.external = ?", args![external.is_on()]);
    }
    search::narrow(
        &mut list,
        "c.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::Catalog,
        &query.search,
    );
    let order = Order {
        column: "c.name_folded",
        id: "c.id",
        time: false,
        direction: Direction::Up,
    };
    list.page(tx, order, &query.page, |item: &CatalogItem| {
        (item.id.0, Key::Text(fold(&item.name)))
    })
    .await
}

/// A present catalog, as changes of it need it.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The catalog.
    pub id: CatalogId,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Its packages can be requested.
    pub enabled: bool,
    /// Guests may see its packages.
    pub external: bool,
    /// Came with the product and stays.
    pub built_in: bool,
    /// For the next change.
    pub version: i64,
}
row!(Catalog {
    id: id,
    name,
    description,
    enabled,
    external,
    built_in,
    version
});

const CATALOG: &str =
    "SELECT id, name, description, enabled, external, built_in, version FROM catalogs WHERE id = $1 AND deleted_at IS NULL";

/// One catalog that has not been deleted.
pub async fn find(tx: &mut Tx, id: CatalogId) -> Result<Option<Catalog>, StoreError> {
    tx.opt(CATALOG, args![id]).await
}

/// The same, held until the transaction ends: no package or resource comes into it meanwhile.
pub async fn lock(tx: &mut Tx, id: CatalogId) -> Result<Option<Catalog>, StoreError> {
    tx.opt(tx.for_update(CATALOG, "FOR UPDATE"), args![id]).await
}

/// The same for whoever puts something into it, so that it is not deleted meanwhile. Any number may hold it together.
pub async fn share(tx: &mut Tx, id: CatalogId) -> Result<Option<Catalog>, StoreError> {
    tx.opt(tx.for_update(CATALOG, "FOR SHARE"), args![id]).await
}

/// Keeps a new catalog. A taken name is a conflict on `catalogs`.
pub async fn insert(tx: &mut Tx, id: CatalogId, catalog: &CatalogEdit, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO catalogs (id, name, name_folded, description, enabled, external, built_in, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, 1)",
        args![
            id,
            catalog.name.text.as_str(),
            catalog.name.folded.as_str(),
            catalog.description.as_str(),
            catalog.enabled,
            catalog.external,
            now
        ],
    )
    .await?;
    search::index(tx, Kind::Catalog, id, &[&catalog.name.text]).await
}

/// Changes a catalog that still has this version; says whether it had. A taken name is a conflict on `catalogs`.
pub async fn update(tx: &mut Tx, id: CatalogId, version: i64, catalog: &CatalogEdit) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE catalogs SET name = $3, name_folded = $4, description = $5, enabled = $6, external = $7, version = version + 1
             WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![
                id,
                version,
                catalog.name.text.as_str(),
                catalog.name.folded.as_str(),
                catalog.description.as_str(),
                catalog.enabled,
                catalog.external
            ],
        )
        .await?;
    if changed == 1 {
        search::index(tx, Kind::Catalog, id, &[&catalog.name.text]).await?;
    }
    Ok(changed == 1)
}

/// Marks a catalog that still has this version as deleted, and empties it of resources; says whether it had.
pub async fn delete(tx: &mut Tx, id: CatalogId, version: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE catalogs SET deleted_at = $3, version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![id, version, now],
        )
        .await?;
    if changed == 1 {
        tx.exec("DELETE FROM catalog_resources WHERE catalog_id = $1", args![id]).await?;
        search::forget(tx, id).await?;
    }
    Ok(changed == 1)
}

/// Three of a catalog's packages by name, and how many there are.
pub async fn packages(tx: &mut Tx, id: CatalogId) -> Result<(Vec<String>, i64), StoreError> {
    let held = || {
        let mut list = List::new("p.name", "packages p");
        list.filter("p.catalog_id = ? AND p.deleted_at IS NULL", args![id]);
        list
    };
    let few: Vec<(String,)> = held().all(tx, "ORDER BY p.name_folded, p.id LIMIT 3").await?;
    let count = held().count(tx, i64::MAX).await?;
    Ok((few.into_iter().map(|(name,)| name).collect(), count))
}

/// One catalog.
pub async fn get(tx: &mut Tx, id: CatalogId) -> Result<Option<CatalogItem>, StoreError> {
    let mut list = items();
    list.filter("c.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// A catalog's name, if it is there.
pub async fn name(tx: &mut Tx, id: CatalogId) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx
        .opt("SELECT name FROM catalogs WHERE id = $1 AND deleted_at IS NULL", args![id])
        .await?;
    Ok(row.map(|(name,)| name))
}

struct Choice {
    id: CatalogId,
    name: String,
}
row!(Choice { id: id, name });

/// The catalogs that a drop-down offers, by name: the visible ones.
pub async fn choices(tx: &mut Tx, visible: &Visible) -> Result<Vec<Named<CatalogId>>, StoreError> {
    let mut list = List::new("c.id, c.name", "catalogs c");
    list.visible("c.id", visible);
    list.filter("c.deleted_at IS NULL", Vec::new());
    let rows: Vec<Choice> = list.all(tx, CHOICES_MAX).await?;
    Ok(rows.into_iter().map(|row| Named::new(row.id, row.name)).collect())
}

/// The catalog that came with the product.
pub async fn built_in(tx: &mut Tx) -> Result<Option<CatalogId>, StoreError> {
    let row: Option<(uuid::Uuid,)> = tx
        .opt(
            "SELECT id FROM catalogs WHERE built_in AND deleted_at IS NULL ORDER BY created_at, id LIMIT 1",
            args![],
        )
        .await?;
    Ok(row.map(|(id,)| id.into()))
}

/// Makes the built-in catalog, enabled and open to guests. Says whether that was needed: a name that is there already stays.
pub async fn insert_built_in(tx: &mut Tx, id: CatalogId, name: &Name, description: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let made = tx
        .exec(
            "INSERT INTO catalogs (id, name, name_folded, description, enabled, external, built_in, created_at, version)
             VALUES ($1, $2, $3, $4, TRUE, TRUE, TRUE, $5, 1) ON CONFLICT DO NOTHING",
            args![id, name.text.as_str(), name.folded.as_str(), description, now],
        )
        .await?;
    if made == 1 {
        search::index(tx, Kind::Catalog, id, &[&name.text]).await?;
    }
    Ok(made == 1)
}

/// Places objects in a catalog; gives those that were not there before.
pub async fn add_resources(tx: &mut Tx, id: CatalogId, objects: &[ObjectId], now: DateTime<Utc>) -> Result<Vec<ObjectId>, StoreError> {
    let row = |object: &ObjectId| args![ResourceId::of(id, *object), id, *object, now];
    let values: Vec<Arg> = objects.iter().flat_map(row).collect();
    let head = "catalog_resources (id, catalog_id, object_id, added_at)";
    let added: Vec<(uuid::Uuid,)> = batch::returning(tx, head, 4, values, "ON CONFLICT DO NOTHING RETURNING object_id").await?;
    Ok(added.into_iter().map(|(id,)| ObjectId(id)).collect())
}

/// Takes an object out of a catalog; says whether it was in it.
pub async fn remove_resource(tx: &mut Tx, id: CatalogId, object: ObjectId) -> Result<bool, StoreError> {
    let removed = tx
        .exec(
            "DELETE FROM catalog_resources WHERE catalog_id = $1 AND object_id = $2",
            args![id, object],
        )
        .await?;
    Ok(removed == 1)
}

struct Placed {
    id: ObjectId,
    name_folded: String,
    added_at: DateTime<Utc>,
}
row!(Placed {
    id: id,
    name_folded,
    added_at
});

/// A page of a catalog's resources by name, those that are gone from the directory too.
pub async fn resources(tx: &mut Tx, query: &ResourceQuery) -> Result<Page<ResourceItem>, StoreError> {
    let mut list = List::new(
        "o.id, o.name_folded, r.added_at",
        "catalog_resources r JOIN objects o ON o.id = r.object_id",
    );
    list.filter("r.catalog_id = ?", args![query.catalog]);
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
        .page(tx, order, &query.page, |row: &Placed| {
            (row.id.0, Key::Text(row.name_folded.clone()))
        })
        .await?;
    let ids: Vec<ObjectId> = page.items.iter().map(|row| row.id).collect();
    let mut packages = packages_of(tx, query.catalog, &ids).await?;
    let added: HashMap<ObjectId, DateTime<Utc>> = page.items.iter().map(|row| (row.id, row.added_at)).collect();
    let items = objects::load(tx, Some(query.catalog), &ids)
        .await?
        .into_iter()
        .filter_map(|object| {
            Some(ResourceItem {
                added_at: *added.get(&object.id)?,
                packages: packages.remove(&object.id).unwrap_or_default(),
                object,
            })
        })
        .collect();
    Ok(Page {
        items,
        previous: page.previous,
        next: page.next,
        total: page.total,
        restarted: page.restarted,
    })
}

struct Gives {
    object_id: ObjectId,
    id: PackageId,
    name: String,
}
row!(Gives {
    object_id: id,
    id: id,
    name
});

/// Which of the catalog's packages give a role of each object.
pub async fn packages_of(tx: &mut Tx, id: CatalogId, objects: &[ObjectId]) -> Result<HashMap<ObjectId, Vec<Named<PackageId>>>, StoreError> {
    let mut packages: HashMap<ObjectId, Vec<Named<PackageId>>> = HashMap::new();
    if objects.is_empty() {
        return Ok(packages);
    }
    let mut list = List::new(
        "DISTINCT r.object_id, p.id, p.name, p.name_folded",
        "roles r JOIN package_roles pr ON pr.role_id = r.id JOIN packages p ON p.id = pr.package_id",
    );
    list.filter("p.catalog_id = ? AND p.deleted_at IS NULL", args![id]);
    list.in_list("r.object_id", objects.iter().copied().map(Arg::from).collect());
    for row in list.all::<Gives>(tx, "ORDER BY p.name_folded, p.id").await? {
        packages.entry(row.object_id).or_default().push(Named::new(row.id, row.name));
    }
    Ok(packages)
}
