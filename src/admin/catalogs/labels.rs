//! The words for what stands in a catalog. Pure.

use crate::domain::catalog::Switch;
use crate::domain::object::ObjectKind;
use crate::ui::{Icon, Tone};

/// The Type column: as the buttons that add such a resource say it.
pub fn kind_label(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Group => "Group and Team",
        ObjectKind::Application => "Application",
        ObjectKind::Site => "SharePoint Site",
    }
}

/// The icon of a kind.
pub fn kind_icon(kind: ObjectKind) -> Icon {
    match kind {
        ObjectKind::Group => Icon::Group,
        ObjectKind::Application => Icon::App,
        ObjectKind::Site => Icon::Site,
    }
}

/// Whether the packages of a catalog can be requested.
pub fn enabled_label(enabled: bool) -> (Tone, &'static str) {
    if enabled {
        (Tone::Success, "Enabled")
    } else {
        (Tone::Neutral, "Disabled")
    }
}

/// Yes or No.
pub fn yes_no(value: bool) -> &'static str {
    if value { "Yes" } else { "No" }
}

/// A switch as a filter offers it.
pub fn switch_label(switch: Switch) -> &'static str {
    yes_no(switch.is_on())
}
