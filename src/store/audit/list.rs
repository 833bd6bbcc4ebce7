//! Pages of the trail, newest first. Ids rise with time, so the id alone orders rows, and each filter has an index that ends in it: a page
//! reads what it shows, however long the trail. Several names are read one by one and put together.

use uuid::Uuid;

use crate::args;
use crate::domain::access::{PrincipalKind, Visible};
use crate::domain::audit::{Activity, AuditItem, AuditQuery, Outcome, Target};
use crate::domain::id::{CatalogId, ClientId, Named};
use crate::domain::page::Page;
use crate::row;

use super::super::list::List;
use super::super::search::{self, Kind};
use super::super::tx::{Arg, StoreError, Tx, word};
use super::{first_id, instant, targets};

/// Things of one kind whose rows are put together for a search.
const NAMES_MAX: usize = 8;
/// Ids are made no earlier than their row's instant, and by a clock that was set back not much later.
const AHEAD: chrono::Duration = chrono::Duration::days(1);

/// Which rows, for whom: what was asked, and what the reader may see.
#[derive(Clone, Debug)]
pub struct Narrowed<'a> {
    /// What was asked.
    pub query: &'a AuditQuery,
    /// Rows of these catalogs; all, also what belongs to none, for who sees all.
    pub visible: &'a Visible,
}

/// By what the rows are read.
#[derive(Clone, Copy, Debug)]
enum Driver {
    Rows,
    Actor(Uuid),
    Target(Uuid),
    Catalog(CatalogId),
}

/// From where on: behind an id, or before it.
#[derive(Clone, Copy, Debug, Default)]
struct Edge {
    older_than: Option<Uuid>,
    newer_than: Option<Uuid>,
}

impl Edge {
    fn turned(self) -> bool {
        self.newer_than.is_some()
    }
}

const NEWEST: [&str; 2] = ["ORDER BY a.id DESC LIMIT 51", "ORDER BY a.id DESC LIMIT 201"];
const OLDEST: [&str; 2] = ["ORDER BY a.id LIMIT 51", "ORDER BY a.id LIMIT 201"];
const NEWEST_OF_TARGET: [&str; 2] = ["ORDER BY t.audit_id DESC LIMIT 51", "ORDER BY t.audit_id DESC LIMIT 201"];
const OLDEST_OF_TARGET: [&str; 2] = ["ORDER BY t.audit_id LIMIT 51", "ORDER BY t.audit_id LIMIT 201"];

impl Driver {
    /// The ids that it leads to, behind an edge, and the order in which they are read.
    fn list(self, narrowed: &Narrowed<'_>, edge: Edge) -> (List, &'static str) {
        let of_target = matches!(self, Self::Target(_));
        let mut list = if of_target {
            // SQLite keeps to the order of a CROSS JOIN.
            List::new("t.audit_id", "audit_targets t CROSS JOIN audit a")
        } else {
            List::new("a.id", "audit a")
        };
        match self {
            Self::Rows => {}
            Self::Actor(id) => list.filter("a.actor_id = ?", args![id]),
            Self::Target(id) => list.filter("t.target_id = ? AND a.id = t.audit_id", args![id]),
            Self::Catalog(id) => list.filter("a.catalog_id = ?", args![id]),
        }
        if let (Visible::Catalogs(_), false) = (narrowed.visible, matches!(self, Self::Catalog(_))) {
            list.visible("a.catalog_id", narrowed.visible);
        }
        let (newer, older) = if of_target {
            ("t.audit_id > ?", "t.audit_id < ?")
        } else {
            ("a.id > ?", "a.id < ?")
        };
        narrow(&mut list, narrowed.query, newer, older);
        for (condition, id) in [(older, edge.older_than), (newer, edge.newer_than)] {
            if let Some(id) = id {
                list.filter(condition, args![id]);
            }
        }
        let [tail, long] = match (of_target, edge.turned()) {
            (false, false) => NEWEST,
            (false, true) => OLDEST,
            (true, false) => NEWEST_OF_TARGET,
            (true, true) => OLDEST_OF_TARGET,
        };
        (list, if narrowed.query.page.size() <= 50 { tail } else { long })
    }
}

