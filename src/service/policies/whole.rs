//! Policies made and changed by their terms as a whole, as the API sends them, and read as it lists them. The checks, limits and trail are those
//! of `change`.

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, Principal, ReadCatalogs};
use crate::domain::id::{PackageId, PolicyId};
use crate::domain::object::SubjectItem;
use crate::domain::odata::ListQuery;
use crate::domain::policy::{PolicyRecord, PolicyTerms, check_terms, terms_subject_faults};
use crate::domain::validate::{Checker, FieldErrors, Name};
use crate::store::odata::{Found, policies as listed};
use crate::store::{Tx, subjects};

use super::super::{App, Error, access};
use super::change::{add, held, opened, replace};
use super::read::named;

/// Policies, with everyone whom they name.
pub type WithSubjects<T> = (T, Vec<SubjectItem>);

/// A page of the policies that the actor sees (F173).
pub async fn query(app: &App, actor: &Principal, query: &ListQuery) -> Result<WithSubjects<Found<PolicyRecord>>, Error> {
    let visible = actor.visible(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let found = listed::list(&mut tx, query, &visible).await?;
    let subjects = named(&mut tx, found.rows.iter().map(|policy| &policy.terms)).await?;
    Ok((found, subjects))
}

/// One policy (F173).
pub async fn record(app: &App, actor: &Principal, id: PolicyId) -> Result<WithSubjects<PolicyRecord>, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let policy = listed::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ReadCatalogs, policy.catalog_id)?;
    let subjects = named(&mut tx, [&policy.terms]).await?;
    Ok((policy, subjects))
}

/// These policies, those of them that the actor sees.
pub async fn records(app: &App, actor: &Principal, ids: &[PolicyId]) -> Result<WithSubjects<Vec<PolicyRecord>>, Error> {
    let visible = access::seen(actor);
    let mut tx = app.store.read().await?;
    let found = listed::by_ids(&mut tx, ids, &visible).await?;
    let subjects = named(&mut tx, found.iter().map(|policy| &policy.terms)).await?;
    Ok((found, subjects))
}

/// The policies of these packages, in their order, where the actor sees the package.
pub async fn of_packages(app: &App, actor: &Principal, packages: &[PackageId]) -> Result<WithSubjects<Vec<PolicyRecord>>, Error> {
    let visible = access::seen(actor);
    let mut tx = app.store.read().await?;
    let found = listed::of_packages(&mut tx, packages, &visible).await?;
    let subjects = named(&mut tx, found.iter().map(|policy| &policy.terms)).await?;
    Ok((found, subjects))
}

/// Adds a policy with these terms to a package (F065).
pub async fn create_whole(app: &App, actor: &Principal, package: PackageId, name: &str, terms: &PolicyTerms) -> Result<PolicyId, Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let (package, granted) = held(&mut tx, actor, package).await?;
    let (name, mut terms) = checked(&mut tx, name, terms, None, now).await?;
    let id = PolicyId(app.ids.id(now));
    add(app, &mut tx, &granted, id, &package, (&name, &mut terms)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Puts these terms into force (F066). Gives the version for the next change.
pub async fn replace_whole(
    app: &App,
    actor: &Principal,
    id: PolicyId,
    version: i64,
    name: &str,
    terms: &PolicyTerms,
) -> Result<i64, Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let mut tx = app.store.write().await?;
    let (policy, package, granted) = opened(&mut tx, actor, id, version).await?;
    let (name, mut terms) = checked(&mut tx, name, terms, Some(&policy.terms), app.clock.now()).await?;
    let version = replace(app, &mut tx, &granted, &policy, &package, (&name, &mut terms)).await?;
    tx.commit().await?;
    Ok(version)
}

/// The name and terms, or all their faults, those that only the directory knows included. Whom the policy named `before` may be gone.
async fn checked(
    tx: &mut Tx,
    name: &str,
    terms: &PolicyTerms,
    before: Option<&PolicyTerms>,
    now: DateTime<Utc>,
) -> Result<(Name, PolicyTerms), Error> {
    let mut check = Checker::default();
    let name = Name::check(&mut check, "name", name);
    let mut faults: FieldErrors = check.into_errors();
    faults.extend(check_terms(terms, now));
    let mentions = terms.mentions();
    let mentioned: Vec<_> = mentions.iter().map(|(_, _, subject)| *subject).collect();
    let found = subjects::load(tx, &mentioned).await?;
    faults.extend(terms_subject_faults(terms, before, &found));
    if faults.is_empty() {
        Ok((name, terms.clone()))
    } else {
        Err(faults.into())
    }
}
