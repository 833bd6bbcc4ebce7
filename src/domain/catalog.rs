//! Catalogs: the containers of resources and packages, and the unit of delegation.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{CatalogId, Named, PackageId};
use super::object::ObjectItem;
use super::page::PageQuery;

/// The name of the catalog that always exists (F006).
pub const GENERAL: &str = "General";

/// A row of the catalog list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogItem {
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
    /// Resources in it.
    pub resources: i64,
    /// Packages in it.
    pub packages: i64,
    /// When it was made.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
}

/// One resource of a catalog (F014).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceItem {
    /// The object; `deleted` marks one that is gone from the directory (F043).
    pub object: ObjectItem,
    /// When it was added.
    #[serde(with = "super::when::instant")]
    pub added_at: DateTime<Utc>,
    /// Packages that give a role of it.
    pub packages: Vec<Named<PackageId>>,
}

/// Which resources to list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResourceQuery {
    /// Of this catalog.
    pub catalog: CatalogId,
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// Which catalogs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CatalogQuery {
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}
