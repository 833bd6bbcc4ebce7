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

pub use blade::UserPage;
pub use deleted::DeletedUsersPage;
pub use edit::EditUserPage;
pub use labels::role_label;
pub use list::UsersPage;
pub use new::NewUserPage;
