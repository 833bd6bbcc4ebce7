//! What stands in the controls of a policy, one signal a control, and the way to its form and back.

use leptos::prelude::*;

use super::stage_fields::{LocalizedFields, QuestionFields, StageFields, word};
use crate::domain::approval::ApproverDetails;
use crate::domain::expiration::ExpirationKind;
use crate::domain::id::QuestionId;
use crate::domain::object::Subject;
use crate::domain::policy::{Audience, LifecycleForm, LocalizedForm, ModeKind, PolicyForm, QuestionForm, RequestsForm, Scope, StageForm};
use crate::domain::typed_time;
use crate::rpc::viewer_time;

/// What needs approval: new access, and extensions where the Lifecycle tab says so.
pub(super) const APPROVE_ALL: &str = "all";
/// What needs approval: extensions alone.
pub(super) const APPROVE_EXTENSIONS: &str = "extensions";

/// The controls. Radio groups hold the word of their choice, empty for none.
#[derive(Clone, Copy)]
pub struct PolicyFields {
    pub(in super::super) name: RwSignal<String>,
    pub(in super::super) description: RwSignal<String>,
    /// Users who can request access: the word of the first choice.
    pub audience: RwSignal<String>,
    pub(super) scope: RwSignal<String>,
    pub(super) subjects: RwSignal<Vec<Subject>>,
    pub(super) approval: RwSignal<bool>,
    /// `extensions` where only they need approval, `all` otherwise.
    pub(super) approval_for: RwSignal<String>,
    pub(super) justification: RwSignal<bool>,
    pub(super) stages: RwSignal<Vec<StageFields>>,
    pub(super) approver_details: RwSignal<String>,
    /// Requests are taken.
    pub enabled: RwSignal<bool>,
    pub(super) on_behalf: RwSignal<bool>,
    pub(super) questions: RwSignal<Vec<QuestionFields>>,
    pub(super) kind: RwSignal<String>,
    /// The reader's day, such as `2026-12-23`.
    pub(super) date: RwSignal<String>,
    pub(super) days: RwSignal<String>,
    pub(super) hours: RwSignal<String>,
    pub(super) custom_schedule: RwSignal<bool>,
    pub(super) extension: RwSignal<bool>,
    pub(super) extension_approval: RwSignal<bool>,
    /// Show advanced request settings.
    pub(super) advanced: RwSignal<bool>,
    /// Show advanced expiration settings.
    pub(super) advanced_ends: RwSignal<bool>,
    next_key: StoredValue<u32>,
    /// Controls that are added later live as long as the others.
    owner: StoredValue<Option<Owner>>,
}

impl PolicyFields {
    /// Controls with nothing in them.
    pub fn new() -> Self {
        Self {
            name: RwSignal::default(),
            description: RwSignal::default(),
            audience: RwSignal::default(),
            scope: RwSignal::default(),
            subjects: RwSignal::default(),
            approval: RwSignal::default(),
            approval_for: RwSignal::new(APPROVE_ALL.to_owned()),
            justification: RwSignal::new(true),
            stages: RwSignal::default(),
            approver_details: RwSignal::new(word(Some(ApproverDetails::Tenant))),
            enabled: RwSignal::default(),
            on_behalf: RwSignal::default(),
            questions: RwSignal::default(),
            kind: RwSignal::default(),
            date: RwSignal::default(),
            days: RwSignal::default(),
            hours: RwSignal::default(),
            custom_schedule: RwSignal::default(),
            extension: RwSignal::default(),
            extension_approval: RwSignal::default(),
            advanced: RwSignal::default(),
            advanced_ends: RwSignal::default(),
            next_key: StoredValue::new(0),
            owner: StoredValue::new(Owner::current()),
        }
    }

    /// Shows a whole policy in place of what stands in the controls.
    pub fn load_policy(self, form: &PolicyForm) {
        self.name.set(form.name.clone());
        self.description.set(form.description.clone());
        self.load(&form.requests, &form.lifecycle);
    }

