//! How the pages of packages word what they show: states, kinds, dates, resources. It fetches nothing.

use chrono::{DateTime, SecondsFormat, Utc};
use leptos::prelude::*;

use crate::admin::timestamp;
use crate::domain::assignment::{AssignmentFilter, AssignmentState, GrantState};
use crate::domain::object::{ObjectItem, ObjectKind};
use crate::domain::request::{RequestFilter, RequestState};
use crate::rpc::viewer_time;
use crate::ui::*;

/// An instant by its day, with its distance below.
pub(super) fn day(at: DateTime<Utc>) -> AnyView {
    view! {
        <span class="two-line">
            {timestamp::day(at)}
            <small>{viewer_time::relative(at)}</small>
        </span>
    }
    .into_any()
}

/// An instant for machines.
pub(super) fn iso(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The tone of an assignment's state.
pub(super) fn assignment_tone(state: AssignmentState) -> Tone {
    match state {
        AssignmentState::Delivering => Tone::Info,
        AssignmentState::Delivered => Tone::Success,
        AssignmentState::PartiallyDelivered => Tone::Warning,
        AssignmentState::DeliveryFailed => Tone::Danger,
        AssignmentState::Expired => Tone::Neutral,
    }
}

/// The tone of a request's state.
pub(super) fn request_tone(state: RequestState) -> Tone {
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

/// A choice of the status filter over assignments.
pub(super) fn assignment_filter(filter: AssignmentFilter) -> &'static str {
    match filter {
        AssignmentFilter::Delivered => "Delivered",
        AssignmentFilter::Delivering => "Delivering",
        AssignmentFilter::Failed => "Failed",
        AssignmentFilter::Expired => "Expired",
        AssignmentFilter::All => "All",
    }
}

/// A choice of the status filter over requests.
pub(super) fn request_filter(filter: RequestFilter) -> &'static str {
    match filter {
        RequestFilter::All => "All",
        RequestFilter::Open => "In progress",
        RequestFilter::Delivered => "Delivered",
        RequestFilter::Failed => "Failed",
        RequestFilter::Ended => "Denied, expired or canceled",
    }
}

/// What an object is, for the Type column.
pub(super) fn kind_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Group => "Group",
        ObjectKind::Application => "Application",
        ObjectKind::Site => "SharePoint site",
    }
}

/// The drawing of an object.
pub(super) fn kind_icon(kind: ObjectKind) -> Icon {
    match kind {
        ObjectKind::Group => Icon::Group,
        ObjectKind::Application => Icon::App,
        ObjectKind::Site => Icon::Site,
    }
}

/// The name of an object with what must be known about it.
pub(super) fn object_name(object: &ObjectItem) -> AnyView {
    let note = if object.deleted {
        Some("Deleted from the directory, so it can't be given. Remove it here.")
    } else if object.dynamic {
        Some("Membership of a dynamic group is decided by its rule, so only Owner can be given.")
    } else {
        None
    };
    view! {
        <span class="person">
            <Glyph icon=kind_icon(object.kind)/>
            <span class="two-line">
                <span class="strong break">{object.name.clone()}</span>
                {note.map(|note| view! { <small>{note}</small> })}
            </span>
            {object.deleted.then(deleted)}
            {(object.dynamic && !object.deleted).then(|| view! { <Chip tone=Tone::Info text="Dynamic"/> })}
        </span>
    }
    .into_any()
}

/// The mark of something that is gone from the directory.
pub(super) fn deleted() -> AnyView {
    view! { <Chip tone=Tone::Danger text="Deleted"/> }.into_any()
}
