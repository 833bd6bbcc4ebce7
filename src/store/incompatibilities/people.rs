//! Who has a package together with what a rule names or would name: for one rule, before there is one, and for the whole tenant.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::access::Visible;
use crate::domain::id::{AssignmentId, CatalogId, IncompatibilityId, Named, ObjectId, PackageId, RequestId, UserId};
use crate::domain::incompatibility::{ConflictFilter, ConflictQuery, Counterpart, PEOPLE_COUNTED_MAX, PeopleItem};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::{args, row};

use super::super::list::{Key, List, Order};
use super::super::search::{self, Kind};
use super::super::tx::{Arg, StoreError, Tx};
use super::{counterpart, has_counterpart, not_excepted};

/// Whose people: those who have the package, and this too; the rule, if there is one, tells who is excepted.
#[derive(Clone, Copy, Debug)]
pub struct People {
    /// Who have this package.
    pub package: PackageId,
    /// And this.
    pub counterpart: Counterpart,
    /// The rule.
    pub rule: Option<IncompatibilityId>,
}

const BY_START: Order = Order {
    column: "a.starts_at",
    id: "a.id",
    time: true,
    direction: Direction::Down,
};

impl People {
    /// Their assignments of the package, with what `select` reads of them; $1 is the time.
    fn list(self, select: &'static str, from: &'static str, values: Vec<Arg>) -> List {
        let mut list = List::new(select, from).with(values);
        list.filter(
            "a.package_id = ? AND a.state <> 'expired' AND a.state <> 'delivery_failed' AND (a.ends_at IS NULL OR a.ends_at > $1)",
            args![self.package],
        );
        match self.counterpart {
            Counterpart::Package(id) => list.filter(
                "EXISTS (SELECT 1 FROM assignments h WHERE h.target_id = a.target_id AND h.package_id = ? AND h.state <> 'expired'
                    AND h.state <> 'delivery_failed' AND (h.ends_at IS NULL OR h.ends_at > $1))",
                args![id],
            ),
            Counterpart::Group(id) => list.filter(
                "EXISTS (SELECT 1 FROM roles hr JOIN memberships hm ON hm.role_id = hr.id WHERE hr.object_id = ? AND hr.name = 'Member'
                    AND hm.user_id = a.target_id AND hm.until > $1)",
                args![id],
            ),
        }
        list
    }
}

struct Row {
    assignment: AssignmentId,
    user_id: UserId,
    name: String,
    user_name: String,
    department: String,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    excepted_until: Option<DateTime<Utc>>,
}
row!(Row {
    assignment: id,
    user_id: id,
    name,
    user_name,
    department,
    starts_at,
    ends_at,
    excepted_until
});

/// A page of the people, newest access first.
pub async fn people(tx: &mut Tx, who: People, search: &str, page: &PageQuery, now: DateTime<Utc>) -> Result<Page<PeopleItem>, StoreError> {
    let mut list = who.list(
        "a.id AS assignment, a.target_id AS user_id, u.name, u.user_name, u.department, a.starts_at, a.ends_at,
            (SELECT max(x.ends_at) FROM incompatibility_exceptions x WHERE x.incompatibility_id = $2 AND x.user_id = a.target_id
                AND x.ended_at IS NULL AND x.ends_at > $1) AS excepted_until",
        "assignments a JOIN users u ON u.id = a.target_id",
        args![now, who.rule],
    );
    search::narrow(
        &mut list,
        "a.target_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        search,
    );
    let page = list
        .page(tx, BY_START, page, |row: &Row| {
            (Uuid::from(row.assignment), Key::Time(row.starts_at))
        })
        .await?;
    Ok(page.map(|row| PeopleItem {
        assignment: row.assignment,
        user: Named::new(row.user_id, row.name),
        user_name: row.user_name,
        department: row.department,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        excepted_until: row.excepted_until,
        except: None,
    }))
}

/// How many they are, counting no further than `PEOPLE_COUNTED_MAX` and one.
pub async fn count_people(tx: &mut Tx, who: People, now: DateTime<Utc>) -> Result<i64, StoreError> {
    who.list("a.id", "assignments a", args![now])
        .count(tx, PEOPLE_COUNTED_MAX + 1)
        .await
}