    /// Shows these in place of what stands in the controls.
    pub fn load(self, requests: &RequestsForm, lifecycle: &LifecycleForm) {
        self.audience.set(word(requests.audience));
        self.scope.set(word(requests.scope));
        self.subjects.set(requests.subjects.clone());
        self.approval.set(requests.approval);
        let approval_for = if requests.extensions_only {
            APPROVE_EXTENSIONS
        } else {
            APPROVE_ALL
        };
        self.approval_for.set(approval_for.to_owned());
        self.justification.set(requests.justification);
        self.stages.set(requests.stages.iter().map(|stage| self.stage(stage)).collect());
        self.approver_details.set(word(Some(requests.approver_details)));
        self.enabled.set(requests.enabled);
        self.on_behalf.set(requests.on_behalf);
        self.questions
            .set(requests.questions.iter().map(|question| self.question(question)).collect());
        self.kind.set(word(Some(lifecycle.kind)));
        self.date
            .set(typed_time::day_of(&lifecycle.date, |at| viewer_time::reading(at).offset));
        self.days.set(lifecycle.days.clone());
        self.hours.set(lifecycle.hours.clone());
        self.custom_schedule.set(lifecycle.custom_schedule);
        self.extension.set(lifecycle.extension);
        self.extension_approval.set(lifecycle.extension_approval);
        self.advanced.set(is_advanced(requests));
        self.advanced_ends.set(!lifecycle.extension || lifecycle.extension_approval);
    }

    fn key(self) -> u32 {
        let key = self.next_key.get_value();
        self.next_key.set_value(key.wrapping_add(1));
        key
    }

    fn owned<T>(self, make: impl FnOnce() -> T) -> T {
        match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }

    /// Controls of a stage.
    pub(super) fn stage(self, form: &StageForm) -> StageFields {
        let key = self.key();
        self.owned(|| StageFields::of(key, form))
    }

    /// Controls of a question.
    pub(super) fn question(self, form: &QuestionForm) -> QuestionFields {
        self.owned(|| QuestionFields::of(form, || self.key()))
    }

    /// Controls of a new question, which is told from the others of the policy from the beginning.
    pub(super) fn new_question(self) -> QuestionFields {
        let made = u128::from(viewer_time::now().timestamp_micros().unsigned_abs());
        let id = QuestionId(uuid::Uuid::from_u128(made << 64 | u128::from(self.key())));
        self.question(&QuestionForm {
            id,
            ..QuestionForm::default()
        })
    }

    /// Controls of one more language.
    pub(super) fn language(self) -> LocalizedFields {
        let key = self.key();
        self.owned(|| LocalizedFields::of(key, &LocalizedForm::default()))
    }

    /// The whole policy, as it stands in the controls; follows them.
    pub fn policy(self) -> PolicyForm {
        PolicyForm {
            name: self.name.get(),
            description: self.description.get(),
            requests: self.requests(),
            lifecycle: self.lifecycle(),
        }
    }

    /// Who can request it and what is asked, as it stands in the controls; follows them.
    pub fn requests(self) -> RequestsForm {
        RequestsForm {
            audience: self.chosen_audience(),
            scope: self.chosen_scope(),
            subjects: self.subjects.get(),
            approval: self.approval.get(),
            extensions_only: self.approval_for.with(|word| word == APPROVE_EXTENSIONS),
            justification: self.justification.get(),
            stages: self.stages.get().into_iter().map(StageFields::form).collect(),
            approver_details: self.approver_details.with(|word| word.parse().unwrap_or(ApproverDetails::Tenant)),
            enabled: self.enabled.get(),
            on_behalf: self.on_behalf.get(),
            questions: self.questions.get().into_iter().map(QuestionFields::form).collect(),
        }
    }

    /// When access ends, as it stands in the controls; follows them.
    pub fn lifecycle(self) -> LifecycleForm {
        LifecycleForm {
            kind: self.chosen_kind(),
            date: self.date.with(|day| typed_time::end_of(day, |at| viewer_time::reading(at).offset)),
            days: self.days.get(),
            hours: self.hours.get(),
            custom_schedule: self.custom_schedule.get(),
            extension: self.extension.get(),
            extension_approval: self.extension_approval.get(),
        }
    }

    /// Users who can request access: the first choice.
    pub fn chosen_audience(self) -> Option<Audience> {
        self.audience.with(|word| word.parse().ok())
    }

    /// Users who can request access: the second choice.
    pub(super) fn chosen_scope(self) -> Option<Scope> {
        self.scope.with(|word| word.parse().ok())
    }

    /// Access package assignments expire: the choice.
    pub(super) fn chosen_kind(self) -> ExpirationKind {
        self.kind.with(|word| word.parse().unwrap_or(ExpirationKind::Days))
    }
}

/// Whether something is chosen among the advanced request settings.
fn is_advanced(requests: &RequestsForm) -> bool {
    let stage = |stage: &StageForm| stage.forward || stage.mode != ModeKind::AnyOne || stage.is_conditional();
    requests.extensions_only || requests.approver_details != ApproverDetails::Tenant || requests.stages.iter().any(stage)
}
