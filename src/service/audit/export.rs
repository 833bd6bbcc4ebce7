//! The trail as JSON lines, some rows at a time, for other systems to keep. No transaction is held while a reader takes its time.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::domain::audit::Target;
use crate::service::App;
use crate::store::StoreError;
use crate::store::audit::{self, StoredRow};

/// One line: a row with every text as it is stored, and its place in the chain once it is sealed.
#[derive(Serialize)]
struct Line<'a> {
    seq: Option<i64>,
    hash: Option<&'a str>,
    id: Uuid,
    at: &'a str,
    actor: Actor<'a>,
    address: &'a str,
    /// The client through which a person acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<Client<'a>>,
    activity: &'a str,
    result: &'a str,
    targets: &'a [Target],
    changes: serde_json::Value,
    detail: &'a str,
    correlation_id: Uuid,
}

#[derive(Serialize)]
struct Client<'a> {
    id: Uuid,
    name: &'a str,
}

#[derive(Serialize)]
struct Actor<'a> {
    kind: &'a str,
    id: Option<Uuid>,
    name: &'a str,
}

/// An export on its way.
#[derive(Debug, Default)]
pub struct Export {
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    after: Option<Uuid>,
}

impl Export {
    /// Of rows from one instant on and before another; without them from the first to the last.
    pub fn new(from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Self {
        Self { from, until, after: None }
    }

    /// The next lines, in the order in which the rows were made; none when all have been given.
    pub async fn next(&mut self, app: &App) -> Result<Vec<String>, StoreError> {
        let mut tx = app.store.read().await?;
        let rows = audit::in_order(&mut tx, self.after, self.from, self.until).await?;
        let Some(last) = rows.last() else {
            return Ok(Vec::new());
        };
        self.after = Some(last.id);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let targets = audit::targets(&mut tx, &ids).await?;
        let lines = rows.iter().map(|row| line(row, targets.get(&row.id).map_or(&[], Vec::as_slice)));
        lines.collect()
    }
}

fn line(row: &StoredRow, targets: &[Target]) -> Result<String, StoreError> {
    let unreadable = |error: serde_json::Error| StoreError::Inconsistent(format!("row {} of the trail: {error}", row.id));
    let line = Line {
        seq: row.seq,
        hash: row.hash.as_deref(),
        id: row.id,
        at: &row.at,
        actor: Actor {
            kind: &row.actor_kind,
            id: row.actor_id,
            name: &row.actor_name,
        },
        address: &row.address,
        client: row.client_id.map(|id| Client {
            id,
            name: row.client_name.as_deref().unwrap_or_default(),
        }),
        activity: &row.activity,
        result: &row.result,
        targets,
        changes: serde_json::from_str(&row.changes).map_err(unreadable)?,
        detail: &row.detail,
        correlation_id: row.correlation_id,
    };
    serde_json::to_string(&line).map_err(unreadable)
}
