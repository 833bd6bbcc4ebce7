//! Keeps the audit trail. Rows and their targets are text that can be hashed byte for byte; the number and the hash of a row come later, by
//! sealing. Must not know what was done or how a hash is made.

mod list;

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

use crate::domain::audit::{Activity, Change, Outcome, Target};
use crate::domain::id::{ClientId, Named};
use crate::domain::text::StringEnum;
use crate::{args, row};

use super::dialect::trusted_sql;
use super::list::List;
use super::tx::{Arg, StoreError, Tx};

#[cfg(test)]
pub use list::statements;
pub use list::{Narrowed, page};

/// A row of the trail as it is written.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// Which one.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of caller acted.
    pub actor_kind: &'static str,
    /// The account or client, if it was one.
    pub actor_id: Option<Uuid>,
    /// Who, by name.
    pub actor_name: String,
    /// From which network address; blank if from none.
    pub address: String,
    /// The client through which a person acted.
    pub client: Option<Named<ClientId>>,
    /// What was done.
    pub activity: Activity,
    /// How it came out.
    pub outcome: Outcome,
    /// To what.
    pub targets: Vec<Target>,
    /// What was changed.
    pub changes: Vec<Change>,
    /// Anything worth knowing.
    pub detail: String,
    /// Ties rows of one chain together.
    pub correlation_id: Uuid,
}

/// An instant as the trail keeps it: 27 characters, so that they sort as the instants do.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Writes a row and its targets when the transaction commits.
pub fn insert_on_commit(tx: &mut Tx, row: NewRow) -> Result<(), StoreError> {
    let changes = serde_json::to_string(&row.changes).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    tx.insert_on_commit(
        "audit (id, at, actor_kind, actor_id, actor_name, address, client_id, client_name, activity, result, changes, detail, correlation_id)",
        "",
        args![
            row.id,
            instant(row.at),
            row.actor_kind,
            row.actor_id,
            row.actor_name,
            row.address,
            row.client.as_ref().map(|client| client.id),
            row.client.map(|client| client.name),
            row.activity.as_str(),
            row.outcome.as_str(),
            changes,
            row.detail,
            row.correlation_id
        ],
    );
    let mut targets = row.targets;
    let mut seen = Vec::with_capacity(targets.len());
    // Each once: a list by target shows the row once.
    targets.retain(|target| {
        !seen.contains(&target.id) && {
            seen.push(target.id);
            true
        }
    });
    for (position, target) in targets.into_iter().enumerate() {
        tx.insert_on_commit(
            "audit_targets (audit_id, position, kind, target_id, name)",
            "",
            args![row.id, position as i64, target.kind, target.id, target.name],
        );
    }
    Ok(())
}

/// One line of a story in the trail.
#[derive(Clone, Debug)]
pub struct TrailRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name.
    pub actor_name: String,
    /// What was done.
    pub activity: Activity,
    /// What was changed.
    pub changes: Vec<Change>,
    /// Anything worth knowing.
    pub detail: String,
}
row!(TrailRow {
    at: instant,
    actor_name,
    activity: word,
    changes: json_text,
    detail
});

/// The lines of one chain, such as a request's, oldest first.
pub async fn trail(tx: &mut Tx, correlation: impl Into<Uuid>) -> Result<Vec<TrailRow>, StoreError> {
    tx.all(
        "SELECT at, actor_name, activity, changes, detail FROM audit WHERE correlation_id = $1 ORDER BY id",
        args![correlation.into()],
    )
    .await
}

/// The latest of them that changed the thing itself; what only happens around it is in nobody's way who edits it.
pub async fn latest_change(tx: &mut Tx, correlation: impl Into<Uuid>) -> Result<Option<TrailRow>, StoreError> {
    tx.opt(
        "SELECT at, actor_name, activity, changes, detail FROM audit WHERE correlation_id = $1
            AND activity NOT IN ('sign_in', 'sign_in_failed', 'sign_out', 'add_member', 'remove_member', 'add_resource', 'add_resource_role',
                'remove_resource_role', 'grant_role', 'grant_failed', 'revoke_role')
         ORDER BY id DESC LIMIT 1",
        args![correlation.into()],
    )
    .await
}

/// A row as it is sealed: every stored text, as it is stored.
#[derive(Clone, Debug)]
pub struct StoredRow {
    /// Which one.
    pub id: Uuid,
    /// When.
    pub at: String,
    /// What kind of caller acted.
    pub actor_kind: String,
    /// The account or client, if it was one.
    pub actor_id: Option<Uuid>,
    /// Who, by name.
    pub actor_name: String,
    /// From which network address.
    pub address: String,
    /// The client through which a person acted.
    pub client_id: Option<Uuid>,
    /// Its name.
    pub client_name: Option<String>,
    /// What was done.
    pub activity: String,
    /// How it came out.
    pub result: String,
    /// What was changed, as JSON.
    pub changes: String,
    /// Anything worth knowing.
    pub detail: String,
    /// Ties rows of one chain together.
    pub correlation_id: Uuid,
    /// Its number in the order of commits, once it is sealed.
    pub seq: Option<i64>,
    /// The hash of the row before and this one, once it is sealed.
    pub hash: Option<String>,
}
row!(StoredRow {
    id,
    at,
    actor_kind,
    actor_id,
    actor_name,
    address,
    client_id,
    client_name,
    activity,
    result,
    changes,
    detail,
    correlation_id,
    seq,
    hash
});

const STORED: &str = "a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.address, a.client_id, a.client_name, a.activity, a.result, \
    a.changes, a.detail, a.correlation_id, a.seq, a.hash";

/// Whether a row waits to be sealed.
pub async fn any_unsealed(tx: &mut Tx) -> Result<bool, StoreError> {
    tx.value("SELECT EXISTS (SELECT 1 FROM audit WHERE seq IS NULL)", args![]).await
}

