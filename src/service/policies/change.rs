//! Policies are changed by new versions: what was requested and given under an earlier one keeps its terms (F081). Each change says in the
//! trail, in words, what the policy said before and says now.

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, Authorized, ManagePolicies, Principal, Refusal};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::{PackageId, PolicyId, PolicyVersionId, QuestionId};
use crate::domain::limit::Limit;
use crate::domain::object::Subject;
use crate::domain::policy::{PolicyForm, PolicyTerms, describe, differences, name_among, subject_faults};
use crate::domain::validate::{Code, Name};
use crate::domain::when::ViewerTime;
use crate::store::packages::Package;
use crate::store::policies::{self, NewPolicy, PolicyNow};
use crate::store::{StoreError, Tx, packages, subjects};

use super::super::audit::{Entry, changed};
use super::super::{App, Error, access, limits, rules};
use super::read::{named, stands_in_the_way};

/// Adds a policy to a package, behind those that it has (F065).
pub async fn create(app: &App, actor: &Principal, package: PackageId, form: &PolicyForm) -> Result<PolicyId, Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let mut tx = app.store.write().await?;
    let id = PolicyId(app.ids.id(app.clock.now()));
    let done = create_in(app, &mut tx, actor, id, package, form, &PolicyTerms::default()).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same in a transaction of others, under an id that is given; what the form does not show is as in `base`.
pub(in crate::service) async fn create_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: PolicyId,
    package: PackageId,
    form: &PolicyForm,
    base: &PolicyTerms,
) -> Result<PolicyId, Error> {
    let now = app.clock.now();
    let (package, granted) = held(tx, actor, package).await?;
    let (name, mut terms) = checked(tx, form, base, now).await?;
    add(app, tx, &granted, id, &package, (&name, &mut terms)).await
}

/// Adds a policy whose name and terms are checked.
pub(super) async fn add(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManagePolicies>,
    id: PolicyId,
    package: &Package,
    (name, terms): (&Name, &mut PolicyTerms),
) -> Result<PolicyId, Error> {
    let now = app.clock.now();
    let there = policies::of_package(tx, package.id, now).await?.len();
    limits::check(tx, Limit::PackagePolicies, there + 1).await?;
    within_limits(tx, &PolicyTerms::default(), terms).await?;
    name_questions(app, terms, now);
    let new = NewPolicy {
        id,
        version_id: PolicyVersionId(app.ids.id(now)),
        package: package.id,
        name,
        position: policies::next_position(tx, package.id).await?,
        terms,
        by: granted.principal().user_id(),
    };
    policies::insert(tx, &new, now).await.map_err(Error::taken_in("policies", "name"))?;
    let changes = said(tx, None, terms).await?;
    entry(granted, Activity::CreatePolicy, id, &name.text, package)
        .changes(changes)
        .write(app, tx)?;
    Ok(id)
}

/// Refused where terms have more of something than its limit allows, and more than they had before (F172).
pub async fn within_limits(tx: &mut Tx, before: &PolicyTerms, terms: &PolicyTerms) -> Result<(), Error> {
    let of = |terms: &PolicyTerms| {
        [
            (Limit::PolicyStages, terms.approval.stages.len()),
            (Limit::PolicyQuestions, terms.questions.len()),
        ]
    };
    for ((limit, count), (_, was)) in of(terms).into_iter().zip(of(before)) {
        if count > was {
            limits::check(tx, limit, count).await?;
        }
    }
    Ok(())
}

/// Changes a policy: its terms get a new version (F066). Gives the version for the next change.
pub async fn update(app: &App, actor: &Principal, id: PolicyId, version: i64, form: &PolicyForm) -> Result<i64, Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let mut tx = app.store.write().await?;
    let done = update_in(app, &mut tx, actor, id, version, form, None).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same in a transaction of others; what the form does not show is as in `base`, or as it was.
pub(in crate::service) async fn update_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: PolicyId,
    version: i64,
    form: &PolicyForm,
    base: Option<&PolicyTerms>,
) -> Result<i64, Error> {
    let now = app.clock.now();
    let (policy, package, granted) = opened(tx, actor, id, version).await?;
    let (name, mut terms) = checked(tx, form, base.unwrap_or(&policy.terms), now).await?;
    replace(app, tx, &granted, &policy, &package, (&name, &mut terms)).await
}

/// Changes a policy that is held to a name and terms that are checked.
pub(super) async fn replace(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManagePolicies>,
    policy: &PolicyNow,
    package: &Package,
    (name, terms): (&Name, &mut PolicyTerms),
) -> Result<i64, Error> {
    within_limits(tx, &policy.terms, terms).await?;
    name_questions(app, terms, app.clock.now());
    put(app, tx, granted, policy, package, (name, terms), "").await?;
    Ok(policy.version + 1)
}

