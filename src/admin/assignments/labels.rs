//! How assignments are worded. Pure.

use crate::domain::assignment::{AssignmentFilter, AssignmentState};
use crate::ui::Tone;

/// The tone of an assignment's state.
pub(super) fn tone(state: AssignmentState) -> Tone {
    match state {
        AssignmentState::Delivering => Tone::Info,
        AssignmentState::Delivered => Tone::Success,
        AssignmentState::PartiallyDelivered => Tone::Warning,
        AssignmentState::DeliveryFailed => Tone::Danger,
        AssignmentState::Expired => Tone::Neutral,
    }
}

/// A choice of the status filter over assignments.
pub(super) fn filter_label(filter: AssignmentFilter) -> &'static str {
    match filter {
        AssignmentFilter::Delivered => "Delivered",
        AssignmentFilter::Delivering => "Delivering",
        AssignmentFilter::Failed => "Failed",
        AssignmentFilter::Expired => "Expired",
        AssignmentFilter::All => "All",
    }
}
