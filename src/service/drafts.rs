//! Signatures only, until built.
#![allow(unused)]
use super::{App, Error};
use crate::domain::access::Actor;
use crate::domain::draft::{DraftView, PackageDraft};
use crate::domain::id::{CatalogId, DraftId, Named, PackageId};

pub async fn start(app: &App, actor: &Actor, catalog: Option<CatalogId>) -> Result<DraftId, Error> {
    Err(Error::NotFound)
}
pub async fn open(app: &App, actor: &Actor) -> Result<Vec<Named<DraftId>>, Error> {
    Err(Error::NotFound)
}
pub async fn get(app: &App, actor: &Actor, id: DraftId) -> Result<DraftView, Error> {
    Err(Error::NotFound)
}
pub async fn save(app: &App, actor: &Actor, id: DraftId, version: i64, draft: PackageDraft) -> Result<DraftView, Error> {
    Err(Error::NotFound)
}
pub async fn create(app: &App, actor: &Actor, id: DraftId, version: i64) -> Result<Named<PackageId>, Error> {
    Err(Error::NotFound)
}
pub async fn discard(app: &App, actor: &Actor, id: DraftId) -> Result<(), Error> {
    Err(Error::NotFound)
}
