//! The Select panes: search, tick several, load more, see what is chosen, take them. The frame knows only lines with a name; what they
//! stand for is told by the panes: users, users and groups, and groups, applications and sites.

mod groups;
mod objects;
mod packages;
mod pane;
mod people;
mod select;
mod subjects;
mod users;

pub use groups::GroupPicker;
pub use objects::{SelectNewResources, SelectObjects};
pub use packages::PackagePicker;
pub use pane::Sending;
pub use people::People;
pub use subjects::SelectSubjects;
pub use users::UserPicker;
