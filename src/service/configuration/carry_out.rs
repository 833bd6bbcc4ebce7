//! Carries a step out by the use case of the single change, in the transaction of all.

use crate::domain::access::Principal;
use crate::store::Tx;

use super::super::{App, Error, attributes, catalogs, custom_attributes, incompatibilities, limits, packages, policies, roles, settings};
use super::step::Change;

/// One step.
pub async fn step(app: &App, tx: &mut Tx, actor: &Principal, change: Change) -> Result<(), Error> {
    match change {
        Change::Settings(form) => settings::update_in(app, tx, actor, &form).await,
        Change::Limits(form) => limits::update_in(app, tx, actor, &form).await,
        Change::CreateAttribute(form) => custom_attributes::create_in(app, tx, actor, &form).await.map(drop),
        Change::UpdateAttribute(id, version, form) => custom_attributes::update_in(app, tx, actor, id, version, &form).await.map(drop),
        Change::CreateCatalog(id, form) => catalogs::create_in(app, tx, actor, id, &form).await.map(drop),
        Change::UpdateCatalog(id, version, form) => catalogs::update_in(app, tx, actor, id, version, &form).await.map(drop),
        Change::GiveRole(of, role, holder) => roles::give_in(app, tx, actor, of, role, &[holder]).await.map(drop),
        Change::TakeRole(of, id) => roles::take_in(app, tx, actor, of, id).await,
        Change::DeleteCatalog(id, version) => catalogs::delete_in(app, tx, actor, id, version).await,
        Change::AddResource(catalog, object) => catalogs::add_resources_in(app, tx, actor, catalog, &[object]).await.map(drop),
        Change::RemoveResource(catalog, object) => catalogs::remove_resource_in(app, tx, actor, catalog, object).await,
        Change::Attributes(catalog, object, form) => attributes::update_in(app, tx, actor, catalog, object, &form).await,
        Change::AddRule(package, counterpart) => incompatibilities::add_in(app, tx, actor, package, counterpart).await.map(drop),
        Change::RemoveRule(package, rule) => incompatibilities::remove_in(app, tx, actor, package, rule).await,
        Change::CreatePackage(id, catalog, form) => packages::create_in(app, tx, actor, id, catalog, &form).await,
        Change::MovePackage(id, version, catalog) => packages::move_to_in(app, tx, actor, id, version, catalog, true).await.map(drop),
        Change::UpdatePackage(id, version, form) => packages::update_in(app, tx, actor, id, version, &form).await.map(drop),
        Change::DeletePackage(id, version) => packages::delete_in(app, tx, actor, id, version).await,
        Change::RemoveResourceRole(id, place) => packages::remove_role_in(app, tx, actor, id, place).await,
        Change::AddResourceRole(id, row) => packages::add_roles_in(app, tx, actor, id, &[row]).await,
        Change::CreatePolicy(id, package, made) => {
            let (form, base) = *made;
            policies::create_in(app, tx, actor, id, package, &form, &base).await.map(drop)
        }
        Change::UpdatePolicy(id, version, made) => {
            let (form, base) = *made;
            policies::update_in(app, tx, actor, id, version, &form, Some(&base)).await.map(drop)
        }
        Change::DeletePolicy(id, version) => policies::delete_in(app, tx, actor, id, version).await,
        Change::OrderPolicies(package, ids) => policies::order_in(app, tx, actor, package, &ids).await,
    }
}
