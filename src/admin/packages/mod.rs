//! The access package pages of the admin area: the list and one package's blade. They know how packages
//! are shown and typed in; every rule and every change is behind `rpc`. Requests, assignments and policies of a package have rooms of
//! their own.

mod blade;
mod delete;
mod list;
pub mod role_table;

use blade::{PackageBlade, PackageOverviewPage, PackageRolesPage};
pub use blade::{package_list_head, policies_of_package, use_package};
#[cfg(feature = "ssr")]
pub use list::PACKAGES;
use list::PackagesPage;
pub use list::package_name;

crate::ui::part! {
    /// What stands around the pages of one access package, whichever part they are of.
    pub enum Package in package {
        Blade => PackageBlade,
    }
}

crate::ui::part! {
    /// The list of access packages.
    pub enum Packages in packages {
        List => PackagesPage,
    }
}

crate::ui::part! {
    /// What a package is, and what it gives.
    pub enum Contents in contents {
        Overview => PackageOverviewPage,
        Roles => PackageRolesPage,
    }
}
