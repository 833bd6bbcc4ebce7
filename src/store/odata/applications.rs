//! Applications as the API lists them, with their roles.

use crate::domain::id::{ObjectId, RoleId};
use crate::domain::object::{ApplicationRecord, RoleItem};
use crate::domain::odata::ListQuery;
use crate::{args, row};

use super::super::list::List;
use super::super::search::{self, Kind as Searched};
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Properties, Property, page};

struct Row {
    id: ObjectId,
    name: String,
    description: String,
}
row!(Row { id: id, name, description });

struct Role {
    id: RoleId,
    object_id: ObjectId,
    name: String,
}
row!(Role {
    id: id,
    object_id: id,
    name
});

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("displayName", "o.name_folded", Kind::Folded).sorting(),
        Property::new("id", "o.id", Kind::Id),
        Property::new("appId", "o.id", Kind::Id),
        Property::new("description", "o.description", Kind::Text),
    ],
    pairs: &[],
    id: "o.id",
};

fn records() -> List {
    let mut list = List::new("o.id, o.name, o.description", "objects o");
    list.filter("o.kind = 'application' AND o.deleted_at IS NULL", Vec::new());
    list
}

/// A page of applications.
pub async fn list(tx: &mut Tx, query: &ListQuery) -> Result<Found<ApplicationRecord>, ListFault> {
    let mut list = records();
    search::narrow(
        &mut list,
        "o.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Searched::Object,
        query.search.as_deref().unwrap_or_default(),
    );
    let found = page(tx, list, &PROPERTIES, query, |row: &Row| row.id.0).await?;
    let shown = with_roles(tx, &found.rows).await?;
    Ok(found.with(shown))
}

/// One application.
pub async fn get(tx: &mut Tx, id: ObjectId) -> Result<Option<ApplicationRecord>, StoreError> {
    let mut list = records();
    list.filter("o.id = ?", args![id]);
    let rows: Vec<Row> = list.all(tx, "").await?;
    Ok(with_roles(tx, &rows).await?.pop())
}

async fn with_roles(tx: &mut Tx, rows: &[Row]) -> Result<Vec<ApplicationRecord>, StoreError> {
    let mut list = List::new("r.id, r.object_id, r.name", "roles r");
    list.in_list("r.object_id", rows.iter().map(|row| Arg::from(row.id)).collect());
    let roles: Vec<Role> = if rows.is_empty() {
        Vec::new()
    } else {
        list.all(tx, "ORDER BY r.position, r.id").await?
    };
    let shown = rows.iter().map(|row| ApplicationRecord {
        id: row.id,
        name: row.name.clone(),
        description: row.description.clone(),
        roles: roles
            .iter()
            .filter(|role| role.object_id == row.id)
            .map(|role| RoleItem {
                id: role.id,
                name: role.name.clone(),
            })
            .collect(),
    });
    Ok(shown.collect())
}
