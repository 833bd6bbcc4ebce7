//! The trail as it is read on pages.

use crate::domain::access::{Action, Principal};
use crate::domain::audit::{AuditItem, AuditQuery};
use crate::domain::page::Page;
use crate::service::{App, Error};
use crate::store::audit::{self, Narrowed};

/// A page of the trail, newest first (F167, F168). Who may see reports of some catalogs sees the rows that belong to those.
pub async fn list(app: &App, actor: &Principal, query: &AuditQuery) -> Result<Page<AuditItem>, Error> {
    let visible = actor.visible(Action::ReadReports)?;
    let mut tx = app.store.read().await?;
    let narrowed = Narrowed { query, visible: &visible };
    Ok(audit::page(&mut tx, &narrowed).await?)
}
