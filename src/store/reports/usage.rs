//! How packages were used over a time.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::access::Visible;
use crate::domain::id::{CatalogId, Named, PackageId};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::domain::report::UsageItem;
use crate::{args, row};

use super::super::list::{Key, List, Order};
use super::super::search::{self, Kind};
use super::super::tx::{Arg, StoreError, Tx};

struct PackageRow {
    id: PackageId,
    name: String,
    name_folded: String,
    catalog_id: CatalogId,
    catalog_name: String,
}
row!(PackageRow {
    id: id,
    name,
    name_folded,
    catalog_id: id,
    catalog_name
});

/// A page of packages with their use from `from` to `now`.
pub async fn usage(
    tx: &mut Tx,
    search: &str,
    page: &PageQuery,
    visible: &Visible,
    (from, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Page<UsageItem>, StoreError> {
    let list = packages(search, visible);
    counted(tx, list, page, from, now).await
}

/// The same of packages that nobody has at `now`, and that nobody has asked for since `from`.
pub async fn unused(
    tx: &mut Tx,
    search: &str,
    page: &PageQuery,
    visible: &Visible,
    (from, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Page<UsageItem>, StoreError> {
    let mut list = packages(search, visible);
    list.filter(
        "NOT EXISTS (SELECT 1 FROM assignments a WHERE a.package_id = p.id AND a.state <> 'expired' AND (a.ends_at IS NULL OR a.ends_at > ?))
            AND NOT EXISTS (SELECT 1 FROM requests q WHERE q.package_id = p.id AND q.submitted_at >= ?) AND p.created_at < ?",
        args![now, from, from],
    );
    counted(tx, list, page, from, now).await
}

fn packages(search: &str, visible: &Visible) -> List {
    let mut list = List::new(
        "p.id, p.name, p.name_folded, p.catalog_id, c.name AS catalog_name",
        "packages p JOIN catalogs c ON c.id = p.catalog_id",
    );
    list.filter("p.deleted_at IS NULL", args![]);
    list.visible("p.catalog_id", visible);
    search::narrow(
        &mut list,
        "p.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::Package,
        search,
    );
    list
}

async fn counted(
    tx: &mut Tx,
    list: List,
    page: &PageQuery,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Page<UsageItem>, StoreError> {
    let order = Order {
        column: "p.name_folded",
        id: "p.id",
        time: false,
        direction: Direction::Up,
    };
    let page = list
        .page(tx, order, page, |row: &PackageRow| {
            (Uuid::from(row.id), Key::Text(row.name_folded.clone()))
        })
        .await?;
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id.0).collect();
    let requests = requests(tx, &ids, from, now).await?;
    let (active, ended) = assignments(tx, &ids, from, now).await?;
    let last = last_requests(tx, &ids).await?;
    Ok(page.map(|row| {
        let id = row.id.0;
        let (asked, delivered, refused) = requests.get(&id).copied().unwrap_or_default();
        UsageItem {
            package: Named::new(row.id, row.name),
            catalog: Named::new(row.catalog_id, row.catalog_name),
            requests: asked,
            delivered,
            refused,
            ended: ended.get(&id).copied().unwrap_or_default(),
            active: active.get(&id).copied().unwrap_or_default(),
            last_request: last.get(&id).copied(),
        }
    }))
}

fn of(ids: &[Uuid]) -> Vec<Arg> {
    ids.iter().map(|id| Arg::from(*id)).collect()
}

/// Of each package the requests to have it: all, those delivered, those that came to nothing.
async fn requests(
    tx: &mut Tx,
    ids: &[Uuid],
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, (i64, i64, i64)>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut list = List::new(
        "q.package_id, count(*), sum(CASE WHEN q.state IN ('delivered', 'partially_delivered') THEN 1 ELSE 0 END),
            sum(CASE WHEN q.state IN ('denied', 'expired', 'canceled', 'delivery_failed') THEN 1 ELSE 0 END)",
        "requests q",
    );
    list.in_list("q.package_id", of(ids));
    list.filter(
        "q.submitted_at >= ? AND q.submitted_at <= ? AND q.kind NOT IN ('user_remove', 'admin_remove', 'system_remove')",
        args![from, now],
    );
    let rows: Vec<(Uuid, i64, i64, i64)> = list.all(tx, "GROUP BY q.package_id").await?;
    Ok(rows
        .into_iter()
        .map(|(id, all, delivered, refused)| (id, (all, delivered, refused)))
        .collect())
}

type ByPackage<T> = HashMap<Uuid, T>;

/// Of each package the assignments that hold at `now`, and those that ended since `from`.
async fn assignments(
    tx: &mut Tx,
    ids: &[Uuid],
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(ByPackage<i64>, ByPackage<i64>), StoreError> {
    if ids.is_empty() {
        return Ok(Default::default());
    }
    let mut active = List::new("a.package_id, count(*)", "assignments a");
    active.in_list("a.package_id", of(ids));
    active.filter(
        "a.state <> 'expired' AND a.starts_at <= ? AND (a.ends_at IS NULL OR a.ends_at > ?)",
        args![now, now],
    );
    let mut ended = List::new("a.package_id, count(*)", "assignments a");
    ended.in_list("a.package_id", of(ids));
    ended.filter("a.ends_at > ? AND a.ends_at <= ?", args![from, now]);
    let active: Vec<(Uuid, i64)> = active.all(tx, "GROUP BY a.package_id").await?;
    let ended: Vec<(Uuid, i64)> = ended.all(tx, "GROUP BY a.package_id").await?;
    Ok((active.into_iter().collect(), ended.into_iter().collect()))
}

/// When each package was last asked for.
async fn last_requests(tx: &mut Tx, ids: &[Uuid]) -> Result<ByPackage<DateTime<Utc>>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut list = List::new("q.package_id, max(q.submitted_at)", "requests q");
    list.in_list("q.package_id", of(ids));
    let rows: Vec<(Uuid, DateTime<Utc>)> = list.all(tx, "GROUP BY q.package_id").await?;
    Ok(rows.into_iter().collect())
}
