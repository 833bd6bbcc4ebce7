//! Clients that may act in one's name: server functions about the signed-in user alone.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::client::ConsentItem;
use crate::domain::id::ClientId;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::clients};

/// The clients that may act for the signed-in user.
#[server(endpoint = "consents/list", protocol = Call)]
pub async fn list_consents() -> Result<Vec<ConsentItem>, AppError> {
    serve(async |app, actor| clients::own_consents(app, actor).await).await
}

/// Takes back what one of them may do; all its tokens for the user end at once.
#[server(endpoint = "consents/withdraw", protocol = Call)]
pub async fn withdraw_consent(id: ClientId) -> Result<(), AppError> {
    serve(async |app, actor| clients::withdraw_consent(app, actor, id).await).await
}