/// Puts an earlier version into force again, as a new one. Gives the version for the next change.
pub async fn restore(app: &App, actor: &Principal, id: PolicyId, version: i64, number: i64) -> Result<i64, Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let (policy, package, granted) = opened(&mut tx, actor, id, version).await?;
    let old = policies::numbered(&mut tx, id, number).await?.ok_or(Error::NotFound)?;
    // Time has passed since, and people have gone: what was right then is checked as if it were typed now.
    let form = PolicyForm::from(&old).named(policy.name.as_str());
    let (name, terms) = checked(&mut tx, &form, &old, now).await.map_err(|error| outdated(error, number))?;
    let detail = format!("Version {number} was restored");
    put(app, &mut tx, &granted, &policy, &package, (&name, &terms), &detail).await?;
    tx.commit().await?;
    Ok(version + 1)
}

/// Faults of an earlier version have no field to stand at: they are told in a sentence.
fn outdated(error: Error, number: i64) -> Error {
    let Error::Invalid(faults) = error else { return error };
    let why = if faults.iter().any(|fault| fault.code == Code::Gone) {
        "somebody whom it names is gone"
    } else if faults.iter().any(|fault| fault.code == Code::InThePast) {
        "the date on which its access ends has passed"
    } else {
        "it says what is not allowed any more"
    };
    let reason = format!("Version {number} can't be restored as it is: {why}. Edit the policy instead, with the comparison beside it.");
    Refusal::new("version-outdated", reason).into()
}

/// Enables or disables a policy; what was requested and given under it stays (F072). Gives the version for the next change.
pub async fn set_enabled(app: &App, actor: &Principal, id: PolicyId, version: i64, enabled: bool) -> Result<i64, Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let mut tx = app.store.write().await?;
    let (policy, package, granted) = opened(&mut tx, actor, id, version).await?;
    let mut terms = policy.terms.clone();
    terms.requestor.enabled = enabled;
    let name = Name::of(policy.name.clone());
    put(app, &mut tx, &granted, &policy, &package, (&name, &terms), "").await?;
    tx.commit().await?;
    Ok(version + 1)
}

/// Deletes a policy under which nobody has access and nobody waits (F067).
pub async fn delete(app: &App, actor: &Principal, id: PolicyId, version: i64) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let mut tx = app.store.write().await?;
    delete_in(app, &mut tx, actor, id, version).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn delete_in(app: &App, tx: &mut Tx, actor: &Principal, id: PolicyId, version: i64) -> Result<(), Error> {
    let now = app.clock.now();
    let (policy, package, granted) = opened(tx, actor, id, version).await?;
    stands_in_the_way(tx, &policy, now).await??;
    if !policies::delete(tx, id, version, now).await? {
        return Err(changed(tx, id, &policy.name).await);
    }
    entry(&granted, Activity::DeletePolicy, id, &policy.name, &package).write(app, tx)?;
    Ok(())
}

/// Puts a package's policies into this order: of several that count the same for a person, they are offered in it.
pub async fn order(app: &App, actor: &Principal, package: PackageId, ids: &[PolicyId]) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let mut tx = app.store.write().await?;
    order_in(app, &mut tx, actor, package, ids).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn order_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    package: PackageId,
    ids: &[PolicyId],
) -> Result<(), Error> {
    let now = app.clock.now();
    let (package, granted) = held(tx, actor, package).await?;
    let there = policies::of_package(tx, package.id, now).await?;
    let same = ids.len() == there.len() && there.iter().all(|policy| ids.contains(&policy.id));
    if !same {
        return Err(Error::changed(&format!("The list of policies of {}", package.name)));
    }
    for (id, position) in ids.iter().zip(0..) {
        policies::place(tx, *id, position).await?;
    }
    let name = |id: &PolicyId| there.iter().find(|policy| policy.id == *id).map(|policy| policy.name.as_str());
    let listed = |ids: Vec<PolicyId>| ids.iter().filter_map(name).collect::<Vec<_>>().join(", ");
    let before = listed(there.iter().map(|policy| policy.id).collect());
    Entry::by_principal(&granted, Activity::UpdatePackage, target(&package))
        .changes([Change::between("order_of_policies", before, listed(ids.to_vec()))])
        .write(app, tx)?;
    Ok(())
}

