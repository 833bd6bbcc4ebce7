//! Applications and sites: server functions of the Directory section.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::directory_object::{DirectoryObjectDetail, DirectoryObjectItem, DirectoryObjectQuery, ObjectHolder, ObjectHolderQuery};
use crate::domain::id::ObjectId;
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::directory_objects};

/// A page of applications, or of sites.
#[server(endpoint = "directory-objects/list", protocol = Call)]
pub async fn list_directory_objects(query: DirectoryObjectQuery) -> Result<Page<DirectoryObjectItem>, AppError> {
    serve(async |app, actor| directory_objects::list(app, actor, &query).await).await
}

/// One application or site.
#[server(endpoint = "directory-objects/get", protocol = Call)]
pub async fn get_directory_object(id: ObjectId) -> Result<DirectoryObjectDetail, AppError> {
    serve(async |app, actor| directory_objects::get(app, actor, id).await).await
}

/// A page of those who hold a role of an application or site (F057, F058).
#[server(endpoint = "directory-objects/holders", protocol = Call)]
pub async fn list_object_holders(query: ObjectHolderQuery) -> Result<Page<ObjectHolder>, AppError> {
    serve(async |app, actor| directory_objects::holders(app, actor, &query).await).await
}
