//! How groups, applications and sites are shown wherever a package can give them.

use leptos::prelude::*;

use crate::domain::object::{ObjectItem, ObjectKind};
use crate::ui::*;

/// What an object is, for the Type column.
pub fn kind_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Group => "Group",
        ObjectKind::Application => "Application",
        ObjectKind::Site => "SharePoint site",
    }
}

/// The drawing of an object.
pub fn kind_icon(kind: ObjectKind) -> Icon {
    match kind {
        ObjectKind::Group => Icon::Group,
        ObjectKind::Application => Icon::App,
        ObjectKind::Site => Icon::Site,
    }
}

/// The name of an object with what must be known about it.
pub fn object_name(object: &ObjectItem) -> AnyView {
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
pub fn deleted() -> AnyView {
    view! { <Chip tone=Tone::Danger text="Deleted"/> }.into_any()
}
