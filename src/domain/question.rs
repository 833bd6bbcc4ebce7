//! Questions that a policy asks of requestors, and their answers, kept with the question as it was asked (F105 to F109).

use serde::{Deserialize, Serialize};

use super::id::QuestionId;
use super::text::string_enum;
use super::validate::{Checker, Code};

/// Questions of one policy at the most.
pub const QUESTIONS_MAX: usize = 40;
/// Values of a multiple choice question at the most.
pub const CHOICES_MAX: usize = 50;
/// The longest question or choice, in characters.
pub const QUESTION_TEXT_MAX: usize = 500;
/// The longest pattern, in characters.
pub const PATTERN_MAX: usize = 500;

string_enum! {
    /// How a question is answered.
    QuestionKind {
        /// One line.
        ShortText = "short_text",
        /// Several lines.
        LongText = "long_text",
        /// One of some values.
        MultipleChoice = "multiple_choice",
    }
}

/// A text in another language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LocalizedText {
    /// The language, such as `es` or `pt-BR` (BCP 47).
    pub language: String,
    /// The text in it.
    pub text: String,
}

/// One value of a multiple choice question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown in other languages.
    pub localized: Vec<LocalizedText>,
}

/// A question. Its place in the policy's list is the order in which it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Stays the same from version to version.
    pub id: QuestionId,
    /// As asked where no language fits.
    pub text: String,
    /// In other languages.
    pub localized: Vec<LocalizedText>,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The values of a multiple choice.
    pub choices: Vec<Choice>,
    /// Must be answered.
    pub required: bool,
    /// A regular expression that a text answer must match, or empty.
    pub pattern: String,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            id: QuestionId(uuid::Uuid::nil()),
            text: String::new(),
            localized: Vec::new(),
            kind: QuestionKind::ShortText,
            choices: Vec::new(),
            required: false,
            pattern: String::new(),
        }
    }
}

/// An answer, with the question as it stood when it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// To which question.
    pub question: QuestionId,
    /// The number of the policy's version that asked it.
    pub version: i64,
    /// As it was asked.
    pub text: String,
    /// The answer.
    pub value: String,
}

/// Checks a policy's questions, with `path` before each field's name.
pub fn check_questions(check: &mut Checker, path: &str, questions: &[Question]) {
    if questions.len() > QUESTIONS_MAX {
        check.fail(path, Code::TooMany(QUESTIONS_MAX));
    }
    for (at, question) in questions.iter().enumerate() {
        if questions[..at].iter().any(|other| other.id == question.id) {
            check.fail(format!("{path}.{at}.id"), Code::Repeated);
        }
        question.check(check, &format!("{path}.{at}."));
    }
}

impl Question {
    fn check(&self, check: &mut Checker, path: &str) {
        check.line(&format!("{path}text"), &self.text, QUESTION_TEXT_MAX);
        check_localized(check, path, &self.localized);
        if self.kind != QuestionKind::MultipleChoice {
            check.optional_line(&format!("{path}pattern"), &self.pattern, PATTERN_MAX);
            return;
        }
        match self.choices.len() {
            0 => check.fail(format!("{path}choices"), Code::Required),
            count if count > CHOICES_MAX => check.fail(format!("{path}choices"), Code::TooMany(CHOICES_MAX)),
            _ => {}
        }
        for (at, choice) in self.choices.iter().enumerate() {
            let path = format!("{path}choices.{at}.");
            check.line(&format!("{path}value"), &choice.value, QUESTION_TEXT_MAX);
            if self.choices[..at].iter().any(|other| other.value.trim() == choice.value.trim()) {
                check.fail(format!("{path}value"), Code::Repeated);
            }
            check_localized(check, &path, &choice.localized);
        }
    }
}

fn check_localized(check: &mut Checker, path: &str, texts: &[LocalizedText]) {
    for (at, text) in texts.iter().enumerate() {
        let path = format!("{path}localized.{at}.");
        check.line(&format!("{path}text"), &text.text, QUESTION_TEXT_MAX);
        let language = text.language.trim();
        let fits = !language.is_empty() && language.len() <= 35 && language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !fits {
            check.fail(
                format!("{path}language"),
                if language.is_empty() { Code::Required } else { Code::NotOffered },
            );
        } else if texts[..at].iter().any(|other| other.language.trim().eq_ignore_ascii_case(language)) {
            check.fail(format!("{path}language"), Code::Repeated);
        }
    }
}
