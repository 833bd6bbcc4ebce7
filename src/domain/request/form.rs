//! The Request access form, and its checks against what the chosen policy asks. The browser runs them before it sends, the server again.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::expiration::{DAYS_MAX, Expiration};
use crate::domain::id::{Named, PackageId, PolicyId, QuestionId, UserId};
use crate::domain::policy::PolicyTerms;
use crate::domain::question::{Answer, AskedQuestion};
use crate::domain::text::JUSTIFICATION_MAX;
use crate::domain::typed_time;
use crate::domain::validate::{Checker, Code, FieldErrors};

/// An answer as typed or chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAnswer {
    /// To which question.
    pub question: QuestionId,
    /// What was typed, or the value that was chosen.
    pub value: String,
}

/// The Request access form, as typed (F031). What is left out has its plainest meaning: for oneself, under the one policy that applies, at
/// once, for as long as the policy gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitForm {
    /// For which package.
    pub package: PackageId,
    /// Under which policy, where one can choose (F074).
    #[serde(default)]
    pub policy: Option<PolicyId>,
    /// For whom; `None`: for oneself (F143).
    #[serde(default)]
    pub target: Option<UserId>,
    /// Answers to the policy's questions.
    #[serde(default)]
    pub answers: Vec<GivenAnswer>,
    /// Business justification.
    pub justification: String,
    /// RFC 3339 instant from which access is asked for; empty: at once (F080).
    #[serde(default)]
    pub asked_from: String,
    /// RFC 3339 instant until which; empty: as long as the policy gives it (F079).
    #[serde(default)]
    pub asked_until: String,
    /// The language in which the questions were shown.
    #[serde(default)]
    pub language: String,
}

/// What a policy asks of whoever requests under it, in their language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskTerms {
    /// The policy.
    pub policy: Named<PolicyId>,
    /// The number of its version in force.
    pub version: i64,
    /// Questions, in order.
    pub questions: Vec<AskedQuestion>,
    /// A justification is a must (F096).
    pub justification_required: bool,
    /// One's own dates can be asked for (F079).
    pub custom_schedule: bool,
    /// When access ends at the latest.
    pub expires: Expiration,
}

impl AskTerms {
    /// What these terms ask, for a reader of this language.
    pub fn of(policy: Named<PolicyId>, version: i64, terms: &PolicyTerms, language: &str) -> Self {
        Self {
            policy,
            version,
            questions: terms.questions.iter().map(|question| question.asked_in(language)).collect(),
            justification_required: terms.requestor.justification_required,
            custom_schedule: terms.lifecycle.custom_schedule,
            expires: terms.lifecycle.expires,
        }
    }
}

/// A form that fits its policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckedForm {
    /// Business justification, or empty.
    pub justification: String,
    /// Answers that were given, with the questions as they were asked.
    pub answers: Vec<Answer>,
    /// From when; `None`: at once.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when; `None`: as long as the policy gives it.
    pub ends_at: Option<DateTime<Utc>>,
}

impl SubmitForm {
    /// A form with nothing but a package and a justification.
    pub fn new(package: PackageId, justification: impl Into<String>) -> Self {
        Self {
            package,
            policy: None,
            target: None,
            answers: Vec::new(),
            justification: justification.into(),
            asked_from: String::new(),
            asked_until: String::new(),
            language: String::new(),
        }
    }

    /// What can be said of the form whatever the policy asks.
    pub fn check_words(&self) -> Result<(), FieldErrors> {
        let mut check = Checker::default();
        justification(&mut check, &self.justification, false);
        check.finish(())
    }

    /// The form against what the policy asks; `answers.N` is the fault of the policy's Nth question, counted from 0.
    pub fn check(&self, terms: &AskTerms, now: DateTime<Utc>) -> Result<CheckedForm, FieldErrors> {
        let mut check = Checker::default();
        let answers = self.check_answers(&mut check, terms);
        let justification = justification(&mut check, &self.justification, terms.justification_required);
        let (starts_at, ends_at) = self.check_period(&mut check, terms, now);
        check.finish(CheckedForm {
            justification,
            answers,
            starts_at,
            ends_at,
        })
    }

    fn check_answers(&self, check: &mut Checker, terms: &AskTerms) -> Vec<Answer> {
        let mut answers = Vec::new();
        for (at, question) in terms.questions.iter().enumerate() {
            let given = self.answers.iter().find(|given| given.question == question.id);
            let value = question.check(check, &format!("answers.{at}"), given.map_or("", |given| &given.value));
            if !value.is_empty() {
                answers.push(Answer {
                    question: question.id,
                    version: terms.version,
                    text: question.text.clone(),
                    value,
                    writes: question
                        .attribute
                        .as_ref()
                        .filter(|asked| asked.write)
                        .map(|asked| asked.attribute.clone()),
                });
            }
        }
        answers
    }

