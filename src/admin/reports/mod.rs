//! Reports, and how things stand on the home of Identity Governance. One entry for the map of pages.

mod chart;
mod conflicts;
mod dashboard;
mod governance;
mod home;
mod packages;
mod people;
mod user;
mod why;

#[cfg(feature = "ssr")]
pub use conflicts::CONFLICTS;
use conflicts::ConflictsPage;
use governance::GovernancePage;
use home::ReportsPage;
use packages::{ActivityPage, UnusedPage};
#[cfg(feature = "ssr")]
pub use packages::{PACKAGE_ACTIVITY, UNUSED_PACKAGES};
#[cfg(feature = "ssr")]
pub use people::{ACCESS_ON_DAY, USER_CAN_REQUEST, USER_PACKAGES, USER_RESOURCES};
use people::{DayPage, UserCanRequestPage, UserPackagesPage, UserResourcesPage};
pub use why::why;

crate::ui::part! {
    /// Reports, and the home of Identity Governance, which shows how things stand.
    pub enum Reports in reports {
        Governance => GovernancePage,
        Home => ReportsPage,
        Day => DayPage,
        Activity => ActivityPage,
        Unused => UnusedPage,
        Conflicts => ConflictsPage,
        UserPackages => UserPackagesPage,
        UserCanRequest => UserCanRequestPage,
        UserResources => UserResourcesPage,
    }
}
