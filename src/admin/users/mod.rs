//! Users: the list, a new one, one user's profile, and the deleted ones. A page a file; what they share in words and fields stands
//! beside them.

mod blade;
mod delete;
mod deleted;
mod dialogs;
mod edit;
mod fields;
mod labels;
mod list;
mod new;
mod tabs;

use leptos_router::components::Outlet;

use blade::UserPage;
#[cfg(feature = "ssr")]
pub use deleted::DELETED_USERS;
use deleted::DeletedUsersPage;
use edit::EditUserPage;
pub use labels::role_label;
#[cfg(feature = "ssr")]
pub use list::USERS;
use list::UsersPage;
use new::NewUserPage;
pub use tabs::user_head;

crate::ui::part! {
    /// The pages of users.
    pub enum Users in users {
        Pages => Outlet,
        List => UsersPage,
        New => NewUserPage,
        Deleted => DeletedUsersPage,
        Show => UserPage,
        Edit => EditUserPage,
    }
}
