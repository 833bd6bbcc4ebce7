//! The first few things of each kind whose words begin with those of a search: read from the index of words, never counted.

use uuid::Uuid;

use crate::args;
use crate::domain::access::Visible;
use crate::domain::find::HITS_MAX;
use crate::domain::object::ObjectKind;
use crate::domain::page::{Direction, PageQuery};

use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{StoreError, Tx, word};

/// Something that was found: its id, its name, and what tells it from another of the same name.
pub struct Found {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// User name, catalog, or empty.
    pub detail: String,
    sort: String,
}
crate::row!(Found { id, name, detail, sort });

const ORDER: Order = Order {
    column: "k.name_folded",
    id: "k.id",
    time: false,
    direction: Direction::Up,
};

async fn first(tx: &mut Tx, list: List, order: Order) -> Result<Vec<Found>, StoreError> {
    let query = PageQuery {
        size: HITS_MAX as u16,
        ..PageQuery::default()
    };
    let page = list
        .page(tx, order, &query, |found: &Found| (found.id, Key::Text(found.sort.clone())))
        .await?;
    Ok(page.items)
}

/// Users, by name.
pub async fn users(tx: &mut Tx, text: &str) -> Result<Vec<Found>, StoreError> {
    let select = "u.id, u.name, u.user_name AS detail, u.name_folded AS sort";
    match search::found(Kind::User, text, Direction::Up, select, "users u ON u.id = k.id") {
        Some((list, order)) => first(tx, list, order).await,
        None => Ok(Vec::new()),
    }
}

/// Groups, applications or sites, by name.
pub async fn objects(tx: &mut Tx, kind: ObjectKind, text: &str) -> Result<Vec<Found>, StoreError> {
    let mut list = List::new("k.id, k.name, k.description AS detail, k.name_folded AS sort", "objects k");
    list.filter("k.kind = ? AND k.deleted_at IS NULL", vec![word(kind)]);
    search::narrow(
        &mut list,
        "k.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::Object,
        text,
    );
    first(tx, list, ORDER).await
}

/// Packages of the catalogs that are visible, by name.
pub async fn packages(tx: &mut Tx, visible: &Visible, text: &str) -> Result<Vec<Found>, StoreError> {
    let mut list = List::new(
        "k.id, k.name, c.name AS detail, k.name_folded AS sort",
        "packages k JOIN catalogs c ON c.id = k.catalog_id",
    );
    list.filter("k.deleted_at IS NULL", Vec::new());
    list.visible("k.catalog_id", visible);
    search::narrow(
        &mut list,
        "k.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::Package,
        text,
    );
    first(tx, list, ORDER).await
}

/// Visible catalogs, by name.
pub async fn catalogs(tx: &mut Tx, visible: &Visible, text: &str) -> Result<Vec<Found>, StoreError> {
    let mut list = List::new("k.id, k.name, k.description AS detail, k.name_folded AS sort", "catalogs k");
    list.filter("k.deleted_at IS NULL", Vec::new());
    list.visible("k.id", visible);
    search::narrow(
        &mut list,
        "k.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::Catalog,
        text,
    );
    first(tx, list, ORDER).await
}

/// A request that was found by its number.
pub struct FoundRequest {
    /// The request.
    pub id: Uuid,
    /// Its package.
    pub package_id: Uuid,
    /// The package's name.
    pub package: String,
    /// Whose access it is about.
    pub person: String,
}
crate::row!(FoundRequest {
    id,
    package_id,
    package,
    person
});

/// Requests of visible catalogs whose id lies between these.
pub async fn requests(tx: &mut Tx, visible: &Visible, (low, high): (u128, u128)) -> Result<Vec<FoundRequest>, StoreError> {
    let mut list = List::new(
        "q.id, q.package_id, p.name AS package, u.name AS person",
        "requests q JOIN packages p ON p.id = q.package_id JOIN users u ON u.id = q.target_id",
    );
    list.filter("q.id >= ? AND q.id <= ?", args![Uuid::from_u128(low), Uuid::from_u128(high)]);
    list.visible("p.catalog_id", visible);
    list.all(tx, "ORDER BY q.id LIMIT 5").await
}
