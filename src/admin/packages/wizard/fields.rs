//! What stands in the controls of the five tabs, one signal a control, and the way to a `PackageDraft` and back. It neither checks nor
//! saves.

use leptos::prelude::*;

use super::super::role_table::RoleRow;
use super::dates;
use crate::domain::catalog::GENERAL;
use crate::domain::draft::{DraftRole, DraftView, PackageDraft, Step};
use crate::domain::expiration::{ExpirationForm, ExpirationKind};
use crate::domain::id::{CatalogId, Named, ObjectId, RoleId};
use crate::domain::object::Subject;
use crate::domain::package::{BasicsForm, PriorMembership};
use crate::domain::policy::{Audience, RequestsForm, Scope};
use crate::domain::text::StringEnum;
use crate::rpc::viewer_time;

/// The controls. Radio groups and drop-down lists hold the word of their choice, empty for none.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    pub catalog: RwSignal<String>,
    pub roles: RwSignal<Vec<RoleRow>>,
    pub prior: RwSignal<String>,
    pub audience: RwSignal<String>,
    pub scope: RwSignal<String>,
    pub subjects: RwSignal<Vec<Subject>>,
    pub approval: RwSignal<bool>,
    pub enabled: RwSignal<bool>,
    pub kind: RwSignal<String>,
    /// The reader's day, such as `2026-12-23`.
    pub date: RwSignal<String>,
    pub days: RwSignal<String>,
    pub hours: RwSignal<String>,
    pub visited: RwSignal<Vec<Step>>,
    next_key: StoredValue<u32>,
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
            roles: RwSignal::default(),
            prior: RwSignal::default(),
            audience: RwSignal::default(),
            scope: RwSignal::default(),
            subjects: RwSignal::default(),
            approval: RwSignal::default(),
            enabled: RwSignal::default(),
            kind: RwSignal::default(),
            date: RwSignal::default(),
            days: RwSignal::default(),
            hours: RwSignal::default(),
            visited: RwSignal::default(),
            next_key: StoredValue::new(0),
        };
        fields.load(&view.draft, &view.catalogs);
        fields
    }

    /// Shows another draft in place of what stands in the controls.
    pub fn load(self, draft: &PackageDraft, catalogs: &[Named<CatalogId>]) {
        self.name.set(draft.basics.name.clone());
        self.description.set(draft.basics.description.clone());
        self.catalog.set(preset(draft.basics.catalog, catalogs));
        self.roles
            .set(draft.roles.iter().map(|row| self.row(row.object, row.role)).collect());
        self.prior.set(word(Some(draft.prior_membership)));
        self.audience.set(word(draft.requests.audience));
        self.scope.set(word(draft.requests.scope));
        self.subjects.set(draft.requests.subjects.clone());
        self.approval.set(draft.requests.approval);
        self.enabled.set(draft.requests.enabled);
        self.kind.set(word(Some(draft.lifecycle.kind)));
        self.date
            .set(dates::day_of(&draft.lifecycle.date, |at| viewer_time::reading(at).offset));
        self.days.set(draft.lifecycle.days.clone());
        self.hours.set(draft.lifecycle.hours.clone());
        self.visited.set(draft.visited.clone());
    }

    /// A new row of the Resource roles tab.
    pub fn row(self, object: ObjectId, role: Option<RoleId>) -> RoleRow {
        let key = self.next_key.get_value();
        self.next_key.set_value(key.wrapping_add(1));
        RoleRow { key, object, role }
    }

    /// What stands in the controls; follows every one of them.
    pub fn draft(self) -> PackageDraft {
        PackageDraft {
            basics: BasicsForm {
                name: self.name.get(),
                description: self.description.get(),
                catalog: self.catalog.with(|id| id.parse().ok()),
            },
            roles: self.roles.with(|rows| {
                let role = |row: &RoleRow| DraftRole {
                    object: row.object,
                    role: row.role,
                };
                rows.iter().map(role).collect()
            }),
            prior_membership: self.prior.with(|word| word.parse().unwrap_or(PriorMembership::Keep)),
            requests: RequestsForm {
                audience: self.chosen_audience(),
                scope: self.scope.with(|word| word.parse().ok()),
                subjects: self.subjects.get(),
                approval: self.approval.get(),
                enabled: self.enabled.get(),
            },
            lifecycle: ExpirationForm {
                kind: self.chosen_kind(),
                date: self.date.with(|day| dates::end_of(day, |at| viewer_time::reading(at).offset)),
                days: self.days.get(),
                hours: self.hours.get(),
            },
            visited: self.visited.get(),
        }
    }

    /// Users who can request access: the first choice.
    pub fn chosen_audience(self) -> Option<Audience> {
        self.audience.with(|word| word.parse().ok())
    }

    /// Users who can request access: the second choice.
    pub fn chosen_scope(self) -> Option<Scope> {
        self.scope.with(|word| word.parse().ok())
    }

    /// Access package assignments expire: the choice.
    pub fn chosen_kind(self) -> ExpirationKind {
        self.kind.with(|word| word.parse().unwrap_or(ExpirationKind::Days))
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
