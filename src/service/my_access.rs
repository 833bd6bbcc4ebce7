//! Signatures only, until built.
#![allow(unused)]
use super::{App, Error};
use crate::domain::access::Actor;
use crate::domain::id::{PackageId, RequestId};
use crate::domain::page::{Page, PageQuery};
use crate::domain::request::{OfferItem, OfferQuery, RequestDetail, RequestItem, SubmitForm};

pub async fn offers(app: &App, actor: &Actor, query: &OfferQuery) -> Result<Page<OfferItem>, Error> {
    Err(Error::NotFound)
}
pub async fn offer(app: &App, actor: &Actor, id: PackageId) -> Result<OfferItem, Error> {
    Err(Error::NotFound)
}
pub async fn submit(app: &App, actor: &Actor, form: &SubmitForm) -> Result<RequestId, Error> {
    Err(Error::NotFound)
}
pub async fn requests(app: &App, actor: &Actor, page: &PageQuery) -> Result<Page<RequestItem>, Error> {
    Err(Error::NotFound)
}
pub async fn request(app: &App, actor: &Actor, id: RequestId) -> Result<RequestDetail, Error> {
    Err(Error::NotFound)
}
