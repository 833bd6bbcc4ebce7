//! Access packages as the API lists them.

use chrono::{DateTime, Utc};

use crate::args;
use crate::domain::access::Visible;
use crate::domain::id::{CatalogId, PackageId, UserId};
use crate::domain::odata::ListQuery;
use crate::domain::package::PackageRecord;
use crate::domain::user::UserKind;
use crate::row;

use super::super::list::List;
use super::super::offers;
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
    pairs: &[],
    id: "p.id",
};

fn records() -> List {
    let mut list = List::new(
        "p.id, p.catalog_id, p.name, p.description, p.hidden, p.prior_membership, p.created_at, p.updated_at, p.version",
        "packages p JOIN catalogs c ON c.id = p.catalog_id",
    );
    list.filter("p.deleted_at IS NULL", Vec::new());
    list
}

/// Which packages are meant.
#[derive(Clone, Debug)]
pub enum Which {
    /// Those of visible catalogs.
    Visible(Visible),
    /// Of these those that a package names as incompatible.
    IncompatibleOf(PackageId, Visible),
    /// Of these those that name a package as incompatible.
    IncompatibleWith(PackageId, Visible),
    /// Those that a person may ask for at a time, and that are not hidden.
    Requestable(UserId, UserKind, DateTime<Utc>),
}

impl Which {
    fn narrow(&self, list: &mut List) {
        match self {
            Self::Visible(visible) => list.visible("p.catalog_id", visible),
            Self::IncompatibleOf(package, visible) => {
                list.visible("p.catalog_id", visible);
                list.filter(
                    "p.id IN (SELECT i.incompatible_package_id FROM incompatibilities i WHERE i.package_id = ? AND i.incompatible_package_id IS NOT NULL)",
                    args![*package],
                );
            }
            Self::IncompatibleWith(package, visible) => {
                list.visible("p.catalog_id", visible);
                list.filter(
                    "p.id IN (SELECT i.package_id FROM incompatibilities i WHERE i.incompatible_package_id = ?)",
                    args![*package],
                );
            }
            Self::Requestable(user, kind, now) => {
                offers::offered(list, *user, *kind, *now);
                list.filter("NOT p.hidden", Vec::new());
            }
        }
    }
}

/// A page of packages.
pub async fn list(tx: &mut Tx, query: &ListQuery, which: &Which) -> Result<Found<PackageRecord>, ListFault> {
    let mut list = records();
    which.narrow(&mut list);
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
    visible_by_ids(tx, ids, &Visible::All).await
}

/// These packages, those of them in visible catalogs.
pub async fn visible_by_ids(tx: &mut Tx, ids: &[PackageId], visible: &Visible) -> Result<Vec<PackageRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = records();
    list.visible("p.catalog_id", visible);
    list.in_list("p.id", ids.iter().copied().map(Arg::from).collect());
    list.all(tx, "ORDER BY p.name_folded, p.id").await
}

struct Pair {
    package_id: PackageId,
    other_id: uuid::Uuid,
}
row!(Pair { package_id: id, other_id });

/// What packages are related to by separation of duties: each package beside what it names or what names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Packages that it names.
    Packages,
    /// Groups that it names.
    Groups,
    /// Packages that name it.
    With,
}

/// The other halves of a relation of these packages.
pub async fn related(tx: &mut Tx, ids: &[PackageId], relation: Relation) -> Result<Vec<(PackageId, uuid::Uuid)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (columns, of, condition) = match relation {
        Relation::Packages => (
            "i.package_id, i.incompatible_package_id AS other_id",
            "i.package_id",
            "i.incompatible_package_id IS NOT NULL",
        ),
        Relation::Groups => (
            "i.package_id, i.incompatible_group_id AS other_id",
            "i.package_id",
            "i.incompatible_group_id IS NOT NULL",
        ),
        Relation::With => (
            "i.incompatible_package_id AS package_id, i.package_id AS other_id",
            "i.incompatible_package_id",
            "i.incompatible_package_id IS NOT NULL",
        ),
    };
    let mut list = List::new(columns, "incompatibilities i");
    list.filter(condition, Vec::new());
    list.in_list(of, ids.iter().copied().map(Arg::from).collect());
    let pairs: Vec<Pair> = list.all(tx, "ORDER BY i.added_at, i.id LIMIT 2000").await?;
    Ok(pairs.into_iter().map(|pair| (pair.package_id, pair.other_id)).collect())
}
