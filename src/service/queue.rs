//! Work that a change makes necessary, put into the queue in the transaction of the change. Must not know how it is carried out.

use chrono::{DateTime, Utc};

use crate::domain::id::{AssignmentId, RequestId};
use crate::domain::job::JobKind;
use crate::domain::request::RequestState;
use crate::store::jobs::{self, NewJob};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx};

use super::App;

/// Carries out a request that nobody has to decide on, or has been decided with yes: at once, or when the access that was asked for begins
/// (F080).
pub async fn carry_out(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    match request.starts_at.filter(|start| request.kind.is_add() && *start > now) {
        Some(start) => {
            requests::advance(tx, &[request], &[RequestState::Scheduled], "", now).await?;
            schedule_delivery(app, tx, request.id, start);
        }
        None => schedule_delivery(app, tx, request.id, now),
    }
    Ok(())
}

/// Makes sure that a request is carried out at an instant.
pub fn schedule_delivery(app: &App, tx: &mut Tx, id: RequestId, at: DateTime<Utc>) {
    let job = NewJob {
        kind: JobKind::Deliver,
        key: delivery_key(id),
        subject: Some(id.into()),
        run_at: at,
    };
    let now = app.clock.now();
    jobs::enqueue(tx, app.ids.id(now), now, job);
}

/// The key of the job that carries a request out.
pub fn delivery_key(id: RequestId) -> String {
    format!("deliver:{id}")
}

/// Makes sure that the end of an assignment is carried out when it comes.
pub fn schedule_end(app: &App, tx: &mut Tx, id: AssignmentId, end: DateTime<Utc>, now: DateTime<Utc>) {
    let job = NewJob {
        kind: JobKind::End,
        key: format!("end:{id}:{}", end.timestamp_micros()),
        subject: Some(id.into()),
        run_at: end,
    };
    jobs::enqueue(tx, app.ids.id(now), now, job);
}
