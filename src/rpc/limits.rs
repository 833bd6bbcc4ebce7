//! Limits: server functions of their page.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::limit::{Limits, LimitsForm};

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::limits};

/// All limits, with what is used of each.
#[server(endpoint = "limits/get", protocol = Call)]
pub async fn get_limits() -> Result<Limits, AppError> {
    serve(async |app, actor| limits::get(app, actor).await).await
}

/// Changes them as a whole.
#[server(endpoint = "limits/update", protocol = Call)]
pub async fn update_limits(form: LimitsForm) -> Result<(), AppError> {
    serve(async |app, actor| limits::update(app, actor, &form).await).await
}
