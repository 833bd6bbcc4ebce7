//! The decision on a new request, in one place: which of a package's policies meet the person, which of them applies, and what refuses.
//! Submit, "Would this work?", the tabs of My Access and the administrators' simulator all ask here; the facts are handed in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::form::{AskTerms, CheckedForm, SubmitForm};
use super::{Eligibility, may_request_for};
use crate::domain::id::{Named, PolicyId, PolicyVersionId};
use crate::domain::incompatibility::{Audience, Conflict, may_gain};
use crate::domain::policy::{PolicyTerms, covers, priority};
use crate::domain::question::AskedQuestion;
use crate::domain::refusal::Refusal;
use crate::domain::text::string_enum;
use crate::domain::user::{AccountState, UserKind};
use crate::domain::validate::{Code, FieldError, FieldErrors};

/// A policy as a request meets it.
#[derive(Clone, Debug)]
pub struct PolicyFacts {
    /// The policy.
    pub id: PolicyId,
    /// Its name.
    pub name: String,
    /// The version in force.
    pub version_id: PolicyVersionId,
    /// Its number.
    pub number: i64,
    /// What it says.
    pub terms: PolicyTerms,
    /// Names the person who is to have access, or a group that they are a member of.
    pub named: bool,
    /// Lets the one who asks ask for this person.
    pub lets_ask_for_other: bool,
}

/// What deciding on a new request needs to know.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// The catalog is enabled, and open to the person who is to have access.
    pub package_offered: bool,
    /// Member or guest.
    pub kind: UserKind,
    /// Whether the person can sign in.
    pub account: AccountState,
    /// The person has it now.
    pub has_it: bool,
    /// There is an open request for it.
    pub asked: bool,
    /// The name of the person who is to have access, where somebody else asks.
    pub other: Option<String>,
    /// The package's name.
    pub package: String,
    /// Rules of separation of duties that stand against it, named as far as the reader may see.
    pub conflicts: Vec<Conflict>,
    /// The package's policies, in their order.
    pub policies: Vec<PolicyFacts>,
    /// What the package's resources ask of the person (F054).
    pub attributes: Vec<AskedQuestion>,
}

string_enum! {
    /// How a policy meets a request.
    PolicyFit {
        /// It is among those that can apply.
        Applies = "applies",
        /// It does not include the person.
        NotInScope = "not_in_scope",
        /// It includes them, and does not let this requestor ask.
        NotByThisRequestor = "not_by_this_requestor",
        /// It takes no new requests.
        Disabled = "disabled",
        /// The one date on which its access ends has come.
        Over = "over",
        /// It would, but a more particular policy comes first (F073).
        LowerPriority = "lower_priority",
    }
}

impl PolicyFit {
    /// What that means, for whoever reads why.
    pub fn label(self) -> &'static str {
        match self {
            Self::Applies => "Applies",
            Self::NotInScope => "Doesn't include this person",
            Self::NotByThisRequestor => "Includes this person, but doesn't let this requestor ask",
            Self::Disabled => "Takes no new requests",
            Self::Over => "Its end date has passed",
            Self::LowerPriority => "A more specific policy comes first",
        }
    }
}

/// Why a request is not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rejection {
    /// A rule refuses.
    Refused(Refusal),
    /// The form has faults.
    Invalid(FieldErrors),
}

/// A request that can be made.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// Under which policy.
    pub policy: &'a PolicyFacts,
    /// With what.
    pub form: CheckedForm,
}

impl RequestFacts {
    /// How each policy meets the request, in their order.
    pub fn fits(&self, now: DateTime<Utc>) -> Vec<PolicyFit> {
        let mut fits: Vec<PolicyFit> = self.policies.iter().map(|policy| self.fit(policy, now)).collect();
        let best = self.policies.iter().zip(&fits).filter(|(_, fit)| **fit == PolicyFit::Applies);
        let Some(best) = best.map(|(policy, _)| priority(policy.terms.scope)).min() else {
            return fits;
        };
        for (policy, fit) in self.policies.iter().zip(&mut fits) {
            if *fit == PolicyFit::Applies && priority(policy.terms.scope) > best {
                *fit = PolicyFit::LowerPriority;
            }
        }
        fits
    }

    fn fit(&self, policy: &PolicyFacts, now: DateTime<Utc>) -> PolicyFit {
        let terms = &policy.terms;
        let may_ask = match self.other {
            Some(_) => policy.lets_ask_for_other,
            None => terms.requestor.self_add,
        };
        if !covers(terms.scope, self.kind, policy.named) {
            PolicyFit::NotInScope
        } else if !may_ask {
            PolicyFit::NotByThisRequestor
        } else if !terms.requestor.enabled {
            PolicyFit::Disabled
        } else if terms.lifecycle.expires.is_over(now) {
            PolicyFit::Over
        } else {
            PolicyFit::Applies
        }
    }