    fn check_period(&self, check: &mut Checker, terms: &AskTerms, now: DateTime<Utc>) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let from = instant(check, "asked_from", &self.asked_from);
        let until = instant(check, "asked_until", &self.asked_until);
        if !terms.custom_schedule {
            for (path, asked) in [("asked_from", from), ("asked_until", until)] {
                if asked.is_some() {
                    check.fail(path, Code::NotOffered);
                }
            }
            return (None, None);
        }
        let start = from.unwrap_or(now);
        let fixed = match terms.expires {
            Expiration::OnDate(date) => Some(date),
            _ => None,
        };
        if from.is_some_and(|from| from <= now) {
            check.fail("asked_from", Code::InThePast);
        } else if fixed.is_some_and(|date| start >= date) || start > now + Duration::days(DAYS_MAX) {
            check.fail("asked_from", Code::PastPolicy);
        }
        let latest = terms.expires.end(start).unwrap_or(start + Duration::days(DAYS_MAX));
        if let Some(until) = until {
            if until <= now {
                check.fail("asked_until", Code::InThePast);
            } else if until <= start {
                check.fail("asked_until", Code::BeforeStart);
            } else if until > latest {
                check.fail("asked_until", Code::PastPolicy);
            }
        }
        (from, until)
    }
}

/// The justification, checked.
pub fn justification(check: &mut Checker, text: &str, required: bool) -> String {
    if required {
        check.required_paragraph("justification", text, JUSTIFICATION_MAX)
    } else {
        check.paragraph("justification", text, JUSTIFICATION_MAX)
    }
}

/// An instant that may be left out.
fn instant(check: &mut Checker, path: &str, text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let read = typed_time::instant(text);
    if read.is_none() {
        check.fail(path, Code::NotADate);
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::question::QuestionKind;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().expect("an instant")
    }

    fn terms() -> AskTerms {
        AskTerms {
            policy: Named::new(PolicyId(Uuid::from_u128(1)), "Initial Policy"),
            version: 3,
            questions: Vec::new(),
            justification_required: false,
            custom_schedule: true,
            expires: Expiration::Days(30),
        }
    }

    fn form() -> SubmitForm {
        SubmitForm::new(PackageId(Uuid::from_u128(2)), "")
    }

    fn faults(form: &SubmitForm, terms: &AskTerms) -> Vec<(String, Code)> {
        let faults = form.check(terms, now()).err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.path, fault.code)).collect()
    }

    #[test]
    fn f096_a_justification_that_is_asked_for_is_not_left_out() {
        let mut terms = terms();
        assert_eq!(faults(&form(), &terms), []);
        terms.justification_required = true;
        assert_eq!(faults(&form(), &terms), [("justification".to_owned(), Code::Required)]);
        let mut given = form();
        given.justification = " For the campaign ".into();
        assert_eq!(given.check(&terms, now()).expect("checked").justification, "For the campaign");
    }

    #[test]
    fn f105_f106_each_question_complains_at_its_own_place_and_answers_keep_what_was_asked() {
        let question = |number: u128, required| AskedQuestion {
            id: QuestionId(Uuid::from_u128(number)),
            text: format!("Question {number}"),
            kind: QuestionKind::ShortText,
            choices: Vec::new(),
            required,
            pattern: String::new(),
            attribute: None,
        };
        let mut terms = terms();
        terms.questions = vec![question(1, true), question(2, false), question(3, true)];
        let mut form = form();
        form.answers = vec![GivenAnswer {
            question: terms.questions[2].id,
            value: "Milan".into(),
        }];
        assert_eq!(faults(&form, &terms), [("answers.0".to_owned(), Code::Required)]);
        form.answers.push(GivenAnswer {
            question: terms.questions[0].id,
            value: "Rome".into(),
        });
        // An answer to what is not asked is passed over.
        form.answers.push(GivenAnswer {
            question: QuestionId(Uuid::from_u128(9)),
            value: "x".into(),
        });
        let kept = form.check(&terms, now()).expect("checked").answers;
        let told: Vec<_> = kept
            .iter()
            .map(|kept| (kept.version, kept.text.as_str(), kept.value.as_str()))
            .collect();
        assert_eq!(told, [(3, "Question 1", "Rome"), (3, "Question 3", "Milan")]);
    }

    #[test]
    fn f079_f080_a_period_lies_within_the_policy() {
        let at = |terms: &AskTerms, from: &str, until: &str| {
            let mut form = form();
            (form.asked_from, form.asked_until) = (from.into(), until.into());
            faults(&form, terms).pop().map(|(path, code)| (path == "asked_from", code))
        };
        let terms = terms();
        assert_eq!(at(&terms, "2026-11-24T10:00:00Z", "2026-12-24T10:00:00Z"), None);
        assert_eq!(at(&terms, "", "2026-12-23T10:00:00Z"), None);
        assert_eq!(at(&terms, "", "2026-12-23T10:00:01Z"), Some((false, Code::PastPolicy)));
        assert_eq!(at(&terms, "2026-11-23T10:00:00Z", ""), Some((true, Code::InThePast)));
        assert_eq!(
            at(&terms, "2026-11-25T10:00:00Z", "2026-11-24T10:00:00Z"),
            Some((false, Code::BeforeStart))
        );
        assert_eq!(at(&terms, "", "2026-11-22T10:00:00Z"), Some((false, Code::InThePast)));
        assert_eq!(at(&terms, "tomorrow", ""), Some((true, Code::NotADate)));
        let fixed = AskTerms {
            expires: Expiration::OnDate("2026-12-01T00:00:00Z".parse().expect("an instant")),
            ..terms.clone()
        };
        assert_eq!(at(&fixed, "2026-12-01T00:00:00Z", ""), Some((true, Code::PastPolicy)));
        let none = AskTerms {
            custom_schedule: false,
            ..terms
        };
        assert_eq!(at(&none, "", "2026-11-25T10:00:00Z"), Some((false, Code::NotOffered)));
        assert_eq!(at(&none, "", ""), None);
    }
}
