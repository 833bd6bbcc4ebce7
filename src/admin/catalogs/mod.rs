//! Catalogs: the list, and one catalog's blade with its resources and access packages.

mod blade;
mod delete;
mod edit;
mod labels;
mod list;
mod overview;
mod packages;
mod resources;
mod roles;

pub use blade::CatalogBlade;
pub use edit::NewCatalog;
#[cfg(feature = "ssr")]
pub use list::CATALOGS;
pub use list::CatalogsPage;
pub use overview::CatalogOverviewPage;
#[cfg(feature = "ssr")]
pub use packages::CATALOG_PACKAGES;
pub use packages::CatalogPackagesPage;
pub use resources::CatalogResourcesPage;
#[cfg(feature = "ssr")]
pub use resources::RESOURCES;
#[cfg(feature = "ssr")]
pub use roles::CATALOG_ROLES;
pub use roles::CatalogRolesPage;