    /// The policies that can apply: all of the highest priority (F073).
    pub fn candidates(&self, now: DateTime<Utc>) -> Vec<&PolicyFacts> {
        let fits = self.fits(now);
        let applying = self.policies.iter().zip(fits).filter(|(_, fit)| *fit == PolicyFit::Applies);
        applying.map(|(policy, _)| policy).collect()
    }

    /// In short, for `may_request`.
    pub fn eligibility(&self, now: DateTime<Utc>) -> Eligibility {
        let fits = self.fits(now);
        let any = |passes: fn(PolicyFit) -> bool| fits.iter().any(|fit| passes(*fit));
        Eligibility {
            package_offered: self.package_offered,
            covered: any(|fit| fit != PolicyFit::NotInScope),
            may_ask: any(|fit| !matches!(fit, PolicyFit::NotInScope | PolicyFit::NotByThisRequestor)),
            enabled: any(|fit| matches!(fit, PolicyFit::Applies | PolicyFit::LowerPriority | PolicyFit::Over)),
            over: !any(|fit| fit == PolicyFit::Applies),
            has_it: self.has_it,
            asked: self.asked,
        }
    }

    /// Whether the person can have the package asked for at all; the first rule that refuses speaks.
    pub fn may_request(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let other = self.other.as_deref();
        match (self.account, other) {
            (AccountState::Active, _) => {}
            (AccountState::Blocked, Some(name)) => {
                return Err(Refusal::new(
                    "target-blocked",
                    format!("Sign-in of {name} is blocked. Access can be requested when an administrator allows it again."),
                ));
            }
            (AccountState::Blocked, None) => {
                return Err(Refusal::new(
                    "blocked",
                    "Sign-in is blocked, so nothing can be requested. Ask an administrator to allow it again.",
                ));
            }
            (AccountState::Deleted, _) => return Err(Refusal::new("target-deleted", "This person's account was deleted.")),
        }
        may_request_for(&self.eligibility(now), other)?;
        may_gain(
            &self.conflicts,
            other.map_or(Audience::Themselves, Audience::Requestor),
            &self.package,
        )
    }

    /// The one policy that applies, by itself or by choice (F074).
    pub fn choose(&self, chosen: Option<PolicyId>, now: DateTime<Utc>) -> Result<&PolicyFacts, Rejection> {
        let candidates = self.candidates(now);
        let found = match (chosen, candidates.as_slice()) {
            (None, [only]) => Some(*only),
            (None, _) => None,
            (Some(id), _) => candidates.iter().copied().find(|policy| policy.id == id),
        };
        found.ok_or_else(|| {
            let names = candidates.iter().map(|policy| policy.name.clone()).collect();
            Rejection::Invalid(vec![FieldError::new("policy", Code::ChooseOne(names))])
        })
    }

    /// What a policy and the package's resources ask, for a reader of this language.
    pub fn asks(&self, policy: &PolicyFacts, language: &str) -> AskTerms {
        let mut asks = AskTerms::of(Named::new(policy.id, policy.name.as_str()), policy.number, &policy.terms, language);
        asks.questions.extend(self.attributes.iter().cloned());
        asks
    }

