//! Wizard drafts: server functions of New access package.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::draft::{DraftView, PackageDraft};
use crate::domain::id::{CatalogId, DraftId, Named, PackageId};

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::drafts};

/// Begins a draft, in this catalog or General.
#[server(endpoint = "drafts/start", protocol = Call)]
pub async fn start_draft(catalog: Option<CatalogId>) -> Result<DraftId, AppError> {
    serve(async |app, actor| drafts::start(app, actor, catalog).await).await
}

/// The actor's own unfinished drafts, newest first, by name; those with nothing typed are left out.
#[server(endpoint = "drafts/open", protocol = Call)]
pub async fn open_drafts() -> Result<Vec<Named<DraftId>>, AppError> {
    serve(async |app, actor| drafts::open(app, actor).await).await
}

/// One of the actor's own drafts, with everything that its pages show.
#[server(endpoint = "drafts/get", protocol = Call)]
pub async fn get_draft(id: DraftId) -> Result<DraftView, AppError> {
    serve(async |app, actor| drafts::get(app, actor, id).await).await
}

/// Keeps what has been typed, faults and all; gives the draft back as it now stands.
#[server(endpoint = "drafts/save", protocol = Call)]
pub async fn save_draft(id: DraftId, version: i64, draft: PackageDraft) -> Result<DraftView, AppError> {
    serve(async |app, actor| drafts::save(app, actor, id, version, draft).await).await
}

/// Creates the package that the draft describes, and ends the draft (F022 to F024).
#[server(endpoint = "drafts/create", protocol = Call)]
pub async fn create_package(id: DraftId, version: i64) -> Result<Named<PackageId>, AppError> {
    serve(async |app, actor| drafts::create(app, actor, id, version).await).await
}

/// Throws a draft away.
#[server(endpoint = "drafts/discard", protocol = Call)]
pub async fn discard_draft(id: DraftId) -> Result<(), AppError> {
    serve(async |app, actor| drafts::discard(app, actor, id).await).await
}
