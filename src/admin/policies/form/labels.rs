//! What the fields of a policy's form are called in the sentence about a fault, by their paths. Plain functions.

use crate::domain::message;
use crate::domain::object::SubjectItem;
use crate::domain::validate::{Code, FieldError};

/// The parts of a path such as `requests.stages.1.days`.
fn parts(path: &str) -> Vec<&str> {
    path.split('.').collect()
}

/// Which stage or question a path is about, in words: `Stage 2`.
pub fn place(path: &str) -> Option<String> {
    let number = |at: &str| at.parse::<usize>().ok().map(|at| at + 1);
    match parts(path).as_slice() {
        ["requests", "stages", at, ..] => number(at).map(|number| format!("Stage {number}")),
        ["requests", "questions", at, ..] => number(at).map(|number| format!("Question {number}")),
        _ => None,
    }
}

/// What a field is called, as its sentence begins.
fn label(path: &str) -> &'static str {
    match parts(path).as_slice() {
        ["name"] => "Name",
        ["description"] => "Description",
        ["requests", "audience"] => "A choice of who can request access",
        ["requests", "scope"] => "A choice of which users can request access",
        ["requests", "subjects"] => "At least one user or group",
        ["requests", "stage_count"] => "At least one stage",
        ["requests", "stages", _, "approvers"] => "At least one approver",
        ["requests", "stages", _, "alternates"] => "At least one alternate approver",
        ["requests", "stages", _, "fallbacks" | "alternate_fallbacks"] => "At least one fallback approver",
        ["requests", "stages", _, "days" | "forward_days"] => "A number of days",
        ["requests", "stages", _, "mode"] => "A number of approvers",
        ["requests", "stages", _, "answered"] => "The question",
        ["requests", "stages", _, "answer"] => "The answer",
        ["requests", "questions", _, "text"] => "Question text",
        ["requests", "questions", _, "choices"] => "At least one answer value",
        ["requests", "questions", _, "localized", _, "language"] => "Language code",
        ["requests", "questions", _, "localized", _, "text"] => "Localized question text",
        ["lifecycle", "days" | "hours"] => "Assignments expire after",
        ["lifecycle", "date"] => "Expiration date",
        _ => "This",
    }
}

/// A fault in words; `named` are those whom the form names.
pub fn text(error: &FieldError, named: &[SubjectItem]) -> String {
    let parts = parts(&error.path);
    match (parts.as_slice(), &error.code) {
        (["requests", "extensions_only"], _) => {
            "Allow users to extend access, and require approval to grant it, under Expiration. Otherwise the stages decide on nothing."
                .into()
        }
        (["lifecycle", "date"], Code::OutOfRange(_, days)) => format!("Choose a date within the next {days} days."),
        (["requests", "stages", _, "approvers"], Code::Repeated) => {
            "The manager, or the sponsors, can approve in one stage only. Choose someone else in one of the two.".into()
        }
        (["requests", "stages", _, "days"], Code::OutOfRange(from, to)) if *from > 1 => {
            format!("Enter a number from {from} to {to}: forwarding to alternate approvers needs at least {from} days.")
        }
        (["requests", "stages", _, "forward_days"], Code::OutOfRange(from, to)) => {
            format!("Enter a number from {from} to {to}: less than the days in which a decision must be made.")
        }
        (["requests", "questions", _, "localized", _, "language"], Code::NotOffered) => "Enter a language code such as es or pt-BR.".into(),
        (
            ["requests", "subjects"]
            | [
                "requests",
                "stages",
                _,
                "approvers" | "fallbacks" | "alternates" | "alternate_fallbacks",
            ],
            Code::Gone,
        ) => {
            let gone: Vec<&str> = named.iter().filter(|item| item.deleted).map(|item| item.name.as_str()).collect();
            let gone = if gone.is_empty() {
                "A user or group".to_owned()
            } else {
                gone.join(", ")
            };
            message::text(&error.code, &gone)
        }
        _ => message::text(&error.code, label(&error.path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f094_f100_faults_name_what_they_are_about() {
        let say = |path: &str, code: Code| text(&FieldError::new(path, code), &[]);
        assert_eq!(
            say("requests.stages.0.fallbacks", Code::Required),
            "At least one fallback approver is required."
        );
        assert!(say("requests.stages.1.forward_days", Code::OutOfRange(1, 13)).contains("less than the days"));
        assert!(say("requests.stages.1.days", Code::OutOfRange(4, 14)).contains("needs at least 4 days"));
        assert_eq!(say("requests.questions.2.text", Code::Required), "Question text is required.");
        assert_eq!(say("requests.subjects", Code::Required), "At least one user or group is required.");
        assert_eq!(
            say("lifecycle.date", Code::OutOfRange(1, 3_660)),
            "Choose a date within the next 3660 days."
        );
        assert!(say("requests.subjects", Code::Gone).starts_with("A user or group is no longer there."));
    }

    #[test]
    fn f022_a_fault_away_from_its_field_says_which_stage_or_question() {
        assert_eq!(place("requests.stages.1.days").as_deref(), Some("Stage 2"));
        assert_eq!(place("requests.questions.0.localized.0.text").as_deref(), Some("Question 1"));
        assert_eq!(place("requests.subjects"), None);
    }
}
