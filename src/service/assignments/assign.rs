//! New assignment: a package is given to people by hand, each by a request of its own, all in one transaction. Nobody is asked: who may not
//! pass over an approval is refused (F119), and no mail about a request is sent (F166).

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, Authorized, ManageAssignments, Principal, Refusal};
use crate::domain::assignment::{
    DirectForm, DirectOptions, DirectPolicy, DirectTarget, covers_direct, direct_terms, may_assign, may_assign_under,
};
use crate::domain::audit::{Activity, Target};
use crate::domain::bulk::ItemResult;
use crate::domain::id::{Named, PackageId, RequestId, UserId};
use crate::domain::policy::Scope;
use crate::domain::request::{AskTerms, CheckedForm, RequestKind, RequestState};
use crate::domain::validate::Code;
use crate::store::eligibility::{self, Candidate, Parties};
use crate::store::policies::{self, PolicyNow};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, packages};

use super::super::audit::Entry;
use super::super::incompatibilities::{self, Reader};
use super::super::{App, Error, access, attributes, queue};

/// The policies of a package, each with what it asks in this language and whether the actor may assign under it.
pub async fn options(app: &App, actor: &Principal, package: PackageId, language: &str) -> Result<DirectOptions, Error> {
    actor.authorize_somewhere(Action::ManageAssignments)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let granted = access::on_package(&mut tx, actor, ManageAssignments, package).await?;
    let bypass = actor.permission(Action::AssignWithoutApproval, granted.scope());
    let found = policies::now_of_package(&mut tx, package).await?;
    let attributes = attributes::asked_of_anyone(&mut tx, package).await?;
    let option = |policy: PolicyNow| {
        let permission = may_assign_under(&policy.name, &policy.terms, &bypass, now).into();
        let mut ask = direct_terms(Named::new(policy.id, policy.name), policy.number, &policy.terms, language);
        ask.questions.extend(attributes.iter().cloned());
        DirectPolicy { ask, permission }
    };
    Ok(DirectOptions {
        policies: found.into_iter().map(option).collect(),
    })
}

/// Assigns a package to people (F116); gives what came of it for each.
pub async fn assign(app: &App, actor: &Principal, form: &DirectForm) -> Result<Vec<ItemResult<UserId>>, Error> {
    actor.authorize_somewhere(Action::ManageAssignments)?;
    let mut tx = app.store.write().await?;
    let results = assign_in(app, &mut tx, actor, form, app.clock.now()).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(results)
}

/// Assigns a package to one person; gives the request that records it.
pub async fn assign_one(app: &App, actor: &Principal, form: &DirectForm) -> Result<RequestId, Error> {
    actor.authorize_somewhere(Action::ManageAssignments)?;
    let mut tx = app.store.write().await?;
    let made = each(app, &mut tx, actor, form, app.clock.now()).await?;
    let (_, made) = made.into_iter().next().ok_or_else(|| Error::field("users", Code::Required))?;
    let id = made?;
    tx.commit().await?;
    app.wake.wake();
    Ok(id)
}

/// The same in a transaction of others.
pub(in super::super) async fn assign_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    form: &DirectForm,
    now: DateTime<Utc>,
) -> Result<Vec<ItemResult<UserId>>, Error> {
    let made = each(app, tx, actor, form, now).await?;
    Ok(made.into_iter().map(|(user, made)| ItemResult::new(user, made.map(drop))).collect())
}

/// For each person the request that was made, or why none was.
async fn each(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    form: &DirectForm,
    now: DateTime<Utc>,
) -> Result<Vec<(UserId, Result<RequestId, Refusal>)>, Error> {
    let granted = access::on_package(tx, actor, ManageAssignments, form.package).await?;
    let wanted = form.check_choice()?;
    let package = packages::get(tx, form.package).await?.ok_or(Error::NotFound)?;
    let policy = policies::lock(tx, wanted)
        .await?
        .filter(|policy| policy.package_id == form.package)
        .ok_or_else(|| Error::field("policy", Code::Gone))?;
    let bypass = actor.permission(Action::AssignWithoutApproval, granted.scope());
    may_assign_under(&policy.name, &policy.terms, &bypass, now)?;
    let mut ask = direct_terms(
        Named::new(policy.id, policy.name.as_str()),
        policy.number,
        &policy.terms,
        &form.language,
    );
    let checked = checked(tx, form, &mut ask, now).await?;

    // In one order, so that two calls never wait for each other.
    let mut users = form.users.clone();
    users.sort_unstable();
    users.dedup();
    let mut made: HashMap<UserId, Result<RequestId, Refusal>> = HashMap::new();
    let mut new = Vec::new();
    for user in &users {
        match decide(tx, actor, &policy, *user, now).await? {
            Ok(()) => new.push(request(app, actor, &policy, &checked, *user, now)),
            Err(refusal) => drop(made.insert(*user, Err(refusal))),
        }
    }
    let kept = requests::insert_new(tx, &new).await?;
    for request in &new {
        if kept.contains(&request.id) {
            carry_on(app, tx, &granted, request, &package.name, now).await?;
            made.insert(request.target_id, Ok(request.id));
        } else {
            let reason = "Another change of this person's access is under way. Wait a moment, then try again.";
            made.insert(request.target_id, Err(Refusal::new("already-requested", reason)));
        }
    }
    Ok(users.into_iter().filter_map(|user| Some((user, made.remove(&user)?))).collect())
}

