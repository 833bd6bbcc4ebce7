//! Resources of catalogs, and their roles, as the API lists them.

use uuid::Uuid;

use crate::args;
use crate::domain::access::Visible;
use crate::domain::id::{CatalogId, ObjectId, ResourceId, RoleId};
use crate::domain::object::{ObjectKind, ResourceRecord, ResourceRoleRecord};
use crate::domain::odata::ListQuery;
use crate::row;

use super::super::list::List;
use super::super::search::{self, Kind as Searched};
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Properties, Property, page};

row!(ResourceRecord {
    id: id,
    catalog_id: id,
    object_id: id,
    kind: word,
    name,
    description,
    url,
    added_at
});

/// The systems that resources come from, each with the kind of object that it stands for.
pub const SYSTEMS: &[(&str, &str)] = &[
    ("AadGroup", "group"),
    ("AadApplication", "application"),
    ("SharePointOnline", "site"),
];

/// An id of a group or application, or the address of a site.
fn origin(text: &str) -> Option<Vec<Arg>> {
    Some(args![Uuid::parse_str(text.trim()).unwrap_or_default(), text.trim()])
}

const ORIGIN: &str = "(o.id = ? OR (o.url IS NOT NULL AND o.kind = 'site' AND o.url = ?))";

const RESOURCES: Properties = Properties {
    all: &[
        Property::new("displayName", "o.name_folded", Kind::Folded).sorting(),
        Property::new("id", "r.id", Kind::Id),
        Property::new("description", "o.description", Kind::Text),
        Property::new("originId", ORIGIN, Kind::Parts(origin)),
        Property::new("originSystem", "o.kind", Kind::Words(SYSTEMS)),
        Property::new("catalog/id", "r.catalog_id", Kind::Id),
        Property::new("createdDateTime", "r.added_at", Kind::Time),
    ],
    pairs: &[],
    id: "r.id",
};

fn records() -> List {
    List::new(
        "r.id, r.catalog_id, r.object_id, o.kind, o.name, o.description, o.url, r.added_at",
        "catalog_resources r JOIN objects o ON o.id = r.object_id",
    )
}

/// Which resources are meant: of one catalog, or of all that are visible.
fn narrow(list: &mut List, catalog: Option<CatalogId>, visible: &Visible) {
    list.visible("r.catalog_id", visible);
    if let Some(catalog) = catalog {
        list.filter("r.catalog_id = ?", args![catalog]);
    }
}

/// A page of the resources of a catalog, or of all visible ones.
pub async fn list(
    tx: &mut Tx,
    query: &ListQuery,
    catalog: Option<CatalogId>,
    visible: &Visible,
) -> Result<Found<ResourceRecord>, ListFault> {
    let mut list = records();
    narrow(&mut list, catalog, visible);
    search::narrow(
        &mut list,
        "o.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Searched::Object,
        query.search.as_deref().unwrap_or_default(),
    );
    page(tx, list, &RESOURCES, query, |resource: &ResourceRecord| resource.id.0).await
}

