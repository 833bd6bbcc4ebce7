//! What a person may do with access that they have: ask for more time, and give it back. Decided here, from facts that are handed in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::form::justification;
use crate::domain::expiration::Expiration;
use crate::domain::id::AssignmentId;
use crate::domain::policy::{PolicyTerms, covers};
use crate::domain::refusal::Refusal;
use crate::domain::typed_time::instant;
use crate::domain::user::UserKind;
use crate::domain::validate::{Checker, Code, FieldErrors};

/// An assignment with the policy that it was given under, as that stands now.
#[derive(Clone, Debug)]
pub struct HeldFacts {
    /// Until when it lasts; `None` is without end.
    pub ends_at: Option<DateTime<Utc>>,
    /// It holds now, as far as its state tells.
    pub holds: bool,
    /// The package is there, its catalog enabled and open to the person.
    pub package_offered: bool,
    /// Member or guest.
    pub kind: UserKind,
    /// The policy names the person, or a group that they are a member of.
    pub named: bool,
    /// There is an open request to change the access.
    pub asked: bool,
    /// What the policy says now.
    pub terms: PolicyTerms,
}

/// Until when more time may be had, if it is asked for at some instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extension {
    /// Until this instant, at the latest.
    Until(#[serde(with = "crate::domain::when::instant")] DateTime<Utc>),
    /// Without end.
    Forever,
}

impl Extension {
    /// The end it gives; `None` is without end.
    pub fn end(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Until(at) => Some(at),
            Self::Forever => None,
        }
    }
}

/// The end that access gets which is extended at `now`: what the policy gives from now on, or less if that was asked for; never earlier than
/// the end that it has.
pub fn extended_end(
    expires: Expiration,
    asked: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let by_policy = expires.end(now);
    let end = match (by_policy, asked) {
        (Some(end), Some(asked)) => Some(end.min(asked)),
        (end, asked) => end.or(asked),
    };
    match (end, ends_at) {
        (Some(end), Some(before)) => Some(end.max(before)),
        _ => None,
    }
}

impl HeldFacts {
    /// Until when the access may be extended now; the first rule that refuses speaks (F082, F084).
    pub fn may_extend(&self, now: DateTime<Utc>) -> Result<Extension, Refusal> {
        let refuse = |rule: &str, reason: &str| Err(Refusal::new(rule, reason));
        if !self.holds || self.ends_at.is_some_and(|end| end <= now) {
            return refuse("already-over", "This access has ended. Request the package again.");
        }
        let Some(ends_at) = self.ends_at else {
            return refuse("no-end", "This access has no end date, so there is nothing to extend.");
        };
        let lifecycle = &self.terms.lifecycle;
        if !lifecycle.extension_allowed || !self.terms.requestor.self_update {
            return refuse(
                "no-extension",
                "The policy doesn't allow more time. Request the package again when it has ended.",
            );
        }
        if !self.package_offered || !covers(self.terms.scope, self.kind, self.named) {
            return refuse(
                "not-in-scope",
                "The policy no longer includes you, so your access can't be extended. Ask an administrator.",
            );
        }
        if !self.terms.requestor.enabled {
            return refuse(
                "requests-disabled",
                "The policy isn't taking requests right now, so your access can't be extended. Ask an administrator.",
            );
        }
        if self.asked {
            return refuse(
                "already-requested",
                "You have already asked for a change of this access. See Request history for where it stands.",
            );
        }
        match lifecycle.expires.end(now) {
            None => Ok(Extension::Forever),
            Some(end) if end <= ends_at => refuse(
                "at-the-limit",
                match lifecycle.expires {
                    Expiration::OnDate(_) => "The policy ends everyone's access on this date, so there is no more time to ask for.",
                    _ => "You have all the time that the policy gives. Extend your access when its end is nearer.",
                },
            ),
            Some(end) => Ok(Extension::Until(end)),
        }
    }

    /// Whether the person may end it themselves (F141).
    pub fn may_give_back(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if !self.holds || self.ends_at.is_some_and(|end| end <= now) {
            return Err(Refusal::new("already-over", "This access has ended already."));
        }
        if !self.terms.requestor.self_remove {
            return Err(Refusal::new(
                "no-self-removal",
                "The policy doesn't let you remove this access yourself. Ask an administrator.",
            ));
        }
        Ok(())
    }
}

/// The Extend access form, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtendForm {
    /// Which access.
    pub assignment: AssignmentId,
    /// Business justification.
    pub justification: String,
    /// RFC 3339 instant until which; empty: as long as the policy gives it.
    #[serde(default)]
    pub asked_until: String,
}

/// What is asked of whoever extends their access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtendTerms {
    /// Until when they have it.
    #[serde(with = "crate::domain::when::instant")]
    pub ends_at: DateTime<Utc>,
    /// Until when they can have it.
    pub extension: Extension,
    /// A date of their own can be asked for.
    pub custom_schedule: bool,
    /// A justification is a must.
    pub justification_required: bool,
    /// Somebody decides on it (F083).
    pub approval: bool,
}

