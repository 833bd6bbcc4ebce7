//! Catalogs as the API lists them.

use crate::args;
use crate::domain::access::Visible;
use crate::domain::catalog::CatalogRecord;
use crate::domain::id::CatalogId;
use crate::domain::odata::ListQuery;
use crate::row;

use super::super::list::List;
use super::super::search::{self, Kind as Searched};
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Properties, Property, page};

row!(CatalogRecord {
    id: id,
    name,
    description,
    enabled,
    external,
    built_in,
    created_at,
    version
});

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("displayName", "c.name_folded", Kind::Folded).sorting(),
        Property::new("id", "c.id", Kind::Id),
        Property::new("description", "c.description", Kind::Text),
        Property::new("state", "c.enabled", Kind::Switch(&[("published", true), ("unpublished", false)])),
        Property::new(
            "catalogType",
            "c.built_in",
            Kind::Switch(&[("serviceDefault", true), ("userManaged", false)]),
        ),
        Property::new("isExternallyVisible", "c.external", Kind::Flag),
        Property::new("createdDateTime", "c.created_at", Kind::Time),
    ],
    pairs: &[],
    id: "c.id",
};

fn records() -> List {
    let mut list = List::new(
        "c.id, c.name, c.description, c.enabled, c.external, c.built_in, c.created_at, c.version",
        "catalogs c",
    );
    list.filter("c.deleted_at IS NULL", Vec::new());
    list
}

/// A page of the visible catalogs.
pub async fn list(tx: &mut Tx, query: &ListQuery, visible: &Visible) -> Result<Found<CatalogRecord>, ListFault> {
    let mut list = records();
    list.visible("c.id", visible);
    search::narrow(
        &mut list,
        "c.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Searched::Catalog,
        query.search.as_deref().unwrap_or_default(),
    );
    page(tx, list, &PROPERTIES, query, |catalog: &CatalogRecord| catalog.id.0).await
}

/// One catalog.
pub async fn get(tx: &mut Tx, id: CatalogId) -> Result<Option<CatalogRecord>, StoreError> {
    let mut list = records();
    list.filter("c.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// These catalogs, those of them that are visible.
pub async fn by_ids(tx: &mut Tx, ids: &[CatalogId], visible: &Visible) -> Result<Vec<CatalogRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = records();
    list.visible("c.id", visible);
    list.in_list("c.id", ids.iter().copied().map(Arg::from).collect());
    list.all(tx, "ORDER BY c.name_folded, c.id").await
}
