//! Users: the list, a new one, one user's profile, and the deleted ones. A page a file; what they share in words and fields stands
//! beside them.

mod attributes;
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

use attributes::CustomAttributesPage;
use blade::UserPage;
#[cfg(feature = "ssr")]
pub use deleted::DELETED_USERS;
use deleted::DeletedUsersPage;
use edit::EditUserPage;
#[cfg(feature = "ssr")]
pub use list::USERS;
use list::UsersPage;
use new::NewUserPage;
pub use tabs::user_head;

crate::ui::part! {
    /// The lists of users.
    pub enum Users in users {
        List => UsersPage,
        Deleted => DeletedUsersPage,
    }
}

crate::ui::part! {
    /// What is kept about users.
    pub enum UserAttributes in user_attributes {
        Page => CustomAttributesPage,
    }
}

crate::ui::part! {
    /// The pages of one user.
    pub enum User in user {
        New => NewUserPage,
        Show => UserPage,
        Edit => EditUserPage,
    }
}
