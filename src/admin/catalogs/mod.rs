//! Catalogs: the list, and one catalog's blade with its resources and access packages.

mod attributes;
mod blade;
mod delete;
mod edit;
mod labels;
mod list;
mod overview;
mod packages;
mod resources;
mod roles;

use attributes::ResourceAttributesPage;
use blade::CatalogBlade;
pub use edit::NewCatalog;
#[cfg(feature = "ssr")]
pub use list::CATALOGS;
use list::CatalogsPage;
use overview::CatalogOverviewPage;
#[cfg(feature = "ssr")]
pub use packages::CATALOG_PACKAGES;
use packages::CatalogPackagesPage;
use resources::CatalogResourcesPage;
#[cfg(feature = "ssr")]
pub use resources::RESOURCES;
#[cfg(feature = "ssr")]
pub use roles::CATALOG_ROLES;
use roles::CatalogRolesPage;

crate::ui::part! {
    /// What stands around the pages of one catalog, whichever part they are of.
    pub enum Catalog in catalog {
        Blade => CatalogBlade,
    }
}

crate::ui::part! {
    /// The pages of catalogs.
    pub enum Catalogs in catalogs {
        List => CatalogsPage,
    }
}

crate::ui::part! {
    /// What a catalog is, and what is in it.
    pub enum CatalogContents in catalog_contents {
        Overview => CatalogOverviewPage,
        Resources => CatalogResourcesPage,
        Packages => CatalogPackagesPage,
        Roles => CatalogRolesPage,
    }
}

crate::ui::part! {
    /// What a resource asks of its requestors.
    pub enum Attributes in resource_attributes {
        Page => ResourceAttributesPage,
    }
}
