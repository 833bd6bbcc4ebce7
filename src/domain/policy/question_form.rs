//! One question of a policy as it is typed: the values of a multiple choice one a line, and their translations line by line beside them.

use serde::{Deserialize, Serialize};

use super::super::id::QuestionId;
use super::super::question::{CHOICES_MAX, Choice, LocalizedText, PATTERN_MAX, QUESTION_TEXT_MAX, Question, QuestionKind};
use super::super::validate::{Checker, Code};
use super::form::keep_text;

/// Languages of one question at the most.
const LANGUAGES_MAX: usize = 40;

/// A question in another language, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LocalizedForm {
    /// The language, such as `es`.
    pub language: String,
    /// The question in it.
    pub text: String,
    /// The answer values in it, one a line, in the order of the question's own.
    pub choices: String,
}

/// A question, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuestionForm {
    /// Nil until it has been kept.
    pub id: QuestionId,
    /// The question.
    pub text: String,
    /// Answer format.
    pub kind: QuestionKind,
    /// Required.
    pub required: bool,
    /// What a text answer must match, or empty.
    pub pattern: String,
    /// Answer values of a multiple choice, one a line.
    pub choices: String,
    /// In other languages.
    pub localized: Vec<LocalizedForm>,
}

impl Default for QuestionForm {
    fn default() -> Self {
        Self::from(&Question::default())
    }
}

impl From<&Question> for QuestionForm {
    fn from(question: &Question) -> Self {
        let lines = |text: &dyn Fn(&Choice) -> String| question.choices.iter().map(text).collect::<Vec<_>>().join("\n");
        let translated = |choice: &Choice, language: &str| {
            let found = choice.localized.iter().find(|text| text.language == language);
            found.map_or_else(|| choice.value.clone(), |text| text.text.clone())
        };
        let localized = question.localized.iter().map(|text| LocalizedForm {
            language: text.language.clone(),
            text: text.text.clone(),
            choices: lines(&|choice| translated(choice, &text.language)),
        });
        Self {
            id: question.id,
            text: question.text.clone(),
            kind: question.kind,
            required: question.required,
            pattern: question.pattern.clone(),
            choices: lines(&|choice| choice.value.clone()),
            localized: localized.collect(),
        }
    }
}

/// The lines with something in them.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

impl QuestionForm {
    /// The question that this asks for, with `path` before each field's name; what questions themselves must not be is found by their own
    /// check.
    pub(super) fn check(&self, check: &mut Checker, path: &str) -> Question {
        let localized = self.localized.iter().map(|text| LocalizedText {
            language: text.language.trim().to_owned(),
            text: text.text.trim().to_owned(),
        });
        let choice = self.kind == QuestionKind::MultipleChoice;
        Question {
            id: self.id,
            text: self.text.trim().to_owned(),
            localized: localized.collect(),
            kind: self.kind,
            choices: if choice { self.check_choices(check, path) } else { Vec::new() },
            required: self.required,
            pattern: if choice { String::new() } else { self.pattern.trim().to_owned() },
        }
    }

    fn check_choices(&self, check: &mut Checker, path: &str) -> Vec<Choice> {
        let mut choices: Vec<Choice> = lines(&self.choices)
            .into_iter()
            .map(|value| Choice {
                value: value.to_owned(),
                label: String::new(),
                localized: Vec::new(),
            })
            .collect();
        for (at, form) in self.localized.iter().enumerate() {
            let translated = lines(&form.choices);
            // With nothing typed, the values stay as they are.
            if translated.is_empty() {
                continue;
            }
            if translated.len() != choices.len() {
                check.fail(format!("{path}localized.{at}.choices"), Code::OneForEach(choices.len()));
                continue;
            }
            for (choice, text) in choices.iter_mut().zip(translated) {
                if text != choice.value {
                    choice.localized.push(LocalizedText {
                        language: form.language.trim().to_owned(),
                        text: text.to_owned(),
                    });
                }
            }
        }
        choices
    }

    /// What a form does not show of the question that it is about stays: what is shown for values that are stored otherwise.
    pub(super) fn keep_labels(question: &mut Question, before: &[Question]) {
        let Some(before) = before.iter().find(|before| before.id == question.id) else {
            return;
        };
        for choice in &mut question.choices {
            if let Some(same) = before.choices.iter().find(|same| same.value == choice.value) {
                choice.label.clone_from(&same.label);
            }
        }
    }

    pub(super) fn keep(&mut self, check: &mut Checker, path: &str) {
        keep_text(check, &format!("{path}text"), &mut self.text, QUESTION_TEXT_MAX);
        keep_text(check, &format!("{path}pattern"), &mut self.pattern, PATTERN_MAX);
        keep_text(check, &format!("{path}choices"), &mut self.choices, CHOICES_MAX * QUESTION_TEXT_MAX);
        if self.localized.len() > LANGUAGES_MAX {
            check.fail(format!("{path}text"), Code::TooMany(LANGUAGES_MAX));
        }
        for (at, text) in self.localized.iter_mut().enumerate() {
            let path = format!("{path}localized.{at}.");
            keep_text(check, &format!("{path}language"), &mut text.language, 35);
            keep_text(check, &format!("{path}text"), &mut text.text, QUESTION_TEXT_MAX);
            keep_text(check, &format!("{path}choices"), &mut text.choices, CHOICES_MAX * QUESTION_TEXT_MAX);
        }
    }
}
