//! Rows of the trail for what changes nothing: commands at the server, files that were taken, and what was refused.

use chrono::{DateTime, Duration, DurationRound, Utc};

use crate::domain::access::{Principal, Refusal};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::UserId;
use crate::domain::text::StringEnum;
use crate::domain::user::UserKind;
use crate::store::{StoreError, refusals};

use super::Entry;
use crate::service::App;

/// Refusals that say that someone tried what their roles do not give; others only say that a thing does not stand as it would have to.
const OF_ROLES: [&str; 5] = ["needs-role", "needs-control", "above-own-role", "needs-user", "needs-permission"];

/// Notes a command that someone ran at the server's command line (C19).
pub async fn note_command(app: &App, operator: &str, command: &str) -> Result<(), StoreError> {
    let operator = Principal::operator(operator);
    let mut tx = app.store.write().await?;
    Entry::by_operator(&operator, Activity::RunCommand, None)
        .detail(command)
        .write(app, &mut tx)?;
    tx.commit().await
}

/// Notes that a sign-in failed: `nobody` has an address and nothing else, `target` is whom it was tried as. The answer does not wait on whether
/// this succeeds (C19).
pub async fn note_failed_sign_in(app: &App, nobody: &Principal, target: Option<Target>, detail: &str) {
    let written = async {
        let mut tx = app.store.write().await?;
        Entry::failed(nobody, Activity::SignInFailed, target)
            .detail(detail)
            .write(app, &mut tx)?;
        tx.commit().await
    };
    tracing::info!(address = nobody.address, kind = nobody.kind.as_str(), "a sign-in failed");
    if let Err(error) = written.await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a failed sign-in could not be written down"
        );
    }
}

/// Notes that someone took a list as a file: its name, and what it was narrowed by.
pub async fn note_export(app: &App, actor: &Principal, list: &str) -> Result<(), StoreError> {
    let mut tx = app.store.write().await?;
    Entry::by_self(actor, Activity::ExportList).detail(list).write(app, &mut tx)?;
    tx.commit().await
}

/// The longest address that is kept, in characters.
const ADDRESS_MAX: usize = 200;

/// Notes that someone was refused what their roles do not give: at which address, and by which rule. The first of an hour at an address is
/// a row of its own; the others are counted, and their number is a row when the hour is over.
pub async fn note_refusal(app: &App, actor: &Principal, address: &str, refusal: &Refusal) -> Result<(), StoreError> {
    if !OF_ROLES.contains(&refusal.rule.as_str()) {
        return Ok(());
    }
    let address: String = address.chars().take(ADDRESS_MAX).collect();
    let hour = hour_of(app.clock.now());
    let mut tx = app.store.write().await?;
    if refusals::count(&mut tx, actor, hour, &address).await? == 1 {
        Entry::failed(actor, Activity::Refuse, None)
            .detail(format!("{address}: {}", refusal.reason))
            .write(app, &mut tx)?;
    }
    tx.commit().await
}

/// Writes down how often people were refused again, for every hour that is over.
pub async fn sum_up_refusals(app: &App) -> Result<(), StoreError> {
    let hour = hour_of(app.clock.now());
    loop {
        let mut tx = app.store.write().await?;
        let taken = refusals::take(&mut tx, hour).await?;
        let last = taken.is_empty();
        for refused in taken.into_iter().filter(|refused| refused.number > 1) {
            let caller = Principal {
                kind: refused.kind,
                ..Principal::user(UserId(refused.actor), refused.name, "", UserKind::Member)
            };
            let place = if refused.address.is_empty() {
                "Other addresses"
            } else {
                &refused.address
            };
            let (again, hour) = (refused.number - 1, refused.hour.format("%-d %B %Y, %H:%M UTC"));
            Entry::failed(&caller, Activity::Refuse, None)
                .detail(format!("{place}: refused {again} more times in the hour from {hour} on"))
                .write(app, &mut tx)?;
        }
        tx.commit().await?;
        if last {
            return Ok(());
        }
    }
}

/// When the hour of an instant began.
fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(Duration::hours(1)).unwrap_or(at)
}
