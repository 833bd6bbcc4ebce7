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

pub use blade::UserPage;
#[cfg(feature = "ssr")]
pub use deleted::DELETED_USERS;
pub use deleted::DeletedUsersPage;
pub use edit::EditUserPage;
pub use labels::role_label;
#[cfg(feature = "ssr")]
pub use list::USERS;
pub use list::UsersPage;
pub use new::NewUserPage;
pub use tabs::user_head;
