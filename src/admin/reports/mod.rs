//! Reports, and how things stand on the home of Identity Governance. One entry for the map of pages.

mod chart;
mod dashboard;
mod home;
mod packages;
mod people;
mod user;
mod why;

pub use dashboard::standing;
pub use home::ReportsPage;
pub use packages::{ActivityPage, UnusedPage};
#[cfg(feature = "ssr")]
pub use packages::{PACKAGE_ACTIVITY, UNUSED_PACKAGES};
#[cfg(feature = "ssr")]
pub use people::{ACCESS_ON_DAY, USER_CAN_REQUEST, USER_PACKAGES, USER_RESOURCES};
pub use people::{DayPage, UserCanRequestPage, UserPackagesPage, UserResourcesPage};
pub use why::why;
