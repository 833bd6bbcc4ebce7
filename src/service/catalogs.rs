//! Signatures only, until built.
#![allow(unused)]
use super::{App, Error};
use crate::domain::access::Actor;
use crate::domain::catalog::{CatalogItem, CatalogQuery, ResourceItem, ResourceQuery};
use crate::domain::id::CatalogId;
use crate::domain::page::Page;

pub async fn list(app: &App, actor: &Actor, query: &CatalogQuery) -> Result<Page<CatalogItem>, Error> {
    Err(Error::NotFound)
}
pub async fn get(app: &App, actor: &Actor, id: CatalogId) -> Result<CatalogItem, Error> {
    Err(Error::NotFound)
}
pub async fn resources(app: &App, actor: &Actor, query: &ResourceQuery) -> Result<Page<ResourceItem>, Error> {
    Err(Error::NotFound)
}