/// The form against what its policy and the package's resources ask. Of several people nobody's attributes can be answered; the form says so
/// where there are any.
async fn checked(tx: &mut Tx, form: &DirectForm, ask: &mut AskTerms, now: DateTime<Utc>) -> Result<CheckedForm, Error> {
    let [user] = form.users.as_slice() else {
        ask.questions.extend(attributes::asked_of_anyone(tx, form.package).await?);
        return Ok(form.check(ask, now)?);
    };
    let asked = attributes::asked(tx, form.package, *user).await?;
    let form = DirectForm {
        answers: attributes::with_known(&form.answers, &asked),
        ..form.clone()
    };
    ask.questions.extend(asked);
    Ok(form.check(ask, now)?)
}

/// Whether a person can be assigned; they and the package stay as they are until the transaction ends.
async fn decide(
    tx: &mut Tx,
    actor: &Principal,
    policy: &PolicyNow,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Result<(), Refusal>, StoreError> {
    let Some(candidate) = eligibility::lock_candidate(tx, policy.package_id, user, now).await? else {
        return Ok(Err(Refusal::new("user-gone", "This user is not there any more. Choose another.")));
    };
    let by_name = matches!(
        policy.terms.scope,
        Scope::Specific | Scope::SpecificOrganizations | Scope::ConfiguredOrganizations
    );
    let named = by_name && is_named(tx, policy, user, &candidate, now).await?;
    let reader = Reader::Administrator(actor);
    let against = incompatibilities::against(tx, user, &[policy.package_id], reader, now).await?;
    let conflicts = against.into_values().next().unwrap_or_default();
    let target = DirectTarget {
        name: &candidate.user_name,
        kind: candidate.user_kind,
        account: candidate.account,
        catalog_enabled: candidate.catalog_enabled,
        catalog_external: candidate.catalog_external,
        has_it: candidate.assignment_id.is_some(),
        asked: candidate.request_id.is_some(),
        package: &candidate.name,
        conflicts: &conflicts,
        covered: covers_direct(policy.terms.scope, candidate.user_kind, named),
    };
    Ok(may_assign(&target, &policy.name))
}

/// Whether a specific scope names a person or a group of theirs.
async fn is_named(tx: &mut Tx, policy: &PolicyNow, user: UserId, candidate: &Candidate, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let parties = Parties {
        target: user,
        requestor: user,
    };
    let met = eligibility::policies_for(tx, policy.package_id, parties, candidate, now).await?;
    Ok(met.iter().any(|met| met.id == policy.id && met.named))
}

fn request(app: &App, actor: &Principal, policy: &PolicyNow, form: &CheckedForm, user: UserId, now: DateTime<Utc>) -> Request {
    let (expiration, expiration_value) = policy.terms.lifecycle.expires.to_stored();
    Request {
        id: app.ids.id(now).into(),
        package_id: policy.package_id,
        policy_id: policy.id,
        policy_version_id: policy.version_id,
        target_id: user,
        requestor_id: actor.user_id(),
        kind: RequestKind::AdminAdd,
        state: RequestState::Submitted,
        status: String::new(),
        justification: form.justification.clone(),
        answers: form.answers.clone(),
        starts_at: form.starts_at,
        ends_at: form.ends_at,
        expiration,
        expiration_value,
        assignment_id: None,
        stage: None,
        due_at: None,
        submitted_at: now,
        completed_at: None,
        version: 1,
    }
}

/// Writes a kept request into the trail, and has it carried out at once or when it begins.
async fn carry_on(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManageAssignments>,
    request: &Request,
    package: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    Entry::by_principal(
        granted,
        Activity::AssignDirectly,
        Target::new("package", request.package_id, package),
    )
    .and(Target::new("user", request.target_id, ""))
    .correlation(request.id)
    .write(app, tx)?;
    queue::carry_out(app, tx, request, now).await?;
    Ok(())
}
