//! The tenant's settings: server functions of the Settings page.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::setting::TenantSettings;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::settings};

/// The settings.
#[server(endpoint = "settings/get", protocol = Call)]
pub async fn get_settings() -> Result<TenantSettings, AppError> {
    serve(async |app, actor| settings::get(app, actor).await).await
}

/// Changes the settings as a whole.
#[server(endpoint = "settings/update", protocol = Call)]
pub async fn update_settings(form: TenantSettings) -> Result<(), AppError> {
    serve(async |app, actor| settings::update(app, actor, &form).await).await
}
