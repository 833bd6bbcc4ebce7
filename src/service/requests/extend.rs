//! More time for access that one has, and giving access back. Both are requests like every other change of who has what.

use chrono::{DateTime, Utc};

use crate::domain::access::{Principal, Scope, UseMyAccess};
use crate::domain::assignment::EndReason;
use crate::domain::audit::{Activity, Target};
use crate::domain::expiration::ExpirationKind;
use crate::domain::id::{AssignmentId, RequestId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::request::{ExtendForm, ExtendPane, ExtendTerms, RequestKind, RequestState};
use crate::store::eligibility::{self, Held};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, assignments, grants, memberships};

use super::super::audit::Entry;
use super::super::{App, Error, approvals, queue, settle};
use super::submit;

/// Access of one's own, as it stands; another's is not there.
async fn held(tx: &mut Tx, me: UserId, id: AssignmentId, now: DateTime<Utc>) -> Result<Held, Error> {
    eligibility::held(tx, me, &[id], now).await?.pop().ok_or(Error::NotFound)
}

/// What is asked of whoever extends this access, or why it cannot be extended.
fn terms(held: &Held, now: DateTime<Utc>) -> Result<ExtendTerms, Refusal> {
    let extension = held.facts.may_extend(now)?;
    let terms = &held.facts.terms;
    Ok(ExtendTerms {
        ends_at: held.facts.ends_at.unwrap_or(now),
        extension,
        custom_schedule: terms.lifecycle.custom_schedule,
        justification_required: terms.requestor.justification_required,
        approval: approvals::needs_approval(terms, RequestKind::UserExtend),
    })
}

/// The Extend access pane (F082).
pub async fn extend_pane(app: &App, actor: &Principal, id: AssignmentId) -> Result<ExtendPane, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let held = held(&mut tx, me.id, id, now).await?;
    Ok(ExtendPane {
        assignment: id,
        package: held.package.clone(),
        terms: terms(&held, now),
        give_back: held.facts.may_give_back(now).into(),
    })
}

/// Asks for more time under the policy as it stands now (F082); its approvers decide where it says so (F083).
pub async fn extend(app: &App, actor: &Principal, form: &ExtendForm) -> Result<RequestId, Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let assignment = assignments::lock(&mut tx, form.assignment).await?.ok_or(Error::NotFound)?;
    let held = held(&mut tx, me.id, assignment.id, now).await?;
    let (justification, ends_at) = form.check(&terms(&held, now)?, now)?;
    let (expiration, expiration_value) = held.facts.terms.lifecycle.expires.to_stored();
    let request = Request {
        policy_version_id: held.version_id,
        kind: RequestKind::UserExtend,
        justification,
        ends_at,
        expiration,
        expiration_value,
        ..about(app, &held, me.id, now)
    };
    requests::insert(&mut tx, &request).await.map_err(submit::asked_already)?;
    let package = Target::new("package", held.package.id, held.package.name.as_str());
    Entry::by_principal(&granted, Activity::RequestExtension, package)
        .and(Target::new("assignment", held.id, ""))
        .correlation(request.id)
        .write(app, &mut tx)?;
    submit::begin(app, &mut tx, &request, &held.facts.terms, &held.package.name, now).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(request.id)
}

/// Gives access back: from this moment it no longer holds, and the engine takes back what it gave (F141). More time that was asked for
/// comes to nothing.
pub async fn give_back(app: &App, actor: &Principal, id: AssignmentId) -> Result<RequestId, Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let mut assignment = assignments::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let held = held(&mut tx, me.id, id, now).await?;
    held.facts.may_give_back(now)?;
    assignment.ends_at = Some(now);
    assignment.end_reason = Some(EndReason::GivenBack);
    if !assignments::update(&mut tx, &mut assignment).await? {
        return Err(Error::changed("This access"));
    }
    for grant in grants::live_grants(&mut tx, id).await? {
        memberships::recount(&mut tx, grant.role_id, grant.user_id).await?;
    }
    settle::access_ended(app, &mut tx, id, now).await?;
    let request = Request {
        kind: RequestKind::UserRemove,
        state: RequestState::Delivering,
        ..about(app, &held, me.id, now)
    };
    requests::insert(&mut tx, &request).await.map_err(being_removed)?;
    Entry::by_principal(&granted, Activity::RemoveAssignment, Target::new("assignment", id, ""))
        .and(Target::new("user", me.id, actor.name.as_str()))
        .correlation(request.id)
        .write(app, &mut tx)?;
    queue::schedule_delivery(app, &mut tx, request.id, now);
    tx.commit().await?;
    app.wake.wake();
    Ok(request.id)
}

/// A request of the holder about their access, with nothing asked for.
fn about(app: &App, held: &Held, me: UserId, now: DateTime<Utc>) -> Request {
    Request {
        id: app.ids.id(now).into(),
        package_id: held.package.id,
        policy_id: held.policy_id,
        policy_version_id: held.given_under,
        target_id: me,
        requestor_id: Some(me),
        kind: RequestKind::UserRemove,
        state: RequestState::Submitted,
        status: String::new(),
        justification: String::new(),
        answers: Vec::new(),
        starts_at: None,
        ends_at: None,
        expiration: ExpirationKind::Never,
        expiration_value: None,
        assignment_id: Some(held.id),
        stage: None,
        due_at: None,
        submitted_at: now,
        completed_at: None,
        version: 1,
    }
}

/// Two tabs pressed Remove access at once, or an administrator was first.
fn being_removed(error: StoreError) -> Error {
    if error.is_conflict_on("requests") {
        Error::Conflict("This access is being removed already. Wait a moment, then reload.".to_owned())
    } else {
        error.into()
    }
}
