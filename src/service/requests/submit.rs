//! Asking for a package: where a person stands with it, and the request that follows.

use chrono::{DateTime, Utc};

use crate::domain::access::{Person, Principal, Scope, UseMyAccess};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{PackageId, RequestId};
use crate::domain::policy::{covers, priority};
use crate::domain::request::{Eligibility, RequestKind, RequestState, SubmitForm, may_request};
use crate::domain::user::UserKind;
use crate::store::Tx;
use crate::store::eligibility::{self, Candidate, PolicyFacts};
use crate::store::requests::{self, Request};

use super::super::audit::Entry;
use super::super::{App, Error, engine};

/// Where a person stands with a package: the facts to decide on, and the policy that would apply, most particular first (F073).
pub async fn standing(
    tx: &mut Tx,
    id: PackageId,
    me: Person,
    candidate: &Candidate,
    now: DateTime<Utc>,
) -> Result<(Eligibility, Option<PolicyFacts>), Error> {
    let mut policies = eligibility::policies_for(tx, id, me.id, now).await?;
    policies.retain(|policy| covers(policy.scope, candidate.user_kind, policy.named));
    let covered = !policies.is_empty();
    policies.retain(|policy| policy.enabled);
    let enabled = !policies.is_empty();
    policies.retain(|policy| !policy.is_over(now));
    let policy = policies.into_iter().min_by_key(|policy| priority(policy.scope));
    let facts = Eligibility {
        package_offered: candidate.catalog_enabled && (candidate.catalog_external || candidate.user_kind == UserKind::Member),
        covered,
        enabled,
        over: policy.is_none(),
        has_it: candidate.assignment_id.is_some(),
        asked: candidate.request_id.is_some(),
    };
    Ok((facts, policy))
}

/// Requests a package for oneself (F032). Delivery follows at once, by the worker.
pub async fn submit(app: &App, actor: &Principal, form: &SubmitForm) -> Result<RequestId, Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let justification = form.check()?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let candidate = eligibility::lock_candidate(&mut tx, form.package, me.id, now)
        .await?
        .ok_or(Error::NotFound)?;
    let (facts, policy) = standing(&mut tx, form.package, me, &candidate, now).await?;
    may_request(&facts)?;
    let policy = policy.ok_or(Error::NotFound)?;
    let request = Request {
        id: app.ids.id(now).into(),
        package_id: form.package,
        policy_id: policy.id,
        policy_version_id: policy.version_id,
        target_id: me.id,
        requestor_id: Some(me.id),
        kind: RequestKind::UserAdd,
        state: RequestState::Submitted,
        status: String::new(),
        justification,
        answers: Vec::new(),
        starts_at: None,
        ends_at: None,
        expiration: policy.expiration,
        expiration_value: policy.expiration_value,
        assignment_id: None,
        stage: None,
        due_at: None,
        submitted_at: now,
        completed_at: None,
        version: 1,
    };
    requests::insert(&mut tx, &request).await.map_err(asked_already)?;
    let package = Target::new("package", form.package, candidate.name);
    Entry::by_principal(&granted, Activity::RequestAssignment, package.clone())
        .correlation(request.id)
        .write(app, &mut tx)?;
    Entry::by_system(Activity::AutoApprove, package)
        .correlation(request.id)
        .write(app, &mut tx)?;
    engine::schedule_delivery(app, &mut tx, request.id, now);
    tx.commit().await?;
    app.wake.wake();
    Ok(request.id)
}

/// Two tabs pressed Submit at once: the index let one through.
fn asked_already(error: crate::store::StoreError) -> Error {
    if !error.is_conflict_on("requests") {
        return error.into();
    }
    let facts = Eligibility {
        package_offered: true,
        covered: true,
        enabled: true,
        over: false,
        has_it: false,
        asked: true,
    };
    may_request(&facts).err().map_or(Error::NotFound, Error::Refused)
}
