//! How a catalog is deleted, and what goes with it.

use std::sync::Arc;

use crate::admin::deletion::Deletion;
use crate::domain::catalog::CatalogItem;
use crate::domain::id::CatalogId;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::catalogs::{delete_catalog, get_catalog};
use crate::rpc::impact::catalog_impact;

/// A catalog, which does not come back (F049).
pub const CATALOG: Deletion = Deletion {
    dialog: "delete-catalog-dialog",
    list: paths::CATALOGS,
    delete: |id, version| Box::pin(delete(id.into(), version)),
    impact: Some(|id| Arc::new(move |more| Box::pin(catalog_impact(id.into(), more)))),
    tell: |toasts, name| {
        toasts.success("Catalog deleted", name, None);
    },
};

async fn delete(id: CatalogId, version: Option<i64>) -> Result<(), AppError> {
    let version = match version {
        Some(version) => version,
        None => get_catalog(id).await?.version,
    };
    delete_catalog(id, version).await
}

/// What is said before.
pub fn consequence(catalog: &CatalogItem) -> String {
    let resources = match catalog.resources {
        0 => "",
        1 => "Its resource stays in the directory. ",
        _ => "Its resources stay in the directory. ",
    };
    format!("{resources}The roles held in it end. This can't be undone.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f049_the_question_says_what_stays() {
        let catalog = |resources| CatalogItem {
            id: CatalogId(uuid::Uuid::nil()),
            name: "Marketing".into(),
            description: String::new(),
            enabled: true,
            external: false,
            built_in: false,
            resources,
            packages: 0,
            created_at: chrono::DateTime::UNIX_EPOCH,
        };
        assert_eq!(consequence(&catalog(0)), "The roles held in it end. This can't be undone.");
        assert!(consequence(&catalog(2)).starts_with("Its resources stay in the directory. "));
    }
}
