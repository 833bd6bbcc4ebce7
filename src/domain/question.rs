//! Questions that a policy asks of requestors, and their answers, kept with the question as it was asked (F105 to F109).

use serde::{Deserialize, Serialize};

use super::custom_attribute::AttributeType;
use super::id::QuestionId;
use super::limit::Limit;
use super::pattern;
use super::text::string_enum;
use super::user_attribute::{AskedAttribute, UserAttribute};
use super::validate::{Checker, Code};

/// Questions of one policy at the most.
pub const QUESTIONS_MAX: usize = Limit::PolicyQuestions.bound();
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
    /// What is shown where no language fits; empty: the value itself.
    pub label: String,
    /// What is shown in other languages.
    pub localized: Vec<LocalizedText>,
}

impl Choice {
    /// What is shown where no language fits.
    pub fn shown(&self) -> &str {
        if self.label.is_empty() { &self.value } else { &self.label }
    }
}

/// A question. Its place in the policy's list is the order in which it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Stays the same from version to version; nil until the question is kept.
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
    /// Which property of the user it is written to on delivery (F054).
    #[serde(default)]
    pub writes: Option<UserAttribute>,
}

/// Checks a policy's questions, with `path` before each field's name.
pub fn check_questions(check: &mut Checker, path: &str, questions: &[Question]) {
    if questions.len() > QUESTIONS_MAX {
        check.fail(path, Code::TooMany(QUESTIONS_MAX));
    }
    for (at, question) in questions.iter().enumerate() {
        if !question.id.0.is_nil() && questions[..at].iter().any(|other| other.id == question.id) {
            check.fail(format!("{path}.{at}.id"), Code::Repeated);
        }
        question.check(check, &format!("{path}.{at}."));
    }
}

/// The language that a browser asks for before all others (RFC 9110, 12.5.4), such as `es-MX`; empty where it has no wish.
pub fn preferred_language(accept_language: &str) -> String {
    let mut best: Option<(f32, &str)> = None;
    for range in accept_language.split(',') {
        let mut parts = range.split(';');
        let language = parts.next().unwrap_or_default().trim();
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .and_then(|q| q.trim().parse().ok());
        let weight = weight.unwrap_or(1.0);
        if is_language(language) && weight > 0.0 && best.is_none_or(|(before, _)| weight > before) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language.to_owned()).unwrap_or_default()
}

fn is_language(tag: &str) -> bool {
    !tag.is_empty() && tag.len() <= 35 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The text for a reader of this language: in exactly it, else in what it is a kind of, else in another kind of the same; else as it
/// stands without a language (F107).
pub fn text_for<'a>(language: &str, text: &'a str, localized: &'a [LocalizedText]) -> &'a str {
    let language = language.trim().to_ascii_lowercase();
    let tag = |text: &LocalizedText| text.language.trim().to_ascii_lowercase();
    let mut range = language.as_str();
    while !range.is_empty() {
        if let Some(found) = localized.iter().find(|text| tag(text) == range) {
            return &found.text;
        }
        range = range.rsplit_once('-').map_or("", |(shorter, _)| shorter);
    }
    let kind = language.split('-').next().unwrap_or_default();
    let other = localized
        .iter()
        .find(|text| !kind.is_empty() && tag(text).split('-').next() == Some(kind));
    other.map_or(text, |other| &other.text)
}

/// A question as one person is asked it, in their language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedQuestion {
    /// Which.
    pub id: QuestionId,
    /// Its text.
    pub text: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The values of a multiple choice: what is kept, and what is shown.
    pub choices: Vec<(String, String)>,
    /// Must be answered.
    pub required: bool,
    /// What a text answer must match, or empty.
    pub pattern: String,
    /// It is about an attribute that a resource asks for (F054).
    pub attribute: Option<AskedAttribute>,
}

/// An answer to a question with a pattern: what the server is asked to match, since the browser carries no engine for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatternedAnswer {
    /// To which question.
    pub question: QuestionId,
    /// What it must match.
    pub pattern: String,
    /// As typed.
    pub value: String,
}

