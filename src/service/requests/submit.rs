//! Asking for a package, for oneself or for another: the decision, and the request that follows.

use chrono::{DateTime, Utc};

use crate::domain::access::{Principal, Scope, UseMyAccess};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::RequestId;
use crate::domain::policy::PolicyTerms;
use crate::domain::request::{Eligibility, RequestState, SubmitForm, may_request};
use crate::store::Tx;
use crate::store::eligibility::{self, Parties};
use crate::store::requests::{self, Request};

use super::super::approvals::{self, Started};
use super::super::audit::Entry;
use super::super::incompatibilities::Reader;
use super::super::{App, Error, organizations, queue};
use super::assess::{facts, kind};

/// Requests a package (F032), for oneself or, where the policy lets one, for another (F143). Delivery follows at once, by the worker.
pub async fn submit(app: &App, actor: &Principal, form: &SubmitForm) -> Result<RequestId, Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let target = form.target.unwrap_or(me.id);
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let candidate = eligibility::lock_candidate(&mut tx, form.package, target, now)
        .await?
        .ok_or(Error::NotFound)?;
    let parties = Parties { target, requestor: me.id };
    let facts = facts(&mut tx, form.package, parties, &candidate, Reader::Person(me.id), now).await?;
    let plan = facts.decide(form, now)?;
    let (expiration, expiration_value) = plan.policy.terms.lifecycle.expires.to_stored();
    let request = Request {
        id: app.ids.id(now).into(),
        package_id: form.package,
        policy_id: plan.policy.id,
        policy_version_id: plan.policy.version_id,
        target_id: target,
        requestor_id: Some(me.id),
        kind: kind(parties),
        state: RequestState::Submitted,
        status: String::new(),
        justification: plan.form.justification,
        answers: plan.form.answers,
        starts_at: plan.form.starts_at,
        ends_at: plan.form.ends_at,
        expiration,
        expiration_value,
        assignment_id: None,
        stage: None,
        due_at: None,
        submitted_at: now,
        completed_at: None,
        version: 1,
    };
    requests::insert(&mut tx, &request).await.map_err(asked_already)?;
    organizations::propose(app, &mut tx, plan.policy.terms.scope, target, now).await?;
    let package = Target::new("package", form.package, candidate.name.as_str());
    let mut entry = Entry::by_principal(&granted, Activity::RequestAssignment, package);
    if target != me.id {
        entry = entry
            .and(Target::new("user", target, candidate.user_name.as_str()))
            .detail(format!("For {}", candidate.user_name));
    }
    entry.correlation(request.id).write(app, &mut tx)?;
    begin(app, &mut tx, &request, &plan.policy.terms, &candidate.name, now).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(request.id)
}

/// A stored request sets out: its approvers are asked or, where nobody has to decide, it is carried out.
pub(super) async fn begin(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    terms: &PolicyTerms,
    package: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if approvals::needs_approval(terms, request.kind) && approvals::start(app, tx, request, terms, now).await? != Started::NotNeeded {
        return Ok(());
    }
    Entry::by_system(Activity::AutoApprove, Target::new("package", request.package_id, package))
        .correlation(request.id)
        .write(app, tx)?;
    Ok(queue::carry_out(app, tx, request, now).await?)
}

/// Two tabs pressed Submit at once: the index let one through.
pub(super) fn asked_already(error: crate::store::StoreError) -> Error {
    if !error.is_conflict_on("requests") {
        return error.into();
    }
    let facts = Eligibility {
        asked: true,
        ..Eligibility::FULL
    };
    may_request(&facts).err().map_or(Error::NotFound, Error::Refused)
}