/// One resource.
pub async fn get(tx: &mut Tx, id: ResourceId) -> Result<Option<ResourceRecord>, StoreError> {
    let mut list = records();
    list.filter("r.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// The resources of these catalogs by name, a thousand at the most.
pub async fn of_catalogs(tx: &mut Tx, catalogs: &[CatalogId]) -> Result<Vec<ResourceRecord>, StoreError> {
    if catalogs.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = records();
    list.in_list("r.catalog_id", catalogs.iter().copied().map(Arg::from).collect());
    list.all(tx, "ORDER BY o.name_folded, r.id LIMIT 1000").await
}

struct RoleRow {
    role_id: RoleId,
    role_name: String,
    position: i64,
    resource: ResourceRecord,
}
row!(RoleRow {
    role_id: id,
    role_name,
    position,
    resource: columns
});

impl From<RoleRow> for ResourceRoleRecord {
    fn from(row: RoleRow) -> Self {
        Self {
            id: row.role_id,
            name: row.role_name,
            position: row.position,
            resource: row.resource,
        }
    }
}

/// `Member_ID` of a group, the id of an application's role, the number of a site's.
fn role_origin(text: &str) -> Option<Vec<Arg>> {
    let text = text.trim();
    let (name, group) = text.split_once('_').unwrap_or_default();
    let group = Uuid::parse_str(group).unwrap_or_default();
    Some(args![name, group, Uuid::parse_str(text).unwrap_or_default(), text])
}

const ROLES: Properties = Properties {
    all: &[
        Property::new("displayName", "l.name", Kind::Text).sorting(),
        Property::new("id", "l.id", Kind::Id),
        Property::new(
            "originId",
            "((o.kind = 'group' AND l.name = ? AND o.id = ?) OR (o.kind = 'application' AND l.id = ?)
                OR (o.kind = 'site' AND CAST(l.position AS TEXT) = ?))",
            Kind::Parts(role_origin),
        ),
        Property::new("originSystem", "o.kind", Kind::Words(SYSTEMS)),
        Property::new("resource/id", "r.id", Kind::Id),
        Property::new("resource/originId", ORIGIN, Kind::Parts(origin)),
        Property::new("resource/displayName", "o.name_folded", Kind::Folded),
    ],
    pairs: &[],
    id: "l.id",
};

/// Of a group whose members a rule decides only Owner can be given.
fn role_records() -> List {
    let mut list = List::new(
        "l.id AS role_id, l.name AS role_name, l.position, r.id, r.catalog_id, r.object_id, o.kind, o.name, o.description, o.url, r.added_at",
        "catalog_resources r JOIN objects o ON o.id = r.object_id JOIN roles l ON l.object_id = o.id",
    );
    list.filter(
        "(o.membership IS NULL OR o.membership <> 'dynamic' OR l.name = 'Owner') AND o.deleted_at IS NULL",
        Vec::new(),
    );
    list
}

/// A page of the roles of a catalog's resources.
pub async fn roles(
    tx: &mut Tx,
    query: &ListQuery,
    catalog: Option<CatalogId>,
    visible: &Visible,
) -> Result<Found<ResourceRoleRecord>, ListFault> {
    let mut list = role_records();
    narrow(&mut list, catalog, visible);
    let found = page(tx, list, &ROLES, query, |row: &RoleRow| row.role_id.0).await?;
    Ok(found.map(ResourceRoleRecord::from))
}

/// The statement of a page of resources, or with `roles` of their roles.
#[cfg(test)]
pub fn statement(query: &ListQuery, catalog: Option<CatalogId>, visible: &Visible, roles: bool) -> (String, Vec<Arg>) {
    let mut list = if roles { role_records() } else { records() };
    narrow(&mut list, catalog, visible);
    super::asked(list, if roles { &ROLES } else { &RESOURCES }, query)
}

/// The roles of these resources, in the order of each.
pub async fn roles_of(tx: &mut Tx, resources: &[ResourceId]) -> Result<Vec<ResourceRoleRecord>, StoreError> {
    if resources.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = role_records();
    list.in_list("r.id", resources.iter().copied().map(Arg::from).collect());
    let rows: Vec<RoleRow> = list.all(tx, "ORDER BY r.id, l.position, l.id LIMIT 5000").await?;
    Ok(rows.into_iter().map(ResourceRoleRecord::from).collect())
}

/// An object that may become a resource: by its id, or a site by its address.
pub async fn object_of(tx: &mut Tx, kind: ObjectKind, origin: &str) -> Result<Option<ObjectId>, StoreError> {
    let mut list = List::new("o.id", "objects o");
    list.filter("o.deleted_at IS NULL AND o.kind = ?", vec![super::super::tx::word(kind)]);
    list.filter(ORIGIN, args![Uuid::parse_str(origin.trim()).unwrap_or_default(), origin.trim()]);
    let rows: Vec<(Uuid,)> = list.all(tx, "ORDER BY o.id LIMIT 1").await?;
    Ok(rows.into_iter().next().map(|(id,)| ObjectId(id)))
}

const SCOPES: Properties = Properties {
    all: &[
        Property::new("resource/displayName", "o.name_folded", Kind::Folded).sorting(),
        Property::new("displayName", "'root'", Kind::Folded),
        Property::new("id", "o.id", Kind::Id),
        Property::new("originId", ORIGIN, Kind::Parts(origin)),
        Property::new("originSystem", "o.kind", Kind::Words(SYSTEMS)),
        Property::new("resource/id", "r.id", Kind::Id),
    ],
    pairs: &[],
    id: "r.id",
};

/// A page of the scopes of a catalog's resources; each resource has one, which is all of it.
pub async fn scopes(tx: &mut Tx, query: &ListQuery, catalog: CatalogId) -> Result<Found<ResourceRecord>, ListFault> {
    let mut list = records();
    list.filter("r.catalog_id = ?", args![catalog]);
    page(tx, list, &SCOPES, query, |resource: &ResourceRecord| resource.id.0).await
}
