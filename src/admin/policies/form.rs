//! What stands in the controls of a policy: who can request, approval, whether requests are taken, and when access ends. It neither
//! checks nor saves; what is wrong comes from whoever holds the form, by the path of the field.

use leptos::prelude::*;

use super::dates;
use crate::domain::expiration::{ExpirationForm, ExpirationKind};
use crate::domain::object::Subject;
use crate::domain::policy::{Audience, RequestsForm, Scope};
use crate::domain::text::StringEnum;
use crate::rpc::viewer_time;

/// The controls. Radio groups hold the word of their choice, empty for none.
#[derive(Clone, Copy)]
pub struct PolicyFields {
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
}

fn word<W: StringEnum>(value: Option<W>) -> String {
    value.map(|value| value.as_str().to_owned()).unwrap_or_default()
}

impl PolicyFields {
    /// Controls with nothing in them.
    pub fn new() -> Self {
        Self {
            audience: RwSignal::default(),
            scope: RwSignal::default(),
            subjects: RwSignal::default(),
            approval: RwSignal::default(),
            enabled: RwSignal::default(),
            kind: RwSignal::default(),
            date: RwSignal::default(),
            days: RwSignal::default(),
            hours: RwSignal::default(),
        }
    }

    /// Shows these in place of what stands in the controls.
    pub fn load(self, requests: &RequestsForm, lifecycle: &ExpirationForm) {
        self.audience.set(word(requests.audience));
        self.scope.set(word(requests.scope));
        self.subjects.set(requests.subjects.clone());
        self.approval.set(requests.approval);
        self.enabled.set(requests.enabled);
        self.kind.set(word(Some(lifecycle.kind)));
        self.date.set(dates::day_of(&lifecycle.date, |at| viewer_time::reading(at).offset));
        self.days.set(lifecycle.days.clone());
        self.hours.set(lifecycle.hours.clone());
    }

    /// Who can request it, as it stands in the controls; follows them.
    pub fn requests(self) -> RequestsForm {
        RequestsForm {
            audience: self.chosen_audience(),
            scope: self.chosen_scope(),
            subjects: self.subjects.get(),
            approval: self.approval.get(),
            enabled: self.enabled.get(),
        }
    }

    /// When access ends, as it stands in the controls; follows them.
    pub fn lifecycle(self) -> ExpirationForm {
        ExpirationForm {
            kind: self.chosen_kind(),
            date: self.date.with(|day| dates::end_of(day, |at| viewer_time::reading(at).offset)),
            days: self.days.get(),
            hours: self.hours.get(),
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
