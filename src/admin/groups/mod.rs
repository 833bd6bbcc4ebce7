//! Groups: the list, a new one, and one group's blade with its members and owners. A page a file; shared words and fields beside them.

mod blade;
mod delete;
mod edit;
mod labels;
mod list;
mod members;
mod new;
mod overview;
mod rule;

use blade::GroupBlade;
#[cfg(feature = "ssr")]
pub use list::GROUPS;
use list::GroupsPage;
use members::{GroupMembersPage, GroupOwnersPage};
#[cfg(feature = "ssr")]
pub use members::{MEMBERS, OWNERS};
use new::NewGroupPage;
use overview::GroupOverviewPage;

crate::ui::part! {
    /// What stands around the pages of one group, whichever part they are of.
    pub enum Group in group {
        Blade => GroupBlade,
    }
}

crate::ui::part! {
    /// The pages of groups.
    pub enum Groups in groups {
        List => GroupsPage,
        New => NewGroupPage,
    }
}

crate::ui::part! {
    /// What a group is, and who is in it.
    pub enum People in group_people {
        Overview => GroupOverviewPage,
        Members => GroupMembersPage,
        Owners => GroupOwnersPage,
    }
}