/// Ten of them, by name and user name.
pub async fn names_of_people(tx: &mut Tx, who: People, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let list = who.list(
        "u.name || ' (' || u.user_name || ')' AS name",
        "assignments a JOIN users u ON u.id = a.target_id",
        args![now],
    );
    let names: Vec<(String,)> = list.all(tx, "ORDER BY u.name_folded, u.id LIMIT 10").await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// An assignment of somebody who has what a rule of its package names.
#[derive(Clone, Debug)]
pub struct InConflict {
    /// The assignment.
    pub id: AssignmentId,
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their sign-in name.
    pub user_name: String,
    /// The package.
    pub package_id: PackageId,
    /// Its name.
    pub package_name: String,
    /// Its catalog.
    pub catalog_id: CatalogId,
    /// The catalog's name.
    pub catalog_name: String,
    /// The request that gave it.
    pub request_id: RequestId,
    /// Since when.
    pub starts_at: DateTime<Utc>,
}
row!(InConflict {
    id: id,
    user_id: id,
    name,
    user_name,
    package_id: id,
    package_name,
    catalog_id: id,
    catalog_name,
    request_id: id,
    starts_at
});

/// A page of the assignments of packages in these catalogs whose people have what a rule names, newest first.
pub async fn of_tenant(tx: &mut Tx, query: &ConflictQuery, visible: &Visible, now: DateTime<Utc>) -> Result<Page<InConflict>, StoreError> {
    let mut list = List::new(
        "a.id, a.target_id AS user_id, u.name, u.user_name, a.package_id, pk.name AS package_name, pk.catalog_id,
            c.name AS catalog_name, a.request_id, a.starts_at",
        "assignments a JOIN users u ON u.id = a.target_id JOIN packages pk ON pk.id = a.package_id JOIN catalogs c ON c.id = pk.catalog_id",
    )
    .with(args![now]);
    list.visible("pk.catalog_id", visible);
    list.filter(
        "a.package_id IN (SELECT package_id FROM incompatibilities) AND a.state <> 'expired' AND a.state <> 'delivery_failed'
            AND (a.ends_at IS NULL OR a.ends_at > $1)",
        args![],
    );
    list.filter(
        match query.filter {
            ConflictFilter::All => concat!(
                "EXISTS (SELECT 1 FROM incompatibilities i WHERE i.package_id = a.package_id AND ",
                has_counterpart!("a.target_id", "$1"),
                ")"
            ),
            ConflictFilter::Open => concat!(
                "EXISTS (SELECT 1 FROM incompatibilities i WHERE i.package_id = a.package_id AND ",
                has_counterpart!("a.target_id", "$1"),
                " AND ",
                not_excepted!("a.target_id", "$1"),
                ")"
            ),
            ConflictFilter::Excepted => concat!(
                "EXISTS (SELECT 1 FROM incompatibilities i WHERE i.package_id = a.package_id AND ",
                has_counterpart!("a.target_id", "$1"),
                " AND NOT ",
                not_excepted!("a.target_id", "$1"),
                ")"
            ),
        },
        args![],
    );
    search::narrow(
        &mut list,
        "a.target_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        &query.search,
    );
    list.page(tx, BY_START, &query.page, |row: &InConflict| {
        (Uuid::from(row.id), Key::Time(row.starts_at))
    })
    .await
}

/// A rule that somebody with an assignment is in conflict with.
#[derive(Clone, Debug)]
pub struct Met {
    /// The assignment.
    pub assignment: AssignmentId,
    /// The rule.
    pub rule: IncompatibilityId,
    with_package: Option<PackageId>,
    with_group: Option<ObjectId>,
    /// The name of what it names.
    pub name: String,
    /// The catalog of a package.
    pub catalog_id: Option<CatalogId>,
    /// Until when the person is excepted, if they are.
    pub excepted_until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Option<String>,
}
row!(Met {
    assignment: id,
    rule: id,
    with_package: opt_id,
    with_group: opt_id,
    name,
    catalog_id: opt_id,
    excepted_until,
    reason
});

impl Met {
    /// What the rule names.
    pub fn counterpart(&self) -> Option<Counterpart> {
        counterpart(self.with_package, self.with_group)
    }
}

/// The rules that the people of these assignments are in conflict with, excepted or not.
pub async fn rules_of(tx: &mut Tx, assignments: &[AssignmentId], now: DateTime<Utc>) -> Result<Vec<Met>, StoreError> {
    if assignments.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "a.id AS assignment, i.id AS rule, i.incompatible_package_id AS with_package, i.incompatible_group_id AS with_group,
            COALESCE(p.name, o.name) AS name, p.catalog_id, e.ends_at AS excepted_until, e.reason",
        "assignments a JOIN incompatibilities i ON i.package_id = a.package_id LEFT JOIN packages p ON p.id = i.incompatible_package_id
            LEFT JOIN objects o ON o.id = i.incompatible_group_id
            LEFT JOIN incompatibility_exceptions e ON e.incompatibility_id = i.id AND e.user_id = a.target_id AND e.ended_at IS NULL
                AND e.ends_at > $1",
    )
    .with(args![now]);
    list.in_list("a.id", assignments.iter().map(|id| Arg::from(*id)).collect());
    list.filter(has_counterpart!("a.target_id", "$1"), args![]);
    list.all(tx, "ORDER BY a.id, i.added_at, i.id").await
}
