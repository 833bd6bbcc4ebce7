//! What would become of a request: the facts are loaded as for a real one and handed to the same decision, and nothing is written.

use chrono::{DateTime, Duration, Utc};

use crate::domain::approval::ApproverDetails;
use crate::domain::id::{Named, PackageId, PolicyId, UserId};
use crate::domain::policy::PolicyTerms;
use crate::domain::refusal::{Permission, Refusal};
use crate::domain::request::{Assessment, PolicyFacts, PolicyVerdict, Rejection, RequestFacts, RequestKind, StageForecast, SubmitForm};
use crate::domain::user::UserKind;
use crate::store::Tx;
use crate::store::eligibility::{self, Candidate, Parties};

use super::super::Error;
use super::super::approvals::{self, About, Prospect};
use super::super::attributes;
use super::super::incompatibilities::{self, Reader};

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Refused(refusal) => Self::Refused(refusal),
            Rejection::Invalid(faults) => Self::Invalid(faults),
        }
    }
}

/// The facts on which a request for `candidate` is decided; `reader` is told what stands in its way.
pub async fn facts(
    tx: &mut Tx,
    package: PackageId,
    parties: Parties,
    candidate: &Candidate,
    reader: Reader<'_>,
    now: DateTime<Utc>,
) -> Result<RequestFacts, Error> {
    let against = incompatibilities::against(tx, parties.target, &[package], reader, now).await?;
    Ok(RequestFacts {
        package_offered: candidate.catalog_enabled && (candidate.catalog_external || candidate.user_kind == UserKind::Member),
        kind: candidate.user_kind,
        account: candidate.account,
        has_it: candidate.assignment_id.is_some(),
        asked: candidate.request_id.is_some(),
        package: candidate.name.clone(),
        conflicts: against.into_values().next().unwrap_or_default(),
        other: (parties.target != parties.requestor).then(|| candidate.user_name.clone()),
        policies: eligibility::policies_for(tx, package, parties, candidate, now).await?,
        attributes: attributes::asked(tx, package, parties.target).await?,
    })
}

/// What would become of a request of `requestor` for the form's target, or for themselves. Without a form only the person is looked at.
/// Names every approver: what answers a requestor is `would_it_work`.
pub async fn assess(
    tx: &mut Tx,
    package: PackageId,
    requestor: UserId,
    form: Option<&SubmitForm>,
    reader: Reader<'_>,
    now: DateTime<Utc>,
) -> Result<Assessment, Error> {
    let (assessment, _) = assess_fully(tx, package, requestor, form, reader, now).await?;
    Ok(assessment)
}

/// The same, with what the policy says of showing its approvers.
pub(super) async fn assess_fully(
    tx: &mut Tx,
    package: PackageId,
    requestor: UserId,
    form: Option<&SubmitForm>,
    reader: Reader<'_>,
    now: DateTime<Utc>,
) -> Result<(Assessment, ApproverDetails), Error> {
    let target = form.and_then(|form| form.target).unwrap_or(requestor);
    let parties = Parties { target, requestor };
    let candidate = eligibility::candidate(tx, package, target, now).await?.ok_or(Error::NotFound)?;
    let facts = facts(tx, package, parties, &candidate, reader, now).await?;
    let blank = SubmitForm::new(package, "");
    let decided = facts.decide(form.unwrap_or(&blank), now);
    // Without a form it is enough to know the policy.
    let policy = match &decided {
        Ok(plan) => Some(plan.policy),
        Err(Rejection::Invalid(_)) => facts.choose(form.and_then(|form| form.policy), now).ok(),
        Err(Rejection::Refused(_)) => None,
    };
    let checked = decided.as_ref().ok().map(|plan| plan.form.clone()).unwrap_or_default();
    let starts_at = checked.starts_at.unwrap_or(now);
    let expires = policy.map(|policy| policy.terms.lifecycle.expires);
    let ends_at = expires.and_then(|expires| checked.ends_at.or(expires.end(starts_at)));
    let stages = match policy {
        Some(policy) => {
            let prospect = Prospect {
                about: About {
                    target,
                    requestor: Some(requestor),
                },
                from: starts_at,
                until: ends_at,
                answers: &checked.answers,
            };
            forecast(tx, &policy.terms, kind(parties), &prospect, now).await?
        }
        None => Vec::new(),
    };
    let details = policy.map_or(ApproverDetails::Tenant, |policy| policy.terms.approval.approver_details);
    let assessment = Assessment {
        package: Named::new(package, candidate.name.as_str()),
        person: Named::new(target, candidate.user_name.as_str()),
        listed: listed(&candidate, &facts, now),
        request: facts.may_request(now).into(),
        policies: verdicts(&facts, now),
        candidates: facts.candidates(now).into_iter().map(named).collect(),
        policy: policy.map(named),
        stages,
        starts_at: policy.map(|_| starts_at),
        ends_at,
        expires,
        faults: match (decided, form) {
            (Err(Rejection::Invalid(faults)), Some(_)) => faults,
            _ => Vec::new(),
        },
    };
    Ok((assessment, details))
}

/// What kind of request it is.
pub(super) fn kind(parties: Parties) -> RequestKind {
    if parties.target == parties.requestor {
        RequestKind::UserAdd
    } else {
        RequestKind::OnBehalfAdd
    }
}

fn named(policy: &PolicyFacts) -> Named<PolicyId> {
    Named::new(policy.id, policy.name.as_str())
}

fn verdicts(facts: &RequestFacts, now: DateTime<Utc>) -> Vec<PolicyVerdict> {
    let fits = facts.fits(now);
    facts
        .policies
        .iter()
        .zip(fits)
        .map(|(policy, fit)| PolicyVerdict {
            policy: Named::new(policy.id, policy.name.as_str()),
            scope: policy.terms.scope,
            fit,
            named: policy.named,
        })
        .collect()
}

/// Whether the person finds the package under Available.
fn listed(candidate: &Candidate, facts: &RequestFacts, now: DateTime<Utc>) -> Permission {
    let eligibility = facts.eligibility(now);
    let seen = Permission::from(super::covered(&eligibility));
    let open = if candidate.hidden {
        Err(Refusal::new(
            "hidden",
            "The package is hidden: it is not listed, and requested by its link only.",
        ))
    } else {
        Ok(())
    };
    seen.and(open)
}

/// The approval stages that a request would go through, one after the other from `now` on.
async fn forecast(
    tx: &mut Tx,
    terms: &PolicyTerms,
    kind: RequestKind,
    prospect: &Prospect<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<StageForecast>, Error> {
    if !approvals::needs_approval(terms, kind) {
        return Ok(Vec::new());
    }
    let mut decided_by = now;
    let stages = approvals::preview(tx, &terms.approval, prospect, now).await?;
    let forecasts = stages.into_iter().map(|stage| {
        decided_by += Duration::days(stage.days_to_decide);
        StageForecast {
            number: stage.stage,
            mode: stage.mode,
            approvers: Some(stage.approvers),
            deadlocked: stage.deadlocked,
            decided_by,
        }
    });
    Ok(forecasts.collect())
}
