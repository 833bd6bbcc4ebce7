//! Requests for one package: everything that changed who has it, and the details of one in a pane.

mod details;
mod labels;
mod list;
mod stages;

pub(super) use details::grants;
pub(super) use labels::{failures, tone};
use list::PackageRequestsPage;
#[cfg(feature = "ssr")]
pub use list::REQUESTS;

crate::ui::part! {
    /// The pages of a package's requests.
    pub enum Requests in requests {
        OfPackage => PackageRequestsPage,
    }
}
