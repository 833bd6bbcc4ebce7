//! Applications and sites of the directory: two lists, and the blade of one with its roles and who holds them. Both kinds share all but
//! their addresses and words.

mod blade;
mod holders;
mod list;
mod overview;

pub use blade::DirectoryObjectBlade;
#[cfg(feature = "ssr")]
pub use holders::{APPLICATION_HOLDERS, SITE_HOLDERS};
pub use holders::{ApplicationHoldersPage, SiteHoldersPage};
#[cfg(feature = "ssr")]
pub use list::{APPLICATIONS, SITES};
pub use list::{ApplicationsPage, SitesPage};
pub use overview::DirectoryObjectOverviewPage;
