//! Signatures only, until built.
#![allow(unused)]
use super::{App, Error};
use crate::domain::access::Actor;
use crate::domain::object::{ObjectItem, ObjectQuery, SubjectItem, SubjectQuery};
use crate::domain::page::Page;

pub async fn find(app: &App, actor: &Actor, query: &ObjectQuery) -> Result<Page<ObjectItem>, Error> {
    Err(Error::NotFound)
}
pub async fn find_subjects(app: &App, actor: &Actor, query: &SubjectQuery) -> Result<Page<SubjectItem>, Error> {
    Err(Error::NotFound)
}
