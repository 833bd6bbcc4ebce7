//! Assignments and grants: who has a package, and which resource roles that gave. Whether access holds is read from its dates at the
//! moment of asking; the stored state only says how far delivery has come.

mod direct;
mod update;

pub use direct::{DirectForm, DirectOptions, DirectPolicy, DirectTarget, covers_direct, direct_terms, may_assign, may_assign_under};
pub use update::{UpdateForm, may_update};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::external_user::UserLifecycle;
pub use super::grant::{GrantItem, GrantState};
use super::id::{AssignmentId, CatalogId, Named, PackageId, PolicyId, RequestId, UserId};
use super::page::PageQuery;
use super::refusal::{Permission, Refusal};
use super::request::RequestItem;
use super::text::string_enum;
use super::user::AccountState;

string_enum! {
    /// How far delivery has come (feature map 1.3).
    AssignmentState {
        /// Resource roles are being given.
        Delivering = "delivering",
        /// All given.
        Delivered = "delivered",
        /// Some could not be given.
        PartiallyDelivered = "partially_delivered",
        /// None could.
        DeliveryFailed = "delivery_failed",
        /// Over; everything it gave has been taken back.
        Expired = "expired",
    }
}

impl AssignmentState {
    /// Whether the person has something of the package, or is about to.
    pub fn gives(self) -> bool {
        matches!(self, Self::Delivering | Self::Delivered | Self::PartiallyDelivered)
    }

    /// The state's name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Delivering => "Delivering",
            Self::Delivered => "Delivered",
            Self::PartiallyDelivered => "Partially delivered",
            Self::DeliveryFailed => "Delivery failed",
            Self::Expired => "Expired",
        }
    }
}

string_enum! {
    /// Why an assignment ended.
    EndReason {
        /// Its end date came.
        Expired = "expired",
        /// An administrator removed it.
        Removed = "removed",
        /// The user gave it back.
        GivenBack = "given_back",
        /// The user was deleted.
        UserDeleted = "user_deleted",
        /// Its delivery had failed, and a later request took its place.
        Superseded = "superseded",
    }
}

impl EndReason {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Expired => "Its end date came",
            Self::Removed => "An administrator removed it",
            Self::GivenBack => "The person gave it back",
            Self::UserDeleted => "The user was deleted",
            Self::Superseded => "Its delivery had failed, and a later request took its place",
        }
    }
}

/// Whether access that runs from `starts_at` to `ends_at` holds at `now`.
pub fn holds(starts_at: DateTime<Utc>, ends_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    starts_at <= now && ends_at.is_none_or(|end| now < end)
}

/// The state to show: access whose end has come is Expired, however late the worker is (F126).
pub fn shown_state(state: AssignmentState, ends_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> AssignmentState {
    if ends_at.is_some_and(|end| end <= now) {
        AssignmentState::Expired
    } else {
        state
    }
}

/// How many of an assignment's grants stand where; those taken back do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantCounts {
    /// To be given.
    pub pending: i64,
    /// In force.
    pub granted: i64,
    /// Could not be given.
    pub failed: i64,
}

/// The state of an assignment, from its grants and from whether all was taken back at its end. There is no other source of it.
pub fn derive_state(closed: bool, grants: GrantCounts) -> AssignmentState {
    match grants {
        _ if closed => AssignmentState::Expired,
        GrantCounts { pending: 1.., .. } => AssignmentState::Delivering,
        GrantCounts { failed: 0, .. } => AssignmentState::Delivered,
        GrantCounts { granted: 0, .. } => AssignmentState::DeliveryFailed,
        _ => AssignmentState::PartiallyDelivered,
    }
}

/// A row of the Assignments list (F037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentItem {
    /// The assignment.
    pub id: AssignmentId,
    /// Who has it.
    pub target: Named<UserId>,
    /// Their sign-in name.
    pub target_user_name: String,
    /// Whether they can sign in.
    pub target_state: AccountState,
    /// Which package.
    pub package: Named<PackageId>,
    /// Under which policy.
    pub policy: Named<PolicyId>,
    /// The shown state.
    pub state: AssignmentState,
    /// Since when.
    #[serde(with = "super::when::instant")]
    pub starts_at: DateTime<Utc>,
    /// Until when; `None` is without end.
    #[serde(with = "super::when::maybe_instant")]
    pub ends_at: Option<DateTime<Utc>>,
    /// Why it ended, if it did.
    pub end_reason: Option<EndReason>,
    /// The request that made it.
    pub request: RequestId,
    /// For the next change.
    pub version: i64,
    /// May it be removed?
    pub remove: Permission,
    /// May what it gives be given anew?
    pub reprocess: Permission,
    /// Whether the product ends the account of a guest once no access is left.
    pub lifecycle: Option<UserLifecycle>,
    /// May the guest be marked as governed?
    pub govern: Permission,
}

