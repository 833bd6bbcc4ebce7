//! Requests: everything that changes who has a package is one. Their kinds and states are in `request_state`; here is what is shown of them, and
//! what is decided before one is made.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::approval::StageItem;
use super::grant::GrantItem;
use super::id::{AssignmentId, CatalogId, Named, PackageId, PolicyId, RequestId, UserId};
use super::page::PageQuery;
use super::question::Answer;
use super::refusal::{Permission, Refusal};
use super::text::string_enum;
use super::user::AccountState;

mod assessment;
mod decision;
mod form;
mod held;
mod needs_approval;
mod pane;

pub use super::request_state::{RequestKind, RequestState};
pub use assessment::{Assessment, PolicyVerdict, StageForecast};
pub use decision::{Plan, PolicyFacts, PolicyFit, Rejection, RequestFacts};
pub use form::{AskTerms, CheckedForm, GivenAnswer, SubmitForm, justification};
pub use held::{ExtendForm, ExtendTerms, Extension, HeldFacts, extended_end};
pub use needs_approval::needs_approval;
pub use pane::{ExtendPane, FormerRequest, OwnRequest, PaneQuery, may_resubmit, may_withdraw};

/// A row of a request list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestItem {
    /// The request.
    pub id: RequestId,
    /// Whose access it is about.
    pub target: Named<UserId>,
    /// Their sign-in name.
    pub target_user_name: String,
    /// Whether they can sign in.
    pub target_state: AccountState,
    /// Which package.
    pub package: Named<PackageId>,
    /// Under which policy.
    pub policy: Named<PolicyId>,
    /// What it asks for.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// When it was made.
    #[serde(with = "super::when::instant")]
    pub submitted_at: DateTime<Utc>,
    /// When it came to its end.
    #[serde(with = "super::when::maybe_instant")]
    pub completed_at: Option<DateTime<Utc>>,
    /// Why it stands where it does, in words, or empty.
    pub status: String,
    /// May its delivery be tried again?
    pub retry: Permission,
    /// May it be taken out of the lists?
    pub remove: Permission,
}

/// One line of a request's history, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestEvent {
    /// When.
    #[serde(with = "super::when::instant")]
    pub at: DateTime<Utc>,
    /// What, such as Submitted or Delivered.
    pub title: String,
    /// Who or what did it, and anything worth knowing.
    pub detail: String,
}

/// Everything about one request (F035).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestDetail {
    /// As in the list.
    pub item: RequestItem,
    /// Who made it; for user requests the target.
    pub requestor: Named<UserId>,
    /// Why, in their words, or empty.
    pub justification: String,
    /// Answers to the policy's questions, in the order in which they were asked.
    pub answers: Vec<Answer>,
    /// Access asked for from this instant on; `None`: at once.
    #[serde(with = "super::when::maybe_instant")]
    pub asked_from: Option<DateTime<Utc>>,
    /// Access asked for until this instant; `None`: as long as the policy gives it.
    #[serde(with = "super::when::maybe_instant")]
    pub asked_until: Option<DateTime<Utc>>,
    /// May an administrator cancel it?
    pub cancel: Permission,
    /// Why it would come to nothing as things are, while it is open: separation of duties (F128).
    pub conflict: Option<String>,
    /// The assignment that it made or ended.
    pub assignment: Option<AssignmentId>,
    /// When access began.
    #[serde(with = "super::when::maybe_instant")]
    pub starts_at: Option<DateTime<Utc>>,
    /// When access ends or ended.
    #[serde(with = "super::when::maybe_instant")]
    pub ends_at: Option<DateTime<Utc>>,
    /// Delivery, one line a resource role.
    pub grants: Vec<GrantItem>,
    /// The approval stages that it has reached, with who is or was asked: for administrators; empty for the requestor.
    pub stages: Vec<StageItem>,
    /// What happened, in order.
    pub events: Vec<RequestEvent>,
}

/// One request as the API lists it (F173).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// The request.
    pub id: RequestId,
    /// For which package.
    pub package_id: PackageId,
    /// The package's catalog.
    pub catalog_id: CatalogId,
    /// Under which policy.
    pub policy_id: PolicyId,
    /// Whose access it is about.
    pub target_id: UserId,
    /// Who made it; `None` is the product itself.
    pub requestor_id: Option<UserId>,
    /// What it asks for.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// Why it was made, or empty.
    pub justification: String,
    /// Answers to the policy's questions.
    pub answers: Vec<Answer>,
    /// Access asked for from this instant on.
    pub starts_at: Option<DateTime<Utc>>,
    /// Access asked for until this instant.
    pub ends_at: Option<DateTime<Utc>>,
    /// The assignment that it made, changed or ended.
    pub assignment_id: Option<AssignmentId>,
    /// When it was made.
    pub submitted_at: DateTime<Utc>,
    /// When it came to its end.
    pub completed_at: Option<DateTime<Utc>>,
    /// For the next change.
    pub version: i64,
}

