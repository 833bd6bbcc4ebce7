//! What resources ask of their requestors: one document for each resource of a catalog.

use chrono::{DateTime, Utc};

use crate::domain::attribute::ResourceAttribute;
use crate::domain::id::{CatalogId, ObjectId, PackageId};
use crate::{args, row};

use super::list::List;
use super::tx::{Arg, StoreError, Tx};

struct Kept {
    body: Vec<ResourceAttribute>,
    version: i64,
}
row!(Kept { body: json, version });

/// What a resource asks for, and the version; nothing at version 0 where it never asked for anything.
pub async fn get(tx: &mut Tx, catalog: CatalogId, object: ObjectId) -> Result<(Vec<ResourceAttribute>, i64), StoreError> {
    let sql = "SELECT body, version FROM resource_attributes WHERE catalog_id = $1 AND object_id = $2";
    let kept: Option<Kept> = tx.opt(sql, args![catalog, object]).await?;
    Ok(kept.map_or((Vec::new(), 0), |kept| (kept.body, kept.version)))
}

/// Keeps what a resource asks for, as the version after this one; says whether it was still at it.
pub async fn update(
    tx: &mut Tx,
    (catalog, object): (CatalogId, ObjectId),
    version: i64,
    attributes: &[ResourceAttribute],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let body = serde_json::to_value(attributes).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    let args: Vec<Arg> = vec![catalog.into(), object.into(), Arg::Json(body), now.into(), version.into()];
    let touched = if version == 0 {
        tx.exec(
            "INSERT INTO resource_attributes (catalog_id, object_id, body, updated_at, version) VALUES ($1, $2, $3, $4, $5 + 1)
             ON CONFLICT DO NOTHING",
            args,
        )
        .await?
    } else {
        tx.exec(
            "UPDATE resource_attributes SET body = $3, updated_at = $4, version = version + 1
             WHERE catalog_id = $1 AND object_id = $2 AND version = $5",
            args,
        )
        .await?
    };
    Ok(touched == 1)
}

/// Drops what a resource asks for, because it leaves the catalog.
pub async fn delete(tx: &mut Tx, catalog: CatalogId, object: ObjectId) -> Result<(), StoreError> {
    let sql = "DELETE FROM resource_attributes WHERE catalog_id = $1 AND object_id = $2";
    tx.exec(sql, args![catalog, object]).await?;
    Ok(())
}

struct OfResource {
    id: ObjectId,
    name: String,
    body: Vec<ResourceAttribute>,
}
row!(OfResource { id: id, name, body: json });

/// What some resources of a catalog ask for, with their names, in the order of these.
pub async fn of_resources(
    tx: &mut Tx,
    catalog: CatalogId,
    objects: &[ObjectId],
) -> Result<Vec<(ObjectId, String, Vec<ResourceAttribute>)>, StoreError> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "o.id, o.name, a.body",
        "resource_attributes a JOIN objects o ON o.id = a.object_id AND o.deleted_at IS NULL",
    );
    list.filter("a.catalog_id = ?", args![catalog]);
    list.in_list("a.object_id", objects.iter().map(|id| (*id).into()).collect());
    let found: Vec<OfResource> = list.all(tx, "ORDER BY o.name_folded, o.id").await?;
    Ok(found.into_iter().map(|one| (one.id, one.name, one.body)).collect())
}

struct InCatalog {
    catalog_name: String,
    name: String,
    body: Vec<ResourceAttribute>,
}
row!(InCatalog {
    catalog_name,
    name,
    body: json
});

/// The resources that ask for a custom attribute, each with its catalog, by name.
pub async fn asking_for(tx: &mut Tx, name: &str) -> Result<Vec<String>, StoreError> {
    let all: Vec<InCatalog> = tx
        .all(
            "SELECT c.name AS catalog_name, o.name, a.body FROM resource_attributes a JOIN catalogs c ON c.id = a.catalog_id AND c.deleted_at IS NULL
                JOIN objects o ON o.id = a.object_id AND o.deleted_at IS NULL
             ORDER BY c.name_folded, o.name_folded, o.id",
            args![],
        )
        .await?;
    let asks = |one: &InCatalog| one.body.iter().any(|attribute| attribute.attribute.custom() == Some(name));
    Ok(all
        .into_iter()
        .filter(asks)
        .map(|one| format!("{} in {}", one.name, one.catalog_name))
        .collect())
}

/// Gives a resource of one catalog what it asks for in another, where it asks for nothing yet.
pub async fn copy(tx: &mut Tx, object: ObjectId, from: CatalogId, to: CatalogId, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO resource_attributes (catalog_id, object_id, body, updated_at, version)
         SELECT $3, object_id, body, $4, 1 FROM resource_attributes WHERE catalog_id = $2 AND object_id = $1
         ON CONFLICT DO NOTHING",
        args![object, from, to, now],
    )
    .await?;
    Ok(())
}

/// What the resources of a package ask for, in the order of their names.
pub async fn of_package(tx: &mut Tx, package: PackageId) -> Result<Vec<ResourceAttribute>, StoreError> {
    let kept: Vec<Kept> = tx
        .all(
            "SELECT a.body, a.version FROM packages p JOIN resource_attributes a ON a.catalog_id = p.catalog_id
                JOIN objects o ON o.id = a.object_id AND o.deleted_at IS NULL
             WHERE p.id = $1 AND a.object_id IN (
                SELECT r.object_id FROM package_roles g JOIN roles r ON r.id = g.role_id WHERE g.package_id = $1)
             ORDER BY o.name_folded, o.id",
            args![package],
        )
        .await?;
    Ok(kept.into_iter().flat_map(|kept| kept.body).collect())
}