    /// The decision: whether this request is made, under which policy and with what.
    pub fn decide(&self, form: &SubmitForm, now: DateTime<Utc>) -> Result<Plan<'_>, Rejection> {
        form.check_words().map_err(Rejection::Invalid)?;
        self.may_request(now).map_err(Rejection::Refused)?;
        let policy = self.choose(form.policy, now)?;
        let form = form.check(&self.asks(policy, &form.language), now).map_err(Rejection::Invalid)?;
        Ok(Plan { policy, form })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::expiration::Expiration;
    use crate::domain::policy::{LifecycleTerms, Scope};
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().expect("an instant")
    }

    fn policy(number: u128, scope: Scope, named: bool) -> PolicyFacts {
        let lifecycle = LifecycleTerms {
            expires: Expiration::Days(30),
            ..LifecycleTerms::default()
        };
        PolicyFacts {
            id: PolicyId(Uuid::from_u128(number)),
            name: format!("Policy {number}"),
            version_id: PolicyVersionId(Uuid::from_u128(number)),
            number: 1,
            terms: PolicyTerms {
                scope,
                lifecycle,
                ..PolicyTerms::default()
            },
            named,
            lets_ask_for_other: false,
        }
    }

    fn facts(policies: Vec<PolicyFacts>) -> RequestFacts {
        RequestFacts {
            package_offered: true,
            kind: UserKind::Member,
            account: AccountState::Active,
            has_it: false,
            asked: false,
            other: None,
            package: "Marketing Campaign".into(),
            conflicts: Vec::new(),
            policies,
            attributes: Vec::new(),
        }
    }

    fn form() -> SubmitForm {
        SubmitForm::new(crate::domain::id::PackageId(Uuid::from_u128(9)), "")
    }

    fn chosen(facts: &RequestFacts, policy: Option<u128>) -> Result<String, Rejection> {
        let mut form = form();
        form.policy = policy.map(|number| PolicyId(Uuid::from_u128(number)));
        facts.decide(&form, now()).map(|plan| plan.policy.name.clone())
    }

    #[test]
    fn f073_the_policy_that_names_a_person_comes_before_those_for_all() {
        let facts = facts(vec![
            policy(1, Scope::AllUsers, false),
            policy(2, Scope::AllMembers, false),
            policy(3, Scope::Specific, true),
            policy(4, Scope::Specific, false),
        ]);
        assert_eq!(chosen(&facts, None), Ok("Policy 3".into()));
        use PolicyFit::*;
        assert_eq!(facts.fits(now()), [LowerPriority, LowerPriority, Applies, NotInScope]);
        // One that comes later cannot be had by naming it.
        assert!(matches!(chosen(&facts, Some(1)), Err(Rejection::Invalid(faults)) if faults[0].path == "policy"));
    }

    #[test]
    fn f074_among_equals_the_requestor_chooses() {
        let facts = facts(vec![policy(1, Scope::Specific, true), policy(2, Scope::Specific, true)]);
        let Err(Rejection::Invalid(faults)) = chosen(&facts, None) else {
            panic!("a choice is asked for")
        };
        let names = vec!["Policy 1".to_owned(), "Policy 2".to_owned()];
        assert_eq!(faults, [FieldError::new("policy", Code::ChooseOne(names))]);
        assert_eq!(chosen(&facts, Some(2)), Ok("Policy 2".into()));
    }

    #[test]
    fn f072_a_disabled_policy_makes_room_for_the_next() {
        let mut facts = facts(vec![policy(1, Scope::Specific, true), policy(2, Scope::AllUsers, false)]);
        facts.policies[0].terms.requestor.enabled = false;
        assert_eq!(chosen(&facts, None), Ok("Policy 2".into()));
        facts.policies.truncate(1);
        assert!(matches!(chosen(&facts, None), Err(Rejection::Refused(refusal)) if refusal.rule == "requests-disabled"));
    }

    #[test]
    fn f143_somebody_else_is_asked_for_only_where_the_policy_says_so() {
        let mut facts = facts(vec![policy(1, Scope::AllMembers, false)]);
        facts.other = Some("Alex Wilber".into());
        assert!(matches!(chosen(&facts, None), Err(Rejection::Refused(refusal)) if refusal.rule == "not-for-others"));
        facts.policies[0].lets_ask_for_other = true;
        facts.policies[0].terms.requestor.self_add = false;
        assert_eq!(chosen(&facts, None), Ok("Policy 1".into()));
        facts.other = None;
        assert!(matches!(chosen(&facts, None), Err(Rejection::Refused(refusal)) if refusal.rule == "not-by-oneself"));
        facts.other = Some("Alex Wilber".into());
        facts.account = AccountState::Blocked;
        assert!(matches!(chosen(&facts, None), Err(Rejection::Refused(refusal)) if refusal.rule == "target-blocked"));
    }

    #[test]
    fn f128_what_one_has_keeps_one_from_asking_and_is_named() {
        let mut facts = facts(vec![policy(1, Scope::AllMembers, false)]);
        facts.conflicts.push(Conflict {
            rule: crate::domain::id::IncompatibilityId(Uuid::nil()),
            counterpart: crate::domain::incompatibility::Counterpart::Package(crate::domain::id::PackageId(Uuid::nil())),
            name: Some("Audit".into()),
        });
        let refused = |facts: &RequestFacts| match chosen(facts, None) {
            Err(Rejection::Refused(refusal)) => (refusal.rule, refusal.reason),
            other => panic!("{other:?}"),
        };
        let (rule, reason) = refused(&facts);
        assert!(rule == "incompatible" && reason.starts_with("You have Audit, which"), "{reason}");
        // Who may not ask at all learns nothing of it.
        facts.policies.clear();
        assert_eq!(refused(&facts).0, "not-in-scope");
    }
}
