//! Custom attributes of users: server functions of the Directory section.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::custom_attribute::{AttributeDefinition, CustomAttributeForm};
use crate::domain::id::CustomAttributeId;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::custom_attributes};

/// All custom attributes that are defined (F054).
#[server(endpoint = "custom-attributes/list", protocol = Call)]
pub async fn list_custom_attributes() -> Result<Vec<AttributeDefinition>, AppError> {
    serve(async |app, actor| custom_attributes::list(app, actor).await).await
}

/// Defines one.
#[server(endpoint = "custom-attributes/create", protocol = Call)]
pub async fn create_custom_attribute(form: CustomAttributeForm) -> Result<CustomAttributeId, AppError> {
    serve(async |app, actor| custom_attributes::create(app, actor, &form).await).await
}

/// Changes what one is called and for; gives the new version.
#[server(endpoint = "custom-attributes/update", protocol = Call)]
pub async fn update_custom_attribute(id: CustomAttributeId, version: i64, form: CustomAttributeForm) -> Result<i64, AppError> {
    serve(async |app, actor| custom_attributes::update(app, actor, id, version, &form).await).await
}

/// What the deletion of one would take, in a sentence.
#[server(endpoint = "custom-attributes/deletion", protocol = Call)]
pub async fn custom_attribute_deletion(id: CustomAttributeId) -> Result<String, AppError> {
    serve(async |app, actor| custom_attributes::deletion(app, actor, id).await).await
}

/// Deletes one that nothing uses, with all its values.
#[server(endpoint = "custom-attributes/delete", protocol = Call)]
pub async fn delete_custom_attribute(id: CustomAttributeId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| custom_attributes::delete(app, actor, id, version).await).await
}
