//! What stands in the controls of the five tabs, one signal a control, and the way to a `PackageDraft` and back. It neither checks nor
//! saves.

use leptos::prelude::*;

use crate::admin::packages::role_table::RoleRows;
use crate::admin::policies::PolicyFields;
use crate::domain::catalog::GENERAL;
use crate::domain::draft::{DraftView, PackageDraft, Step};
use crate::domain::id::{CatalogId, Named};
use crate::domain::package::{BasicsForm, PriorMembership};
use crate::domain::text::StringEnum;

/// The controls. Radio groups and drop-down lists hold the word of their choice, empty for none.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    pub catalog: RwSignal<String>,
    pub roles: RoleRows,
    pub prior: RwSignal<String>,
    pub policy: PolicyFields,
    pub visited: RwSignal<Vec<Step>>,
}

fn word<W: StringEnum>(value: Option<W>) -> String {
    value.map(|value| value.as_str().to_owned()).unwrap_or_default()
}

/// The catalog of a draft; General, or the first, until one has been chosen (F011).
fn preset(catalog: Option<CatalogId>, catalogs: &[Named<CatalogId>]) -> String {
    catalog
        .or_else(|| {
            catalogs
                .iter()
                .find(|catalog| catalog.name == GENERAL)
                .or(catalogs.first())
                .map(|catalog| catalog.id)
        })
        .map(|id| id.to_string())
        .unwrap_or_default()
}

impl Fields {
    /// Controls that show a draft.
    pub fn new(view: &DraftView) -> Self {
        let fields = Self {
            name: RwSignal::default(),
            description: RwSignal::default(),
            catalog: RwSignal::default(),
            roles: RoleRows::new(),
            prior: RwSignal::default(),
            policy: PolicyFields::new(),
            visited: RwSignal::default(),
        };
        fields.load(&view.draft, &view.catalogs);
        fields
    }

    /// Shows another draft in place of what stands in the controls.
    pub fn load(self, draft: &PackageDraft, catalogs: &[Named<CatalogId>]) {
        self.name.set(draft.basics.name.clone());
        self.description.set(draft.basics.description.clone());
        self.catalog.set(preset(draft.basics.catalog, catalogs));
        self.roles.set(&draft.roles);
        self.prior.set(word(Some(draft.prior_membership)));
        self.policy.load(&draft.requests, &draft.lifecycle);
        self.visited.set(draft.visited.clone());
    }

    /// What stands in the controls; follows every one of them.
    pub fn draft(self) -> PackageDraft {
        PackageDraft {
            basics: BasicsForm {
                name: self.name.get(),
                description: self.description.get(),
                catalog: self.catalog.with(|id| id.parse().ok()),
            },
            roles: self.roles.wanted(),
            prior_membership: self.prior.with(|word| word.parse().unwrap_or(PriorMembership::Keep)),
            requests: self.policy.requests(),
            lifecycle: self.policy.lifecycle(),
            visited: self.visited.get(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f011_the_catalog_is_preset_to_general() {
        let id = |n: u128| CatalogId(uuid::Uuid::from_u128(n));
        let catalogs = [Named::new(id(1), "Archive"), Named::new(id(2), "General")];
        assert_eq!(preset(None, &catalogs), id(2).to_string());
        assert_eq!(preset(Some(id(1)), &catalogs), id(1).to_string());
        assert_eq!(preset(None, &catalogs[..1]), id(1).to_string());
        assert_eq!(preset(None, &[]), "");
    }
}