/// What is asked of a row itself.
fn narrow(list: &mut List, query: &AuditQuery, newer: &'static str, older: &'static str) {
    if let Some(activity) = query.activity {
        list.filter("a.activity = ?", vec![word(activity)]);
    }
    match query.outcome {
        Some(Outcome::Failure) => list.filter("a.result = 'failure'", args![]),
        Some(Outcome::Success) => list.filter("a.result = 'success'", args![]),
        None => {}
    }
    if let Some(id) = query.correlation {
        list.filter("a.correlation_id = ?", args![id]);
    }
    if let Some(id) = query.row {
        list.filter("a.id = ?", args![id]);
    }
    if let Some(from) = query.from {
        list.filter(newer, args![first_id(from)]);
        list.filter("a.at >= ?", args![instant(from)]);
    }
    if let Some(until) = query.until {
        list.filter(older, args![first_id(until + AHEAD)]);
        list.filter("a.at < ?", args![instant(until)]);
    }
}

/// Everything that has to be read to find the rows; none where nothing can be found.
async fn drivers(tx: &mut Tx, narrowed: &Narrowed<'_>) -> Result<Vec<Driver>, StoreError> {
    let query = narrowed.query;
    if !query.search.trim().is_empty() {
        let kinds = [Kind::User, Kind::Object, Kind::Package, Kind::Catalog];
        let mut named = search::owners(tx, &kinds, &query.search, NAMES_MAX).await?;
        named.extend(query.search.trim().parse::<Uuid>());
        return Ok(named.into_iter().flat_map(|id| [Driver::Target(id), Driver::Actor(id)]).collect());
    }
    Ok(match (query.target, query.actor, narrowed.visible) {
        (Some(id), _, _) => vec![Driver::Target(id)],
        (None, Some(id), _) => vec![Driver::Actor(id)],
        // A chain, or one row, is found by itself, and what may be seen of it is only compared.
        (None, None, Visible::Catalogs(ids)) if query.correlation.is_none() && query.row.is_none() => {
            ids.iter().map(|id| Driver::Catalog(*id)).collect()
        }
        (None, None, _) => vec![Driver::Rows],
    })
}

/// The ids of up to a page and one more, in the order in which they are read.
async fn ids(tx: &mut Tx, drivers: &[Driver], narrowed: &Narrowed<'_>, edge: Edge) -> Result<Vec<Uuid>, StoreError> {
    let mut ids = Vec::new();
    for driver in drivers {
        let (mut list, tail) = driver.list(narrowed, edge);
        let query = narrowed.query;
        // What another filter reads by is only compared here.
        if let (Some(id), false) = (query.actor, matches!(driver, Driver::Actor(_)) && query.search.trim().is_empty()) {
            list.filter("a.actor_id = ?", args![id]);
        }
        if let (Some(id), false) = (query.target, matches!(driver, Driver::Target(_)) && query.search.trim().is_empty()) {
            list.filter(
                "EXISTS (SELECT 1 FROM audit_targets x WHERE x.target_id = ? AND x.audit_id = a.id)",
                args![id],
            );
        }
        let found: Vec<(Uuid,)> = list.all(tx, tail).await?;
        ids.extend(found.into_iter().map(|(id,)| id));
    }
    ids.sort_unstable();
    ids.dedup();
    if !edge.turned() {
        ids.reverse();
    }
    ids.truncate(usize::try_from(narrowed.query.page.size() + 1).unwrap_or(usize::MAX));
    Ok(ids)
}

