//! The Request access pane: the package as one is offered it, and the choices that its policies leave.

use chrono::{DateTime, Utc};

use crate::domain::access::{Person, Principal, ReadMyAccess, Scope};
use crate::domain::id::{Named, UserId};
use crate::domain::offer::RequestPane;
use crate::domain::refusal::Permission;
use crate::domain::request::{FormerRequest, GivenAnswer, PaneQuery, RequestFacts};
use crate::store::eligibility::{self, Parties};
use crate::store::{Tx, requests, users};

use super::super::incompatibilities::Reader;
use super::super::requests::{facts, is_own};
use super::super::{App, Error};
use super::offer_in;

/// Direct reports that are offered at the most.
const REPORTS_MAX: i64 = 200;

/// The Request access pane, for the choices made so far; questions are asked in `language` (F074, F107, F143).
pub async fn request_pane(app: &App, actor: &Principal, query: &PaneQuery, language: &str) -> Result<RequestPane, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let reports = reports(&mut tx, query, me, now).await?;
    let target = query.target.filter(|target| *target != me.id);
    let mut offer = offer_in(&mut tx, me, query.package, !reports.is_empty() || target.is_some(), now).await?;
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