/// The answers that have a pattern to match, as they are typed so far; what is empty is a matter of whether it is required.
pub fn patterned(questions: &[AskedQuestion], value_of: impl Fn(QuestionId) -> String) -> Vec<PatternedAnswer> {
    let answer = |question: &AskedQuestion| PatternedAnswer {
        question: question.id,
        pattern: question.pattern.clone(),
        value: value_of(question.id),
    };
    let asked = questions.iter().filter(|question| !question.pattern.is_empty());
    asked.map(answer).filter(|answer| !answer.value.trim().is_empty()).collect()
}

/// Which of these answers do not match. What is longer than a pattern or an answer can be is left to the checks of those.
pub fn unmatched(answers: &[PatternedAnswer]) -> Vec<QuestionId> {
    let short =
        |answer: &&PatternedAnswer| answer.pattern.chars().count() <= PATTERN_MAX && answer.value.chars().count() <= ANSWER_TEXT_MAX;
    let misses = |answer: &&PatternedAnswer| !pattern::fits(&answer.pattern, answer.value.replace("\r\n", "\n").trim());
    let looked_at = answers.iter().take(QUESTIONS_MAX).filter(short);
    looked_at.filter(misses).map(|answer| answer.question).collect()
}

/// The longest answer, in characters: a line, and several lines.
pub const ANSWER_LINE_MAX: usize = 500;
/// See `ANSWER_LINE_MAX`.
pub const ANSWER_TEXT_MAX: usize = 4_000;

impl AskedQuestion {
    /// The answer, checked; empty where none is given and none is required.
    pub fn check(&self, check: &mut Checker, path: &str, value: &str) -> String {
        if let Some(attribute) = self.attribute.as_ref().filter(|attribute| attribute.fixed) {
            return attribute.known.clone();
        }
        if value.trim().is_empty() {
            if self.required {
                check.fail(path, Code::Required);
            }
            return String::new();
        }
        let value = match self.kind {
            QuestionKind::ShortText => {
                let (kind, max) = self
                    .attribute
                    .as_ref()
                    .map_or((AttributeType::Text, ANSWER_LINE_MAX), |asked| (asked.kind, asked.attribute.max()));
                kind.check(check, path, value, max)
            }
            QuestionKind::LongText => check.paragraph(path, value, ANSWER_TEXT_MAX),
            QuestionKind::MultipleChoice => {
                let value = value.trim();
                if !self.choices.iter().any(|(kept, _)| kept == value) {
                    check.fail(path, Code::NotOffered);
                }
                return value.to_owned();
            }
        };
        if !value.is_empty() && !pattern::fits(&self.pattern, &value) {
            check.fail(path, Code::Pattern);
        }
        value
    }
}

impl Question {
    /// The question as a reader of this language is asked it.
    pub fn asked_in(&self, language: &str) -> AskedQuestion {
        let choice = |choice: &Choice| {
            let shown = text_for(language, choice.shown(), &choice.localized);
            (choice.value.trim().to_owned(), shown.to_owned())
        };
        AskedQuestion {
            id: self.id,
            text: text_for(language, &self.text, &self.localized).to_owned(),
            kind: self.kind,
            choices: self.choices.iter().map(choice).collect(),
            required: self.required,
            pattern: if self.kind == QuestionKind::MultipleChoice {
                String::new()
            } else {
                self.pattern.trim().to_owned()
            },
            attribute: None,
        }
    }

