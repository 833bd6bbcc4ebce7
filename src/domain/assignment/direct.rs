//! Direct assignment: an administrator gives a package to people without their asking (F116). What is typed, what may be assigned, and the
//! rule that refuses with the way out (feature map, section 7 row 5).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::bulk::BULK_MAX;
use crate::domain::id::{Named, PackageId, PolicyId, UserId};
use crate::domain::incompatibility::{Audience, Conflict, may_gain};
use crate::domain::policy::{PolicyTerms, Scope};
use crate::domain::refusal::{Permission, Refusal};
use crate::domain::request::{AskTerms, CheckedForm, GivenAnswer, SubmitForm};
use crate::domain::user::{AccountState, UserKind};
use crate::domain::validate::{Checker, Code, FieldErrors};

/// The New assignment form, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectForm {
    /// Of which package.
    pub package: PackageId,
    /// Under which of its policies.
    pub policy: Option<PolicyId>,
    /// To whom.
    pub users: Vec<UserId>,
    /// RFC 3339 instant from which access is given; empty: at once.
    #[serde(default)]
    pub asked_from: String,
    /// RFC 3339 instant until which; empty: as long as the policy gives it.
    #[serde(default)]
    pub asked_until: String,
    /// Why, or empty.
    #[serde(default)]
    pub justification: String,
    /// Answers to the policy's questions.
    #[serde(default)]
    pub answers: Vec<GivenAnswer>,
    /// The language in which the questions were shown.
    #[serde(default)]
    pub language: String,
}

/// A policy under which a package can be assigned, or why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectPolicy {
    /// What it asks.
    pub ask: AskTerms,
    /// May the viewer assign under it?
    pub permission: Permission,
}

impl DirectPolicy {
    /// The policy itself.
    pub fn policy(&self) -> &Named<PolicyId> {
        &self.ask.policy
    }
}

/// What the New assignment page offers: the package's policies in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectOptions {
    /// The policies.
    pub policies: Vec<DirectPolicy>,
}

/// What a policy asks of whoever assigns under it: its questions, and dates within what it gives. Why is theirs to say or not.
pub fn direct_terms(policy: Named<PolicyId>, version: i64, terms: &PolicyTerms, language: &str) -> AskTerms {
    AskTerms {
        justification_required: false,
        custom_schedule: true,
        ..AskTerms::of(policy, version, terms, language)
    }
}

impl DirectForm {
    /// That a policy and people are chosen.
    pub fn check_choice(&self) -> Result<PolicyId, FieldErrors> {
        let mut check = Checker::default();
        if self.policy.is_none() {
            check.fail("policy", Code::Required);
        }
        match self.users.len() {
            0 => check.fail("users", Code::Required),
            1..=BULK_MAX => {}
            _ => check.fail("users", Code::TooMany(BULK_MAX)),
        }
        match self.policy {
            Some(policy) => check.finish(policy),
            None => Err(check.into_errors()),
        }
    }

    /// The rest of the form against what its policy asks. A policy with questions takes one user at a time (F117).
    pub fn check(&self, terms: &AskTerms, now: DateTime<Utc>) -> Result<CheckedForm, FieldErrors> {
        let form = SubmitForm {
            answers: self.answers.clone(),
            asked_from: self.asked_from.clone(),
            asked_until: self.asked_until.clone(),
            ..SubmitForm::new(self.package, self.justification.as_str())
        };
        let checked = form.check(terms, now);
        if terms.questions.is_empty() || self.users.len() <= 1 {
            return checked;
        }
        let mut faults = checked.err().unwrap_or_default();
        let mut check = Checker::default();
        check.fail("users", Code::TooMany(1));
        faults.extend(check.into_errors());
        Err(faults)
    }
}

/// Whether a package can be assigned under a policy at all. `bypass` says whether the one who assigns may pass over an approval (F119).
pub fn may_assign_under(name: &str, terms: &PolicyTerms, bypass: &Permission, now: DateTime<Utc>) -> Result<(), Refusal> {
    if !terms.requestor.enabled {
        return Err(Refusal::new(
            "policy-disabled",
            format!("{name} is disabled, so nobody can be assigned under it. Enable it under Policies, or choose another policy."),
        ));
    }
    if terms.lifecycle.expires.is_over(now) {
        return Err(Refusal::new(
            "policy-over",
            format!("Access under {name} ended on a date that has passed. Change its expiration under Policies, or choose another policy."),
        ));
    }
    if terms.approval.required_for_add && !bypass.is_allowed() {
        return Err(Refusal::new(
            "needs-approval",
            format!(
                "{name} requires approval, which you can't pass over. Ask the person to request the package, or a Catalog owner, an Access \
                 package manager or an administrator to assign it."
            ),
        ));
    }
    Ok(())
}

