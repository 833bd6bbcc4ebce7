//! How requests, and what they gave, are worded. Pure.

use crate::domain::assignment::GrantState;
use crate::domain::request::{RequestFilter, RequestState};
use crate::ui::Tone;

/// The tone of a request's state.
pub(super) fn tone(state: RequestState) -> Tone {
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

/// A choice of the status filter over requests.
pub(super) fn filter_label(filter: RequestFilter) -> &'static str {
    match filter {
        RequestFilter::All => "All",
        RequestFilter::Open => "In progress",
        RequestFilter::Delivered => "Delivered",
        RequestFilter::Failed => "Failed",
        RequestFilter::Ended => "Denied, expired or canceled",
    }
}
