//! The policy simulator: what would become of a person's request, by the decision that a real one meets. Nothing is written.

use crate::domain::access::{Action, ManagePolicies, Principal};
use crate::domain::id::{PackageId, PolicyId, UserId};
use crate::domain::request::{Assessment, SubmitForm};
use crate::store::packages;

use super::super::incompatibilities::Reader;
use super::super::{App, Error, access};
use super::assess;

/// What would become of a request by `user`, under the policy that they choose where they can.
pub async fn simulate(
    app: &App,
    actor: &Principal,
    package: PackageId,
    user: UserId,
    policy: Option<PolicyId>,
) -> Result<Assessment, Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let found = packages::get(&mut tx, package).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ManagePolicies, found.catalog_id)?;
    let form = policy.map(|policy| SubmitForm {
        policy: Some(policy),
        ..SubmitForm::new(package, "")
    });
    assess(&mut tx, package, user, form.as_ref(), Reader::Administrator(actor), now).await
}
