//! Requests for one package: everything that changed who has it, and the details of one in a pane.

mod details;
mod labels;
mod list;

pub use list::PackageRequestsPage;
#[cfg(feature = "ssr")]
pub use list::REQUESTS;
