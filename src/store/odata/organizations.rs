//! Connected organizations as the API lists them.

use crate::domain::odata::ListQuery;
use crate::domain::organization::Organization;

use super::super::list::List;
use super::super::organizations::{COLUMNS, Plain, with_domains};
use super::super::search::{self, Kind as Searched};
use super::super::tx::Tx;
use super::{Found, Kind, ListFault, Properties, Property, page};

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("displayName", "c.name_folded", Kind::Folded).sorting(),
        Property::new("id", "c.id", Kind::Id),
        Property::new("description", "c.description", Kind::Text),
        Property::new(
            "state",
            "c.state",
            Kind::Words(&[("configured", "configured"), ("proposed", "proposed")]),
        ),
        Property::new("createdDateTime", "c.created_at", Kind::Time),
        Property::new("modifiedDateTime", "c.updated_at", Kind::Time),
    ],
    pairs: &[],
    id: "c.id",
};

/// A page of connected organizations.
pub async fn list(tx: &mut Tx, query: &ListQuery) -> Result<Found<Organization>, ListFault> {
    let mut list = List::new(COLUMNS, "connected_organizations c");
    search::narrow(
        &mut list,
        "c.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Searched::Organization,
        query.search.as_deref().unwrap_or_default(),
    );
    let found = page(tx, list, &PROPERTIES, query, |row: &Plain| row.id.0).await?;
    let (next, count) = (found.next, found.count);
    let rows = with_domains(tx, found.rows).await?;
    Ok(Found { rows, next, count })
}
