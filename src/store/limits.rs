//! What limits are set to, and how much of each is used. Those that nobody has changed have no row.

use crate::args;
use crate::domain::limit::{Limit, LimitItem, Limits};
use crate::domain::text::StringEnum;

use super::settings;
use super::tx::{StoreError, Tx};

const VERSION: &str = "limit.version";

fn key(limit: Limit) -> String {
    format!("limit.{}", limit.as_str())
}

/// What a limit is set to.
pub async fn value(tx: &mut Tx, limit: Limit) -> Result<usize, StoreError> {
    let set = settings::value(tx, &key(limit))
        .await?
        .and_then(|value| value.parse::<usize>().ok());
    Ok(set.unwrap_or(limit.usual()).min(limit.bound()))
}

/// All limits, with the most that there is of each.
pub async fn all(tx: &mut Tx) -> Result<Limits, StoreError> {
    let mut items = Vec::with_capacity(Limit::ALL.len());
    for limit in Limit::ALL {
        let value = value(tx, *limit).await?;
        items.push(LimitItem {
            limit: *limit,
            value: i64::try_from(value).unwrap_or(i64::MAX),
            used: used(tx, *limit).await?,
        });
    }
    let version = settings::value(tx, VERSION).await?;
    Ok(Limits {
        items,
        version: version.and_then(|version| version.parse().ok()).unwrap_or_default(),
    })
}

/// Writes limits as the version after this one. Says whether they were still at it.
pub async fn update(tx: &mut Tx, version: i64, values: &[(Limit, i64)]) -> Result<bool, StoreError> {
    if !settings::advance(tx, VERSION, version).await? {
        return Ok(false);
    }
    for (limit, value) in values {
        super::accounts::keep_setting(tx, &key(*limit), &value.to_string()).await?;
    }
    Ok(true)
}

/// The most that there is of something in one place.
async fn used(tx: &mut Tx, limit: Limit) -> Result<Option<i64>, StoreError> {
    let sql = match limit {
        Limit::Catalogs => "SELECT count(*) FROM catalogs WHERE deleted_at IS NULL",
        Limit::Organizations => "SELECT count(*) FROM connected_organizations",
        Limit::CatalogPackages => {
            "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM packages WHERE deleted_at IS NULL GROUP BY catalog_id) AS counted"
        }
        Limit::CatalogResources => {
            "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM catalog_resources GROUP BY catalog_id) AS counted"
        }
        Limit::PackageRoles => "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM package_roles GROUP BY package_id) AS counted",
        Limit::PackagePolicies => {
            "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM policies WHERE deleted_at IS NULL GROUP BY package_id) AS counted"
        }
        Limit::CustomAttributes => "SELECT count(*) FROM custom_attributes",
        Limit::PackageIncompatibilities => {
            "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM incompatibilities GROUP BY package_id) AS counted"
        }
        Limit::PolicyStages
        | Limit::PolicyQuestions
        | Limit::ResourceAttributes
        | Limit::AddedAtOnce
        | Limit::HoldersAtOnce
        | Limit::ImportRows => return Ok(None),
    };
    tx.value(sql, args![]).await.map(Some)
}

/// How many packages a catalog has.
pub async fn packages_of(tx: &mut Tx, catalog: crate::domain::id::CatalogId) -> Result<i64, StoreError> {
    tx.value(
        "SELECT count(*) FROM packages WHERE catalog_id = $1 AND deleted_at IS NULL",
        args![catalog],
    )
    .await
}

/// How many resources a catalog has.
pub async fn resources_of(tx: &mut Tx, catalog: crate::domain::id::CatalogId) -> Result<i64, StoreError> {
    tx.value("SELECT count(*) FROM catalog_resources WHERE catalog_id = $1", args![catalog])
        .await
}

/// How many connected organizations there are.
pub async fn organizations(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.value("SELECT count(*) FROM connected_organizations", args![]).await
}

/// How many rules of separation of duties a package has.
pub async fn incompatibilities_of(tx: &mut Tx, package: crate::domain::id::PackageId) -> Result<i64, StoreError> {
    tx.value("SELECT count(*) FROM incompatibilities WHERE package_id = $1", args![package])
        .await
}

/// How many catalogs there are.
pub async fn catalogs(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.value("SELECT count(*) FROM catalogs WHERE deleted_at IS NULL", args![]).await
}
