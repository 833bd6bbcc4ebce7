//! The access package pages of the admin area: the list, where New access package begins, and one package's blade. They know how packages
//! are shown and typed in; every rule and every change is behind `rpc`. Requests, assignments and policies of a package have rooms of
//! their own.

mod blade;
mod delete;
mod list;
mod new;
pub mod role_table;

pub use blade::{PackageBlade, PackageOverviewPage, PackageRolesPage, package_list_head, policies_of_package, use_package};
#[cfg(feature = "ssr")]
pub use list::PACKAGES;
pub use list::{PackagesPage, package_name};
pub use new::NewPackagePage;
