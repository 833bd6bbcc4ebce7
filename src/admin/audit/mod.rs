//! The audit trail: all of it, searched and narrowed, and what it has of one thing. One entry for the map of pages.

mod details;
mod history;
mod list;

#[cfg(feature = "ssr")]
pub use history::{APPLICATION_HISTORY, CATALOG_HISTORY, GROUP_HISTORY, PACKAGE_HISTORY, SITE_HISTORY, USER_HISTORY};
use history::{ApplicationHistoryPage, CatalogHistoryPage, GroupHistoryPage, PackageHistoryPage, SiteHistoryPage, UserHistoryPage};
#[cfg(feature = "ssr")]
pub use list::AUDIT;
use list::AuditPage;

crate::ui::part! {
    /// The trail, and what it has of one thing.
    pub enum Audit in audit {
        List => AuditPage,
        OfUser => UserHistoryPage,
        OfGroup => GroupHistoryPage,
        OfApplication => ApplicationHistoryPage,
        OfSite => SiteHistoryPage,
        OfCatalog => CatalogHistoryPage,
        OfPackage => PackageHistoryPage,
    }
}