string_enum! {
    /// A filter over request states.
    RequestFilter {
        /// Everything.
        All = "all",
        /// Not at its end yet.
        Open = "open",
        /// Waits for a decision.
        PendingApproval = "pending_approval",
        /// Waits for its start date.
        Scheduled = "scheduled",
        /// Delivered.
        Delivered = "delivered",
        /// Partially delivered or failed.
        Failed = "failed",
        /// Denied, expired or canceled.
        Ended = "ended",
    }
}

impl RequestFilter {
    /// The states that pass.
    pub fn states(self) -> &'static [RequestState] {
        use RequestState::*;
        match self {
            Self::All => &[],
            Self::Open => &[Submitted, PendingApproval, Scheduled, Delivering],
            Self::PendingApproval => &[PendingApproval],
            Self::Scheduled => &[Scheduled],
            Self::Delivered => &[Delivered],
            Self::Failed => &[PartiallyDelivered, DeliveryFailed],
            Self::Ended => &[Denied, Expired, Canceled],
        }
    }
}

/// Which requests of a package to list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestQuery {
    /// Of this package.
    pub package: PackageId,
    /// In these states.
    pub filter: RequestFilter,
    /// Only of this kind.
    #[serde(default)]
    pub kind: Option<RequestKind>,
    /// Only under this policy.
    #[serde(default)]
    pub policy: Option<PolicyId>,
    /// Part of the requestor's name.
    pub search: String,
    /// Which page.
    pub page: PageQuery,
}

/// What deciding on a new request needs to know, in short.
#[derive(Clone, Debug)]
pub struct Eligibility {
    /// The package is there and its catalog enabled.
    pub package_offered: bool,
    /// A policy covers the person.
    pub covered: bool,
    /// Such a policy lets the requestor ask.
    pub may_ask: bool,
    /// Such a policy takes requests.
    pub enabled: bool,
    /// The date on which its access ends has come.
    pub over: bool,
    /// The person has it now.
    pub has_it: bool,
    /// The person asked already.
    pub asked: bool,
}

impl Eligibility {
    /// Of somebody whom nothing keeps from asking.
    pub const FULL: Self = Self {
        package_offered: true,
        covered: true,
        may_ask: true,
        enabled: true,
        over: false,
        has_it: false,
        asked: false,
    };
}

/// Whether a person may request a package for themselves.
pub fn may_request(facts: &Eligibility) -> Result<(), Refusal> {
    may_request_for(facts, None)
}

/// Whether a package may be requested, for oneself or for `other`; the first rule that refuses speaks (F028, F072, F142, F143).
pub fn may_request_for(facts: &Eligibility, other: Option<&str>) -> Result<(), Refusal> {
    let refuse = |rule: &str, own: &str, for_other: &dyn Fn(&str) -> String| {
        Err(Refusal::new(rule, other.map_or_else(|| own.to_owned(), for_other)))
    };
    if !facts.package_offered || !facts.covered {
        return refuse(
            "not-in-scope",
            "You can't request this package: its policy doesn't include you. Ask the person who sent you the link, or an administrator.",
            &|name| format!("This package can't be requested for {name}: its policy doesn't include them. Ask an administrator."),
        );
    }
    if !facts.may_ask {
        return match other {
            Some(name) => Err(Refusal::new(
                "not-for-others",
                format!("You can't request this package for {name}. Ask them to request it, or an administrator."),
            )),
            None => Err(Refusal::new(
                "not-by-oneself",
                "This package is requested for you by somebody else. Ask your manager, or an administrator.",
            )),
        };
    }
    if facts.has_it {
        return refuse("already-assigned", "You already have this package.", &|name| {
            format!("{name} already has this package.")
        });
    }
    if facts.asked {
        return refuse(
            "already-requested",
            "You have already requested this package. See Request history for where it stands.",
            &|name| format!("There is a request of this package for {name} already. It has to come to its end first."),
        );
    }
    if !facts.enabled {
        return refuse(
            "requests-disabled",
            "This package isn't taking new requests right now. Ask an administrator.",
            &|_| "This package isn't taking new requests right now. Ask an administrator.".to_owned(),
        );
    }
    if facts.over {
        let over = "Access to this package ended for everyone on a date that has passed. Ask an administrator.";
        return refuse("policy-over", over, &|_| over.to_owned());
    }
    Ok(())
}

/// Days after its end in which a failed delivery can be tried again (feature map 5.6, section 9).
pub const RETRY_DAYS: i64 = 14;

