//! Rows of the trail for what changes nothing: commands at the server, files that were taken, and what was refused.

use crate::domain::access::{Principal, Refusal};
use crate::domain::audit::Activity;
use crate::store::StoreError;

use super::Entry;
use crate::service::App;

/// Refusals that say that someone tried what their roles do not give; others only say that a thing does not stand as it would have to.
const OF_ROLES: [&str; 4] = ["needs-role", "needs-control", "above-own-role", "needs-user"];

/// Notes a command that someone ran at the server's command line (C19).
pub async fn note_command(app: &App, operator: &str, command: &str) -> Result<(), StoreError> {
    let operator = Principal::operator(operator);
    let mut tx = app.store.write().await?;
    Entry::by_operator(&operator, Activity::RunCommand, None)
        .detail(command)
        .write(app, &mut tx)?;
    tx.commit().await
}

/// Notes that someone took a list as a file: its name, and what it was narrowed by.
pub async fn note_export(app: &App, actor: &Principal, list: &str) -> Result<(), StoreError> {
    let mut tx = app.store.write().await?;
    Entry::by_self(actor, Activity::ExportList).detail(list).write(app, &mut tx)?;
    tx.commit().await
}

/// Notes that someone was refused what their roles do not give: at which address, and by which rule.
pub async fn note_refusal(app: &App, actor: &Principal, address: &str, refusal: &Refusal) -> Result<(), StoreError> {
    if !OF_ROLES.contains(&refusal.rule.as_str()) {
        return Ok(());
    }
    let mut tx = app.store.write().await?;
    Entry::failed(actor, Activity::Refuse, None)
        .detail(format!("{address}: {}", refusal.reason))
        .write(app, &mut tx)?;
    tx.commit().await
}
