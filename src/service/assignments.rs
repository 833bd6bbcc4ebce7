//! Signatures only, until built.
#![allow(unused)]
use super::{App, Error};
use crate::domain::access::Actor;
use crate::domain::assignment::{AssignmentItem, AssignmentQuery};
use crate::domain::id::{AssignmentId, RequestId};
use crate::domain::page::Page;

pub async fn list(app: &App, actor: &Actor, query: &AssignmentQuery) -> Result<Page<AssignmentItem>, Error> {
    Err(Error::NotFound)
}
pub async fn remove(app: &App, actor: &Actor, id: AssignmentId, version: i64) -> Result<RequestId, Error> {
    Err(Error::NotFound)
}
