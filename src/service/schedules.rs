//! Schedules: what is done again and again. Every copy asks; the one that claims the lease does it, once for each time, and what was missed
//! while no copy was up is done once.

use std::panic::AssertUnwindSafe;

use chrono::Duration;
use futures::FutureExt;
use uuid::Uuid;

use crate::domain::schedule::ScheduleName;
use crate::domain::text::StringEnum;
use crate::store::{StoreError, browsers, client_sign_ins, schedules, sessions};

use super::{App, accounts, audit, reminders, tokens, users};

/// How long a schedule whose work failed waits before it is tried again.
const AFTER_FAILURE: Duration = Duration::minutes(1);

/// Does what is due. `owner` is this copy. Gives what was done.
pub async fn run_due(app: &App, owner: Uuid) -> Result<Vec<ScheduleName>, StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let any = schedules::any_due(&mut tx, now).await?;
    drop(tx);
    let mut done = Vec::new();
    for name in ScheduleName::ALL.iter().copied().filter(|_| any) {
        let mut tx = app.store.write().await?;
        let due = schedules::claim(&mut tx, name, owner, now).await?;
        tx.commit().await?;
        let Some(due) = due else {
            continue;
        };
        let next = match AssertUnwindSafe(run(app, name)).catch_unwind().await {
            Ok(Ok(())) => {
                done.push(name);
                name.next(due, app.clock.now())
            }
            Ok(Err(error)) => {
                tracing::error!(
                    schedule = name.as_str(),
                    error = &error as &dyn std::error::Error,
                    "a schedule failed"
                );
                app.clock.now() + AFTER_FAILURE
            }
            Err(_) => {
                tracing::error!(schedule = name.as_str(), "a schedule panicked");
                app.clock.now() + AFTER_FAILURE
            }
        };
        let mut tx = app.store.write().await?;
        schedules::complete(&mut tx, name, owner, next).await?;
        tx.commit().await?;
    }
    Ok(done)
}

async fn run(app: &App, name: ScheduleName) -> Result<(), StoreError> {
    match name {
        ScheduleName::CleanUp => {
            let mut tx = app.store.write().await?;
            sessions::clean_up(&mut tx, app.clock.now()).await?;
            browsers::forget(&mut tx, app.clock.now() - accounts::BROWSER_KEPT).await?;
            client_sign_ins::clean_up(&mut tx, app.clock.now()).await?;
            tx.commit().await?;
            tokens::rotate(app).await
        }
        ScheduleName::EraseDeleted => {
            while users::erase_deleted(app).await? > 0 {}
            Ok(())
        }
        ScheduleName::RemindOfEnds => reminders::of_ends(app).await,
        ScheduleName::Digest => reminders::digest(app).await,
        ScheduleName::Refusals => audit::sum_up_refusals(app).await,
        ScheduleName::ExternalUsers => users::end_leavers(app).await,
    }
}