/// Whether the delivery of a request may be tried again: it failed, in part or in whole, and not too long ago (F112).
pub fn may_retry(state: RequestState, completed_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), Refusal> {
    if !matches!(state, RequestState::PartiallyDelivered | RequestState::DeliveryFailed) {
        return Err(Refusal::new(
            "nothing-failed",
            "Only a delivery that failed, in part or in whole, can be tried again.",
        ));
    }
    if completed_at.is_some_and(|at| at + chrono::Duration::days(RETRY_DAYS) <= now) {
        return Err(Refusal::new(
            "retry-window-over",
            format!("The delivery failed more than {RETRY_DAYS} days ago. Request the package again instead."),
        ));
    }
    Ok(())
}

/// Whether a request may be taken out of the lists of requests: once it is over (F114).
pub fn may_remove_record(state: RequestState) -> Result<(), Refusal> {
    if state.is_open() {
        return Err(Refusal::new(
            "request-open",
            "This request is still open. Cancel it, or wait until it is over.",
        ));
    }
    Ok(())
}

/// Whether an administrator may cancel a request that stands so (F111): while it is not delivered, or when nothing could be.
pub fn may_cancel(state: RequestState, kind: RequestKind) -> Result<(), Refusal> {
    use RequestState::*;
    if !kind.is_gain() {
        return Err(Refusal::new(
            "ends-access",
            "This request ends access, which can't be called off. Assign the package again if it should go on.",
        ));
    }
    let refusal = |rule: &str, reason: &str| Err(Refusal::new(rule, reason));
    match state {
        Submitted | PendingApproval | Scheduled | DeliveryFailed => Ok(()),
        Delivering => refusal("on-its-way", "It is being delivered. Wait a moment, then reload."),
        Delivered => refusal(
            "delivered",
            "It has been delivered. Remove the assignment under Assignments to end the access.",
        ),
        PartiallyDelivered => refusal(
            "delivered",
            "A part of it has been delivered. Try the rest again, or remove the assignment under Assignments.",
        ),
        Denied | Expired | Canceled => refusal("already-over", "This request has come to its end already."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f111_what_is_delivered_or_over_is_not_canceled() {
        use RequestState::*;
        let rule = |state| may_cancel(state, RequestKind::UserAdd).err().map(|refusal| refusal.rule);
        for state in [Submitted, PendingApproval, Scheduled, DeliveryFailed] {
            assert_eq!(rule(state), None, "{state:?}");
            assert!(state.may_become(Canceled, RequestKind::UserAdd));
        }
        assert_eq!(rule(Delivering).as_deref(), Some("on-its-way"));
        assert_eq!(rule(Delivered).as_deref(), Some("delivered"));
        assert_eq!(rule(PartiallyDelivered).as_deref(), Some("delivered"));
        assert_eq!(rule(Denied).as_deref(), Some("already-over"));
        let removal = may_cancel(Delivering, RequestKind::AdminRemove).expect_err("refused");
        assert_eq!(removal.rule, "ends-access");
    }

    #[test]
    fn f142_a_second_request_is_refused_and_says_why() {
        let facts = Eligibility {
            asked: true,
            ..Eligibility::FULL
        };
        assert_eq!(may_request(&facts).expect_err("refused").rule, "already-requested");
        assert_eq!(
            may_request(&Eligibility {
                has_it: true,
                ..facts.clone()
            })
            .expect_err("refused")
            .rule,
            "already-assigned"
        );
        assert_eq!(
            may_request(&Eligibility {
                asked: false,
                enabled: false,
                ..facts.clone()
            })
            .expect_err("refused")
            .rule,
            "requests-disabled"
        );
        assert_eq!(
            may_request(&Eligibility {
                asked: false,
                over: true,
                ..facts.clone()
            })
            .expect_err("refused")
            .rule,
            "policy-over"
        );
        assert_eq!(
            may_request(&Eligibility {
                covered: false,
                ..facts.clone()
            })
            .expect_err("refused")
            .rule,
            "not-in-scope"
        );
        assert!(may_request(&Eligibility { asked: false, ..facts }).is_ok());
    }

    #[test]
    fn f112_only_a_recent_failure_is_tried_again() {
        use RequestState::*;
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().expect("an instant");
        let rule = |state, days| {
            let at = now - chrono::Duration::days(days);
            may_retry(state, Some(at), now).err().map(|refusal| refusal.rule)
        };
        assert_eq!(rule(DeliveryFailed, 13), None);
        assert_eq!(rule(PartiallyDelivered, 0), None);
        assert_eq!(rule(DeliveryFailed, 14).as_deref(), Some("retry-window-over"));
        for state in [Submitted, Delivering, Delivered, Canceled] {
            assert_eq!(rule(state, 0).as_deref(), Some("nothing-failed"));
        }
    }
}