    fn check(&self, check: &mut Checker, path: &str) {
        check.line(&format!("{path}text"), &self.text, QUESTION_TEXT_MAX);
        check_localized(check, path, &self.localized);
        if self.kind != QuestionKind::MultipleChoice {
            let wanted = check.optional_line(&format!("{path}pattern"), &self.pattern, PATTERN_MAX);
            if !pattern::is_usable(&wanted) {
                check.fail(format!("{path}pattern"), Code::NotAPattern);
            }
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
            check.optional_line(&format!("{path}label"), &choice.label, QUESTION_TEXT_MAX);
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
        if !is_language(language) {
            check.fail(
                format!("{path}language"),
                if language.is_empty() { Code::Required } else { Code::NotOffered },
            );
        } else if texts[..at].iter().any(|other| other.language.trim().eq_ignore_ascii_case(language)) {
            check.fail(format!("{path}language"), Code::Repeated);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f107_the_first_wish_of_the_browser_counts() {
        for (header, language) in [
            ("es-MX,es;q=0.9,en;q=0.8", "es-MX"),
            ("en;q=0.5, de-CH ;q=0.9", "de-CH"),
            ("*, fr;q=0", ""),
            ("", ""),
            ("\"><script>", ""),
        ] {
            assert_eq!(preferred_language(header), language, "{header}");
        }
    }

    #[test]
    fn f107_a_text_is_found_for_a_language_or_stands_as_it_was_written() {
        let localized = [("es", "Motivo"), ("pt-BR", "Motivo da compra")].map(|(language, text)| LocalizedText {
            language: language.into(),
            text: text.into(),
        });
        let text = |language| text_for(language, "Reason", &localized);
        assert_eq!(text("es-MX"), "Motivo");
        assert_eq!(text("ES"), "Motivo");
        assert_eq!(text("pt-PT"), "Motivo da compra", "the nearest there is");
        for other in ["en-US", "de", ""] {
            assert_eq!(text(other), "Reason", "{other}");
        }
    }

    fn answer(question: &Question, value: &str) -> Result<String, Code> {
        let mut check = Checker::default();
        let kept = question.asked_in("").check(&mut check, "answers.0", value);
        check.finish(kept).map_err(|mut faults| faults.remove(0).code)
    }

    #[test]
    fn f105_a_required_answer_is_not_left_out() {
        let mut question = Question {
            required: true,
            ..Question::default()
        };
        assert_eq!(answer(&question, "  "), Err(Code::Required));
        assert_eq!(answer(&question, " Milan "), Ok("Milan".into()));
        assert_eq!(answer(&question, "a\nb"), Err(Code::Unprintable));
        question.kind = QuestionKind::LongText;
        assert_eq!(answer(&question, "a\nb"), Ok("a\nb".into()));
        question.required = false;
        assert_eq!(answer(&question, ""), Ok(String::new()));
    }

    #[test]
    fn f106_only_a_value_that_is_offered_is_taken() {
        let question = Question {
            kind: QuestionKind::MultipleChoice,
            choices: ["North", "South"]
                .map(|value| Choice {
                    value: value.into(),
                    label: String::new(),
                    localized: vec![LocalizedText {
                        language: "es".into(),
                        text: format!("{value} en español"),
                    }],
                })
                .into(),
            ..Question::default()
        };
        assert_eq!(answer(&question, "South"), Ok("South".into()));
        for not in ["West", "south", "South en español"] {
            assert_eq!(answer(&question, not), Err(Code::NotOffered), "{not}");
        }
        assert_eq!(question.asked_in("es-ES").choices[1].1, "South en español");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn f108_an_answer_that_does_not_match_is_refused() {
        let question = Question {
            pattern: "[0-9]{4}".into(),
            ..Question::default()
        };
        assert_eq!(answer(&question, "1234"), Ok("1234".into()));
        assert_eq!(answer(&question, "12a4"), Err(Code::Pattern));
        let two = [question.asked_in(""), Question::default().asked_in("")];
        let typed = |value: &'static str| patterned(&two, move |_| value.to_owned());
        assert_eq!((typed("12a4").len(), typed("  ").len()), (1, 0));
        assert_eq!((unmatched(&typed("12a4")).len(), unmatched(&typed(" 1234 ")).len()), (1, 0));
        let mut check = Checker::default();
        let bad = Question {
            id: QuestionId(uuid::Uuid::from_u128(1)),
            text: "Cost centre".into(),
            pattern: "[".into(),
            ..Question::default()
        };
        check_questions(&mut check, "questions", &[bad]);
        let faults: Vec<_> = check.into_errors().into_iter().map(|fault| (fault.path, fault.code)).collect();
        assert_eq!(faults, [("questions.0.pattern".to_owned(), Code::NotAPattern)]);
    }
}
