//! Signatures only, until built.
#![allow(unused)]
use super::{App, Error};
use crate::domain::access::Actor;
use crate::domain::draft::DraftRole;
use crate::domain::id::{PackageId, PackageRoleId};
use crate::domain::package::{PackageDetail, PackageForm, PackageItem, PackageQuery};
use crate::domain::page::Page;

pub async fn list(app: &App, actor: &Actor, query: &PackageQuery) -> Result<Page<PackageItem>, Error> {
    Err(Error::NotFound)
}
pub async fn get(app: &App, actor: &Actor, id: PackageId) -> Result<PackageDetail, Error> {
    Err(Error::NotFound)
}
pub async fn update(app: &App, actor: &Actor, id: PackageId, version: i64, form: &PackageForm) -> Result<i64, Error> {
    Err(Error::NotFound)
}
pub async fn delete(app: &App, actor: &Actor, id: PackageId, version: i64) -> Result<(), Error> {
    Err(Error::NotFound)
}
pub async fn add_roles(app: &App, actor: &Actor, id: PackageId, roles: &[DraftRole]) -> Result<(), Error> {
    Err(Error::NotFound)
}
pub async fn remove_role(app: &App, actor: &Actor, id: PackageId, role: PackageRoleId) -> Result<(), Error> {
    Err(Error::NotFound)
}
