//! Applications and sites of the directory: two lists, and the blade of one with its roles and who holds them. Both kinds share all but
//! their addresses and words.

mod blade;
mod holders;
mod list;
mod overview;

use blade::DirectoryObjectBlade;
#[cfg(feature = "ssr")]
pub use holders::{APPLICATION_HOLDERS, SITE_HOLDERS};
use holders::{ApplicationHoldersPage, SiteHoldersPage};
#[cfg(feature = "ssr")]
pub use list::{APPLICATIONS, SITES};
use list::{ApplicationsPage, SitesPage};
use overview::DirectoryObjectOverviewPage;

crate::ui::part! {
    /// The pages of applications and sites.
    pub enum DirectoryObjects in directory_objects {
        Applications => ApplicationsPage,
        Sites => SitesPage,
        Blade => DirectoryObjectBlade,
        Overview => DirectoryObjectOverviewPage,
        ApplicationHolders => ApplicationHoldersPage,
        SiteHolders => SiteHoldersPage,
    }
}
