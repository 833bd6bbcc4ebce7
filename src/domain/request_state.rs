//! The kinds of requests and their state machine (feature map 1.1 and 1.2): a request moves only along `RequestState::may_become`.

use crate::domain::text::string_enum;

string_enum! {
    /// What a request asks for and who asked (feature map 1.1).
    RequestKind {
        /// A user asks for access.
        UserAdd = "user_add",
        /// A user asks for more time.
        UserExtend = "user_extend",
        /// A user asks for a change.
        UserUpdate = "user_update",
        /// A user gives access back.
        UserRemove = "user_remove",
        /// An administrator gives access.
        AdminAdd = "admin_add",
        /// An administrator changes access.
        AdminUpdate = "admin_update",
        /// An administrator ends access.
        AdminRemove = "admin_remove",
        /// A rule gives access.
        SystemAdd = "system_add",
        /// A rule changes access.
        SystemUpdate = "system_update",
        /// The end date has come, or a rule takes access back.
        SystemRemove = "system_remove",
        /// Someone asks for another.
        OnBehalfAdd = "on_behalf_add",
    }
}

impl RequestKind {
    /// Whether it gives or changes access; the others end it. There may be one open request of either sort for a person and package.
    pub fn is_gain(self) -> bool {
        !matches!(self, Self::UserRemove | Self::AdminRemove | Self::SystemRemove)
    }

    /// Whether it gives access that was not there before.
    pub fn is_add(self) -> bool {
        matches!(self, Self::UserAdd | Self::AdminAdd | Self::SystemAdd | Self::OnBehalfAdd)
    }

    /// The kind's name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::UserAdd => "User request",
            Self::UserExtend => "Extension",
            Self::UserUpdate => "User change",
            Self::UserRemove => "User removal",
            Self::AdminAdd => "Administrator assignment",
            Self::AdminUpdate => "Administrator change",
            Self::AdminRemove => "Administrator removal",
            Self::SystemAdd => "Automatic assignment",
            Self::SystemUpdate => "Automatic change",
            Self::SystemRemove => "Expiration",
            Self::OnBehalfAdd => "Request for another",
        }
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
        /// Taken back, or come to nothing.
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

    /// The steps that the state machine has, for a request of this kind: access is ended without anybody's approval, and an end that was
    /// asked for is not taken back.
    pub fn may_become(self, next: Self, kind: RequestKind) -> bool {
        use RequestState::*;
        if !kind.is_gain() && matches!(next, PendingApproval | Denied | Expired | Canceled) {
            return false;
        }
        match self {
            Submitted => matches!(next, PendingApproval | Scheduled | Delivering | Canceled),
            PendingApproval => matches!(next, Scheduled | Delivering | Denied | Expired | Canceled),
            Scheduled => matches!(next, Delivering | Canceled),
            // Canceled: the person or the package is gone before it was carried out.
            Delivering => matches!(next, Delivered | PartiallyDelivered | DeliveryFailed | Canceled),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::StringEnum;
    use proptest::prelude::*;

    proptest! {
        /// However a request of any kind is pushed about, it never leaves an end, and no open state is a dead end.
        #[test]
        fn a_request_walks_only_along_its_states(kind in 0usize..11, steps in proptest::collection::vec(0usize..10, 1..40)) {
            use RequestState::*;
            let kind = RequestKind::ALL[kind];
            let mut state = Submitted;
            for step in steps {
                let next = RequestState::ALL[step];
                if state.may_become(next, kind) {
                    prop_assert!(next != Submitted);
                    prop_assert!(!matches!(state, Denied | Expired | Canceled | Delivered), "left an end");
                    state = next;
                }
                prop_assert!(kind.is_gain() || !matches!(state, PendingApproval | Denied | Expired | Canceled));
                let ways_on = RequestState::ALL.iter().filter(|n| state.may_become(**n, kind)).count();
                prop_assert!(ways_on > 0 || !state.is_open());
            }
        }

        /// From every open state there is a way to an end, for every kind.
        #[test]
        fn every_open_request_can_come_to_an_end(kind in 0usize..11, from in 0usize..10) {
            let kind = RequestKind::ALL[kind];
            let mut reached = vec![RequestState::ALL[from]];
            let mut at = 0;
            while at < reached.len() {
                for next in RequestState::ALL {
                    if reached[at].may_become(*next, kind) && !reached.contains(next) {
                        reached.push(*next);
                    }
                }
                at += 1;
            }
            prop_assert!(reached.iter().any(|state| !state.is_open()));
        }
    }

    #[test]
    fn a_kind_gains_or_ends() {
        let ends: Vec<_> = RequestKind::ALL.iter().filter(|kind| !kind.is_gain()).collect();
        assert_eq!(
            ends,
            [&RequestKind::UserRemove, &RequestKind::AdminRemove, &RequestKind::SystemRemove]
        );
        assert!(RequestKind::ALL.iter().all(|kind| kind.is_gain() || !kind.is_add()));
    }
}
