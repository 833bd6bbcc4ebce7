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

pub use blade::GroupBlade;
#[cfg(feature = "ssr")]
pub use list::GROUPS;
pub use list::GroupsPage;
pub use members::{GroupMembersPage, GroupOwnersPage};
#[cfg(feature = "ssr")]
pub use members::{MEMBERS, OWNERS};
pub use new::NewGroupPage;
pub use overview::GroupOverviewPage;
