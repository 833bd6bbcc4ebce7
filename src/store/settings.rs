//! Settings that administrators choose for the tenant, each a row under its own key.

use crate::domain::setting::{ResourceVisibility, TenantSettings};

use super::accounts::setting;
use super::tx::{StoreError, Tx};

/// The tenant's settings.
pub async fn tenant(tx: &mut Tx) -> Result<TenantSettings, StoreError> {
    let visibility = setting(tx, "tenant.resource_visibility").await?;
    Ok(TenantSettings {
        approver_details: setting(tx, "tenant.approver_details").await?.is_none_or(|value| value == "on"),
        resource_visibility: visibility
            .and_then(|word| word.parse().ok())
            .unwrap_or(ResourceVisibility::Everyone),
    })
}
