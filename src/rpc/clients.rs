//! API clients: server functions of the admin area's pages about them.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::client::{ClientDetail, ClientForm, ClientItem, ClientQuery, GivenPermission, KeyForm, SecretForm};
use crate::domain::id::{ClientId, ClientKeyId, ClientSecretId};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::clients};

/// A page of clients.
#[server(endpoint = "clients/list", protocol = Call)]
pub async fn list_clients(query: ClientQuery) -> Result<Page<ClientItem>, AppError> {
    serve(async |app, actor| clients::list(app, actor, &query).await).await
}

/// One client.
#[server(endpoint = "clients/get", protocol = Call)]
pub async fn get_client(id: ClientId) -> Result<ClientDetail, AppError> {
    serve(async |app, actor| clients::get(app, actor, id).await).await
}

/// Registers a client.
#[server(endpoint = "clients/create", protocol = Call)]
pub async fn create_client(form: ClientForm) -> Result<ClientId, AppError> {
    serve(async |app, actor| clients::create(app, actor, &form).await).await
}

/// Changes what a client is.
#[server(endpoint = "clients/update", protocol = Call)]
pub async fn update_client(id: ClientId, version: i64, form: ClientForm) -> Result<(), AppError> {
    serve(async |app, actor| clients::update(app, actor, id, version, &form).await).await
}

/// Lets a client call, or stops it.
#[server(endpoint = "clients/set-enabled", protocol = Call)]
pub async fn set_client_enabled(id: ClientId, version: i64, enabled: bool) -> Result<(), AppError> {
    serve(async |app, actor| clients::set_enabled(app, actor, id, version, enabled).await).await
}

/// Deletes a client.
#[server(endpoint = "clients/delete", protocol = Call)]
pub async fn delete_client(id: ClientId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| clients::delete(app, actor, id, version).await).await
}

/// Ends all sign-ins of people through a client; gives how many were signed in.
#[server(endpoint = "clients/revoke-sign-ins", protocol = Call)]
pub async fn revoke_sign_ins(id: ClientId) -> Result<i64, AppError> {
    serve(async |app, actor| clients::revoke_sign_ins(app, actor, id).await).await
}

/// Gives a client a permission.
#[server(endpoint = "clients/give-permission", protocol = Call)]
pub async fn give_permission(id: ClientId, given: GivenPermission) -> Result<(), AppError> {
    serve(async |app, actor| clients::give_permission(app, actor, id, given).await).await
}

/// Takes a permission from a client.
#[server(endpoint = "clients/take-permission", protocol = Call)]
pub async fn take_permission(id: ClientId, given: GivenPermission) -> Result<(), AppError> {
    serve(async |app, actor| clients::take_permission(app, actor, id, given).await).await
}

/// Adds a secret and tells it, this once.
#[server(endpoint = "clients/add-secret", protocol = Call)]
pub async fn add_secret(id: ClientId, form: SecretForm) -> Result<String, AppError> {
    serve(async |app, actor| clients::add_secret(app, actor, id, &form).await).await
}

/// Takes a secret.
#[server(endpoint = "clients/remove-secret", protocol = Call)]
pub async fn remove_secret(id: ClientId, secret: ClientSecretId) -> Result<(), AppError> {
    serve(async |app, actor| clients::remove_secret(app, actor, id, secret).await).await
}

/// Adds a public key.
#[server(endpoint = "clients/add-key", protocol = Call)]
pub async fn add_key(id: ClientId, form: KeyForm) -> Result<(), AppError> {
    serve(async |app, actor| clients::add_key(app, actor, id, &form).await).await
}

/// Takes a public key.
#[server(endpoint = "clients/remove-key", protocol = Call)]
pub async fn remove_key(id: ClientId, key: ClientKeyId) -> Result<(), AppError> {
    serve(async |app, actor| clients::remove_key(app, actor, id, key).await).await
}
