//! Pickers: what the Select panes list.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::object::{ObjectItem, ObjectQuery, SubjectItem, SubjectQuery};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::objects};

/// A page of groups, applications or sites, with their roles (F012, F013).
#[server(endpoint = "objects/find", protocol = Call)]
pub async fn find_objects(query: ObjectQuery) -> Result<Page<ObjectItem>, AppError> {
    serve(async |app, actor| objects::find(app, actor, &query).await).await
}

/// A page of users and groups (F018).
#[server(endpoint = "objects/subjects", protocol = Call)]
pub async fn find_subjects(query: SubjectQuery) -> Result<Page<SubjectItem>, AppError> {
    serve(async |app, actor| objects::find_subjects(app, actor, &query).await).await
}
