//! Signatures only, until built.
#![allow(unused)]
use super::{App, Error};
use crate::domain::access::Actor;
use crate::domain::id::RequestId;
use crate::domain::page::Page;
use crate::domain::request::{RequestDetail, RequestItem, RequestQuery};

pub async fn list(app: &App, actor: &Actor, query: &RequestQuery) -> Result<Page<RequestItem>, Error> {
    Err(Error::NotFound)
}
pub async fn get(app: &App, actor: &Actor, id: RequestId) -> Result<RequestDetail, Error> {
    Err(Error::NotFound)
}
