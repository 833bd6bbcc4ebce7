//! Imports: server functions of their pages. The file itself is posted (`web::imports`).

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::ImportId;
use crate::domain::import::{ImportDetail, ImportItem, ImportKind, ImportRow, ImportRowQuery};
use crate::domain::page::{Page, PageQuery};

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::imports};

/// The kinds of files that the viewer may import.
#[server(endpoint = "imports/kinds", protocol = Call)]
pub async fn import_kinds() -> Result<Vec<ImportKind>, AppError> {
    serve(async |_, actor| Ok(imports::kinds(actor)?)).await
}

/// The viewer's own imports.
#[server(endpoint = "imports/list", protocol = Call)]
pub async fn list_imports(page: PageQuery) -> Result<Page<ImportItem>, AppError> {
    serve(async |app, actor| imports::list(app, actor, &page).await).await
}

/// One of them, with how far it has come.
#[server(endpoint = "imports/get", protocol = Call)]
pub async fn get_import(id: ImportId) -> Result<ImportDetail, AppError> {
    serve(async |app, actor| imports::get(app, actor, id).await).await
}

/// Its rows.
#[server(endpoint = "imports/rows", protocol = Call)]
pub async fn list_import_rows(query: ImportRowQuery) -> Result<Page<ImportRow>, AppError> {
    serve(async |app, actor| imports::rows(app, actor, &query).await).await
}

/// Begins to carry its rows out; with `links` each account that is made is sent a sign-in link.
#[server(endpoint = "imports/start", protocol = Call)]
pub async fn start_import(id: ImportId, version: i64, #[server(default)] links: bool) -> Result<(), AppError> {
    serve(async |app, actor| imports::start(app, actor, id, version, links).await).await
}

/// Drops it.
#[server(endpoint = "imports/discard", protocol = Call)]
pub async fn discard_import(id: ImportId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| imports::discard(app, actor, id, version).await).await
}
