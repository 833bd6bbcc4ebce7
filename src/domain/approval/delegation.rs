//! Delegation of approvals: whoever is asked lets another decide in their place for a time (F147). The delegator keeps the right to decide,
//! and what was delegated is not delegated further.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::id::{DelegationId, Named, PackageId, UserId};
use super::super::refusal::Refusal;
use super::super::text::{fold, string_enum};
use super::super::validate::{Checker, Code, FieldErrors};

string_enum! {
    /// Where a delegation stands.
    DelegationState {
        /// Has not begun.
        Planned = "planned",
        /// Holds.
        Active = "active",
        /// Is over.
        Ended = "ended",
    }
}

impl DelegationState {
    /// Of a delegation with this period.
    pub fn at(starts_at: DateTime<Utc>, ends_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        if ends_at.is_some_and(|end| end <= now) {
            Self::Ended
        } else if starts_at > now {
            Self::Planned
        } else {
            Self::Active
        }
    }

    /// The state's name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Active => "Active",
            Self::Ended => "Ended",
        }
    }
}

/// A delegation as its form has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegationForm {
    /// The user name of who decides in the delegator's place.
    pub delegate: String,
    /// Of which package; `None`: of all.
    pub package: Option<PackageId>,
    /// From when; `None`: at once.
    #[serde(with = "super::super::when::maybe_instant")]
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when; `None`: until it is ended.
    #[serde(with = "super::super::when::maybe_instant")]
    pub ends_at: Option<DateTime<Utc>>,
    /// What waits already is delegated too.
    pub waiting: bool,
}

impl DelegationForm {
    /// The delegate's user name, folded, and the instant from which they decide.
    pub fn check(&self, delegator: &str, now: DateTime<Utc>) -> Result<(String, DateTime<Utc>), FieldErrors> {
        let mut check = Checker::default();
        let delegate = fold(self.delegate.trim());
        if delegate.is_empty() {
            check.fail("delegate", Code::Required);
        } else if delegate == fold(delegator) {
            check.fail("delegate", Code::NotOffered);
        }
        let starts_at = self.starts_at.unwrap_or(now);
        if self.ends_at.is_some_and(|end| end <= now) {
            check.fail("ends_at", Code::InThePast);
        } else if self.ends_at.is_some_and(|end| end <= starts_at) {
            check.fail("ends_at", Code::NotOffered);
        }
        check.finish((delegate, starts_at))
    }
}

/// What the Delegate approvals pane shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegationView {
    /// One's delegations, to others and from others, the latest first.
    pub items: Vec<DelegationItem>,
    /// The packages that can be delegated by themselves.
    pub packages: Vec<Named<PackageId>>,
}

/// Somebody who could be a delegate, for a box that completes what is typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegateCandidate {
    /// Their name.
    pub name: String,
    /// Their user name.
    pub user_name: String,
}

/// A delegation as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegationItem {
    /// The delegation.
    pub id: DelegationId,
    /// Who decides.
    pub delegate: Named<UserId>,
    /// Their user name.
    pub delegate_user_name: String,
    /// In whose place.
    pub delegator: Named<UserId>,
    /// Of which package; `None`: of all.
    pub package: Option<Named<PackageId>>,
    /// From when.
    #[serde(with = "super::super::when::instant")]
    pub starts_at: DateTime<Utc>,
    /// Until when.
    #[serde(with = "super::super::when::maybe_instant")]
    pub ends_at: Option<DateTime<Utc>>,
    /// What waited already is delegated too.
    pub waiting: bool,
    /// It is the reader who delegates.
    pub own: bool,
    /// Where it stands.
    pub state: DelegationState,
    /// For the next change.
    pub version: i64,
}

/// A delegation that is over is not changed any more.
pub fn may_change_delegation(state: DelegationState) -> Result<(), Refusal> {
    if state == DelegationState::Ended {
        return Err(Refusal::new(
            "delegation-over",
            "This delegation is over. Delegate your approvals anew instead.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f147_a_delegation_names_another_and_ends_after_it_begins() {
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().expect("an instant");
        let (me, other) = ("ada", "bob");
        let form = DelegationForm {
            delegate: " Bob ".into(),
            package: None,
            starts_at: None,
            ends_at: None,
            waiting: false,
        };
        assert_eq!(form.check(me, now), Ok((other.to_owned(), now)));
        let later = now + chrono::Duration::days(2);
        let faults = |form: DelegationForm| -> Vec<String> {
            let faults = form.check(me, now).expect_err("faults");
            faults.into_iter().map(|fault| fault.path).collect()
        };
        let with = |delegate: &str, starts_at, ends_at| DelegationForm {
            delegate: delegate.into(),
            starts_at,
            ends_at,
            ..form.clone()
        };
        assert_eq!(faults(with("ADA", None, None)), ["delegate"]);
        assert_eq!(faults(with(" ", None, Some(now))), ["delegate", "ends_at"]);
        assert_eq!(faults(with(other, Some(later), Some(later))), ["ends_at"]);
        assert_eq!(DelegationState::at(now, Some(later), now), DelegationState::Active);
        assert_eq!(DelegationState::at(later, None, now), DelegationState::Planned);
        let over = DelegationState::at(now, Some(later), later);
        assert_eq!(may_change_delegation(over).expect_err("refused").rule, "delegation-over");
    }
}
