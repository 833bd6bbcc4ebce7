//! Signatures only, until built.
#![allow(unused)]
use super::{App, Error};
use crate::domain::access::Actor;
use crate::domain::group::{GroupDetail, GroupForm, GroupItem, GroupQuery, GroupRole, MemberItem, MemberQuery};
use crate::domain::id::{ObjectId, UserId};
use crate::domain::page::Page;

pub async fn list(app: &App, actor: &Actor, query: &GroupQuery) -> Result<Page<GroupItem>, Error> {
    Err(Error::NotFound)
}
pub async fn get(app: &App, actor: &Actor, id: ObjectId) -> Result<GroupDetail, Error> {
    Err(Error::NotFound)
}
pub async fn create(app: &App, actor: &Actor, form: &GroupForm) -> Result<ObjectId, Error> {
    Err(Error::NotFound)
}
pub async fn update(app: &App, actor: &Actor, id: ObjectId, version: i64, form: &GroupForm) -> Result<i64, Error> {
    Err(Error::NotFound)
}
pub async fn delete(app: &App, actor: &Actor, id: ObjectId, version: i64) -> Result<(), Error> {
    Err(Error::NotFound)
}
pub async fn members(app: &App, actor: &Actor, query: &MemberQuery) -> Result<Page<MemberItem>, Error> {
    Err(Error::NotFound)
}
pub async fn add_members(app: &App, actor: &Actor, id: ObjectId, role: GroupRole, users: &[UserId]) -> Result<i64, Error> {
    Err(Error::NotFound)
}
pub async fn remove_member(app: &App, actor: &Actor, id: ObjectId, role: GroupRole, user: UserId) -> Result<(), Error> {
    Err(Error::NotFound)
}
