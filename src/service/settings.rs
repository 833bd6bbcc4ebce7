//! The tenant's settings: read by whoever may change them, changed as a whole, with what was changed in the trail.

use crate::domain::access::{Action, ManageSettings, Principal, ReadSettings, Scope};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::setting::TenantSettings;
use crate::store::{Tx, settings as store};

use super::audit::{Entry, changed};
use super::{App, Error};

/// What the trail ties changes of the settings together by.
const ABOUT: uuid::Uuid = uuid::Uuid::from_u128(0x5e77_1265);

/// The settings.
pub async fn get(app: &App, actor: &Principal) -> Result<TenantSettings, Error> {
    actor.authorize(ReadSettings, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(store::tenant(&mut tx).await?)
}

/// Whether My Access opens with the Overview (F149).
pub async fn overview_first(app: &App) -> Result<bool, Error> {
    let mut tx = app.store.read().await?;
    Ok(store::tenant(&mut tx).await?.overview_first)
}

/// Changes the settings, unless somebody else has since they were opened.
pub async fn update(app: &App, actor: &Principal, form: &TenantSettings) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManageSettings)?;
    let mut tx = app.store.write().await?;
    update_in(app, &mut tx, actor, form).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn update_in(app: &App, tx: &mut Tx, actor: &Principal, form: &TenantSettings) -> Result<(), Error> {
    let granted = actor.authorize(ManageSettings, Scope::Tenant)?;
    let errors = form.check();
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let before = store::tenant(tx).await?;
    if !store::keep_tenant(tx, form).await? {
        return Err(changed(tx, ABOUT, "The settings").await);
    }
    let old = before.rows();
    let changes = form.rows().into_iter().map(|(key, value)| {
        let was = old
            .iter()
            .find(|(k, _)| *k == key)
            .map(|(_, value)| value.clone())
            .unwrap_or_default();
        Change::between(key.trim_start_matches("tenant."), was, value)
    });
    Entry::by_principal(&granted, Activity::UpdateSettings, Target::new("settings", ABOUT, "Settings"))
        .changes(changes)
        .write(app, tx)?;
    Ok(())
}