impl ExtendForm {
    /// The justification and the end that is asked for, checked.
    pub fn check(&self, terms: &ExtendTerms, now: DateTime<Utc>) -> Result<(String, Option<DateTime<Utc>>), FieldErrors> {
        let mut check = Checker::default();
        let justification = justification(&mut check, &self.justification, terms.justification_required);
        let text = self.asked_until.trim();
        let mut asked = None;
        if !text.is_empty() {
            match instant(text) {
                None => check.fail("asked_until", Code::NotADate),
                Some(_) if !terms.custom_schedule => check.fail("asked_until", Code::NotOffered),
                Some(at) if at <= now => check.fail("asked_until", Code::InThePast),
                Some(at) if at <= terms.ends_at => check.fail("asked_until", Code::BeforeStart),
                Some(at) if terms.extension.end().is_some_and(|latest| at > latest) => check.fail("asked_until", Code::PastPolicy),
                Some(at) => asked = Some(at),
            }
        }
        check.finish((justification, asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::{LifecycleTerms, Scope};
    use chrono::Duration;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().expect("an instant")
    }

    fn held() -> HeldFacts {
        HeldFacts {
            ends_at: Some(now() + Duration::days(3)),
            holds: true,
            package_offered: true,
            kind: UserKind::Member,
            named: true,
            asked: false,
            terms: PolicyTerms {
                scope: Scope::Specific,
                lifecycle: LifecycleTerms {
                    expires: Expiration::Days(30),
                    ..LifecycleTerms::default()
                },
                ..PolicyTerms::default()
            },
        }
    }

    fn rule(facts: &HeldFacts) -> Option<String> {
        facts.may_extend(now()).err().map(|refusal| refusal.rule)
    }

    #[test]
    fn f082_f084_more_time_is_had_within_the_policy_and_its_scope() {
        assert_eq!(held().may_extend(now()), Ok(Extension::Until(now() + Duration::days(30))));
        let with = |change: fn(&mut HeldFacts)| {
            let mut facts = held();
            change(&mut facts);
            rule(&facts)
        };
        assert_eq!(with(|f| f.named = false).as_deref(), Some("not-in-scope"));
        assert_eq!(with(|f| f.package_offered = false).as_deref(), Some("not-in-scope"));
        assert_eq!(
            with(|f| f.terms.lifecycle.extension_allowed = false).as_deref(),
            Some("no-extension")
        );
        assert_eq!(with(|f| f.terms.requestor.enabled = false).as_deref(), Some("requests-disabled"));
        assert_eq!(with(|f| f.asked = true).as_deref(), Some("already-requested"));
        assert_eq!(with(|f| f.ends_at = None).as_deref(), Some("no-end"));
        assert_eq!(with(|f| f.ends_at = Some(now())).as_deref(), Some("already-over"));
        assert_eq!(with(|f| f.holds = false).as_deref(), Some("already-over"));
        let at_the_date = with(|f| f.terms.lifecycle.expires = Expiration::OnDate(now() + Duration::days(3)));
        assert_eq!(at_the_date.as_deref(), Some("at-the-limit"));
        let mut endless = held();
        endless.terms.lifecycle.expires = Expiration::Never;
        assert_eq!(endless.may_extend(now()), Ok(Extension::Forever));
    }

    #[test]
    fn f084_an_end_that_is_asked_for_lies_between_the_old_one_and_the_policy_s() {
        let terms = ExtendTerms {
            ends_at: now() + Duration::days(3),
            extension: Extension::Until(now() + Duration::days(30)),
            custom_schedule: true,
            justification_required: false,
            approval: false,
        };
        let code = |days: i64| {
            let form = ExtendForm {
                assignment: AssignmentId(uuid::Uuid::nil()),
                justification: String::new(),
                asked_until: (now() + Duration::days(days)).to_rfc3339(),
            };
            form.check(&terms, now()).err().map(|mut faults| faults.remove(0).code)
        };
        assert_eq!(code(3), Some(Code::BeforeStart));
        assert_eq!(code(4), None);
        assert_eq!(code(30), None);
        assert_eq!(code(31), Some(Code::PastPolicy));
        assert_eq!(code(-1), Some(Code::InThePast));
    }

    #[test]
    fn f141_access_is_given_back_where_the_policy_lets_one() {
        let mut facts = held();
        assert!(facts.may_give_back(now()).is_ok());
        facts.terms.requestor.self_remove = false;
        assert_eq!(facts.may_give_back(now()).expect_err("refused").rule, "no-self-removal");
        facts.ends_at = Some(now());
        assert_eq!(facts.may_give_back(now()).expect_err("refused").rule, "already-over");
    }

    proptest! {
        /// F084: whatever was asked for and however late it is delivered, an extension never shortens access, nor lengthens it past what the
        /// policy gives.
        #[test]
        fn f084_an_extension_only_lengthens_and_stays_within_the_policy(days in 1i64..400, asked in proptest::option::of(-10i64..800), left in 1i64..400) {
            let before = now() + Duration::days(left);
            let end = extended_end(Expiration::Days(days), asked.map(|days| now() + Duration::days(days)), Some(before), now());
            let end = end.expect("an end");
            prop_assert!(end >= before);
            prop_assert!(end <= before.max(now() + Duration::days(days)));
        }
    }
}
