//! The access package pages of the admin area: the list, the New access package wizard, and one package's blade. They know how
//! packages are shown and typed in; every rule and every change is behind `rpc`.

mod blade;
mod confirm;
mod delete;
mod list;
mod new;
mod pick;
mod query;
mod role_table;
mod show;
mod summary;
mod wizard;

pub use blade::{PackageAssignmentsPage, PackageBlade, PackageOverviewPage, PackagePoliciesPage, PackageRequestsPage, PackageRolesPage};
pub use list::PackagesPage;
pub use new::NewPackagePage;
pub use wizard::WizardPage;
