//! Works through the rows of an import, some at a time, each time in the transaction that took the job: a row that is refused is taken back
//! by itself. While rows are checked, all is taken back at the end. Whoever is killed between two batches goes on with the next.

use chrono::{DateTime, Utc};

use crate::domain::access::Principal;
use crate::domain::audit::Activity;
use crate::domain::id::ImportId;
use crate::domain::import::{Cells, ImportKind, ImportState, RowCounts, RowOutcome, RowStep};
use crate::domain::notification::NotificationKind;
use crate::store::imports::{self, DueRow, Import};
use crate::store::tx::{AROUND_ROW, AROUND_ROWS};
use crate::store::{StoreError, Tx, principals};

use super::super::notifications::{Notice, tell};
use super::super::{App, Error, rules};
use super::row::{self, Done};
use super::{enqueue, store_error, told};

/// Rows in one transaction.
const BATCH: i64 = 100;

/// Checks or carries out the next rows. Gives how many.
pub async fn run(app: &App, tx: &mut Tx, id: ImportId, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let Some(import) = imports::lock(tx, id).await? else { return Ok(0) };
    if !matches!(import.state, ImportState::Checking | ImportState::Importing) {
        return Ok(0);
    }
    let Some(actor) = principals::load(tx, import.owner_id, now).await? else {
        let note = "Whoever started it can't sign in any more.";
        imports::set_state(tx, id, ImportState::Stopped, note, now).await?;
        return Ok(0);
    };
    let actor = Principal {
        address: import.address.clone(),
        ..actor
    };
    lock(tx, import.kind).await?;
    if import.state == ImportState::Checking {
        check(app, tx, &import, &actor, now).await
    } else {
        carry_out(app, tx, &import, &actor, now).await
    }
}

/// What the single change holds too.
async fn lock(tx: &mut Tx, kind: ImportKind) -> Result<(), StoreError> {
    match kind {
        ImportKind::Users => rules::lock_rules(tx).await,
        ImportKind::Groups => rules::lock_users(tx).await,
        ImportKind::Memberships | ImportKind::Assignments => Ok(()),
    }
}

/// Finds out what would become of the next rows: carries them out and takes all back.
async fn check(app: &App, tx: &mut Tx, import: &Import, actor: &Principal, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let due = imports::due(tx, import.id, RowStep::Check, BATCH).await?;
    let around = tx.savepoint(AROUND_ROWS).await?;
    let mut found = Vec::with_capacity(due.len());
    for row in &due {
        found.push(one(app, tx, import, actor, row, RowStep::Check, now).await?);
    }
    tx.rollback_to(around).await?;
    for (row, done) in due.iter().zip(found) {
        let step = match done.outcome {
            RowOutcome::Create | RowOutcome::Change => RowStep::Import,
            _ => RowStep::None,
        };
        imports::settle(tx, row.id, step, done.outcome, &done.detail).await?;
    }
    if (due.len() as i64) < BATCH {
        imports::set_state(tx, import.id, ImportState::Ready, "", now).await?;
    } else {
        enqueue(app, tx, import.id);
    }
    Ok(due.len())
}

/// Carries out the next rows; those whose manager stood further down in the file come once more when all others are done.
async fn carry_out(app: &App, tx: &mut Tx, import: &Import, actor: &Principal, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let mut step = RowStep::Import;
    let mut due = imports::due(tx, import.id, step, BATCH).await?;
    if due.is_empty() {
        step = RowStep::Complete;
        due = imports::due(tx, import.id, step, BATCH).await?;
    }
    if due.is_empty() {
        let counts = imports::counts(tx, import.id, ImportState::Finished).await?;
        imports::set_state(tx, import.id, ImportState::Finished, "", now).await?;
        tell_owner(app, tx, import, &counts, "", now);
        // Whoever has lost the right meanwhile had each row refused.
        match told(app, tx, actor, import, Activity::FinishImport, &counts) {
            Ok(()) | Err(Error::Refused(_)) => return Ok(0),
            Err(error) => return Err(store_error(error)),
        }
    }
    for row in &due {
        let mut done = one(app, tx, import, actor, row, step, now).await?;
        if step == RowStep::Complete && done.outcome == RowOutcome::Refused && row.outcome == RowOutcome::Create {
            done.detail = format!("Created, but without the manager: {}", done.detail);
        } else if step == RowStep::Complete && done.outcome != RowOutcome::Refused {
            done.outcome = row.outcome;
        }
        let next = if done.incomplete { RowStep::Complete } else { RowStep::None };
        imports::settle(tx, row.id, next, done.outcome, &done.detail).await?;
    }
    enqueue(app, tx, import.id);
    Ok(due.len())
}

/// One row; one that is refused leaves nothing.
async fn one(
    app: &App,
    tx: &mut Tx,
    import: &Import,
    actor: &Principal,
    due: &DueRow,
    step: RowStep,
    now: DateTime<Utc>,
) -> Result<Done, StoreError> {
    let cells = Cells::new(&import.columns, due.cells.clone());
    let point = tx.savepoint(AROUND_ROW).await?;
    let context = row::Context {
        app,
        actor,
        import: import.id,
        send_links: import.send_links,
        step,
        now,
    };
    match context.carry_out(tx, import.kind, &cells).await {
        Ok(done) => {
            tx.release(point).await?;
            Ok(done)
        }
        Err(Error::Store(error @ (StoreError::Driver(_) | StoreError::Inconsistent(_)))) => Err(error),
        Err(error) => {
            tx.rollback_to(point).await?;
            Ok(Done::new(RowOutcome::Refused, row::words(import.kind, &error)))
        }
    }
}

/// Says of an import whose job was given up that it has stopped, and why.
pub async fn give_up(app: &App, tx: &mut Tx, id: ImportId, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let import = imports::lock(tx, id).await?;
    imports::set_state(tx, id, ImportState::Stopped, reason, now).await?;
    if let Some(import) = import.filter(|import| import.state == ImportState::Importing) {
        let counts = imports::counts(tx, id, ImportState::Stopped).await?;
        tell_owner(app, tx, &import, &counts, reason, now);
    }
    Ok(())
}

/// Tells whoever began an import, once, that it is over, or has stopped for a reason.
fn tell_owner(app: &App, tx: &mut Tx, import: &Import, counts: &RowCounts, reason: &str, now: DateTime<Utc>) {
    let occasion = match reason {
        "" => import.id.to_string(),
        _ => format!("{} stopped {}", import.id, import.version),
    };
    let notice = Notice::about_occasion(NotificationKind::ImportFinished, None, occasion)
        .fact("import", import.id.to_string())
        .fact("file", import.file_name.as_str())
        .fact("created", counts.create)
        .fact("changed", counts.change)
        .fact("unchanged", counts.unchanged)
        .fact("refused", counts.refused)
        .fact("reason", reason);
    tell(app, tx, &notice, &[import.owner_id], now);
}
