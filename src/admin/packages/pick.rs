//! The Select panes: search, tick several, load more, see what is chosen, take them. The frame knows only lines with a name; what they
//! stand for is told by the two panes below, for groups, applications and sites, and for users and groups.

mod objects;
mod pane;
mod subjects;

pub(super) use objects::SelectObjects;
pub(super) use subjects::SelectSubjects;