/// Where a person stands with the package that is to be assigned.
#[derive(Clone, Copy, Debug)]
pub struct DirectTarget<'a> {
    /// The person's name.
    pub name: &'a str,
    /// Member or guest.
    pub kind: UserKind,
    /// Whether they can sign in.
    pub account: AccountState,
    /// The package's catalog takes requests and assignments.
    pub catalog_enabled: bool,
    /// It is open to guests.
    pub catalog_external: bool,
    /// The person has the package now.
    pub has_it: bool,
    /// There is an open request for it.
    pub asked: bool,
    /// The policy's scope covers them; one for nobody is for whom an administrator chooses.
    pub covered: bool,
    /// The package's name.
    pub package: &'a str,
    /// Rules of separation of duties that stand against it.
    pub conflicts: &'a [Conflict],
}

/// Whether the scope of a policy lets a person be assigned; `named`: a specific scope names them or a group of theirs.
pub fn covers_direct(scope: Scope, kind: UserKind, named: bool) -> bool {
    scope == Scope::Nobody || crate::domain::policy::covers(scope, kind, named)
}

/// Whether a package can be assigned to a person under the policy called `policy`; the first rule that refuses speaks.
pub fn may_assign(target: &DirectTarget<'_>, policy: &str) -> Result<(), Refusal> {
    let name = target.name;
    let refuse = |rule: &str, reason: String| Err(Refusal::new(rule, reason));
    match target.account {
        AccountState::Deleted => return refuse("user-deleted", format!("{name} was deleted. Restore the user first.")),
        AccountState::Blocked => {
            return refuse(
                "user-blocked",
                format!("Sign-in of {name} is blocked. Allow it on the user's page first."),
            );
        }
        AccountState::Active => {}
    }
    if !target.catalog_enabled {
        return refuse(
            "catalog-disabled",
            "The catalog of this package is disabled. Enable the catalog first.".to_owned(),
        );
    }
    if target.kind == UserKind::Guest && !target.catalog_external {
        return refuse(
            "guest-not-allowed",
            format!(
                "{name} is a guest, and the catalog of this package isn't enabled for external users. Enable that in the catalog first."
            ),
        );
    }
    if target.has_it {
        return refuse(
            "already-assigned",
            format!("{name} has this package already. Remove that assignment first if it should be another."),
        );
    }
    if target.asked {
        return refuse(
            "already-requested",
            format!("{name} has an open request for this package. Let it be decided, or cancel it under Requests."),
        );
    }
    if !target.covered {
        return refuse(
            "not-in-scope",
            format!("{policy} doesn't include {name}. Choose a policy that does, or one for direct assignments only (None)."),
        );
    }
    may_gain(target.conflicts, Audience::Administrator(name), target.package)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::expiration::Expiration;
    use crate::domain::question::Question;
    use uuid::Uuid;

    const KIM: DirectTarget<'_> = DirectTarget {
        name: "Kim",
        kind: UserKind::Member,
        account: AccountState::Active,
        catalog_enabled: true,
        catalog_external: false,
        has_it: false,
        asked: false,
        covered: true,
        package: "Marketing Campaign",
        conflicts: &[],
    };

    fn now() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().expect("an instant")
    }

    fn form(users: usize) -> DirectForm {
        DirectForm {
            package: PackageId(Uuid::from_u128(1)),
            policy: Some(PolicyId(Uuid::from_u128(2))),
            users: (0..users).map(|n| UserId(Uuid::from_u128(10 + n as u128))).collect(),
            asked_from: String::new(),
            asked_until: String::new(),
            justification: String::new(),
            answers: Vec::new(),
            language: String::new(),
        }
    }

    #[test]
    fn f116_each_rule_that_refuses_is_named_with_the_way_out() {
        let rule = |target: DirectTarget<'_>| may_assign(&target, "Initial Policy").err().map(|refusal| refusal.rule);
        assert_eq!(rule(KIM), None);
        let conflicts = [Conflict {
            rule: crate::domain::id::IncompatibilityId(Uuid::nil()),
            counterpart: crate::domain::incompatibility::Counterpart::Package(PackageId(Uuid::nil())),
            name: Some("Audit".into()),
        }];
        let cases = [
            (
                DirectTarget {
                    account: AccountState::Deleted,
                    ..KIM
                },
                "user-deleted",
            ),
            (
                DirectTarget {
                    account: AccountState::Blocked,
                    ..KIM
                },
                "user-blocked",
            ),
            (
                DirectTarget {
                    catalog_enabled: false,
                    ..KIM
                },
                "catalog-disabled",
            ),
            (
                DirectTarget {
                    kind: UserKind::Guest,
                    ..KIM
                },
                "guest-not-allowed",
            ),
            (DirectTarget { has_it: true, ..KIM }, "already-assigned"),
            (DirectTarget { asked: true, ..KIM }, "already-requested"),
            (DirectTarget { covered: false, ..KIM }, "not-in-scope"),
            (
                DirectTarget {
                    conflicts: &conflicts,
                    ..KIM
                },
                "incompatible",
            ),
        ];
        for (target, wanted) in cases {
            assert_eq!(rule(target).as_deref(), Some(wanted));
        }
        assert!(covers_direct(Scope::Nobody, UserKind::Guest, false));
        assert!(!covers_direct(Scope::Specific, UserKind::Member, false));
    }

    #[test]
    fn f070_f119_a_policy_is_enabled_and_its_approval_is_not_passed_over() {
        let (yes, no) = (Permission::Allowed, Permission::Denied(Refusal::new("needs-role", "")));
        let rule = |terms: &PolicyTerms, bypass: &Permission| {
            may_assign_under("Initial Policy", terms, bypass, now())
                .err()
                .map(|refusal| refusal.rule)
        };
        let mut terms = PolicyTerms::default();
        assert_eq!(rule(&terms, &no), None);
        terms.approval.required_for_add = true;
        assert_eq!((rule(&terms, &yes), rule(&terms, &no).as_deref()), (None, Some("needs-approval")));
        terms.lifecycle.expires = Expiration::OnDate(now());
        assert_eq!(rule(&terms, &yes).as_deref(), Some("policy-over"));
        terms.requestor.enabled = false;
        assert_eq!(rule(&terms, &yes).as_deref(), Some("policy-disabled"));
    }

    #[test]
    fn f116_f117_the_form_needs_a_policy_and_people_and_questions_take_one() {
        let codes = |result: Result<PolicyId, FieldErrors>| {
            let faults = result.err().unwrap_or_default();
            faults.into_iter().map(|fault| (fault.path, fault.code)).collect::<Vec<_>>()
        };
        let empty = DirectForm { policy: None, ..form(0) };
        let wanted = [("policy".to_owned(), Code::Required), ("users".to_owned(), Code::Required)];
        assert_eq!(codes(empty.check_choice()), wanted);
        assert_eq!(codes(form(2).check_choice()), []);

        let mut terms = PolicyTerms::default();
        let policy = || Named::new(PolicyId(Uuid::from_u128(2)), "Initial Policy");
        let ask = |terms: &PolicyTerms| direct_terms(policy(), 1, terms, "");
        assert!(form(2).check(&ask(&terms), now()).is_ok());
        terms.questions.push(Question {
            id: crate::domain::id::QuestionId(Uuid::from_u128(5)),
            text: "Which project?".into(),
            ..Question::default()
        });
        assert!(form(1).check(&ask(&terms), now()).is_ok());
        let faults = form(2).check(&ask(&terms), now()).expect_err("too many");
        assert_eq!((faults[0].path.as_str(), &faults[0].code), ("users", &Code::TooMany(1)));
    }

    #[test]
    fn f116_dates_lie_within_what_the_policy_gives() {
        let policy = Named::new(PolicyId(Uuid::from_u128(2)), "Initial Policy");
        let mut terms = PolicyTerms::default();
        (terms.lifecycle.expires, terms.lifecycle.custom_schedule) = (Expiration::Days(30), false);
        let ask = direct_terms(policy, 1, &terms, "");
        let check = |until: &str| {
            let form = DirectForm {
                asked_until: until.into(),
                ..form(1)
            };
            form.check(&ask, now()).err().map(|faults| faults[0].code.clone())
        };
        assert_eq!(check("2026-12-23T10:00:00Z"), None);
        assert_eq!(check("2026-12-24T10:00:00Z"), Some(Code::PastPolicy));
        assert_eq!(check("2026-11-22T10:00:00Z"), Some(Code::InThePast));
    }
}
