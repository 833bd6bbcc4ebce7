//! How assignments are worded. Pure.

use crate::domain::assignment::{AssignmentFilter, AssignmentState, EndReason};
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

/// Why an assignment ended.
pub(super) fn ended(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Expired => "Its end date came",
        EndReason::Removed => "An administrator removed it",
        EndReason::GivenBack => "The person gave it back",
        EndReason::UserDeleted => "The user was deleted",
        EndReason::Superseded => "Its delivery had failed, and a later request took its place",
    }
}
