//! Requests: everything that changes who has a package is one. Holds the state machine (feature map 1.2); the engine moves a request
//! only along `RequestState::may_become`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::assignment::GrantItem;
use super::id::{AssignmentId, Named, PackageId, PolicyId, RequestId, UserId};
use super::page::PageQuery;
use super::refusal::Refusal;
use super::text::{JUSTIFICATION_MAX, string_enum};
use super::validate::{Checker, FieldErrors};

string_enum! {
    /// What a request asks for and who asked (feature map 1.1).
    RequestKind {
        /// A user asks for access.
        UserAdd = "user_add",
        /// An administrator gives access.
        AdminAdd = "admin_add",
        /// An administrator ends access.
        AdminRemove = "admin_remove",
        /// The end date has come.
        SystemRemove = "system_remove",
    }
}

string_enum! {
    /// Where a request stands.
    RequestState {
        /// Stored and checked.
        Submitted = "submitted",
        /// Waits for an approver.
        PendingApproval = "pending_approval",
        /// An approver said no.
        Denied = "denied",
        /// Nobody decided in time.
        Expired = "expired",
        /// Taken back.
        Canceled = "canceled",
        /// Waits for its start date.
        Scheduled = "scheduled",
        /// Resource roles are being given or taken.
        Delivering = "delivering",
        /// Done.
        Delivered = "delivered",
        /// Some resource roles could not be given.
        PartiallyDelivered = "partially_delivered",
        /// None could.
        DeliveryFailed = "delivery_failed",
    }
}

impl RequestState {
    /// Whether a second request for the same package must wait for this one.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::PendingApproval | Self::Scheduled | Self::Delivering)
    }

    /// The steps that the state machine has.
    pub fn may_become(self, next: Self) -> bool {
        use RequestState::*;
        match self {
            Submitted => matches!(next, PendingApproval | Scheduled | Delivering | Canceled),
            PendingApproval => matches!(next, Scheduled | Delivering | Denied | Expired | Canceled),
            Scheduled => matches!(next, Delivering | Canceled),
            Delivering => matches!(next, Delivered | PartiallyDelivered | DeliveryFailed),
            PartiallyDelivered | DeliveryFailed => matches!(next, Delivering | Canceled),
            Denied | Expired | Canceled | Delivered => false,
        }
    }

    /// The state's name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Submitted => "Submitted",
            Self::PendingApproval => "Pending approval",
            Self::Denied => "Denied",
            Self::Expired => "Expired",
            Self::Canceled => "Canceled",
            Self::Scheduled => "Scheduled",
            Self::Delivering => "Delivering",
            Self::Delivered => "Delivered",
            Self::PartiallyDelivered => "Partially delivered",
            Self::DeliveryFailed => "Delivery failed",
        }
    }
}

impl RequestKind {
    /// The kind's name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::UserAdd => "User request",
            Self::AdminAdd => "Administrator assignment",
            Self::AdminRemove => "Administrator removal",
            Self::SystemRemove => "Expiration",
        }
    }
}

/// A row of a request list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestItem {
    /// The request.
    pub id: RequestId,
    /// Whose access it is about.
    pub target: Named<UserId>,
    /// Their sign-in name.
    pub target_user_name: String,
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
    /// What happened, in order.
    pub events: Vec<RequestEvent>,
}

string_enum! {
    /// A filter over request states.
    RequestFilter {
        /// Everything.
        All = "all",
        /// Not at its end yet.
        Open = "open",
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
    /// Part of the requestor's name.
    pub search: String,
    /// Which page.
    pub page: PageQuery,
}

/// The Request access form, as typed (F031).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitForm {
    /// For which package.
    pub package: PackageId,
    /// Business justification.
    pub justification: String,
}

impl SubmitForm {
    /// The justification, checked.
    pub fn check(&self) -> Result<String, FieldErrors> {
        let mut check = Checker::default();
        let justification = check.paragraph("justification", &self.justification, JUSTIFICATION_MAX);
        check.finish(justification)
    }
}

/// What deciding on a new request needs to know.
#[derive(Clone, Debug)]
pub struct Eligibility {
    /// The package is there and its catalog enabled.
    pub package_offered: bool,
    /// A policy covers the person.
    pub covered: bool,
    /// Such a policy takes requests.
    pub enabled: bool,
    /// The date on which its access ends has come.
    pub over: bool,
    /// The person has it now.
    pub has_it: bool,
    /// The person asked already.
    pub asked: bool,
}

/// Whether a person may request a package; the first rule that refuses speaks (F028, F072, F142).
pub fn may_request(facts: &Eligibility) -> Result<(), Refusal> {
    if !facts.package_offered || !facts.covered {
        return Err(Refusal::new(
            "not-in-scope",
            "You can't request this package: its policy doesn't include you. Ask the person who sent you the link, or an administrator.",
        ));
    }
    if facts.has_it {
        return Err(Refusal::new("already-assigned", "You already have this package."));
    }
    if facts.asked {
        return Err(Refusal::new(
            "already-requested",
            "You have already requested this package. See Request history for where it stands.",
        ));
    }
    if !facts.enabled {
        return Err(Refusal::new(
            "requests-disabled",
            "This package isn't taking new requests right now. Ask an administrator.",
        ));
    }
    if facts.over {
        return Err(Refusal::new(
            "policy-over",
            "Access to this package ended for everyone on a date that has passed. Ask an administrator.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::StringEnum;
    use proptest::prelude::*;

    proptest! {
        /// However a request is pushed about, it never leaves an end, and no open state is a dead end.
        #[test]
        fn a_request_walks_only_along_its_states(steps in proptest::collection::vec(0usize..10, 1..40)) {
            let mut state = RequestState::Submitted;
            for step in steps {
                let next = RequestState::ALL[step];
                if state.may_become(next) {
                    prop_assert!(next != RequestState::Submitted);
                    state = next;
                }
                let ways_on = RequestState::ALL.iter().filter(|n| state.may_become(**n)).count();
                prop_assert!(ways_on > 0 || !state.is_open());
            }
        }
    }

    #[test]
    fn f142_a_second_request_is_refused_and_says_why() {
        let facts = Eligibility {
            package_offered: true,
            covered: true,
            enabled: true,
            over: false,
            has_it: false,
            asked: true,
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
}