/// A page of rows, newest first.
pub async fn page(tx: &mut Tx, narrowed: &Narrowed<'_>) -> Result<Page<AuditItem>, StoreError> {
    let asked = &narrowed.query.page;
    let key = |key: &Option<String>| key.as_deref().and_then(|key| key.parse::<Uuid>().ok());
    let mut edge = Edge {
        older_than: key(&asked.after),
        newer_than: key(&asked.before).filter(|_| asked.after.is_none()),
    };
    let drivers = drivers(tx, narrowed).await?;
    let mut ids = ids(tx, &drivers, narrowed, edge).await?;
    let mut from_edge = edge.older_than.is_some() || edge.newer_than.is_some();
    if ids.is_empty() && from_edge {
        (edge, from_edge) = (Edge::default(), false);
        ids = self::ids(tx, &drivers, narrowed, edge).await?;
    }
    let size = usize::try_from(asked.size()).unwrap_or(usize::MAX);
    let more = ids.len() > size;
    ids.truncate(size);
    let turned = edge.turned();
    if turned {
        ids.reverse();
    }
    let (has_previous, has_next) = if turned { (more, from_edge) } else { (from_edge, more) };
    Ok(Page {
        previous: ids.first().filter(|_| has_previous).map(Uuid::to_string),
        next: ids.last().filter(|_| has_next).map(Uuid::to_string),
        items: items(tx, &ids).await?,
        total: None,
        restarted: !from_edge && (asked.after.is_some() || asked.before.is_some()),
    })
}

struct ItemRow {
    id: Uuid,
    seq: Option<i64>,
    at: chrono::DateTime<chrono::Utc>,
    actor_kind: PrincipalKind,
    actor_id: Option<Uuid>,
    actor_name: String,
    address: String,
    client_id: Option<Uuid>,
    client_name: Option<String>,
    activity: Activity,
    result: Outcome,
    changes: Vec<crate::domain::audit::Change>,
    detail: String,
    correlation_id: Uuid,
}
row!(ItemRow {
    id,
    seq,
    at: instant,
    actor_kind: word,
    actor_id,
    actor_name,
    address,
    client_id,
    client_name,
    activity: word,
    result: word,
    changes: json_text,
    detail,
    correlation_id
});

/// The rows of these ids, in their order.
async fn items(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<AuditItem>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "a.id, a.seq, a.at, a.actor_kind, a.actor_id, a.actor_name, a.address, a.client_id, a.client_name, a.activity, a.result, a.changes, \
         a.detail, a.correlation_id",
        "audit a",
    );
    list.in_list("a.id", ids.iter().map(|id| Arg::from(*id)).collect());
    let mut rows: Vec<ItemRow> = list.all(tx, "").await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    let mut targets = targets(tx, ids).await?;
    name_people(tx, targets.values_mut().flatten().collect()).await?;
    Ok(rows
        .into_iter()
        .map(|row| AuditItem {
            targets: targets.remove(&row.id).unwrap_or_default(),
            id: row.id,
            seq: row.seq,
            at: row.at,
            actor_kind: row.actor_kind,
            actor: row.actor_id,
            actor_name: row.actor_name,
            address: row.address,
            client: row
                .client_id
                .map(|id| Named::new(ClientId(id), row.client_name.unwrap_or_default())),
            activity: row.activity,
            outcome: row.result,
            changes: row.changes,
            detail: row.detail,
            correlation: row.correlation_id,
        })
        .collect())
}

/// People whose row has their id alone are called as they are called now.
async fn name_people(tx: &mut Tx, mut targets: Vec<&mut Target>) -> Result<(), StoreError> {
    targets.retain(|target| target.name.is_empty() && target.kind == "user");
    if targets.is_empty() {
        return Ok(());
    }
    let mut ids: Vec<Uuid> = targets.iter().map(|target| target.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut list = List::new("u.id, u.name", "users u");
    list.in_list("u.id", ids.into_iter().map(Arg::from).collect());
    let names: Vec<(Uuid, String)> = list.all(tx, "").await?;
    for target in targets {
        if let Some((_, name)) = names.iter().find(|(id, _)| *id == target.id) {
            target.name.clone_from(name);
        }
    }
    Ok(())
}

/// The statements that find a page, to look at how the database would carry them out.
#[cfg(test)]
pub async fn statements(tx: &mut Tx, narrowed: &Narrowed<'_>) -> Vec<(String, Vec<Arg>)> {
    let drivers = drivers(tx, narrowed).await.expect("drivers");
    let write = |driver: &Driver| {
        let (list, tail) = driver.list(narrowed, Edge::default());
        list.written(tail)
    };
    drivers.iter().map(write).collect()
}