/// Everything about one assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentDetail {
    /// As in the list.
    pub item: AssignmentItem,
    /// The number of the policy's version under which it was made.
    pub policy_version: i64,
    /// The policy has a later version by now.
    pub policy_changed: bool,
    /// What it gives, one line a resource role.
    pub grants: Vec<GrantItem>,
    /// What made, changed and ended it, oldest first.
    pub requests: Vec<RequestItem>,
}

/// One assignment as the API lists it (F173).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRecord {
    /// The assignment.
    pub id: AssignmentId,
    /// Of which package.
    pub package_id: PackageId,
    /// The package's catalog.
    pub catalog_id: CatalogId,
    /// Under which policy.
    pub policy_id: PolicyId,
    /// Who has it.
    pub target_id: UserId,
    /// The request that made it.
    pub request_id: RequestId,
    /// The shown state.
    pub state: AssignmentState,
    /// Since when.
    pub starts_at: DateTime<Utc>,
    /// Until when; `None` is without end.
    pub ends_at: Option<DateTime<Utc>>,
    /// For the next change.
    pub version: i64,
}

/// Whether an assignment that stands so may be removed (F038).
pub fn may_remove(state: AssignmentState) -> Result<(), Refusal> {
    if state == AssignmentState::Expired {
        return Err(Refusal::new("already-over", "This assignment is over already."));
    }
    Ok(())
}

/// Whether what an assignment gives may be given anew (F122).
pub fn may_reprocess(state: AssignmentState) -> Result<(), Refusal> {
    match state {
        AssignmentState::Expired => Err(Refusal::new(
            "already-over",
            "This assignment is over, so there is nothing to give anew. Assign the package again instead.",
        )),
        AssignmentState::Delivering => Err(Refusal::new("on-its-way", "It is being delivered. Wait a moment, then reload.")),
        AssignmentState::Delivered | AssignmentState::PartiallyDelivered | AssignmentState::DeliveryFailed => Ok(()),
    }
}

/// One of several assignments to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// Which one.
    pub id: AssignmentId,
    /// As it was read.
    pub version: i64,
}

string_enum! {
    /// A filter over shown states (F120).
    AssignmentFilter {
        /// In force: the list's beginning.
        Delivered = "delivered",
        /// On the way.
        Delivering = "delivering",
        /// Partially delivered or failed.
        Failed = "failed",
        /// Over.
        Expired = "expired",
        /// Everything.
        All = "all",
    }
}

/// Which assignments of a package to list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AssignmentQuery {
    /// Of this package.
    pub package: PackageId,
    /// In these states.
    pub filter: AssignmentFilter,
    /// Only under this policy.
    #[serde(default)]
    pub policy: Option<PolicyId>,
    /// Part of a name.
    pub search: String,
    /// Which page.
    pub page: PageQuery,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::StringEnum;
    use chrono::Duration;
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    proptest! {
        /// Access never holds at or after its end, and the shown state agrees, whatever the stored state says.
        #[test]
        fn f126_expiry_is_read_from_the_dates(start in 0i64..1_000, length in 1i64..1_000, now in 0i64..3_000, stored in 0usize..5) {
            let (starts_at, ends_at, now) = (at(start), Some(at(start + length)), at(now));
            let shown = shown_state(AssignmentState::ALL[stored], ends_at, now);
            if now >= at(start + length) {
                prop_assert!(!holds(starts_at, ends_at, now));
                prop_assert_eq!(shown, AssignmentState::Expired);
            } else {
                prop_assert_eq!(holds(starts_at, ends_at, now), now >= starts_at);
                prop_assert_eq!(shown, AssignmentState::ALL[stored]);
            }
        }

        /// C14: the state says what the grants say, whatever it was before; what was closed stays closed.
        #[test]
        fn a_state_follows_from_the_grants(pending in 0i64..3, granted in 0i64..3, failed in 0i64..3) {
            let counts = GrantCounts { pending, granted, failed };
            let state = derive_state(false, counts);
            prop_assert_eq!(derive_state(true, counts), AssignmentState::Expired);
            prop_assert_eq!(state == AssignmentState::Delivering, pending > 0);
            prop_assert!(state != AssignmentState::Delivered || failed == 0);
            prop_assert!(state != AssignmentState::DeliveryFailed || granted == 0);
            prop_assert!(state.gives() || granted == 0);
        }
    }

    /// F060: nothing to give is nothing that fails.
    #[test]
    fn f060_a_package_without_resource_roles_is_delivered_at_once() {
        let state = |granted, failed| {
            derive_state(
                false,
                GrantCounts {
                    pending: 0,
                    granted,
                    failed,
                },
            )
        };
        assert_eq!(state(0, 0), AssignmentState::Delivered);
        assert_eq!(state(1, 1), AssignmentState::PartiallyDelivered);
        assert_eq!(state(0, 1), AssignmentState::DeliveryFailed);
    }
}
