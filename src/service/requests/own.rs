//! What My Access shows before a request and after it: the pane with its choices, what would become of the request, and one's own requests.

use chrono::{DateTime, Utc};

use crate::domain::access::{Person, Principal, Scope, UseMyAccess};
use crate::domain::approval::may_remind;
use crate::domain::id::{Named, RequestId, UserId};
use crate::domain::offer::RequestPane;
use crate::domain::refusal::{Permission, Refusal};
use crate::domain::request::{
    Assessment, FormerRequest, GivenAnswer, OwnRequest, PaneQuery, RequestFacts, RequestState, SubmitForm, may_resubmit, may_withdraw,
};
use crate::store::eligibility::{self, Parties};
use crate::store::requests::{self, Request};
use crate::store::{Tx, approvals as store, settings, users};

use super::super::incompatibilities::{self, Reader};
use super::super::{App, Error, approvals, my_access};
use super::assess::{assess_fully, facts};
use super::detail::detail;

/// Direct reports that are offered at the most.
const REPORTS_MAX: i64 = 200;

/// Whether a request is somebody's own: they made it, or it is about their access.
pub fn is_own(request: &Request, me: UserId) -> bool {
    request.target_id == me || request.requestor_id == Some(me)
}

/// The Request access pane, for the choices made so far; questions are asked in `language` (F074, F107, F143).
pub async fn request_pane(app: &App, actor: &Principal, query: &PaneQuery, language: &str) -> Result<RequestPane, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let reports = reports(&mut tx, query, me, now).await?;
    let target = query.target.filter(|target| *target != me.id);
    let mut offer = my_access::offer_in(&mut tx, me, query.package, !reports.is_empty() || target.is_some(), now).await?;
    let facts = facts_for(&mut tx, query, me.id, target.unwrap_or(me.id), now).await?;
    if target.is_some() {
        offer.request = facts.may_request(now).into();
    }
    let policies: Vec<_> = facts
        .candidates(now)
        .iter()
        .map(|policy| Named::new(policy.id, policy.name.as_str()))
        .collect();
    let chosen = match offer.request {
        Permission::Allowed => facts.choose(query.policy, now).ok(),
        Permission::Denied(_) => None,
    };
    Ok(RequestPane {
        target: target.map(|id| Named::new(id, facts.other.clone().unwrap_or_default())),
        asks: chosen.map(|policy| facts.asks(policy, language)),
        former: former(&mut tx, query, me.id).await?,
        policies: if policies.len() > 1 { policies } else { Vec::new() },
        language: language.to_owned(),
        reports,
        offer,
    })
}

async fn facts_for(tx: &mut Tx, query: &PaneQuery, requestor: UserId, target: UserId, now: DateTime<Utc>) -> Result<RequestFacts, Error> {
    let candidate = eligibility::candidate(tx, query.package, target, now)
        .await?
        .ok_or(Error::NotFound)?;
    let parties = Parties { target, requestor };
    facts(tx, query.package, parties, &candidate, Reader::Person(requestor), now).await
}

/// Whom else the package can be requested for: one's direct reports, where a policy lets one.
async fn reports(tx: &mut Tx, query: &PaneQuery, me: Person, now: DateTime<Utc>) -> Result<Vec<Named<UserId>>, Error> {
    let reports = users::direct_reports(tx, me.id, REPORTS_MAX).await?;
    let Some(first) = reports.first() else {
        return Ok(reports);
    };
    let facts = facts_for(tx, query, me.id, first.id, now).await?;
    let lets = facts
        .policies
        .iter()
        .any(|policy| policy.lets_ask_for_other && policy.terms.requestor.enabled);
    Ok(if lets { reports } else { Vec::new() })
}

/// What a former request of one's own for the package said.
async fn former(tx: &mut Tx, query: &PaneQuery, me: UserId) -> Result<Option<FormerRequest>, Error> {
    let Some(id) = query.again else { return Ok(None) };
    let request = requests::find(tx, id).await?;
    let request = request.filter(|request| is_own(request, me) && request.package_id == query.package);
    Ok(request.map(|request| FormerRequest {
        justification: request.justification,
        answers: request
            .answers
            .into_iter()
            .map(|answer| GivenAnswer {
                question: answer.question,
                value: answer.value,
            })
            .collect(),
    }))
}

/// Would this work? The decision that the form would meet, with nothing written. Approvers are named where the policy, or else the tenant,
/// shows them (F102); other policies than the one that applies are not told of.
pub async fn would_it_work(app: &App, actor: &Principal, form: &SubmitForm) -> Result<Assessment, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let (mut assessment, details) = assess_fully(&mut tx, form.package, me.id, Some(form), Reader::Person(me.id), now).await?;
    if let Permission::Denied(refusal) = &assessment.request
        && refusal.rule == "not-in-scope"
    {
        return Err(Error::Refused(refusal.clone()));
    }
    assessment.policies.clear();
    let shown = details.shown(settings::tenant(&mut tx).await?.approver_details);
    if !shown {
        assessment.stages.iter_mut().for_each(|stage| stage.approvers = None);
    }
    Ok(assessment)
}

/// One of one's own requests, with what one can do about it; another's is not there (F033, F102, F139, F140).
pub async fn own(app: &App, actor: &Principal, id: RequestId) -> Result<OwnRequest, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let mut tx = app.store.read().await?;
    let request = requests::find(&mut tx, id)
        .await?
        .filter(|request| is_own(request, me.id))
        .ok_or(Error::NotFound)?;
    let mut detail = detail(app, &mut tx, id).await?.ok_or(Error::NotFound)?;
    incompatibilities::tell(&mut tx, &mut detail, &request, Reader::Person(me.id), app.clock.now()).await?;
    let tenant = settings::tenant(&mut tx).await?;
    let stages = approvals::stages_of(&mut tx, &request, tenant.approver_details).await?;
    let remind = may_be_reminded(&mut tx, &request, app.clock.now()).await?;
    let resubmit = Permission::from(may_resubmit(request.state, request.kind)).and(if request.requestor_id == Some(me.id) {
        Ok(())
    } else {
        Err(Refusal::new("not-yours", "Somebody else made this request."))
    });
    Ok(OwnRequest {
        cancel: may_withdraw(request.state, request.kind).into(),
        resubmit,
        remind: remind.into(),
        detail,
        stages,
    })
}

/// Whether the approvers of a request may be reminded.
async fn may_be_reminded(tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<Result<(), Refusal>, Error> {
    let waits = request.stage.filter(|_| request.state == RequestState::PendingApproval);
    let stage = match waits {
        Some(number) => store::stage(tx, request.id, number).await?,
        None => None,
    };
    Ok(match stage {
        Some(stage) => may_remind(stage.nudged_at, now),
        None => Err(Refusal::new("not-waiting", "Nobody has to decide on this request.")),
    })
}
