//! Access packages as the API lists them.

use crate::args;
use crate::domain::access::Visible;
use crate::domain::id::{CatalogId, PackageId};
use crate::domain::odata::ListQuery;
use crate::domain::package::PackageRecord;
use crate::row;

use super::super::list::List;
use super::super::search::{self, Kind as Searched};
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Properties, Property, page};

row!(PackageRecord {
    id: id,
    catalog_id: id,
    name,
    description,
    hidden,
    prior_membership: word,
    created_at,
    updated_at,
    version
});

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("displayName", "p.name_folded", Kind::Folded).sorting(),
        Property::new("id", "p.id", Kind::Id),
        Property::new("description", "p.description", Kind::Text),
        Property::new("isHidden", "p.hidden", Kind::Flag),
        Property::new("catalog/id", "p.catalog_id", Kind::Id),
        Property::new("catalogId", "p.catalog_id", Kind::Id),
        Property::new("createdDateTime", "p.created_at", Kind::Time).sorting(),
        Property::new("modifiedDateTime", "p.updated_at", Kind::Time),
    ],
    id: "p.id",
};

fn records() -> List {
    let mut list = List::new(
        "p.id, p.catalog_id, p.name, p.description, p.hidden, p.prior_membership, p.created_at, p.updated_at, p.version",
        "packages p",
    );
    list.filter("p.deleted_at IS NULL", Vec::new());
    list
}

/// A page of the packages of visible catalogs.
pub async fn list(tx: &mut Tx, query: &ListQuery, visible: &Visible) -> Result<Found<PackageRecord>, ListFault> {
    let mut list = records();
    list.visible("p.catalog_id", visible);
    search::narrow(
        &mut list,
        "p.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Searched::Package,
        query.search.as_deref().unwrap_or_default(),
    );
    page(tx, list, &PROPERTIES, query, |package: &PackageRecord| package.id.0).await
}

/// One package.
pub async fn get(tx: &mut Tx, id: PackageId) -> Result<Option<PackageRecord>, StoreError> {
    let mut list = records();
    list.filter("p.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// The packages of these catalogs by name, a thousand at the most.
pub async fn of_catalogs(tx: &mut Tx, catalogs: &[CatalogId]) -> Result<Vec<PackageRecord>, StoreError> {
    if catalogs.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = records();
    list.in_list("p.catalog_id", catalogs.iter().copied().map(Arg::from).collect());
    list.all(tx, "ORDER BY p.name_folded, p.id LIMIT 1000").await
}

/// These packages, whoever asks.
pub async fn by_ids(tx: &mut Tx, ids: &[PackageId]) -> Result<Vec<PackageRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = records();
    list.in_list("p.id", ids.iter().copied().map(Arg::from).collect());
    list.all(tx, "").await
}
