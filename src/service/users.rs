//! Signatures only, until built.
#![allow(unused)]
use super::{App, Error};
use crate::domain::access::Actor;
use crate::domain::id::UserId;
use crate::domain::page::Page;
use crate::domain::user::{UserDetail, UserForm, UserItem, UserQuery};

pub async fn list(app: &App, actor: &Actor, query: &UserQuery) -> Result<Page<UserItem>, Error> {
    Err(Error::NotFound)
}
pub async fn get(app: &App, actor: &Actor, id: UserId) -> Result<UserDetail, Error> {
    Err(Error::NotFound)
}
pub async fn create(app: &App, actor: &Actor, form: &UserForm) -> Result<UserId, Error> {
    Err(Error::NotFound)
}
pub async fn update(app: &App, actor: &Actor, id: UserId, version: i64, form: &UserForm) -> Result<i64, Error> {
    Err(Error::NotFound)
}
pub async fn set_enabled(app: &App, actor: &Actor, id: UserId, version: i64, enabled: bool) -> Result<i64, Error> {
    Err(Error::NotFound)
}
pub async fn reset_password(app: &App, actor: &Actor, id: UserId, version: i64) -> Result<String, Error> {
    Err(Error::NotFound)
}
pub async fn delete(app: &App, actor: &Actor, id: UserId, version: i64) -> Result<(), Error> {
    Err(Error::NotFound)
}
pub async fn restore(app: &App, actor: &Actor, id: UserId, version: i64) -> Result<(), Error> {
    Err(Error::NotFound)
}