/// How many rows wait to be sealed.
pub async fn count_unsealed(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.value("SELECT count(*) FROM audit WHERE seq IS NULL", args![]).await
}

/// The first row that has a number beyond where the chain ends; sealing never leaves one.
pub async fn first_behind_head(tx: &mut Tx) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT min(seq) FROM audit WHERE seq > (SELECT h.seq FROM audit_head h WHERE h.id = 1)";
    tx.value(sql, args![]).await
}

/// Rows in the order in which they were made, some at a time: those after `after`, from one instant on and before another.
pub async fn in_order(
    tx: &mut Tx,
    after: Option<Uuid>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<Vec<StoredRow>, StoreError> {
    let mut list = List::new(STORED, "audit a");
    if let Some(from) = from {
        list.filter("a.id >= ? AND a.at >= ?", args![first_id(from), instant(from)]);
    }
    if let Some(until) = until {
        list.filter("a.at < ?", args![instant(until)]);
    }
    if let Some(after) = after {
        list.filter("a.id > ?", args![after]);
    }
    list.all(tx, "ORDER BY a.id LIMIT 500").await
}

/// The smallest id that is made at an instant. Ids never lag behind the time, so no row of that instant has a smaller one.
pub(super) fn first_id(at: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

/// Rows that wait to be sealed, oldest first.
pub async fn unsealed(tx: &mut Tx) -> Result<Vec<StoredRow>, StoreError> {
    let mut list = List::new(STORED, "audit a");
    list.filter("a.seq IS NULL", Vec::new());
    list.all(tx, "ORDER BY a.at, a.id LIMIT 500").await
}

/// Sealed rows whose numbers follow `seq`, in order, some at a time.
pub async fn sealed_after(tx: &mut Tx, seq: i64) -> Result<Vec<StoredRow>, StoreError> {
    let mut list = List::new(STORED, "audit a");
    list.filter("a.seq > ?", args![seq]);
    list.all(tx, "ORDER BY a.seq LIMIT 500").await
}

/// The targets of these rows, each row's in their order.
pub async fn targets(tx: &mut Tx, rows: &[Uuid]) -> Result<HashMap<Uuid, Vec<Target>>, StoreError> {
    let mut found: HashMap<Uuid, Vec<Target>> = HashMap::new();
    if rows.is_empty() {
        return Ok(found);
    }
    let mut list = List::new("t.audit_id, t.kind, t.target_id, t.name", "audit_targets t");
    list.in_list("t.audit_id", rows.iter().copied().map(Arg::from).collect());
    let targets: Vec<(Uuid, String, Uuid, String)> = list.all(tx, "ORDER BY t.audit_id, t.position").await?;
    for (row, kind, id, name) in targets {
        found.entry(row).or_default().push(Target { kind, id, name });
    }
    Ok(found)
}

/// The number and the hash of the row that was sealed last, held until the transaction ends: one copy seals at a time.
pub async fn lock_head(tx: &mut Tx) -> Result<(i64, String), StoreError> {
    let sql = "SELECT seq, hash FROM audit_head WHERE id = 1";
    tx.one(tx.for_update(sql, "FOR UPDATE"), args![]).await
}

/// The same, only read.
pub async fn head(tx: &mut Tx) -> Result<(i64, String), StoreError> {
    tx.one("SELECT seq, hash FROM audit_head WHERE id = 1", args![]).await
}

/// To which catalog rows belong: that of the request of their chain, or of a package, policy or catalog among their targets.
const CATALOGS: &str = "UPDATE audit SET catalog_id = COALESCE(
        (SELECT p.catalog_id FROM requests q JOIN packages p ON p.id = q.package_id WHERE q.id = audit.correlation_id),
        (SELECT p.catalog_id FROM audit_targets t JOIN packages p ON p.id = t.target_id WHERE t.audit_id = audit.id
            ORDER BY t.position LIMIT 1),
        (SELECT p.catalog_id FROM audit_targets t JOIN policies po ON po.id = t.target_id JOIN packages p ON p.id = po.package_id
            WHERE t.audit_id = audit.id ORDER BY t.position LIMIT 1),
        (SELECT c.id FROM audit_targets t JOIN catalogs c ON c.id = t.target_id WHERE t.audit_id = audit.id ORDER BY t.position LIMIT 1))
    WHERE seq >= $1 AND seq <= $2";

/// Writes the numbers and hashes of rows, and where the chain now ends.
pub async fn seal(tx: &mut Tx, rows: &[(Uuid, i64, String)]) -> Result<(), StoreError> {
    let (Some((_, first, _)), Some((_, seq, hash))) = (rows.first(), rows.last()) else {
        return Ok(());
    };
    let places: Vec<String> = (0..rows.len())
        .map(|n| format!("(${}, ${}, ${})", 3 * n + 1, 3 * n + 2, 3 * n + 3))
        .collect();
    let sql = format!(
        "WITH sealed (id, seq, hash) AS (VALUES {}) UPDATE audit SET seq = sealed.seq, hash = sealed.hash
         FROM sealed WHERE audit.id = sealed.id AND audit.seq IS NULL",
        places.join(", ")
    );
    let args = rows.iter().flat_map(|(id, seq, hash)| args![*id, *seq, hash.as_str()]).collect();
    let touched = tx.exec(trusted_sql(sql), args).await?;
    if touched != rows.len() as u64 {
        return Err(StoreError::Inconsistent("a row of the trail was sealed meanwhile".into()));
    }
    tx.exec(CATALOGS, args![*first, *seq]).await?;
    tx.exec("UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1", args![*seq, hash.as_str()])
        .await?;
    Ok(())
}
