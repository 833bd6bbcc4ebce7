//! One policy with all that its pages show: the terms with the names in them, what would be the matter with requests, and its versions.

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, Permission, Principal, ReadCatalogs, Refusal};
use crate::domain::id::{Named, PolicyId};
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::policy::{
    PolicyDetail, PolicyTerms, PolicyVersions, VersionItem, Warning, crowd_text, deadlock_text, may_delete_policy, name_among, warnings,
};
use crate::store::policies::{self, PolicyNow};
use crate::store::{StoreError, Tx, packages, subjects};

use super::super::{App, Error, access, approvals};

/// Versions that are listed at the most.
const VERSIONS_MAX: i64 = 100;

/// One policy (F066).
pub async fn get(app: &App, actor: &Principal, id: PolicyId) -> Result<PolicyDetail, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let policy = policies::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let package = packages::get(&mut tx, policy.package_id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ReadCatalogs, package.catalog_id)?;
    let edit = actor.permission(Action::ManagePolicies, granted.scope());
    let (_, assignments) = policies::holders(&mut tx, id, now).await?;
    let delete = match &edit {
        Permission::Denied(_) => edit.clone(),
        Permission::Allowed => stands_in_the_way(&mut tx, &policy, now).await?.into(),
    };
    let subjects = named(&mut tx, [&policy.terms]).await?;
    let warnings = warned(&mut tx, &policy.terms, &subjects, now).await?;
    let in_scope = policies::in_scope(&mut tx, &policy, now).await?;
    Ok(PolicyDetail {
        id,
        package: Named::new(package.id, package.name),
        name: policy.name,
        number: policy.number,
        warnings,
        in_scope,
        terms: policy.terms,
        subjects,
        assignments,
        edit,
        delete,
        version: policy.version,
        now,
    })
}

/// What would be the matter with requests, in words: whom they could only time out for, stages at which nobody is there, and stages that
/// name more people than are asked.
async fn warned(tx: &mut Tx, terms: &PolicyTerms, subjects: &[SubjectItem], now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let words = |warning: Warning| warning.text(&name_among(subjects, Subject::User(warning.requestor)));
    let mut said: Vec<String> = warnings(terms).into_iter().map(words).collect();
    if terms.approval.is_asked() {
        let faulty = approvals::faulty(tx, &terms.approval, now).await?;
        said.extend(faulty.deadlocked.into_iter().map(deadlock_text));
        said.extend(faulty.crowded.into_iter().map(crowd_text));
    }
    Ok(said)
}

/// Everyone whom one of these terms names.
pub(super) async fn named(tx: &mut Tx, terms: impl IntoIterator<Item = &PolicyTerms>) -> Result<Vec<SubjectItem>, StoreError> {
    let mut all: Vec<Subject> = Vec::new();
    for (_, _, subject) in terms.into_iter().flat_map(PolicyTerms::mentions) {
        if !all.contains(&subject) {
            all.push(subject);
        }
    }
    subjects::load(tx, &all).await
}

/// Loads what deleting a policy depends on, and decides (F067).
pub(super) async fn stands_in_the_way(tx: &mut Tx, policy: &PolicyNow, now: DateTime<Utc>) -> Result<Result<(), Refusal>, StoreError> {
    let (holders, count) = policies::holders(tx, policy.id, now).await?;
    let open = policies::open_requests(tx, policy.id).await?;
    Ok(may_delete_policy(&policy.name, &holders, count, open))
}

/// The versions of a policy, the newest first.
pub async fn versions(app: &App, actor: &Principal, id: PolicyId) -> Result<PolicyVersions, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let policy = policies::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ReadCatalogs, policy.package_id).await?;
    let versions: Vec<VersionItem> = policies::versions(&mut tx, id, VERSIONS_MAX).await?;
    let subjects = named(&mut tx, versions.iter().map(|version| &version.terms)).await?;
    Ok(PolicyVersions {
        policy: Named::new(id, policy.name),
        package: policy.package_id,
        versions,
        subjects,
        edit: actor.permission(Action::ManagePolicies, granted.scope()),
        version: policy.version,
    })
}
