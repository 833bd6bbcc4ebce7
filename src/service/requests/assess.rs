//! What would become of a request: the facts are loaded as for a real one and handed to the same decision, and nothing is written.

use chrono::{DateTime, Utc};

use crate::domain::id::{Named, PackageId, UserId};
use crate::domain::policy::PolicyTerms;
use crate::domain::refusal::{Permission, Refusal};
use crate::domain::request::{Assessment, CheckedForm, PolicyVerdict, Rejection, RequestFacts, StageForecast, SubmitForm};
use crate::domain::user::UserKind;
use crate::store::Tx;
use crate::store::eligibility::{self, Candidate, Parties};

use super::super::Error;

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Refused(refusal) => Self::Refused(refusal),
            Rejection::Invalid(faults) => Self::Invalid(faults),
        }
    }
}

/// The facts on which a request for `candidate` is decided.
pub async fn facts(
    tx: &mut Tx,
    package: PackageId,
    parties: Parties,
    candidate: &Candidate,
    now: DateTime<Utc>,
) -> Result<RequestFacts, Error> {
    Ok(RequestFacts {
        package_offered: candidate.catalog_enabled && (candidate.catalog_external || candidate.user_kind == UserKind::Member),
        kind: candidate.user_kind,
        account: candidate.account,
        has_it: candidate.assignment_id.is_some(),
        asked: candidate.request_id.is_some(),
        other: (parties.target != parties.requestor).then(|| candidate.user_name.clone()),
        policies: eligibility::policies_for(tx, package, parties, candidate, now).await?,
    })
}

/// What would become of a request of `requestor` for the form's target, or for themselves. Without a form only the person is looked at.
/// Names every approver: a caller that answers a requestor leaves out what is not for them.
pub async fn assess(
    tx: &mut Tx,
    package: PackageId,
    requestor: UserId,
    form: Option<&SubmitForm>,
    now: DateTime<Utc>,
) -> Result<Assessment, Error> {
    let target = form.and_then(|form| form.target).unwrap_or(requestor);
    let parties = Parties { target, requestor };
    let candidate = eligibility::candidate(tx, package, target, now).await?.ok_or(Error::NotFound)?;
    let facts = facts(tx, package, parties, &candidate, now).await?;
    let blank = SubmitForm::new(package, "");
    let decided = facts.decide(form.unwrap_or(&blank), now);
    // Without a form it is enough to know the policy.
    let policy = match (&decided, form) {
        (Ok(plan), _) => Some(plan.policy),
        (Err(Rejection::Invalid(_)), _) => facts.choose(form.and_then(|form| form.policy), now).ok(),
        (Err(Rejection::Refused(_)), _) => None,
    };
    let checked = decided.as_ref().ok().map(|plan| &plan.form);
    let stages = match policy {
        Some(policy) => forecast(&policy.terms, now),
        None => Vec::new(),
    };
    let begins = policy.map(|_| checked.and_then(|form| form.starts_at).unwrap_or(now));
    let expires = policy.map(|policy| policy.terms.lifecycle.expires);
    let asked_end = checked.and_then(|form: &CheckedForm| form.ends_at);
    Ok(Assessment {
        package: Named::new(package, candidate.name.as_str()),
        person: Named::new(target, candidate.user_name.as_str()),
        listed: listed(&candidate, &facts, now),
        request: facts.may_request(now).into(),
        policies: verdicts(&facts, now),
        candidates: facts
            .candidates(now)
            .iter()
            .map(|policy| Named::new(policy.id, policy.name.as_str()))
            .collect(),
        policy: policy.map(|policy| Named::new(policy.id, policy.name.as_str())),
        stages,
        starts_at: begins,
        ends_at: begins.zip(expires).and_then(|(begins, expires)| asked_end.or(expires.end(begins))),
        expires,
        faults: match (decided, form) {
            (Err(Rejection::Invalid(faults)), Some(_)) => faults,
            _ => Vec::new(),
        },
    })
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

/// The approval stages of these terms, one after the other from `now` on.
fn forecast(terms: &PolicyTerms, now: DateTime<Utc>) -> Vec<StageForecast> {
    if !terms.approval.required_for_add {
        return Vec::new();
    }
    let mut decided_by = now;
    let mut stages = Vec::new();
    for (stage, number) in terms.approval.stages.iter().zip(1_i64..) {
        decided_by += chrono::Duration::days(stage.days_to_decide);
        stages.push(StageForecast {
            number,
            approvers: None,
            decided_by,
        });
    }
    stages
}