/// A package that policies are changed of, held until the transaction ends.
pub(super) async fn held(tx: &mut Tx, actor: &Principal, id: PackageId) -> Result<(Package, Authorized<ManagePolicies>), Error> {
    let package = packages::lock(tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManagePolicies, package.catalog_id)?;
    Ok((package, granted))
}

/// A policy that still has this version, with its package; both are held until the transaction ends.
pub(super) async fn opened(
    tx: &mut Tx,
    actor: &Principal,
    id: PolicyId,
    version: i64,
) -> Result<(PolicyNow, Package, Authorized<ManagePolicies>), Error> {
    let found = policies::get(tx, id).await?.ok_or(Error::NotFound)?;
    let (package, granted) = held(tx, actor, found.package_id).await?;
    let policy = policies::lock(tx, id).await?.ok_or(Error::NotFound)?;
    if policy.version != version {
        return Err(changed(tx, id, &policy.name).await);
    }
    Ok((policy, package, granted))
}

/// The name and terms that a form asks for, or all its faults, those that only the directory knows included.
async fn checked(tx: &mut Tx, form: &PolicyForm, base: &PolicyTerms, now: DateTime<Utc>) -> Result<(Name, PolicyTerms), Error> {
    let found = subjects::load(tx, &form.subjects()).await?;
    let gone = subject_faults(&form.requests, &found);
    match form.check(base, now) {
        Ok(checked) if gone.is_empty() => {
            known_rules(tx, base, &checked.1).await?;
            Ok(checked)
        }
        Ok(_) => Err(gone.into()),
        Err(mut faults) => {
            faults.extend(gone);
            Err(faults.into())
        }
    }
}

/// Refused where a new rule of these terms asks about a custom attribute that is not defined.
async fn known_rules(tx: &mut Tx, before: &PolicyTerms, terms: &PolicyTerms) -> Result<(), Error> {
    let old: Vec<&str> = before.approval.rules().map(|(_, rule)| rule).collect();
    for (stage, rule) in terms.approval.rules().filter(|(_, rule)| !old.contains(rule)) {
        rules::lock_rules(tx).await?;
        rules::check_custom(tx, &format!("stages.{stage}.condition"), rule).await?;
    }
    Ok(())
}

/// Questions that are new get their ids.
pub(in crate::service) fn name_questions(app: &App, terms: &mut PolicyTerms, now: DateTime<Utc>) {
    for question in &mut terms.questions {
        if question.id.0.is_nil() {
            question.id = QuestionId(app.ids.id(now));
        }
    }
}

/// Puts a name and terms into force, and says in the trail what they changed.
async fn put(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManagePolicies>,
    policy: &PolicyNow,
    package: &Package,
    (name, terms): (&Name, &PolicyTerms),
    detail: &str,
) -> Result<(), Error> {
    let now = app.clock.now();
    if name.text != policy.name {
        policies::rename(tx, policy.id, name)
            .await
            .map_err(Error::taken_in("policies", "name"))?;
    }
    let by = granted.principal().user_id();
    let version = PolicyVersionId(app.ids.id(now));
    if !policies::replace(tx, policy, version, terms, by, now).await? {
        return Err(changed(tx, policy.id, &policy.name).await);
    }
    let mut changes = vec![Change::between("name", policy.name.as_str(), name.text.as_str())];
    changes.extend(said(tx, Some(&policy.terms), terms).await?);
    entry(granted, Activity::UpdatePolicy, policy.id, &name.text, package)
        .changes(changes)
        .detail(detail)
        .write(app, tx)?;
    Ok(())
}

/// What differs between two terms in words, as the trail keeps it; of a new policy everything that it says.
async fn said(tx: &mut Tx, before: Option<&PolicyTerms>, after: &PolicyTerms) -> Result<Vec<Option<Change>>, StoreError> {
    let found = named(tx, before.into_iter().chain([after])).await?;
    let name = |subject: Subject| name_among(&found, subject);
    let exact = |at: DateTime<Utc>| ViewerTime { offset: 0 }.exact_in_zone(at);
    let old = before.map(|terms| describe(terms, &name, &exact)).unwrap_or_default();
    let lines = differences(&old, &describe(after, &name, &exact));
    let change =
        |line: crate::domain::policy::Difference| Change::between(&line.label, line.old.unwrap_or_default(), line.new.unwrap_or_default());
    Ok(lines.into_iter().map(change).collect())
}

fn target(package: &Package) -> Target {
    Target::new("package", package.id, package.name.as_str())
}

fn entry<'a>(granted: &'a Authorized<ManagePolicies>, activity: Activity, id: PolicyId, name: &str, package: &Package) -> Entry<'a> {
    Entry::by_principal(granted, activity, Target::new("policy", id, name)).and(target(package))
}
