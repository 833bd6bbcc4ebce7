//! What My Access shows of requesting: the pane before a request, and one's own request afterwards.

use serde::{Deserialize, Serialize};

use super::form::GivenAnswer;
use super::held::ExtendTerms;
use super::{RequestDetail, RequestKind, RequestState};
use crate::domain::approval::StageItem;
use crate::domain::id::{AssignmentId, Named, PackageId, PolicyId, RequestId, UserId};
use crate::domain::refusal::{Permission, Refusal};

/// Which pane: its first choices, as the address carries them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PaneQuery {
    /// Of this package.
    pub package: PackageId,
    /// The policy that was chosen (F074).
    #[serde(default)]
    pub policy: Option<PolicyId>,
    /// For whom, if for another (F143).
    #[serde(default)]
    pub target: Option<UserId>,
    /// Filled in with what this request of one's own said (F140).
    #[serde(default)]
    pub again: Option<RequestId>,
    /// Whom it is for has been chosen.
    #[serde(default)]
    pub chosen: bool,
}

impl PaneQuery {
    /// With no choice made yet.
    pub fn new(package: PackageId) -> Self {
        Self {
            package,
            policy: None,
            target: None,
            again: None,
            chosen: false,
        }
    }
}

/// What a former request said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerRequest {
    /// Its justification.
    pub justification: String,
    /// Its answers.
    pub answers: Vec<GivenAnswer>,
}

/// The Extend access pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtendPane {
    /// Which access.
    pub assignment: AssignmentId,
    /// To which package.
    pub package: Named<PackageId>,
    /// What is asked, or why it cannot be extended.
    pub terms: Result<ExtendTerms, Refusal>,
    /// Whether it can be given back.
    pub give_back: Permission,
}

/// One of one's own requests, with what one can do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRequest {
    /// As everybody sees it who may.
    pub detail: RequestDetail,
    /// The approval stages that it has reached, with names where the policy shows them (F102).
    pub stages: Vec<StageItem>,
    /// May it be taken back (F139)?
    pub cancel: Permission,
    /// May it be made again with the same answers (F140)?
    pub resubmit: Permission,
    /// May its approvers be reminded?
    pub remind: Permission,
}

/// Whether whoever made a request may take it back: while nothing of it is delivered (F139).
pub fn may_withdraw(state: RequestState, kind: RequestKind) -> Result<(), Refusal> {
    use RequestState::*;
    if !kind.is_gain() {
        return Err(Refusal::new(
            "ends-access",
            "Access that is being removed can't be kept by canceling.",
        ));
    }
    match state {
        Submitted | PendingApproval | Scheduled => Ok(()),
        Delivering => Err(Refusal::new("on-its-way", "It is being delivered. Wait a moment, then reload.")),
        Delivered | PartiallyDelivered | DeliveryFailed | Denied | Expired | Canceled => {
            Err(Refusal::new("already-over", "This request has come to its end already."))
        }
    }
}

/// Whether a request that came to nothing may be made again with its answers (F098, F140).
pub fn may_resubmit(state: RequestState, kind: RequestKind) -> Result<(), Refusal> {
    use RequestState::*;
    let again =
        matches!(kind, RequestKind::UserAdd | RequestKind::OnBehalfAdd) && matches!(state, Denied | Expired | Canceled | DeliveryFailed);
    if again {
        return Ok(());
    }
    Err(Refusal::new(
        "not-over",
        "Only a request for access that was denied, expired, canceled or failed can be made again.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::StringEnum;

    #[test]
    fn f139_what_is_delivered_or_over_is_not_taken_back() {
        for state in RequestState::ALL {
            let may = may_withdraw(*state, RequestKind::UserAdd).is_ok();
            assert_eq!(may, state.is_open() && *state != RequestState::Delivering, "{state:?}");
            assert!(!may || state.may_become(RequestState::Canceled, RequestKind::UserAdd));
            assert!(may_withdraw(*state, RequestKind::UserRemove).is_err());
        }
    }

    #[test]
    fn f098_f140_what_came_to_nothing_is_made_again() {
        use RequestState::*;
        for state in [Denied, Expired, Canceled, DeliveryFailed] {
            assert!(may_resubmit(state, RequestKind::UserAdd).is_ok(), "{state:?}");
            assert!(may_resubmit(state, RequestKind::UserExtend).is_err());
        }
        for state in [Submitted, PendingApproval, Scheduled, Delivering, Delivered, PartiallyDelivered] {
            assert!(may_resubmit(state, RequestKind::UserAdd).is_err(), "{state:?}");
        }
    }
}
