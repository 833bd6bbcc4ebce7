//! What stands in the controls of one approval stage and of one question.

use leptos::prelude::*;

use crate::domain::id::QuestionId;
use crate::domain::object::Subject;
use crate::domain::policy::{ApproverKind, ApproversForm, LocalizedForm, ModeKind, QuestionForm, StageForm};
use crate::domain::question::QuestionKind;
use crate::domain::subject::SubjectSet;
use crate::domain::text::StringEnum;

/// The word of a choice, empty for none.
pub(super) fn word<W: StringEnum>(value: Option<W>) -> String {
    value.map(|value| value.as_str().to_owned()).unwrap_or_default()
}

/// Whom a stage asks.
#[derive(Clone, Copy)]
pub(super) struct ApproversFields {
    pub kind: RwSignal<String>,
    /// Of several kinds: each relation, and whether it is among them.
    pub relations: [(ApproverKind, RwSignal<bool>); ApproverKind::RELATIONS.len()],
    /// What no control can choose.
    pub also: RwSignal<Vec<SubjectSet>>,
    pub people: RwSignal<Vec<Subject>>,
    pub fallbacks: RwSignal<Vec<Subject>>,
}

impl ApproversFields {
    fn of(form: &ApproversForm) -> Self {
        Self {
            kind: RwSignal::new(word(form.kind)),
            relations: ApproverKind::RELATIONS.map(|kind| (kind, RwSignal::new(form.relations.contains(&kind)))),
            also: RwSignal::new(form.also.clone()),
            people: RwSignal::new(form.people.clone()),
            fallbacks: RwSignal::new(form.fallbacks.clone()),
        }
    }

    /// What stands in the controls; follows them.
    pub fn form(self) -> ApproversForm {
        let several = self.chosen() == Some(ApproverKind::Several);
        let ticked = self.relations.into_iter().filter(|(_, on)| on.get()).map(|(kind, _)| kind);
        ApproversForm {
            kind: self.chosen(),
            relations: if several { ticked.collect() } else { Vec::new() },
            also: self.also.get(),
            people: self.people.get(),
            fallbacks: self.fallbacks.get(),
        }
    }

    /// Who, as chosen; follows it.
    pub fn chosen(self) -> Option<ApproverKind> {
        self.kind.with(|word| word.parse().ok())
    }
}

/// One stage.
#[derive(Clone, Copy)]
pub(super) struct StageFields {
    /// Stays while others come and go; makes the ids.
    pub key: u32,
    pub asked: ApproversFields,
    pub days: RwSignal<String>,
    pub justification: RwSignal<bool>,
    pub mode: RwSignal<String>,
    pub mode_number: RwSignal<String>,
    pub condition: RwSignal<String>,
    pub guests: RwSignal<bool>,
    pub longer_than: RwSignal<String>,
    /// The id of a question, or empty.
    pub answered: RwSignal<String>,
    pub answer: RwSignal<String>,
    pub forward: RwSignal<bool>,
    pub forward_days: RwSignal<String>,
    pub alternates: ApproversFields,
}

impl StageFields {
    pub fn of(key: u32, form: &StageForm) -> Self {
        Self {
            key,
            asked: ApproversFields::of(&form.asked),
            days: RwSignal::new(form.days.clone()),
            justification: RwSignal::new(form.justification),
            mode: RwSignal::new(word(Some(form.mode))),
            mode_number: RwSignal::new(form.mode_number.clone()),
            condition: RwSignal::new(form.condition.clone()),
            guests: RwSignal::new(form.guests),
            longer_than: RwSignal::new(form.longer_than.clone()),
            answered: RwSignal::new(form.answered.map(|id| id.to_string()).unwrap_or_default()),
            answer: RwSignal::new(form.answer.clone()),
            forward: RwSignal::new(form.forward),
            forward_days: RwSignal::new(form.forward_days.clone()),
            alternates: ApproversFields::of(&form.alternates),
        }
    }

    /// What stands in the controls; follows them.
    pub fn form(self) -> StageForm {
        StageForm {
            asked: self.asked.form(),
            days: self.days.get(),
            justification: self.justification.get(),
            mode: self.chosen_mode(),
            mode_number: self.mode_number.get(),
            condition: self.condition.get(),
            guests: self.guests.get(),
            longer_than: self.longer_than.get(),
            answered: self.answered.with(|id| id.parse().ok()),
            answer: self.answer.get(),
            forward: self.forward.get(),
            forward_days: self.forward_days.get(),
            alternates: self.alternates.form(),
        }
    }

    /// Whose yes it takes, as chosen; follows it.
    pub fn chosen_mode(self) -> ModeKind {
        self.mode.with(|word| word.parse().unwrap_or(ModeKind::AnyOne))
    }
}

/// A question in another language.
#[derive(Clone, Copy)]
pub(super) struct LocalizedFields {
    pub key: u32,
    pub language: RwSignal<String>,
    pub text: RwSignal<String>,
    pub choices: RwSignal<String>,
}

impl LocalizedFields {
    pub fn of(key: u32, form: &LocalizedForm) -> Self {
        Self {
            key,
            language: RwSignal::new(form.language.clone()),
            text: RwSignal::new(form.text.clone()),
            choices: RwSignal::new(form.choices.clone()),
        }
    }

    fn form(self) -> LocalizedForm {
        LocalizedForm {
            language: self.language.get(),
            text: self.text.get(),
            choices: self.choices.get(),
        }
    }
}

/// One question.
#[derive(Clone, Copy)]
pub(super) struct QuestionFields {
    pub key: u32,
    pub id: QuestionId,
    pub text: RwSignal<String>,
    pub kind: RwSignal<String>,
    pub required: RwSignal<bool>,
    pub pattern: RwSignal<String>,
    pub choices: RwSignal<String>,
    pub localized: RwSignal<Vec<LocalizedFields>>,
}

impl QuestionFields {
    /// `next_key` gives the key of the question and of each language.
    pub fn of(form: &QuestionForm, mut next_key: impl FnMut() -> u32) -> Self {
        Self {
            key: next_key(),
            id: form.id,
            text: RwSignal::new(form.text.clone()),
            kind: RwSignal::new(word(Some(form.kind))),
            required: RwSignal::new(form.required),
            pattern: RwSignal::new(form.pattern.clone()),
            choices: RwSignal::new(form.choices.clone()),
            localized: RwSignal::new(form.localized.iter().map(|text| LocalizedFields::of(next_key(), text)).collect()),
        }
    }

    /// What stands in the controls; follows them.
    pub fn form(self) -> QuestionForm {
        QuestionForm {
            id: self.id,
            text: self.text.get(),
            kind: self.chosen_kind(),
            required: self.required.get(),
            pattern: self.pattern.get(),
            choices: self.choices.get(),
            localized: self.localized.get().into_iter().map(LocalizedFields::form).collect(),
        }
    }

    /// Answer format, as chosen; follows it.
    pub fn chosen_kind(self) -> QuestionKind {
        self.kind.with(|word| word.parse().unwrap_or(QuestionKind::ShortText))
    }
}
