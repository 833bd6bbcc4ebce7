//! Catalogs: the list, and one catalog's blade with its resources and access packages.

mod blade;
mod labels;
mod list;
mod overview;
mod packages;
mod resources;

pub use blade::CatalogBlade;
pub use list::CatalogsPage;
pub use overview::CatalogOverviewPage;
pub use packages::CatalogPackagesPage;
pub use resources::CatalogResourcesPage;
