//! What resources ask of their requestors: one document for each resource of a catalog.

use chrono::{DateTime, Utc};

use crate::domain::attribute::ResourceAttribute;
use crate::domain::id::{CatalogId, ObjectId, PackageId};
use crate::{args, row};

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
