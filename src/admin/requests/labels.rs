//! How requests, and what they gave, are worded. Pure.

use crate::domain::assignment::{GrantItem, GrantState};
use crate::domain::request::{RequestFilter, RequestState};
use crate::ui::Tone;

/// The tone of a request's state.
pub(in crate::admin) fn tone(state: RequestState) -> Tone {
    match state {
        RequestState::Submitted | RequestState::PendingApproval | RequestState::Scheduled | RequestState::Delivering => Tone::Info,
        RequestState::Delivered => Tone::Success,
        RequestState::PartiallyDelivered => Tone::Warning,
        RequestState::Denied | RequestState::DeliveryFailed => Tone::Danger,
        RequestState::Expired | RequestState::Canceled => Tone::Neutral,
    }
}

/// How far one grant has come, in a word.
pub(super) fn grant_word(state: GrantState) -> (Tone, &'static str) {
    match state {
        GrantState::Pending => (Tone::Info, "Delivering"),
        GrantState::Granted => (Tone::Success, "Added"),
        GrantState::Failed => (Tone::Danger, "Failed"),
        GrantState::Revoked => (Tone::Neutral, "Removed"),
    }
}

/// What failed of a delivery, in words: how many of how many resource roles (F113).
pub(in crate::admin) fn failures(grants: &[GrantItem]) -> Option<String> {
    let failed = grants.iter().filter(|grant| grant.state == GrantState::Failed).count();
    let all = grants.iter().filter(|grant| grant.state != GrantState::Revoked).count();
    match (failed, all) {
        (0, _) => None,
        (1, 1) => Some("The resource role could not be given".to_owned()),
        (failed, all) if failed == all => Some(format!("None of {all} resource roles could be given")),
        (failed, all) => Some(format!("{failed} of {all} resource roles could not be given")),
    }
}

/// A choice of the status filter over requests.
pub(super) fn filter_label(filter: RequestFilter) -> &'static str {
    match filter {
        RequestFilter::All => "All",
        RequestFilter::Open => "In progress",
        RequestFilter::PendingApproval => "Pending approval",
        RequestFilter::Scheduled => "Scheduled",
        RequestFilter::Delivered => "Delivered",
        RequestFilter::Failed => "Failed",
        RequestFilter::Ended => "Denied, expired or canceled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f113_what_failed_is_counted() {
        let grant = |state| GrantItem {
            object: "Marketing resources".into(),
            role: "Member".into(),
            state,
            error: String::new(),
            granted_at: None,
            revoked_at: None,
        };
        let told = |states: &[GrantState]| failures(&states.iter().copied().map(grant).collect::<Vec<_>>());
        use GrantState::{Failed, Granted, Revoked};
        assert_eq!(told(&[Granted, Revoked]), None);
        assert_eq!(told(&[Failed]).as_deref(), Some("The resource role could not be given"));
        assert_eq!(
            told(&[Granted, Failed, Revoked]).as_deref(),
            Some("1 of 2 resource roles could not be given")
        );
        assert_eq!(told(&[Failed, Failed]).as_deref(), Some("None of 2 resource roles could be given"));
    }
}
